//! Small markets in which all picks that there are can be tried, against a checker of its own.

use super::*;
use crate::{tests::reference::Reference, AskPlaces, BidPlaces};
use codec::Encode;
use frame_support::{
	assert_ok,
	storage::{with_transaction, TransactionOutcome},
};
use marketplace_primitives::{
	AccessList, Attributes, BidTerms, EpochClock, Fill, Price, Registry, UnitsWanted,
};
use marketplace_testkit::{account, MockUnits};
use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config, TestRunner},
};
use sp_runtime::DispatchError;
use std::{cell::Cell, collections::BTreeMap};

/// Provider and country of each data centre.
const SITES: [(u8, &[u8; 2]); 4] = [(10, b"CH"), (11, b"CH"), (10, b"DE"), (11, b"FR")];

/// What happens before somebody looks for solutions.
#[derive(Clone, Debug)]
enum Step {
	Ask(Ask),
	Post(Box<Terms>),
	Withdraw(usize),
}

/// How many servers there are: few enough to try everything.
const SERVERS: usize = 4;

/// Units picked of asks.
type Choice = Vec<(u64, Units)>;

fn asks() -> impl Strategy<Value = Ask> {
	let tariff = proptest::option::of(1u128..4);
	let attributes = prop_oneof![6 => Just(Attributes::of(&[1])), 1 => Just(Attributes::NONE)];
	let units = prop_oneof![Just(1), Just(2), Just(4), Just(3), Just(6), Just(7)];
	(0..SERVERS as u32, units, 1u128..6, 9u32..16, attributes, tariff).prop_map(
		|(server, units, price, max_term, attributes, tariff)| Ask {
			units: Units(units),
			max_term,
			attributes,
			tariff,
			..ask_of(server, price)
		},
	)
}

fn placements() -> impl Strategy<Value = Placement<AccountId32>> {
	let cap = || proptest::option::weighted(0.15, 1u32..4);
	let groups = |most: u32| prop_oneof![1 => Just(0), 2 => 2..=most];
	let hardware = proptest::option::weighted(0.05, 0u8..2);
	let denied = proptest::option::weighted(0.05, 10u8..12);
	(cap(), cap(), cap(), groups(2), groups(3), groups(3), hardware, denied).prop_map(
		|(provider, site, server, providers, sites, countries, hardware, denied)| Placement {
			max_per_provider: provider,
			max_per_data_center: site,
			max_per_server: server,
			min_providers: providers,
			min_data_centers: sites,
			min_countries: countries,
			providers: denied.map_or(AccessList::Any, |denied| {
				AccessList::Deny(BoundedVec::truncate_from(vec![account(denied)]))
			}),
			hardware,
			..Default::default()
		},
	)
}

/// Units and placement: any, or such that the cheapest server is often the wrong one.
fn demands() -> impl Strategy<Value = (u32, u32, Placement<AccountId32>)> {
	let units = (2u32..9)
		.prop_flat_map(|target| prop_oneof![Just((target, target)), (1..=target, Just(target))]);
	let placement = prop_oneof![1 => Just(Placement::default()), 2 => placements()];
	let any = (units, placement).prop_map(|((min, target), placement)| (min, target, placement));
	let apart = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
	let spread = Placement { max_per_provider: Some(3), min_data_centers: 3, ..Default::default() };
	prop_oneof![
		2 => any,
		2 => (2u32..4).prop_map(move |target| (2, target, apart.clone())),
		1 => Just((5, 6, spread)),
	]
}

fn bids() -> impl Strategy<Value = Terms> {
	let tariff = proptest::option::weighted(0.1, 1u128..4);
	let attributes = prop_oneof![4 => Just(Attributes::NONE), 1 => Just(Attributes::of(&[1]))];
	(4u128..9, demands(), 4u32..11, attributes, tariff).prop_map(
		|(price, (min, target, placement), term, attributes, tariff)| BidTerms {
			term,
			placement,
			attributes,
			tariff,
			..bid(price, min, target)
		},
	)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let any_step = prop_oneof![
		1 => asks().prop_map(Step::Ask),
		6 => bids().prop_map(|terms| Step::Post(Box::new(terms))),
		1 => any::<usize>().prop_map(Step::Withdraw),
	];
	// Supply first, so that little is matched before there is a choice: of each server one ask, or one of a unit
	// and one of the others.
	let supply = (0..SERVERS as u32).map(|server| {
		let one = (asks(), any::<bool>()).prop_map(move |(ask, whole)| {
			let units = if whole { Units(7) } else { Units(1) };
			Step::Ask(Ask { units, server: ServerId(server), ..ask })
		});
		let others = asks().prop_map(move |ask| {
			Step::Ask(Ask { units: Units(6), server: ServerId(server), ..ask })
		});
		(one, others)
	});
	let supply = supply.collect::<Vec<_>>();
	let supply = supply.prop_map(|asks| {
		asks.into_iter().flat_map(|(one, others)| [one, others]).collect::<Vec<_>>()
	});
	(supply, vec(any_step, 1..6)).prop_map(|(supply, rest)| [supply, rest].concat())
}

