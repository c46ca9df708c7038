//! What providers and developers do to be in the market.

use crate::actors::{account, act, peer, peer_id, Key, GOVERNOR};
use marketplace_primitives::{
	peer_message, AskId, Attributes, Balance, CommitmentId, Country, DataCenterId, DealId, Epoch,
	OfferId, PaymentAsset, Placement, Price, ServerId, Units, UnitsWanted, Usd,
};
use marketplace_runtime::{
	configs::PriceKey,
	constants::{FLT, USDC_ID},
	AccountId, Capacity, Runtime, RuntimeCall, System,
};
use sp_core::Pair;
use sp_runtime::Perbill;

/// The stable coin as a means of payment.
pub const DOLLARS: PaymentAsset = PaymentAsset::WithId(USDC_ID);

/// One dollar, as the oracle has it.
pub const DOLLAR: Usd = 10_000_000;
/// What an FLT costs where a story does not say otherwise.
pub const PRICE: Usd = 2 * DOLLAR;
/// The stake of a unit at that price: 200 dollars.
pub const STAKE: Balance = 100 * FLT;

/// What a unit under [`STAKE`] earns at most: a third of what a false one costs, a tenth of its stake, less what
/// a miss costs that it could hide, a hundredth.
pub const MOST_REWARD: Balance = (STAKE / 10 - 3 * STAKE / 100) / 3;

/// The call that feeds what an FLT costs.
pub fn feed_call(price: Usd) -> RuntimeCall {
	let values = vec![(PriceKey::FltUsd, price)].try_into().expect("one price is not many");
	pallet_oracle::Call::feed_values { values }.into()
}

/// Feeds what an FLT costs, as the oracle's only member.
pub fn feed(price: Usd) {
	act(GOVERNOR, feed_call(price));
}

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
	open_site(who, b"NO", "Tromso", 3)
}

/// Registers a data centre.
pub fn open_site(who: Key, country: &Country, city: &str, tier: u8) -> DataCenterId {
	let site = pallet_providers::NextDataCenterId::<Runtime>::get();
	let city = city.as_bytes().to_vec().try_into().expect("the name is short");
	act(who, pallet_providers::Call::register_data_center { country: *country, city, tier });
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
		tariff: None,
	}
	.into()
}

/// Asks `price` USDC per unit and epoch, for 1 to 100 epochs.
pub fn ask(machine: Machine, units: Units, price: Price) -> AskId {
	let id = pallet_providers::NextAskId::<Runtime>::get();
	act(machine.provider, ask_call(machine.id, units, price));
	id
}

/// The call that commits units, of whose deals delegators get `deal_share`.
pub fn commit_call(
	server: ServerId,
	units: Units,
	duration: Epoch,
	commission: Perbill,
	deal_share: Perbill,
) -> RuntimeCall {
	pallet_capacity::Call::commit { server, units, duration, commission, deal_share }.into()
}

/// Commits units at [`PRICE`], with `own` stake of the provider and the rest from the delegator, who gets
/// nothing of deals.
pub fn commit(
	machine: Machine,
	units: Units,
	duration: Epoch,
	commission: Perbill,
	own: Balance,
	delegator: Key,
) -> CommitmentId {
	let commitment = pallet_capacity::NextCommitment::<Runtime>::get();
	let call = commit_call(machine.id, units, duration, commission, Perbill::zero());
	act(machine.provider, call);
	stake(machine.provider, commitment, own);
	let needed = Balance::from(units.count()) * STAKE;
	if own < needed {
		stake(delegator, commitment, needed - own);
	}
	commitment
}

/// Stakes on a commitment.
pub fn stake(who: Key, commitment: CommitmentId, amount: Balance) {
	act(who, pallet_capacity::Call::delegate { commitment, amount });
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
	/// Where the units may be.
	pub placement: Placement<AccountId>,
	/// What every unit must have.
	pub attributes: Attributes,
	/// The last epoch in which it may match.
	pub expiry: Epoch,
	/// Highest price of a million requests.
	pub tariff: Option<Price>,
}

impl Wanted {
	/// Exactly `units` for `term` epochs, from anybody, in the next 50 epochs.
	pub fn new(units: u32, max_price: Price, term: Epoch) -> Self {
		Self {
			max_price,
			units: UnitsWanted { min: units, target: units },
			term,
			placement: Placement::default(),
			attributes: Attributes::NONE,
			expiry: Capacity::epoch_info().epoch + 50,
			tariff: None,
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
			attributes: self.attributes,
			expiry: self.expiry,
			plan_hash: [7; 32],
			tariff: self.tariff,
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
