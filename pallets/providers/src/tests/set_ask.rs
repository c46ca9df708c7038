use super::*;
use crate::{AskTickets, Asks, AsksOf, Error, Pallet};
use frame_support::assert_noop;
use marketplace_primitives::Ask;
use marketplace_testkit::{
	mocks::BookCall::{AskSet, AskWithdrawn},
	other_provider, MockBook,
};
use sp_runtime::{traits::BadOrigin, TokenError};

fn ask(units: Units, price: u128) -> Ask {
	Ask {
		server: SERVER,
		units,
		asset: PaymentAsset::Native,
		price,
		min_term: 1,
		max_term: 100,
		attributes: DECLARED,
		tariff: None,
	}
}

/// Sets an ask on the terms given, of the provider's server.
fn try_set(ask: Ask) -> DispatchResult {
	let Ask { server, units, asset, price, min_term, max_term, attributes, tariff } = ask;
	let origin = signed(provider());
	Providers::set_ask(origin, server, units, asset, price, min_term, max_term, attributes, tariff)
}

#[test]
fn set_ask_stores_the_ask_tells_the_book_and_holds_its_deposit() {
	checked(|| {
		with_server(8);
		let before = held(&provider());
		let terms = Ask { asset: USDC_ID, min_term: 3, max_term: 3, ..ask(Units(0b1010), 5) };

		assert_ok!(try_set(terms.clone()));

		assert_eq!(Asks::<Test>::get(ASK), Some(terms.clone()));
		assert_eq!(Providers::asks(SERVER), vec![(ASK, terms.clone())]);
		assert_eq!(MockBook::take(), vec![AskSet(ASK, terms.clone())]);
		assert_eq!(held(&provider()) - before, deposit(Pallet::<Test>::ask_footprint()));
		expect_event(Event::AskSet { ask_id: ASK, ask: terms, replaced: None });
	});
}

#[test]
fn set_ask_offers_the_attributes_of_the_server_and_its_own() {
	checked(|| {
		with_server(8);
		let own = of(&[FEATURE]);
		assert_ok!(try_set(Ask { attributes: own, ..ask(Units(1), 5) }));
		assert_eq!(Asks::<Test>::get(ASK).unwrap().attributes, own.or(&DECLARED));
	});
}

#[test]
fn set_ask_takes_the_place_of_the_ask_for_the_same_units() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set(ask(Units(1), 5)));
		assert_ok!(try_set(ask(Units(2), 5)));
		let deposits = held(&provider());
		MockBook::take();

		assert_ok!(try_set(ask(Units(1), 4)));

		let (old, new) = (ask(Units(1), 5), ask(Units(1), 4));
		assert_eq!(MockBook::take(), vec![AskWithdrawn(ASK, old), AskSet(AskId(2), new.clone())]);
		assert_eq!(AsksOf::<Test>::get(SERVER).into_inner(), vec![AskId(1), AskId(2)]);
		assert_eq!(Asks::<Test>::get(ASK), None);
		assert!(!AskTickets::<Test>::contains_key(ASK));
		assert_eq!(held(&provider()), deposits);
		expect_event(Event::AskSet { ask_id: AskId(2), ask: new, replaced: Some(ASK) });
	});
}

#[test]
fn set_ask_may_replace_one_of_four_but_add_no_fifth() {
	checked(|| {
		with_server(8);
		for unit in 0..4 {
			assert_ok!(try_set(ask(Units::one(unit), 5)));
		}
		assert_noop!(try_set(ask(Units::one(4), 5)), Error::<Test>::TooManyAsks);
		assert_ok!(try_set(ask(Units::one(3), 6)));
		assert_eq!(Providers::asks(SERVER).len(), 4);
	});
}

#[test]
fn set_ask_fails_when_the_server_is_unknown_or_anothers() {
	checked(|| {
		with_server(8);
		let unknown = Ask { server: ServerId(9), ..ask(Units(1), 5) };
		assert_noop!(try_set(unknown), Error::<Test>::UnknownServer);
		for who in [operator(), other_provider()] {
			assert_noop!(
				Providers::set_ask(
					signed(who),
					SERVER,
					Units(1),
					PaymentAsset::Native,
					5,
					1,
					2,
					DECLARED,
					None
				),
				Error::<Test>::NotOwner
			);
		}
	});
}

#[test]
fn set_ask_fails_when_its_units_are_none_or_foreign() {
	checked(|| {
		with_server(8);
		assert_noop!(try_set(ask(Units::NONE, 5)), Error::<Test>::NoUnits);
		assert_noop!(try_set(ask(Units::one(8), 5)), Error::<Test>::ForeignUnits);
		assert_noop!(try_set(ask(Units(u64::MAX), 5)), Error::<Test>::ForeignUnits);
		assert_ok!(try_set(ask(Units::first(8), 5)));
	});
}

