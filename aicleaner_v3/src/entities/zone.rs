//! The entities of a zone.

use super::definition::{Entity, Kind, Sensor};
use super::tasks_list;
use crate::model::{Command, SkipReason, Trigger, ZoneView};

/// All of them, in the order in which they are described. Keys never change.
pub(super) static ENTITIES: &[Entity<ZoneView>] = &[
    Entity {
        key: "cleanliness",
        name: "Cleanliness",
        icon: Some("mdi:broom"),
        category: None,
        kind: Kind::Sensor(Sensor {
            unit: Some("%"),
            device_class: None,
            state_class: Some("measurement"),
            options: None,
            state: |view| view.score.map(|score| score.get().to_string()),
        }),
        attributes: None,
    },
    Entity {
        key: "open_tasks",
        name: "Open tasks",
        icon: Some("mdi:clipboard-list-outline"),
        category: None,
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: None,
            state_class: Some("measurement"),
            options: None,
            state: |view| Some(view.open_tasks.len().to_string()),
        }),
        attributes: Some(tasks_list::open_tasks),
    },
    Entity {
        key: "needs_cleaning",
        name: "Needs cleaning",
        icon: None,
        category: None,
        kind: Kind::BinarySensor {
            device_class: Some("problem"),
            state: |view| view.needs_cleaning,
        },
        attributes: None,
    },
    Entity {
        key: "last_assessed",
        name: "Last assessed",
        icon: None,
        category: None,
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: Some("timestamp"),
            state_class: None,
            options: None,
            state: |view| view.last_assessed.map(|at| format!("{at:.0}")),
        }),
        attributes: None,
    },
    Entity {
        key: "assess_now",
        name: "Assess now",
        icon: Some("mdi:camera-iris"),
        category: None,
        kind: Kind::Button {
            press: |zone| Command::AssessNow {
                zone,
                trigger: Trigger::Button,
            },
        },
        attributes: None,
    },
    Entity {
        key: "tidy_now",
        name: "This is tidy now",
        icon: Some("mdi:home-heart"),
        category: None,
        kind: Kind::Button {
            press: |zone| Command::TidyNow { zone },
        },
        attributes: None,
    },
    Entity {
        key: "last_skip",
        name: "Last skipped because",
        icon: Some("mdi:debug-step-over"),
        category: Some("diagnostic"),
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: Some("enum"),
            state_class: None,
            options: Some(skip_reasons),
            state: |view| Some(view.last_skip.map_or("none", SkipReason::as_str).to_owned()),
        }),
        attributes: None,
    },
    Entity {
        key: "watching",
        name: "Watching",
        icon: Some("mdi:eye-outline"),
        category: None,
        kind: Kind::Switch {
            state: |view| view.watching,
            turn: |zone, watching| Command::SetWatching { zone, watching },
        },
        attributes: None,
    },
    Entity {
        key: "last_frame",
        name: "Last frame",
        icon: None,
        category: None,
        kind: Kind::Picture {
            jpeg: |view| view.frame.as_ref().map(|frame| frame.jpeg.clone()),
        },
        attributes: None,
    },
];

/// `none` stands for a look that went on to an assessment.
fn skip_reasons() -> Vec<&'static str> {
    std::iter::once("none")
        .chain(SkipReason::ALL.map(SkipReason::as_str))
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use jiff::Timestamp;

    use super::*;
    use crate::model::{LastFrame, Score, Sensitivity, Zone, ZoneId};

    pub(in crate::entities) fn kitchen() -> ZoneView {
        ZoneView {
            zone: Zone {
                id: ZoneId::parse("kitchen").unwrap(),
                name: "Kitchen".to_owned(),
                cameras: Vec::new(),
                purpose: String::new(),
                todo_list: None,
                interval: Duration::from_secs(600),
                threshold: Score::new(70).unwrap(),
                ignore: vec![],
                max_open_tasks: 12,
                dismissed_for: Duration::from_secs(30 * 24 * 3600),
                sensitivity: Sensitivity::Normal,
                reassess_after: Duration::from_secs(86_400),
                providers: Vec::new(),
            },
            watching: true,
            score: None,
            needs_cleaning: None,
            summary: String::new(),
            last_assessed: None,
            last_skip: None,
            last_failure: None,
            open_tasks: Vec::new(),
            frame: None,
        }
    }

    fn states(view: &ZoneView) -> Vec<(&'static str, Option<Bytes>)> {
        ENTITIES
            .iter()
            .map(|entity| (entity.key, entity.kind.state(view)))
            .collect()
    }

    fn shown(text: &'static str) -> Option<Bytes> {
        Some(Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn what_is_not_known_yet_is_said_to_be_unknown() {
        assert_eq!(
            states(&kitchen()),
            [
                ("cleanliness", shown("None")),
                ("open_tasks", shown("0")),
                ("needs_cleaning", shown("None")),
                ("last_assessed", shown("None")),
                ("assess_now", None),
                ("tidy_now", None),
                ("last_skip", shown("none")),
                ("watching", shown("ON")),
                ("last_frame", None),
            ]
        );
    }

    #[test]
    fn an_assessed_zone_shows_its_state() {
        let view = ZoneView {
            score: Some(Score::new(62).unwrap()),
            needs_cleaning: Some(true),
            watching: false,
            last_assessed: Some(Timestamp::from_millisecond(1_800_000_000_123).unwrap()),
            frame: Some(LastFrame {
                taken_at: Timestamp::UNIX_EPOCH,
                jpeg: Bytes::from_static(b"\xff\xd8"),
            }),
            ..kitchen()
        };

        assert_eq!(
            states(&view),
            [
                ("cleanliness", shown("62")),
                ("open_tasks", shown("0")),
                ("needs_cleaning", shown("ON")),
                ("last_assessed", shown("2027-01-15T08:00:00Z")),
                ("assess_now", None),
                ("tidy_now", None),
                ("last_skip", shown("none")),
                ("watching", shown("OFF")),
                ("last_frame", Some(Bytes::from_static(b"\xff\xd8"))),
            ]
        );
    }
}
