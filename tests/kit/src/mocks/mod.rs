//! One mock per trait of `marketplace-primitives`.

mod book;
mod deals;
mod escrow;
mod income;
mod offers;
mod price;
mod registry;
mod units;
mod watch;

pub use book::{BookCall, MockBook};
pub use deals::{placed, MockDeal, MockDeals};
pub use escrow::{MockEscrow, MockRecord};
pub use income::{MockIncome, FINE};
pub use offers::MockOffers;
pub use price::MockPrice;
pub use registry::MockRegistry;
pub use units::{MockReservation, MockUnits};
pub use watch::MockWatch;

/// Clears the state of all mocks of this thread.
pub fn reset() {
	MockBook::reset();
	MockDeals::reset();
	MockEscrow::reset();
	MockIncome::reset();
	MockOffers::reset();
	MockPrice::reset();
	MockRegistry::reset();
	MockUnits::reset();
	MockWatch::reset();
}

/// Declares the thread-local state of a mock with `reset` and `with`.
macro_rules! state {
	($mock:ty, $state:ty, $name:ident) => {
		std::thread_local! {
			static $name: std::cell::RefCell<$state> = std::cell::RefCell::new(Default::default());
		}

		impl $mock {
			/// Forgets everything.
			pub fn reset() {
				$name.with(|state| *state.borrow_mut() = Default::default());
			}

			#[allow(dead_code)]
			fn with<R>(f: impl FnOnce(&mut $state) -> R) -> R {
				$name.with(|state| f(&mut state.borrow_mut()))
			}
		}
	};
}
pub(crate) use state;
