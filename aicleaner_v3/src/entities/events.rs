//! What happens between entities and Home Assistant, as events.

use super::command::CommandFault;
use crate::i18n::log_remedy;
use crate::mqtt::SetFault;
use crate::telemetry::Event;

/// A message to an entity was no command. Nothing was changed by it.
#[derive(Debug)]
pub struct CommandRefused {
    /// Why.
    pub fault: CommandFault,
    /// Where it was sent.
    pub topic: String,
}

impl Event for CommandRefused {
    const NAME: &'static str = "mqtt_command_refused";

    fn log(&self) {
        let code = self.fault.code();
        tracing::warn!(code = %code, topic = self.topic, remedy = log_remedy(code), "a command was ignored: {}", self.fault);
    }
}

/// A command came while too many others wait.
#[derive(Debug)]
pub struct CommandDropped {
    /// Where it was sent.
    pub topic: String,
}

impl Event for CommandDropped {
    const NAME: &'static str = "command_dropped";

    fn log(&self) {
        tracing::warn!(
            topic = self.topic,
            "a command was dropped: too many wait already"
        );
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
