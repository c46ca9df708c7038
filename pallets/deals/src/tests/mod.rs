//! A file per call, and one each for matches, income, the wheel, the views, rollouts, full deals, closed parts, what is
//! due and the invariants.

/// As `assert_noop`, of calls that say what they are charged for when they are refused.
macro_rules! assert_refused {
	($call:expr, $error:expr $(,)?) => {
		frame_support::assert_noop!($crate::tests::without_post_info($call), $error)
	};
}

mod accept_price;
mod acknowledge;
mod automatic;
mod close_allocation;
mod close_by_hook;
mod close_deal;
mod closed_parts;
mod compensate;
mod contest;
mod due;
mod enlarge;
mod extend_deal;
mod fill;
mod free;
mod full;
mod fund_requests;
mod history;
mod income;
mod invariants;
mod model;
mod model_changes;
mod model_closing;
mod propose_price;
mod reclaim_requests;
mod redeem;
mod release_units;
mod renew;
mod replace;
mod reward;
mod roll_back;
mod rollout;
mod set_addresses;
mod set_gateway;
mod set_protocol_fee;
mod set_renewal;
mod set_subnet;
mod set_workers;
mod settle;
mod silent;
mod stage_application;
mod subnet;
mod terminate;
mod top_up;
mod views;
mod wheel;
mod withdraw_surplus;

use crate::mock::*;
use frame_support::dispatch::PostDispatchInfo;
use marketplace_primitives::{
	voucher_message, BidTerms, DealId, Escrow, EscrowId, GatewayKey, GatewaySignature, OfferId,
	ServerId, Voucher, CONTEST_EPOCHS,
};
use marketplace_testkit::{
	developer, other_provider, provider, stranger, MockEscrow, MockOffers, MockUnits,
};
use sp_core::{sr25519, Pair};
use sp_runtime::{
	AccountId32, DispatchError, DispatchErrorWithPostInfo, DispatchResult, DispatchResultWithInfo,
};

/// A result without what is charged for a refusal.
fn without_post_info<R, E>(result: Result<R, E>) -> Result<R, DispatchError>
where
	E: Into<DispatchErrorWithPostInfo<PostDispatchInfo>>,
{
	result.map_err(|refused| refused.into().error)
}

