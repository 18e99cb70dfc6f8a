//! The entities of a zone.

use super::definition::{Entity, Kind, Sensor};
use super::occurrences;
use super::tasks_list;
use crate::i18n::messages;
use crate::model::{
    Command, INTERVAL_MINUTES, LiveChange, Score, Sensitivity, SkipReason, Trend, Trigger, ZoneView,
};

/// Stands for the providers as they are declared, in their order.
const AUTOMATIC: &str = "automatic";

const CONFIG: Option<&str> = Some("config");
const DIAGNOSTIC: Option<&str> = Some("diagnostic");

/// All of them, in the order in which they are described. Keys never change.
pub(super) static ENTITIES: &[Entity<ZoneView>] = &[
    Entity {
        key: "cleanliness",
        name: messages::entity_cleanliness,
        icon: Some("mdi:broom"),
        category: None,
        kind: Sensor::measured(Some("%"), None, |view| {
            view.score.map(|score| score.get().to_string())
        }),
        attributes: None,
    },
    Entity {
        key: "open_tasks",
        name: messages::entity_open_tasks,
        icon: Some("mdi:clipboard-list-outline"),
        category: None,
        kind: Sensor::measured(None, None, |view| Some(view.open_tasks.len().to_string())),
        attributes: Some(|view, _| tasks_list::open_tasks(view)),
    },
    Entity {
        key: "estimated_time",
        name: messages::entity_estimated_time,
        icon: Some("mdi:timer-outline"),
        category: None,
        kind: Sensor::measured(Some("min"), Some("duration"), |view| {
            Some(minutes(view).to_string())
        }),
        attributes: None,
    },
    Entity {
        key: "trend",
        name: messages::entity_trend,
        icon: Some("mdi:trending-up"),
        category: None,
        kind: Sensor::word(
            || Trend::ALL.map(Trend::as_str).to_vec(),
            |view| view.trend.map(|trend| trend.as_str().to_owned()),
        ),
        attributes: None,
    },
    Entity {
        key: "needs_cleaning",
        name: messages::entity_needs_cleaning,
        icon: None,
        category: None,
        kind: Kind::BinarySensor {
            device_class: Some("problem"),
            state: |view| view.needs_cleaning,
        },
        attributes: None,
    },
    Entity {
        key: "occupied",
        name: messages::entity_occupied,
        icon: None,
        category: None,
        kind: Kind::BinarySensor {
            device_class: Some("occupancy"),
            state: |view| view.occupied,
        },
        attributes: None,
    },
    Entity {
        key: "last_assessed",
        name: messages::entity_last_assessed,
        icon: None,
        category: None,
        kind: Sensor::time(|view| view.last_assessed.map(|at| format!("{at:.0}"))),
        attributes: None,
    },
    Entity {
        key: "assessment",
        name: messages::entity_assessment,
        icon: Some("mdi:eye-check-outline"),
        category: None,
        kind: Kind::Event {
            types: || occurrences::TYPES.to_vec(),
        },
        attributes: None,
    },
    Entity {
        key: "assess_now",
        name: messages::entity_assess_now,
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
        name: messages::entity_tidy_now,
        icon: Some("mdi:home-heart"),
        category: None,
        kind: Kind::Button {
            press: |zone| Command::TidyNow { zone },
        },
        attributes: None,
    },
    Entity {
        key: "clear_tasks",
        name: messages::entity_clear_tasks,
        icon: Some("mdi:playlist-remove"),
        category: None,
        kind: Kind::Button {
            press: |zone| Command::ClearTasks { zone },
        },
        attributes: None,
    },
    Entity {
        key: "last_skip",
        name: messages::entity_last_skip,
        icon: Some("mdi:debug-step-over"),
        category: DIAGNOSTIC,
        kind: Sensor::word(skip_reasons, |view| {
            Some(view.last_skip.map_or("none", SkipReason::as_str).to_owned())
        }),
        attributes: None,
    },
    Entity {
        key: "watching",
        name: messages::entity_watching,
        icon: Some("mdi:eye-outline"),
        category: None,
        kind: Kind::Switch {
            state: |view| view.watching,
            turn: |zone, watching| Command::SetLive {
                zone,
                change: LiveChange::Watching(watching),
            },
        },
        attributes: None,
    },
    Entity {
        key: "interval",
        name: messages::entity_interval,
        icon: Some("mdi:timer-cog-outline"),
        category: CONFIG,
        kind: Kind::Number {
            unit: "min",
            device_class: Some("duration"),
            range: INTERVAL_MINUTES,
            // A zone with a timetable has none.
            state: |view| {
                let minutes = u32::try_from(view.zone.interval.as_secs() / 60).ok();
                minutes.filter(|_| view.zone.cron.is_none())
            },
            set: |zone, minutes| {
                Some(Command::SetLive {
                    zone,
                    change: LiveChange::Interval(minutes),
                })
            },
        },
        attributes: None,
    },
    Entity {
        key: "threshold",
        name: messages::entity_threshold,
        icon: Some("mdi:gauge-low"),
        category: CONFIG,
        kind: Kind::Number {
            unit: "%",
            device_class: None,
            range: (0, 100),
            state: |view| Some(view.zone.threshold.get().into()),
            set: |zone, percent| {
                let score = Score::new(u8::try_from(percent).ok()?).ok()?;
                Some(Command::SetLive {
                    zone,
                    change: LiveChange::Threshold(score),
                })
            },
        },
        attributes: None,
    },
    Entity {
        key: "provider",
        name: messages::entity_provider,
        icon: Some("mdi:robot-outline"),
        category: CONFIG,
        kind: Kind::Select {
            options: providers,
            state: |view| {
                let chosen = view.live.provider(&view.providers);
                chosen.unwrap_or(AUTOMATIC).to_owned()
            },
            choose: |zone, word| {
                let name = (word != AUTOMATIC).then(|| word.to_owned());
                Some(Command::SetLive {
                    zone,
                    change: LiveChange::Provider(name),
                })
            },
        },
        attributes: None,
    },
    Entity {
        key: "sensitivity",
        name: messages::entity_sensitivity,
        icon: Some("mdi:tune-variant"),
        category: CONFIG,
        kind: Kind::Select {
            options: |_| {
                Sensitivity::ALL
                    .map(|sensitivity| sensitivity.as_str().to_owned())
                    .into()
            },
            state: |view| view.zone.sensitivity.as_str().to_owned(),
            choose: |zone, word| {
                let known = Sensitivity::ALL
                    .into_iter()
                    .find(|sensitivity| sensitivity.as_str() == word)?;
                Some(Command::SetLive {
                    zone,
                    change: LiveChange::Sensitivity(known),
                })
            },
        },
        attributes: None,
    },
    Entity {
        key: "reset",
        name: messages::entity_reset,
        icon: Some("mdi:restore"),
        category: CONFIG,
        kind: Kind::Button {
            press: |zone| Command::SetLive {
                zone,
                change: LiveChange::Reset,
            },
        },
        attributes: None,
    },
    Entity {
        key: "last_frame",
        name: messages::entity_last_frame,
        icon: None,
        category: None,
        kind: Kind::Picture {
            jpeg: |view| view.frame.as_ref().map(|frame| frame.jpeg.clone()),
        },
        attributes: None,
    },
];

