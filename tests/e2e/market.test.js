// What becomes of transactions that get into no block: an error that names the call. Without a node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Market } from './lib/market.js';

const EVE = { name: 'Eve', address: 'Eve’s', pair: {} };

/** Sends a call whose transaction fares as `signAndSend` says. */
async function send(signAndSend) {
	const accountNextIndex = async () => ({ toNumber: () => 0 });
	const market = new Market({ rpc: { system: { accountNextIndex } } }, { patience: 10 });
	return market.send(EVE, { method: { section: 'deals', method: 'replace' }, signAndSend });
}

test('a transaction that nothing is heard of fails in time', async () => {
	const message = 'deals.replace by Eve is in no block after 0.01 s: the last is 0';
	await assert.rejects(
		send(async () => () => {}),
		{ message },
	);
});

test('a transaction that the pool refuses fails', async () => {
	const refuse = async () => {
		throw new Error('1010: Invalid Transaction');
	};
	await assert.rejects(send(refuse), { message: 'deals.replace by Eve failed: 1010: Invalid Transaction' });
});

test('a transaction that the pool drops fails', async () => {
	const drop = async (_pair, _options, tell) => {
		tell({ isError: true, status: { type: 'Usurped' } });
		return () => {};
	};
	await assert.rejects(send(drop), { message: 'deals.replace by Eve was dropped: Usurped' });
});
