//! Whatever is wrong with a call, it is refused with the error that its documentation names, and nothing
//! moves: every refusal compares the root of the whole state.

mod deals;
mod limits;
mod names;
mod offers;
mod records;

use frame_support::traits::GetCallMetadata;
use marketplace_primitives::{
	api::Renewal, peer_message, AccessList, AskId, Attributes, CommitmentId, DataCenterId, DealId,
	EscrowId, OfferId, PaymentAsset, Placement, ServerId, UnitLedger, Units, UnitsWanted,
};
use marketplace_runtime::{
	constants::{FLT, USDC},
	Capacity, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use marketplace_scenarios::{
	actors::{
		account, act, dispatch, peer, peer_id, refused, signed, Key, DELEGATOR, DEVELOPER, NORTH,
		NORTH_OPERATOR, OTHER_DEVELOPER, SOUTH, STRANGER,
	},
	acts::{
		self, ask, ask_call, commit, register, register_call, settle_down, workers_call, Machine,
		Wanted, DOLLARS,
	},
	chain, invariants,
	ledger::{on_chain, Coin},
	proving::{answer_call, report_call},
};
use pallet_capacity::{Call as CapacityCall, Error as CapacityError};
use pallet_deals::{Call as DealsCall, Error as DealsError};
use pallet_offers::{Call as OffersCall, Error as OffersError};
use pallet_providers::{Call as ProvidersCall, Error as ProvidersError};
use sp_core::Pair;
use sp_runtime::{traits::BadOrigin, ArithmeticError, DispatchError, Perbill, TokenError};
use std::collections::BTreeSet;

/// Has no money at all.
const PAUPER: Key = Key::One;

const SITE: DataCenterId = DataCenterId(0);
const SERVER: ServerId = ServerId(0);
const ASK: AskId = AskId(0);
/// Runs.
const COMMITMENT: CommitmentId = CommitmentId(0);
/// Waits for stake.
const WAITING: CommitmentId = CommitmentId(1);
/// In the book.
const OFFER: OfferId = OfferId(1);
/// One unit, from epoch 3 until epoch 5 begins.
const DEAL: DealId = DealId(0);

type P = ProvidersError<Runtime>;
type C = CapacityError<Runtime>;
type O = OffersError<Runtime>;
type D = DealsError<Runtime>;

/// A market in its second epoch, in which everything stands that a call could speak of. The proofs are
/// none, but nobody has asked for them yet.
fn with_market(test: impl FnOnce(Machine)) {
	chain::development().execute_with(|| {
		settle_down(NORTH);
		settle_down(SOUTH);
		let machine = register(SITE, NORTH, NORTH_OPERATOR, 1, 4);
		ask(machine, Units(0b0011), USDC);
		commit(machine, Units(0b0111), 10, Perbill::from_percent(10), 30 * FLT, DELEGATOR);
		act(NORTH, commit_call(SERVER, Units(0b1000), 10));
		chain::run_to_epoch(2);
		act(NORTH_OPERATOR, report_call(SERVER, 2, [1; 32], Units(0b0111), Units::NONE));
		Wanted::new(1, 2 * USDC, 2).post(DEVELOPER);
		Wanted::new(1, USDC / 2, 2).post(DEVELOPER);
		assert!(pallet_deals::Deals::<Runtime>::contains_key(DEAL));
		test(machine);
		assert_eq!(invariants::check(), Ok(()));
	});
}

fn text<const N: u32>(
	text: &str,
) -> sp_runtime::BoundedVec<u8, frame_support::traits::ConstU32<N>> {
	text.as_bytes().to_vec().try_into().expect("it is short")
}

fn site(country: &[u8; 2], city: &str, tier: u8) -> RuntimeCall {
	ProvidersCall::register_data_center { country: *country, city: text(city), tier }.into()
}

fn named(name: &str) -> RuntimeCall {
	ProvidersCall::register_provider { name: text(name) }.into()
}

fn renamed(name: &str) -> RuntimeCall {
	ProvidersCall::rename_provider { name: text(name) }.into()
}

fn commit_call(server: ServerId, units: Units, duration: u32) -> RuntimeCall {
	acts::commit_call(server, units, duration, Perbill::zero(), Perbill::zero())
}

fn delegate(commitment: CommitmentId, amount: u128) -> RuntimeCall {
	CapacityCall::delegate { commitment, amount }.into()
}

fn set_commission(commitment: CommitmentId, part: u32) -> RuntimeCall {
	let commission = Perbill::from_percent(part);
	CapacityCall::set_commission { commitment, commission }.into()
}

fn extend(commitment: CommitmentId, epochs: u32) -> RuntimeCall {
	CapacityCall::propose_extension { commitment, epochs }.into()
}

fn accept(commitment: CommitmentId) -> RuntimeCall {
	CapacityCall::accept_extension { commitment }.into()
}

fn claim_income(commitment: CommitmentId) -> RuntimeCall {
	CapacityCall::claim_income { commitment, asset: DOLLARS }.into()
}

/// Every call that somebody signs.
fn signed_calls() -> Vec<RuntimeCall> {
	let (server, commitment, offer, deal) = (SERVER, COMMITMENT, OFFER, DEAL);
	let operator = account(STRANGER);
	let escrow = EscrowId::Deal(DEAL);
	let attributes = Attributes::NONE;
	let mut calls = vec![
		named("Name"),
		renamed("Name"),
		site(b"NO", "Oslo", 1),
		register_call(SITE, NORTH, NORTH, 2, 1),
		ProvidersCall::set_operator { server, operator }.into(),
		ask_call(SERVER, Units(0b100), 1),
		ProvidersCall::withdraw_ask { ask: ASK }.into(),
		ProvidersCall::deregister_server { server }.into(),
		ProvidersCall::remove_data_center { data_center: SITE }.into(),
		ProvidersCall::deregister_provider {}.into(),
		commit_call(SERVER, Units(0b1), 10),
		delegate(WAITING, FLT),
		report_call(SERVER, 2, [0; 32], Units(1), Units::NONE),
		answer_call(SERVER, 2, 0, vec![]),
		CapacityCall::withdraw_stake { commitment }.into(),
		CapacityCall::claim_rewards { commitment }.into(),
		CapacityCall::cancel_commitment { commitment: WAITING }.into(),
		CapacityCall::settle_server { server }.into(),
		set_commission(commitment, 5),
		extend(commitment, 5),
		accept(commitment),
		claim_income(commitment),
		Wanted::new(1, 1, 1).call(),
		OffersCall::cancel_offer { offer }.into(),
		OffersCall::raise_price { offer, new_price: USDC }.into(),
		OffersCall::claim_payout { escrow, payee: account(NORTH) }.into(),
		OffersCall::expire_offer { offer }.into(),
		pallet_matcher::Call::poke { offer }.into(),
		pallet_matcher::Call::solve { offer, picks: Default::default() }.into(),
		workers_call(DEAL, SERVER, Units(0b1)),
		DealsCall::settle { deal, server }.into(),
		DealsCall::close_deal { deal }.into(),
		DealsCall::close_allocation { deal, server }.into(),
		DealsCall::top_up { deal, amount: USDC }.into(),
		DealsCall::compensate { deal, server }.into(),
		ProvidersCall::declare_hardware { server, class: 1 }.into(),
		ProvidersCall::declare_attributes { server, attributes }.into(),
		ProvidersCall::attest { server, attributes }.into(),
		ProvidersCall::drop_attestation { server, attestor: account(NORTH) }.into(),
	];
	calls.extend(deals::changes());
	calls.extend(deals::terms());
	calls
}

/// Every call for governance alone.
fn calls_of_governance() -> Vec<RuntimeCall> {
	let mut calls = vec![
		ProvidersCall::admit_asset { asset: PaymentAsset::WithId(2) }.into(),
		ProvidersCall::dismiss_asset { asset: DOLLARS }.into(),
		DealsCall::set_protocol_fee { fee: Perbill::zero() }.into(),
		CapacityCall::set_difficulty { difficulty: Capacity::difficulty() }.into(),
	];
	calls.extend(names::calls());
	calls
}

#[test]
fn wrong_origins_are_refused() {
	with_market(|_| {
		for call in signed_calls() {
			refused(RuntimeOrigin::none(), call.clone(), BadOrigin);
			refused(RuntimeOrigin::root(), call, BadOrigin);
		}
		for who in [RuntimeOrigin::none(), signed(Key::Alice), signed(NORTH)] {
			for call in calls_of_governance() {
				refused(who.clone(), call, BadOrigin);
			}
		}
	});
}

#[test]
fn every_call_of_the_market_is_sent_with_wrong_origins() {
	with_market(|_| {
		let calls = signed_calls().into_iter().chain(calls_of_governance());
		let sent: BTreeSet<_> = calls
			.map(|call| call.get_call_metadata())
			.map(|names| (names.pallet_name, names.function_name))
			.collect();
		for pallet in ["Providers", "Capacity", "Offers", "Matcher", "Deals"] {
			for name in RuntimeCall::get_call_names(pallet) {
				assert!(sent.contains(&(pallet, *name)), "{pallet}.{name}");
			}
		}
	});
}

#[test]
fn unknown_ids_are_refused() {
	with_market(|_| {
		let (server, data_center) = (ServerId(9), DataCenterId(9));
		let north = |call: RuntimeCall, error: P| refused(signed(NORTH), call, error);
		north(register_call(data_center, NORTH, NORTH, 2, 1), P::UnknownDataCenter);
		north(ProvidersCall::remove_data_center { data_center }.into(), P::UnknownDataCenter);
		let operator = account(STRANGER);
		north(ProvidersCall::set_operator { server, operator }.into(), P::UnknownServer);
		north(ask_call(server, Units(1), 1), P::UnknownServer);
		north(ProvidersCall::deregister_server { server }.into(), P::UnknownServer);
		north(ProvidersCall::withdraw_ask { ask: AskId(9) }.into(), P::UnknownAsk);

		let north = |call: RuntimeCall, error: C| refused(signed(NORTH), call, error);
		let commitment = CommitmentId(9);
		north(commit_call(server, Units(1), 10), C::UnknownServer);
		north(delegate(commitment, FLT), C::UnknownCommitment);
		north(report_call(server, 2, [0; 32], Units(1), Units::NONE), C::UnknownServer);
		north(answer_call(server, 2, 0, vec![]), C::UnknownServer);
		north(CapacityCall::withdraw_stake { commitment }.into(), C::UnknownCommitment);
		north(CapacityCall::claim_rewards { commitment }.into(), C::UnknownCommitment);
		north(CapacityCall::cancel_commitment { commitment }.into(), C::UnknownCommitment);
		north(CapacityCall::settle_server { server }.into(), C::UnknownServer);
		north(set_commission(commitment, 5), C::UnknownCommitment);
		north(extend(commitment, 5), C::UnknownCommitment);
		north(accept(commitment), C::UnknownCommitment);
		north(claim_income(commitment), C::UnknownCommitment);

		// Offer 0 is full, and so it is gone.
		for offer in [OfferId(0), OfferId(9)] {
			let developer = |call: RuntimeCall| refused(signed(DEVELOPER), call, O::UnknownOffer);
			developer(OffersCall::cancel_offer { offer }.into());
			developer(OffersCall::raise_price { offer, new_price: USDC }.into());
			developer(OffersCall::expire_offer { offer }.into());
			let unknown = pallet_matcher::Error::<Runtime>::UnknownOffer;
			refused(signed(STRANGER), pallet_matcher::Call::poke { offer }, unknown);
		}
		for escrow in [EscrowId::Deal(DEAL), EscrowId::Deal(DealId(9)), EscrowId::Offer(OFFER)] {
			let payee = account(NORTH);
			let call = OffersCall::claim_payout { escrow, payee };
			refused(signed(NORTH), call, O::NothingOwed);
		}

		let deal = DealId(9);
		refused(signed(NORTH), workers_call(deal, SERVER, Units(1)), D::UnknownDeal);
		refused(signed(NORTH), workers_call(DEAL, server, Units(1)), D::UnknownAllocation);
		refused(signed(NORTH), DealsCall::settle { deal, server: SERVER }, D::UnknownDeal);
		refused(signed(NORTH), DealsCall::settle { deal: DEAL, server }, D::UnknownAllocation);
		refused(signed(NORTH), DealsCall::close_deal { deal }, D::UnknownDeal);
		let close = |deal, server| DealsCall::close_allocation { deal, server };
		refused(signed(NORTH), close(deal, SERVER), D::UnknownDeal);
		refused(signed(NORTH), close(DEAL, server), D::UnknownAllocation);
		let call = DealsCall::compensate { deal, server: SERVER };
		refused(signed(DEVELOPER), call, D::UnknownDeal);
		let call = DealsCall::compensate { deal: DEAL, server };
		refused(signed(DEVELOPER), call, D::UnknownAllocation);
	});
}

#[test]
fn what_belongs_to_others_is_refused() {
	with_market(|_| {
		let (server, offer) = (SERVER, OFFER);
		for who in [SOUTH, STRANGER, NORTH_OPERATOR] {
			let operator = account(who);
			refused(signed(who), register_call(SITE, who, who, 2, 1), P::NotOwner);
			refused(signed(who), ProvidersCall::set_operator { server, operator }, P::NotOwner);
			refused(signed(who), ask_call(SERVER, Units(0b100), 1), P::NotOwner);
			refused(signed(who), ProvidersCall::withdraw_ask { ask: ASK }, P::NotOwner);
			refused(signed(who), ProvidersCall::deregister_server { server }, P::NotOwner);
			let call = ProvidersCall::remove_data_center { data_center: SITE };
			refused(signed(who), call, P::NotOwner);
			refused(signed(who), commit_call(SERVER, Units(1), 10), C::NotProvider);
			let call = CapacityCall::cancel_commitment { commitment: WAITING };
			refused(signed(who), call, C::NotProvider);
			let call = CapacityCall::claim_rewards { commitment: COMMITMENT };
			refused(signed(who), call, C::NotStaker);
			let call = CapacityCall::withdraw_stake { commitment: WAITING };
			refused(signed(who), call, C::NotStaker);
			refused(signed(who), set_commission(COMMITMENT, 5), C::NotProvider);
			refused(signed(who), extend(COMMITMENT, 5), C::NotProvider);
			refused(signed(who), accept(COMMITMENT), C::NotStaker);
			refused(signed(who), claim_income(COMMITMENT), C::NotStaker);
			refused(signed(who), OffersCall::cancel_offer { offer }, O::NotDeveloper);
			let call = OffersCall::raise_price { offer, new_price: USDC };
			refused(signed(who), call, O::NotDeveloper);
		}
		let report = report_call(SERVER, 2, [0; 32], Units(1), Units::NONE);
		for who in [SOUTH, STRANGER, NORTH] {
			refused(signed(who), report.clone(), C::NotOperator);
		}
		for who in [SOUTH, STRANGER, DEVELOPER] {
			refused(signed(who), workers_call(DEAL, SERVER, Units(1)), D::NotOperator);
		}
		for who in [STRANGER, NORTH_OPERATOR] {
			refused(signed(who), renamed("Name"), P::NotRegistered);
			refused(signed(who), site(b"NO", "Oslo", 1), P::NotRegistered);
			refused(signed(who), ProvidersCall::deregister_provider {}, P::NotRegistered);
		}
	});
}
