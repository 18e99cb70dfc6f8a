//! What Home Assistant shows: entities defined once as data, rendered to discovery and to states, and the
//! commands that come back. Never acts by itself: a command goes to `control`.

mod command;
mod definition;
mod discovery;
mod events;
mod occurrences;
mod publish;
mod refusals;
mod stale;
mod system;
mod tasks_list;
mod topics;
mod zone;

pub use command::{CommandFault, parse_command};
pub use discovery::{system_discovery, zone_discovery};
pub use events::{CommandInvalid, PublishRefused};
pub use publish::{Wiring, run};
pub use topics::EntityOptions;
