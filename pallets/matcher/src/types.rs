//! The words of the book.

use crate::{
	index::{
		merge::Position,
		queue::{PageId, Queue, Rank},
	},
	Config,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	traits::Get, BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound,
	PartialEqNoBound,
};
use marketplace_primitives::{AskId, Epoch, OfferId, PaymentAsset, Price, PriceLevel, Units};
use scale_info::TypeInfo;

/// A point in the history of supply: how many changes it has seen.
pub type Generation = u64;

/// The place of an order in the book of its asset. Bytes sort as orders do: the better price first,
/// and of equal prices the older order.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct OrderKey {
	/// The level as 4 big-endian bytes: lower ones come first.
	rank: [u8; 4],
	/// The sequence number as 8 big-endian bytes.
	sequence: [u8; 8],
}

impl OrderKey {
	/// Before every order of an asset: no order has the sequence number 0.
	pub const FIRST: Self = Self { rank: [0; 4], sequence: [0; 8] };

	/// Behind every order of an asset.
	pub const LAST: Self = Self { rank: [0xff; 4], sequence: [0xff; 8] };

	/// The key of an order at a level.
	pub const fn new(rank: Rank, sequence: u64) -> Self {
		Self { rank: rank.to_be_bytes(), sequence: sequence.to_be_bytes() }
	}

	/// The key of an ask: cheap asks first.
	pub fn ask(price: Price, sequence: u64) -> Self {
		Self::new(Self::last_ask(price), sequence)
	}

	/// The key of a bid: generous bids first.
	pub fn bid(price: Price, sequence: u64) -> Self {
		let level = PriceLevel::at_most(price).unwrap_or_default();
		Self::new(PriceLevel::COUNT.saturating_sub(level.index()), sequence)
	}

	/// The last level of asks that are not dearer than `price`.
	pub fn last_ask(price: Price) -> Rank {
		PriceLevel::at_most(price).unwrap_or_default().index()
	}

	/// The level.
	pub const fn rank(&self) -> Rank {
		u32::from_be_bytes(self.rank)
	}

	/// The price of the ask with this key.
	pub fn ask_price(&self) -> Price {
		PriceLevel::from_index(self.rank()).price()
	}

	/// The price of the bid with this key.
	pub fn bid_price(&self) -> Price {
		PriceLevel::from_index(PriceLevel::COUNT.saturating_sub(self.rank())).price()
	}

	/// When the order took its place: of two orders the one with the lower number stood first.
	pub const fn sequence(&self) -> u64 {
		u64::from_be_bytes(self.sequence)
	}
}

/// Where an order stands: in a queue, under a key, on a page.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Place {
	/// The orders that it is compared with.
	pub queue: Queue,
	/// The place among them.
	pub key: OrderKey,
	/// The page that has it.
	pub page: PageId,
}

impl Place {
	/// What is paid in.
	pub fn asset(&self) -> &PaymentAsset {
		self.queue.asset()
	}
}

/// A point between the bids of an asset.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Point {
	/// The payment asset.
	pub asset: PaymentAsset,
	/// Bids up to this key stand before it.
	pub key: OrderKey,
	/// The page to go on with; none where every bid of that price, if there is one, stands behind it.
	pub page: Option<PageId>,
}

impl Point {
	/// Before all bids of an asset.
	pub fn first(asset: &PaymentAsset) -> Self {
		Self { asset: asset.clone(), key: OrderKey::FIRST, page: None }
	}

	/// Behind all bids of an asset.
	pub fn last(asset: &PaymentAsset) -> Self {
		Self { asset: asset.clone(), key: OrderKey::LAST, page: None }
	}

	/// Right behind a bid.
	pub fn behind(place: &Place) -> Self {
		Self { asset: place.asset().clone(), key: place.key, page: Some(place.page) }
	}
}

/// A bid that took its place, and what else that wrote.
pub(crate) struct Placed {
	/// Where it stands.
	pub place: Place,
	/// Whether it is on a page of its own.
	pub is_new_page: bool,
	/// Whether it is the first of its asset, or [`Picky`](crate::Picky).
	pub is_counted: bool,
}

/// How far the pass over all bids has come.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Pass {
	/// No pass runs.
	#[default]
	Done,
	/// It begins with the first bid.
	Start,
	/// The bids before this point were visited.
	After(Point),
}

/// The state of the whole book in one record, so that a quiet block reads one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BookState {
	/// The sequence number of the latest order.
	pub sequence: u64,
	/// How often supply changed.
	pub generation: Generation,
	/// Supply that changed no later than this is on offer in the pass that runs; to all bids where
	/// none runs.
	pub mark: Generation,
	/// The epoch in which the last pass began.
	pub epoch: Epoch,
	/// How far the pass has come.
	pub pass: Pass,
	/// Bids that wait for a visit of their own.
	pub pending: u32,
	/// No bid waits that stands before this one.
	pub waiting_from: Option<(PaymentAsset, OrderKey)>,
	/// A bid that left an ask empty whose server has others, and has more to look at. All bids wait for the end of
	/// its visits: then those that stand before it look again, and none comes between.
	pub exposing: Option<OfferId>,
	/// How often the pass was taken back since it began.
	pub rewinds: u32,
	/// Bids that stepped aside.
	pub aside: u32,
	/// No bid stepped aside that stands before this one.
	pub aside_from: Option<(PaymentAsset, OrderKey)>,
}

