//! What the to-do sync works with, handed in by whoever starts it.

use crate::clock::Clock;
use crate::engine::Engine;
use crate::home_assistant::HomeAssistant;
use crate::store::Store;
use crate::telemetry::Telemetry;

/// Works the outbox off.
#[derive(Clone)]
pub struct TodoSync {
    /// Where the lists are.
    pub home: HomeAssistant,
    /// Where the outbox is.
    pub store: Store,
    /// Who is told what people did.
    pub engine: Engine,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
}