/// Servers by their data centre and units.
fn servers() -> impl Strategy<Value = Vec<(u32, u8)>> {
	let site = prop_oneof![8 => 0u32..3, 1 => Just(3)];
	vec((site, 2u8..4), SERVERS)
}

fn begin(servers: &[(u32, u8)], steps: Vec<Step>) {
	for (id, (site, units)) in (0..).zip(servers) {
		let (owner, country) = SITES[*site as usize];
		server(id, account(owner), *units);
		MockRegistry::change_server(ServerId(id), |server| {
			server.data_center = DataCenterId(*site);
			server.location.country = *country;
			server.hardware = u8::try_from(id % 2).expect("small");
		});
	}
	for (number, step) in (1..).zip(steps) {
		match step {
			Step::Ask(ask) => {
				let standing = MockRegistry::asks_of(ask.server);
				let mut standing = standing.into_iter().filter_map(MockRegistry::ask);
				if standing.all(|other| !other.units.overlaps(ask.units)) {
					set_ask(number, ask);
				}
			},
			Step::Post(terms) => _ = post(number, *terms),
			Step::Withdraw(pick) => {
				let asks = AskPlaces::<Test>::iter_keys().collect::<Vec<_>>();
				asks.get(pick % asks.len().max(1)).into_iter().for_each(|ask| withdraw(ask.0));
			},
		}
		if number % 3 == 0 {
			settle();
		}
	}
	settle();
}

/// The market as it is.
fn snapshot(servers: &[(u32, u8)]) -> Reference {
	let mut model = Reference { epoch: MockUnits::current(), ..Default::default() };
	for (id, (_, units)) in (0..).map(ServerId).zip(servers) {
		model.servers.insert(id, MockRegistry::server(id).expect("it is there"));
		model.proven.insert(id, (Units::first(*units), 1_000));
	}
	model.asks = AskPlaces::<Test>::iter()
		.map(|(id, place)| {
			(id.0, (place.key.sequence(), MockRegistry::ask(id).expect("it stands")))
		})
		.collect();
	model.bids = open()
		.into_iter()
		.map(|(id, terms)| {
			let place = BidPlaces::<Test>::get(id).expect("it stands");
			(id.0, (place.key.sequence(), terms))
		})
		.collect();
	model.deals = deals().into_iter().map(|(id, deal)| (id.0, deal)).collect();
	model
}

/// For each server nothing, or so many units of one of its asks.
fn all_picks(model: &Reference) -> Vec<Choice> {
	let mut all = vec![Choice::new()];
	for server in model.servers.keys() {
		let (proven, _) = model.proven[server];
		let free = proven.without(model.busy(*server));
		let asks = model.asks.iter().filter(|(_, (_, ask))| ask.server == *server);
		let options = asks.flat_map(|(id, (_, ask))| {
			let free = free.and(ask.units);
			(1..=free.count()).map(move |count| (*id, free.take(count)))
		});
		let options = options.collect::<Vec<_>>();
		let more = all.iter().flat_map(|picks| {
			options.iter().map(|option| picks.iter().copied().chain([*option]).collect())
		});
		let more = more.collect::<Vec<_>>();
		all.extend(more);
	}
	all
}

/// The fills that the picks are, if every rule of the market holds for them: from the words of the README, and
/// nothing of the pallet.
fn check(model: &Reference, offer: u64, picks: &Choice) -> Option<Vec<Fill<AccountId32>>> {
	let (time, terms) = model.bids.get(&offer)?;
	let deal = model.deals.get(&offer);
	let end = deal.map_or(model.epoch + 1 + terms.term, |(end, _)| *end);
	let earlier = deal.map(|(_, fills)| fills.clone()).unwrap_or_default();
	let mut fills = Vec::new();
	for (id, units) in picks {
		let (stood, ask) = model.asks.get(id)?;
		let server = &model.servers[&ask.server];
		let (proven, until) = model.proven[&ask.server];
		let free = proven.and(ask.units).without(model.busy(ask.server));
		let term = end.checked_sub(model.epoch + 1)?;
		let suits = ask.price <= terms.max_price
			&& ask.min_term <= term
			&& term <= ask.max_term
			&& terms.attributes.is_subset_of(&ask.attributes)
			&& terms.tariff.is_none_or(|most| ask.tariff.is_some_and(|asked| asked <= most))
			&& terms.placement.providers.admits(&server.provider)
			&& terms.placement.hardware.is_none_or(|class| class == server.hardware)
			&& end <= until
			&& units.is_subset_of(free)
			&& !units.is_empty();
		let known = earlier.iter().chain(&fills).any(|fill| fill.server == ask.server);
		if !suits || known {
			return None;
		}
		fills.push(Fill {
			ask: AskId(*id),
			server: ask.server,
			provider: server.provider.clone(),
			data_center: server.data_center,
			country: server.location.country,
			units: *units,
			price: if stood < time { ask.price } else { terms.max_price },
			max_term: ask.max_term,
			tariff: ask.tariff,
		});
	}
	let all = earlier.iter().chain(&fills).cloned().collect::<Vec<_>>();
	(is_enough(terms, &fills) && is_spread(terms, &all)).then_some(fills)
}

