//! The system's view, put together from those who know. Asks nobody, only listens.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::conditions::Gathered;
use super::events::tell_changes;
use super::vitals::Vitals;
use crate::clock::Clock;
use crate::engine::ZoneViews;
use crate::home_assistant::HomeStatus;
use crate::model::{Condition, EntityId, Reason, Spending, SystemStatus, SystemView};
use crate::mqtt::MqttStatus;
use crate::settings::{DeclaredState, SettingsError};
use crate::telemetry::Telemetry;

/// Who knows what.
pub struct Sources {
    /// What is wrong with the settings, if anything is.
    pub settings: Option<SettingsError>,
    /// The zones that are set up; none if that is not known.
    pub zones: Option<watch::Receiver<ZoneViews>>,
    /// How we stand with Home Assistant; none if it is not even known where it is.
    pub home: Option<watch::Receiver<HomeStatus>>,
    /// How we stand with the broker; none if none is wanted.
    pub mqtt: Option<watch::Receiver<MqttStatus>>,
    /// Which lists can't be used.
    pub lists: Option<watch::Receiver<BTreeMap<EntityId, Reason>>>,
    /// How changed settings stand.
    pub declared: Option<watch::Receiver<DeclaredState>>,
    /// What was spent.
    pub spending: Option<watch::Receiver<Spending>>,
    /// Whether a person paused everything.
    pub paused: Option<watch::Receiver<bool>>,
    /// What is measured of the program.
    pub vitals: Option<watch::Receiver<Vitals>>,
    /// Since when it runs.
    pub started: Timestamp,
    /// Our own version.
    pub version: &'static str,
}

impl Sources {
    /// Nobody who knows anything yet.
    pub fn new(started: Timestamp, version: &'static str) -> Self {
        Self {
            settings: None,
            zones: None,
            home: None,
            mqtt: None,
            lists: None,
            declared: None,
            spending: None,
            paused: None,
            vitals: None,
            started,
            version,
        }
    }

    /// The system as it stands `now`; `before` is what stood otherwise than well until then.
    fn view(&self, before: &[Condition], now: Timestamp) -> SystemView {
        let zones = self.zones.as_ref().map_or(0, |zones| zones.borrow().len());
        let vitals = self.vitals.as_ref().map(|vitals| vitals.borrow().clone());
        let vitals = vitals.unwrap_or_default();
        let conditions = self.gathered(&vitals, zones).since(before, now);
        let paused = self.paused.as_ref().is_some_and(|paused| *paused.borrow());
        let status = match (conditions.iter().any(|known| known.is_blocking), zones) {
            (true, _) => SystemStatus::Waiting,
            (false, 0) => SystemStatus::NoZones,
            (false, _) if paused => SystemStatus::Paused,
            (false, _) => SystemStatus::Running,
        };
        SystemView {
            status,
            conditions,
            paused,
            outbox_pending: vitals.outbox_pending,
            memory: vitals.memory,
            started: self.started,
            spending: self.spending.as_ref().map(|spending| *spending.borrow()),
            version: self.version,
        }
    }

    fn gathered(&self, vitals: &Vitals, zones: usize) -> Gathered {
        let mut gathered = Gathered::default();
        if let Some(error) = &self.settings {
            gathered.settings(error);
        }
        if let Some(home) = &self.home {
            gathered.home_assistant(&home.borrow());
        }
        if let Some(mqtt) = &self.mqtt {
            gathered.mqtt(&mqtt.borrow());
        }
        if let Some(lists) = &self.lists {
            gathered.lists(&lists.borrow());
        }
        gathered.vitals(vitals);
        if let Some(declared) = &self.declared {
            gathered.declared(&declared.borrow());
        }
        if zones == 0 && self.settings.is_none() {
            gathered.no_zones();
        }
        gathered
    }
}

/// The view as it is, and the future that keeps it up to date until `stop`.
pub fn follow(
    sources: Sources,
    clock: Clock,
    telemetry: Telemetry,
    stop: CancellationToken,
) -> (
    watch::Receiver<Arc<SystemView>>,
    impl Future<Output = ()> + Send,
) {
    let (view, viewer) = watch::channel(Arc::new(sources.view(&[], clock.now())));
    let work = async move {
        let mut home = sources.home.clone();
        let mut mqtt = sources.mqtt.clone();
        let mut lists = sources.lists.clone();
        let mut spending = sources.spending.clone();
        let mut zones = sources.zones.clone();
        let mut paused = sources.paused.clone();
        let mut vitals = sources.vitals.clone();
        let mut declared = sources.declared.clone();
        loop {
            view.send_if_modified(|shown| {
                let now = sources.view(&shown.conditions, clock.now());
                let changed = **shown != now;
                if changed {
                    tell_changes(&telemetry, &shown.conditions, &now.conditions);
                    *shown = Arc::new(now);
                }
                changed
            });
            tokio::select! {
                () = stop.cancelled() => return,
                () = changed(&mut home) => {}
                () = changed(&mut mqtt) => {}
                () = changed(&mut lists) => {}
                () = changed(&mut spending) => {}
                () = changed(&mut zones) => {}
                () = changed(&mut paused) => {}
                () = changed(&mut vitals) => {}
                () = changed(&mut declared) => {}
            }
        }
    };
    (viewer, work)
}

