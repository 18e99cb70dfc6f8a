//! The system's view: what is missing, put together from those who know. Asks nobody, only listens.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::engine::ZoneViews;
use crate::home_assistant::HomeStatus;
use crate::model::{Dependency, Spending, SystemStatus, SystemView};
use crate::mqtt::MqttStatus;
use crate::outputs::ListTrouble;
use crate::settings::SettingsError;
use crate::setup::DeclaredState;

use super::vitals::Vitals;

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
    pub lists: Option<watch::Receiver<ListTrouble>>,
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

    fn view(&self) -> SystemView {
        let mut missing = Vec::new();
        if let Some(error) = &self.settings {
            missing.push((
                Dependency::Settings,
                format!("The settings can't be used: {error}"),
            ));
        }
        if let Some(home) = &self.home {
            let home = home.borrow();
            if !home.is_running() {
                missing.push((Dependency::HomeAssistant, home.sentence().to_owned()));
            }
        }
        if let Some(mqtt) = &self.mqtt {
            match &*mqtt.borrow() {
                MqttStatus::Connected => {}
                MqttStatus::Connecting { why: None } => missing.push((
                    Dependency::Mqtt,
                    "Connecting to the MQTT broker.".to_owned(),
                )),
                MqttStatus::Connecting { why: Some(trouble) } => {
                    missing.push((Dependency::Mqtt, trouble.sentence.clone()))
                }
            }
        }
        let zones = self.zones.as_ref().map_or(0, |zones| zones.borrow().len());
        let mut troubles: Vec<String> = self
            .lists
            .iter()
            .flat_map(|lists| lists.borrow().values().cloned().collect::<Vec<_>>())
            .collect();
        let mut ailing: Vec<_> = troubles
            .iter()
            .map(|sentence| (Dependency::Lists, sentence.clone()))
            .collect();
        let vitals = self.vitals.as_ref().map(|vitals| vitals.borrow().clone());
        let vitals = vitals.unwrap_or_default();
        ailing.extend(vitals.resting.iter().map(|name| {
            let sentence =
                format!("The provider {name} failed several times and rests for a while.");
            (Dependency::Providers, sentence)
        }));
        ailing.extend(vitals.store_fault.iter().map(|fault| {
            let sentence = format!("The database can't be read: {fault}.");
            (Dependency::Store, sentence)
        }));
        let paused = self.paused.as_ref().is_some_and(|paused| *paused.borrow());
        if let Some(declared) = &self.declared {
            troubles.extend(declared.borrow().sentences());
        }
        if zones == 0 && self.settings.is_none() {
            troubles.push(NO_ZONES.to_owned());
        }
        let status = match (missing.is_empty(), zones) {
            (false, _) => SystemStatus::Waiting,
            (true, 0) => SystemStatus::NoZones,
            (true, _) if paused => SystemStatus::Paused,
            (true, _) => SystemStatus::Running,
        };
        SystemView {
            status,
            missing,
            troubles,
            ailing,
            paused,
            outbox_pending: vitals.outbox_pending,
            memory: vitals.memory,
            started: self.started,
            spending: self.spending.as_ref().map(|spending| *spending.borrow()),
            version: self.version,
        }
    }
}

/// What to do when no zone is set up.
pub const NO_ZONES: &str =
    "No zone is set up yet: add a zone with a name and a camera to the settings.";

/// The view as it is, and the future that keeps it up to date until `stop`.
pub fn follow(
    sources: Sources,
    stop: CancellationToken,
) -> (
    watch::Receiver<Arc<SystemView>>,
    impl Future<Output = ()> + Send,
) {
    let (view, viewer) = watch::channel(Arc::new(sources.view()));
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
            let now = sources.view();
            view.send_if_modified(|shown| {
                let changed = **shown != now;
                if changed {
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
    use crate::home_assistant::Trouble;
    use crate::telemetry::Code;

    fn sources(home: HomeStatus, zones: usize) -> (Sources, watch::Sender<HomeStatus>) {
        let (sender, receiver) = watch::channel(home);
        let views = (0..zones).map(|_| watch::channel(Arc::new(crate::engine::sample())).1);
        (
            Sources {
                zones: Some(watch::channel(Arc::new(views.collect())).1),
                home: Some(receiver),
                ..Sources::new(Timestamp::UNIX_EPOCH, "1.2.3")
            },
            sender,
        )
    }

    #[test]
    fn all_there_is_running_and_without_zones_it_says_what_to_do() {
        let running = sources(HomeStatus::Running, 1).0.view();
        let empty = sources(HomeStatus::Running, 0).0.view();

        assert_eq!(
            (running.status, running.troubles.len()),
            (SystemStatus::Running, 0)
        );
        assert_eq!(empty.status, SystemStatus::NoZones);
        assert_eq!(empty.troubles, [NO_ZONES]);
    }

    #[test]
    fn what_ails_is_told_apart_from_what_is_missing() {
        let vitals = Vitals {
            resting: vec!["gemini".to_owned()],
            outbox_pending: Some(3),
            ..Vitals::default()
        };
        let sources = Sources {
            vitals: Some(watch::channel(vitals).1),
            paused: Some(watch::channel(true).1),
            ..sources(HomeStatus::Running, 1).0
        };

        let view = sources.view();

        assert_eq!((view.status, view.paused), (SystemStatus::Paused, true));
        assert_eq!(view.outbox_pending, Some(3));
        assert!(view.is_troubled(Dependency::Providers) && !view.is_troubled(Dependency::Store));
    }

    #[tokio::test]
    async fn what_is_missing_is_named_until_it_is_back() {
        let trouble = Trouble {
            code: Code::HomeAssistantUnreachable,
            sentence: "Home Assistant can't be reached.".to_owned(),
            details: String::new(),
        };
        let (sources, home) = sources(HomeStatus::Connecting { why: Some(trouble) }, 1);
        let stop = CancellationToken::new();
        let (mut viewer, work) = follow(sources, stop.clone());
        assert_eq!(
            viewer.borrow_and_update().missing,
            [(
                Dependency::HomeAssistant,
                "Home Assistant can't be reached.".to_owned()
            )]
        );
        let task = tokio::spawn(work);

        home.send_replace(HomeStatus::Running);

        viewer
            .wait_for(|view| view.missing.is_empty() && view.status == SystemStatus::Running)
            .await
            .unwrap();
        stop.cancel();
        task.await.unwrap();
    }
}