fn count(fills: &[Fill<AccountId32>]) -> u32 {
	fills.iter().map(|fill| fill.units.count()).sum()
}

/// Units enough, and not too many.
fn is_enough(terms: &Terms, fills: &[Fill<AccountId32>]) -> bool {
	let UnitsWanted { min, target } = terms.units;
	let least = if terms.deal.is_some() { 1 } else { min };
	(least..=target - terms.filled).contains(&count(fills)) && !fills.is_empty()
}

/// Whether the units of the whole deal are spread as was asked for.
fn is_spread(terms: &Terms, all: &[Fill<AccountId32>]) -> bool {
	let by = |key: &dyn Fn(&Fill<AccountId32>) -> Vec<u8>| {
		let mut sums = BTreeMap::<Vec<u8>, u32>::new();
		for fill in all {
			*sums.entry(key(fill)).or_default() += fill.units.count();
		}
		sums
	};
	let place = &terms.placement;
	let limits = [
		(by(&|fill| fill.provider.encode()), place.max_per_provider, place.min_providers),
		(by(&|fill| fill.data_center.encode()), place.max_per_data_center, place.min_data_centers),
		(by(&|fill| fill.server.encode()), place.max_per_server, 0),
		(by(&|fill| fill.country.encode()), None, place.min_countries),
	];
	limits.into_iter().all(|(sums, cap, groups)| {
		sums.len() >= groups as usize && cap.is_none_or(|cap| sums.values().all(|sum| *sum <= cap))
	})
}

/// Whether the rule alone finds all there is: no groups are asked for, and no server has a second ask.
fn is_plain(model: &Reference, terms: &Terms) -> bool {
	let place = &terms.placement;
	let groups = place.min_providers.max(place.min_data_centers).max(place.min_countries);
	let asks = |server| model.asks.values().filter(move |(_, ask)| ask.server == server).count();
	groups <= 1 && model.servers.keys().all(|server| asks(*server) <= 1)
}

/// Whether `solve` takes the picks; nothing stays of it.
fn takes(offer: u64, picks: &Choice) -> bool {
	with_transaction(|| {
		let taken = solve(offer, picks).is_ok();
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(taken))
	})
	.expect("it is rolled back")
}

/// Solves one offer and lets the book come to rest.
fn solve_and_settle(servers: &[(u32, u8)], offer: u64, picks: &Choice, made: &[Fill<AccountId32>]) {
	let before = snapshot(servers);
	let terms = &before.bids[&offer].1;
	let surplus =
		made.iter().map(|fill| Price::from(fill.units.count()) * (terms.max_price - fill.price));
	let due = rewarded(offer, stranger()) + surplus.sum::<Balance>() / 2;
	assert_ok!(solve(offer, picks));
	assert_eq!(rewarded(offer, stranger()), due);
	let had = before.deals.get(&offer).map(|(_, fills)| fills.len()).unwrap_or_default();
	assert_eq!(fills(offer)[had..], *made);
	crate::Pallet::<Test>::do_try_state().expect("invariants hold");
	settle();
	let mut rest = snapshot(servers);
	for server in rest.servers.keys() {
		rest.busy(*server);
	}
	assert!(!rest.match_all(), "the reference makes a further match");
}

/// Looks for solutions until there is none, three at most. Returns how many there were.
fn solve_all(servers: &[(u32, u8)], wild: &[Choice], pick: usize) -> u32 {
	for round in 0..3 {
		let model = snapshot(servers);
		let all = all_picks(&model);
		let mut solutions = Vec::new();
		for (offer, (_, terms)) in &model.bids {
			for picks in all.iter().chain(wild) {
				let made = check(&model, *offer, picks);
				assert_eq!(made.is_some(), takes(*offer, picks), "{picks:?} for {terms:?}");
				assert!(made.is_none() || !is_plain(&model, terms), "{picks:?} is left");
				solutions.extend(made.map(|made| (*offer, picks, made)));
			}
		}
		if solutions.is_empty() {
			return round;
		}
		let (offer, picks, made) = &solutions[pick % solutions.len()];
		solve_and_settle(servers, *offer, picks, made);
	}
	3
}

/// At rest, whatever `solve` takes is a match by all rules, and it takes all that are; the fee is exact; nothing is
/// left that the reference would match; and the rule left nothing to bids that ask for no groups.
#[test]
fn solve_takes_what_is_a_match_and_nothing_else() {
	let wild = vec(vec((1u64..16, (0u64..16).prop_map(Units)), 0..4), 8);
	let markets = (servers(), steps(), wild, any::<usize>());
	let solved = Cell::new(0);
	let config = Config { failure_persistence: None, ..Config::with_cases(1_024) };
	let mut runner = TestRunner::new(config);
	let run = runner.run(&markets, |(servers, steps, wild, pick)| {
		market(|| {
			begin(&servers, steps);
			solved.set(solved.get() + solve_all(&servers, &wild, pick));
		});
		Ok(())
	});
	run.expect("all hold");
	assert!(solved.get() > 10, "only {} solutions were tried", solved.get());
}
