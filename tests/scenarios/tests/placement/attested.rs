//! Attributes that attestors vouch for.

use crate::*;

/// Governance names what an account may attest.
fn name_attestor(attributes: Attributes) {
	let attestor = account(ATTESTOR);
	let call = ProvidersCall::set_attestor { attestor, attributes };
	let call = Box::new(RuntimeCall::Providers(call));
	act(GOVERNOR, pallet_sudo::Call::sudo { call });
}

fn attest(attributes: Attributes) -> RuntimeCall {
	ProvidersCall::attest { server: FOURTH, attributes }.into()
}

#[test]
fn attested_attributes_match_as_long_as_an_attestor_vouches_for_them() {
	with_supply(|ledger| {
		let sealed = Attributes::of(&[SEALED]);
		let attested = || wanted(1, Where { attested: sealed, ..Default::default() });
		let developer = account(DEVELOPER);
		let vouched = |units: &[u8]| {
			let expected: Vec<_> =
				units.iter().map(|unit| (FOURTH, Units::one(*unit), 13 * USDC / 10)).collect();
			assert_eq!(marketplace_scenarios::client::promised(&quote(&attested())), expected);
		};
		// The provider's word is not enough.
		assert_eq!(post_as_quoted(DEVELOPER, attested()), None);
		ledger.hold(&developer, Coin::Usdc, 10 * DEAR);
		let open = explain_offer(0u64.into());
		let excluded = &open.exclusions[0];
		assert_eq!((excluded.constraint, excluded.asks), (Constraint::Attested, 5));
		assert_eq!((excluded.units, excluded.units_alone), (20, 20));
		assert!(remedy(&open, Constraint::Attested).is_some());

		let refusal = |error: ProvidersError<Runtime>| DispatchError::from(error);
		refused(signed(ATTESTOR), attest(sealed), refusal(ProvidersError::NotAttestor));
		name_attestor(sealed);
		let more = Attributes::of(&[SEALED, 16]);
		refused(signed(ATTESTOR), attest(more), refusal(ProvidersError::MayNotAttest));
		// Granted later: the offer that waited matches then.
		act(ATTESTOR, attest(sealed));
		chain::let_idle();
		assert_eq!(parts(DealId(0)), [(FOURTH, Units(1), 13 * USDC / 10)]);
		vouched(&[1]);
		ledger.check();

		// Revoked: no longer, and the deal stands.
		act(ATTESTOR, attest(Attributes::NONE));
		vouched(&[]);
		assert_eq!(post_as_quoted(DEVELOPER, attested()), None);
		ledger.hold(&developer, Coin::Usdc, 10 * DEAR);
		assert_eq!(parts(DealId(0)).len(), 1);
		act(DEVELOPER, pallet_offers::Call::cancel_offer { offer: 1u64.into() });
		ledger.release(&developer, Coin::Usdc, 10 * DEAR);

		// What an attestor said stands until somebody drops what it may not say any more.
		act(ATTESTOR, attest(sealed));
		vouched(&[1]);
		let (server, attestor) = (FOURTH, account(ATTESTOR));
		let call = ProvidersCall::drop_attestation { server, attestor };
		let stands = refusal(ProvidersError::AttestationStands);
		refused(signed(STRANGER), call.clone(), stands);
		name_attestor(Attributes::NONE);
		vouched(&[1]);
		act(STRANGER, call);
		vouched(&[]);
		assert!(Offers::offer(0u64.into()).is_none());
		ledger.check();
	});
}
