//! The invariants of the book.

use crate::{
	types::{OrderKey, Place},
	AskPlaces, Asks, BidPlaces, Bids, Book, Config, Pallet, Pending, Progresses, Supplies,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use marketplace_primitives::{OfferBook, Registry, ServerId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the pallet's state.
	///
	/// # Errors
	/// The first that is broken.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let book = Book::<T>::get();
		ensure!(book.mark <= book.generation, "1: the pass is ahead of supply");
		Self::check_sequences(book.sequence)?;
		Self::check_asks(book.generation)?;
		Self::check_bids()?;
		Self::check_visits(&book)
	}

	/// 2. No two orders share a sequence number, and all numbers were handed out.
	fn check_sequences(last: u64) -> Result<(), TryRuntimeError> {
		let asks = Asks::<T>::iter_keys().map(|(_, key)| key);
		let bids = Bids::<T>::iter_keys().map(|(_, key)| key);
		let mut seen = BTreeSet::new();
		for key in asks.chain(bids) {
			ensure!(
				(1..=last).contains(&key.sequence()),
				"2: a sequence number was not handed out"
			);
			ensure!(seen.insert(key.sequence()), "2: two orders share a sequence number");
		}
		Ok(())
	}

	/// 3. Each ask stands in one place, under its price and asset, and is registered.
	/// 4. Servers in the book are those with asks; none changed after the last change.
	fn check_asks(generation: u64) -> Result<(), TryRuntimeError> {
		ensure!(Asks::<T>::iter().count() == AskPlaces::<T>::iter().count(), "3: places of asks");
		let mut counts = BTreeMap::<ServerId, u32>::new();
		for (asset, key, id) in Asks::<T>::iter() {
			let place = AskPlaces::<T>::get(id).ok_or("3: an ask without a place")?;
			let ask = T::Registry::ask(id).ok_or("3: the book has an ask that is gone")?;
			ensure!(ask.asset == asset && ask.price == key.ask_price(), "3: an ask is misplaced");
			ensure!(place == Place { asset, key }, "3: an ask stands elsewhere");
			*counts.entry(ask.server).or_default() += 1;
		}
		ensure!(Supplies::<T>::iter().count() == counts.len(), "4: servers without asks");
		for (server, supply) in Supplies::<T>::iter() {
			ensure!(counts.get(&server) == Some(&supply.asks), "4: the count of asks is off");
			ensure!(supply.changed <= generation, "4: supply changed in the future");
		}
		Ok(())
	}

	/// 5. Each bid stands in one place, under its price and asset, and is open.
	fn check_bids() -> Result<(), TryRuntimeError> {
		ensure!(Bids::<T>::iter().count() == BidPlaces::<T>::iter().count(), "5: places of bids");
		for (asset, key, offer) in Bids::<T>::iter() {
			let place = BidPlaces::<T>::get(offer).ok_or("5: a bid without a place")?;
			let terms = T::Offers::terms(offer).ok_or("5: the book has a bid that is closed")?;
			ensure!(
				terms.asset == asset && terms.max_price == key.bid_price(),
				"5: a bid is misplaced"
			);
			ensure!(place == Place { asset, key }, "5: a bid stands elsewhere");
		}
		Ok(())
	}

	/// 6. Each bid that waits for a visit stands in the book, and all that wait are counted.
	/// 7. Unfinished visits are of bids in the book that wait, and look at no supply of the future.
	fn check_visits(book: &crate::BookState) -> Result<(), TryRuntimeError> {
		let mut waiting = 0u32;
		for (asset, key) in Pending::<T>::iter_keys() {
			waiting += 1;
			ensure!(Bids::<T>::contains_key(&asset, key), "6: a bid waits that is gone");
		}
		ensure!(waiting == book.pending, "6: the count of waiting bids is off");
		for (offer, progress) in Progresses::<T>::iter() {
			let place = BidPlaces::<T>::get(offer).ok_or("7: a visit of a bid that is gone")?;
			ensure!(
				Pending::<T>::contains_key(&place.asset, place.key),
				"7: an unfinished visit waits for nothing"
			);
			ensure!(progress.limit <= book.generation, "7: a visit is ahead of supply");
			ensure!(progress.cursor != Some(OrderKey::LAST), "7: a visit is behind the last ask");
		}
		Ok(())
	}
}
