// Who takes part. All are development accounts; the operators' keys belong to the providers' machines. Grace has
// the key of an account that the chain endows under another name.

import { Keyring } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';

/** Everybody by name, with addresses in the chain's format: `{ bob: { name, pair, address, role }, … }`. */
export async function cast(ss58Format) {
	await cryptoWaitReady();
	const keyring = new Keyring({ type: 'sr25519', ss58Format });
	const person = (name, uri, role) => {
		const pair = keyring.addFromUri(uri);
		return { name, role, pair, address: pair.address };
	};
	return {
		alice: person('Alice', '//Alice', 'makes blocks, feeds the price'),
		bob: person('Bob', '//Bob', 'provider "Atlas"'),
		bobOperator: person('Bob’s operator', '//Bob//operator', 'runs Atlas’ servers'),
		charlie: person('Charlie', '//Charlie', 'provider "Borealis"'),
		charlieOperator: person('Charlie’s operator', '//Charlie//operator', 'runs Borealis’ server'),
		dave: person('Dave', '//Dave', 'delegator'),
		grace: person('Grace', '//Eve//stash', 'delegator, solver'),
		eve: person('Eve', '//Eve', 'developer'),
		ferdie: person('Ferdie', '//Ferdie', 'developer'),
	};
}

/** The ed25519 key of an off-chain peer or worker. */
export function peer(uri) {
	return new Keyring({ type: 'ed25519' }).addFromUri(uri);
}
