//! A market with a book of asks: each of a server of its own, committed, covered and proven.

use super::{
	first::{Seller, DURATION},
	kind::{Kind, CLASSES},
	Cost, State,
};
use frame_support::{
	traits::{OnIdle, OnInitialize},
	weights::Weight,
	BoundedVec,
};
use marketplace_primitives::{
	Ask, AskId, Attributes, DealId, Epoch, HardwareClass, OfferId, OrderBook, Placement, Price,
	Registry, ServerId, UnitLedger, Units, UnitsWanted,
};
use marketplace_runtime::{
	constants::BLOCK_REF_TIME, AccountId, BlockNumber, Capacity, Deals, Matcher, Offers, Providers,
	Runtime, RuntimeCall, System,
};
use marketplace_scenarios::{
	actors::{act, Key, DEVELOPER, NORTH, NORTH_OPERATOR, OTHER_DEVELOPER, STRANGER},
	acts::{self, DOLLARS},
	chain,
};
use pallet_deals::DealOf;
use pallet_providers::{Label, ServerOf};
use std::hint::black_box;

/// The pallets of the market.
type Pallets = (Providers, Capacity, Offers, Matcher, Deals);

/// Servers that are written before the state is committed.
const CHUNK: u32 = 50_000;

/// Bids that stand in every book, below all asks.
const STANDING: u32 = 100;

/// A price below all asks.
const TOO_LOW: Price = 100;

/// Epochs that every bid asks for.
const TERM: Epoch = 5;

/// An attribute that governance knows and no server has.
const NOWHERE: u8 = 20;

/// Servers that are read between two measurements.
const PASSERS_BY: u32 = 400;

/// The most servers of one deal.
pub const MOST_SERVERS: u32 = 64;

/// A book of asks, with as many deals that run, and a few bids that find nothing.
pub struct Book {
	state: State,
	kind: Kind,
	asks: u32,
	random: u64,
}

/// What a developer wants of a book.
#[derive(Clone, Copy, Debug)]
pub struct Bid {
	/// So many units, or none.
	pub units: u32,
	/// Highest price.
	pub price: Price,
	/// The hardware class, if it matters.
	pub class: Option<HardwareClass>,
	/// Whether it asks for what no server has.
	pub picky: bool,
}

impl Bid {
	/// All units of `servers` servers, whatever their asks cost. In a scattered book, what no server has.
	pub fn of(kind: Kind, servers: u32) -> Self {
		let picky = kind == Kind::Scattered;
		// The escrow of more would be more than a developer has.
		let servers = if picky { 1 } else { servers };
		let units = servers * kind.units().count();
		Self { units, price: kind.enough(), class: None, picky }
	}

	fn call(self) -> RuntimeCall {
		let attributes = if self.picky { Attributes::of(&[NOWHERE]) } else { Attributes::NONE };
		pallet_offers::Call::post_offer {
			app_cid: b"application".to_vec().try_into().expect("it is short"),
			asset: DOLLARS,
			max_price: self.price,
			units: UnitsWanted { min: self.units, target: self.units },
			term: TERM,
			placement: Placement { hardware: self.class, ..Placement::default() },
			attributes,
			expiry: Capacity::epoch_info().epoch,
			plan_hash: [7; 32],
			tariff: None,
		}
		.into()
	}

	/// Posts it.
	fn post(self, developer: Key) -> OfferId {
		let id = pallet_offers::NextOffer::<Runtime>::get();
		act(developer, self.call());
		id
	}

	/// Posts it so many times.
	fn post_many(self, developer: Key, times: u32) {
		for _ in 0..times {
			self.post(developer);
		}
	}
}

/// Building.
impl Book {
	/// A book of that kind with `asks` asks.
	pub fn of(kind: Kind, asks: u32) -> Self {
		let mut state = State::new();
		let seller = state.keep(Seller::asking);
		for first in (0..asks).step_by(CHUNK.try_into().expect("it is small")) {
			state.keep(|| {
				let ids = first..asks.min(first + CHUNK);
				ids.for_each(|id| copy(&seller, kind, id));
				System::reset_events();
			});
		}
		state.keep(|| {
			pallet_providers::NextServerId::<Runtime>::put(ServerId(asks));
			pallet_providers::NextAskId::<Runtime>::put(AskId(asks.into()));
			pallet_deals::NextDeal::<Runtime>::put(DealId(asks.into()));
			for class in 1..=CLASSES {
				let class = u8::try_from(class).expect("there are few");
				pallet_providers::HardwareClasses::<Runtime>::insert(class, Label::default());
			}
			let bid = Bid { price: TOO_LOW, picky: false, ..Bid::of(kind, 1) };
			bid.post_many(OTHER_DEVELOPER, STANDING);
			Matcher::on_idle(System::block_number(), Weight::MAX);
			assert!(Matcher::is_quiet(), "nothing is left to be done");
			System::reset_events();
		});
		Self { state, kind, asks, random: 1 }
	}
}

