//! What calls cost, measured on this runtime by `make weights`.

mod equivocation;

pub use equivocation::EquivocationWeight;
