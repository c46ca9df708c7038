//! Merkle trees.

use marketplace_proof::{
	leaf_count, leaf_index, path_len, root, verify_path, Leaf, Tree, MAX_LEAVES,
};
use proptest::prelude::*;

fn leaf(index: u32) -> Leaf {
	Leaf { server: 1, epoch: 2, unit: 3, slot: 4, nonce: u64::from(index), hash: [5; 32] }
}

fn leaves(count: u32) -> Vec<Leaf> {
	(0..count).map(leaf).collect()
}

/// The root by its definition.
fn by_definition(hashes: &[[u8; 32]]) -> [u8; 32] {
	match hashes {
		[one] => *one,
		_ => {
			let (left, right) = hashes.split_at(hashes.len() / 2);
			let bytes =
				[&b"marketplace/node/1"[..], &by_definition(left), &by_definition(right)].concat();
			sp_crypto_hashing::blake2_256(&bytes)
		},
	}
}

#[test]
fn no_leaves_and_too_many_have_no_root() {
	assert_eq!(root(&[]), None);
	assert_eq!(root(&leaves(MAX_LEAVES + 1)), None);
	assert_eq!(path_len(0), None);
	assert_eq!(path_len(1), Some(0));
	assert_eq!(path_len(5), Some(3));
	assert_eq!(path_len(MAX_LEAVES), Some(16));
	assert_eq!(path_len(MAX_LEAVES + 1), None);
}

#[test]
fn largest_tree_verifies() {
	let leaves = leaves(MAX_LEAVES);
	let tree = Tree::new(&leaves).unwrap();
	let last = MAX_LEAVES - 1;
	let path = tree.path(last).unwrap();
	assert_eq!(path.len(), 16);
	assert!(verify_path(&tree.root(), &leaf(last), last, MAX_LEAVES, &path));
	assert_eq!(tree.path(MAX_LEAVES), None);
}

#[test]
fn place_counts_the_proven_units_below() {
	let proven = 0b1010_0001;
	assert_eq!(leaf_count(proven, 4), Some(12));
	assert_eq!(leaf_index(proven, 0, 4, 3), Some(3));
	assert_eq!(leaf_index(proven, 5, 4, 0), Some(4));
	assert_eq!(leaf_index(proven, 7, 4, 3), Some(11));
	assert_eq!(leaf_index(proven, 1, 4, 0), None, "not proven");
	assert_eq!(leaf_index(proven, 0, 4, 4), None, "no such slot");
	assert_eq!(leaf_index(u64::MAX, 64, 4, 0), None, "no such unit");
	assert_eq!(leaf_index(u64::MAX, 63, 1_024, 1_023), Some(65_535));
	assert_eq!(leaf_count(0, 4), None);
	assert_eq!(leaf_count(1, 0), None);
	assert_eq!(leaf_count(u64::MAX, 1_024), Some(MAX_LEAVES));
	assert_eq!(leaf_count(u64::MAX, 1_025), None);
}

proptest! {
	#[test]
	fn every_leaf_verifies_at_its_place_only(count in 1u32..70, at in 0u32..70, other in 0u32..70) {
		let (at, leaves) = (at % count, leaves(count));
		let tree = Tree::new(&leaves).unwrap();
		let mut hashes: Vec<_> = leaves.iter().map(Leaf::leaf_hash).collect();
		hashes.resize(hashes.len().next_power_of_two(), [0; 32]);
		prop_assert_eq!(tree.root(), by_definition(&hashes));

		let path = tree.path(at).unwrap();
		prop_assert!(verify_path(&tree.root(), &leaf(at), at, count, &path));
		if other != at {
			prop_assert!(!verify_path(&tree.root(), &leaf(at), other, count, &path));
			prop_assert!(!verify_path(&tree.root(), &leaf(other), at, count, &path));
		}
	}

	#[test]
	fn changed_path_does_not_verify(count in 2u32..70, at in 0u32..70, byte in 0usize..32, step in 0usize..7) {
		let (at, leaves) = (at % count, leaves(count));
		let tree = Tree::new(&leaves).unwrap();
		let mut path = tree.path(at).unwrap().into_inner();
		let longer = [path.clone(), vec![[0; 32]]].concat();
		prop_assert!(!verify_path(&tree.root(), &leaf(at), at, count, &longer));
		prop_assert!(!verify_path(&tree.root(), &leaf(at), at, count, &path[1..]));
		let step = step % path.len();
		path[step][byte] ^= 1;
		prop_assert!(!verify_path(&tree.root(), &leaf(at), at, count, &path));
	}
}
