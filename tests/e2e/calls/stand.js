// A small market for calls to be tried on: two providers with a server each, a developer and a stranger. Whatever is
// sent says what it must do with everybody's dollars; nothing else may happen to them in its block.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { USDC_ID, usd, usdc, USDC } from '../lib/amounts.js';
import { Market } from '../lib/market.js';
import { Node } from '../lib/node.js';
import { plain } from '../lib/plain.js';
import { Prover } from '../lib/prover.js';
import { cid, planHash, Stage } from '../lib/stage.js';
import { attributes, mask } from '../lib/units.js';

const QUIET = { chapter() {}, step() {}, check() {} };
const DURATION = 20; // epochs that all units are committed for
const NOTHING = { free: 0n, held: 0n };

export const APPLICATION = 'thumbnails'; // what the developer runs
export const AVX2 = 16; // an attribute that the chain knows from the start
export const CHEAP = usdc(1); // what North asks
export const LIMIT = usdc('1.5'); // what the developer pays at most
export const DEAR = usdc(3); // what South asks

export class Stand extends Stage {
	#tally = {}; // what everybody's dollars must have changed by since genesis

	/** A chain of its own, with everybody on it. */
	static async open(directory) {
		const node = await Node.start({ directory });
		const market = await Market.connect(node.url);
		const prover = new Prover(join(node.base, 'proofs'));
		const stand = new Stand({ market, prover, screen: QUIET });
		stand.node = node;
		await stand.prepare();
		stand.opening = await stand.#dollars(0);
		return stand;
	}

	async close() {
		await this.market.disconnect();
		await this.node.stop();
	}

	// --- calls ---------------------------------------------------------------------------------------

	/**
	 * Sends a call and compares what becomes of dollars in its block: `{ eve: { free: -3n, held: 3n } }`, and nothing of
	 * all others. `moves` may be a function of the receipt.
	 */
	async act(who, call, moves) {
		const [receipt] = await this.actAll([[who, call]], moves);
		return receipt;
	}

