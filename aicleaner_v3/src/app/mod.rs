//! The composition root: builds every part, wires them, owns start and stop. The only folder that knows all others.
//! Decides nothing that the parts could decide.

mod connections;
mod degraded;
mod error;
mod judging;
mod listening;
mod options;
mod reload;
mod running;
mod start;
mod version;

pub use error::StartError;
pub use judging::check_providers;
pub use options::{AppOptions, Host, SupervisorAccess};
pub use running::App;
pub use version::VERSION;
