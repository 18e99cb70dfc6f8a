//! The entities of the whole system.

use serde_json::{Value, json};

use super::definition::{Entity, Kind, Sensor};
use crate::i18n::{Message, Texts, messages};
use crate::model::{Command, Condition, Dependency, SystemStatus, SystemView, Usd};

/// The most sentences in an attribute.
const MOST_SENTENCES: usize = 10;
/// The key of the event entity that tells of refused commands.
pub(super) const COMMAND_KEY: &str = "command";
/// Its event types.
const COMMAND_EVENT_TYPES: [&str; 1] = ["refused"];
const DIAGNOSTIC: Option<&str> = Some("diagnostic");

/// All of them. Keys never change, and none is `availability`. There is no problem sensor for the broker: it could not
/// tell of itself. `connected` does.
pub(super) static ENTITIES: &[Entity<SystemView>] = &[
    Entity {
        key: "status",
        name: messages::entity_status,
        icon: Some("mdi:heart-pulse"),
        category: None,
        kind: Sensor::word(
            || SystemStatus::ALL.map(SystemStatus::as_str).to_vec(),
            |view| Some(view.status.as_str().to_owned()),
        ),
        attributes: Some(missing),
    },
    Entity {
        key: "pause_all",
        name: messages::entity_pause_all,
        icon: Some("mdi:pause-circle-outline"),
        category: None,
        kind: Kind::Switch {
            state: |view| view.paused,
            turn: |(), paused| Command::PauseAll { paused },
        },
        attributes: None,
    },
    Entity {
        key: "dashboard",
        name: messages::entity_dashboard,
        icon: Some("mdi:view-dashboard-edit-outline"),
        category: Some("config"),
        kind: Kind::Button {
            press: |()| Command::MakeDashboard,
        },
        attributes: None,
    },
    Entity {
        key: COMMAND_KEY,
        name: messages::entity_command,
        icon: Some("mdi:message-alert-outline"),
        category: DIAGNOSTIC,
        kind: Kind::Event {
            types: || COMMAND_EVENT_TYPES.to_vec(),
        },
        attributes: None,
    },
    Entity {
        key: "version",
        name: messages::entity_version,
        icon: Some("mdi:tag-outline"),
        category: DIAGNOSTIC,
        kind: Sensor::text(|view| Some(view.version.to_owned())),
        attributes: None,
    },
    Entity {
        key: "cost_today",
        name: messages::entity_cost_today,
        icon: Some("mdi:cash"),
        category: None,
        kind: Kind::Sensor(Sensor {
            state: |view| Some(dollars(view.spending?.totals.day.cost)),
            ..MONEY
        }),
        attributes: Some(|view, _| budget(view)),
    },
    Entity {
        key: "cost_this_month",
        name: messages::entity_cost_this_month,
        icon: Some("mdi:cash-multiple"),
        category: None,
        kind: Kind::Sensor(Sensor {
            state: |view| Some(dollars(view.spending?.totals.month.cost)),
            ..MONEY
        }),
        attributes: None,
    },
    Entity {
        key: "cost_forecast",
        name: messages::entity_cost_forecast,
        icon: Some("mdi:chart-line"),
        category: None,
        kind: Kind::Sensor(Sensor {
            state: |view| Some(dollars(view.spending?.forecast)),
            ..MONEY
        }),
        attributes: None,
    },
    Entity {
        key: "calls_today",
        name: messages::entity_calls_today,
        icon: Some("mdi:counter"),
        category: None,
        kind: Kind::Sensor(Sensor {
            unit: Some("calls"),
            device_class: None,
            state_class: Some("total"),
            options: None,
            state: |view| {
                let spending = view.spending?;
                Some(spending.totals.day.calls.to_string())
            },
        }),
        attributes: None,
    },
    Entity {
        key: "outbox_pending",
        name: messages::entity_outbox_pending,
        icon: Some("mdi:tray-full"),
        category: DIAGNOSTIC,
        kind: Sensor::measured(None, None, |view| {
            view.outbox_pending.map(|pending| pending.to_string())
        }),
        attributes: None,
    },
    Entity {
        key: "uptime",
        name: messages::entity_uptime,
        icon: None,
        category: DIAGNOSTIC,
        kind: Sensor::time(|view| Some(format!("{:.0}", view.started))),
        attributes: None,
    },
    Entity {
        key: "memory",
        name: messages::entity_memory,
        icon: Some("mdi:memory"),
        category: DIAGNOSTIC,
        kind: Sensor::measured(Some("MiB"), Some("data_size"), |view| {
            view.memory.map(|bytes| (bytes >> 20).to_string())
        }),
        attributes: None,
    },
    Entity {
        key: "connected",
        name: messages::entity_connected,
        icon: None,
        category: DIAGNOSTIC,
        kind: Kind::Connectivity,
        attributes: None,
    },
    Entity {
        attributes: Some(|view, texts| why(view, texts, Dependency::HomeAssistant)),
        ..problem(
            "home_assistant_problem",
            messages::entity_home_assistant_problem,
            |view| Some(view.has_problem(Dependency::HomeAssistant)),
        )
    },
    Entity {
        attributes: Some(|view, texts| why(view, texts, Dependency::Settings)),
        ..problem(
            "settings_problem",
            messages::entity_settings_problem,
            |view| Some(view.has_problem(Dependency::Settings)),
        )
    },
    Entity {
        attributes: Some(|view, texts| why(view, texts, Dependency::Store)),
        ..problem("store_problem", messages::entity_store_problem, |view| {
            Some(view.has_problem(Dependency::Store))
        })
    },
    Entity {
        attributes: Some(|view, texts| why(view, texts, Dependency::Lists)),
        ..problem("lists_problem", messages::entity_lists_problem, |view| {
            Some(view.has_problem(Dependency::Lists))
        })
    },
    Entity {
        attributes: Some(|view, texts| why(view, texts, Dependency::Providers)),
        ..problem(
            "providers_problem",
            messages::entity_providers_problem,
            |view| Some(view.has_problem(Dependency::Providers)),
        )
    },
];

