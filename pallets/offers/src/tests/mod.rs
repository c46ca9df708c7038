//! Tests, a file per call and per trait.

use crate::{mock::*, Error, EscrowRecord, Escrows, Event, Offer, Owed};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::DispatchResultWithPostInfo,
	traits::{
		fungible::NativeOrWithId,
		fungibles::{hold, Inspect},
	},
	BoundedVec,
};
use marketplace_primitives::{
	traits::DealOrigin, AccessList, Attributes, Balance, BidTerms, Cid, DealId, Epoch, Escrow,
	EscrowId, OfferBook, OfferId, PaymentAsset, Placement, Price, UnitsWanted,
};
use marketplace_testkit::{
	account, developer, mocks::BookCall, other_developer, provider, stranger, MockBook,
	MockRegistry, MockUnits,
};
use sp_runtime::{AccountId32, ArithmeticError, DispatchError, DispatchResult, TokenError};

mod cancel_offer;
mod claim_payout;
mod escrow;
mod expire_offer;
mod offer_book;
mod placement;
mod post_offer;
mod properties;
mod raise_price;
mod recall;
mod refund;
mod replay;
mod room;
mod seek;
mod top_up;
mod try_state;

/// USDC as a payment asset.
pub fn usdc() -> PaymentAsset {
	NativeOrWithId::WithId(USDC_ID)
}

/// What `who` has, held or not.
pub fn total(asset: &PaymentAsset, who: &AccountId32) -> Balance {
	Holds::total_balance(asset.clone(), who)
}

/// What is held of `who`'s for any reason.
pub fn on_hold(asset: &PaymentAsset, who: &AccountId32) -> Balance {
	<Holds as hold::Inspect<_>>::total_balance_on_hold(asset.clone(), who)
}

/// The pallet's invariants, and those that only a closed set of accounts can show.
pub fn check() {
	Offers::do_try_state().unwrap();
	for (asset, wealth) in [(PaymentAsset::Native, 2 * FLT_WEALTH), (usdc(), 2 * USDC_WEALTH)] {
		let accounts = || (1..9).chain(50..53).chain([99]).map(account);
		let sum = accounts().map(|who| total(&asset, &who)).sum::<Balance>();
		assert_eq!(sum, wealth, "planks of {asset:?} lost or made");
		let held = accounts().map(|who| on_hold(&asset, &who)).sum::<Balance>();
		let records = crate::Escrows::<Test>::iter_values().filter(|record| record.asset == asset);
		assert_eq!(held, records.map(|record| record.held + record.owed).sum::<Balance>());
	}
}

/// The first offer and its record.
const FIRST: OfferId = OfferId(0);
const ESCROW: EscrowId = EscrowId::Offer(FIRST);
/// A deal and its record.
const DEAL: DealId = DealId(5);
const DEAL_ESCROW: EscrowId = EscrowId::Deal(DEAL);

/// The highest price that the book has a level for.
const HIGHEST_PRICE: Price = 340_200_000_000_000_000_000_000_000_000_000_000_000;

/// What [`Post::default`] holds: 10 units at 5,000 planks for 6 epochs.
const COST: Balance = 300_000;

/// The arguments of `post_offer`.
#[derive(Clone)]
struct Post {
	app_cid: Cid,
	asset: PaymentAsset,
	max_price: Price,
	units: UnitsWanted,
	term: Epoch,
	placement: Placement<AccountId32>,
	attributes: Attributes,
	expiry: Epoch,
	plan_hash: [u8; 32],
	tariff: Option<Price>,
}

impl Default for Post {
	fn default() -> Self {
		Self {
			app_cid: Cid::truncate_from(vec![1, 85, 18, 32]),
			asset: usdc(),
			max_price: 5_000,
			units: UnitsWanted { min: 4, target: 10 },
			term: 6,
			placement: Placement::default(),
			attributes: Attributes::of(&[3, 200]),
			expiry: 20,
			plan_hash: [9; 32],
			tariff: None,
		}
	}
}

impl Post {
	fn by(self, developer: AccountId32) -> DispatchResult {
		self.with(RuntimeOrigin::signed(developer))
	}

	fn with(self, origin: RuntimeOrigin) -> DispatchResult {
		self.dispatch(origin).map(|_| ()).map_err(|refused| refused.error)
	}

	fn dispatch(self, origin: RuntimeOrigin) -> DispatchResultWithPostInfo {
		Offers::post_offer(
			origin,
			self.app_cid,
			self.asset,
			self.max_price,
			self.units,
			self.term,
			self.placement,
			self.attributes,
			self.expiry,
			self.plan_hash,
			self.tariff,
		)
	}
}

/// Posts the default offer of the developer and forgets the events and what the book was told.
fn post_default() {
	assert_ok!(Post::default().by(developer()));
	forget();
}

/// Forgets the events and what the book was told.
fn forget() {
	System::reset_events();
	MockBook::take();
}

/// The pallet's events so far, in order.
fn events() -> Vec<Event<Test>> {
	System::read_events_for_pallet::<Event<Test>>()
}

fn record(id: EscrowId) -> EscrowRecord<AccountId32> {
	Escrows::<Test>::get(id).unwrap()
}

/// The issuer no longer lets `who` receive USDC. Only accounts that have some can be blocked.
fn block(who: AccountId32) {
	if total(&usdc(), &who) == 0 {
		let sender = RuntimeOrigin::signed(other_developer());
		assert_ok!(Assets::transfer(sender, USDC_ID, who.clone(), USDC_MIN));
	}
	assert_ok!(Assets::block(RuntimeOrigin::signed(issuer()), USDC_ID, who));
}

/// The issuer lets `who` receive USDC again.
fn unblock(who: AccountId32) {
	assert_ok!(Assets::thaw(RuntimeOrigin::signed(issuer()), USDC_ID, who));
}

/// Closes the offers from whose escrow a test took money without filling them, so that what is left
/// can be checked.
fn close_offers() {
	for (id, offer) in crate::Offers::<Test>::iter().collect::<Vec<_>>() {
		assert_ok!(Offers::cancel_offer(RuntimeOrigin::signed(offer.developer), id));
	}
}

/// A deal of the developer's that took 4 units of the default offer, at 120,000 planks; the offer is
/// withdrawn.
fn open_deal() {
	post_default();
	assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
	assert_ok!(Offers::filled(FIRST, DEAL, 4));
	close_offers();
	forget();
}

/// What the deal seeks when it lacks two units: they cost 50,000.
fn lacking() -> BidTerms<AccountId32> {
	let post = Post::default();
	BidTerms {
		developer: developer(),
		asset: usdc(),
		max_price: 5_000,
		units: UnitsWanted { min: 1, target: 2 },
		filled: 0,
		term: 5,
		placement: post.placement,
		attributes: post.attributes,
		expiry: 9,
		deal: Some(DEAL),
		tariff: post.tariff,
	}
}

/// What the deal's workers run.
fn origin() -> DealOrigin {
	DealOrigin { app_cid: Post::default().app_cid, plan_hash: [9; 32] }
}
