//! Live values: what is changed of a zone while the program runs, on top of what was declared. Where both meet is
//! here and nowhere else.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Score, Sensitivity, Zone};

/// The shortest and the longest interval, in minutes: a minute to a week.
pub const INTERVAL_MINUTES: (u32, u32) = (1, 10_080);

/// What was changed of a zone while the program runs. None is as declared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LiveValues {
    /// How often the zone is looked at, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_minutes: Option<u32>,
    /// Below this score the zone needs cleaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Score>,
    /// The name of the only provider to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// How small a change is noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
}

/// A change of one live value of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveChange {
    /// Whether the zone is looked at by itself.
    Watching(bool),
    /// How often, in minutes: [`INTERVAL_MINUTES`].
    Interval(u32),
    /// Below which score it needs cleaning.
    Threshold(Score),
    /// The only provider to ask, by its name; none for those that are declared.
    Provider(Option<String>),
    /// How small a change is noticed.
    Sensitivity(Sensitivity),
    /// Everything as declared, and watching.
    Reset,
}

impl LiveValues {
    /// The zone as it is in effect. `providers` are the names there are: one that is gone is not asked for.
    pub fn applied_to(&self, declared: &Zone, providers: &[String]) -> Zone {
        let mut zone = declared.clone();
        if let Some(minutes) = self.interval_minutes {
            zone.interval = Duration::from_secs(u64::from(minutes) * 60);
            zone.cron = None;
        }
        zone.threshold = self.threshold.unwrap_or(zone.threshold);
        zone.sensitivity = self.sensitivity.unwrap_or(zone.sensitivity);
        if let Some(provider) = self.provider(providers) {
            zone.providers = vec![provider.to_owned()];
        }
        zone
    }

    /// The provider that was chosen, if it is still there.
    pub fn provider(&self, providers: &[String]) -> Option<&str> {
        self.provider
            .as_deref()
            .filter(|name| providers.iter().any(|known| known == name))
    }

    /// The values after `change`. Whether the zone is watched is not among them.
    #[must_use]
    pub fn with(&self, change: &LiveChange) -> Self {
        let mut changed = self.clone();
        match change {
            LiveChange::Watching(_) => {}
            LiveChange::Interval(minutes) => {
                let (least, most) = INTERVAL_MINUTES;
                changed.interval_minutes = Some((*minutes).clamp(least, most));
            }
            LiveChange::Threshold(score) => changed.threshold = Some(*score),
            LiveChange::Provider(name) => changed.provider.clone_from(name),
            LiveChange::Sensitivity(sensitivity) => changed.sensitivity = Some(*sensitivity),
            LiveChange::Reset => changed = Self::default(),
        }
        changed
    }
}

impl LiveChange {
    /// In a few words, for the record of what people told the program to do.
    pub fn describe(&self) -> String {
        match self {
            Self::Watching(true) => "watching on".to_owned(),
            Self::Watching(false) => "watching off".to_owned(),
            Self::Interval(minutes) => format!("interval {minutes} min"),
            Self::Threshold(score) => format!("threshold {score}"),
            Self::Provider(None) => "provider as declared".to_owned(),
            Self::Provider(Some(name)) => format!("provider {name}"),
            Self::Sensitivity(sensitivity) => format!("sensitivity {}", sensitivity.as_str()),
            Self::Reset => "live values reset".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ZoneId;

    fn declared() -> Zone {
        Zone {
            providers: vec!["cloud".to_owned()],
            ..Zone::new(ZoneId::parse("kitchen").unwrap(), "Kitchen")
        }
    }

    #[test]
    fn what_is_live_wins_and_the_rest_is_as_declared() {
        let live = LiveValues::default()
            .with(&LiveChange::Interval(30))
            .with(&LiveChange::Sensitivity(Sensitivity::High));

        let zone = live.applied_to(&declared(), &[]);

        assert_eq!(zone.interval, Duration::from_secs(1800));
        assert_eq!(zone.sensitivity, Sensitivity::High);
        assert_eq!(zone.threshold, declared().threshold);
        assert_eq!(zone.providers, ["cloud"]);
    }

    #[test]
    fn a_provider_that_is_gone_is_not_asked_for() {
        let live = LiveValues::default().with(&LiveChange::Provider(Some("local".to_owned())));

        let there = live.applied_to(&declared(), &["cloud".to_owned(), "local".to_owned()]);
        let gone = live.applied_to(&declared(), &["cloud".to_owned()]);

        assert_eq!(
            (there.providers, gone.providers),
            (vec!["local".to_owned()], vec!["cloud".to_owned()])
        );
    }

    #[test]
    fn a_reset_leaves_what_is_declared() {
        let live = LiveValues::default()
            .with(&LiveChange::Threshold(Score::TIDY))
            .with(&LiveChange::Interval(999_999))
            .with(&LiveChange::Reset);

        assert_eq!(live.applied_to(&declared(), &[]), declared());
    }

    #[test]
    fn values_survive_their_storage_also_when_fields_come_or_go() {
        let live = LiveValues::default().with(&LiveChange::Interval(20));
        let text = serde_json::to_string(&live).unwrap();

        assert_eq!(text, r#"{"interval_minutes":20}"#);
        assert_eq!(
            serde_json::from_str::<LiveValues>(r#"{"interval_minutes":20,"later":1}"#).unwrap(),
            live
        );
    }
}
