//! Commands that were refused, as the payloads of the system's event entity: whoever gave one, by an entity, an automation
//! or a phone, sees that nothing came of it and why. Only renders.

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};

use super::command::CommandFault;
use crate::i18n::{self, Texts};
use crate::model::{CommandAnswer, RefusedCommand};

/// Commands of which the answer is still to come. Messages wait at the broker's session when there are more.
const UNANSWERED: usize = 64;

/// What `command` was refused for; `name` is its zone's.
pub(super) fn refused(texts: &Texts, command: &RefusedCommand, name: Option<&str>) -> Value {
    json!({
        "event_type": "refused",
        "command": command.command,
        "actor": command.actor.to_string(),
        "zone": command.zone.as_ref().map(ToString::to_string),
        "zone_name": name,
        "reason": command.refusal.as_str(),
        "message": texts.render(&i18n::refusal(&command.refusal)),
    })
}

/// A message that is no command.
pub(super) fn invalid(topic: &str, fault: &CommandFault) -> Value {
    json!({
        "event_type": "refused",
        "command": null,
        "actor": "mqtt",
        "zone": null,
        "zone_name": null,
        "topic": topic.chars().take(200).collect::<String>(),
        "reason": "invalid",
        "message": fault.to_string(),
    })
}

/// The answers that are still to come. What they say is heard from `control`, which tells of every refusal.
#[derive(Default)]
pub(super) struct Answers(FuturesUnordered<CommandAnswer>);

impl Answers {
    pub(super) fn has_room(&self) -> bool {
        self.0.len() < UNANSWERED
    }

    pub(super) fn expect(&mut self, answer: CommandAnswer) {
        self.0.push(answer);
    }

    /// Waits for the next answer; for ever while none is to come.
    pub(super) async fn next(&mut self) {
        if self.0.next().await.is_none() {
            std::future::pending().await
        }
    }
}
