//! Our own dashboard in Home Assistant, made or refreshed when a person asks.

mod cards;
mod error;
mod events;
mod made;
mod maker;

pub use error::DashboardError;
pub use made::Made;
pub use maker::Dashboard;
