//! Who is in a subnet, and where, can be known from events alone.

use super::*;
use crate::{AddressesOf, Event, Multiaddress};
use frame_support::assert_ok;
use marketplace_primitives::{UnitIndex, Units, WorkerId};
use marketplace_testkit::operator;
use std::collections::BTreeMap;

/// A subnet as somebody has it who reads events and the clock.
#[derive(Default)]
struct Reader {
	/// The units of each server, with the epoch from which they are gone, and their workers.
	units: BTreeMap<(ServerId, UnitIndex), (u32, Option<WorkerId>)>,
	addresses: BTreeMap<ServerId, AddressesOf>,
}

impl Reader {
	fn leave(&mut self, server: ServerId, units: Units, from: u32) {
		for unit in units.iter() {
			self.units.entry((server, unit)).and_modify(|(until, _)| *until = from);
		}
	}

	fn read(&mut self) {
		for event in events() {
			match event {
				Event::AllocationMade { server, units, .. } => {
					self.units.extend(units.iter().map(|unit| ((server, unit), (u32::MAX, None))))
				},
				Event::WorkersSet { server, workers, .. } => {
					for (unit, worker) in workers {
						let entry = self.units.entry((server, unit));
						entry.and_modify(|(_, of)| *of = Some(worker));
					}
				},
				Event::UnitsReleased { server, units, from, .. } => self.leave(server, units, from),
				Event::UnitsDropped { server, failed, unaccepted, from, .. } => {
					self.leave(server, failed.or(unaccepted), from);
				},
				Event::AllocationClosed { server, .. } => {
					self.units.retain(|(of, _), _| *of != server);
					self.addresses.remove(&server);
				},
				Event::AddressesSet { server, addresses, .. } => {
					self.addresses.insert(server, addresses);
				},
				_ => {},
			}
		}
	}

	/// Holds what was read against what the chain says.
	fn check(&mut self, id: DealId, epoch: u32) {
		MockUnits::set_epoch(epoch);
		self.read();
		let now = |((server, unit), (until, worker)): (&(ServerId, UnitIndex), &(u32, _))| {
			(*until > epoch).then_some((*server, *unit, *worker))
		};
		let read: Vec<_> = self.units.iter().filter_map(now).collect();
		let told = Deals::subnet(id).into_iter();
		let told: Vec<_> = told.map(|worker| (worker.server, worker.unit, worker.worker)).collect();
		assert_eq!(read, told);
		for entry in Deals::subnet_record(id).servers {
			let read = self.addresses.get(&entry.server).cloned().unwrap_or_default();
			let read: Vec<_> = read.into_iter().map(|one| one.into_inner()).collect();
			assert_eq!(entry.addresses, read);
		}
	}
}

#[test]
fn joining_and_leaving_can_be_rebuilt_from_events() {
	execute(|| {
		let id = wanting();
		let mut reader = Reader::default();
		reader.check(id, 1);
		let operator = || RuntimeOrigin::signed(operator());
		let anyone = || RuntimeOrigin::signed(stranger());
		assert_ok!(Deals::set_workers(operator(), id, FIRST, workers(&[0, 1, 2], 1)));
		let address = Multiaddress::truncate_from(vec![4, 127, 0, 0, 1]);
		let addresses = AddressesOf::truncate_from(vec![address]);
		assert_ok!(Deals::set_addresses(operator(), id, FIRST, addresses));
		reader.check(id, 2);
		// a worker is replaced, units join, units are released
		assert_ok!(Deals::set_workers(operator(), id, FIRST, workers(&[1], 9)));
		assert_ok!(fill(1, &[fill_of(30, provider(), 2, 5)]));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::one(0)));
		(2..=4).for_each(|epoch| reader.check(id, epoch));
		// a commitment fails, and what was not accepted is dropped
		MockUnits::fail(FIRST, Units::one(1));
		assert_ok!(Deals::replace(anyone(), id, FIRST));
		assert_ok!(Deals::replace(anyone(), id, SECOND));
		(4..=12).for_each(|epoch| reader.check(id, epoch));
		contested_until(12);
		assert_ok!(Deals::close_deal(anyone(), id));
		reader.check(id, 12);
		assert!(reader.units.is_empty() && reader.addresses.is_empty());
		assert!(gone(id, &[FIRST, SECOND, ServerId(30)]));
	});
}
