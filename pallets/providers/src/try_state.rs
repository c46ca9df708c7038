//! What holds between any two calls.

use crate::{calls::is_label, *};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::ensure;
use marketplace_primitives::{Attributes, DataCenterId, ServerId, Units, MAX_UNITS};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants that the README numbers; 7, on identifiers, beside the others.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_providers()?;
		Self::try_data_centers()?;
		Self::try_servers()?;
		Self::try_asks()?;
		Self::try_assets()
	}

	/// 1. A provider counts its data centres and servers; each of them has a provider.
	fn try_providers() -> Result<(), TryRuntimeError> {
		let mut sites = BTreeMap::<T::AccountId, u32>::new();
		DataCenters::<T>::iter_values().for_each(|site| count(&mut sites, site.provider));
		let mut servers = BTreeMap::<T::AccountId, u32>::new();
		Servers::<T>::iter_values().for_each(|server| count(&mut servers, server.provider));
		for (who, provider) in Providers::<T>::iter() {
			ensure!(is_label(&provider.name), "1: invalid name");
			let counted = (sites.remove(&who).unwrap_or(0), servers.remove(&who).unwrap_or(0));
			let stored = (provider.data_centers, provider.servers);
			ensure!(stored == counted, "1: a provider counts wrong");
		}
		ensure!(sites.is_empty() && servers.is_empty(), "1: a record without its provider");
		Ok(())
	}

	/// 2. A data centre counts its servers; each stands in a data centre of its provider.
	fn try_data_centers() -> Result<(), TryRuntimeError> {
		let mut servers = BTreeMap::<DataCenterId, u32>::new();
		for server in Servers::<T>::iter_values() {
			let site = DataCenters::<T>::get(server.data_center);
			let theirs = site.is_some_and(|site| site.provider == server.provider);
			ensure!(theirs, "2: a server in no data centre of its provider");
			count(&mut servers, server.data_center);
		}
		for (id, site) in DataCenters::<T>::iter() {
			ensure!(id < NextDataCenterId::<T>::get(), "7: a data centre of the future");
			ensure!((1..=MAX_TIER).contains(&site.tier), "2: invalid tier");
			ensure!(is_label(&site.location.city), "2: invalid city");
			let counted = servers.remove(&id).unwrap_or(0);
			ensure!(site.servers == counted, "2: a data centre counts wrong");
		}
		Ok(())
	}

	/// 3. A server has 1 to 64 units, and a peer of its own that leads back to it.
	fn try_servers() -> Result<(), TryRuntimeError> {
		for (id, server) in Servers::<T>::iter() {
			ensure!(id < NextServerId::<T>::get(), "7: a server of the future");
			ensure!((1..=MAX_UNITS).contains(&server.units), "3: too few or too many units");
			ensure!(PeerIds::<T>::get(server.peer_id) == Some(id), "3: a peer leads elsewhere");
		}
		let same = PeerIds::<T>::iter_keys().count() == Servers::<T>::iter_keys().count();
		ensure!(same, "3: a peer without its server");
		Ok(())
	}

	/// 4. Each ask is listed by its server, once, and has a deposit.
	fn try_asks() -> Result<(), TryRuntimeError> {
		let mut listed = 0usize;
		for (server, ids) in AsksOf::<T>::iter() {
			ensure!(!ids.is_empty(), "4: an empty list of asks");
			listed = listed.saturating_add(ids.len());
			Self::try_asks_of(server, ids)?;
		}
		ensure!(Asks::<T>::iter_keys().count() == listed, "4: an ask that no server lists");
		ensure!(AskTickets::<T>::iter_keys().count() == listed, "4: a deposit without its ask");
		Ok(())
	}

	/// 5. The asks of a server name units that it has, each unit in one ask at most, at a price above
	///    zero, for a term that is possible, and offer the server's attributes.
	fn try_asks_of(id: ServerId, ids: AskIds) -> Result<(), TryRuntimeError> {
		let server = Servers::<T>::get(id).ok_or("4: asks of no server")?;
		let mut asked = Units::NONE;
		for ask_id in ids {
			let ask = Asks::<T>::get(ask_id).ok_or("4: a listed ask is missing")?;
			ensure!(AskTickets::<T>::contains_key(ask_id), "4: an ask without its deposit");
			ensure!(ask_id < NextAskId::<T>::get(), "7: an ask of the future");
			ensure!(ask.server == id, "4: an ask listed by another server");
			let own = !ask.units.is_empty() && ask.units.is_subset_of(Units::first(server.units));
			ensure!(own, "5: no units, or units that the server has not");
			ensure!(!ask.units.overlaps(asked), "5: a unit in two asks");
			asked = asked.or(ask.units);
			let possible = ask.price > 0 && (1..=ask.max_term).contains(&ask.min_term);
			ensure!(possible, "5: a price of zero or an impossible term");
			let offered: Attributes = ask.attributes;
			ensure!(server.attributes.is_subset_of(&offered), "5: attributes are missing");
		}
		Ok(())
	}

	/// 6. An asset is admitted once.
	fn try_assets() -> Result<(), TryRuntimeError> {
		let assets = AdmittedAssets::<T>::get();
		let mut sorted: Vec<_> = assets.iter().collect();
		sorted.sort();
		sorted.dedup();
		ensure!(sorted.len() == assets.len(), "6: an asset admitted twice");
		Ok(())
	}
}

fn count<Key: Ord>(counts: &mut BTreeMap<Key, u32>, key: Key) {
	let counted = counts.entry(key).or_default();
	*counted = counted.saturating_add(1);
}
