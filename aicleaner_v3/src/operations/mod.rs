//! How the system is doing, for people and for whoever watches over it.

mod notice;
mod status;

pub use notice::settings_notice;
pub use status::{NO_ZONES, Sources, follow};
