// A thin client of the chain: transactions that wait until they are in a block and say why they failed,
// events by name, and the clock of the market. Nothing here that polkadot-js does not do for anybody.

import { ApiPromise, WsProvider } from '@polkadot/api';
import { plain } from './plain.js';

/** What transactions pass on this chain and sign nothing for; named so that polkadot-js does not wonder. */
const OWN_EXTENSIONS = ['AuthorizeCall', 'LimitChecks', 'WeightReclaim'];
const NOTHING_SIGNED = { extrinsic: {}, payload: {} };

/** Milliseconds in which a transaction must get into a block: forty blocks of a development chain. */
const PATIENCE = 2 * 60 * 1000;

/** A transaction that is in a block and failed there. `name` is e.g. `capacity.AlreadyAnswered`. */
export class Refused extends Error {
	constructor(call, name, docs) {
		super(`${call} was refused: ${name}${docs ? ` (${docs})` : ''}`);
		this.name = name;
	}
}

/** polkadot-js on this chain. */
export function connectApi(url) {
	const provider = new WsProvider(url);
	const signedExtensions = Object.fromEntries(OWN_EXTENSIONS.map((name) => [name, NOTHING_SIGNED]));
	return ApiPromise.create({ provider, signedExtensions, noInitWarn: true });
}

export class Market {
	static async connect(url) {
		const market = new Market(await connectApi(url));
		await market.#follow();
		return market;
	}

	#unsubscribe = () => {};
	#nonces = new Map();
	#waiting = new Set();

	/** Transactions fail that are in no block after `patience` milliseconds. */
	constructor(api, { patience = PATIENCE } = {}) {
		this.api = api;
		this.patience = patience;
		/** All events so far: `{ block, name: 'deals.DealOpened', data: { deal, … } }`. */
		this.events = [];
		/** The last block whose events are in `events`. */
		this.block = 0;
		/** Told of every fee: `(address, amount)`. */
		this.onFee = () => {};
	}

	async disconnect() {
		this.#unsubscribe();
		await this.api.disconnect();
	}

	// --- blocks, events, time ---------------------------------------------------------------------

