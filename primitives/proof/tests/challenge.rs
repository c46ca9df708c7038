//! Keys, inputs and targets.

use codec::{Decode, Encode, MaxEncodedLen};
use marketplace_proof::{commitment, input, key, meets, Leaf, Path, ProvenLeaf, INPUT_LEN};
use std::collections::BTreeSet;

#[test]
fn key_differs_in_every_part() {
	let keys = BTreeSet::from([
		key(&[1; 32], 1, &[1; 32], 1, 1),
		key(&[2; 32], 1, &[1; 32], 1, 1),
		key(&[1; 32], 2, &[1; 32], 1, 1),
		key(&[1; 32], 1, &[2; 32], 1, 1),
		key(&[1; 32], 1, &[1; 32], 2, 1),
		key(&[1; 32], 1, &[1; 32], 1, 2),
	]);
	assert_eq!(keys.len(), 6);
}

#[test]
fn key_is_the_documented_hash() {
	let mut bytes = b"marketplace/key/1".to_vec();
	bytes.extend([1; 32]);
	bytes.extend(258u32.to_le_bytes());
	bytes.extend([2; 32]);
	bytes.extend(3u32.to_le_bytes());
	bytes.push(4);
	assert_eq!(key(&[1; 32], 258, &[2; 32], 3, 4), sp_crypto_hashing::blake2_256(&bytes));
}

#[test]
fn input_has_the_documented_layout() {
	let input = input(&[9; 32], 0x0102, 0x0304_0506_0708_090a);
	assert_eq!(INPUT_LEN, 56);
	assert_eq!(&input[..14], b"marketplace/i1");
	assert_eq!(&input[14..46], &[9; 32]);
	assert_eq!(&input[46..48], &[2, 1]);
	assert_eq!(&input[48..], &[0x0a, 9, 8, 7, 6, 5, 4, 3]);
}

#[test]
fn commitment_is_blake2_of_input_and_hash() {
	let input = input(&[9; 32], 1, 2);
	let bytes = [&input[..], &[5; 32]].concat();
	assert_eq!(commitment(&input, &[5; 32]), sp_crypto_hashing::blake2_256(&bytes));
}

#[test]
fn target_is_compared_as_a_big_endian_number() {
	let mut target = [0; 32];
	target[0] = 1;
	let mut below = [0xff; 32];
	below[0] = 0;
	let mut above = target;
	above[31] = 1;
	assert!(meets(&target, &target));
	assert!(meets(&target, &below));
	assert!(!meets(&target, &above));
}

#[test]
fn longest_leaf_survives_encoding() {
	let leaf = Leaf { server: 1, epoch: 2, unit: 3, slot: 4, nonce: 5, hash: [6; 32] };
	let shown = ProvenLeaf { leaf, path: Path::truncate_from(vec![[7; 32]; 17]) };
	let bytes = shown.encode();
	assert_eq!(bytes.len(), ProvenLeaf::max_encoded_len());
	assert_eq!(ProvenLeaf::decode(&mut &bytes[..]), Ok(shown));
	let mut too_long = leaf.encode();
	vec![[7u8; 32]; 17].encode_to(&mut too_long);
	assert!(ProvenLeaf::decode(&mut &too_long[..]).is_err());
}
