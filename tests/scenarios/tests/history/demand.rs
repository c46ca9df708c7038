//! What is done with offers, and what governance does.

use crate::*;
use marketplace_primitives::{AccessList, OfferId, PaymentAsset, Placement, Sites, UnitsWanted};
use marketplace_runtime::{constants::USDC_ID, Matcher};
use marketplace_scenarios::{
	acts::{feed_call, Wanted, DOLLARS, PRICE},
	client,
};
use pallet_offers::Call as OffersCall;

/// Once in so many times: a number up to `most`.
fn cap(dice: &mut Dice, times: usize, most: u32) -> Option<u32> {
	dice.rarely(times).then(|| dice.within(1, most))
}

/// Two units in two countries of two providers, where North may have the cheapest: then the rule of the book finds
/// none, and somebody else may.
fn split() -> Placement<AccountId> {
	let countries = vec![*b"NO", *b"DE"].try_into().expect("two");
	let sites = Sites { countries, ..Default::default() };
	Placement { min_providers: 2, min_countries: 2, sites, ..Default::default() }
}

fn placement(dice: &mut Dice) -> Placement<AccountId> {
	if !dice.rarely(2) {
		return Placement::default();
	}
	let listed = || vec![NORTH.to_account_id()].try_into().expect("one");
	let providers = match dice.below(10) {
		8 => AccessList::Allow(listed()),
		9 => AccessList::Deny(listed()),
		_ => AccessList::Any,
	};
	let countries = match dice.below(8) {
		7 => vec![*b"NO", *b"DE"].try_into().expect("two"),
		_ => Default::default(),
	};
	Placement {
		max_per_provider: cap(dice, 6, 6),
		max_per_data_center: cap(dice, 8, 4),
		max_per_server: cap(dice, 4, 4),
		min_providers: cap(dice, 5, 2).unwrap_or(0),
		min_data_centers: cap(dice, 6, 3).unwrap_or(0),
		min_countries: cap(dice, 6, 3).unwrap_or(0),
		providers,
		sites: Sites { countries, ..Default::default() },
		..Default::default()
	}
}

impl Market {
	pub fn developer(dice: &mut Dice) -> Key {
		[DEVELOPER, OTHER_DEVELOPER][dice.below(2)]
	}

	/// Somebody wants units.
	pub fn post(&mut self, dice: &mut Dice) {
		let min = dice.within(1, 6);
		let wanted = Wanted {
			units: UnitsWanted { min, target: min + dice.within(0, 5) },
			expiry: self.epoch() + dice.within(0, 6),
			tariff: dice.rarely(5).then(|| dice.price()),
			..Wanted::new(1, dice.price() + 500_000, dice.within(1, 9))
		};
		let who = Self::developer(dice);
		let native = dice.rarely(8);
		let mut call = Wanted { placement: placement(dice), ..wanted }.call();
		if let RuntimeCall::Offers(OffersCall::post_offer { asset, .. }) = &mut call {
			*asset = if native { PaymentAsset::Native } else { DOLLARS };
		}
		self.sign(who, call);
	}

	/// An open offer, with who posted it.
	fn open_offer(dice: &mut Dice) -> Option<(OfferId, Key)> {
		let mut open: Vec<OfferId> = pallet_offers::Offers::<Runtime>::iter_keys().collect();
		open.sort();
		let offer = dice.pick(&open)?;
		let terms = client::offer(offer).expect("it is open").terms;
		Some((offer, Key::from_account_id(&terms.developer).expect("there are no others")))
	}

