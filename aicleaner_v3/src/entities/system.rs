//! The entities of the whole system.

use serde_json::{Value, json};

use super::definition::{Entity, Kind, Sensor};
use crate::model::{SystemStatus, SystemView, Usd};

/// All of them. Keys never change, and none is `availability`.
pub(super) static ENTITIES: &[Entity<SystemView>] = &[
    Entity {
        key: "status",
        name: "Status",
        icon: Some("mdi:heart-pulse"),
        category: None,
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: Some("enum"),
            state_class: None,
            options: Some(|| SystemStatus::ALL.map(SystemStatus::as_str).to_vec()),
            state: |view| Some(view.status.as_str().to_owned()),
        }),
        attributes: Some(missing),
    },
    Entity {
        key: "version",
        name: "Version",
        icon: Some("mdi:tag-outline"),
        category: Some("diagnostic"),
        kind: Kind::Sensor(Sensor {
            unit: None,
            device_class: None,
            state_class: None,
            options: None,
            state: |view| Some(view.version.to_owned()),
        }),
        attributes: None,
    },
    Entity {
        key: "cost_today",
        name: "Cost today",
        icon: Some("mdi:cash"),
        category: None,
        kind: Kind::Sensor(Sensor {
            state: |view| Some(dollars(view.spending?.totals.day.cost)),
            ..MONEY
        }),
        attributes: Some(budget),
    },
    Entity {
        key: "cost_this_month",
        name: "Cost this month",
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
        name: "Cost forecast",
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
        name: "Calls today",
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
];

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

/// `{"missing": [{"what": "mqtt", "why": "…"}]}`.
fn missing(view: &SystemView) -> Value {
    let rows = view.missing.iter().map(|(dependency, sentence)| {
        let why: String = sentence.chars().take(500).collect();
        json!({ "what": dependency.as_str(), "why": why })
    });
    json!({ "missing": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Dependency, Spending};

    pub(in crate::entities) fn running() -> SystemView {
        SystemView {
            status: SystemStatus::Running,
            missing: Vec::new(),
            troubles: Vec::new(),
            spending: None,
            version: "1.2.3",
        }
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
            missing: vec![(Dependency::HomeAssistant, "It is starting.".to_owned())],
            ..running()
        };

        assert_eq!(ENTITIES[0].kind.state(&view).unwrap(), "waiting");
        assert_eq!(
            missing(&view),
            json!({"missing": [{"what": "home_assistant", "why": "It is starting."}]})
        );
    }
}
