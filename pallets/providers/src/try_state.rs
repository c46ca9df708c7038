//! What holds between any two calls.

use crate::{rules::is_label, types::all_of, *};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::ensure;
use marketplace_primitives::{
	Attributes, DataCenterId, PriceLevel, ServerId, Units, MAX_HARDWARE_CLASSES, MAX_UNITS,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants that the README numbers; 7, on identifiers, beside others.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_providers()?;
		Self::try_data_centers()?;
		Self::try_servers()?;
		Self::try_asks()?;
		Self::try_assets()?;
		Self::try_attestations()?;
		Self::try_attestors()?;
		Self::try_classes()?;
		Self::try_attributes()
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

	/// 2. A data centre counts its servers; each stands in a data centre of its provider and says where
	///    that is and of what tier.
	fn try_data_centers() -> Result<(), TryRuntimeError> {
		let mut servers = BTreeMap::<DataCenterId, u32>::new();
		for server in Servers::<T>::iter_values() {
			let site = DataCenters::<T>::get(server.data_center).ok_or("2: a server in no site")?;
			let theirs = site.provider == server.provider;
			ensure!(theirs, "2: a server in no data centre of its provider");
			let same = (&site.location, site.tier) == (&server.location, server.tier);
			ensure!(same, "2: a server that does not say where it stands");
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

	/// 3. A server has 1 to 64 units, a hardware class that there may be, and a peer of its own that leads
	///    back to it.
	fn try_servers() -> Result<(), TryRuntimeError> {
		for (id, server) in Servers::<T>::iter() {
			ensure!(id < NextServerId::<T>::get(), "7: a server of the future");
			ensure!((1..=MAX_UNITS).contains(&server.units), "3: too few or too many units");
			ensure!(server.hardware < MAX_HARDWARE_CLASSES, "3: an impossible hardware class");
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

	/// 5. The asks of a server name units that it has, each unit in one ask at most, at a price that has a
	///    level, at a tariff above zero if at any, for a term that is possible, and offer the server's attributes.
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
			ensure!(PriceLevel::of(ask.price).is_some(), "5: a price without a level");
			ensure!(ask.tariff != Some(0), "5: a tariff of nothing");
			ensure!((1..=ask.max_term).contains(&ask.min_term), "5: an impossible term");
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

	/// 8. A server's record says what is attested of it, by all attestors together. Each attests something,
	///    and nothing that the server does not declare.
	fn try_attestations() -> Result<(), TryRuntimeError> {
		for (id, server) in Servers::<T>::iter() {
			let attestations = AttestationsOf::<T>::get(id);
			ensure!(all_of(&attestations) == server.attested, "8: attested by others than said");
			let declared = server.attested.is_subset_of(&server.attributes);
			ensure!(declared, "8: an attribute attested, not declared");
		}
		for (id, attestations) in AttestationsOf::<T>::iter() {
			ensure!(Servers::<T>::contains_key(id), "8: an attestation without its server");
			ensure!(!attestations.is_empty(), "8: an empty list of attestations");
			let empty = attestations.values().any(|attested| *attested == Attributes::NONE);
			ensure!(!empty, "8: an attestation of nothing");
		}
		Ok(())
	}

	/// 9. There are 64 attestors at most, and each may attest something.
	fn try_attestors() -> Result<(), TryRuntimeError> {
		let attestors: Vec<_> = Attestors::<T>::iter_values().collect();
		let count = usize::try_from(Attestors::<T>::count()).unwrap_or(usize::MAX);
		ensure!(attestors.len() == count, "9: attestors are counted wrong");
		ensure!(Attestors::<T>::count() <= MAX_ATTESTORS, "9: too many attestors");
		ensure!(!attestors.contains(&Attributes::NONE), "9: an attestor of nothing");
		Ok(())
	}

	/// 10. A hardware class is a number from 1 to 15 and has a name.
	fn try_classes() -> Result<(), TryRuntimeError> {
		for (class, name) in HardwareClasses::<T>::iter() {
			let possible = (1..MAX_HARDWARE_CLASSES).contains(&class) && is_label(&name);
			ensure!(possible, "10: an impossible hardware class");
		}
		Ok(())
	}

	/// 11. The known attributes are those that are described; effectors, and no others, have a CID.
	fn try_attributes() -> Result<(), TryRuntimeError> {
		let mut described = Attributes::NONE;
		for (id, info) in AttributeInfos::<T>::iter() {
			described = described.or(&Attributes::of(&[id]));
			ensure!(is_label(&info.name), "11: invalid name");
			let effector = info.kind == AttributeKind::Effector;
			ensure!(effector == info.cid.is_some(), "11: an attribute with a wrong CID");
		}
		let known = KnownAttributes::<T>::get();
		ensure!(known == described, "11: an attribute known, not described");
		Ok(())
	}
}

fn count<Key: Ord>(counts: &mut BTreeMap<Key, u32>, key: Key) {
	let counted = counts.entry(key).or_default();
	*counted = counted.saturating_add(1);
}
