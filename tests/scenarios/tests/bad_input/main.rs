//! Whatever is wrong with a call, it is refused with the error that its documentation names, and nothing
//! moves: every refusal compares the root of the whole state.

use marketplace_primitives::{
	peer_message, AccessList, AskId, Attributes, CommitmentId, DataCenterId, DealId, EscrowId,
	OfferId, PaymentAsset, Placement, ServerId, Units, UnitsWanted,
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
		ask, ask_call, commit, register, register_call, settle_down, workers_call, Machine, Wanted,
		DOLLARS,
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
		let (units, duration, commission) = (Units(0b1000), 10, Perbill::zero());
		act(NORTH, CapacityCall::commit { server: SERVER, units, duration, commission });
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
	CapacityCall::commit { server, units, duration, commission: Perbill::zero() }.into()
}

fn delegate(commitment: CommitmentId, amount: u128) -> RuntimeCall {
	CapacityCall::delegate { commitment, amount }.into()
}

/// Every call that somebody signs.
fn signed_calls() -> Vec<RuntimeCall> {
	let (server, commitment, offer, deal) = (SERVER, COMMITMENT, OFFER, DEAL);
	let operator = account(STRANGER);
	let escrow = EscrowId::Deal(DEAL);
	vec![
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
		Wanted::new(1, 1, 1).call(),
		OffersCall::cancel_offer { offer }.into(),
		OffersCall::raise_price { offer, new_price: USDC }.into(),
		OffersCall::claim_payout { escrow }.into(),
		OffersCall::expire_offer { offer }.into(),
		pallet_matcher::Call::poke { offer }.into(),
		workers_call(DEAL, SERVER, Units(0b1)),
		DealsCall::settle { deal, server }.into(),
		DealsCall::close_deal { deal }.into(),
	]
}

