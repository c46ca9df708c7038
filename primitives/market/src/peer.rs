//! What the key of an off-chain peer signs so that a provider can register its server.

use alloc::vec::Vec;
use codec::Encode;

/// Domain of the message, so that a signature made for something else is worth nothing here.
pub const PEER_DOMAIN: &[u8] = b"marketplace/peer/1";

/// The message that the peer's ed25519 key signs: [`PEER_DOMAIN`], the hash of the chain's block 0,
/// the provider and the operator of the server, one after the other without lengths.
///
/// It binds the peer to one chain, one provider and its first operator: nobody else can register a
/// peer id, and a signature cannot be carried to another chain.
pub fn peer_message<AccountId: Encode>(
	genesis: &[u8; 32],
	provider: &AccountId,
	operator: &AccountId,
) -> Vec<u8> {
	let mut message = Vec::with_capacity(PEER_DOMAIN.len().saturating_add(96));
	message.extend_from_slice(PEER_DOMAIN);
	message.extend_from_slice(genesis);
	provider.encode_to(&mut message);
	operator.encode_to(&mut message);
	message
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_runtime::AccountId32;

	#[test]
	fn the_message_is_domain_genesis_provider_operator() {
		let message =
			peer_message(&[1; 32], &AccountId32::new([2; 32]), &AccountId32::new([3; 32]));
		let mut expected = b"marketplace/peer/1".to_vec();
		expected.extend([1; 32]);
		expected.extend([2; 32]);
		expected.extend([3; 32]);
		assert_eq!(message, expected);
	}
}
