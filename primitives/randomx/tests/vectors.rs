//! Known hashes, through the call that the runtime makes.

use hex_literal::hex;
use marketplace_proof::{input, Hash, Input, ProofHasher};
use marketplace_randomx::{
	capacity_proof, hash_inputs, self_test, Engine, Mode, RandomX, BAD_LENGTHS, OK,
};
use std::thread;

const LOREM: &[u8] = b"Lorem ipsum dolor sit amet";
const SED: &[u8] = b"sed do eiusmod tempor incididunt ut labore et dolore magna aliqua";
const BLOB: &[u8] = &hex!(
	"0b0b98bea7e805e0010a2126d287a2a0cc833d312cb786385a7c2f9de69d25537f584a9bc9977b00000000666fd8753b"
	"f61a8631f12984e3fd44f4014eca629276817b56f32e9b68bd82f416"
);

/// Key, input, hash: the data set has 4 GiB.
const VECTORS: [(&[u8], &[u8], Hash); 9] = [
	(
		&hex!("01020304050607"),
		&hex!("020304050607"),
		hex!("43ef5412f7085db63dfbb799435457da870ef9a31fbe0f5a393c508a25b67a23"),
	),
	(
		b"test key 000",
		b"This is a test",
		hex!("624b43f2a96dc33698d3b5146e30ece99b62386b445808c513b032e5171222eb"),
	),
	(
		b"test key 000",
		LOREM,
		hex!("b28c2e21e674dde02a2bee48357f1d4028415dd554c7382be36d3dc97ee13ecf"),
	),
	(
		b"test key 000",
		SED,
		hex!("f2ef0602fc4cc21eb232f41161e1d1bad14e829ba6ca079c08bd3c4e2b308c01"),
	),
	(
		b"test key 001",
		SED,
		hex!("186792bea0ad572e5628c51c1a5fa825a305c05a435f519d95055a3a3cfbf904"),
	),
	(
		b"test key 001",
		BLOB,
		hex!("3ab58a3342e09074f43fb2cd49dca0eea71528fe26cee2ebee44dc969315562a"),
	),
	(&[0; 32], &[0; 32], hex!("6b366e77bfd1e3814d18925d667254b717f7995b3688bd521c8921b0435edc88")),
	(&[0; 32], &[1; 32], hex!("ccad7c784e2166273b2334c5e2c2063c32df38d4f46311fc04716607dcd2ea56")),
	(&[1; 32], &[0; 32], hex!("a8501081a7309fd54652dd8b33dd933b1ceff1d11e94681b6faec95ffd163148")),
];

/// The hash of vector 1 by the usual RandomX, with a data set of 2 GiB.
const USUAL: Hash = hex!("639183aae1bf4c9a35884cb46b09cad9175f04efd7684e7262a0ac1c2f0b4e3f");

fn hash(key: &[u8], input: &[u8]) -> Hash {
	let mut out = [0; 32];
	assert_eq!(hash_inputs(key, input, input.len() as u32, &mut out), OK);
	out
}

#[test]
fn known_hashes_come_out() {
	for (number, (key, input, expected)) in VECTORS.into_iter().enumerate() {
		assert_eq!(hash(key, input), expected, "vector {number}");
	}
}

#[test]
fn flavour_is_not_the_usual_one() {
	let (key, input, _) = VECTORS[1];
	assert_ne!(hash(key, input), USUAL);
}

#[test]
fn host_function_hashes_several_inputs_under_one_key() {
	let inputs = [[0u8; 32], [1; 32]].concat();
	let mut out = [0; 64];
	assert_eq!(capacity_proof::randomx(&[0; 32], &inputs, 32, &mut out), OK);
	assert_eq!(out[..32], VECTORS[6].2);
	assert_eq!(out[32..], VECTORS[7].2);
	assert_eq!(capacity_proof::randomx(&[1; 32], &[0; 32], 32, &mut out[..32]), OK);
	assert_eq!(out[..32], VECTORS[8].2, "another key");
	assert_eq!(out[32..], VECTORS[7].2, "left alone");
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
	let mut out = [7; 32 * 9];
	let mut call = |inputs: usize, input_len, out_len: usize| {
		capacity_proof::randomx(&[0; 32], &vec![0; inputs], input_len, &mut out[..out_len])
	};
	assert_eq!(call(0, 0, 0), BAD_LENGTHS);
	assert_eq!(call(32, 0, 32), BAD_LENGTHS, "input of no length");
	assert_eq!(call(0, 32, 0), BAD_LENGTHS, "no input");
	assert_eq!(call(33, 32, 32), BAD_LENGTHS, "no multiple");
	assert_eq!(call(31, 32, 32), BAD_LENGTHS, "half an input");
	assert_eq!(call(9 * 32, 32, 9 * 32), BAD_LENGTHS, "nine inputs");
	assert_eq!(call(257, 257, 32), BAD_LENGTHS, "long input");
	assert_eq!(call(32, u32::MAX, 32), BAD_LENGTHS);
	assert_eq!(call(64, 32, 32), BAD_LENGTHS, "no room");
	assert_eq!(call(64, 32, 65), BAD_LENGTHS, "too much room");
	assert_eq!(out, [7; 32 * 9], "nothing is written");
}

#[test]
fn every_mode_gives_the_same_hash() {
	let (key, input, expected) = VECTORS[6];
	let engine = Engine::new(key).unwrap();
	let fastest = engine.hasher().unwrap();
	assert_eq!(fastest.mode(), Mode::fastest());
	for mode in [Mode::Jit, Mode::SecureJit, Mode::Interpreter] {
		if mode >= Mode::fastest() {
			assert_eq!(engine.hasher_in(mode).unwrap().hash(input), expected, "{mode:?}");
		}
	}
}

#[test]
fn cache_is_used_for_one_key_after_another() {
	let mut engine = Engine::new(VECTORS[6].0).unwrap();
	assert_eq!(engine.hasher().unwrap().hash(VECTORS[6].1), VECTORS[6].2);
	engine.set_key(VECTORS[8].0);
	assert_eq!(engine.hasher().unwrap().hash(VECTORS[8].1), VECTORS[8].2);
}

#[test]
fn callers_at_the_same_time_get_their_own_hashes() {
	thread::scope(|scope| {
		for (key, input, expected) in [VECTORS[6], VECTORS[8], VECTORS[7], VECTORS[6]] {
			scope.spawn(move || assert_eq!(hash(key, input), expected));
		}
	});
}

#[test]
fn proof_hasher_takes_more_inputs_than_one_call() {
	let inputs: Vec<Input> = (0..9).map(|slot| input(&[3; 32], slot, 1)).collect();
	let hashes = RandomX::hashes(&[2; 32], &inputs);
	assert_eq!(hashes.len(), 9);
	for (input, expected) in inputs.iter().zip(&hashes) {
		assert_eq!(hash(&[2; 32], input), *expected);
	}
	assert!(RandomX::hashes(&[2; 32], &[]).is_empty());
}

#[test]
fn self_test_passes() {
	let found = self_test().unwrap();
	assert_eq!(found.mode, Mode::fastest());
	assert!(!found.verification.is_zero());
	println!("largest audit: {:?}", found.verification);
}