	/** The same of several calls. */
	async actAll(calls, moves = {}) {
		const receipts = await this.market.sendAll(calls.map(([who, call]) => [who, this.#copy(call)]));
		const blocks = receipts.map(({ block }) => block);
		const [before, after] = await Promise.all([
			this.#dollars(Math.min(...blocks) - 1),
			this.#dollars(Math.max(...blocks)),
		]);
		const due = typeof moves === 'function' ? moves(...receipts) : moves;
		assert.deepEqual(changes(before, after), sum(due), 'what moves');
		this.#tally = sum(this.#tally, due);
		return receipts;
	}

	async refuse(who, call, error) {
		assert.equal(await this.market.refused(who, this.#copy(call)), error);
	}

	/** A call that is sent twice at a time is signed twice: not the same object. */
	#copy(call) {
		return this.market.api.tx(call.method);
	}

	/** The deposits that an account has on hold, in FLT. */
	async deposits({ address }) {
		return plain((await this.market.api.query.system.account(address)).data.reserved);
	}

	/** Governance does it. */
	async govern(...calls) {
		const { alice } = this.people;
		return this.market.sendAll(calls.map((call) => [alice, this.tx.sudo.sudo(call)]));
	}

	/** What a transaction cost its sender. */
	fee({ events }) {
		const paid = events.find(({ name }) => name === 'transactionPayment.TransactionFeePaid');
		return paid?.data.actualFee ?? 0n;
	}

	/** The epoch in which a call was executed. */
	epochOf({ block }) {
		return this.market.epoch(block);
	}

	// --- dollars -------------------------------------------------------------------------------------

	/** Everybody's dollars after a block. */
	async #dollars(block) {
		const { api } = this.market;
		const at = await api.at(await api.rpc.chain.getBlockHash(block));
		const [free, held] = await Promise.all([
			at.query.assets.account.entries(USDC_ID),
			at.query.assetsHolder.balancesOnHold.entries(USDC_ID),
		]);
		const of = (entries, amount) =>
			Object.fromEntries(
				entries.map(([{ args }, value]) => [this.#nameOf(args[1].toString()), amount(plain(value))]),
			);
		return { free: of(free, ({ balance }) => balance), held: of(held, (amount) => amount) };
	}

	#nameOf(address) {
		return this.byAddress.get(address) ?? address;
	}

	/** Everybody's dollars now, what they must have changed by since genesis, and all there are. */
	async account() {
		const now = await this.#dollars(this.market.block);
		const { supply } = await this.market.read('assets', 'asset', USDC_ID);
		return { now, supply, changed: changes(this.opening, now), expected: this.#tally };
	}

	// --- supply --------------------------------------------------------------------------------------

	/** Two providers, each with a server: it operates that itself. */
	async supply() {
		const { alice, bob, charlie } = this.people;
		const { providers, oracle } = this.tx;
		const receipts = await this.market.sendAll([
			[alice, oracle.feedValues([['FltUsd', usd(2)]])],
			...[bob, charlie].map((who) => [who, providers.registerProvider(who.name)]),
			[bob, providers.registerDataCenter('NO', 'Oslo', 3)],
			[charlie, providers.registerDataCenter('GR', 'Athens', 3)],
		]);
		this.ledger.setPrice(usd(2));
		[bob.site, charlie.site] = receipts
			.slice(3)
			.map(({ event }) => event('providers.DataCenterRegistered').dataCenter);
		[this.north, this.south] = await Promise.all([
			this.addServer('north', bob, bob, 2, [AVX2]),
			this.addServer('south', charlie, charlie, 1, []),
		]);
		this.servers = [this.north, this.south];
		await Promise.all(this.servers.map((server) => this.commit(server)));
		this.inTime(this.market.block, 1, 'the stake');
	}

	async commit({ id, units, provider }) {
		const { capacity } = this.tx;
		const receipt = await this.market.send(provider, capacity.commit(id, mask(units), DURATION, 0, 0));
		const { commitment, needed } = receipt.event('capacity.Committed');
		await this.market.send(provider, capacity.delegate(commitment, needed));
	}

	ask({ id, units }, price) {
		return this.tx.providers.setAsk(id, mask(units), USDC, price, 1, 100, attributes(), null);
	}

	/** Sets the ask of a server. */
	async offer(server, price) {
		const receipt = await this.market.send(server.provider, this.ask(server, price));
		server.ask = receipt.event('providers.AskSet').askId;
		return receipt;
	}

	/** All units prove that they are there, so that they can be sold. */
	async prove(epoch) {
		await this.market.atEpoch(epoch);
		await Promise.all(this.servers.map((server) => this.report(server, epoch, { proves: server.units })));
	}

	// --- demand --------------------------------------------------------------------------------------

	/** The call that posts an offer. */
	wish(application, { price, units, term, placement = {}, expiry = this.market.epoch() + 10 }) {
		return this.tx.offers.postOffer(
			cid(application),
			USDC,
			price,
			{ min: units, target: units },
			term,
			{ providers: 'Any', ...placement },
			attributes(),
			expiry,
			planHash(application),
			null,
		);
	}
}

/** Who has how much more or less. */
function changes(before, after) {
	const names = Object.keys({ ...before.free, ...before.held, ...after.free, ...after.held });
	const change = (name, part) => (after[part][name] ?? 0n) - (before[part][name] ?? 0n);
	return sum(
		...names.map((name) => ({ [name]: { free: change(name, 'free'), held: change(name, 'held') } })),
	);
}

/** All changes together, of those who have any. */
function sum(...all) {
	const total = {};
	for (const [name, { free = 0n, held = 0n }] of all.flatMap(Object.entries)) {
		const before = total[name] ?? NOTHING;
		total[name] = { free: before.free + free, held: before.held + held };
	}
	return Object.fromEntries(
		Object.entries(total).filter(([, { free, held }]) => free !== 0n || held !== 0n),
	);
}
