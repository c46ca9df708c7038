// What developers have of a provider that does not keep its word. West reports proofs that it cannot show, until its
// commitment fails; East reports no epoch in which it is to serve. Of both deals one unit gets a worker in time.

import assert from 'node:assert/strict';
import { peer } from '../lib/accounts.js';
import { flt, usd, usdc } from '../lib/amounts.js';
import { indices, mask } from '../lib/units.js';
import { Deal, pays } from './deal.js';
import { DELEGATED, EASTERN, LIMIT, WESTERN } from './stand.js';

const TERM = 6;
const ACCEPTANCE = 2; // epochs of a deal in which its units get their first worker
const SLASHES = [10n, 50n]; // per cent of a commitment's stake that its first and its second wrong report cost
const MISS = 1n; // per cent of a unit's stake that it costs to let a deal wait for the unit
const DEARER = usd('2.53'); // what an FLT costs once the commitment fails
const NONE = mask([]);

/** Part of an amount, rounded up. */
const percent = (part, amount) => (amount * part + 99n) / 100n;

/** In the second epoch: a deal with units of each server. */
export async function trust(t, stand) {
	const { market, people, tx, west, east } = stand;
	const { dave, eve, ferdie } = people;
	const { deals } = tx;

	await t.test('a third provider says that it proves, and sells units of two servers', async () => {
		await market.atEpoch(2);
		await Promise.all(
			[west, east].map((server) => stand.report(server, 2, { proves: server.units, forge: true })),
		);
		const placement = { providers: { Allow: [dave.address] } };
		const wishes = [1, 2].map((units) => ({ price: LIMIT, units, term: TERM, placement }));
		const escrows = wishes.map(({ units }) => BigInt(units * TERM) * LIMIT);
		const calls = wishes.map((terms, i) => [eve, stand.wish(`application ${i}`, terms)]);
		const receipts = await stand.actAll(calls, { eve: pays(escrows[0] + escrows[1]) });
		[stand.broken, stand.idle] = await Promise.all(
			receipts.map(async (receipt, i) => {
				const { offer } = receipt.event('offers.OfferPosted');
				const { data } = await market.event('deals.DealOpened', (opened) => opened.offer === offer, {
					before: receipt.block + 8,
				});
				return new Deal(stand, { ...data, id: data.deal, held: escrows[i] });
			}),
		);
		const parts = await Promise.all([stand.broken.part(west), stand.idle.part(east)]);
		assert.deepEqual(
			parts.map(({ units, price }) => [units, price]),
			[
				[mask([0]), WESTERN],
				[mask([0, 1]), EASTERN],
			],
		);
	});

	await t.test('it sets a worker for one unit of each, and has no more to sell', async () => {
		const withdraw = ({ ask }) => tx.providers.withdrawAsk(ask);
		const set = (deal, { name, id }) =>
			deals.setWorkers(deal.id, id, [[0, peer(`//${name}//${deal.id}//0`).publicKey]]);
		const calls = [
			[dave, set(stand.broken, west)],
			[dave, set(stand.idle, east)],
			[dave, withdraw(west)],
			[dave, withdraw(east)],
		];
		const [[, receipt]] = await Promise.all([
			stand.actAll(calls),
			stand.refuse(ferdie, deals.compensate(stand.broken.id, west.id), 'deals.NothingLost'),
			stand.refuse(ferdie, deals.replace(stand.idle.id, east.id), 'deals.NothingMissing'),
		]);
		east.serves = stand.epochOf(receipt) + 1; // and never says so
	});
}

/** In the third: West lies once more. */
export async function lie(t, stand) {
	const { market, west } = stand;

	await t.test('a server reports a second time what it cannot show, and FLT becomes dearer', async () => {
		await market.atEpoch(3);
		const epoch = market.epoch();
		west.lies = [2, epoch];
		await Promise.all([stand.report(west, epoch, { proves: [1], forge: true }), stand.feed(DEARER)]);
	});
}

/** When nobody answered for that: the commitment fails under the deal. */
export async function fail(t, stand) {
	const { market, people, tx, west, east } = stand;
	const slashes = SLASHES.map((part) => percent(part, west.needed));

	await t.test('a commitment fails with the second report that nobody answers for', async () => {
		const [, last] = west.lies;
		const finished = await market.event('capacity.EpochFinished', ({ epoch }) => epoch === last, {
			before: market.firstBlock(last + 3),
		});
		west.fails = market.epoch(finished.block) + 1;
		await market.atEpoch(west.fails);
		const settle = ({ id }) => [people.ferdie, tx.capacity.settleServer(id)];
		const receipts = await stand.actAll([west, east].map(settle));
		await market.atBlock(Math.max(...receipts.map(({ block }) => block)));

		const { commitment } = west;
		const told = (name) =>
			market
				.eventsOf(`capacity.${name}`)
				.map(({ data }) => data)
				.filter((data) => data.commitment === commitment);
		const lost = west.lies.map((epoch, i) => ({ commitment, epoch, own: slashes[i], delegated: 0n }));
		assert.deepEqual(told('Slashed'), lost);
		assert.deepEqual(told('CommitmentFailed'), [{ commitment, end: west.fails }]);
		west.left = west.own - slashes[0] - slashes[1];
		await checkStake(stand, west, DELEGATED);
	});
}

