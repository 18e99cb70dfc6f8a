//! What happens between entities and Home Assistant, as events.

use super::command::CommandFault;
use crate::i18n::log_remedy;
use crate::mqtt::SetFault;
use crate::telemetry::Event;

/// A message to an entity was no command. Nothing was changed by it.
#[derive(Debug)]
pub struct CommandInvalid {
    /// Why.
    pub fault: CommandFault,
    /// Where it was sent.
    pub topic: String,
}

impl Event for CommandInvalid {
    const NAME: &'static str = "mqtt_command_refused";

    fn log(&self) {
        let code = self.fault.code();
        tracing::warn!(code = %code, topic = self.topic, remedy = log_remedy(code), "a command was ignored: {}", self.fault);
    }
}

/// Something could not be shown in Home Assistant.
#[derive(Debug)]
pub struct PublishRefused {
    /// Why.
    pub fault: SetFault,
}

impl Event for PublishRefused {
    const NAME: &'static str = "mqtt_publish_refused";

    fn log(&self) {
        let code = self.fault.code();
        tracing::warn!(code = %code, remedy = log_remedy(code), "an entity keeps its old state: {}", self.fault);
    }
}
