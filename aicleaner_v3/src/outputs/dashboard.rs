//! The dashboard: one of our own, made of Home Assistant's built-in cards, made or refreshed when a person asks.
//! Touches no other: one of our name that somebody else made is left alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};

use crate::engine::Engine;
use crate::home_assistant::{HomeAssistant, HomeError, Refusal};
use crate::i18n::{Locale, Texts, log_remedy, messages};
use crate::model::{Deployment, InstanceName, Reason, ZoneView};
use crate::store::Store;
use crate::telemetry::{Code, Event, Telemetry};

/// The most zones on one dashboard.
const MOST_ZONES: usize = 100;
const TITLE: &str = "AICleaner";
/// Where a config of ours says whose it is.
const MARK: &str = "aicleaner";
const NOTIFICATION: &str = "dashboard";

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its path in Home Assistant.
    pub url_path: String,
    /// Whether it is new.
    pub is_new: bool,
}

/// Why there is no dashboard.
#[derive(Debug, thiserror::Error)]
pub enum DashboardError {
    /// The token's user is no administrator.
    #[error(
        "Home Assistant does not let AICleaner make a dashboard: that needs a token of an administrator"
    )]
    NoAdmin,
    /// Somebody else made one of that name.
    #[error(
        "there is a dashboard at /{0} that AICleaner did not make, so it is left alone: remove or rename it first"
    )]
    NotOurs(String),
    /// Another request is being done.
    #[error("the dashboard is being made already")]
    Busy,
    /// Home Assistant is away or refuses.
    #[error(transparent)]
    Home(#[from] HomeError),
}

impl DashboardError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Home(error) => error.code(),
            Self::NoAdmin => Code::DashboardNotAllowed,
            Self::NotOurs(_) | Self::Busy => Code::HomeAssistantAnswer,
        }
    }
}

/// Makes the dashboard. Cheap to clone.
#[derive(Clone)]
pub struct Dashboard(Arc<Parts>);

struct Parts {
    home: HomeAssistant,
    engine: Engine,
    store: Store,
    instance: InstanceName,
    locale: watch::Receiver<Locale>,
    deployment: Deployment,
    telemetry: Telemetry,
    turn: Semaphore,
}

impl Dashboard {
    /// For this instance's zones.
    pub fn new(
        home: HomeAssistant,
        engine: Engine,
        store: Store,
        instance: InstanceName,
        locale: watch::Receiver<Locale>,
        deployment: Deployment,
        telemetry: Telemetry,
    ) -> Self {
        Self(Arc::new(Parts {
            home,
            engine,
            store,
            instance,
            locale,
            deployment,
            telemetry,
            turn: Semaphore::new(1),
        }))
    }

    /// Makes the dashboard, or brings it up to date.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses, or the name is taken.
    pub async fn make(&self) -> Result<Made, DashboardError> {
        let Ok(_turn) = self.0.turn.try_acquire() else {
            return Err(DashboardError::Busy);
        };
        let result = self.0.make().await;
        match &result {
            Ok(made) => self.0.telemetry.emit(&DashboardMade { made }),
            Err(error) => self.0.telemetry.emit(&DashboardFailed { error }),
        }
        result
    }

    /// As [`Self::make`], for a button, which has no other way to say that it did not work.
    pub async fn make_and_tell(&self) {
        let id = format!("{}_{NOTIFICATION}", self.0.instance);
        let told = match self.make().await {
            Ok(_) => self.0.home.dismiss_persistent(&id).await,
            Err(DashboardError::Busy) => Ok(()),
            Err(error) => {
                let texts = self.0.locale.borrow().texts.clone();
                let message = said(&error, &texts, self.0.deployment);
                let title = texts.render(&messages::dashboard_failed());
                self.0.home.notify_persistent(&id, &title, &message).await
            }
        };
        if let Err(error) = told {
            tracing::debug!(%error, "nobody could be told of the dashboard");
        }
    }
}

