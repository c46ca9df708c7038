//! A validator that signs two blocks for one slot loses its seat.

use codec::Encode;
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use marketplace_runtime::{
	genesis, timing, AccountId, Hash, Header, Historical, Runtime, Session, System, ValidatorSet,
};
use marketplace_scenarios::{
	actors::{account, dispatch, signed, Key, STRANGER},
	chain,
};
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	AuthorityId, EquivocationProof, Slot, BABE_ENGINE_ID,
};
use sp_runtime::{traits::Header as _, Digest, DigestItem};

/// A block that validator `index` signs for `slot`.
fn block_of(signer: Key, index: u32, slot: u64, root: Hash) -> Header {
	let slot = Slot::from(slot);
	let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: index, slot });
	let logs = vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())];
	let none = Hash::zero();
	let mut header = Header::new(5, root, none, none, Digest { logs });
	let seal = signer.sign(header.hash().as_ref());
	header.digest_mut().push(DigestItem::Seal(BABE_ENGINE_ID, seal.encode()));
	header
}

/// What proves that validator `index` signed two blocks for `slot`.
fn report(signer: Key, index: u32, slot: u64) -> pallet_babe::Call<Runtime> {
	let offender = AuthorityId::from(signer.public());
	let key_owner_proof = Historical::prove((sp_consensus_babe::KEY_TYPE, offender.clone()))
		.expect("the validator is of this session");
	let proof = EquivocationProof {
		offender,
		slot: Slot::from(slot),
		first_header: block_of(signer, index, slot, Hash::repeat_byte(1)),
		second_header: block_of(signer, index, slot, Hash::repeat_byte(2)),
	};
	let equivocation_proof = Box::new(proof);
	pallet_babe::Call::report_equivocation { equivocation_proof, key_owner_proof }
}

fn validators() -> Vec<AccountId> {
	Session::validators()
}

#[test]
fn equivocation_costs_the_seat_of_its_author() {
	chain::from_preset(genesis::LOCAL, |_| {}).execute_with(|| {
		let [alice, bob, charlie] = [Key::Alice, Key::Bob, Key::Charlie].map(account);
		assert_eq!(
			validators(),
			[bob.clone(), charlie.clone(), alice.clone()],
			"sorted by account"
		);
		chain::run_to_block(10);
		let proof = report(Key::Bob, 0, 5);
		assert_ok!(dispatch(signed(STRANGER), proof.clone()));
		assert!(!ValidatorSet::members().contains(&bob));
		let known = pallet_babe::Error::<Runtime>::DuplicateOffenceReport;
		assert_eq!(dispatch(signed(STRANGER), proof), Err(known.into()));

		// The session after the next is the first that is planned without it.
		let session = u32::try_from(timing::SlotsPerSession::<Runtime>::get()).unwrap();
		chain::run_to_block(System::block_number() + 2 * session);
		assert_eq!(validators(), [charlie, alice]);
	});
}

#[test]
fn single_block_proves_no_equivocation() {
	chain::from_preset(genesis::LOCAL, |_| {}).execute_with(|| {
		chain::run_to_block(10);
		let pallet_babe::Call::report_equivocation { mut equivocation_proof, key_owner_proof } =
			report(Key::Bob, 0, 5)
		else {
			unreachable!("it was made so")
		};
		equivocation_proof.second_header = equivocation_proof.first_header.clone();
		let call = pallet_babe::Call::report_equivocation { equivocation_proof, key_owner_proof };
		let invalid = pallet_babe::Error::<Runtime>::InvalidEquivocationProof;
		assert_eq!(dispatch(signed(STRANGER), call), Err(invalid.into()));
		assert_eq!(validators().len(), 3);
	});
}
