//! The Merkle tree of a report.

use crate::{blake2, Hash, Leaf, Path, MAX_UNITS};
use alloc::vec::Vec;

const NODE_DOMAIN: &[u8] = b"marketplace/node/1";

/// Stands where the tree has no leaf: nothing is known that hashes to it.
const NO_LEAF: Hash = [0; 32];

/// The most hashes in a Merkle path.
pub const MAX_PATH: u32 = 16;

/// The most leaves under one root: 64 units of 1,024 slots.
pub const MAX_LEAVES: u32 = 1 << MAX_PATH;

fn node(left: &Hash, right: &Hash) -> Hash {
	blake2(&[NODE_DOMAIN, left, right])
}

/// Leaves of a report over the units of the mask `proven` with `slots` slots each, or `None` where
/// there are none or more than [`MAX_LEAVES`].
pub fn leaf_count(proven: u64, slots: u16) -> Option<u32> {
	proven
		.count_ones()
		.checked_mul(u32::from(slots))
		.filter(|count| (1..=MAX_LEAVES).contains(count))
}

/// The place of a leaf in its tree, or `None` where the unit is not in `proven` or has no such slot.
pub fn leaf_index(proven: u64, unit: u8, slots: u16, slot: u16) -> Option<u32> {
	if unit >= MAX_UNITS || slot >= slots {
		return None;
	}
	let bit = 1u64 << unit;
	if proven & bit == 0 {
		return None;
	}
	let rank = (proven & bit.wrapping_sub(1)).count_ones();
	rank.checked_mul(u32::from(slots))?.checked_add(u32::from(slot))
}

/// Hashes in the path of a leaf in a tree of `count` leaves, or `None` where such a tree has no root.
pub fn path_len(count: u32) -> Option<u32> {
	(1..=MAX_LEAVES).contains(&count).then(|| count.next_power_of_two().trailing_zeros())
}

/// Whether `leaf` stands at `index` of the tree of `count` leaves with this root.
pub fn verify_path(root: &Hash, leaf: &Leaf, index: u32, count: u32, path: &[Hash]) -> bool {
	let Some(length) = path_len(count) else { return false };
	if index >= count || u32::try_from(path.len()) != Ok(length) {
		return false;
	}
	let (top, _) = path.iter().fold((leaf.leaf_hash(), index), |(hash, place), sibling| {
		let parent = if place & 1 == 0 { node(&hash, sibling) } else { node(sibling, &hash) };
		(parent, place >> 1)
	});
	top == *root
}

/// The root over `leaves`, or `None` where there are none or more than [`MAX_LEAVES`].
pub fn root(leaves: &[Leaf]) -> Option<Hash> {
	Tree::new(leaves).map(|tree| tree.root())
}

/// The Merkle tree over the leaves of a report.
#[derive(Clone, Debug)]
pub struct Tree {
	/// All hashes, level by level from the leaves (a power of two of them) to the root.
	levels: Vec<Vec<Hash>>,
	/// Leaves without the filling.
	count: u32,
	root: Hash,
}

impl Tree {
	/// The tree over `leaves` in the order of [`leaf_index`], or `None` where there are none or more
	/// than [`MAX_LEAVES`].
	pub fn new(leaves: &[Leaf]) -> Option<Self> {
		let count = u32::try_from(leaves.len()).ok()?;
		path_len(count)?;
		let mut level: Vec<Hash> = leaves.iter().map(Leaf::leaf_hash).collect();
		level.resize(leaves.len().next_power_of_two(), NO_LEAF);
		let mut levels = Vec::new();
		while level.len() > 1 {
			let above = level
				.chunks_exact(2)
				.filter_map(|pair| Some(node(pair.first()?, pair.last()?)))
				.collect();
			levels.push(core::mem::replace(&mut level, above));
		}
		let root = level.first().copied()?;
		Some(Self { levels, count, root })
	}

	/// What the server reports.
	pub fn root(&self) -> Hash {
		self.root
	}

	/// The path of the leaf at `index`, or `None` where there is no such leaf.
	pub fn path(&self, index: u32) -> Option<Path> {
		if index >= self.count {
			return None;
		}
		let mut place = usize::try_from(index).ok()?;
		let mut path = Path::new();
		for level in &self.levels {
			path.try_push(*level.get(place ^ 1)?).ok()?;
			place >>= 1;
		}
		Some(path)
	}
}
