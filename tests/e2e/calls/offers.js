// Offers that nobody met: their money comes back, also where the asset refuses it at first.

import assert from 'node:assert/strict';
import { USDC_ID, usdc } from '../lib/amounts.js';

const PATIENT = usdc('0.6'); // below whatever is asked
const LATE = usdc('0.5'); // and less than that: no ask is cheap enough for who stands before it, so nobody looks
const REFUSED = usdc('0.4');

/** In the first epoch: one offer that stays, one that expires with the epoch, one whose refund is refused. */
export async function post(t, stand) {
	const { market, people, tx } = stand;
	const { alice, eve, ferdie } = people;

	await t.test('three offers wait for supply', async () => {
		const offers = [
			{ price: PATIENT, units: 1, term: 2 },
			{ price: LATE, units: 2, term: 2, expiry: 1 },
			{ price: REFUSED, units: 1, term: 3 },
		];
		const escrows = offers.map(({ price, units, term }) => BigInt(units * term) * price);
		const all = escrows.reduce((sum, escrow) => sum + escrow);
		const calls = offers.map((terms, i) => [eve, stand.wish(`offer ${i}`, terms)]);
		const receipts = await stand.actAll(calls, { eve: { free: -all, held: all } });
		[stand.patient, stand.late, stand.unlucky] = receipts.map((receipt, i) => ({
			id: receipt.event('offers.OfferPosted').offer,
			escrow: escrows[i],
		}));
		await stand.refuse(ferdie, tx.offers.expireOffer(stand.late.id), 'offers.NotExpired');
	});

	await t.test(
		'a refund that the asset refuses stays held, and anybody has it paid once it can be',
		async () => {
			const { id, escrow } = stand.unlucky;
			const record = { Offer: id };
			const claim = tx.offers.claimPayout(record, eve.address);
			await Promise.all([
				stand.refuse(ferdie, claim, 'offers.NothingOwed'),
				market.send(alice, tx.assets.block(USDC_ID, eve.address)),
			]);

			const [cancelled] = await Promise.all([
				stand.act(eve, tx.offers.cancelOffer(id)),
				stand.refuse(eve, claim, 'offers.StillRefused'),
			]);
			const owed = { escrow: record, payee: eve.address, amount: escrow };
			assert.deepEqual(cancelled.event('offers.PayoutRefused'), owed);
			assert.equal(await market.read('offers', 'owed', eve.address, record), escrow);

			await market.send(alice, tx.assets.thaw(USDC_ID, eve.address));
			const claimed = await stand.act(ferdie, claim, { eve: { free: escrow, held: -escrow } });
			assert.deepEqual(claimed.event('offers.PayoutClaimed'), owed);
			assert.equal(await market.read('offers', 'escrows', record), null);
		},
	);
}

/** In the second. */
export async function expire(t, stand) {
	const { market, people, tx, late, patient } = stand;
	const { ferdie } = people;

	await t.test('anybody expires an offer that is too late, without a fee', async () => {
		assert.equal((await market.ask('offer', late.id)).held, late.escrow);
		const call = tx.offers.expireOffer(late.id);
		const [receipt] = await Promise.all([
			stand.act(ferdie, call, { eve: { free: late.escrow, held: -late.escrow } }),
			stand.refuse(ferdie, call, 'offers.UnknownOffer'),
		]);
		const told = { offer: late.id, refunded: late.escrow };
		assert.deepEqual(receipt.event('offers.OfferExpired'), told);
		assert.equal(stand.fee(receipt), 0n);
		assert.equal(await market.ask('offer', late.id), null);
		assert.equal((await market.ask('offer', patient.id)).held, patient.escrow);
	});
}