/// What people are told when there is no dashboard.
fn said(error: &DashboardError, texts: &Texts, deployment: Deployment) -> String {
    let code = error.code();
    let reason = Reason::new(code);
    let (sentence, remedy) = match error {
        DashboardError::NotOurs(path) => (
            texts.render(&messages::dashboard_not_ours(path)),
            texts.render(&messages::dashboard_not_ours_remedy()),
        ),
        _ => (texts.reason(&reason), texts.remedy(&reason, deployment)),
    };
    format!("{sentence}\n\n{remedy} ({code})")
}

impl Parts {
    async fn make(&self) -> Result<Made, DashboardError> {
        let url_path = format!("{}-dashboard", self.instance.as_str().replace('_', "-"));
        let exists = self.home.has_dashboard(&url_path).await.map_err(sorted)?;
        if exists && !self.is_ours(&url_path).await? {
            return Err(DashboardError::NotOurs(url_path));
        }
        if !exists {
            let title = match self.instance == InstanceName::default() {
                true => TITLE.to_owned(),
                false => format!("{TITLE} ({})", self.instance),
            };
            let created = self.home.create_dashboard(&url_path, &title, "mdi:broom");
            created.await.map_err(sorted)?;
        }
        let config = self.config().await?;
        let saved = self.home.save_dashboard(&url_path, config);
        saved.await.map_err(sorted)?;
        Ok(Made {
            url_path,
            is_new: !exists,
        })
    }

    async fn is_ours(&self, url_path: &str) -> Result<bool, DashboardError> {
        let config = self.home.dashboard_config(url_path).await.map_err(sorted)?;
        // Without a config it was made, and the program ended before it was saved.
        Ok(config.is_none_or(|config| config[MARK]["instance"] == self.instance.as_str()))
    }

    async fn config(&self) -> Result<Value, DashboardError> {
        let entries = self.home.entity_registry().await.map_err(sorted)?;
        let entities: BTreeMap<String, String> = entries
            .into_iter()
            .filter(|entry| {
                entry.platform.as_deref() == Some("mqtt") && entry.disabled_by.is_none()
            })
            .filter_map(|entry| Some((entry.unique_id()?.to_owned(), entry.entity_id)))
            .collect();
        let views = self.engine.views().borrow().clone();
        let mut zones = Vec::new();
        for view in views.iter().take(MOST_ZONES) {
            let view = view.borrow().clone();
            let list = match &view.zone.todo_list {
                // It may have been renamed since it was declared.
                Some(list) => match self.store.list(list.clone()).await {
                    Ok(Some(record)) => Some(record.entity.to_string()),
                    Ok(None) | Err(_) => Some(list.to_string()),
                },
                None => None,
            };
            zones.push((view, list));
        }
        Ok(config(&self.instance, &entities, &zones))
    }
}

/// What a refusal means for us.
fn sorted(error: HomeError) -> DashboardError {
    match error {
        HomeError::Refused {
            refusal: Refusal::NotAllowed,
            ..
        } => DashboardError::NoAdmin,
        error => DashboardError::Home(error),
    }
}

/// The dashboard of `zones`, each with its list. `entities` tells what our entities are called, by their unique ids: what
/// is not there is left out.
fn config(
    instance: &InstanceName,
    entities: &BTreeMap<String, String>,
    zones: &[(Arc<ZoneView>, Option<String>)],
) -> Value {
    let mut sections = Vec::new();
    for (view, list) in zones {
        let entity = |key: &str| entities.get(&format!("{instance}-{}-{key}", view.zone.id));
        let mut cards = vec![heading(&view.zone.name, "mdi:broom")];
        if let Some(image) = entity("last_frame") {
            cards.push(json!({
                "type": "picture-entity", "entity": image, "show_name": false, "show_state": false,
                "grid_options": {"columns": "full"},
            }));
        }
        let tiles = [
            "cleanliness",
            "needs_cleaning",
            "open_tasks",
            "estimated_time",
            "assess_now",
            "watching",
        ];
        cards.extend(tiles.into_iter().filter_map(entity).map(|id| tile(id)));
        if let Some(list) = list {
            cards.push(json!({
                "type": "todo-list", "entity": list, "grid_options": {"columns": "full"},
            }));
        }
        if let Some(score) = entity("cleanliness") {
            cards.push(json!({
                "type": "history-graph", "entities": [{"entity": score}], "hours_to_show": 168,
                "grid_options": {"columns": "full"},
            }));
        }
        sections.push(json!({"type": "grid", "cards": cards}));
    }
    let entity = |key: &str| entities.get(&format!("{instance}-{key}"));
    let mut cards = vec![heading(TITLE, "mdi:robot")];
    let tiles = [
        "status",
        "pause_all",
        "cost_today",
        "cost_this_month",
        "outbox_pending",
    ];
    cards.extend(tiles.into_iter().filter_map(entity).map(|id| tile(id)));
    sections.push(json!({"type": "grid", "cards": cards}));
    json!({
        MARK: {"instance": instance},
        "title": TITLE,
        "views": [{"title": TITLE, "path": "zones", "type": "sections", "sections": sections}],
    })
}

