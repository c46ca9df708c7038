//! Servers.

use super::{decrease, increase};
use crate::{types::NewServer, *};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Consideration};
use frame_system::pallet_prelude::BlockNumberFor;
use marketplace_primitives::{
	peer_message, Attributes, Due, PeerId, ServerId, UnitLedger, MAX_UNITS,
};
use sp_core::ed25519;
use sp_runtime::{traits::Zero, ArithmeticError, DispatchError};

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
		Self::ensure_known(&server.attributes, &Attributes::NONE)?;

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
		let (location, tier) = Self::mutate_data_center(data_center, |site| {
			increase(&mut site.servers)?;
			Ok((site.location.clone(), site.tier))
		})?;
		T::Units::open(id, units)?;
		let record = Server {
			provider: who.clone(),
			data_center,
			location,
			tier,
			hardware: 0,
			peer_id,
			operator: operator.clone(),
			units,
			attributes,
			attested: Attributes::NONE,
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

	pub(crate) fn do_deregister_server(
		who: T::AccountId,
		id: ServerId,
	) -> Result<Due, DispatchError> {
		let server = Self::owned_server(&who, id)?;
		Self::ensure_no_asks(id)?;

		let due = T::Units::close(id)?;
		Servers::<T>::remove(id);
		AttestationsOf::<T>::remove(id);
		PeerIds::<T>::remove(server.peer_id);
		Self::mutate_data_center(server.data_center, |site| decrease(&mut site.servers))?;
		Self::mutate_provider(&who, |provider| decrease(&mut provider.servers))?;
		server.ticket.drop(&who)?;

		let peer_id = server.peer_id;
		Self::deposit_event(Event::ServerDeregistered { server: id, provider: who, peer_id });
		Ok(due)
	}

	pub(super) fn owned_server(
		who: &T::AccountId,
		id: ServerId,
	) -> Result<ServerOf<T>, DispatchError> {
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

/// Whether the ed25519 key `peer_id` signed `message`.
fn signed_by(peer_id: &PeerId, signature: PeerSignature, message: &[u8]) -> bool {
	sp_io::crypto::ed25519_verify(
		&ed25519::Signature::from_raw(signature),
		message,
		&ed25519::Public::from_raw(*peer_id),
	)
}
