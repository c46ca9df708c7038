// Vouchers as a JavaScript client makes them, against the vectors of primitives/market/src/voucher.rs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring } from '@polkadot/api';
import { u8aToHex } from '@polkadot/util';
import { cryptoWaitReady, signatureVerify } from '@polkadot/util-crypto';
import { gatewayKey, signVoucher, voucherMessage } from './lib/voucher.js';

const GENESIS = new Uint8Array(32).fill(0x11);
const VOUCHER = { version: 1, amount: 1_000_000n, expiry: 42 };
const seed = new Uint8Array(32).fill(1);

test('the message is the vector', () => {
	assert.equal(
		u8aToHex(voucherMessage(GENESIS, 7, 10, VOUCHER)),
		'0x6d61726b6574706c6163652f766f7563686572' +
			'11'.repeat(32) +
			'0700000000000000' +
			'0a000000' +
			'01000000' +
			'40420f00000000000000000000000000' +
			'2a000000',
	);
});

test('the ed25519 signature is the vector', async () => {
	await cryptoWaitReady();
	const gateway = new Keyring({ type: 'ed25519' }).addFromSeed(seed);
	assert.equal(
		u8aToHex(gatewayKey(gateway).Ed25519),
		'0x8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c',
	);
	assert.equal(
		u8aToHex(signVoucher(gateway, GENESIS, 7, 10, VOUCHER).Ed25519),
		'0xef73a46029caf4efaa1d482bc0cfe5117121b61056e3361971c5fc0b8c7a8052' +
			'3ede0af0e28f88bd4099d9559e36abe91795eeaa9ef11a4cf4fe47a531653c05',
	);
});

test('an sr25519 signature is of the key', async () => {
	await cryptoWaitReady();
	const gateway = new Keyring({ type: 'sr25519' }).addFromSeed(seed);
	const { Sr25519: signature } = signVoucher(gateway, GENESIS, 7, 10, VOUCHER);
	const message = voucherMessage(GENESIS, 7, 10, VOUCHER);
	assert.ok(signatureVerify(message, signature, gatewayKey(gateway).Sr25519).isValid);
});
