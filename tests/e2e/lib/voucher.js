// Vouchers: what a deal's gateway signs for the requests that a server answered, in one sum. The message is that
// of primitives/market/src/voucher.rs.

import { bnToU8a, stringToU8a, u8aConcat } from '@polkadot/util';

const number = (value, bitLength) => bnToU8a(value, { bitLength, isLe: true });

/** The 87 bytes that a gateway signs. */
export function voucherMessage(genesis, deal, server, { version, amount, expiry }) {
	return u8aConcat(
		stringToU8a('marketplace/voucher'),
		genesis,
		number(deal, 64),
		number(server, 32),
		number(version, 32),
		number(amount, 128),
		number(expiry, 32),
	);
}

/** The key of a gateway, as `deals.setGateway` takes it. */
export function gatewayKey({ type, publicKey }) {
	return type === 'ed25519' ? { Ed25519: publicKey } : { Sr25519: publicKey };
}

/** The signature of a gateway, as `deals.redeem` takes it. */
export function signVoucher(gateway, genesis, deal, server, voucher) {
	const signature = gateway.sign(voucherMessage(genesis, deal, server, voucher));
	return gateway.type === 'ed25519' ? { Ed25519: signature } : { Sr25519: signature };
}
