//! What providers and developers do to be in the market.

use crate::actors::{account, act, peer, peer_id, Key};
use marketplace_primitives::{
	peer_message, AccessList, AskId, Attributes, Balance, CommitmentId, DataCenterId, DealId,
	Epoch, OfferId, PaymentAsset, Placement, Price, ServerId, Units, UnitsWanted,
};
use marketplace_runtime::{constants::USDC_ID, AccountId, Capacity, Runtime, RuntimeCall, System};
use sp_core::Pair;
use sp_runtime::Perbill;

/// The stable coin as a means of payment.
pub const DOLLARS: PaymentAsset = PaymentAsset::WithId(USDC_ID);

/// A server with those who have a say over it.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
	/// The server.
	pub id: ServerId,
	/// Who owns it.
	pub provider: Key,
	/// Who reports for it.
	pub operator: Key,
}

/// Registers a provider with one data centre.
pub fn settle_down(who: Key) -> DataCenterId {
	let name = who.to_string().into_bytes().try_into().expect("names of keys are short");
	act(who, pallet_providers::Call::register_provider { name });
	let site = pallet_providers::NextDataCenterId::<Runtime>::get();
	let city = b"Tromso".to_vec().try_into().expect("the name is short");
	act(who, pallet_providers::Call::register_data_center { country: *b"NO", city, tier: 3 });
	site
}

/// The call that registers a server whose peer has the key of `seed`.
pub fn register_call(
	site: DataCenterId,
	provider: Key,
	operator: Key,
	seed: u8,
	units: u8,
) -> RuntimeCall {
	let genesis = System::block_hash(0).0;
	let message = peer_message(&genesis, &account(provider), &account(operator));
	pallet_providers::Call::register_server {
		data_center: site,
		peer_id: peer_id(seed),
		signature: peer(seed).sign(&message).0,
		operator: account(operator),
		units,
		attributes: Attributes::NONE,
	}
	.into()
}

/// Registers a server whose peer has the key of `seed`.
pub fn register(site: DataCenterId, provider: Key, operator: Key, seed: u8, units: u8) -> Machine {
	let id = pallet_providers::NextServerId::<Runtime>::get();
	act(provider, register_call(site, provider, operator, seed, units));
	Machine { id, provider, operator }
}

/// The call that asks `price` USDC per unit and epoch, for 1 to 100 epochs.
pub fn ask_call(server: ServerId, units: Units, price: Price) -> RuntimeCall {
	pallet_providers::Call::set_ask {
		server,
		units,
		asset: DOLLARS,
		price,
		min_term: 1,
		max_term: 100,
		attributes: Attributes::NONE,
	}
	.into()
}

/// Asks `price` USDC per unit and epoch, for 1 to 100 epochs.
pub fn ask(machine: Machine, units: Units, price: Price) -> AskId {
	let id = pallet_providers::NextAskId::<Runtime>::get();
	act(machine.provider, ask_call(machine.id, units, price));
	id
}

/// Commits units, with `own` stake of the provider and the rest from the delegator.
pub fn commit(
	machine: Machine,
	units: Units,
	duration: Epoch,
	commission: Perbill,
	own: Balance,
	delegator: Key,
) -> CommitmentId {
	let commitment = pallet_capacity::NextCommitment::<Runtime>::get();
	let server = machine.id;
	let call = pallet_capacity::Call::commit { server, units, duration, commission };
	act(machine.provider, call);
	let needed = Balance::from(units.count()) * Capacity::parameters().stake_per_unit;
	let amount = own;
	act(machine.provider, pallet_capacity::Call::delegate { commitment, amount });
	if own < needed {
		let amount = needed - own;
		act(delegator, pallet_capacity::Call::delegate { commitment, amount });
	}
	commitment
}

/// What a developer wants; the rest is as undemanding as can be.
#[derive(Clone, Debug)]
pub struct Wanted {
	/// Highest price in USDC per unit and epoch.
	pub max_price: Price,
	/// Least and highest number of units.
	pub units: UnitsWanted,
	/// Epochs.
	pub term: Epoch,
	/// Providers and cap.
	pub placement: Placement<AccountId>,
	/// The last epoch in which it may match.
	pub expiry: Epoch,
}

impl Wanted {
	/// Exactly `units` for `term` epochs, from anybody, in the next 50 epochs.
	pub fn new(units: u32, max_price: Price, term: Epoch) -> Self {
		Self {
			max_price,
			units: UnitsWanted { min: units, target: units },
			term,
			placement: Placement { max_per_provider: None, providers: AccessList::Any },
			expiry: Capacity::epoch_info().epoch + 50,
		}
	}

	/// The call that posts the offer.
	pub fn call(self) -> RuntimeCall {
		pallet_offers::Call::post_offer {
			app_cid: b"application".to_vec().try_into().expect("it is short"),
			asset: DOLLARS,
			max_price: self.max_price,
			units: self.units,
			term: self.term,
			placement: self.placement,
			attributes: Attributes::NONE,
			expiry: self.expiry,
			plan_hash: [7; 32],
		}
		.into()
	}

	/// Posts the offer.
	pub fn post(self, developer: Key) -> OfferId {
		let id = pallet_offers::NextOffer::<Runtime>::get();
		act(developer, self.call());
		id
	}
}

/// The call that sets a worker for each of `units`.
pub fn workers_call(deal: DealId, server: ServerId, units: Units) -> RuntimeCall {
	let workers: Vec<_> = units.iter().map(|unit| (unit, [unit; 32])).collect();
	let workers = workers.try_into().expect("a server has no more units");
	pallet_deals::Call::set_workers { deal, server, workers }.into()
}
