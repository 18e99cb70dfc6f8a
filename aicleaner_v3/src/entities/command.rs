//! What people and automations ask for over MQTT, parsed strictly: anything but the words that Home Assistant
//! sends is refused with one clear error, and changes nothing.

use std::collections::BTreeSet;

use super::definition::{Kind, OFF, ON, PRESS};
use super::zone;
use crate::model::{Command, InstanceName, ZoneId};
use crate::telemetry::Code;

/// Longer payloads are not even looked at.
const LONGEST: usize = 64;

/// A message that is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandFault {
    /// No entity of ours listens there.
    #[error("no entity listens on {0:?}")]
    UnknownTopic(String),
    /// It is longer than any command.
    #[error("the command has {0} bytes, but none has more than {LONGEST}")]
    TooLong(usize),
    /// It is no text.
    #[error("the command is not UTF-8 text")]
    NotText,
    /// It is no word that the entity knows.
    #[error("found {found:?}, expected {expected}")]
    UnknownWord {
        /// What was sent.
        found: String,
        /// What may be sent.
        expected: &'static str,
    },
}

impl CommandFault {
    /// The code that stands for it.
    pub fn code(&self) -> Code {
        Code::MqttPayload
    }
}

/// Reads a message on `<instance>/<zone>/<key>/set`.
///
/// # Errors
/// When it is anything but a command to one of `zones`.
pub fn parse_command(
    instance: &InstanceName,
    zones: &BTreeSet<ZoneId>,
    topic: &str,
    payload: &[u8],
) -> Result<Command, CommandFault> {
    let unknown = || CommandFault::UnknownTopic(topic.chars().take(200).collect());
    let levels: Vec<&str> = topic.splitn(5, '/').collect();
    let [base, zone, key, "set"] = levels[..] else {
        return Err(unknown());
    };
    let zone = zones
        .iter()
        .find(|known| known.as_str() == zone)
        .ok_or_else(unknown)?;
    let entity = zone::ENTITIES
        .iter()
        .find(|entity| entity.key == key)
        .ok_or_else(unknown)?;
    if base != instance.as_str() || !entity.kind.takes_commands() {
        return Err(unknown());
    }
    if payload.len() > LONGEST {
        return Err(CommandFault::TooLong(payload.len()));
    }
    let word = std::str::from_utf8(payload).map_err(|_| CommandFault::NotText)?;
    let wrong = |expected| CommandFault::UnknownWord {
        found: word.to_owned(),
        expected,
    };
    match (&entity.kind, word) {
        (Kind::Button { press }, PRESS) => Ok(press(zone.clone())),
        (Kind::Button { .. }, _) => Err(wrong(PRESS)),
        (Kind::Switch { turn, .. }, ON) => Ok(turn(zone.clone(), true)),
        (Kind::Switch { turn, .. }, OFF) => Ok(turn(zone.clone(), false)),
        (Kind::Switch { .. }, _) => Err(wrong("ON or OFF")),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Trigger;

    fn parse(topic: &str, payload: &[u8]) -> Result<Command, CommandFault> {
        let zones = BTreeSet::from([kitchen()]);
        parse_command(&InstanceName::default(), &zones, topic, payload)
    }

    fn kitchen() -> ZoneId {
        ZoneId::parse("kitchen").unwrap()
    }

    #[test]
    fn a_button_and_a_switch_are_understood() {
        assert_eq!(
            parse("aicleaner/kitchen/assess_now/set", b"PRESS"),
            Ok(Command::AssessNow {
                zone: kitchen(),
                trigger: Trigger::Button
            })
        );
        assert_eq!(
            parse("aicleaner/kitchen/watching/set", b"OFF"),
            Ok(Command::SetWatching {
                zone: kitchen(),
                watching: false
            })
        );
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let switch = "aicleaner/kitchen/watching/set";
        assert_eq!(parse(switch, b"\xff\xfe"), Err(CommandFault::NotText));
        assert_eq!(parse(switch, &[b'O'; 65]), Err(CommandFault::TooLong(65)));
        assert_eq!(
            parse(switch, b"on").unwrap_err().to_string(),
            "found \"on\", expected ON or OFF"
        );
        for topic in [
            "",
            "other/kitchen/watching/set",
            "aicleaner/attic/watching/set",
            "aicleaner/kitchen/cleanliness/set",
            "aicleaner/kitchen/watching/set/x",
            "aicleaner/kitchen/watching",
        ] {
            assert_eq!(
                parse(topic, b"ON"),
                Err(CommandFault::UnknownTopic(topic.to_owned()))
            );
        }
    }

    proptest! {
        #[test]
        fn no_message_does_more_than_its_words_say(topic in "(aicleaner|[a-z]{0,3})/(kitchen|.{0,5})/(watching|assess_now|.{0,5})/(set|.{0,3})", payload in proptest::collection::vec(any::<u8>(), 0..70)) {
            if let Ok(command) = parse(&topic, &payload) {
                prop_assert_eq!(command.zone(), &kitchen());
                prop_assert!([&b"ON"[..], b"OFF", b"PRESS"].contains(&payload.as_slice()));
            }
        }
    }
}
