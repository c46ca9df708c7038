use super::state;
use marketplace_primitives::{
	Ask, AskId, Attributes, City, DataCenterId, HardwareClass, Location, PaymentAsset, Price,
	Registry, ServerId, ServerRef, Units,
};
use sp_runtime::AccountId32;
use std::collections::{BTreeMap, BTreeSet};

/// The benchmarks' servers are numbered from here on, beside those that tests number by hand.
#[cfg(feature = "runtime-benchmarks")]
pub(super) const FIRST_BENCHMARKED: ServerId = ServerId(1_000_000);

/// A registry in memory.
pub struct MockRegistry;

/// Its state.
#[derive(Default)]
pub struct RegistryState {
	servers: BTreeMap<ServerId, ServerRef<AccountId32>>,
	asks: BTreeMap<AskId, Ask>,
	dismissed: BTreeSet<Vec<u8>>,
}

state!(MockRegistry, RegistryState, REGISTRY);

impl MockRegistry {
	/// A server of `units` units in data centre 0, operated by `operator`.
	pub fn add_server(
		id: u32,
		provider: AccountId32,
		operator: AccountId32,
		units: u8,
	) -> ServerId {
		let server = ServerRef {
			provider,
			operator,
			data_center: DataCenterId(0),
			location: Location { country: *b"CH", city: City::truncate_from(b"Geneva".to_vec()) },
			tier: 3,
			hardware: 0,
			peer_id: [u8::try_from(id % 256).unwrap_or(0); 32],
			units,
			attributes: Attributes::NONE,
			attested: Attributes::NONE,
		};
		Self::with(|state| state.servers.insert(ServerId(id), server));
		ServerId(id)
	}

	/// Changes what is known of a server.
	pub fn change_server(id: ServerId, change: impl FnOnce(&mut ServerRef<AccountId32>)) {
		Self::with(|state| state.servers.get_mut(&id).map(change));
	}

	/// An ask in `asset` for `units` of `server` with any term.
	pub fn add_ask(
		id: u64,
		server: ServerId,
		units: Units,
		asset: PaymentAsset,
		price: Price,
	) -> Ask {
		let (min_term, max_term, attributes, tariff) = (1, u32::MAX, Attributes::NONE, None);
		let ask = Ask { server, units, asset, price, min_term, max_term, attributes, tariff };
		Self::put_ask(AskId(id), ask.clone());
		ask
	}

	/// Any ask.
	pub fn put_ask(id: AskId, ask: Ask) {
		Self::with(|state| state.asks.insert(id, ask));
	}

	/// Forgets an ask.
	pub fn remove_ask(id: AskId) {
		Self::with(|state| state.asks.remove(&id));
	}

	/// No longer admits the asset; all are admitted at first.
	pub fn dismiss(asset: &PaymentAsset) {
		use codec::Encode;
		Self::with(|state| state.dismissed.insert(asset.encode()));
	}
}

impl Registry<AccountId32> for MockRegistry {
	fn server(server: ServerId) -> Option<ServerRef<AccountId32>> {
		Self::with(|state| state.servers.get(&server).cloned())
	}

	fn ask(ask: AskId) -> Option<Ask> {
		Self::with(|state| state.asks.get(&ask).cloned())
	}

	fn asks_of(server: ServerId) -> Vec<AskId> {
		Self::with(|state| {
			state.asks.iter().filter(|(_, ask)| ask.server == server).map(|(id, _)| *id).collect()
		})
	}

	fn is_provider(who: &AccountId32) -> bool {
		Self::with(|state| state.servers.values().any(|server| server.provider == *who))
	}

	fn are_attributes_known(attributes: &Attributes) -> bool {
		// ids 0..32 and 200
		attributes.is_subset_of(&Attributes([0xffff_ffff, 0, 0, 1 << 8]))
	}

	fn is_hardware_class(class: HardwareClass) -> bool {
		class < 4
	}

	fn asset_admitted(asset: &PaymentAsset) -> bool {
		use codec::Encode;
		Self::with(|state| !state.dismissed.contains(&asset.encode()))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_server(provider: &AccountId32, price: Price) -> (ServerId, AskId) {
		let count = Self::with(|state| state.servers.len());
		let id = FIRST_BENCHMARKED.0 + u32::try_from(count).expect("few servers");
		let server = Self::add_server(id, provider.clone(), provider.clone(), 64);
		let ask = u64::from(id);
		let terms = Self::add_ask(ask, server, Units(u64::MAX), PaymentAsset::Native, price);
		Self::put_ask(AskId(ask), Ask { tariff: Some(1), ..terms });
		(server, AskId(ask))
	}
}
