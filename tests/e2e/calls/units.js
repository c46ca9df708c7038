// Which units a deal has, and what they run.

import assert from 'node:assert/strict';
import { cid, planHash } from '../lib/stage.js';
import { mask } from '../lib/units.js';
import { gets, NOTICE, pays } from './deal.js';
import { APPLICATION, LIMIT } from './stand.js';

export async function changeUnits(t, stand) {
	const { market, people, north, south, deal } = stand;
	const { deals, matcher } = stand.tx;
	const { charlie, eve } = people;
	let sought; // the offer that seeks a unit more

	/** A unit is sought, with `cost` of the deal's money. What was sought with before is the deal's again. */
	const checkSought = async (receipt, cost) => {
		if (sought) deal.held += sought.cost - cost; // the money for an epoch that began since
		const { offer } = receipt.event('deals.UnitsSought');
		deal.told(receipt, 'UnitsSought', { offer, units: 1, maxPrice: LIMIT, escrow: cost });
		const { offer: open, wanted } = await deal.view();
		assert.deepEqual([open, wanted], [offer, 1]);
		assert.equal((await market.ask('offer', offer)).held, cost);
		sought = { id: offer, cost };
	};

	await t.test('the developer gives a unit up: it leaves after the notice', async () => {
		const release = (...units) => deals.releaseUnits(deal.id, north.id, mask(units));
		const [, receipt] = await Promise.all([
			stand.refuse(eve, release(0, 1), 'deals.LastUnits'),
			stand.act(eve, release(1)),
		]);
		const from = stand.epochOf(receipt) + 1 + NOTICE;
		north.leaves = from;
		deal.told(receipt, 'UnitsReleased', { server: north.id, units: mask([1]), from });
		const { units, leaving, funded } = await deal.part(north);
		assert.deepEqual([units, leaving], [mask([0]), [[from, mask([1])]]]);
		assert.equal(funded, BigInt(deal.end - deal.start + (from - deal.start)));
	});

	await t.test('the developer has a unit more sought, at the limit', async () => {
		const costs = (receipt) => BigInt(deal.end - stand.epochOf(receipt) - 1) * LIMIT;
		const enlarge = deals.enlarge(deal.id, 1);
		const receipt = await stand.act(eve, enlarge, (one) => ({ eve: pays(costs(one)) }));
		const cost = costs(receipt);
		deal.told(receipt, 'DealEnlarged', { units: 1, amount: cost });
		await checkSought(receipt, cost);
	});

	await t.test('the developer takes a staged application back', async () => {
		const before = { appCid: cid(APPLICATION), planHash: planHash(APPLICATION) };
		const next = `${APPLICATION} 2`;
		await stand.act(eve, deals.stageApplication(deal.id, cid(next), planHash(next), 50));
		const { version, before: was } = await market.ask('rollout', deal.id);
		assert.deepEqual(was, before);

		const rollBack = deals.rollBack(deal.id);
		const [receipt] = await Promise.all([
			stand.act(eve, rollBack),
			stand.refuse(eve, rollBack, 'deals.NoRollout'),
		]);
		const from = stand.epochOf(receipt) + 1;
		deal.told(receipt, 'RolledBack', { version: version + 1, ...before, from });
		assert.equal(await market.ask('rollout', deal.id), null);
		await checkSought(receipt, BigInt(deal.end - from) * LIMIT);
		assert.equal((await market.read('offers', 'offers', sought.id)).appCid, before.appCid);
	});

	await t.test('whoever pokes an offer that supply came for has it matched, without a fee', async () => {
		const poke = matcher.poke(sought.id);
		// Both calls must get into one block, whose end would make the match: time enough until the next one.
		await market.atBlock(market.block + 1);
		// An epoch may have begun since the unit was sought: the money for it comes back.
		const costs = (one) => BigInt(deal.end - stand.epochOf(one) - 1) * LIMIT;
		const [, receipt] = await Promise.all([
			stand.offer(south, LIMIT),
			stand.act(charlie, poke, (one) => ({ eve: gets(sought.cost - costs(one)) })),
			stand.refuse(charlie, poke, 'matcher.UnknownOffer'),
		]);
		deal.held += costs(receipt);
		const matched = { offer: sought.id, deal: deal.id, units: 1, servers: 1 };
		assert.deepEqual(receipt.event('matcher.Matched'), matched);
		assert.equal(stand.fee(receipt), 0n);
		const { units, price, start, funded } = await deal.part(south);
		assert.deepEqual([units, price, start], [mask([0]), LIMIT, stand.epochOf(receipt) + 1]);
		assert.equal(funded, BigInt(deal.end - start));
		south.start = start;
	});
}
