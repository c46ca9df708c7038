//! What calls cost, measured on this runtime by `make weights`.

mod equivocation;
pub mod pallet_capacity;
pub mod pallet_deals;
pub mod pallet_matcher;
pub mod pallet_offers;
pub mod pallet_providers;

pub use equivocation::EquivocationWeight;