	async #follow() {
		this.genesis = this.api.genesisHash.toHex();
		this.epochLength = plain(await this.api.call.marketApi.epoch()).length;
		let reading = Promise.resolve();
		this.#unsubscribe = await this.api.rpc.chain.subscribeNewHeads((head) => {
			reading = reading
				.then(() => this.#read(head.number.toNumber()))
				.catch((error) => this.#fail(error));
		});
	}

	async #read(head) {
		while (this.block < head) {
			const block = this.block + 1;
			const at = await this.api.at(await this.api.rpc.chain.getBlockHash(block));
			for (const { event } of await at.query.system.events()) this.events.push(readEvent(block, event));
			this.block = block;
		}
		for (const waiter of this.#waiting) waiter.look();
	}

	#fail(error) {
		for (const waiter of this.#waiting) waiter.reject(error);
	}

	/**
	 * Resolves with the first value of `look()` that is something; asks again at every block. With `before` it
	 * fails once that block is there; `what` says what was waited for.
	 */
	until(look, { before = Infinity, what = 'something' } = {}) {
		return new Promise((resolve, reject) => {
			const end = (settle) => (value) => {
				this.#waiting.delete(waiter);
				settle(value);
			};
			const waiter = {
				reject: end(reject),
				look: async () => {
					try {
						const value = await look();
						if (value !== undefined && value !== null && value !== false) end(resolve)(value);
						else if (this.block >= before)
							throw new Error(`block ${before} is there, but not ${what}`);
					} catch (error) {
						waiter.reject(error);
					}
				},
			};
			this.#waiting.add(waiter);
			waiter.look();
		});
	}

	/** The first event of that name which satisfies `test`, past or to come. */
	event(name, test = () => true, { before } = {}) {
		const look = () => this.events.find((event) => event.name === name && test(event.data));
		return this.until(look, { before, what: name });
	}

	/** All events of that name so far. */
	eventsOf(name) {
		return this.events.filter((event) => event.name === name);
	}

	/** The epoch of a block; the last one unless another is named. */
	epoch(block = this.block) {
		return block < 1 ? 1 : 1 + Math.floor((block - 1) / this.epochLength);
	}

	/** The first block of an epoch. */
	firstBlock(epoch) {
		return 1 + (epoch - 1) * this.epochLength;
	}

	/** Waits until the block is there. */
	atBlock(block) {
		return this.until(() => this.block >= block);
	}

	/** Waits for the first block of an epoch. */
	atEpoch(epoch) {
		return this.atBlock(this.firstBlock(epoch));
	}

	// --- transactions -----------------------------------------------------------------------------

	async #nonce(address) {
		if (!this.#nonces.has(address)) {
			this.#nonces.set(
				address,
				this.api.rpc.system.accountNextIndex(address).then((next) => next.toNumber()),
			);
		}
		const nonce = this.#nonces.get(address);
		this.#nonces.set(
			address,
			nonce.then((next) => next + 1),
		);
		return nonce;
	}

	/** Sends a call and waits until it is in a block. Returns its events; throws `Refused`. */
	async send(who, call) {
		const name = `${call.method.section}.${call.method.method}`;
		const result = await this.#include(who, call, name);
		const block = result.blockNumber.toNumber();
		const events = result.events.map(({ event }) => readEvent(block, event));
		for (const { name: event, data } of events) {
			if (event === 'transactionPayment.TransactionFeePaid') this.onFee(data.who, data.actualFee);
		}
		if (result.dispatchError) throw this.#refusal(name, result.dispatchError);
		return {
			block,
			events,
			/** The data of the event of that name, which must be there. */
			event: (wanted) => {
				const found = events.find((event) => event.name === wanted);
				if (!found)
					throw new Error(`${name} emitted no ${wanted}: ${events.map((event) => event.name)}`);
				return found.data;
			},
		};
	}

	/** Resolves with the status of a transaction once it is in a block. */
	async #include(who, call, name) {
		const nonce = await this.#nonce(who.address);
		let timer;
		try {
			return await new Promise((resolve, reject) => {
				const fail = (why) => reject(new Error(`${name} by ${who.name} ${why}`));
				const seconds = this.patience / 1000;
				const late = () => fail(`is in no block after ${seconds} s: the last is ${this.block}`);
				timer = setTimeout(late, this.patience);
				const look = (status) => {
					if (status.isInBlock) resolve(status);
					else if (status.isError) fail(`was dropped: ${status.status.type}`);
				};
				const refused = (error) => fail(`failed: ${error.message}`);
				call.signAndSend(who.pair, { nonce }, look).catch(refused);
			});
		} catch (error) {
			this.#nonces.delete(who.address);
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}

	/** Sends several calls at the same time, those of one account in order: `[[who, call], …]`. */
	sendAll(calls) {
		return Promise.all(calls.map(([who, call]) => this.send(who, call)));
	}

	/** Sends a call that must fail, and returns why: `capacity.AlreadyAnswered`. */
	async refused(who, call) {
		try {
			await this.send(who, call);
		} catch (error) {
			if (error instanceof Refused) return error.name;
			throw error;
		}
		return 'nothing';
	}

	#refusal(call, error) {
		if (!error.isModule) return new Refused(call, error.toString());
		const { section, name, docs } = this.api.registry.findMetaError(error.asModule);
		return new Refused(call, `${section}.${name}`, docs.join(' ').trim());
	}

	// --- what the chain says ----------------------------------------------------------------------

	/** Asks the market's runtime API: `ask('deal', 0)`. */
	async ask(method, ...parameters) {
		return plain(await this.api.call.marketApi[method](...parameters));
	}

	/** Reads a storage item: `read('capacity', 'parameters')`. */
	async read(pallet, item, ...keys) {
		return plain(await this.api.query[pallet][item](...keys));
	}

	/** All FLT of an account, whatever holds it. */
	async flt(address) {
		const { free, reserved } = plain((await this.api.query.system.account(address)).data);
		return free + reserved;
	}

	/** What an account has of an asset: at its disposal, and on hold. */
	async asset(id, address) {
		const account = await this.read('assets', 'account', id, address);
		const held = await this.read('assetsHolder', 'balancesOnHold', id, address);
		return { free: account?.balance ?? 0n, held: held ?? 0n };
	}
}

function readEvent(block, event) {
	const names = event.data.names ?? [];
	const values = [...event.data].map(plain);
	const data = Object.fromEntries(values.map((value, index) => [names[index] ?? index, value]));
	return { block, name: `${event.section}.${event.method}`, data };
}