/// Whether something that we depend on has a problem.
const fn problem(
    key: &'static str,
    name: fn() -> Message,
    state: fn(&SystemView) -> Option<bool>,
) -> Entity<SystemView> {
    Entity {
        key,
        name,
        icon: None,
        category: DIAGNOSTIC,
        kind: Kind::BinarySensor {
            device_class: Some("problem"),
            state,
        },
        attributes: None,
    }
}

/// An amount of this month or day. It begins anew, so its state class is `total`, the only one that Core lets
/// `monetary` have (`components/sensor/const.py`).
const MONEY: Sensor<SystemView> = Sensor {
    unit: Some("USD"),
    device_class: Some("monetary"),
    state_class: Some("total"),
    options: None,
    state: |_| None,
};

fn dollars(amount: Usd) -> String {
    amount.to_string().trim_start_matches('$').to_owned()
}

/// The caps, and what is not in the cost because nobody knows its price.
fn budget(view: &SystemView) -> Value {
    let Some(spending) = view.spending else {
        return json!({});
    };
    let caps = spending.caps;
    let usd = |cap: Option<Usd>| cap.map(dollars);
    json!({
        "usd_per_day": usd(caps.cost_per_day),
        "usd_per_month": usd(caps.cost_per_month),
        "calls_per_day": caps.calls_per_day,
        "calls_per_month": caps.calls_per_month,
        "charged_calls_today": spending.totals.day.charged_calls,
        "charged_calls_this_month": spending.totals.month.charged_calls,
        "unpriced_calls_today": spending.totals.day.unpriced_calls,
    })
}

/// `{"missing": [{"what": "mqtt", "why": "…"}], "troubles": ["…"]}`.
fn missing(view: &SystemView, texts: &Texts) -> Value {
    let (blocking, others): (Vec<_>, Vec<_>) =
        view.conditions.iter().partition(|known| known.is_blocking);
    let rows = blocking.iter().map(|known| {
        let what = known.subject.dependency().map(Dependency::as_str);
        json!({ "what": what, "why": sentence(texts, known) })
    });
    let others = others
        .iter()
        .map(|known| sentence(texts, known))
        .take(MOST_SENTENCES);
    json!({ "missing": rows.collect::<Vec<_>>(), "troubles": others.collect::<Vec<_>>() })
}

/// `{"why": ["…"]}`.
fn why(view: &SystemView, texts: &Texts, dependency: Dependency) -> Value {
    let sentences = view
        .problems_of(dependency)
        .map(|known| sentence(texts, known));
    json!({ "why": sentences.take(MOST_SENTENCES).collect::<Vec<_>>() })
}

fn sentence(texts: &Texts, condition: &Condition) -> String {
    short(&texts.explanation(&condition.reason))
}

fn short(sentence: &str) -> String {
    sentence.chars().take(500).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Code, ConditionState, Dependency, Reason, Spending, Subject};

    pub(in crate::entities) fn running() -> SystemView {
        SystemView::running(jiff::Timestamp::UNIX_EPOCH, "1.2.3")
    }

    #[test]
    fn amounts_are_numbers_and_unknown_without_a_purse() {
        let spending = Spending {
            forecast: Usd::from_micros(1_234_500),
            ..Spending::default()
        };
        let with = SystemView {
            spending: Some(spending),
            ..running()
        };
        let state = |key: &str, view: &SystemView| {
            let entity = ENTITIES.iter().find(|entity| entity.key == key).unwrap();
            entity.kind.state(view).unwrap()
        };

        assert_eq!(state("cost_forecast", &with), "1.2345");
        assert_eq!(state("cost_today", &with), "0.00");
        assert_eq!(state("calls_today", &with), "0");
        assert_eq!(state("cost_today", &running()), "None");
    }

    #[test]
    fn the_status_says_what_is_missing_and_why() {
        let view = SystemView {
            status: SystemStatus::Waiting,
            conditions: vec![Condition {
                subject: Subject::Dependency(Dependency::HomeAssistant),
                state: ConditionState::Waiting,
                reason: Reason::new(Code::HomeAssistantStarting),
                is_blocking: true,
                since: jiff::Timestamp::UNIX_EPOCH,
            }],
            ..running()
        };

        let shown = |key: &str| {
            let entity = ENTITIES.iter().find(|entity| entity.key == key).unwrap();
            entity.kind.state(&view).unwrap()
        };
        assert_eq!(shown("status"), "waiting");
        assert_eq!(shown("home_assistant_problem"), "ON");
        assert_eq!(shown("lists_problem"), "OFF");
        assert_eq!(
            why(&view, &Texts::default(), Dependency::HomeAssistant),
            json!({"why": ["Home Assistant is still starting."]})
        );
        assert_eq!(
            missing(&view, &Texts::default()),
            json!({"missing": [{"what": "home_assistant", "why": "Home Assistant is still starting."}], "troubles": []})
        );
    }
}
