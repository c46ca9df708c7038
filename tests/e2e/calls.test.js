// The calls that the demonstration has no use for, each of them sent to a real node: what it tells, what it changes,
// what it costs to the plank, and who is refused. On a chain of its own, in five epochs. Where MARKETPLACE_STATE names
// a file, the state that it leaves is exported there for the invariants' check.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compensate, fail, lie, replace, trust } from './calls/losses.js';
import { declare, sell } from './calls/machines.js';
import { expire, post } from './calls/offers.js';
import { payRequests, regret, takeBack } from './calls/requests.js';
import { Stand } from './calls/stand.js';
import { lengthen, shorten } from './calls/terms.js';
import { changeUnits } from './calls/units.js';

const LIMIT = 15 * 60 * 1000;
const directory = process.env.MARKETPLACE_WORK && join(process.env.MARKETPLACE_WORK, 'calls');

let stand;

before(
	async () => {
		if (directory) mkdirSync(directory, { recursive: true });
		stand = await Stand.open(directory);
	},
	{ timeout: LIMIT },
);

after(async () => {
	await stand?.close();
	if (!directory) await stand?.node.remove();
});

test('calls that the demonstration does not make', { timeout: LIMIT }, async (t) => {
	try {
		await Promise.race([sendAll(t), stand.node.died]);
	} catch (error) {
		console.error(await stand.node.log());
		throw error;
	}
});

async function sendAll(t) {
	await t.test('three providers commit seven units', () => stand.supply());
	await declare(t, stand);
	await post(t, stand);
	// Meanwhile begins what takes until the fifth epoch.
	const proven = stand.prove(2);
	proven.catch(() => {}); // heard of below
	await trust(t, stand);
	await regret(t, stand);
	await t.test('the units prove', () => proven);
	await expire(t, stand);
	await sell(t, stand);
	await lengthen(t, stand);
	await changeUnits(t, stand);
	await payRequests(t, stand);
	await shorten(t, stand);
	await lie(t, stand);
	await fail(t, stand);
	await compensate(t, stand);
	await takeBack(t, stand);
	await replace(t, stand);

	await t.test('every dollar is where it must be', async () => {
		const { now, supply, changed, expected } = await stand.account();
		assert.deepEqual(changed, expected);
		const all = [...Object.values(now.free), ...Object.values(now.held)];
		assert.equal(
			all.reduce((sum, amount) => sum + amount),
			supply,
		);
	});
}

test('the node stops and its state can be exported', { timeout: LIMIT }, async () => {
	await stand.close();
	if (process.env.MARKETPLACE_STATE) await stand.node.exportState(process.env.MARKETPLACE_STATE);
});
