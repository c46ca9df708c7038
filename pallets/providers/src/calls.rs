//! The calls: check, then write, then tell.

use crate::{types::NewServer, *};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint},
};
use frame_system::pallet_prelude::BlockNumberFor;
use marketplace_primitives::{
	peer_message, Ask, AskId, DataCenterId, Location, OrderBook, PaymentAsset, PeerId, ServerId,
	UnitLedger, Units, MAX_UNITS,
};
use sp_core::ed25519;
use sp_runtime::{traits::Zero, ArithmeticError, DispatchError};

/// Whether the bytes are a name that one can show: UTF-8, not blank, no control characters.
pub(crate) fn is_label(bytes: &[u8]) -> bool {
	core::str::from_utf8(bytes)
		.is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

/// Providers.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_provider(who: T::AccountId, name: Name) -> DispatchResult {
		ensure!(!Providers::<T>::contains_key(&who), Error::<T>::AlreadyRegistered);
		ensure!(is_label(&name), Error::<T>::InvalidName);

		let ticket = T::Consideration::new(&who, Self::provider_footprint())?;
		let provider = Provider { name: name.clone(), data_centers: 0, servers: 0, ticket };
		Providers::<T>::insert(&who, provider);

		Self::deposit_event(Event::ProviderRegistered { provider: who, name });
		Ok(())
	}

	pub(crate) fn do_rename_provider(who: T::AccountId, name: Name) -> DispatchResult {
		ensure!(is_label(&name), Error::<T>::InvalidName);
		Self::mutate_provider(&who, |provider| {
			provider.name = name.clone();
			Ok(())
		})?;

		Self::deposit_event(Event::ProviderRenamed { provider: who, name });
		Ok(())
	}

	pub(crate) fn do_deregister_provider(who: T::AccountId) -> DispatchResult {
		let provider = Providers::<T>::get(&who).ok_or(Error::<T>::NotRegistered)?;
		ensure!(provider.data_centers.is_zero(), Error::<T>::HasDataCenters);

		Providers::<T>::remove(&who);
		provider.ticket.drop(&who)?;

		Self::deposit_event(Event::ProviderDeregistered { provider: who });
		Ok(())
	}

	fn mutate_provider(
		who: &T::AccountId,
		change: impl FnOnce(&mut ProviderOf<T>) -> DispatchResult,
	) -> DispatchResult {
		Providers::<T>::try_mutate(who, |maybe| {
			change(maybe.as_mut().ok_or(Error::<T>::NotRegistered)?)
		})
	}
}

/// Data centres.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_data_center(
		who: T::AccountId,
		location: Location,
		tier: u8,
	) -> DispatchResult {
		ensure!(Providers::<T>::contains_key(&who), Error::<T>::NotRegistered);
		let capitals = location.country.iter().all(u8::is_ascii_uppercase);
		ensure!(capitals, Error::<T>::InvalidCountry);
		ensure!(is_label(&location.city), Error::<T>::InvalidCity);
		ensure!((1..=MAX_TIER).contains(&tier), Error::<T>::InvalidTier);

		Self::create_data_center(who, location, tier).map(|_| ())
	}

	/// Puts a data centre whose facts are checked.
	pub(crate) fn create_data_center(
		who: T::AccountId,
		location: Location,
		tier: u8,
	) -> Result<DataCenterId, DispatchError> {
		let id = NextDataCenterId::<T>::get();
		NextDataCenterId::<T>::put(id.next().ok_or(ArithmeticError::Overflow)?);
		Self::mutate_provider(&who, |provider| increase(&mut provider.data_centers))?;
		let ticket = T::Consideration::new(&who, Self::data_center_footprint())?;
		let provider = who.clone();
		let record = DataCenter { provider, location: location.clone(), tier, servers: 0, ticket };
		DataCenters::<T>::insert(id, record);

		let (data_center, provider) = (id, who);
		Self::deposit_event(Event::DataCenterRegistered { data_center, provider, location, tier });
		Ok(id)
	}

	pub(crate) fn do_remove_data_center(who: T::AccountId, id: DataCenterId) -> DispatchResult {
		let site = Self::owned_data_center(&who, id)?;
		ensure!(site.servers.is_zero(), Error::<T>::HasServers);

		DataCenters::<T>::remove(id);
		Self::mutate_provider(&who, |provider| decrease(&mut provider.data_centers))?;
		site.ticket.drop(&who)?;

		Self::deposit_event(Event::DataCenterRemoved { data_center: id, provider: who });
		Ok(())
	}

	fn owned_data_center(
		who: &T::AccountId,
		id: DataCenterId,
	) -> Result<DataCenterOf<T>, DispatchError> {
		let site = DataCenters::<T>::get(id).ok_or(Error::<T>::UnknownDataCenter)?;
		ensure!(site.provider == *who, Error::<T>::NotOwner);
		Ok(site)
	}

	fn mutate_data_center(
		id: DataCenterId,
		change: impl FnOnce(&mut DataCenterOf<T>) -> DispatchResult,
	) -> DispatchResult {
		DataCenters::<T>::try_mutate(id, |maybe| {
			change(maybe.as_mut().ok_or(Error::<T>::UnknownDataCenter)?)
		})
	}
}

