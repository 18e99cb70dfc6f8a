//! Logs, redaction, counters, and the catalogue of error codes.
//! Never decides anything: it only tells.

mod events;
mod metrics;
mod process;
mod redact;

pub use crate::model::Code;
pub use events::{Event, Telemetry};
pub use metrics::Metrics;
pub use process::resident_bytes;
pub use redact::{RedactingWriter, Redactor};
