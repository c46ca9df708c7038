//! The invariants of the book.

use crate::{
	index::{
		queue::{Order, Queue, Rank},
		Index,
	},
	types::{OrderKey, Place},
	Aside, AskPlaces, BidPlaces, BiddingAssets, Book, Config, Leaves, Levels, Pages, Pallet,
	Pending, Picky, Progresses, Segments, Summaries, Supplies,
};
use alloc::collections::{BTreeMap, BTreeSet};
use codec::Encode;
use frame_support::ensure;
use marketplace_primitives::{AskId, OfferBook, OfferId, PaymentAsset, Registry, ServerId};
use sp_runtime::TryRuntimeError;

/// Where orders stand, by their ids: asks and bids.
#[derive(Default)]
struct Standing {
	asks: BTreeMap<AskId, Place>,
	bids: BTreeMap<OfferId, Place>,
}

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the pallet's state.
	///
	/// # Errors
	/// The first that is broken.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let book = Book::<T>::get();
		ensure!(book.mark <= book.generation, "1: the pass is ahead of supply");
		let standing = Self::check_orders(book.sequence)?;
		Self::check_levels()?;
		Self::check_segments()?;
		Self::check_asks(&standing, book.generation)?;
		Self::check_bids(&standing)?;
		Self::check_visits(&book)
	}

	/// 2. No two orders share a sequence number, and all numbers were handed out.
	/// 3. The pages of a level are a chain, none is empty, and there are no others.
	fn check_orders(last: u64) -> Result<Standing, TryRuntimeError> {
		let (mut standing, mut seen, mut pages) = (Standing::default(), BTreeSet::new(), 0);
		for (queue, rank, level) in Levels::<T>::iter() {
			let (mut next, mut previous) = (Some(level.first), None);
			while let Some(id) = next {
				let page = Pages::<T>::get(id).ok_or("3: a page is gone")?;
				ensure!(page.previous == previous && !page.orders.is_empty(), "3: a broken chain");
				for Order { sequence, id: order } in page.orders {
					ensure!((1..=last).contains(&sequence), "2: a number was not handed out");
					ensure!(seen.insert(sequence), "2: two orders share a sequence number");
					let key = OrderKey::new(rank, sequence);
					let place = Place { queue: queue.clone(), key, page: id };
					match &queue {
						Queue::Asks(..) => drop(standing.asks.insert(AskId(order), place)),
						Queue::Bids(..) => drop(standing.bids.insert(OfferId(order), place)),
					}
				}
				(previous, next, pages) = (Some(id), page.next, pages + 1);
			}
			ensure!(previous == Some(level.last), "3: a level ends elsewhere");
		}
		ensure!(pages == Pages::<T>::iter_keys().count(), "3: pages outside of levels");
		Ok(standing)
	}

	/// 4. The bit maps say which levels there are, and nothing more is stored of them.
	fn check_levels() -> Result<(), TryRuntimeError> {
		let mut levels = BTreeMap::<_, BTreeSet<Rank>>::new();
		for (queue, rank) in Levels::<T>::iter_keys() {
			levels.entry(queue.encode()).or_default().insert(rank);
		}
		let queues: BTreeSet<_> = Summaries::<T>::iter_keys().map(|queue| queue.encode()).collect();
		ensure!(levels.keys().cloned().collect::<BTreeSet<_>>() == queues, "4: unknown queues");
		for queue in Summaries::<T>::iter_keys() {
			let (mut found, mut next) = (BTreeSet::new(), Index::<T>::first_level(&queue));
			while let Some(rank) = next {
				found.insert(rank);
				next = Index::<T>::level_from(&queue, rank + 1);
			}
			ensure!(levels.get(&queue.encode()) == Some(&found), "4: the bit maps are off");
		}
		let empty = Leaves::<T>::iter_values().any(|leaf| leaf.is_empty());
		ensure!(!empty, "4: a leaf without levels");
		Ok(())
	}

	/// 5. The segments of an asset are those with asks, each with its cheapest level.
	fn check_segments() -> Result<(), TryRuntimeError> {
		let mut open = 0;
		for (asset, segments) in Segments::<T>::iter() {
			ensure!(!segments.is_empty(), "5: no segment of an asset");
			for known in segments {
				let best = Index::<T>::first_level(&Queue::Asks(asset.clone(), known.segment));
				ensure!(best == Some(known.best), "5: a segment has another best level");
				open += 1;
			}
		}
		let asks = |queue: &Queue| matches!(queue, Queue::Asks(..));
		ensure!(Summaries::<T>::iter_keys().filter(asks).count() == open, "5: a closed segment");
		Ok(())
	}

	/// 6. Each ask stands in one place, under its price and asset, and is registered.
	/// 7. Servers in the book are those with asks; none changed after the last change.
	fn check_asks(standing: &Standing, generation: u64) -> Result<(), TryRuntimeError> {
		ensure!(AskPlaces::<T>::iter().collect::<BTreeMap<_, _>>() == standing.asks, "6: places");
		let mut counts = BTreeMap::<ServerId, u32>::new();
		for (id, place) in &standing.asks {
			let ask = T::Registry::ask(*id).ok_or("6: the book has an ask that is gone")?;
			let at_price = OrderKey::ask(ask.price, place.key.sequence()) == place.key;
			ensure!(ask.asset == *place.asset() && at_price, "6: an ask is misplaced");
			*counts.entry(ask.server).or_default() += 1;
		}
		ensure!(Supplies::<T>::iter().count() == counts.len(), "7: servers without asks");
		for (server, supply) in Supplies::<T>::iter() {
			ensure!(counts.get(&server) == Some(&supply.asks), "7: the count of asks is off");
			ensure!(supply.changed <= generation, "7: supply changed in the future");
		}
		Ok(())
	}

	/// 8. Each bid stands in one place, under its price and asset, and is open; its asset is known to have bids.
	fn check_bids(standing: &Standing) -> Result<(), TryRuntimeError> {
		ensure!(BidPlaces::<T>::iter().collect::<BTreeMap<_, _>>() == standing.bids, "8: places");
		let mut counts = BTreeMap::<_, u32>::new();
		for (offer, place) in &standing.bids {
			let terms = T::Offers::terms(*offer).ok_or("8: the book has a bid that is closed")?;
			let at_price = OrderKey::bid(terms.max_price, place.key.sequence()) == place.key;
			ensure!(terms.asset == *place.asset() && at_price, "8: a bid is misplaced");
			let picky = counts.entry(terms.asset.encode()).or_default();
			*picky += u32::from(Picky::<T>::contains_key(offer));
		}
		let counted = BiddingAssets::<T>::iter().map(|(asset, picky)| (asset.encode(), picky));
		ensure!(counted.collect::<BTreeMap<_, _>>() == counts, "8: assets with bids are off");
		let stands = |offer: &OfferId| standing.bids.contains_key(offer);
		ensure!(Picky::<T>::iter_keys().all(|offer| stands(&offer)), "8: a picky bid is gone");
		Ok(())
	}

	/// 9. Each bid that waits for a visit, or stepped aside, stands in the book, and all are counted.
	/// 10. Unfinished visits are of bids in the book that wait or stepped aside, never both, and look at no supply of
	///     the future. The one that left an ask empty is that which all bids wait for, and is not aside.
	fn check_visits(book: &crate::BookState) -> Result<(), TryRuntimeError> {
		let waiting = Self::check_standing(Pending::<T>::iter())?;
		ensure!(waiting == book.pending, "9: the count of waiting bids is off");
		let aside = Self::check_standing(Aside::<T>::iter())?;
		ensure!(aside == book.aside, "9: the count of bids that are aside is off");
		let (mut kept_aside, mut exposes) = (0u32, false);
		for (offer, progress) in Progresses::<T>::iter() {
			let place = BidPlaces::<T>::get(offer).ok_or("10: a visit of a bid that is gone")?;
			let waits = Pending::<T>::contains_key(place.asset(), place.key);
			let is_aside = Aside::<T>::contains_key(place.asset(), place.key);
			ensure!(waits != is_aside, "10: an unfinished visit waits for nothing, or twice");
			ensure!(progress.aside == is_aside, "10: a visit does not know how it goes on");
			ensure!(progress.limit <= book.generation, "10: a visit is ahead of supply");
			if progress.exposed {
				let awaited = !is_aside && book.exposing == Some(offer);
				ensure!(awaited, "10: nobody waits for a bid that emptied an ask");
			}
			exposes |= progress.exposed;
			kept_aside += u32::from(is_aside);
		}
		ensure!(kept_aside == aside, "10: a bid is aside that was not visited");
		ensure!(book.exposing.is_none() || exposes, "10: all bids wait for nothing");
		Ok(())
	}

	/// How many bids of a list there are; each stands where that says.
	fn check_standing(
		list: impl Iterator<Item = (PaymentAsset, OrderKey, OfferId)>,
	) -> Result<u32, TryRuntimeError> {
		let mut count = 0;
		for (asset, key, offer) in list {
			count += 1;
			let place = BidPlaces::<T>::get(offer).ok_or("9: a bid waits that is gone")?;
			ensure!(*place.asset() == asset && place.key == key, "9: a bid waits elsewhere");
		}
		Ok(count)
	}
}