/// Servers.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_server(
		who: T::AccountId,
		server: NewServer<T::AccountId>,
		signature: PeerSignature,
	) -> DispatchResult {
		Self::owned_data_center(&who, server.data_center)?;
		ensure!(server.units > 0, Error::<T>::NoUnits);
		ensure!(server.units <= MAX_UNITS, Error::<T>::TooManyUnits);
		ensure!(!PeerIds::<T>::contains_key(server.peer_id), Error::<T>::PeerIdTaken);
		let message = Self::message_of_peer(&who, &server.operator);
		ensure!(signed_by(&server.peer_id, signature, &message), Error::<T>::InvalidSignature);

		Self::create_server(who, server).map(|_| ())
	}

	/// Puts a server whose facts are checked.
	pub(crate) fn create_server(
		who: T::AccountId,
		server: NewServer<T::AccountId>,
	) -> Result<ServerId, DispatchError> {
		let NewServer { data_center, peer_id, operator, units, attributes } = server;
		let id = NextServerId::<T>::get();
		NextServerId::<T>::put(id.next().ok_or(ArithmeticError::Overflow)?);
		Self::mutate_provider(&who, |provider| increase(&mut provider.servers))?;
		Self::mutate_data_center(data_center, |site| increase(&mut site.servers))?;
		T::Units::open(id, units)?;
		let record = Server {
			provider: who.clone(),
			data_center,
			peer_id,
			operator: operator.clone(),
			units,
			attributes,
			ticket: T::Consideration::new(&who, Self::server_footprint())?,
		};
		PeerIds::<T>::insert(peer_id, id);
		Servers::<T>::insert(id, record);

		Self::deposit_event(Event::ServerRegistered {
			server: id,
			provider: who,
			data_center,
			peer_id,
			operator,
			units,
			attributes,
		});
		Ok(id)
	}

	pub(crate) fn do_set_operator(
		who: T::AccountId,
		id: ServerId,
		operator: T::AccountId,
	) -> DispatchResult {
		let server = Self::owned_server(&who, id)?;
		Servers::<T>::insert(id, Server { operator: operator.clone(), ..server });

		Self::deposit_event(Event::OperatorSet { server: id, operator });
		Ok(())
	}

	pub(crate) fn do_deregister_server(who: T::AccountId, id: ServerId) -> DispatchResult {
		let server = Self::owned_server(&who, id)?;
		ensure!(AsksOf::<T>::get(id).is_empty(), Error::<T>::HasAsks);

		T::Units::close(id)?;
		Servers::<T>::remove(id);
		PeerIds::<T>::remove(server.peer_id);
		Self::mutate_data_center(server.data_center, |site| decrease(&mut site.servers))?;
		Self::mutate_provider(&who, |provider| decrease(&mut provider.servers))?;
		server.ticket.drop(&who)?;

		let peer_id = server.peer_id;
		Self::deposit_event(Event::ServerDeregistered { server: id, provider: who, peer_id });
		Ok(())
	}

	fn owned_server(who: &T::AccountId, id: ServerId) -> Result<ServerOf<T>, DispatchError> {
		let server = Servers::<T>::get(id).ok_or(Error::<T>::UnknownServer)?;
		ensure!(server.provider == *who, Error::<T>::NotOwner);
		Ok(server)
	}

	/// What the key of a peer signs for `provider` and `operator` on this chain.
	pub(crate) fn message_of_peer(provider: &T::AccountId, operator: &T::AccountId) -> Vec<u8> {
		let hash = frame_system::BlockHash::<T>::get(BlockNumberFor::<T>::zero());
		let genesis = <[u8; 32]>::try_from(hash.as_ref()).unwrap_or_default();
		peer_message(&genesis, provider, operator)
	}
}

