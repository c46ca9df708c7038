//! What each pallet is told, by domain.

mod consensus;
mod market;
mod monetary;
mod oracle;
mod system;

pub use consensus::ValidatorManager;
pub use market::BabeRandomness;
pub use monetary::{PaymentAssets, PaymentHolds, TreasuryAccount};
pub use oracle::{FltPrice, PriceKey};
