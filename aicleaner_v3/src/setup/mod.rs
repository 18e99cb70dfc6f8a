//! Setting up: what the home has, zones that it could have, and following the declared settings while the program runs.
//! Proposes and reads; applies nothing.

mod declared;
mod inventory;
mod notice;
mod proposal;

pub use declared::{DeclaredSource, DeclaredWatch, FileWatch};
pub use inventory::InventorySource;
pub use notice::settings_notice;
pub use proposal::{Proposed, as_yaml, propose};