/// Returns when the source tells something new; never, if there is none or it has ended.
async fn changed<T>(source: &mut Option<watch::Receiver<T>>) {
    if let Some(receiver) = source
        && receiver.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home_assistant::Unavailable;
    use crate::model::{Code, ConditionState, Dependency, Subject};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn sources(home: HomeStatus, zones: usize) -> (Sources, watch::Sender<HomeStatus>) {
        let (sender, receiver) = watch::channel(home);
        let views = (0..zones).map(|_| watch::channel(Arc::new(crate::engine::sample())).1);
        (
            Sources {
                zones: Some(watch::channel(Arc::new(views.collect())).1),
                home: Some(receiver),
                ..Sources::new(NOW, "1.2.3")
            },
            sender,
        )
    }

    fn unreachable() -> HomeStatus {
        HomeStatus::Connecting {
            why: Some(Unavailable {
                code: Code::HomeAssistantUnreachable,
                details: "connection refused".to_owned(),
            }),
        }
    }

    fn codes(view: &SystemView) -> Vec<Code> {
        view.conditions
            .iter()
            .map(|known| known.reason.code)
            .collect()
    }

    #[test]
    fn all_there_is_running_and_without_zones_it_says_what_to_do() {
        let running = sources(HomeStatus::Running, 1).0.view(&[], NOW);
        let empty = sources(HomeStatus::Running, 0).0.view(&[], NOW);

        assert_eq!(
            (running.status, codes(&running)),
            (SystemStatus::Running, vec![])
        );
        assert_eq!(
            (empty.status, codes(&empty)),
            (SystemStatus::NoZones, vec![Code::NoZones])
        );
        assert!(empty.is_ready());
        assert_eq!(empty.problems_of(Dependency::Settings).count(), 0);
    }

    #[test]
    fn what_is_degraded_is_a_problem_and_blocks_nothing() {
        let vitals = Vitals {
            disabled: vec!["gemini".to_owned()],
            outbox_pending: Some(3),
            ..Vitals::default()
        };
        let sources = Sources {
            vitals: Some(watch::channel(vitals).1),
            paused: Some(watch::channel(true).1),
            ..sources(HomeStatus::Running, 1).0
        };

        let view = sources.view(&[], NOW);

        assert_eq!((view.status, view.paused), (SystemStatus::Paused, true));
        assert_eq!(view.outbox_pending, Some(3));
        let problem = view.problems_of(Dependency::Providers).next().unwrap();
        assert_eq!(problem.subject, Subject::Provider("gemini".to_owned()));
        assert_eq!(problem.state, ConditionState::Degraded);
        assert_eq!(view.problems_of(Dependency::Store).count(), 0);
        assert!(view.is_ready());
    }

    #[test]
    fn changed_settings_that_wait_are_no_problem_and_those_that_are_refused_are() {
        let state = |refused| DeclaredState {
            refused,
            needs_restart: vec!["mqtt.host".to_owned()],
        };
        let view = |state| {
            let sources = Sources {
                declared: Some(watch::channel(state).1),
                ..sources(HomeStatus::Running, 1).0
            };
            sources.view(&[], NOW)
        };

        let waiting = view(state(None));
        let refused = view(state(Some(SettingsError::unusable("zones: too many"))));

        assert_eq!(codes(&waiting), [Code::RestartNeeded]);
        assert_eq!(
            waiting.conditions[0].reason.name.as_deref(),
            Some("mqtt.host")
        );
        assert_eq!(waiting.problems_of(Dependency::Settings).count(), 0);
        let problem = refused.problems_of(Dependency::Settings).next().unwrap();
        assert_eq!(problem.reason.code, Code::SettingsRefused);
        assert!(problem.reason.details.contains("too many"));
    }

    #[test]
    fn a_condition_keeps_its_time_until_it_is_another_one() {
        let (sources, home) = sources(unreachable(), 1);
        let later = NOW + jiff::SignedDuration::from_secs(60);
        let first = sources.view(&[], NOW);

        let same = sources.view(&first.conditions, later);
        home.send_replace(HomeStatus::Starting);
        let other = sources.view(&same.conditions, later);

        assert_eq!(same.conditions[0].since, NOW);
        assert_eq!(
            (other.conditions[0].reason.code, other.conditions[0].since),
            (Code::HomeAssistantStarting, later)
        );
    }

    #[tokio::test]
    async fn what_blocks_is_named_until_it_is_over() {
        let (sources, home) = sources(unreachable(), 1);
        let stop = CancellationToken::new();
        let clock = Clock::system();
        let (mut viewer, work) = follow(sources, clock, Telemetry::default(), stop.clone());
        let blocking = viewer.borrow_and_update().blocking().next().cloned();
        assert_eq!(
            blocking.unwrap().reason.code,
            Code::HomeAssistantUnreachable
        );
        let task = tokio::spawn(work);

        home.send_replace(HomeStatus::Running);

        viewer
            .wait_for(|view| view.is_ready() && view.status == SystemStatus::Running)
            .await
            .unwrap();
        stop.cancel();
        task.await.unwrap();
    }
}
