// Many accounts that sign ahead of time, so that what is measured later is the node alone.

import { Keyring } from '@polkadot/api';
import { flt, USDC_ID } from './amounts.js';

const FLT_EACH = flt(1_000);
const BATCH = 64;

export class Crowd {
	/** So many accounts, derived from one of the development accounts. */
	constructor(api, size) {
		const keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 });
		this.members = Array.from({ length: size }, (_, i) => ({
			pair: keyring.addFromUri(`//Alice//crowd//${i}`),
			nonce: 0,
		}));
	}

	address(i) {
		return this.members[i % this.members.length].pair.address;
	}

	/** `payer` gives each FLT for fees, and so much USDC. */
	async fund(market, payer, usdcEach) {
		const { assets, balances, utility } = market.api.tx;
		const gifts = this.members.map(({ pair: { address } }) => [
			balances.transferKeepAlive(address, FLT_EACH),
			assets.transferKeepAlive(USDC_ID, address, usdcEach),
		]);
		const batches = [];
		for (let i = 0; i < gifts.length; i += BATCH) {
			batches.push([payer, utility.batchAll(gifts.slice(i, i + BATCH).flat())]);
		}
		await market.sendAll(batches);
	}

	/**
	 * `count` signed transactions as RPC takes them, `makeCall(i)` in the i-th. All members sign in turns, so that
	 * those of one sender are far from each other.
	 */
	sign(api, count, makeCall) {
		const { genesisHash, runtimeVersion } = api;
		return Array.from({ length: count }, (_, i) => {
			const member = this.members[i % this.members.length];
			const nonce = member.nonce;
			member.nonce += 1;
			const immortal = { era: '0x00', blockHash: genesisHash, genesisHash, runtimeVersion, nonce };
			return makeCall(i).sign(member.pair, immortal).toHex();
		});
	}
}