/// `none` stands for a check that went on to an assessment.
fn skip_reasons() -> Vec<&'static str> {
    std::iter::once("none")
        .chain(SkipReason::ALL.map(SkipReason::as_str))
        .collect()
}

/// What can be chosen: as declared, or one of them alone.
fn providers(view: &ZoneView) -> Vec<String> {
    let mut options = vec![AUTOMATIC.to_owned()];
    for name in view.providers.iter() {
        if !options.contains(name) {
            options.push(name.clone());
        }
    }
    options
}

/// How long the open tasks take together, as far as it is known.
fn minutes(view: &ZoneView) -> u32 {
    view.open_tasks
        .iter()
        .filter_map(|task| task.finding.minutes)
        .map(u32::from)
        .sum()
}

#[cfg(test)]
pub(super) mod tests {
    use bytes::Bytes;
    use jiff::Timestamp;

    use super::*;
    use crate::model::{LastFrame, Zone, ZoneId};

    pub(in crate::entities) fn kitchen() -> ZoneView {
        ZoneView::new(Zone::new(ZoneId::parse("kitchen").unwrap(), "Kitchen"))
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
                ("estimated_time", shown("0")),
                ("trend", shown("None")),
                ("needs_cleaning", shown("None")),
                ("occupied", shown("None")),
                ("last_assessed", shown("None")),
                ("assessment", None),
                ("assess_now", None),
                ("tidy_now", None),
                ("clear_tasks", None),
                ("last_skip", shown("none")),
                ("watching", shown("ON")),
                ("interval", shown("15")),
                ("threshold", shown("70")),
                ("provider", shown("automatic")),
                ("sensitivity", shown("normal")),
                ("reset", None),
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
            trend: Some(Trend::Worsening),
            occupied: Some(false),
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
                ("estimated_time", shown("0")),
                ("trend", shown("worsening")),
                ("needs_cleaning", shown("ON")),
                ("occupied", shown("OFF")),
                ("last_assessed", shown("2027-01-15T08:00:00Z")),
                ("assessment", None),
                ("assess_now", None),
                ("tidy_now", None),
                ("clear_tasks", None),
                ("last_skip", shown("none")),
                ("watching", shown("OFF")),
                ("interval", shown("15")),
                ("threshold", shown("70")),
                ("provider", shown("automatic")),
                ("sensitivity", shown("normal")),
                ("reset", None),
                ("last_frame", Some(Bytes::from_static(b"\xff\xd8"))),
            ]
        );
    }
}
