//! What is logged and counted of commands.

use crate::model::RefusedCommand;
use crate::telemetry::Event;

/// A command was refused. Nothing was changed by it.
pub(super) struct Refused<'a>(pub(super) &'a RefusedCommand);

impl Event for Refused<'_> {
    const NAME: &'static str = "command_refused";

    fn kind(&self) -> &'static str {
        self.0.refusal.as_str()
    }

    fn log(&self) {
        let RefusedCommand {
            actor,
            command,
            zone,
            refusal,
        } = self.0;
        let zone = zone.as_ref().map(ToString::to_string);
        tracing::warn!(
            %actor,
            command,
            zone,
            reason = refusal.as_str(),
            "a command was refused"
        );
    }
}
