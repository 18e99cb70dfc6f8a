//! The one door: what can be asked of the program. A command has an actor and gets an answer; a query only reads. The
//! page, the API, MQTT and phones all come through here, and nobody else commands the engine.

mod commands;
mod queries;

pub use commands::{Control, Done};
pub use queries::{Queries, QuerySources};