	pub fn play_offer(&mut self, dice: &mut Dice) {
		let debts = checks::debts();
		if let (Some((payee, escrow)), true) = (dice.pick(&debts), dice.rarely(4)) {
			self.sign(STRANGER, OffersCall::claim_payout { escrow, payee });
			return;
		}
		let Some((offer, developer)) = Self::open_offer(dice) else { return };
		let who = dice.usually(developer);
		match dice.below(6) {
			0 => self.sign(who, OffersCall::cancel_offer { offer }),
			1 | 2 => {
				let new_price = dice.price();
				self.sign(who, OffersCall::raise_price { offer, new_price })
			},
			3 => self.sign(STRANGER, OffersCall::expire_offer { offer }),
			_ => self.sign(STRANGER, pallet_matcher::Call::poke { offer }),
		};
	}

	/// Wants what the rule of the book may not find, and lets the book look.
	fn post_split(&mut self, dice: &mut Dice) {
		let wanted = Wanted { placement: split(), ..Wanted::new(2, 4_000_000, 2) };
		self.sign(Self::developer(dice), wanted.call());
		self.next_block(false);
		self.next_block(false);
	}

	/// Somebody picks units for an offer that the book left: anything, then one of each of two asks until that is a
	/// match.
	pub fn solve(&mut self, dice: &mut Dice) {
		if !dice.rarely(3) {
			self.post_split(dice);
		}
		let mut left: Vec<_> = pallet_offers::Offers::<Runtime>::iter().collect();
		left.sort_by_key(|(id, offer)| (!Matcher::is_left(*id), offer.placement != split(), *id));
		let Some((offer, _)) = left.first() else { return };
		let mut asks = client::order_book(None, None).asks;
		asks.retain(|ask| !ask.units.is_empty());
		let any = |dice: &mut Dice| {
			dice.pick(&asks).map(|ask| (ask.ask, ask.units.take(dice.within(1, 4))))
		};
		let wild: Vec<_> = (0..=dice.below(3)).filter_map(|_| any(dice)).collect();
		let pairs = asks.iter().enumerate().flat_map(|(index, ask)| {
			let others = asks[..index].iter();
			others.map(move |other| [ask, other].map(|ask| (ask.ask, ask.units.take(1))))
		});
		for picks in [wild].into_iter().chain(pairs.map(Vec::from)) {
			let picks = picks.try_into().expect("they are few");
			if self.sign(STRANGER, pallet_matcher::Call::solve { offer: *offer, picks }) {
				return;
			}
		}
	}

	/// Feeds what an FLT costs: about the same, as the price moves in small steps.
	pub fn feed(&mut self, dice: &mut Dice) {
		let price = PRICE / 100 * u128::from(dice.within(80, 120));
		self.sign(GOVERNOR, feed_call(price));
	}

	pub fn govern(&mut self, dice: &mut Dice) {
		match dice.below(4) {
			0 => {
				let fee = Perbill::from_percent(dice.within(0, 11));
				let call = pallet_deals::Call::set_protocol_fee { fee };
				self.dispatch(RuntimeOrigin::root(), call.into());
			},
			1 => self.feed(dice),
			2 => self.block(dice),
			_ => self.let_all_be_paid(),
		}
	}

	/// Governance lets a provider or the treasury have no dollars for a while: what is paid to it is owed.
	fn block(&mut self, dice: &mut Dice) {
		let treasury = marketplace_runtime::configs::TreasuryAccount::get();
		let all = [NORTH.to_account_id(), SOUTH.to_account_id(), treasury];
		let who = all[dice.below(all.len())].clone().into();
		self.sign(GOVERNOR, pallet_assets::Call::block { id: USDC_ID.into(), who });
	}

	/// Whoever could have no dollars can have them again.
	pub fn let_all_be_paid(&mut self) {
		let owners = pallet_assets::Account::<Runtime>::iter_prefix(USDC_ID);
		let blocked: Vec<_> =
			owners.filter(|(_, account)| account.status.is_blocked()).map(|(who, _)| who).collect();
		for who in blocked {
			let call = pallet_assets::Call::thaw { id: USDC_ID.into(), who: who.into() };
			assert!(self.sign(GOVERNOR, call), "the dollar's owner may");
		}
	}
}
