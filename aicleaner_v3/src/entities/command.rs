//! What people and automations ask for over MQTT, parsed strictly: anything but the words that Home Assistant
//! sends is refused with one clear error, and changes nothing.

use std::sync::Arc;

use super::definition::{Device, Entity, Kind, OFF, ON, PRESS};
use super::{system, zone};
use crate::model::{Command, InstanceName, SystemView, ZoneView};
use crate::telemetry::Code;

/// Longer payloads are not even looked at. The names of providers are the longest words.
const LONGEST: usize = 200;

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
        expected: String,
    },
}

impl CommandFault {
    /// The code that stands for it.
    pub fn code(&self) -> Code {
        Code::MqttPayload
    }
}

/// Reads a message on `<instance>/<zone>/<key>/set`, or on `<instance>/<key>/set` for the system.
///
/// # Errors
/// When it is anything but a command to one of `zones` or the system.
pub fn parse_command(
    instance: &InstanceName,
    zones: &[Arc<ZoneView>],
    system: &SystemView,
    topic: &str,
    payload: &[u8],
) -> Result<Command, CommandFault> {
    let unknown = || CommandFault::UnknownTopic(topic.chars().take(200).collect());
    let levels: Vec<&str> = topic.splitn(5, '/').collect();
    match levels[..] {
        [base, zone, key, "set"] if base == instance.as_str() => {
            let view = zones
                .iter()
                .find(|view| view.zone.id.as_str() == zone)
                .ok_or_else(unknown)?;
            let entity = find(zone::ENTITIES, key).ok_or_else(unknown)?;
            command(entity, &**view, payload)
        }
        [base, key, "set"] if base == instance.as_str() => {
            let entity = find(system::ENTITIES, key).ok_or_else(unknown)?;
            command(entity, system, payload)
        }
        _ => Err(unknown()),
    }
}

fn find<V: Device>(entities: &'static [Entity<V>], key: &str) -> Option<&'static Entity<V>> {
    entities
        .iter()
        .find(|entity| entity.key == key && entity.kind.takes_commands())
}

fn command<V: Device>(
    entity: &Entity<V>,
    view: &V,
    payload: &[u8],
) -> Result<Command, CommandFault> {
    if payload.len() > LONGEST {
        return Err(CommandFault::TooLong(payload.len()));
    }
    let word = std::str::from_utf8(payload).map_err(|_| CommandFault::NotText)?;
    let wrong = |expected: &str| CommandFault::UnknownWord {
        found: word.to_owned(),
        expected: expected.to_owned(),
    };
    let target = view.target();
    match &entity.kind {
        Kind::Button { press } if word == PRESS => Ok(press(target)),
        Kind::Button { .. } => Err(wrong(PRESS)),
        Kind::Switch { turn, .. } => match word {
            ON => Ok(turn(target, true)),
            OFF => Ok(turn(target, false)),
            _ => Err(wrong("ON or OFF")),
        },
        Kind::Number {
            range: (least, most),
            set,
            ..
        } => whole(word)
            .filter(|number| (least..=most).contains(&number))
            .and_then(|number| set(target, number))
            .ok_or_else(|| wrong(&format!("a whole number from {least} to {most}"))),
        Kind::Select {
            options, choose, ..
        } => {
            let options = options(view);
            let known = options.iter().any(|option| option == word);
            known
                .then(|| choose(target, word))
                .flatten()
                .ok_or_else(|| wrong(&options.join(", ")))
        }
        Kind::Sensor(_)
        | Kind::BinarySensor { .. }
        | Kind::Connectivity
        | Kind::Event { .. }
        | Kind::Picture { .. } => Err(CommandFault::UnknownTopic(entity.key.to_owned())),
    }
}

/// Home Assistant sends a whole number as `15`; automations that compute one send `15.0`.
fn whole(word: &str) -> Option<u32> {
    let digits = word.split_once('.').map_or(Some(word), |(whole, rest)| {
        rest.bytes().all(|b| b == b'0').then_some(whole)
    })?;
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entities::system::tests::running;
    use crate::model::{LiveChange, Score, Sensitivity, Trigger, ZoneId};

    fn parse(topic: &str, payload: &[u8]) -> Result<Command, CommandFault> {
        let view = ZoneView {
            providers: ["cloud".to_owned()].into(),
            ..zone::tests::kitchen()
        };
        parse_command(
            &InstanceName::default(),
            &[Arc::new(view)],
            &running(),
            topic,
            payload,
        )
    }

    fn live(change: LiveChange) -> Result<Command, CommandFault> {
        Ok(Command::SetLive {
            zone: kitchen(),
            change,
        })
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
            live(LiveChange::Watching(false))
        );
        assert_eq!(
            parse("aicleaner/pause_all/set", b"ON"),
            Ok(Command::PauseAll { paused: true })
        );
    }

    #[test]
    fn numbers_and_choices_are_taken_within_their_bounds() {
        let interval = |word: &str| parse("aicleaner/kitchen/interval/set", word.as_bytes());
        let provider = |word: &str| parse("aicleaner/kitchen/provider/set", word.as_bytes());

        assert_eq!(interval("15"), live(LiveChange::Interval(15)));
        assert_eq!(interval("15.0"), live(LiveChange::Interval(15)));
        for word in [
            "0",
            "10081",
            "1.5",
            "-3",
            "",
            ".0",
            "1e3",
            "NaN",
            "99999999999",
        ] {
            let refused = interval(word).unwrap_err().to_string();
            assert!(
                refused.ends_with("a whole number from 1 to 10080"),
                "{refused}"
            );
        }
        assert_eq!(
            parse("aicleaner/kitchen/threshold/set", b"100"),
            live(LiveChange::Threshold(Score::TIDY))
        );
        assert_eq!(
            provider("cloud"),
            live(LiveChange::Provider(Some("cloud".to_owned())))
        );
        assert_eq!(provider("automatic"), live(LiveChange::Provider(None)));
        assert_eq!(
            provider("other").unwrap_err().to_string(),
            "found \"other\", expected automatic, cloud"
        );
        assert_eq!(
            parse("aicleaner/kitchen/sensitivity/set", b"high"),
            live(LiveChange::Sensitivity(Sensitivity::High))
        );
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let switch = "aicleaner/kitchen/watching/set";
        assert_eq!(parse(switch, b"\xff\xfe"), Err(CommandFault::NotText));
        assert_eq!(parse(switch, &[b'O'; 201]), Err(CommandFault::TooLong(201)));
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
            "aicleaner/status/set",
            "aicleaner/kitchen/assessment/set",
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
                prop_assert_eq!(command.zone(), Some(&kitchen()));
                prop_assert!([&b"ON"[..], b"OFF", b"PRESS"].contains(&payload.as_slice()));
            }
        }
    }
}
