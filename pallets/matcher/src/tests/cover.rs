//! Units that are not covered as long as the others of their server.

use super::world::*;
use crate::mock::*;
use frame_support::{storage_alias, Twox64Concat};
use marketplace_primitives::{Ask, Epoch, ServerId, Units};
use marketplace_testkit::provider;

#[storage_alias]
type Short = StorageMap<CoverPrefix, Twox64Concat, ServerId, (Units, Epoch)>;

/// Lets deals that end after epoch `until` began have no `units` of the server.
fn shorten(server: u32, units: Units, until: Epoch) {
	Short::insert(ServerId(server), (units, until));
	prove_again(server);
}

/// Units of the server that are covered until `end`, of all that are to be had for a while.
pub fn covered(server: ServerId, units: Units, end: Epoch) -> Units {
	match Short::get(server) {
		Some((short, until)) if end > until => units.without(short),
		_ => units,
	}
}

/// Those of `units` that are covered longest.
pub fn lasting(server: ServerId, units: Units) -> Units {
	let long = covered(server, units, Epoch::MAX);
	if long.is_empty() {
		units
	} else {
		long
	}
}

#[test]
fn better_bid_looks_again_when_a_match_leaves_of_the_ask_that_barred_it_what_is_too_short() {
	market(|| {
		server(1, provider(), 8);
		shorten(1, Units(0b0000_0010), 5);
		set_ask(1, Ask { units: Units(0b0000_0011), ..ask_of(1, 1) });
		set_ask(2, Ask { units: Units(0b1111_1100), ..ask_of(1, 2) });
		settle();
		// One unit of the best ask is there for ten epochs.
		post(1, bid(5, 4, 4));
		settle();
		post(2, Terms { term: 2, ..bid(1, 1, 1) });
		assert_eq!(fills(2)[0].units, Units(0b1));
		post(3, bid(2, 4, 4));
		settle();
		assert_eq!((got(1), got(3)), (vec![(1, 4, 2)], vec![]));
	});
}
