//! How the system is doing, for people and for whoever watches over it.

mod declared;
mod inventory;
mod notice;
mod proposal;
mod status;
mod vitals;

pub use declared::{DeclaredSource, DeclaredState, DeclaredWatch, FileWatch};
pub use inventory::InventorySource;
pub use notice::settings_notice;
pub use proposal::{Proposed, as_yaml, propose};
pub use status::{NO_ZONES, Sources, follow};
pub use vitals::{Vitals, measure};