/// Writes the records of `seller` as those of the server, the ask and the deal with that number.
fn copy(seller: &Seller, kind: Kind, id: u32) {
	let (server, ask_id) = (ServerId(id), AskId(id.into()));
	let peer_id = sp_crypto_hashing::blake2_256(&id.to_le_bytes());
	let (hardware, units) = (kind.class(id), kind.units());
	let count = units.count().try_into().expect("64 at most");
	let registered =
		ServerOf::<Runtime> { peer_id, hardware, units: count, ..seller.server.clone() };
	pallet_providers::Servers::<Runtime>::insert(server, registered);

	let mut record = seller.record.clone();
	kind.stock(&mut record, u64::from(id).into());
	pallet_capacity::Servers::<Runtime>::insert(server, record);

	let (price, max_term) = (kind.price(id), kind.max_term(id));
	let ask = Ask { server, units, price, max_term, ..seller.ask.clone() };
	pallet_providers::Asks::<Runtime>::insert(ask_id, &ask);
	pallet_providers::AskTickets::<Runtime>::insert(ask_id, seller.ticket.clone());
	let asks = BoundedVec::truncate_from(vec![ask_id]);
	pallet_providers::AsksOf::<Runtime>::insert(server, asks);
	<Matcher as OrderBook<AccountId>>::ask_set(ask_id, &ask);

	let (deal, end) = (DealId(id.into()), DURATION + id % DURATION);
	let record = DealOf::<Runtime> { end, due: end, ..seller.deal.clone() };
	pallet_deals::Deals::<Runtime>::insert(deal, record);
	pallet_deals::Ending::<Runtime>::insert(end.to_be_bytes(), deal, ());
}

/// What is measured by the number of asks. Nothing lasts; each time it is another server, or another class.
impl Book {
	/// A provider sets its ask anew.
	pub fn set_ask(&mut self) -> Cost {
		let (id, other) = (self.any_ask(), self.any_ask());
		let (server, price) = (ServerId(id), self.kind.price(other));
		let call = acts::ask_call(server, self.kind.units(), price);
		self.state.on_copy(|| Cost::of(NORTH, call))
	}

	/// A provider withdraws its ask.
	pub fn withdraw_ask(&mut self) -> Cost {
		let ask = AskId(self.any_ask().into());
		let call = pallet_providers::Call::withdraw_ask { ask };
		self.state.on_copy(|| Cost::of(NORTH, call))
	}

	/// A developer posts an offer that no ask is cheap enough for.
	pub fn post_too_low(&mut self) -> Cost {
		let bid = Bid { price: TOO_LOW, ..self.any_bid(1) };
		self.post(bid, 0)
	}

	/// A developer posts an offer that is filled with 64 units of one server.
	pub fn post_one(&mut self) -> Cost {
		let bid = self.any_bid(1);
		self.post(bid, 1)
	}

	/// A developer posts an offer that is filled with 64 units of each of eight servers.
	pub fn post_eight(&mut self) -> Cost {
		let bid = self.any_bid(8);
		self.post(bid, 8)
	}

	/// A developer cancels an offer.
	pub fn cancel(&mut self) -> Cost {
		// The first offer of all was the seller's.
		let offer = OfferId(1 + self.next() % u64::from(STANDING));
		let call = pallet_offers::Call::cancel_offer { offer };
		self.state.on_copy(|| Cost::of(OTHER_DEVELOPER, call))
	}

	/// A visit of a bid that looks at 32 asks, or as many as there are, and finds nothing.
	pub fn visit(&mut self) -> Cost {
		let bid = Bid { picky: true, ..self.any_bid(1) };
		self.visits(bid, 1)
	}

	/// A provider registers a server of 64 units.
	pub fn register(&mut self) -> Cost {
		self.state.on_copy(|| {
			let first =
				pallet_providers::Servers::<Runtime>::get(ServerId(0)).expect("it is there");
			let call = acts::register_call(first.data_center, NORTH, NORTH_OPERATOR, 2, 64);
			Cost::of(NORTH, call)
		})
	}

	/// The hooks of all pallets of the market in a block in which nothing is due.
	pub fn quiet_hooks(&mut self) -> Cost {
		self.state.on_copy(|| {
			let now = System::block_number();
			Cost::of_hook(|| {
				let begun = <Pallets as OnInitialize<BlockNumber>>::on_initialize(now);
				begun + <Pallets as OnIdle<BlockNumber>>::on_idle(now, room())
			})
		})
	}

