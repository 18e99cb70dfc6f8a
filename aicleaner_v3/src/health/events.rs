//! What is logged and counted when a condition comes or goes.

use crate::i18n::{english, error};
use crate::model::{Condition, ConditionState};
use crate::telemetry::{Event, Telemetry};

/// Tells what changed between two gatherings.
pub(super) fn tell_changes(telemetry: &Telemetry, before: &[Condition], now: &[Condition]) {
    let same =
        |a: &Condition, b: &Condition| a.subject == b.subject && a.reason.code == b.reason.code;
    for known in now.iter().filter(|known| known.is_problem()) {
        if !before.iter().any(|other| same(known, other)) {
            telemetry.emit(&Began(known));
        }
    }
    for over in before.iter().filter(|known| known.is_problem()) {
        if !now.iter().any(|other| same(over, other)) {
            telemetry.emit(&Ended(over));
        }
    }
}

/// Something does not work as it should.
struct Began<'a>(&'a Condition);

impl Event for Began<'_> {
    const NAME: &'static str = "condition_began";

    fn kind(&self) -> &'static str {
        self.0.reason.code.as_str()
    }

    /// Nothing: whoever found it has logged the fault with its details and its remedy.
    fn log(&self) {}
}

/// It works again.
struct Ended<'a>(&'a Condition);

impl Event for Ended<'_> {
    const NAME: &'static str = "condition_ended";

    fn kind(&self) -> &'static str {
        self.0.reason.code.as_str()
    }

    fn log(&self) {
        if self.0.state == ConditionState::Waiting {
            // What was waited for says itself that it is there.
            return;
        }
        let code = self.0.reason.code;
        tracing::info!(%code, subject = ?self.0.subject, since = %self.0.since, "over: {}", english(&error(code)));
    }
}
