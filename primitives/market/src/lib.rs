//! What the pallets of Marketplace+ owe each other: the words of the market as types, its
//! arithmetic as pure functions, and one small trait per pallet through which the others ask.
//!
//! No pallet depends on another pallet. Data flows one way:
//!
//! ```text
//! providers ──> capacity ──> matcher ──> deals
//!                              ^           │
//!                   offers ────┘ <─escrow──┘
//! ```
//!
//! | trait | given by | asked by |
//! | --- | --- | --- |
//! | [`Registry`](traits::Registry) | providers | capacity, offers, matcher, deals |
//! | [`UnitLedger`](traits::UnitLedger), [`EpochClock`](traits::EpochClock) | capacity | providers, offers, matcher, deals |
//! | [`DealIncome`](traits::DealIncome), [`Compensation`](traits::Compensation) | capacity | deals |
//! | [`OfferBook`](traits::OfferBook), [`Escrow`](traits::Escrow) | offers | matcher, deals |
//! | [`OrderBook`](traits::OrderBook) | matcher | providers, capacity, offers |
//! | [`Deals`](traits::Deals) | deals | matcher |
//! | [`DealWatch`](traits::DealWatch) | deals | capacity |
//! | [`PriceFeed`](traits::PriceFeed), [`FltValue`](traits::FltValue) | the runtime | capacity, deals |

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod api;
pub mod ids;
pub mod level;
pub mod math;
pub mod peer;
pub mod traits;
pub mod types;
pub mod units;
pub mod voucher;

pub use ids::{AskId, CommitmentId, DataCenterId, DealId, OfferId, ServerId};
pub use level::PriceLevel;
pub use peer::{peer_message, PEER_DOMAIN};
pub use traits::{
	Available, Compensation, DealIncome, DealOrigin, DealWatch, Deals, Due, EpochClock, Escrow,
	Filled, FltValue, IncomeShare, OfferBook, OrderBook, PriceFeed, Registry, UnitLedger,
};
pub use types::{
	AccessList, Ask, AttributeId, Attributes, Balance, BidTerms, Cid, City, Country, Epoch,
	EscrowId, Fill, HardwareClass, Location, PaymentAsset, PeerId, Placed, Placement, Price,
	ServerRef, Sites, UnitsWanted, Usd, WorkerId, CONTEST_EPOCHS, MAX_HARDWARE_CLASSES,
};
pub use units::{UnitIndex, Units, MAX_UNITS};
pub use voucher::{voucher_message, GatewayKey, GatewaySignature, Voucher, VOUCHER_DOMAIN};
