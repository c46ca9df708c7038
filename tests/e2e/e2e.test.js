// The demonstration as a test: it is played once, then everything that it compared is asserted. Where
// MARKETPLACE_STATE names a file, the state that it leaves is exported there for the invariants' check.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Market } from './lib/market.js';
import { Node } from './lib/node.js';
import { Prover } from './lib/prover.js';
import { Screen } from './lib/screen.js';
import { Play } from './play.js';
import { summary } from './summary.js';

const LIMIT = 15 * 60 * 1000;
const directory = process.env.MARKETPLACE_WORK && join(process.env.MARKETPLACE_WORK, 'node');

let node;
let play;

before(
	async () => {
		if (directory) mkdirSync(directory, { recursive: true });
		node = await Node.start({ directory });
		const market = await Market.connect(node.url);
		const prover = new Prover(join(node.base, 'proofs'));
		const screen = new Screen();
		play = new Play({ market, prover, screen });
		try {
			await Promise.race([play.run(), node.died]);
		} catch (error) {
			console.error(await node.log());
			throw error;
		} finally {
			await market.disconnect();
		}
		summary(play, screen);
	},
	{ timeout: LIMIT },
);

after(async () => {
	await node?.stop();
	if (!directory) await node?.remove();
});

test('everything comes out as calculated', async (t) => {
	for (const { name, actual, expected } of play.checks) {
		await t.test(name, () => assert.equal(actual, expected));
	}
});

test('providers were paid for what they served, and developers got back the rest', () => {
	for (const { offer, paid, refunded, withdrawn, contested, rewarded } of play.deals) {
		assert.ok(paid > 0n);
		const escrow = BigInt(offer.units) * offer.price * BigInt(offer.term);
		assert.equal(paid + contested + withdrawn + rewarded + refunded, escrow);
	}
});

test('the node stops and its state can be exported', { timeout: LIMIT }, async () => {
	await node.stop();
	if (process.env.MARKETPLACE_STATE) await node.exportState(process.env.MARKETPLACE_STATE);
});