	/// Reads other servers, as other calls of a block would: what is measured next finds its own no more in the
	/// processor's caches than it would on a chain.
	pub fn pass_by(&mut self) {
		let servers: Vec<_> = (0..PASSERS_BY).map(|_| ServerId(self.any_ask())).collect();
		self.state.on_copy(|| {
			for server in servers {
				let id = <Providers as Registry<AccountId>>::asks_of(server);
				black_box(id.first().and_then(|id| <Providers as Registry<AccountId>>::ask(*id)));
				black_box(<Providers as Registry<AccountId>>::server(server));
				black_box(Capacity::available(server, Units::first(64), DURATION));
			}
		});
	}

	fn any_ask(&mut self) -> u32 {
		u32::try_from(self.next() % u64::from(self.asks)).expect("there are not more asks")
	}

	/// All units of some servers of some class of a mixed book.
	fn any_bid(&mut self, servers: u32) -> Bid {
		let class = u8::try_from(1 + self.next() % u64::from(CLASSES)).expect("there are few");
		Bid { class: Some(class), ..Bid::of(self.kind, servers) }
	}

	/// The next number of xorshift.
	fn next(&mut self) -> u64 {
		self.random ^= self.random << 13;
		self.random ^= self.random >> 7;
		self.random ^= self.random << 17;
		self.random
	}
}

/// What is measured of every kind of book.
impl Book {
	/// A developer posts an offer, which makes so many fills.
	pub fn post(&mut self, bid: Bid, fills: u32) -> Cost {
		self.state.on_copy(|| {
			let deal = pallet_deals::NextDeal::<Runtime>::get();
			let cost = Cost::of(DEVELOPER, bid.call());
			let made = pallet_deals::Deals::<Runtime>::get(deal).map_or(0, |deal| deal.allocations);
			assert_eq!(made, fills, "{bid:?}");
			cost
		})
	}

	/// The last of so many visits of a bid, by pokes.
	pub fn visits(&mut self, bid: Bid, count: u32) -> Cost {
		self.state.on_copy(|| {
			let offer = bid.post(DEVELOPER);
			let poke = || Cost::of(STRANGER, pallet_matcher::Call::poke { offer });
			for _ in 1..count {
				poke();
			}
			poke()
		})
	}

	/// The idle work of a block that has room for nothing else, with so many bids in the book.
	pub fn idle(&mut self, bid: Bid, bids: u32) -> Cost {
		self.state.on_copy(|| {
			bid.post_many(DEVELOPER, bids);
			System::reset_events();
			Cost::of_hook(|| Matcher::on_idle(System::block_number(), room()))
		})
	}

	/// The same an epoch later, when all of them have expired.
	pub fn idle_of_expired(&mut self, bids: u32) -> Cost {
		let bid = Bid { price: TOO_LOW, picky: false, ..Bid::of(self.kind, 1) };
		self.state.on_copy(|| {
			bid.post_many(DEVELOPER, bids);
			System::reset_events();
			System::set_block_number(chain::first_block(Capacity::epoch_info().epoch + 1));
			Cost::of_hook(|| Matcher::on_idle(System::block_number(), room()))
		})
	}

	/// Makes a deal of one server whose 64 units served so many epochs, to last.
	pub fn serve(&mut self, epochs: u64) -> (DealId, ServerId) {
		let bid = self.any_bid(1);
		self.state.keep(|| {
			let deal = pallet_deals::NextDeal::<Runtime>::get();
			bid.post(DEVELOPER);
			let servers = pallet_deals::Allocations::<Runtime>::iter_key_prefix(deal);
			let server = servers.last().expect("it has one");
			let units = epochs * u64::from(bid.units);
			pallet_deals::Allocations::<Runtime>::mutate(deal, server, |allocation| {
				let allocation = allocation.as_mut().expect("it is there");
				// a price that the escrow carries for so long
				(allocation.funded, allocation.price) = (units, 1);
			});
			pallet_capacity::Servers::<Runtime>::mutate_extant(server, |record| {
				record.reservation_mut(deal).expect("it is there").served = units;
			});
			(deal, server)
		})
	}

	/// Anybody settles it.
	pub fn settle(&mut self, (deal, server): (DealId, ServerId)) -> Cost {
		self.state.on_copy(|| {
			let cost = Cost::of(STRANGER, pallet_deals::Call::settle { deal, server });
			let paid = pallet_deals::Allocations::<Runtime>::get(deal, server);
			assert!(paid.is_some_and(|allocation| allocation.paid > 0), "something was due");
			cost
		})
	}
}

/// The weight of a block.
fn room() -> Weight {
	Weight::from_parts(BLOCK_REF_TIME, u64::MAX)
}