/// Asks.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_ask(who: T::AccountId, ask: Ask) -> DispatchResult {
		let server = Self::owned_server(&who, ask.server)?;
		ensure!(!ask.units.is_empty(), Error::<T>::NoUnits);
		ensure!(ask.units.is_subset_of(Units::first(server.units)), Error::<T>::ForeignUnits);
		ensure!(ask.price > 0, Error::<T>::ZeroPrice);
		ensure!((1..=ask.max_term).contains(&ask.min_term), Error::<T>::InvalidTerm);
		ensure!(AdmittedAssets::<T>::get().contains(&ask.asset), Error::<T>::AssetNotAdmitted);

		let replaced = Self::replaced_by(&ask)?;
		let attributes = server.attributes.or(&ask.attributes);
		Self::create_ask(&who, Ask { attributes, ..ask }, replaced).map(|_| ())
	}

	/// The standing ask for exactly the units of `ask`, if there is one.
	///
	/// # Errors
	/// Where the units overlap with another ask's without being the same.
	fn replaced_by(ask: &Ask) -> Result<Option<(AskId, Ask)>, DispatchError> {
		for id in AsksOf::<T>::get(ask.server) {
			let Some(standing) = Asks::<T>::get(id) else { continue };
			if standing.units == ask.units {
				return Ok(Some((id, standing)));
			}
			ensure!(!standing.units.overlaps(ask.units), Error::<T>::UnitsAlreadyAsked);
		}
		Ok(None)
	}

	/// Puts an ask whose terms are checked, in place of `replaced`.
	pub(crate) fn create_ask(
		who: &T::AccountId,
		ask: Ask,
		replaced: Option<(AskId, Ask)>,
	) -> Result<AskId, DispatchError> {
		let id = NextAskId::<T>::get();
		NextAskId::<T>::put(id.next().ok_or(ArithmeticError::Overflow)?);
		let old = replaced.as_ref().map(|(old, _)| *old);
		AsksOf::<T>::try_mutate(ask.server, |ids| {
			ids.retain(|standing| Some(*standing) != old);
			ids.try_push(id).map_err(|_| Error::<T>::TooManyAsks)
		})?;
		let ticket = match old.and_then(AskTickets::<T>::take) {
			Some(ticket) => ticket,
			None => T::Consideration::new(who, Self::ask_footprint())?,
		};
		if let Some((old, standing)) = replaced {
			Asks::<T>::remove(old);
			T::Book::ask_withdrawn(old, &standing);
		}
		AskTickets::<T>::insert(id, ticket);
		Asks::<T>::insert(id, &ask);
		T::Book::ask_set(id, &ask);

		Self::deposit_event(Event::AskSet { ask_id: id, ask, replaced: old });
		Ok(id)
	}

	pub(crate) fn do_withdraw_ask(who: T::AccountId, id: AskId) -> DispatchResult {
		let ask = Asks::<T>::get(id).ok_or(Error::<T>::UnknownAsk)?;
		Self::owned_server(&who, ask.server)?;

		Asks::<T>::remove(id);
		AsksOf::<T>::mutate_exists(ask.server, |maybe| {
			if let Some(ids) = maybe {
				ids.retain(|standing| *standing != id);
			}
			*maybe = maybe.take().filter(|ids| !ids.is_empty());
		});
		if let Some(ticket) = AskTickets::<T>::take(id) {
			ticket.drop(&who)?;
		}
		T::Book::ask_withdrawn(id, &ask);

		Self::deposit_event(Event::AskWithdrawn { ask_id: id, server: ask.server });
		Ok(())
	}
}

/// Payment assets.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_admit_asset(asset: PaymentAsset) -> DispatchResult {
		AdmittedAssets::<T>::try_mutate(|assets| {
			ensure!(!assets.contains(&asset), Error::<T>::AssetAlreadyAdmitted);
			assets.try_push(asset.clone()).map_err(|_| Error::<T>::TooManyAssets)
		})?;

		Self::deposit_event(Event::AssetAdmitted { asset });
		Ok(())
	}

	pub(crate) fn do_dismiss_asset(asset: PaymentAsset) -> DispatchResult {
		AdmittedAssets::<T>::try_mutate(|assets| {
			ensure!(assets.contains(&asset), Error::<T>::AssetNotAdmitted);
			assets.retain(|admitted| *admitted != asset);
			Ok::<_, Error<T>>(())
		})?;

		Self::deposit_event(Event::AssetDismissed { asset });
		Ok(())
	}
}

/// What each record takes of the state: the largest encoding of its entries, keys included.
impl<T: Config> Pallet<T> {
	pub(crate) fn provider_footprint() -> Footprint {
		Footprint::from_mel::<(T::AccountId, ProviderOf<T>)>()
	}

	pub(crate) fn data_center_footprint() -> Footprint {
		Footprint::from_mel::<(DataCenterId, DataCenterOf<T>)>()
	}

	pub(crate) fn server_footprint() -> Footprint {
		Footprint::from_mel::<(ServerId, ServerOf<T>, PeerId, ServerId)>()
	}

	pub(crate) fn ask_footprint() -> Footprint {
		Footprint::from_mel::<(AskId, Ask, AskId, TicketOf<T>, AskId)>()
	}
}

/// Whether the ed25519 key `peer_id` signed `message`.
fn signed_by(peer_id: &PeerId, signature: PeerSignature, message: &[u8]) -> bool {
	sp_io::crypto::ed25519_verify(
		&ed25519::Signature::from_raw(signature),
		message,
		&ed25519::Public::from_raw(*peer_id),
	)
}

fn increase(count: &mut u32) -> DispatchResult {
	*count = count.checked_add(1).ok_or(ArithmeticError::Overflow)?;
	Ok(())
}

fn decrease(count: &mut u32) -> DispatchResult {
	*count = count.checked_sub(1).ok_or(ArithmeticError::Underflow)?;
	Ok(())
}
