// A small market for calls to be tried on: two providers with a server each, a third with two that it lets its developer
// down with, a developer and a stranger. Whatever is sent says what it must do with everybody's dollars; nothing else may
// happen to them in its block. Of what moves stake the same is asked of FLT.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { encodeAddress } from '@polkadot/util-crypto';
import { u8aConcat } from '@polkadot/util';
import { flt, USDC_ID, usd, usdc, USDC } from '../lib/amounts.js';
import { Market } from '../lib/market.js';
import { Node } from '../lib/node.js';
import { plain } from '../lib/plain.js';
import { Prover } from '../lib/prover.js';
import { cid, planHash, Stage } from '../lib/stage.js';
import { attributes, mask } from '../lib/units.js';

const QUIET = { chapter() {}, step() {}, check() {} };
const DURATION = 20; // epochs that all units are committed for
const NOTHING = { free: 0n, held: 0n };
const TREASURY = u8aConcat('modl', 'mkt/trsy', new Uint8Array(20));
const SITES = { bob: ['NO', 'Oslo', 3], charlie: ['GR', 'Athens', 3], dave: ['PT', 'Faro', 3] };

export const APPLICATION = 'thumbnails'; // what the developer runs
export const AVX2 = 16; // an attribute that the chain knows from the start
export const CHEAP = usdc(1); // what North asks
export const LIMIT = usdc('1.5'); // what the developer pays at most
export const DEAR = usdc(3); // what South asks
export const WESTERN = usdc('1.234'); // what West asks
export const EASTERN = usdc('1.3'); // what East asks
export const PRICE = usd('2.3'); // of an FLT, when units are committed
export const DELEGATED = flt(40); // of the stake behind West

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
		stand.byAddress.set(encodeAddress(TREASURY, market.api.registry.chainSS58), 'treasury');
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
		const [first, last] = span(receipts);
		const [before, after] = await Promise.all([this.#dollars(first - 1), this.#dollars(last)]);
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

	// --- FLT -----------------------------------------------------------------------------------------

	/**
	 * Compares what became of everybody's FLT in the blocks of these calls, whatever holds it, the stake of commitments
	 * included: `{ 'stake of west': { free: -3n }, eve: { free: 3n } }`, and fees besides.
	 */
	async checkFlt(receipts, moves) {
		const [first, last] = span(receipts);
		await this.market.atBlock(last);
		const [before, after] = await Promise.all([this.#flt(first - 1), this.#flt(last)]);
		assert.deepEqual(changes(before, after), sum(moves, ...this.#fees(first, last)), 'what moves of FLT');
	}

	/** Everybody's FLT after a block. */
	async #flt(block) {
		const { api } = this.market;
		const at = await api.at(await api.rpc.chain.getBlockHash(block));
		const all = (await at.query.system.account.entries()).map(([{ args }, { data }]) => {
			const { free, reserved } = plain(data);
			return [this.#nameOf(args[0].toString()), free + reserved];
		});
		return { free: Object.fromEntries(all), held: {} };
	}

	/** What fees moved in blocks: half is the treasury's, rounded down, the rest of who makes blocks. */
	#fees(first, last) {
		const paid = this.market.eventsOf('transactionPayment.TransactionFeePaid');
		const meant = paid.filter(({ block }) => first <= block && block <= last);
		return meant.flatMap(({ data: { who, actualFee } }) => [
			{ [this.#nameOf(who)]: { free: -actualFee } },
			{ treasury: { free: actualFee / 2n } },
			{ alice: { free: actualFee - actualFee / 2n } },
		]);
	}

	/** Everybody's dollars now, what they must have changed by since genesis, and all there are. */
	async account() {
		const now = await this.#dollars(this.market.block);
		const { supply } = await this.market.read('assets', 'asset', USDC_ID);
		return { now, supply, changed: changes(this.opening, now), expected: this.#tally };
	}

	// --- supply --------------------------------------------------------------------------------------

	/** Three providers with four servers: they operate those themselves. */
	async supply() {
		const { bob, charlie, dave, grace } = this.people;
		this.ledger.setPrice(PRICE);
		const settled = [bob, charlie, dave].map((who) => this.settleDown(who));
		await Promise.all([this.feed(PRICE), ...settled]);
		[this.north, this.south, this.west, this.east] = await Promise.all([
			this.addServer('north', bob, bob, 2, [AVX2]),
			this.addServer('south', charlie, charlie, 1, []),
			this.addServer('west', dave, dave, 2, []),
			this.addServer('east', dave, dave, 2, []),
		]);
		await Promise.all([
			...[this.north, this.south, this.east].map((server) => this.commit(server)),
			this.commit(this.west, [[grace, DELEGATED]]),
			this.offer(this.west, WESTERN, [0]),
			this.offer(this.east, EASTERN),
		]);
		this.inTime(this.market.block, 1, 'the stake');
	}

	/** An FLT costs so much from now on. */
	async feed(price) {
		await this.market.send(this.people.alice, this.tx.oracle.feedValues([['FltUsd', price]]));
		assert.equal((await this.market.read('oracle', 'values', 'FltUsd')).value, price);
	}

	/** Somebody becomes a provider with a data centre. */
	async settleDown(who) {
		const { providers } = this.tx;
		const site = SITES[this.byAddress.get(who.address)];
		const [, receipt] = await this.market.sendAll([
			[who, providers.registerProvider(who.name)],
			[who, providers.registerDataCenter(...site)],
		]);
		who.site = receipt.event('providers.DataCenterRegistered').dataCenter;
	}

	/** All units of a server are committed. What nobody delegates of the stake is the provider's own. */
	async commit(server, delegated = []) {
		const { id, units, provider } = server;
		const { capacity } = this.tx;
		const receipt = await this.market.send(provider, capacity.commit(id, mask(units), DURATION, 0, 0));
		const { commitment, needed } = receipt.event('capacity.Committed');
		assert.equal(needed, this.ledger.stakePerUnit * BigInt(units.length));
		const own = delegated.reduce((left, [, amount]) => left - amount, needed);
		const stakes = [[provider, own], ...delegated];
		const [staked] = await this.market.sendAll(
			stakes.map(([who, amount]) => [who, capacity.delegate(commitment, amount)]),
		);
		Object.assign(server, { commitment, needed, own, pot: `stake of ${server.name}` });
		this.byAddress.set(staked.event('balances.Transfer').to, server.pot);
	}

	/** Sets the ask of a server, of all its units unless some are named. */
	async offer(server, price, units = server.units) {
		const ask = this.tx.providers.setAsk(server.id, mask(units), USDC, price, 1, 100, attributes(), null);
		const receipt = await this.market.send(server.provider, ask);
		server.ask = receipt.event('providers.AskSet').askId;
		return receipt;
	}

	/** The units of the first two providers prove that they are there, so that they can be sold. */
	async prove(epoch) {
		await this.market.atEpoch(epoch);
		const servers = [this.north, this.south];
		await Promise.all(servers.map((server) => this.report(server, epoch, { proves: server.units })));
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

/** The first and the last block of some calls. */
function span(receipts) {
	const blocks = receipts.map(({ block }) => block);
	return [Math.min(...blocks), Math.max(...blocks)];
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
