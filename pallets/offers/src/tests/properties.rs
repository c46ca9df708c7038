//! Any sequence of what developers, deals and the issuer do keeps the books to the plank.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
	Post { native: bool, rich: bool, price: u16, target: u8 },
	Raise { offer: u64, more: u16 },
	Cancel { offer: u64 },
	Fill { offer: u64, units: u32 },
	Pay { deal: u64, payee: u8, amount: u32 },
	Refund { deal: u64, amount: u32 },
	Close { deal: u64 },
	Claim { deal: u64, payee: u8 },
	Block { payee: u8 },
	Unblock { payee: u8 },
	NextEpoch,
	Expire { offer: u64 },
}

fn step() -> impl Strategy<Value = Step> {
	let (id, payee) = (0u64..4, 50u8..53);
	prop_oneof![
		3 => (any::<bool>(), any::<bool>(), any::<u16>(), 0u8..20)
			.prop_map(|(native, rich, price, target)| Step::Post { native, rich, price, target }),
		1 => (id.clone(), any::<u16>()).prop_map(|(offer, more)| Step::Raise { offer, more }),
		1 => id.clone().prop_map(|offer| Step::Cancel { offer }),
		3 => (id.clone(), 1u32..12).prop_map(|(offer, units)| Step::Fill { offer, units }),
		6 => (id.clone(), payee.clone(), 0u32..3_000)
			.prop_map(|(deal, payee, amount)| Step::Pay { deal, payee, amount }),
		1 => (id.clone(), 0u32..3_000).prop_map(|(deal, amount)| Step::Refund { deal, amount }),
		1 => id.clone().prop_map(|deal| Step::Close { deal }),
		2 => (id.clone(), payee.clone()).prop_map(|(deal, payee)| Step::Claim { deal, payee }),
		1 => payee.clone().prop_map(|payee| Step::Block { payee }),
		1 => payee.prop_map(|payee| Step::Unblock { payee }),
		1 => Just(Step::NextEpoch),
		1 => id.prop_map(|offer| Step::Expire { offer }),
	]
}

/// The deal of an offer has its number.
fn deal_of(offer: OfferId) -> DealId {
	DealId(offer.0)
}

/// What `deals` does with a fill: both steps or neither.
fn fill(offer: OfferId, units: u32) -> DispatchResult {
	let terms = Offers::terms(offer).ok_or(Error::<Test>::UnknownOffer)?;
	let amount = terms.max_price * Balance::from(units) * Balance::from(terms.term);
	frame_support::storage::with_storage_layer(|| {
		Offers::split(EscrowId::Offer(offer), EscrowId::Deal(deal_of(offer)), amount)?;
		Offers::filled(offer, deal_of(offer), units)
	})
}

/// Plays the step. Whether it is refused does not matter: the checks come after it.
fn play(step: Step) {
	let signed = |byte| RuntimeOrigin::signed(account(byte));
	let owner = |offer| Offers::offer(offer).map_or(stranger(), |offer| offer.developer);
	let _ = match step {
		Step::Post { native, rich, price, target } => Post {
			asset: if native { PaymentAsset::Native } else { usdc() },
			max_price: price.into(),
			units: UnitsWanted { min: 1, target: target.into() },
			expiry: 4,
			..Default::default()
		}
		.by(if rich { developer() } else { other_developer() }),
		Step::Raise { offer, more } => {
			let offer = OfferId(offer);
			let old = Offers::offer(offer).map_or(0, |offer| offer.max_price);
			Offers::raise_price(
				RuntimeOrigin::signed(owner(offer)),
				offer,
				old + Balance::from(more),
			)
		},
		Step::Cancel { offer } => {
			let offer = OfferId(offer);
			Offers::cancel_offer(RuntimeOrigin::signed(owner(offer)), offer)
		},
		Step::Fill { offer, units } => fill(OfferId(offer), units),
		Step::Pay { deal, payee, amount } => {
			Offers::pay(EscrowId::Deal(DealId(deal)), &account(payee), amount.into())
		},
		Step::Refund { deal, amount } => {
			Offers::refund(EscrowId::Deal(DealId(deal)), amount.into())
		},
		Step::Close { deal } => Offers::close(EscrowId::Deal(DealId(deal))).map(drop),
		Step::Claim { deal, payee } => {
			Offers::claim_payout(signed(7), EscrowId::Deal(DealId(deal)), account(payee))
		},
		Step::Block { payee } => {
			block(account(payee));
			Ok(())
		},
		Step::Unblock { payee } => {
			Assets::thaw(RuntimeOrigin::signed(issuer()), USDC_ID, account(payee))
		},
		Step::NextEpoch => {
			MockUnits::set_epoch(now() + 1);
			Ok(())
		},
		Step::Expire { offer } => Offers::expire_offer(signed(7), OfferId(offer)),
	};
}

fn now() -> Epoch {
	<MockUnits as marketplace_primitives::EpochClock>::current()
}

/// Ends everything, lets everybody be paid, and claims what can be claimed.
fn wind_up() {
	close_offers();
	for (id, record) in Escrows::<Test>::iter().collect::<Vec<_>>() {
		if !record.closed {
			assert_ok!(Offers::close(id));
		}
	}
	for byte in 50..53 {
		block(account(byte));
		unblock(account(byte));
		// Makes the native account exist.
		let sender = RuntimeOrigin::signed(developer());
		assert_ok!(Balances::transfer_allow_death(sender, account(byte), 10));
	}
	for (payee, id, _) in Owed::<Test>::iter().collect::<Vec<_>>() {
		assert_ok!(Offers::claim_payout(RuntimeOrigin::signed(stranger()), id, payee));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn books_balance_after_every_step(steps in prop::collection::vec(step(), 1..80)) {
		build_and_execute(|| {
			for step in steps {
				play(step);
				check();
			}
			wind_up();
			assert_eq!(Escrows::<Test>::iter().count(), 0);
			for asset in [PaymentAsset::Native, usdc()] {
				for who in [developer(), other_developer()] {
					assert_eq!(on_hold(&asset, &who), 0, "everything ends with somebody");
				}
			}
		});
	}
}
