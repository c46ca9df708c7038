//! Where units may be and how they must be spread, and what clients learn of it before they post: each offer is
//! quoted, and posting it does what the quote said, to the unit and the plank.

mod attested;
mod book;
mod explained;
mod poked;
mod solved;
mod spread;
mod tariff;

use frame_support::hypothetically;
use marketplace_primitives::api::Constraint;
use marketplace_primitives::{
	AccessList, Attributes, DealId, Location, Placement, Price, ServerId, Sites, Units, UnitsWanted,
};
use marketplace_runtime::{
	constants::{FLT, USDC},
	AccountId, Capacity, Offers, Runtime, RuntimeCall,
};
use marketplace_scenarios::{
	actors::{
		account, act, refused, signed, Key, DELEGATOR, DEVELOPER, GOVERNOR, NORTH, SOUTH, STRANGER,
	},
	acts::{ask, commit, open_site, register, settle_down, Machine, Wanted},
	chain,
	client::{explain_offer, parts, post_as_quoted, quote, remedy},
	invariants,
	ledger::{Coin, Ledger},
	proving::report_call,
};
use pallet_providers::{Call as ProvidersCall, Error as ProvidersError};
use sp_runtime::{DispatchError, Perbill};

type Where = Placement<AccountId>;

/// A third provider.
const WEST: Key = Key::DaveStash;
/// Vouches for what servers are.
const ATTESTOR: Key = Key::EveStash;
/// What [`ATTESTOR`] looks at: SEV-SNP.
const SEALED: u8 = 18;

const ALL: Units = Units(0b1111);
const DEAR: Price = 2 * USDC;

// The servers, the cheapest first, with four units each.
/// North's in Norway, for a dollar.
const FIRST: ServerId = ServerId(0);
/// In the same data centre.
const SECOND: ServerId = ServerId(1);
/// North's in Germany.
const THIRD: ServerId = ServerId(2);
/// South's in Sweden: of the highest tier, sealed, of hardware class 2.
const FOURTH: ServerId = ServerId(3);
/// West's in Switzerland.
const FIFTH: ServerId = ServerId(4);

/// Commits and offers all units of a server. The proofs are none, but nobody has asked for them yet.
fn offer_units(machine: Machine, price: Price) {
	ask(machine, ALL, price);
	commit(machine, ALL, 120, Perbill::zero(), 400 * FLT, DELEGATOR);
}

/// Three providers with five servers in four countries, all proven, in epoch 2.
fn with_supply(test: impl FnOnce(&mut Ledger)) {
	chain::development().execute_with(|| {
		let norway = settle_down(NORTH);
		let germany = open_site(NORTH, b"DE", "Berlin", 2);
		settle_down(SOUTH);
		let sweden = open_site(SOUTH, b"SE", "Lulea", 4);
		settle_down(WEST);
		let swiss = open_site(WEST, b"CH", "Bern", 1);
		let places =
			[(norway, NORTH), (norway, NORTH), (germany, NORTH), (sweden, SOUTH), (swiss, WEST)];
		let machines: Vec<_> = (1u8..)
			.zip(places)
			.map(|(seed, (site, who))| register(site, who, who, seed, 4))
			.collect();
		let server = FOURTH;
		let attributes = Attributes::of(&[SEALED]);
		act(SOUTH, ProvidersCall::declare_attributes { server, attributes });
		act(SOUTH, ProvidersCall::declare_hardware { server, class: 2 });
		for (tenths, machine) in (10..).zip(&machines) {
			offer_units(*machine, tenths * USDC / 10);
		}
		chain::run_to_epoch(2);
		for machine in machines {
			act(machine.provider, report_call(machine.id, 2, [1; 32], ALL, Units::NONE));
		}
		let pots = (0..5u64).map(|id| Capacity::stake_account(id.into()));
		let mut ledger = Ledger::now(&pots.collect::<Vec<_>>());
		test(&mut ledger);
		assert_eq!(invariants::check(), Ok(()));
	});
}

/// So many units or none, for ten epochs.
fn wanted(units: u32, placement: Where) -> Wanted {
	Wanted { placement, ..Wanted::new(units, DEAR, 10) }
}

/// Posts an offer in a world of its own: it gets so many units of each server, or none at all.
#[track_caller]
fn gets(wanted: Wanted, expected: &[(ServerId, u32)]) {
	hypothetically!({
		let pots = (0..5u64).map(|id| Capacity::stake_account(id.into()));
		let mut ledger = Ledger::now(&pots.collect::<Vec<_>>());
		let escrow = u128::from(wanted.units.target) * DEAR * u128::from(wanted.term);
		let deal = post_as_quoted(DEVELOPER, wanted);
		let got = deal.map(parts).unwrap_or_default();
		let got: Vec<_> = got.iter().map(|(server, units, _)| (*server, units.count())).collect();
		assert_eq!(got, expected);
		ledger.hold(&account(DEVELOPER), Coin::Usdc, escrow);
		ledger.check();
		assert_eq!(invariants::check(), Ok(()));
	});
}
