use super::*;
use frame_support::dispatch::{DispatchClass, DispatchInfo, GetDispatchInfo};
use sp_runtime::{
	traits::{DispatchTransaction, TransactionExtension},
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

fn validate(call: &RuntimeCall) -> Result<(), TransactionValidityError> {
	let source = TransactionSource::InBlock;
	LimitChecks::<Test>::new()
		.validate_only(signed(operator()), call, &DispatchInfo::default(), 0, source, 0)
		.map(|_| ())
}

fn answer() -> RuntimeCall {
	let (server, leaves) = (SERVER, Default::default());
	RuntimeCall::Capacity(Call::answer_audit { server, epoch: 1, unit: 0, leaves })
}

#[test]
fn an_answer_waits_for_the_next_block_when_the_check_is_spent() {
	run(|| {
		assert_ok!(validate(&answer()));
		ChecksThisBlock::<Test>::put(MAX_CHECKS_PER_BLOCK);
		let exhausted = InvalidTransaction::ExhaustsResources.into();
		assert_eq!(validate(&answer()), Err(exhausted));
		// Other calls are none of its business.
		let other = RuntimeCall::Capacity(Call::settle_server { server: SERVER });
		assert_ok!(validate(&other));
		run_to(2);
		assert_ok!(validate(&answer()));
	});
}

#[test]
fn the_extension_says_what_it_weighs() {
	let extension = LimitChecks::<Test>::default();
	assert_eq!(extension.weight(&answer()), <() as WeightInfo>::limit_checks());
}

#[test]
fn answers_are_operational_and_weigh_by_their_leaves() {
	let info = answer().get_dispatch_info();
	assert_eq!(info.class, DispatchClass::Operational);
	let most = <() as WeightInfo>::answer_audit(0) + Capacity::most_settling();
	assert_eq!(info.call_weight, most);
}
