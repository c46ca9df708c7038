//! The traits between the pallets. Each is given by the owner of the state that it speaks of.
//!
//! Implementations MUST change nothing when they return an error, and MUST do work that is bounded
//! by a constant, whatever the size of the market.

mod book;
mod deals;
mod offers;
mod registry;
mod stake;
mod units;
mod value;

pub use book::OrderBook;
pub use deals::{DealWatch, Deals, Filled};
pub use offers::{DealOrigin, Escrow, OfferBook};
pub use registry::Registry;
pub use stake::{Compensation, DealIncome, IncomeShare};
pub use units::{Available, Due, EpochClock, UnitLedger};
pub use value::{FltValue, PriceFeed};