/** What is left of the stake behind a server: the provider's own, and its delegators'. */
async function checkStake({ market }, { commitment, left }, delegated) {
	const { ownLeft, delegatedLeft } = await market.read('capacity', 'commitments', commitment);
	assert.deepEqual([ownLeft, delegatedLeft], [left, delegated]);
}

/** Once it has failed. */
export async function compensate(t, stand) {
	const { people, tx, west, broken } = stand;
	const { eve, ferdie } = people;

	await t.test('anybody has the developer compensated from the provider’s own stake', async () => {
		const unitEpochs = BigInt(broken.end - west.fails);
		// What a dollar buys, for each; what is less than a plank is dropped.
		const worth = (WESTERN * usd(1) * flt(1)) / (DEARER * usdc(1));
		const amount = unitEpochs * worth;
		const call = tx.deals.compensate(broken.id, west.id);
		const [receipt] = await Promise.all([
			stand.act(ferdie, call),
			stand.refuse(ferdie, call, 'deals.NothingLost'),
		]);
		const told = { server: west.id, developer: eve.address, unitEpochs, worth, amount };
		broken.told(receipt, 'Compensated', told);
		assert.equal(stand.fee(receipt), 0n);
		await stand.checkFlt([receipt], { eve: { free: amount }, [west.pot]: { free: -amount } });
		west.left -= amount;
		await checkStake(stand, west, DELEGATED);
	});
}

/** When East did not serve for two epochs, and its time to accept units is over. */
export async function replace(t, stand) {
	const { market, people, tx, west, east, broken, idle } = stand;
	const { dave, ferdie } = people;
	const { deals } = tx;

	await t.test('units that were not accepted in time can be accepted no more', async () => {
		await market.atEpoch(idle.start + ACCEPTANCE);
		const workers = [[1, peer('//east//late').publicKey]];
		await stand.refuse(dave, deals.setWorkers(idle.id, east.id, workers), 'deals.AcceptanceOver');
	});

	await t.test('anybody has units replaced, without a fee, and gets half of the fine', async () => {
		const silent = east.serves + 1; // the second epoch that was not reported
		await market.event('capacity.ReportsClosed', ({ epoch }) => epoch === silent, {
			before: market.firstBlock(silent + 3),
		});
		const receipts = await stand.actAll([
			[ferdie, deals.replace(broken.id, west.id)],
			[ferdie, deals.replace(idle.id, east.id)],
		]);
		const [failed, missing] = receipts;
		for (const receipt of receipts) assert.equal(stand.fee(receipt), 0n);
		await checkSought(stand, broken, failed, west, { failed: mask([0]) });
		await checkSought(stand, idle, missing, east, { unaccepted: mask([1]), silent: mask([0]) });

		const { commitment, needed } = east;
		const amount = 2n * percent(MISS, needed / 2n);
		const rewarded = amount / 2n;
		const units = mask([0, 1]);
		const told = { server: east.id, deal: idle.id, commitment, units, amount, rewarded };
		assert.deepEqual(missing.event('capacity.Fined'), told);
		// Nobody is fined for what failed.
		await stand.checkFlt(receipts, {
			ferdie: { free: rewarded },
			treasury: { free: amount - rewarded },
			[east.pot]: { free: -amount },
		});
		await stand.refuse(ferdie, deals.replace(idle.id, east.id), 'deals.NothingMissing');
	});
}

/** Units were dropped, and others are sought in their place, at the limit, with the deal's money. */
async function checkSought(stand, deal, receipt, { id }, dropped) {
	const from = stand.epochOf(receipt) + 1;
	const nothing = { failed: NONE, unaccepted: NONE, silent: NONE, contested: NONE };
	deal.told(receipt, 'UnitsDropped', { server: id, ...nothing, ...dropped, from });
	const units = Object.values(dropped).flatMap(indices).length;
	const { offer } = receipt.event('deals.UnitsSought');
	const escrow = BigInt(units * (deal.end - from)) * LIMIT;
	deal.told(receipt, 'UnitsSought', { offer, units, maxPrice: LIMIT, escrow });
	deal.held -= escrow;
	const { offer: open, wanted } = await deal.view();
	assert.deepEqual([open, wanted], [offer, units]);
	assert.equal((await stand.market.ask('offer', offer)).held, escrow);
}
