//! The verifier, with a toy in place of RandomX.

use marketplace_proof::{
	input, key, leaf_index, Claim, Hash, Input, Leaf, ProofHasher, ProvenLeaf, Refusal, Tree,
};

/// Blake2 instead of RandomX.
struct Toy;

impl ProofHasher for Toy {
	fn hashes(key: &Hash, inputs: &[Input]) -> Vec<Hash> {
		inputs
			.iter()
			.map(|input| sp_crypto_hashing::blake2_256(&[&key[..], input].concat()))
			.collect()
	}
}

const PROVEN: u64 = 0b1011;
const SLOTS: u16 = 4;
const TARGET: Hash = [0x40; 32];

struct Report {
	claim: Claim,
	leaves: Vec<Leaf>,
	tree: Tree,
}

fn claim() -> Claim {
	Claim {
		genesis: [1; 32],
		server: 5,
		epoch: 6,
		seed: [7; 32],
		root: [0; 32],
		proven: PROVEN,
		slots: SLOTS,
		target: TARGET,
	}
}

/// The first nonce of the slot that meets the target.
fn work(claim: &Claim, unit: u8, slot: u16) -> Leaf {
	let key = key(&claim.genesis, claim.epoch, &claim.seed, claim.server, unit);
	(0..)
		.map(|nonce| {
			let hash = Toy::hashes(&key, &[input(&claim.seed, slot, nonce)])[0];
			Leaf { server: claim.server, epoch: claim.epoch, unit, slot, nonce, hash }
		})
		.find(|leaf| leaf.commitment(&claim.seed) <= claim.target)
		.unwrap()
}

fn report_with(change: impl Fn(&mut Leaf)) -> Report {
	let mut claim = claim();
	let units = (0..64).filter(|unit| PROVEN >> unit & 1 == 1);
	let mut leaves: Vec<_> = units
		.flat_map(|unit| (0..SLOTS).map(move |slot| (unit, slot)))
		.map(|(unit, slot)| work(&claim, unit, slot))
		.collect();
	leaves.iter_mut().for_each(change);
	let tree = Tree::new(&leaves).unwrap();
	claim.root = tree.root();
	Report { claim, leaves, tree }
}

fn report() -> Report {
	report_with(|_| ())
}

impl Report {
	fn show(&self, unit: u8, slots: &[u16]) -> Vec<ProvenLeaf> {
		let show = |slot: &u16| {
			let index = leaf_index(PROVEN, unit, SLOTS, *slot).unwrap();
			let path = self.tree.path(index).unwrap();
			ProvenLeaf { leaf: self.leaves[index as usize], path }
		};
		slots.iter().map(show).collect()
	}
}

#[test]
fn honest_leaves_are_right() {
	let report = report();
	for unit in [0, 1, 3] {
		let shown = report.show(unit, &[0, 2]);
		assert_eq!(report.claim.verify::<Toy>(unit, &[0, 2], &shown), Ok(true));
	}
}

#[test]
fn unit_outside_the_report_is_refused() {
	let report = report();
	let shown = report.show(0, &[0]);
	for unit in [2, 4, 63, 64, 255] {
		assert_eq!(report.claim.check(unit, &[0], &shown), Err(Refusal::UnitNotProven));
	}
}

#[test]
fn other_slots_than_wanted_are_refused() {
	let report = report();
	for shown in [&[][..], &[0], &[0, 1], &[2, 0], &[0, 2, 3]] {
		let leaves = report.show(0, shown);
		assert_eq!(report.claim.check(0, &[0, 2], &leaves), Err(Refusal::WrongSlots));
	}
}

#[test]
fn leaves_of_others_are_refused() {
	let report = report();
	let shown = report.show(0, &[0, 2]);
	let other = |claim: Claim| claim.check(0, &[0, 2], &shown);
	assert_eq!(other(Claim { server: 4, ..report.claim }), Err(Refusal::OtherServer));
	assert_eq!(other(Claim { epoch: 4, ..report.claim }), Err(Refusal::OtherEpoch));
	assert_eq!(report.claim.check(1, &[0, 2], &shown), Err(Refusal::OtherUnit));
}

#[test]
fn wrong_path_is_refused() {
	let report = report();
	let mut shown = report.show(0, &[0, 2]);
	shown[1].path = shown[0].path.clone();
	assert_eq!(report.claim.check(0, &[0, 2], &shown), Err(Refusal::InvalidPath));

	let shown = report.show(0, &[0, 2]);
	let other_root = Claim { root: [9; 32], ..report.claim };
	assert_eq!(other_root.check(0, &[0, 2], &shown), Err(Refusal::InvalidPath));
}

#[test]
fn hash_that_was_not_reported_is_refused() {
	let report = report();
	let mut shown = report.show(0, &[0]);
	shown[0].leaf.hash = [0; 32];
	assert_eq!(report.claim.check(0, &[0], &shown), Err(Refusal::InvalidPath));
}

#[test]
fn leaf_above_the_target_is_refused() {
	let report = report();
	let shown = report.show(0, &[0]);
	let harder = Claim { target: [0; 32], ..report.claim };
	assert_eq!(harder.check(0, &[0], &shown), Err(Refusal::TargetMissed));
}

#[test]
fn reported_hash_that_randomx_does_not_give_is_wrong() {
	let report = report_with(|leaf| {
		// Made to meet the target without the work.
		let seed = claim().seed;
		leaf.hash = (0u64..)
			.map(|tries| sp_crypto_hashing::blake2_256(&tries.to_le_bytes()))
			.find(|hash| Leaf { hash: *hash, ..*leaf }.commitment(&seed) <= TARGET)
			.unwrap();
	});
	let shown = report.show(3, &[1, 3]);
	assert_eq!(report.claim.verify::<Toy>(3, &[1, 3], &shown), Ok(false));
}

#[test]
fn hashes_of_another_chain_or_seed_are_wrong() {
	let report = report();
	let shown = report.show(0, &[0]);
	let elsewhere = Claim { genesis: [2; 32], ..report.claim };
	assert_eq!(elsewhere.verify::<Toy>(0, &[0], &shown), Ok(false));
	let later = Claim { seed: [8; 32], target: [0xff; 32], ..report.claim };
	assert_eq!(later.verify::<Toy>(0, &[0], &shown), Ok(false));
}

#[test]
fn missing_hashes_are_wrong() {
	let report = report();
	let shown = report.show(0, &[0, 1]);
	let work = report.claim.check(0, &[0, 1], &shown).unwrap();
	let hashes = Toy::hashes(&work.key, &work.inputs);
	assert!(marketplace_proof::matches(&shown, &hashes));
	assert!(!marketplace_proof::matches(&shown, &hashes[..1]));
	assert!(!marketplace_proof::matches(&shown, &[]));
}
