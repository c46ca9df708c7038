// What becomes of a running deal: it gets longer and shorter, larger and smaller, at whose cost. `held` is what its
// escrow holds, calculated from what happened; whatever a call says of money is compared with it.

import assert from 'node:assert/strict';
import { Keyring } from '@polkadot/api';
import { USDC_ID, usdc } from '../lib/amounts.js';
import { cid, planHash } from '../lib/stage.js';
import { mask } from '../lib/units.js';
import { gatewayKey, signVoucher } from '../lib/voucher.js';
import { CLASS } from './machines.js';
import { CHEAP, LIMIT } from './stand.js';

const TERM = 2;
const NOTICE = 2; // whole epochs that units serve after they were given up
const CHALLENGE = 2; // whole epochs that vouchers count after a budget was reclaimed
const APPLICATION = 'thumbnails';
const ALLOWANCE = usdc(7);
const GIFT = 1_234_567n;
const BUDGET = usdc('0.7');
const EARNED = usdc('0.300001');

const pays = (amount) => ({ free: -amount, held: amount });
const gets = (amount) => ({ free: amount, held: -amount });

export async function changeDeal(t, stand) {
	const { market, people, tx, north, south } = stand;
	const { alice, bob, charlie, eve, ferdie } = people;
	const { deals } = tx;
	const of = (receipt, event) => receipt.event(`deals.${event}`);
	const now = (receipt) => stand.epochOf(receipt);
	let id; // of the deal
	let end;
	let held;
	const view = async () => {
		const deal = await market.ask('deal', id);
		assert.deepEqual([deal.held, deal.end], [held, end]);
		return deal;
	};
	const part = async (server) => (await view()).allocations.find((one) => one.server === server.id);

	await t.test('a deal is funded until its last epoch', async () => {
		held = 2n * BigInt(TERM) * LIMIT;
		const terms = { price: LIMIT, units: 2, term: TERM, placement: { hardware: CLASS } };
		const receipt = await stand.act(eve, stand.wish(APPLICATION, terms), { eve: pays(held) });
		const { offer } = receipt.event('offers.OfferPosted');
		const { data } = await market.event('deals.DealOpened', (opened) => opened.offer === offer);
		assert.deepEqual([data.escrow, data.start, data.end], [held, now(receipt) + 1, data.start + TERM]);
		({ deal: id, end } = data);
		const { units, price } = await part(north);
		assert.deepEqual([units, price], [mask([0, 1]), CHEAP]);
		north.start = data.start;
		assert.equal(await market.ask('fundedUntil', id), end - 1);
		assert.equal(await market.ask('fundedUntil', id + 1n), null);
	});

	await t.test('nobody but the developer changes a deal', async () => {
		const calls = [
			deals.setRenewal(id, { epochs: 1, allowance: ALLOWANCE }),
			deals.releaseUnits(id, north.id, mask([1])),
			deals.enlarge(id, 1),
			deals.rollBack(id),
			deals.reclaimRequests(id, north.id),
			deals.terminate(id),
		];
		const errors = await Promise.all(calls.map((call) => market.refused(ferdie, call)));
		assert.deepEqual(errors, [
			...Array(4).fill('deals.NotDeveloper'),
			'deals.NoBudget',
			'deals.NotDeveloper',
		]);
		await stand.refuse(ferdie, deals.renew(id), 'deals.NoRenewal');
	});

	await t.test('anybody extends a deal, for no more than what they say', async () => {
		const cost = 2n * LIMIT;
		const [, receipt] = await Promise.all([
			stand.refuse(ferdie, deals.extendDeal(id, 1, cost - 1n), 'deals.CostTooHigh'),
			stand.act(ferdie, deals.extendDeal(id, 1, cost), {
				ferdie: { free: -cost },
				eve: { held: cost },
			}),
		]);
		held += cost;
		end += 1;
		const told = { deal: id, payer: ferdie.address, end, amount: cost };
		assert.deepEqual(of(receipt, 'DealExtended'), told);
		assert.equal((await part(north)).funded, BigInt(2 * (TERM + 1)));
		assert.equal(await market.ask('fundedUntil', id), end - 1);
	});

	await t.test('the developer allows renewals, anybody renews, without a fee', async () => {
		const renewal = { epochs: 2, allowance: ALLOWANCE };
		const cost = 2n * BigInt(renewal.epochs) * LIMIT;
		const set = await stand.act(eve, deals.setRenewal(id, renewal));
		assert.deepEqual(of(set, 'RenewalSet'), { deal: id, renewal });
		assert.deepEqual((await view()).renewal, renewal);

		const [receipt] = await Promise.all([
			stand.act(ferdie, deals.renew(id), { eve: pays(cost) }),
			stand.refuse(ferdie, deals.renew(id), 'deals.TooEarly'),
		]);
		held += cost;
		end += renewal.epochs;
		const allowance = ALLOWANCE - cost;
		assert.deepEqual(of(receipt, 'DealRenewed'), { deal: id, amount: cost, allowance });
		assert.equal(stand.fee(receipt), 0n);
		assert.equal((await view()).renewal.allowance, allowance);
		assert.equal(await market.ask('fundedUntil', id), end - 1);
	});

	let leaves; // the epoch with which unit 1 of North does
	await t.test('the developer gives a unit up: it leaves after the notice', async () => {
		const release = (...units) => deals.releaseUnits(id, north.id, mask(units));
		const [, receipt] = await Promise.all([
			stand.refuse(eve, release(0, 1), 'deals.LastUnits'),
			stand.act(eve, release(1)),
		]);
		leaves = now(receipt) + 1 + NOTICE;
		const told = { deal: id, server: north.id, units: mask([1]), from: leaves };
		assert.deepEqual(of(receipt, 'UnitsReleased'), told);
		const { units, leaving, funded } = await part(north);
		assert.deepEqual([units, leaving], [mask([0]), [[leaves, mask([1])]]]);
		assert.equal(funded, BigInt(end - north.start + (leaves - north.start)));
	});

	let sought; // the offer that seeks a unit more
	const checkSought = async (receipt, cost) => {
		const { offer, ...told } = of(receipt, 'UnitsSought');
		assert.deepEqual(told, { deal: id, units: 1, maxPrice: LIMIT, escrow: cost });
		assert.deepEqual([(await view()).offer, (await view()).wanted], [offer, 1]);
		assert.equal((await market.ask('offer', offer)).held, cost);
		return offer;
	};
	await t.test('the developer has a unit more sought, at the limit', async () => {
		const costs = (receipt) => BigInt(end - now(receipt) - 1) * LIMIT;
		const receipt = await stand.act(eve, deals.enlarge(id, 1), (one) => ({ eve: pays(costs(one)) }));
		const cost = costs(receipt);
		assert.deepEqual(of(receipt, 'DealEnlarged'), { deal: id, units: 1, amount: cost });
		sought = { id: await checkSought(receipt, cost), cost };
	});

	await t.test('the developer takes a staged application back', async () => {
		const before = { appCid: cid(APPLICATION), planHash: planHash(APPLICATION) };
		const next = `${APPLICATION} 2`;
		const stage = deals.stageApplication(id, cid(next), planHash(next), 50);
		const staged = of(await stand.act(eve, stage), 'ApplicationStaged');
		const { version, before: was } = await market.ask('rollout', id);
		assert.deepEqual([version, was], [staged.version, before]);

		const [receipt] = await Promise.all([
			stand.act(eve, deals.rollBack(id)),
			stand.refuse(eve, deals.rollBack(id), 'deals.NoRollout'),
		]);
		const told = { deal: id, version: version + 1, ...before, from: now(receipt) + 1 };
		assert.deepEqual(of(receipt, 'RolledBack'), told);
		assert.equal(await market.ask('rollout', id), null);
		sought.id = await checkSought(receipt, sought.cost);
		assert.equal((await market.read('offers', 'offers', sought.id)).appCid, before.appCid);
	});

	await t.test('whoever pokes an offer that supply came for has it matched, without a fee', async () => {
		const poke = () => tx.matcher.poke(sought.id);
		// both calls must get into one block: the next one
		await market.atBlock(market.block + 1);
		const [, receipt] = await Promise.all([
			market.send(charlie, stand.ask(south, LIMIT)),
			stand.act(charlie, poke()),
		]);
		held += sought.cost;
		const matched = { offer: sought.id, deal: id, units: 1, servers: 1 };
		assert.deepEqual(receipt.event('matcher.Matched'), matched);
		assert.equal(stand.fee(receipt), 0n);
		const { units, price, start, funded } = await part(south);
		assert.deepEqual([units, price, start], [mask([0]), LIMIT, now(receipt) + 1]);
		assert.equal(funded, BigInt(end - start));
		south.start = start;
		await stand.refuse(charlie, poke(), 'matcher.UnknownOffer');
	});

	await t.test('anybody tops a deal up', async (topUp) => {
		if (!deals.topUp) return topUp.skip();
		const [, receipt] = await Promise.all([
			stand.refuse(ferdie, deals.topUp(id, 0n), 'deals.NoAmount'),
			stand.act(ferdie, deals.topUp(id, GIFT), { ferdie: { free: -GIFT }, eve: { held: GIFT } }),
		]);
		held += GIFT;
		const told = { deal: id, payer: ferdie.address, amount: GIFT };
		assert.deepEqual(of(receipt, 'ToppedUp'), told);
		await view();
	});

	await t.test(
		'a payout that the asset refuses stays held, and anybody has it paid once it can be',
		async () => {
			const gateway = new Keyring({ type: 'sr25519' }).addFromUri('//Eve//gateway');
			await Promise.all([
				market.send(eve, deals.setGateway(id, gatewayKey(gateway))),
				stand.act(eve, deals.fundRequests(id, north.id, BUDGET), { eve: pays(BUDGET) }),
				market.send(alice, tx.assets.block(USDC_ID, bob.address)),
			]);
			held += BUDGET;
			const voucher = { version: 1, amount: EARNED, expiry: end };
			const signature = signVoucher(gateway, market.api.genesisHash, id, north.id, voucher);
			const record = { Deal: id };
			const claim = tx.offers.claimPayout(record, bob.address);
			const [redeemed] = await Promise.all([
				stand.act(ferdie, deals.redeem(id, north.id, voucher, signature)),
				stand.refuse(ferdie, claim, 'offers.StillRefused'),
			]);
			held -= EARNED;
			const owed = { escrow: record, payee: bob.address, amount: EARNED };
			assert.deepEqual(redeemed.event('offers.PayoutRefused'), owed);
			assert.equal(of(redeemed, 'Redeemed').paid, EARNED);
			await view();

			await market.send(alice, tx.assets.thaw(USDC_ID, bob.address));
			const [claimed] = await Promise.all([
				stand.act(ferdie, claim, { bob: { free: EARNED }, eve: { held: -EARNED } }),
				stand.refuse(ferdie, claim, 'offers.NothingOwed'),
			]);
			assert.deepEqual(claimed.event('offers.PayoutClaimed'), owed);
			await view();
		},
	);

	await t.test('the developer begins to take back what is left for requests', async () => {
		const reclaim = deals.reclaimRequests(id, north.id);
		const [receipt] = await Promise.all([
			stand.act(eve, reclaim),
			stand.refuse(eve, reclaim, 'deals.ChallengeRuns'),
		]);
		const until = now(receipt) + 1 + CHALLENGE;
		assert.deepEqual(of(receipt, 'ReclaimStarted'), { deal: id, server: north.id, until });
		const { left, reclaimed } = await market.read('deals', 'budgets', id, north.id);
		assert.deepEqual([left, reclaimed], [BUDGET - EARNED, until]);
	});

	await t.test('the developer gives notice', async () => {
		stand.inTime(market.block, 3, 'the notice');
		const [receipt] = await Promise.all([
			stand.act(eve, deals.terminate(id)),
			stand.refuse(eve, deals.terminate(id), 'deals.Terminated'),
		]);
		end = now(receipt) + 1 + NOTICE;
		assert.deepEqual(of(receipt, 'DealTerminated'), { deal: id, end });
		const { terminated, renewal } = await view();
		assert.deepEqual([terminated, renewal], [true, null]);
		assert.equal(await market.ask('fundedUntil', id), end - 1);
		await stand.refuse(ferdie, deals.extendDeal(id, 1, usdc(100)), 'deals.Terminated');
	});

	await t.test('what can be earned in the notice stays held, and the rest comes back', async () => {
		const unitEpochs = (from, ...ends) =>
			BigInt(ends.reduce((all, until) => all + Math.min(until, end) - from, 0));
		const wages = unitEpochs(north.start, end, leaves) * CHEAP + unitEpochs(south.start, end) * LIMIT;
		const rest = held - wages - (BUDGET - EARNED);
		const receipt = await stand.act(eve, deals.withdrawSurplus(id, CHEAP), { eve: gets(rest) });
		held -= rest;
		assert.equal(of(receipt, 'SurplusWithdrawn').amount, rest);
		await view();
	});
}
