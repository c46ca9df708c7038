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
	TopUp { deal: bool, id: u64, payer: u8, amount: u32 },
	Seek { deal: u64, units: u8, price: u16 },
	Recall { offer: u64, own: bool },
	Close { deal: u64 },
	Claim { deal: u64, payee: u8 },
	Block { payee: u8 },
	Unblock { payee: u8 },
	NextEpoch,
	Expire { offer: u64 },
}

fn step() -> impl Strategy<Value = Step> {
	let (id, payee, price) = (0u64..3, 50u8..53, 0u16..10_000);
	let payer = prop_oneof![Just(5u8), Just(6u8), payee.clone()];
	prop_oneof![
		3 => (any::<bool>(), any::<bool>(), price, 0u8..20)
			.prop_map(|(native, rich, price, target)| Step::Post { native, rich, price, target }),
		1 => (id.clone(), 0u16..1_000).prop_map(|(offer, more)| Step::Raise { offer, more }),
		1 => id.clone().prop_map(|offer| Step::Cancel { offer }),
		3 => (id.clone(), 1u32..6).prop_map(|(offer, units)| Step::Fill { offer, units }),
		4 => (id.clone(), payee.clone(), 0u32..3_000)
			.prop_map(|(deal, payee, amount)| Step::Pay { deal, payee, amount }),
		1 => (id.clone(), 0u32..3_000).prop_map(|(deal, amount)| Step::Refund { deal, amount }),
		2 => (any::<bool>(), id.clone(), payer, 0u32..40_000)
			.prop_map(|(deal, id, payer, amount)| Step::TopUp { deal, id, payer, amount }),
		4 => (id.clone(), 0u8..4, 0u16..2_000)
			.prop_map(|(deal, units, price)| Step::Seek { deal, units, price }),
		3 => (0u64..6, prop::bool::weighted(0.9))
			.prop_map(|(offer, own)| Step::Recall { offer, own }),
		1 => id.clone().prop_map(|deal| Step::Close { deal }),
		2 => (id.clone(), payee.clone()).prop_map(|(deal, payee)| Step::Claim { deal, payee }),
		1 => payee.clone().prop_map(|payee| Step::Block { payee }),
		1 => payee.prop_map(|payee| Step::Unblock { payee }),
		1 => Just(Step::NextEpoch),
		1 => id.prop_map(|offer| Step::Expire { offer }),
	]
}

/// What `deals` does with a fill: both steps or neither. A deal has the number of its first offer.
fn fill(offer: OfferId, units: u32) -> DispatchResult {
	let terms = Offers::terms(offer).ok_or(Error::<Test>::UnknownOffer)?;
	let deal = terms.deal.unwrap_or(DealId(offer.0));
	let amount = terms.max_price * Balance::from(units) * Balance::from(terms.term);
	frame_support::storage::with_storage_layer(|| {
		Offers::split(EscrowId::Offer(offer), EscrowId::Deal(deal), amount)?;
		Offers::filled(offer, deal, units)
	})
}

/// What a deal does that lacks units. A deal without money is one that nobody opened.
fn seek(deal: DealId, target: u32, max_price: Price) -> DispatchResult {
	let record = Offers::escrow(EscrowId::Deal(deal)).ok_or(Error::<Test>::EscrowMissing)?;
	let terms = BidTerms {
		developer: record.developer,
		asset: record.asset,
		max_price,
		units: UnitsWanted { min: 1, target },
		term: 2,
		expiry: now() + 2,
		deal: Some(deal),
		..lacking()
	};
	Offers::seek(terms, origin()).map(drop)
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
		Step::Expire { offer } => Offers::expire_offer(signed(7), OfferId(offer))
			.map(drop)
			.map_err(|refused| refused.error),
		of_a_deal => play_deal(of_a_deal),
	};
}

fn play_deal(step: Step) -> DispatchResult {
	match step {
		Step::Pay { deal, payee, amount } => {
			Offers::pay(EscrowId::Deal(DealId(deal)), &account(payee), amount.into())
		},
		Step::Refund { deal, amount } => {
			Offers::refund(EscrowId::Deal(DealId(deal)), amount.into())
		},
		Step::TopUp { deal, id, payer, amount } => {
			let record =
				if deal { EscrowId::Deal(DealId(id)) } else { EscrowId::Offer(OfferId(id)) };
			Offers::top_up(record, &account(payer), amount.into())
		},
		Step::Seek { deal, units, price } => seek(DealId(deal), units.into(), price.into()),
		Step::Recall { offer, own } => {
			let offer = OfferId(offer);
			let deal = Offers::offer(offer).and_then(|offer| offer.deal).filter(|_| own);
			Offers::recall(offer, deal.unwrap_or(DealId(9))).map(drop)
		},
		Step::Close { deal } => Offers::close(EscrowId::Deal(DealId(deal))).map(drop),
		Step::Claim { deal, payee } => Offers::claim_payout(
			RuntimeOrigin::signed(stranger()),
			EscrowId::Deal(DealId(deal)),
			account(payee),
		),
		other => panic!("{other:?} is no step of a deal"),
	}
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
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn books_balance_after_every_step(steps in prop::collection::vec(step(), 1..80)) {
		build_and_execute(|| {
			for step in steps {
				play(step);
				check();
				replay::check_events();
			}
			wind_up();
			replay::check_events();
			assert_eq!(Escrows::<Test>::iter().count(), 0);
			for asset in [PaymentAsset::Native, usdc()] {
				for who in [developer(), other_developer()] {
					assert_eq!(on_hold(&asset, &who), 0, "everything ends with somebody");
				}
			}
		});
	}
}
