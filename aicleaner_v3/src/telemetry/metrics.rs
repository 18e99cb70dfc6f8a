//! Counts of events, rendered in the Prometheus text format.
//! Names and kinds are static, so the number of counters is bounded by the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// How often each event happened since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
}

impl Metrics {
    /// Counts one event.
    pub fn count(&self, name: &'static str, kind: &'static str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((name, kind)).or_default() += 1;
    }

    /// How often it happened.
    pub fn get(&self, name: &str, kind: &str) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .iter()
            .find(|((n, k), _)| *n == name && *k == kind)
            .map_or(0, |(_, count)| *count)
    }

    /// All counts in the Prometheus text exposition format, version 0.0.4.
    pub fn render(&self) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::from(
            "# HELP aicleaner_events_total How often each event happened since the start.\n# TYPE aicleaner_events_total counter\n",
        );
        for ((name, kind), count) in counts.iter() {
            let _ = writeln!(
                text,
                "aicleaner_events_total{{event=\"{name}\",kind=\"{kind}\"}} {count}"
            );
        }
        text
    }
}
