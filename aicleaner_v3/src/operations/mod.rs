//! How the system is doing, for people and for whoever watches over it.

mod notice;
mod status;
mod vitals;

pub use notice::settings_notice;
pub use status::{NO_ZONES, Sources, follow};
pub use vitals::{Vitals, measure};