fn heading(text: &str, icon: &str) -> Value {
    json!({"type": "heading", "heading": text, "icon": icon})
}

fn tile(entity: &str) -> Value {
    json!({"type": "tile", "entity": entity})
}

/// The dashboard is made, or up to date.
struct DashboardMade<'a> {
    made: &'a Made,
}

impl Event for DashboardMade<'_> {
    const NAME: &'static str = "dashboard_made";

    fn log(&self) {
        let Made { url_path, is_new } = self.made;
        tracing::info!(url_path, is_new, "the dashboard is up to date");
    }
}

/// There is no dashboard.
struct DashboardFailed<'a> {
    error: &'a DashboardError,
}

impl Event for DashboardFailed<'_> {
    const NAME: &'static str = "dashboard_failed";

    fn kind(&self) -> &'static str {
        self.error.code().as_str()
    }

    fn log(&self) {
        let code = self.error.code();
        tracing::warn!(%code, remedy = log_remedy(code), "no dashboard: {}", self.error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_what_is_wrong_and_what_to_do() {
        let said = |error| said(&error, &Texts::default(), Deployment::App);

        let taken = said(DashboardError::NotOurs("rooms".to_owned()));
        let forbidden = said(DashboardError::NoAdmin);

        assert_eq!(
            taken,
            "There is a dashboard at /rooms that AICleaner did not make, so it is left alone.\n\nRemove or rename it, then \
             try again. (AIC-HA-004)"
        );
        assert!(
            forbidden.starts_with("Only an administrator may make a dashboard.\n\nMake"),
            "{forbidden}"
        );
    }
    use crate::engine::sample;

    fn types(config: &Value, section: usize) -> Vec<String> {
        let cards = config["views"][0]["sections"][section]["cards"].as_array();
        let kind = |card: &Value| card["type"].as_str().unwrap().to_owned();
        cards.unwrap().iter().map(kind).collect()
    }

    #[test]
    fn entities_are_shown_under_the_names_that_people_gave_them_and_what_is_missing_is_left_out() {
        let instance = InstanceName::default();
        let entities = BTreeMap::from([
            (
                "aicleaner-kitchen-cleanliness".to_owned(),
                "sensor.my_score".to_owned(),
            ),
            (
                "aicleaner-kitchen-last_frame".to_owned(),
                "image.view".to_owned(),
            ),
            (
                "aicleaner-status".to_owned(),
                "sensor.aicleaner_status".to_owned(),
            ),
            (
                "other-kitchen-open_tasks".to_owned(),
                "sensor.strange".to_owned(),
            ),
        ]);
        let zones = [(Arc::new(sample()), Some("todo.chores".to_owned()))];

        let config = config(&instance, &entities, &zones);

        assert_eq!(
            types(&config, 0),
            [
                "heading",
                "picture-entity",
                "tile",
                "todo-list",
                "history-graph"
            ]
        );
        assert_eq!(types(&config, 1), ["heading", "tile"]);
        let text = config.to_string();
        assert!(
            text.contains("sensor.my_score") && !text.contains("strange"),
            "{text}"
        );
    }
}
