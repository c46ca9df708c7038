// How long a deal runs, and at whose cost.

import assert from 'node:assert/strict';
import { usdc } from '../lib/amounts.js';
import { mask } from '../lib/units.js';
import { Deal, gets, NOTICE, pays } from './deal.js';
import { CLASS } from './machines.js';
import { APPLICATION, CHEAP, LIMIT } from './stand.js';

const TERM = 2;
const ALLOWANCE = usdc(7);
const GIFT = 1_234_567n;

/** Opens the deal and makes it longer. */
export async function lengthen(t, stand) {
	const { market, people, north } = stand;
	const { deals } = stand.tx;
	const { eve, ferdie } = people;

	await t.test('a deal is funded until its last epoch', async () => {
		const held = 2n * BigInt(TERM) * LIMIT;
		const terms = { price: LIMIT, units: 2, term: TERM, placement: { hardware: CLASS } };
		const receipt = await stand.act(eve, stand.wish(APPLICATION, terms), { eve: pays(held) });
		const { offer } = receipt.event('offers.OfferPosted');
		const { data } = await market.event('deals.DealOpened', (opened) => opened.offer === offer);
		const start = stand.epochOf(receipt) + 1;
		assert.deepEqual([data.escrow, data.start, data.end], [held, start, start + TERM]);
		stand.deal = new Deal(stand, { ...data, id: data.deal, held });
		const { units, price } = await stand.deal.part(north);
		assert.deepEqual([units, price], [mask([0, 1]), CHEAP]);
		await stand.deal.checkFunded();
		assert.equal(await market.ask('fundedUntil', data.deal + 1n), null);
	});

	await t.test('nobody but the developer changes a deal', async () => {
		const { id } = stand.deal;
		const calls = [
			deals.setRenewal(id, { epochs: 1, allowance: ALLOWANCE }),
			deals.releaseUnits(id, north.id, mask([1])),
			deals.enlarge(id, 1),
			deals.rollBack(id),
			deals.terminate(id),
		];
		await Promise.all(calls.map((call) => stand.refuse(ferdie, call, 'deals.NotDeveloper')));
	});

	await t.test('anybody extends a deal, for no more than what they say', async () => {
		const { deal } = stand;
		const cost = 2n * LIMIT;
		const extend = (most) => deals.extendDeal(deal.id, 1, most);
		const [, receipt] = await Promise.all([
			stand.refuse(ferdie, extend(cost - 1n), 'deals.CostTooHigh'),
			stand.act(ferdie, extend(cost), { ferdie: { free: -cost }, eve: { held: cost } }),
		]);
		deal.held += cost;
		deal.end += 1;
		deal.told(receipt, 'DealExtended', { payer: ferdie.address, end: deal.end, amount: cost });
		assert.equal((await deal.part(north)).funded, BigInt(2 * (TERM + 1)));
		await deal.checkFunded();
	});

	await t.test('the developer allows renewals, anybody renews, without a fee', async () => {
		const { deal } = stand;
		const renew = deals.renew(deal.id);
		const renewal = { epochs: 2, allowance: ALLOWANCE };
		await stand.refuse(ferdie, renew, 'deals.NoRenewal');
		const set = await stand.act(eve, deals.setRenewal(deal.id, renewal));
		deal.told(set, 'RenewalSet', { renewal });
		assert.deepEqual((await deal.view()).renewal, renewal);

		const cost = 2n * BigInt(renewal.epochs) * LIMIT;
		const [receipt] = await Promise.all([
			stand.act(ferdie, renew, { eve: pays(cost) }),
			stand.refuse(ferdie, renew, 'deals.TooEarly'),
		]);
		deal.held += cost;
		deal.end += renewal.epochs;
		const allowance = ALLOWANCE - cost;
		deal.told(receipt, 'DealRenewed', { amount: cost, allowance });
		assert.equal(stand.fee(receipt), 0n);
		assert.equal((await deal.view()).renewal.allowance, allowance);
		await deal.checkFunded();
	});

	await t.test('anybody tops a deal up', async () => {
		const { deal } = stand;
		const [, receipt] = await Promise.all([
			stand.refuse(ferdie, deals.topUp(deal.id, 0n), 'deals.NoAmount'),
			stand.act(ferdie, deals.topUp(deal.id, GIFT), { ferdie: { free: -GIFT }, eve: { held: GIFT } }),
		]);
		deal.held += GIFT;
		deal.told(receipt, 'ToppedUp', { payer: ferdie.address, amount: GIFT });
		await deal.checkFunded();
	});
}

/** Makes it shorter. */
export async function shorten(t, stand) {
	const { market, people, north, south, deal } = stand;
	const { deals } = stand.tx;
	const { eve, ferdie } = people;

	await t.test('the developer gives notice', async () => {
		stand.inTime(market.block, 3, 'the notice');
		const terminate = deals.terminate(deal.id);
		const [receipt] = await Promise.all([
			stand.act(eve, terminate),
			stand.refuse(eve, terminate, 'deals.Terminated'),
		]);
		deal.end = stand.epochOf(receipt) + 1 + NOTICE;
		deal.told(receipt, 'DealTerminated', { end: deal.end });
		const { terminated, renewal } = await deal.view();
		assert.deepEqual([terminated, renewal], [true, null]);
		await deal.checkFunded();
	});

	await t.test('what can be earned in the notice stays held, and the rest comes back', async () => {
		const epochs = (from, until) => BigInt(Math.min(until, deal.end) - from);
		const ofNorth = epochs(deal.start, deal.end) + epochs(deal.start, north.leaves);
		const wages = ofNorth * CHEAP + epochs(south.start, deal.end) * LIMIT;
		const rest = deal.held - wages - deal.budget;
		const [receipt] = await Promise.all([
			stand.act(eve, deals.withdrawSurplus(deal.id, CHEAP), { eve: gets(rest) }),
			stand.refuse(ferdie, deals.extendDeal(deal.id, 1, usdc(100)), 'deals.Terminated'),
		]);
		deal.held -= rest;
		deal.told(receipt, 'SurplusWithdrawn', { maxPrice: CHEAP, amount: rest });
		await deal.checkFunded();
	});
}
