//! What happens between us and the lists, for the log and the counts.

use crate::i18n::log_remedy;
use crate::model::EntityId;
use crate::store::StoreError;
use crate::telemetry::{Code, Event};

/// An effect on a list was refused. It is tried again.
#[derive(Debug)]
pub struct EffectRefused {
    pub list: EntityId,
    pub code: Code,
    pub reason: String,
    pub attempts: u32,
}

/// A list can't be used; told once, until it can be used again.
#[derive(Debug)]
pub struct ListUnusable {
    pub list: EntityId,
    pub code: Code,
    pub sentence: String,
}

/// The store refused; the list is tried again later.
#[derive(Debug)]
pub struct SyncDelayed {
    pub list: EntityId,
    pub code: Code,
    pub reason: String,
}

impl SyncDelayed {
    /// The store gave `error`.
    pub fn new(list: &EntityId, error: &StoreError) -> Self {
        Self {
            list: list.clone(),
            code: error.code(),
            reason: error.to_string(),
        }
    }
}

impl Event for EffectRefused {
    const NAME: &'static str = "effect_refused";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::warn!(list = %self.list, code = %self.code, attempts = self.attempts, remedy = log_remedy(self.code), "the to-do list refused: {}", self.reason);
    }
}

impl Event for ListUnusable {
    const NAME: &'static str = "list_unusable";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::warn!(list = %self.list, code = %self.code, remedy = log_remedy(self.code), "{}", self.sentence);
    }
}

impl Event for SyncDelayed {
    const NAME: &'static str = "sync_held_up";

    fn kind(&self) -> &'static str {
        self.code.as_str()
    }

    fn log(&self) {
        tracing::error!(list = %self.list, code = %self.code, "to-do sync delayed: {}", self.reason);
    }
}
