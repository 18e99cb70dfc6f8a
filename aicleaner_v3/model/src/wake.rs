//! What wakes a zone beside the clock: states of entities and events of Home Assistant, as a person writes them on one
//! line. Pure.

use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use super::EntityId;

/// The longest hold: a week.
const LONGEST_HOLD: Duration = Duration::from_secs(7 * 24 * 3600);

/// An entity whose state wakes a zone: `binary_sensor.motion to off for 5 min`, `vacuum.robby docked`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTrigger {
    /// Which entity.
    pub entity: EntityId,
    /// The state it must have had; none is any.
    pub from: Option<String>,
    /// The state it must come to; none is any.
    pub to: Option<String>,
    /// How long it must stay there.
    pub hold: Duration,
}

/// An event of Home Assistant that wakes a zone: `doorbell_pressed door=front`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTrigger {
    /// The type of the event.
    pub event_type: String,
    /// What its data must say: a name, or a path with dots, and the value as text.
    pub data: Vec<(String, String)>,
}

/// A line that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWake {
    /// It begins with no entity.
    #[error(
        "found {0:?}, expected an entity and its state, such as \"binary_sensor.motion to off for 5 min\""
    )]
    State(String),
    /// The time is none.
    #[error(
        "found the time {0:?}, expected one such as \"5 min\", \"30 s\" or \"2 h\", at most a week"
    )]
    Hold(String),
    /// It is no event.
    #[error(
        "found {0:?}, expected the type of an event and what its data says, such as \"doorbell_pressed door=front\""
    )]
    Event(String),
}

impl FromStr for StateTrigger {
    type Err = InvalidWake;

    fn from_str(text: &str) -> Result<Self, InvalidWake> {
        let invalid = || InvalidWake::State(text.to_owned());
        let mut words = text.split_whitespace();
        let entity = words.next().and_then(|word| EntityId::parse(word).ok());
        let entity = entity.ok_or_else(invalid)?;
        let (mut from, mut to, mut hold) = (Vec::new(), Vec::new(), Vec::new());
        // Without a keyword, words name the state to come to.
        let mut part = &mut to;
        let mut seen = Vec::new();
        for word in words {
            if matches!(word, "from" | "to" | "for") {
                if seen.contains(&word) {
                    return Err(invalid());
                }
                seen.push(word);
            }
            match word {
                "from" => part = &mut from,
                "to" => part = &mut to,
                "for" => part = &mut hold,
                word => part.push(word),
            }
        }
        let has = |keyword, words: &[&str]| seen.contains(&keyword) && words.is_empty();
        if has("from", &from) || has("to", &to) || has("for", &hold) {
            return Err(invalid());
        }
        let state = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(" "));
        Ok(Self {
            entity,
            from: state(from),
            to: state(to),
            hold: time(&hold)?,
        })
    }
}

/// `5 min`, `30s`, `2 hours`.
fn time(words: &[&str]) -> Result<Duration, InvalidWake> {
    let text = words.concat();
    if text.is_empty() {
        return Ok(Duration::ZERO);
    }
    let invalid = || InvalidWake::Hold(words.join(" "));
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let seconds = match unit {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3600,
        _ => return Err(invalid()),
    };
    let number: u32 = text[..text.len() - unit.len()]
        .parse()
        .map_err(|_| invalid())?;
    let hold = Duration::from_secs(u64::from(number) * seconds);
    if hold.is_zero() || hold > LONGEST_HOLD {
        return Err(invalid());
    }
    Ok(hold)
}

impl FromStr for EventTrigger {
    type Err = InvalidWake;

    fn from_str(text: &str) -> Result<Self, InvalidWake> {
        let invalid = || InvalidWake::Event(text.to_owned());
        let mut words = text.split_whitespace();
        let event_type = words.next().ok_or_else(invalid)?;
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        };
        // Home Assistant tells each change of each state as an event: a flood, and states wake a zone otherwise.
        if !is_name(event_type) || event_type == "state_changed" {
            return Err(invalid());
        }
        let data = words
            .map(|word| {
                let (name, value) = word.split_once('=').ok_or_else(invalid)?;
                if is_name(name) && !value.is_empty() {
                    Ok((name.to_owned(), value.to_owned()))
                } else {
                    Err(invalid())
                }
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            event_type: event_type.to_owned(),
            data,
        })
    }
}

impl EventTrigger {
    /// Whether an event of this type and with this data wakes the zone.
    pub fn is_woken_by(&self, event_type: &str, data: &Value) -> bool {
        let says = |(path, wanted): &(String, String)| {
            let found = path
                .split('.')
                .try_fold(data, |value, name| value.get(name));
            match found {
                Some(Value::String(text)) => text == wanted,
                Some(Value::Null) | None => false,
                Some(other) => serde_json::to_string(other).is_ok_and(|text| text == *wanted),
            }
        };
        self.event_type == event_type && self.data.iter().all(says)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn state(text: &str) -> (Option<String>, Option<String>, u64) {
        let trigger: StateTrigger = text.parse().unwrap();
        (trigger.from, trigger.to, trigger.hold.as_secs())
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_state_is_written_as_people_say_it() {
        assert_eq!(
            state("binary_sensor.motion to off for 5 min"),
            (None, some("off"), 300)
        );
        assert_eq!(
            state("binary_sensor.motion off for 5min"),
            (None, some("off"), 300)
        );
        assert_eq!(state("vacuum.robby docked"), (None, some("docked"), 0));
        assert_eq!(
            state("person.anna from home to Grandma's house for 2 hours"),
            (some("home"), some("Grandma's house"), 7200)
        );
        assert_eq!(state("sensor.dishwasher"), (None, None, 0));
    }

    #[test]
    fn what_can_not_be_meant_is_refused() {
        for text in [
            "",
            "motion to off",
            "binary_sensor.motion to",
            "binary_sensor.motion to off for",
            "binary_sensor.motion to off for 5",
            "binary_sensor.motion to off for 0 s",
            "binary_sensor.motion to off for 8 days",
            "binary_sensor.motion to off for 999 h",
            "binary_sensor.motion to on to off",
            "binary_sensor.motion to off for -5 min",
        ] {
            assert!(text.parse::<StateTrigger>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_event_is_known_by_its_type_and_what_its_data_says() {
        let trigger: EventTrigger = "zha_event command=on args.level=5".parse().unwrap();

        let on = json!({"command": "on", "args": {"level": 5}, "more": 1});
        assert!(trigger.is_woken_by("zha_event", &on));
        assert!(!trigger.is_woken_by("other", &on));
        assert!(!trigger.is_woken_by("zha_event", &json!({"command": "on"})));
        assert!(!trigger.is_woken_by("zha_event", &json!(null)));
        for text in ["", "a=b", "type =x", "type x", "state_changed", "type x="] {
            assert!(text.parse::<EventTrigger>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_line_makes_trouble(text in "\\PC{0,60}") {
            let _ = text.parse::<StateTrigger>();
            let _ = text.parse::<EventTrigger>();
        }
    }
}