impl BookState {
	/// Whether a pass runs.
	pub fn is_running(&self) -> bool {
		self.pass != Pass::Done
	}

	/// Whether every bid was visited, in the `now` given as epoch, with all the supply there is.
	pub fn is_quiet(&self, now: Epoch) -> bool {
		let waits = self.pending > 0 || self.aside > 0;
		!self.is_running() && !waits && self.mark == self.generation && self.epoch == now
	}

	/// Begins a new pass where supply changed since the last one began, or the epoch, with which units may have
	/// become free. Either waits for the end of a pass that runs, so that no bid starves.
	pub fn refresh(&mut self, now: Epoch) {
		let is_idle = !self.is_running() && self.exposing.is_none();
		if is_idle && (self.epoch != now || self.mark != self.generation) {
			self.mark = self.generation;
			self.epoch = now;
			self.pass = Pass::Start;
			self.rewinds = 0;
		}
	}

	/// Ends the pass, and begins the next where that is due.
	pub fn end_pass(&mut self, now: Epoch) {
		self.pass = Pass::Done;
		self.refresh(now);
	}
}

/// The bid whose turn it is.
pub(crate) struct Turn {
	/// Where it stands.
	pub place: Place,
	/// Which it is.
	pub offer: OfferId,
	/// Whether the pass has come to it; else it waited for a visit of its own, or somebody asked for one.
	pub in_pass: bool,
}

impl Turn {
	/// A visit beside the pass.
	pub fn beside(offer: OfferId, place: Place) -> Self {
		Self { place, offer, in_pass: false }
	}
}

/// What the book knows of a server with asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Supply {
	/// How many asks it has in the book.
	pub asks: u32,
	/// When its supply last changed.
	pub changed: Generation,
}

/// An ask that an unfinished visit found, with the units that it would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Planned {
	/// The ask.
	pub ask: AskId,
	/// The units.
	pub units: Units,
}

/// What an unfinished visit of a bid keeps for the next.
#[derive(
	CloneNoBound,
	DebugNoBound,
	DefaultNoBound,
	PartialEqNoBound,
	EqNoBound,
	Encode,
	Decode,
	MaxEncodedLen,
	TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Progress<T: Config> {
	/// Supply that changed later than this waits for the next pass.
	pub limit: Generation,
	/// Whether the scan saw all that it would see if it began with the best ask now. Not so of a bid that stepped aside
	/// where its limit was raised since, maybe for asks that it had behind it, or where it lost an ask that it had found.
	pub whole: bool,
	/// The epoch in which the scan began.
	pub epoch: Epoch,
	/// How many asks the bid has looked at in its turn.
	pub looked: u32,
	/// Whether the bid stepped aside.
	pub aside: bool,
	/// Behind the last ask that was looked at.
	pub cursor: Option<Position>,
	/// Asks found so far that make too little for the bid's minimum.
	pub plan: BoundedVec<Planned, T::MaxPlan>,
	/// Whether the fills must be made one by one, because together they were refused.
	pub single: bool,
	/// Whether a match of the bid left an ask empty whose server has others: bids that found the empty
	/// one first may now take of the others.
	pub exposed: bool,
	/// Asks whose fill was refused.
	pub skipped: BoundedVec<AskId, T::MaxPlan>,
}

impl<T: Config> Progress<T> {
	/// A scan that begins with the best ask.
	pub fn begin(limit: Generation, epoch: Epoch) -> Self {
		Self { limit, whole: true, epoch, ..Self::default() }
	}

	/// The scan begins with the best ask again. Whose it is stays what it was.
	pub fn again(self, limit: Generation, epoch: Epoch) -> Self {
		let Self { looked, aside, exposed, .. } = self;
		Self { looked, aside, exposed, ..Self::begin(limit, epoch) }
	}

	/// The scan goes on where it stopped, with what came since.
	pub fn up_to(self, limit: Generation, epoch: Epoch) -> Self {
		if self.cursor.is_none() && self.skipped.is_empty() {
			return Self { limit, whole: true, epoch, ..self };
		}
		let whole = self.whole && self.limit == limit;
		Self { limit, whole, ..self }
	}

	/// The scan goes on where it stopped, without what changed after `limit`. What it found of that is gone with the next
	/// visit, and all else that it passed by was open to it.
	pub fn within(self, limit: Generation) -> Self {
		Self { limit: self.limit.min(limit), ..self }
	}

	/// Whether nothing changed in the book since the scan began, as far as it is open to the bid.
	pub fn is_whole(&self, now: Epoch) -> bool {
		self.whole && self.epoch == now
	}

	/// How many asks the next visit looks at again.
	pub fn planned(&self) -> u32 {
		self.plan.len().try_into().unwrap_or(u32::MAX)
	}

	/// Whether no further ask can be skipped.
	pub fn is_out_of_skips(&self) -> bool {
		self.skipped.len() >= usize::try_from(T::MaxPlan::get()).unwrap_or(usize::MAX)
	}
}
