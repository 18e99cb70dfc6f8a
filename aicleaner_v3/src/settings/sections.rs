//! What changed between two versions of the settings, by the names that people gave them: of each setting only a
//! fingerprint is kept, so that no secret is.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

/// Settings that the program takes up only when it starts: what it is built on.
const AT_START: [&str; 7] = [
    "instance",
    "home_assistant",
    "mqtt",
    "web",
    "health",
    "log_level",
    "ca_certificates",
];

/// A fingerprint of each setting, such as `mqtt.host` or `zones`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sections(BTreeMap<String, u64>);

impl Sections {
    pub(super) fn of(root: &Value) -> Self {
        let mut prints = BTreeMap::new();
        let Value::Object(sections) = root else {
            return Self(prints);
        };
        for (name, value) in sections {
            match value {
                // No value is as no setting.
                Value::Null => {}
                Value::Object(fields) => {
                    for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                        prints.insert(format!("{name}.{field}"), print(value));
                    }
                }
                other => {
                    prints.insert(name.clone(), print(other));
                }
            }
        }
        Self(prints)
    }

    /// The settings that differ from those of `other`, in their order.
    pub fn changed_from(&self, other: &Self) -> Vec<String> {
        let names = self.0.keys().chain(other.0.keys());
        let mut changed: Vec<String> = names
            .filter(|name| self.0.get(*name) != other.0.get(*name))
            .cloned()
            .collect();
        changed.sort();
        changed.dedup();
        changed
    }

    /// Whether a change of the setting needs a restart.
    pub fn needs_restart(setting: &str) -> bool {
        let section = setting.split('.').next().unwrap_or_default();
        AT_START.contains(&section)
    }
}

fn print(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_named_and_no_value_is_as_no_setting() {
        let before =
            Sections::of(&json!({"mqtt": {"host": "a", "port": 1}, "zones": [1], "web": {}}));
        let after = Sections::of(
            &json!({"mqtt": {"port": 1, "password": "canary"}, "zones": [2], "language": null}),
        );

        assert_eq!(
            after.changed_from(&before),
            ["mqtt.host", "mqtt.password", "zones"]
        );
        assert!(after.changed_from(&after).is_empty());
        assert!(!format!("{after:?}").contains("canary"));
    }

    #[test]
    fn what_the_program_is_built_on_needs_a_restart() {
        assert!(Sections::needs_restart("mqtt.host") && Sections::needs_restart("instance"));
        assert!(
            !Sections::needs_restart("zones") && !Sections::needs_restart("budget.usd_per_day")
        );
    }
}
