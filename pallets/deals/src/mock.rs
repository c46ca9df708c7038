//! A runtime of the system and this pallet, on the test kit's mocks of the others.

use crate as pallet_deals;
use frame_support::{derive_impl, parameter_types, traits::Hooks, weights::Weight, BoundedVec};
use frame_system::EnsureRoot;
use marketplace_primitives::{
	AskId, Attributes, BidTerms, DataCenterId, DealId, Epoch, EscrowId, Fill, GatewayKey,
	OfferBook, OfferId, PaymentAsset, Placement, Price, Units, UnitsWanted,
};
use marketplace_testkit::{
	developer, operator, treasury, MockEscrow, MockIncome, MockOffers, MockPrice, MockRegistry,
	MockUnits,
};
use sp_runtime::{
	traits::{Convert, IdentityLookup},
	AccountId32, BuildStorage, DispatchError, Perbill,
};

type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;

	#[runtime::pallet_index(1)]
	pub type Deals = pallet_deals;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountId = AccountId32;
	type Lookup = IdentityLookup<AccountId32>;
	type Block = Block;
}

parameter_types! {
	pub static ClosesPerCall: u32 = 4;
	pub static MaxServers: u32 = 8;
	pub static MaxUnits: u32 = 100;
	pub const NoticeEpochs: Epoch = 2;
	pub const AcceptanceEpochs: Epoch = 2;
	pub static ChallengeEpochs: Epoch = 2;
	pub const MaxProtocolFee: Perbill = Perbill::from_percent(20);
	pub FeeTo: AccountId32 = treasury();
}

impl crate::Config for Test {
	type Registry = MockRegistry;
	type Units = MockUnits;
	type Clock = MockUnits;
	type Offers = MockOffers;
	type Escrow = MockEscrow;
	type Income = MockIncome;
	type Compensation = MockIncome;
	type Value = MockPrice;
	type AdminOrigin = EnsureRoot<AccountId32>;
	type FeeTo = FeeTo;
	type GatewayAccount = GatewayAccount;
	type MaxProtocolFee = MaxProtocolFee;
	type MaxServers = MaxServers;
	type MaxUnits = MaxUnits;
	type NoticeEpochs = NoticeEpochs;
	type AcceptanceEpochs = AcceptanceEpochs;
	type ChallengeEpochs = ChallengeEpochs;
	type ClosesPerCall = ClosesPerCall;
	type WeightInfo = ();
}

/// The account of a gateway's key: the bytes of the key.
pub struct GatewayAccount;

impl Convert<GatewayKey, AccountId32> for GatewayAccount {
	fn convert(key: GatewayKey) -> AccountId32 {
		match key {
			GatewayKey::Ed25519(key) => AccountId32::new(key.0),
			GatewayKey::Sr25519(key) => AccountId32::new(key.0),
		}
	}
}

/// What offers are paid in.
pub const ASSET: PaymentAsset = PaymentAsset::WithId(1);

/// An empty chain in epoch 1.
fn empty() -> sp_io::TestExternalities {
	marketplace_testkit::reset();
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut ext = sp_io::TestExternalities::new(storage.unwrap_or_default());
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// An empty chain for benchmarks, with room for the largest deals.
#[cfg(feature = "runtime-benchmarks")]
pub fn new_test_ext() -> sp_io::TestExternalities {
	MaxServers::set(64);
	MaxUnits::set(4_096);
	empty()
}

/// Runs `test` on an empty chain in epoch 1, then checks the invariants.
pub fn execute(test: impl FnOnce()) {
	empty().execute_with(|| {
		test();
		assert_eq!(Deals::do_try_state(), Ok(()));
	});
}

/// Puts an open offer of the first developer with its escrow and returns its terms.
pub fn post(id: u64, target: u32, max_price: Price, term: Epoch) -> BidTerms<AccountId32> {
	let terms = BidTerms {
		developer: developer(),
		asset: ASSET,
		max_price,
		units: UnitsWanted { min: 1, target },
		filled: 0,
		term,
		placement: Placement::default(),
		attributes: Attributes::NONE,
		expiry: u32::MAX,
		deal: None,
		tariff: None,
	};
	MockOffers::put(OfferId(id), terms.clone());
	MockEscrow::deposit(
		EscrowId::Offer(OfferId(id)),
		u128::from(target) * max_price * u128::from(term),
	);
	terms
}

/// A fill with all the units of a new server.
pub fn fill_of(server: u32, provider: AccountId32, units: u8, price: Price) -> Fill<AccountId32> {
	let server = MockRegistry::add_server(server, provider.clone(), operator(), units);
	MockUnits::set_available(server, Units::first(units), u32::MAX);
	Fill {
		ask: AskId(server.0.into()),
		server,
		provider,
		data_center: DataCenterId(server.0 / 10),
		country: *b"CH",
		units: Units::first(units),
		price,
		max_term: Epoch::MAX,
		tariff: None,
	}
}

/// Matches an open offer with `fills`.
pub fn fill(offer: u64, fills: &[Fill<AccountId32>]) -> Result<DealId, DispatchError> {
	let terms = MockOffers::terms(OfferId(offer)).ok_or(DispatchError::Other("no offer"))?;
	let filled =
		<Deals as marketplace_primitives::Deals<AccountId32>>::fill(OfferId(offer), &terms, fills);
	filled.map(|filled| filled.deal)
}

/// Gives a block's idle time of `room` to the pallet and returns what it used, which is never more.
pub fn idle(room: Weight) -> Weight {
	let used = Deals::on_idle(System::block_number(), room);
	assert!(used.all_lte(room), "the hook uses {used:?} of {room:?}");
	used
}

/// A list of workers: the one of unit `u` has the id `[u + salt; 32]`.
pub fn workers(units: &[u8], salt: u8) -> crate::WorkersOf {
	BoundedVec::truncate_from(units.iter().map(|u| (*u, [u.wrapping_add(salt); 32])).collect())
}