/// Deal 0 of offer 1, made in epoch 1: server 10 of the first provider with 4 units at 5, server 20 of
/// the other with 2 units at 7, term 3 (epochs 2, 3 and 4), at a highest price of 10.
fn two_servers() -> DealId {
	post(1, 6, 10, 3);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

/// Deal 0 of offer 1, as [`two_servers`], with a term of 10 (epochs 2 to 11): escrow holds 600.
fn lasting() -> DealId {
	post(1, 6, 10, 10);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

/// As [`lasting`], of an offer that wants 2 units more: escrow of the deal holds 600, of the offer 200.
fn wanting() -> DealId {
	post(1, 8, 10, 10);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

/// A deal of two units at 10 without a surplus and, after the limit was raised, two at 12.
fn raised() -> DealId {
	post(1, 4, 10, 10);
	fill(1, &[fill_of(10, provider(), 2, 10)]).expect("it fits");
	let (offer, mut terms, escrow) = open_offer().expect("two units are wanted");
	terms.max_price = 12;
	MockOffers::put(offer, terms);
	MockEscrow::deposit(EscrowId::Offer(offer), escrow / 5);
	fill(1, &[fill_of(20, other_provider(), 2, 12)]).expect("it fits")
}

/// The offer that is open, and what its escrow holds.
fn open_offer() -> Option<(OfferId, BidTerms<AccountId32>, u128)> {
	let mut open = MockOffers::open();
	assert!(open.len() < 2, "more than one open offer");
	open.pop().map(|(id, terms)| (id, terms, MockEscrow::held(EscrowId::Offer(id))))
}

/// The record of a deal.
fn record(deal: DealId) -> crate::DealOf<Test> {
	crate::Deals::<Test>::get(deal).expect("the deal runs")
}

/// A server's part of a deal.
fn part(deal: DealId, server: ServerId) -> crate::Allocation<AccountId32> {
	crate::Allocations::<Test>::get(deal, server).expect("the server is in the deal")
}

/// What escrow of a deal holds.
fn held(deal: DealId) -> u128 {
	MockEscrow::held(EscrowId::Deal(deal))
}

const FIRST: ServerId = ServerId(10);
const SECOND: ServerId = ServerId(20);

/// Goes to the start of epoch `end`, with everything before it final.
fn end_at(end: u32) {
	MockUnits::set_epoch(end);
}

/// Goes to the first epoch in which nothing can be contested that was served before epoch `end`: deals that ended
/// with it are closed from now on.
fn contested_until(end: u32) {
	MockUnits::set_epoch(end + CONTEST_EPOCHS);
}

/// The gateway of the tests.
fn gateway() -> sr25519::Pair {
	sr25519::Pair::from_seed(&[1; 32])
}

/// A voucher of the first key for the first server, with the gateway's signature.
fn voucher(deal: DealId, amount: u128) -> (Voucher, GatewaySignature) {
	let voucher = Voucher { version: 1, amount, expiry: u32::MAX };
	(voucher, signed(&gateway(), deal, FIRST, &voucher))
}

fn signed(
	pair: &sr25519::Pair,
	deal: DealId,
	server: ServerId,
	voucher: &Voucher,
) -> GatewaySignature {
	let genesis = System::block_hash(0).0;
	let message = voucher_message(&genesis, deal, server, voucher);
	GatewaySignature::Sr25519(pair.sign(&message))
}

fn set_key(deal: DealId, key: Option<&sr25519::Pair>) -> DispatchResult {
	let key = key.map(|pair| GatewayKey::Sr25519(pair.public()));
	Deals::set_gateway(RuntimeOrigin::signed(developer()), deal, key)
}

fn fund(deal: DealId, server: ServerId, amount: u128) -> DispatchResult {
	Deals::fund_requests(RuntimeOrigin::signed(stranger()), deal, server, amount)
}

fn redeem(deal: DealId, amount: u128) -> DispatchResultWithInfo<PostDispatchInfo> {
	let (voucher, signature) = voucher(deal, amount);
	Deals::redeem(RuntimeOrigin::signed(stranger()), deal, FIRST, voucher, signature)
}

fn reclaim(deal: DealId) -> DispatchResultWithInfo<PostDispatchInfo> {
	Deals::reclaim_requests(RuntimeOrigin::signed(developer()), deal, FIRST)
}

/// As [`lasting`], with a gateway and a budget of 100 for the first server: escrow holds 700.
fn with_requests() -> DealId {
	let id = lasting();
	set_key(id, Some(&gateway())).expect("it is the developer's");
	fund(id, FIRST, 100).expect("there is the money");
	id
}

/// What is left of the first server's budget, and what was redeemed.
fn budget(deal: DealId) -> (u128, u128) {
	Deals::request_budget(deal, FIRST).map_or((0, 0), |budget| (budget.left, budget.redeemed))
}

/// The events of this pallet since the last time.
fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// Whether a deal left nothing in storage.
fn gone(deal: DealId, servers: &[ServerId]) -> bool {
	!crate::Deals::<Test>::contains_key(deal)
		&& crate::Ending::<Test>::iter_keys().all(|(_, id)| id != deal)
		&& crate::Allocations::<Test>::iter_prefix(deal).next().is_none()
		&& !crate::Spreads::<Test>::contains_key(deal)
		&& !crate::Wishes::<Test>::contains_key(deal)
		&& !crate::Renewals::<Test>::contains_key(deal)
		&& !crate::Requests::<Test>::contains_key(deal)
		&& !crate::Subnets::<Test>::contains_key(deal)
		&& !crate::Rollouts::<Test>::contains_key(deal)
		&& crate::Proposals::<Test>::iter_prefix(deal).next().is_none()
		&& crate::Addresses::<Test>::iter_prefix(deal).next().is_none()
		&& crate::Budgets::<Test>::iter_prefix(deal).next().is_none()
		&& crate::Workers::<Test>::iter_prefix(deal).next().is_none()
		&& servers.iter().all(|server| MockUnits::reservation(*server, deal).is_none())
}
