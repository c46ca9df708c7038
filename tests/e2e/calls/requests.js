// What a deal has for requests: a payout that the asset refuses, and how the rest is taken back.

import assert from 'node:assert/strict';
import { Keyring } from '@polkadot/api';
import { USDC_ID, usdc } from '../lib/amounts.js';
import { gatewayKey, signVoucher } from '../lib/voucher.js';
import { gets, pays } from './deal.js';

const CHALLENGE = 2; // whole epochs that vouchers count after a budget was reclaimed
const BUDGET = usdc('0.7');
const EARNED = usdc('0.300001');
const UNUSED = usdc('0.25');
const ADDED = 1_234_567n;

export async function payRequests(t, stand) {
	const { market, people, tx, north, deal } = stand;
	const { alice, bob, eve, ferdie } = people;
	const { deals } = tx;

	await t.test(
		'a payout that the asset refuses stays held, and anybody has it paid once it can be',
		async () => {
			const gateway = new Keyring({ type: 'sr25519' }).addFromUri('//Eve//gateway');
			const calls = [
				[eve, deals.setGateway(deal.id, gatewayKey(gateway))],
				[eve, deals.fundRequests(deal.id, north.id, BUDGET)],
				[alice, tx.assets.block(USDC_ID, bob.address)],
			];
			await stand.actAll(calls, { eve: pays(BUDGET) });
			deal.held += BUDGET;

			const record = { Deal: deal.id };
			const claim = tx.offers.claimPayout(record, bob.address);
			const voucher = { version: 1, amount: EARNED, expiry: deal.end };
			const signature = signVoucher(gateway, market.api.genesisHash, deal.id, north.id, voucher);
			const [redeemed] = await Promise.all([
				stand.act(ferdie, deals.redeem(deal.id, north.id, voucher, signature)),
				stand.refuse(ferdie, claim, 'offers.StillRefused'),
			]);
			deal.held -= EARNED;
			deal.budget = BUDGET - EARNED;
			const owed = { escrow: record, payee: bob.address, amount: EARNED };
			assert.deepEqual(redeemed.event('offers.PayoutRefused'), owed);
			assert.equal(redeemed.event('deals.Redeemed').paid, EARNED);
			await deal.view();

			await market.send(alice, tx.assets.thaw(USDC_ID, bob.address));
			const [claimed] = await Promise.all([
				stand.act(ferdie, claim, { bob: { free: EARNED }, eve: { held: -EARNED } }),
				stand.refuse(ferdie, claim, 'offers.NothingOwed'),
			]);
			assert.deepEqual(claimed.event('offers.PayoutClaimed'), owed);
			await deal.view();
		},
	);

	await t.test('the developer begins to take back what is left for requests', async () => {
		const reclaim = deals.reclaimRequests(deal.id, north.id);
		await stand.refuse(ferdie, reclaim, 'deals.NotDeveloper');
		const [receipt] = await Promise.all([
			stand.act(eve, reclaim),
			stand.refuse(eve, reclaim, 'deals.ChallengeRuns'),
		]);
		const until = stand.epochOf(receipt) + 1 + CHALLENGE;
		deal.told(receipt, 'ReclaimStarted', { server: north.id, until });
		const { left, reclaimed } = await market.read('deals', 'budgets', deal.id, north.id);
		assert.deepEqual([left, reclaimed], [deal.budget, until]);
	});
}

/** In the second epoch: a budget that nothing is redeemed of. */
export async function regret(t, stand) {
	const { people, tx, east, idle: deal } = stand;
	const { eve, ferdie } = people;
	const fund = (amount) => tx.deals.fundRequests(deal.id, east.id, amount);
	const reclaim = tx.deals.reclaimRequests(deal.id, east.id);

	await t.test('what is added to a budget that is reclaimed waits with it', async () => {
		const calls = [
			[eve, fund(UNUSED)],
			[eve, reclaim],
		];
		const [, receipt] = await stand.actAll(calls, { eve: pays(UNUSED) });
		const until = stand.epochOf(receipt) + 1 + CHALLENGE;
		deal.told(receipt, 'ReclaimStarted', { server: east.id, until });
		await Promise.all([
			stand.act(ferdie, fund(ADDED), { ferdie: { free: -ADDED }, eve: { held: ADDED } }),
			stand.refuse(ferdie, reclaim, 'deals.ChallengeRuns'),
		]);
		deal.held += UNUSED + ADDED;
		east.budget = { left: UNUSED + ADDED, until };
		await deal.view();
	});
}

/** Once nothing can be redeemed of it any more. */
export async function takeBack(t, stand) {
	const { market, people, tx, east, idle: deal } = stand;
	const { ferdie } = people;
	const { left, until } = east.budget;

	await t.test('anybody has what was left for requests given back, without a fee', async () => {
		await market.atEpoch(until);
		const reclaim = tx.deals.reclaimRequests(deal.id, east.id);
		const [receipt] = await Promise.all([
			stand.act(ferdie, reclaim, { eve: gets(left) }),
			stand.refuse(ferdie, reclaim, 'deals.NoBudget'),
		]);
		deal.held -= left;
		deal.told(receipt, 'RequestsReclaimed', { server: east.id, amount: left });
		assert.equal(stand.fee(receipt), 0n);
		await stand.checkFlt([receipt], {});
		await deal.view();
	});
}
