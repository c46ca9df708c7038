//! What must not change unnoticed.
