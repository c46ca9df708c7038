//! Vouchers: what a deal's gateway signs for the requests that a server answered, in one sum.
//!
//! A voucher is cumulative: each says how much the server earned by requests in the deal so far, so the last one is
//! worth all before it, and redeeming it costs the same for one request as for a billion.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ed25519, sr25519};
use sp_runtime::{traits::Verify, MultiSigner};

use crate::{Balance, DealId, Epoch, ServerId};

/// Domain of the message, so that a signature made for something else is worth nothing here.
pub const VOUCHER_DOMAIN: [u8; 19] = *b"marketplace/voucher";

/// The key that a deal's gateway signs vouchers with.
// The numbers are those of `MultiSigner`.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum GatewayKey {
	/// An ed25519 key.
	#[codec(index = 0)]
	Ed25519(ed25519::Public),
	/// An sr25519 key; the signing context is `substrate`, as everywhere.
	#[codec(index = 1)]
	Sr25519(sr25519::Public),
}

/// A gateway's signature under a voucher.
// The numbers are those of `MultiSignature`: what `keyring.sign(message, { withType: true })` returns.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum GatewaySignature {
	/// Of an ed25519 key.
	#[codec(index = 0)]
	Ed25519(ed25519::Signature),
	/// Of an sr25519 key.
	#[codec(index = 1)]
	Sr25519(sr25519::Signature),
}

impl GatewayKey {
	/// Whether this key signed `message`.
	pub fn signed(&self, message: &[u8], signature: &GatewaySignature) -> bool {
		match (self, signature) {
			(Self::Ed25519(key), GatewaySignature::Ed25519(made)) => made.verify(message, key),
			(Self::Sr25519(key), GatewaySignature::Sr25519(made)) => made.verify(message, key),
			_ => false,
		}
	}
}

impl From<GatewayKey> for MultiSigner {
	fn from(key: GatewayKey) -> Self {
		match key {
			GatewayKey::Ed25519(key) => Self::Ed25519(key),
			GatewayKey::Sr25519(key) => Self::Sr25519(key),
		}
	}
}

/// What a gateway signs for a server in a deal, together with these two and the chain.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Voucher {
	/// The version of the gateway's key.
	pub version: u32,
	/// What the server earned by requests in the deal so far, in planks of the deal's asset, all vouchers
	/// before this one included.
	pub amount: Balance,
	/// The last epoch in which the voucher can be redeemed.
	pub expiry: Epoch,
}

/// The message that a gateway signs, of 87 bytes: [`VOUCHER_DOMAIN`] (19 bytes, without a length), the hash of the
/// chain's block 0 (32), the deal (u64), the server (u32), the key's version (u32), the amount (u128) and
/// the expiry (u32), numbers in little endian; which is the SCALE encoding of all of them in a row.
///
/// It binds a voucher to one chain, one deal, one server of it, and one key.
pub fn voucher_message(
	genesis: &[u8; 32],
	deal: DealId,
	server: ServerId,
	voucher: &Voucher,
) -> Vec<u8> {
	(VOUCHER_DOMAIN, genesis, deal, server, voucher).encode()
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_core::{bytes::to_hex, Pair};

	const VOUCHER: Voucher = Voucher { version: 1, amount: 1_000_000, expiry: 42 };

	fn message() -> Vec<u8> {
		voucher_message(&[0x11; 32], DealId(7), ServerId(10), &VOUCHER)
	}

	#[test]
	fn the_message_is_the_vector() {
		let vector = concat!(
			"6d61726b6574706c6163652f766f7563686572", // "marketplace/voucher"
			"1111111111111111111111111111111111111111111111111111111111111111", // genesis hash
			"0700000000000000",                       // deal 7
			"0a000000",                               // server 10
			"01000000",                               // key version 1
			"40420f00000000000000000000000000",       // amount 1,000,000
			"2a000000",                               // expiry 42
		);
		assert_eq!(to_hex(&message(), false), format!("0x{vector}"));
		assert_eq!(message().len(), 87);
	}

	/// The key of the seed `[1; 32]`; ed25519 signatures are the same each time.
	#[test]
	fn the_ed25519_signature_is_the_vector() {
		let pair = ed25519::Pair::from_seed(&[1; 32]);
		assert_eq!(
			to_hex(&pair.public().0, false),
			"0x8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
		);
		let signature = pair.sign(&message());
		assert_eq!(
			to_hex(&signature.0, false),
			concat!(
				"0x",
				"ef73a46029caf4efaa1d482bc0cfe5117121b61056e3361971c5fc0b8c7a8052",
				"3ede0af0e28f88bd4099d9559e36abe91795eeaa9ef11a4cf4fe47a531653c05",
			)
		);
		let key = GatewayKey::Ed25519(pair.public());
		assert!(key.signed(&message(), &GatewaySignature::Ed25519(signature)));
	}

	#[test]
	fn a_signature_of_anything_else_is_none() {
		let (ed, sr) = (ed25519::Pair::from_seed(&[1; 32]), sr25519::Pair::from_seed(&[1; 32]));
		let by_ed = GatewaySignature::Ed25519(ed.sign(&message()));
		let by_sr = GatewaySignature::Sr25519(sr.sign(&message()));
		let (of_ed, of_sr) = (GatewayKey::Ed25519(ed.public()), GatewayKey::Sr25519(sr.public()));
		assert!(of_sr.signed(&message(), &by_sr));
		assert!(!of_ed.signed(&message(), &by_sr));
		assert!(!of_sr.signed(&message(), &by_ed));
		for other in [
			voucher_message(&[0x12; 32], DealId(7), ServerId(10), &VOUCHER),
			voucher_message(&[0x11; 32], DealId(8), ServerId(10), &VOUCHER),
			voucher_message(&[0x11; 32], DealId(7), ServerId(11), &VOUCHER),
			voucher_message(
				&[0x11; 32],
				DealId(7),
				ServerId(10),
				&Voucher { version: 2, ..VOUCHER },
			),
			voucher_message(
				&[0x11; 32],
				DealId(7),
				ServerId(10),
				&Voucher { amount: 2, ..VOUCHER },
			),
			voucher_message(
				&[0x11; 32],
				DealId(7),
				ServerId(10),
				&Voucher { expiry: 43, ..VOUCHER },
			),
		] {
			assert!(!of_ed.signed(&other, &by_ed));
			assert!(!of_sr.signed(&other, &by_sr));
		}
	}

	/// As a JavaScript client gets them: a byte for the kind, then the bytes.
	#[test]
	fn keys_and_signatures_are_those_of_multi_signer_and_multi_signature() {
		let pair = sr25519::Pair::from_seed(&[1; 32]);
		let signature = pair.sign(&message());
		assert_eq!(
			GatewayKey::Sr25519(pair.public()).encode(),
			sp_runtime::MultiSigner::from(pair.public()).encode()
		);
		assert_eq!(
			GatewaySignature::Sr25519(signature).encode(),
			sp_runtime::MultiSignature::from(signature).encode()
		);
		let pair = ed25519::Pair::from_seed(&[1; 32]);
		assert_eq!(
			GatewayKey::Ed25519(pair.public()).encode(),
			sp_runtime::MultiSigner::from(pair.public()).encode()
		);
	}
}