#[test]
fn set_ask_fails_when_units_are_partly_asked() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set(ask(Units(0b0011), 5)));
		for units in [0b0001, 0b0110, 0b0111] {
			assert_noop!(try_set(ask(Units(units), 5)), Error::<Test>::UnitsAlreadyAsked);
		}
		assert_ok!(try_set(ask(Units(0b1100), 5)));
	});
}

#[test]
fn set_ask_fails_when_the_price_is_zero() {
	checked(|| {
		with_server(8);
		assert_noop!(try_set(ask(Units(1), 0)), Error::<Test>::ZeroPrice);
		assert_ok!(try_set(ask(Units(1), 1)));
	});
}

#[test]
fn set_ask_fails_when_the_price_has_more_than_four_significant_digits() {
	checked(|| {
		with_server(8);
		for price in [10_001, 12_345, 1_000_010, u128::MAX] {
			assert_noop!(try_set(ask(Units(1), price)), Error::<Test>::PriceOffTick);
		}
		let highest = 3_402 * 10u128.pow(35);
		for price in [9_999, 10_010, 12_340_000, highest] {
			assert_ok!(try_set(ask(Units(1), price)));
		}
	});
}

#[test]
fn set_ask_may_name_a_tariff_of_any_digits_but_not_zero() {
	checked(|| {
		with_server(8);
		let with = |tariff| Ask { tariff, ..ask(Units(1), 5) };
		assert_noop!(try_set(with(Some(0))), Error::<Test>::ZeroTariff);
		for tariff in [None, Some(1), Some(12_345), Some(u128::MAX)] {
			assert_ok!(try_set(with(tariff)));
			let [(id, set)] = &Providers::asks(SERVER)[..] else { panic!("one ask stands") };
			assert_eq!(set.tariff, tariff);
			let told = MockBook::take();
			assert!(told.contains(&AskSet(*id, with(tariff))));
		}
	});
}

#[test]
fn set_ask_fails_when_an_attribute_is_unknown() {
	checked(|| {
		with_server(8);
		let terms = Ask { attributes: of(&[FEATURE, 7]), ..ask(Units(1), 5) };
		assert_noop!(try_set(terms), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn set_ask_offers_what_the_server_declares_though_it_was_retired() {
	checked(|| {
		with_server(8);
		assert_ok!(Providers::set_attribute(RuntimeOrigin::root(), CPU, None));
		assert_ok!(try_set(ask(Units(1), 5)));
		assert_eq!(Asks::<Test>::get(ASK).unwrap().attributes, DECLARED);

		let terms = Ask { attributes: of(&[FEATURE]), ..ask(Units(2), 5) };
		assert_ok!(try_set(terms.clone()));
		assert_ok!(Providers::set_attribute(RuntimeOrigin::root(), FEATURE, None));
		assert_noop!(try_set(terms), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn set_ask_fails_when_the_term_is_impossible() {
	checked(|| {
		with_server(8);
		for (min_term, max_term) in [(0, 0), (0, 9), (2, 1), (u32::MAX, 1)] {
			let terms = Ask { min_term, max_term, ..ask(Units(1), 5) };
			assert_noop!(try_set(terms), Error::<Test>::InvalidTerm);
		}
		assert_ok!(try_set(Ask { min_term: u32::MAX, max_term: u32::MAX, ..ask(Units(1), 5) }));
	});
}

#[test]
fn set_ask_fails_when_the_asset_is_not_admitted() {
	checked(|| {
		with_server(8);
		let terms = Ask { asset: PaymentAsset::WithId(8), ..ask(Units(1), 5) };
		assert_noop!(try_set(terms), Error::<Test>::AssetNotAdmitted);
	});
}

#[test]
fn set_ask_fails_when_the_deposit_is_missing() {
	checked(|| {
		with_server(8);
		let rest = Balances::free_balance(provider()) - 100;
		assert_ok!(Balances::transfer_allow_death(signed(provider()), other_provider(), rest));
		let failed = frame_support::storage::with_storage_layer(|| try_set(ask(Units(1), 5)));
		assert_eq!(failed, Err(TokenError::FundsUnavailable.into()));
		assert!(MockBook::take().is_empty());
	});
}

#[test]
fn set_ask_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		assert_noop!(
			Providers::set_ask(
				RuntimeOrigin::none(),
				SERVER,
				Units(1),
				PaymentAsset::Native,
				5,
				1,
				2,
				DECLARED,
				None
			),
			BadOrigin
		);
	});
}