#[test]
fn wrong_origins_are_refused() {
	with_market(|_| {
		for call in signed_calls() {
			refused(RuntimeOrigin::none(), call.clone(), BadOrigin);
			refused(RuntimeOrigin::root(), call, BadOrigin);
		}
		let asset = PaymentAsset::WithId(2);
		for who in [RuntimeOrigin::none(), signed(Key::Alice), signed(NORTH)] {
			refused(who.clone(), ProvidersCall::admit_asset { asset: asset.clone() }, BadOrigin);
			refused(who, ProvidersCall::dismiss_asset { asset: DOLLARS }, BadOrigin);
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
			let call = OffersCall::claim_payout { escrow };
			refused(signed(NORTH), call, O::NothingOwed);
		}

		let deal = DealId(9);
		refused(signed(NORTH), workers_call(deal, SERVER, Units(1)), D::UnknownDeal);
		refused(signed(NORTH), workers_call(DEAL, server, Units(1)), D::UnknownAllocation);
		refused(signed(NORTH), DealsCall::settle { deal, server: SERVER }, D::UnknownDeal);
		refused(signed(NORTH), DealsCall::settle { deal: DEAL, server }, D::UnknownAllocation);
		refused(signed(NORTH), DealsCall::close_deal { deal }, D::UnknownDeal);
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

#[test]
fn malformed_records_are_refused() {
	with_market(|_| {
		for name in ["", " ", "a\nb", "\u{7f}"] {
			refused(signed(STRANGER), named(name), P::InvalidName);
			refused(signed(NORTH), renamed(name), P::InvalidName);
			refused(signed(NORTH), site(b"NO", name, 1), P::InvalidCity);
		}
		let name = vec![0xff].try_into().expect("it is short");
		refused(signed(STRANGER), ProvidersCall::register_provider { name }, P::InvalidName);
		for country in [b"no", b"N ", b"47", &[0; 2]] {
			refused(signed(NORTH), site(country, "Oslo", 1), P::InvalidCountry);
		}
		for tier in [0, 5, 255] {
			refused(signed(NORTH), site(b"NO", "Oslo", tier), P::InvalidTier);
		}
		refused(signed(NORTH), named("Name"), P::AlreadyRegistered);
		let workers = |workers: Vec<(u8, [u8; 32])>| {
			let workers = workers.try_into().expect("they are few");
			DealsCall::set_workers { deal: DEAL, server: SERVER, workers }
		};
		refused(signed(NORTH), workers(vec![]), D::NoWorkers);
		let twice = vec![(0, [1; 32]), (0, [2; 32])];
		refused(signed(NORTH), workers(twice), D::DuplicateUnit);
		for unit in [1, 4, 64, 255] {
			refused(signed(NORTH), workers(vec![(unit, [1; 32])]), D::ForeignUnit);
		}
	});
}

#[test]
fn zero_and_excessive_numbers_are_refused() {
	with_market(|_| {
		let north = |call: RuntimeCall, error: P| refused(signed(NORTH), call, error);
		north(register_call(SITE, NORTH, NORTH, 2, 0), P::NoUnits);
		north(register_call(SITE, NORTH, NORTH, 2, 65), P::TooManyUnits);
		north(register_call(SITE, NORTH, NORTH, 2, 255), P::TooManyUnits);
		north(ask_call(SERVER, Units::NONE, 1), P::NoUnits);
		north(ask_call(SERVER, Units(0b100), 0), P::ZeroPrice);
		north(ask_call(SERVER, Units(0b1_0000), 1), P::ForeignUnits);
		north(ask_call(SERVER, Units(u64::MAX), 1), P::ForeignUnits);
		north(ask_call(SERVER, Units(0b110), 1), P::UnitsAlreadyAsked);

		let north = |call: RuntimeCall, error: C| refused(signed(NORTH), call, error);
		north(commit_call(SERVER, Units::NONE, 10), C::NoUnits);
		north(commit_call(SERVER, Units(0b1_0000), 10), C::ForeignUnits);
		north(commit_call(SERVER, Units(0b1000), 10), C::UnitsCommitted);
		north(commit_call(SERVER, Units(0b0001), 10), C::UnitsCommitted);
		for duration in [0, 1, 10_001, u32::MAX] {
			north(commit_call(SERVER, Units(1), duration), C::InvalidDuration);
		}
		north(delegate(WAITING, 0), C::StakeTooLow);
		north(delegate(WAITING, 1), C::StakeTooLow);
		north(delegate(WAITING, 100 * FLT + 1), C::StakeExceeded);
		north(delegate(WAITING, u128::MAX), C::StakeExceeded);
		// Ten of the hundred are for the provider itself.
		refused(signed(DELEGATOR), delegate(WAITING, 90 * FLT + 1), C::StakeExceeded);
		north(delegate(COMMITMENT, FLT), C::NotWaiting);
		let call = CapacityCall::claim_rewards { commitment: COMMITMENT };
		north(call.into(), C::NothingToClaim);
	});
}

#[test]
fn offers_that_make_no_sense_are_refused() {
	with_market(|_| {
		let offer = |change: fn(&mut Wanted), error: DispatchError| {
			let mut wanted = Wanted::new(2, USDC, 3);
			change(&mut wanted);
			refused(signed(DEVELOPER), wanted.call(), error);
		};
		let units = |min, target| UnitsWanted { min, target };
		offer(|wanted| wanted.max_price = 0, O::ZeroPrice.into());
		offer(|wanted| wanted.term = 0, O::TermTooShort.into());
		offer(|wanted| wanted.term = 10_001, O::TermTooLong.into());
		offer(|wanted| wanted.term = u32::MAX, O::TermTooLong.into());
		offer(|wanted| wanted.expiry = 1, O::ExpiryPassed.into());
		offer(|wanted| wanted.expiry = 0, O::ExpiryPassed.into());
		offer(|wanted| wanted.expiry = 10_003, O::ExpiryTooFar.into());
		offer(|wanted| wanted.expiry = u32::MAX, O::ExpiryTooFar.into());
		offer(|wanted| wanted.placement.max_per_provider = Some(0), O::CapBelowMin.into());
		let empty: fn(&mut Wanted) =
			|wanted| wanted.placement.providers = AccessList::Allow(Default::default());
		offer(empty, O::EmptyAllowList.into());
		for (wanted, error) in [
			(units(0, 1), O::ZeroUnits),
			(units(0, 0), O::ZeroUnits),
			(units(1, 0), O::ZeroUnits),
			(units(3, 2), O::MinAboveTarget),
			(units(1, 4_097), O::TooManyUnits),
			(units(1, u32::MAX), O::TooManyUnits),
		] {
			let offer = Wanted { units: wanted, ..Wanted::new(1, 1, 1) };
			refused(signed(DEVELOPER), offer.call(), error);
		}
		let allowed = vec![account(NORTH), account(NORTH)].try_into().expect("they are few");
		let placement =
			Placement { max_per_provider: Some(2), providers: AccessList::Allow(allowed) };
		let capped = Wanted { placement, ..Wanted::new(3, USDC, 3) };
		refused(signed(DEVELOPER), capped.call(), O::CapBelowMin);

		for asset in [PaymentAsset::WithId(0), PaymentAsset::WithId(2)] {
			let mut call = Wanted::new(1, 1, 1).call();
			if let RuntimeCall::Offers(OffersCall::post_offer { asset: wanted, .. }) = &mut call {
				*wanted = asset;
			}
			refused(signed(DEVELOPER), call, O::AssetNotAdmitted);
		}
		let mut call = Wanted::new(1, 1, 1).call();
		if let RuntimeCall::Offers(OffersCall::post_offer { app_cid, .. }) = &mut call {
			app_cid.clear();
		}
		refused(signed(DEVELOPER), call, O::EmptyCid);

		for new_price in [0, USDC / 4, USDC / 2] {
			let call = OffersCall::raise_price { offer: OFFER, new_price };
			refused(signed(DEVELOPER), call, O::PriceNotHigher);
		}
		let call = OffersCall::expire_offer { offer: OFFER };
		refused(signed(STRANGER), call, O::NotExpired);
	});
}

#[test]
fn sums_that_overflow_are_refused() {
	with_market(|_| {
		let overflow = || DispatchError::Arithmetic(ArithmeticError::Overflow);
		for (units, price, term) in [
			(2, u128::MAX, 1),
			(1, u128::MAX, 2),
			(4_096, u128::MAX / 4_095, 1),
			(4_096, u128::MAX / 4_096, 10_000),
		] {
			refused(signed(DEVELOPER), Wanted::new(units, price, term).call(), overflow());
		}
		let call = OffersCall::raise_price { offer: OFFER, new_price: u128::MAX };
		refused(signed(DEVELOPER), call, overflow());
		// One plank less than overflow is merely too much.
		let poor = TokenError::FundsUnavailable;
		refused(signed(DEVELOPER), Wanted::new(1, u128::MAX, 1).call(), poor);
	});
}

#[test]
fn wrong_signatures_and_foreign_peers_are_refused() {
	with_market(|_| {
		let genesis = System::block_hash(0).0;
		let call = |peer_id, operator, message: Vec<u8>| ProvidersCall::register_server {
			data_center: SITE,
			peer_id,
			signature: peer(2).sign(&message).0,
			operator: account(operator),
			units: 1,
			attributes: Attributes::NONE,
		};
		let message = |genesis, provider, operator| {
			peer_message(&genesis, &account(provider), &account(operator))
		};
		let right = message(genesis, NORTH, NORTH_OPERATOR);
		let mut longer = right.clone();
		longer.push(0);
		for (peer, operator, message) in [
			// Another chain, provider, operator, domain; another key's peer.
			(2, NORTH_OPERATOR, message([1; 32], NORTH, NORTH_OPERATOR)),
			(2, NORTH_OPERATOR, message(genesis, SOUTH, NORTH_OPERATOR)),
			(2, NORTH_OPERATOR, message(genesis, NORTH, NORTH)),
			(2, NORTH, right.clone()),
			(2, NORTH_OPERATOR, right[1..].to_vec()),
			(2, NORTH_OPERATOR, longer),
			(2, NORTH_OPERATOR, vec![]),
			(3, NORTH_OPERATOR, right.clone()),
		] {
			refused(signed(NORTH), call(peer_id(peer), operator, message), P::InvalidSignature);
		}
		// Not a point of the curve, and a server's own peer.
		let nobody = call([0xff; 32], NORTH_OPERATOR, right.clone());
		refused(signed(NORTH), nobody, P::InvalidSignature);
		let taken = register_call(SITE, NORTH, NORTH_OPERATOR, 1, 1);
		refused(signed(NORTH), taken, P::PeerIdTaken);
		act(NORTH, call(peer_id(2), NORTH_OPERATOR, right));
	});
}

#[test]
fn terms_that_are_over_are_refused() {
	with_market(|machine| {
		let soon = Wanted { expiry: 2, ..Wanted::new(1, USDC / 2, 2) }.post(DEVELOPER);
		let (server, deal) = (SERVER, DEAL);
		refused(signed(STRANGER), DealsCall::close_deal { deal }, D::NotEnded);
		chain::run_to_epoch(3);
		let call = OffersCall::raise_price { offer: soon, new_price: USDC };
		refused(signed(DEVELOPER), call, O::ExpiryPassed);
		act(STRANGER, OffersCall::expire_offer { offer: soon });
		refused(signed(STRANGER), OffersCall::expire_offer { offer: soon }, O::UnknownOffer);

		let report = |epoch| report_call(SERVER, epoch, [1; 32], Units(0b10), Units::NONE);
		let operator = |call: RuntimeCall, error: C| refused(signed(NORTH_OPERATOR), call, error);
		operator(report(2), C::AlreadyReported);
		operator(report(4), C::EpochNotBegun);
		operator(report(u32::MAX), C::EpochNotBegun);
		operator(report(0), C::ReportsClosed);
		operator(report(1), C::ReportsClosed);
		let nothing = report_call(SERVER, 3, [1; 32], Units::NONE, Units::NONE);
		operator(nothing, C::EmptyReport);
		// Unit 0 is in a deal, unit 3 not committed, unit 0 has no worker.
		for proven in [Units(0b0001), Units(0b1000), Units(u64::MAX)] {
			operator(report_call(SERVER, 3, [1; 32], proven, Units::NONE), C::NotProving);
		}
		for serving in [Units(0b0001), Units(0b0010), Units(u64::MAX)] {
			operator(report_call(SERVER, 3, [1; 32], Units::NONE, serving), C::NotServing);
		}
		chain::run_to_block(Capacity::parameters().reports_close(2));
		operator(report(2), C::ReportsClosed);

		chain::run_to_epoch(5);
		refused(signed(NORTH), workers_call(deal, server, Units(1)), D::DealEnded);
		refused(signed(STRANGER), DealsCall::close_deal { deal }, D::NotEnded);
		let withdraw: RuntimeCall = CapacityCall::withdraw_stake { commitment: COMMITMENT }.into();
		for who in [machine.provider, DELEGATOR, STRANGER] {
			refused(signed(who), withdraw.clone(), C::StillBonded);
		}
		let cancel: RuntimeCall = CapacityCall::cancel_commitment { commitment: COMMITMENT }.into();
		refused(signed(NORTH), cancel, C::NotWaiting);
	});
}

#[test]
fn what_others_rest_on_cannot_be_removed() {
	with_market(|_| {
		let server = SERVER;
		let remove: RuntimeCall = ProvidersCall::deregister_server { server }.into();
		refused(signed(NORTH), remove.clone(), P::HasAsks);
		let site = ProvidersCall::remove_data_center { data_center: SITE };
		refused(signed(NORTH), site, P::HasServers);
		let leave: RuntimeCall = ProvidersCall::deregister_provider {}.into();
		refused(signed(NORTH), leave.clone(), P::HasDataCenters);
		refused(signed(SOUTH), leave, P::HasDataCenters);
		act(NORTH, ProvidersCall::withdraw_ask { ask: ASK });
		refused(signed(NORTH), remove.clone(), C::UnderAudit);
		chain::run_to_epoch(5);
		refused(signed(NORTH), remove.clone(), C::UnitsReserved);
		chain::run_to_epoch(6);
		refused(signed(NORTH), remove, C::UnitsCommitted);
	});
}

#[test]
fn more_than_there_is_room_for_is_refused() {
	with_market(|_| {
		let large = register(SITE, NORTH, NORTH, 2, 64);
		for unit in 0..4 {
			ask(large, Units::one(unit), USDC);
			act(NORTH, commit_call(large.id, Units::one(unit), 10));
		}
		refused(signed(NORTH), ask_call(large.id, Units::one(4), 1), P::TooManyAsks);
		let fifth = commit_call(large.id, Units::one(4), 10);
		refused(signed(NORTH), fifth, C::TooManyCommitments);

		let root = RuntimeOrigin::root;
		let admit = |id| ProvidersCall::admit_asset { asset: PaymentAsset::WithId(id) };
		refused(root(), admit(1), P::AssetAlreadyAdmitted);
		let dismiss = ProvidersCall::dismiss_asset { asset: PaymentAsset::WithId(2) };
		refused(root(), dismiss, P::AssetNotAdmitted);
		for id in 2..16 {
			assert_eq!(dispatch(root(), admit(id)), Ok(()));
		}
		refused(root(), admit(16), P::TooManyAssets);

		// Answers are given one per block: an epoch has room for ten units.
		let another = register(SITE, NORTH, NORTH, 3, 8);
		let commission = Perbill::zero();
		commit(another, Units(0xff), 10, commission, 800 * FLT, DELEGATOR);
		chain::run_to_epoch(3);
		act(NORTH, report_call(another.id, 3, [1; 32], Units(0xff), Units::NONE));
		let two = report_call(SERVER, 3, [1; 32], Units(0b0110), Units::NONE);
		act(NORTH_OPERATOR, two);
		let full = register(SITE, NORTH, NORTH, 4, 1);
		commit(full, Units(1), 10, commission, 100 * FLT, DELEGATOR);
		chain::run_to_epoch(4);
		act(NORTH, report_call(another.id, 4, [1; 32], Units(0xff), Units::NONE));
		let two = report_call(SERVER, 4, [1; 32], Units(0b0110), Units::NONE);
		act(NORTH_OPERATOR, two);
		let one = report_call(full.id, 4, [1; 32], Units(1), Units::NONE);
		refused(signed(NORTH), one, C::EpochFull);
	});
}

#[test]
fn what_one_cannot_pay_is_refused() {
	with_market(|_| {
		let poor = TokenError::FundsUnavailable;
		refused(signed(PAUPER), named("Poor"), poor);
		refused(signed(PAUPER), delegate(WAITING, FLT), poor);
		refused(signed(PAUPER), Wanted::new(1, 1, 1).call(), poor);

		// Enough to exist, and not to the last plank for a deposit or a stake.
		let deposit = FLT * 322 / 10_000;
		let give = |value| pallet_balances::Call::transfer_allow_death {
			dest: account(PAUPER).into(),
			value,
		};
		act(STRANGER, give(deposit));
		refused(signed(PAUPER), named("Poor"), poor);
		refused(signed(PAUPER), delegate(WAITING, FLT), poor);
		refused(signed(PAUPER), delegate(WAITING, deposit), TokenError::NotExpendable);
		act(STRANGER, give(FLT / 1_000));
		act(PAUPER, named("Not so poor"));
		refused(signed(PAUPER), site(b"NO", "Oslo", 1), poor);

		let rich = on_chain(&account(OTHER_DEVELOPER), Coin::Usdc).free;
		let dear = Wanted::new(1, rich / 2 + 1, 2).call();
		refused(signed(OTHER_DEVELOPER), dear, poor);
		let call = OffersCall::raise_price { offer: OFFER, new_price: rich };
		refused(signed(DEVELOPER), call, poor);
		let giving_all = pallet_assets::Call::transfer {
			id: marketplace_runtime::constants::USDC_ID.into(),
			target: account(STRANGER).into(),
			amount: rich,
		};
		act(OTHER_DEVELOPER, giving_all);
		refused(signed(OTHER_DEVELOPER), Wanted::new(1, 1, 1).call(), poor);
	});
}
