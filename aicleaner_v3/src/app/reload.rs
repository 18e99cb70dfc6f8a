//! Takes up settings that were changed while the program runs: zone by zone, without a restart where that is
//! possible. A version that can't be used changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::judging::Means;
use crate::engine::{Configuration, Engine};
use crate::home_assistant::HomeAssistant;
use crate::i18n::log_remedy;
use crate::model::{EntityId, Zone};
use crate::outputs::Lists;
use crate::router::{Budget, Router};
use crate::settings::{DeclaredState, Sections, Settings, SettingsError};
use crate::setup::DeclaredWatch;
use crate::telemetry::{Event, Redactor};

/// Settings that the providers are made from.
const JUDGING: [&str; 4] = ["providers", "local_only", "check_sight", "budget"];

/// All that changes with the settings.
pub(super) struct Reload {
    pub(super) means: Means,
    pub(super) engine: Engine,
    pub(super) lists: Lists,
    pub(super) budget: Budget,
    pub(super) configuration: watch::Sender<Configuration>,
    pub(super) redactor: Redactor,
    pub(super) state: watch::Sender<DeclaredState>,
    /// What the program was started with.
    pub(super) at_start: Sections,
    /// What it works with now.
    pub(super) applied: Sections,
}

impl Reload {
    /// Takes up each new version until `stop`.
    pub(super) async fn run(mut self, mut declared: DeclaredWatch, stop: CancellationToken) {
        loop {
            let version = tokio::select! {
                () = stop.cancelled() => return,
                version = declared.next() => version,
            };
            match version {
                Ok(settings) => self.take_up(settings).await,
                Err(error) => self.refuse(error),
            }
        }
    }

    fn refuse(&self, error: SettingsError) {
        self.means
            .telemetry
            .emit(&SettingsRefused { error: &error });
        self.state.send_modify(|state| state.refused = Some(error));
    }

    async fn take_up(&mut self, settings: Settings) {
        settings
            .secrets()
            .for_each(|secret| self.redactor.register(secret));
        let changed = settings.sections.changed_from(&self.applied);
        let at_once: Vec<&str> = changed
            .iter()
            .map(String::as_str)
            .filter(|name| !Sections::needs_restart(name))
            .collect();
        let is_judging =
            |name: &&str| JUDGING.contains(&name.split('.').next().unwrap_or_default());
        // What is remembered of providers and what is spent goes on.
        let mut router = self.configuration.borrow().router.clone();
        if at_once.iter().any(is_judging) {
            match self.means.router(&settings, self.budget.clone()).await {
                Ok(new) => {
                    self.budget.set_caps(settings.caps);
                    router = Arc::new(new.after(&router));
                }
                Err(error) => return self.refuse(SettingsError::unusable(&error.to_string())),
            }
        }
        let new = configuration(&settings, router);
        self.configuration.send_if_modified(|known| {
            let is_new = *known != new;
            *known = new;
            is_new
        });
        follow_zones(&self.means.home, &settings);
        self.lists.follow(lists(&settings));
        let applied = match self.engine.apply(settings.zones.clone()).await {
            Ok(applied) => applied,
            Err(error) => return self.refuse(SettingsError::unusable(&error.to_string())),
        };
        if !at_once.is_empty() {
            self.means.telemetry.emit(&SettingsTakenUp {
                settings: at_once.join(", "),
                added: applied.added.len(),
                changed: applied.changed.len(),
                removed: applied.removed.len(),
            });
        }
        let needs_restart: Vec<String> = settings
            .sections
            .changed_from(&self.at_start)
            .into_iter()
            .filter(|name| Sections::needs_restart(name))
            .collect();
        self.applied = settings.sections;
        let state = DeclaredState {
            refused: None,
            needs_restart,
        };
        self.state.send_if_modified(|shown| {
            let is_new = *shown != state;
            if is_new && !state.needs_restart.is_empty() {
                self.means.telemetry.emit(&RestartNeeded {
                    settings: state.needs_restart.join(", "),
                });
            }
            *shown = state;
            is_new
        });
    }
}

/// What of the settings changes while the program runs.
pub(super) fn configuration(settings: &Settings, router: Arc<Router>) -> Configuration {
    Configuration {
        router,
        language: settings.language.clone(),
        notifications: Arc::new(settings.notifications.clone()),
        items: settings.items.clone(),
    }
}

/// Follows what matters to the zones in Home Assistant, and nothing else.
pub(super) fn follow_zones(home: &HomeAssistant, settings: &Settings) {
    let zones = settings.zones.iter();
    home.watch_entities("zones", zones.clone().flat_map(Zone::entities).collect());
    let events = zones.flat_map(|zone| &zone.wake_by_events);
    home.watch_events(
        "zones",
        events.map(|event| event.event_type.clone()).collect(),
    );
}

/// The lists on which tasks belong.
pub(super) fn lists(settings: &Settings) -> BTreeSet<EntityId> {
    let lists = settings
        .zones
        .iter()
        .filter_map(|zone| zone.todo_list.clone());
    lists.collect()
}

/// Changed settings work from now on.
struct SettingsTakenUp {
    settings: String,
    added: usize,
    changed: usize,
    removed: usize,
}

impl Event for SettingsTakenUp {
    const NAME: &'static str = "settings_taken_up";

    fn log(&self) {
        tracing::info!(
            settings = self.settings,
            zones_added = self.added,
            zones_changed = self.changed,
            zones_removed = self.removed,
            "changed settings are taken up"
        );
    }
}

/// Changed settings can't be used.
struct SettingsRefused<'a> {
    error: &'a SettingsError,
}

impl Event for SettingsRefused<'_> {
    const NAME: &'static str = "settings_refused";

    fn kind(&self) -> &'static str {
        self.error.code().as_str()
    }

    fn log(&self) {
        let code = self.error.code();
        tracing::error!(%code, remedy = log_remedy(code), "the changed settings can't be used, keeping the previous configuration: {}", self.error);
    }
}

/// Changed settings wait for the next start.
struct RestartNeeded {
    settings: String,
}

impl Event for RestartNeeded {
    const NAME: &'static str = "restart_needed";

    fn log(&self) {
        tracing::warn!(
            settings = self.settings,
            "these changed settings are taken up at the next start"
        );
    }
}
