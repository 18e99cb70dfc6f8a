//! Internal events: each a struct that says in one place how it is logged and counted.
//! The structs live beside the code that emits them; this is only their common form.

use std::sync::Arc;

use super::Metrics;

/// Something that happened inside, worth a log line and a count.
pub trait Event {
    /// What it is counted under: snake_case, in the past tense where it can be, such as `snapshot_taken`.
    const NAME: &'static str;

    /// A second word to count it under, from a fixed set, such as the reason of a skip.
    fn kind(&self) -> &'static str {
        ""
    }

    /// Writes the log line.
    fn log(&self);
}

/// The handle through which events are emitted. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Telemetry {
    metrics: Arc<Metrics>,
}

impl Telemetry {
    /// Logs and counts one event.
    pub fn emit<E: Event>(&self, event: &E) {
        self.metrics.count(E::NAME, event.kind());
        event.log();
    }

    /// The counts so far.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Skipped;

    impl Event for Skipped {
        const NAME: &'static str = "look_skipped";

        fn kind(&self) -> &'static str {
            "dark"
        }

        fn log(&self) {}
    }

    #[test]
    fn an_emitted_event_is_counted_by_name_and_kind() {
        let telemetry = Telemetry::default();

        telemetry.emit(&Skipped);
        telemetry.emit(&Skipped);

        assert_eq!(telemetry.metrics().get("look_skipped", "dark"), 2);
    }
}
