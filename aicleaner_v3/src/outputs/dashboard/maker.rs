//! The dashboard: one of our own, made of Home Assistant's built-in cards, made or refreshed when a person asks.
//! Touches no other: one of our name that somebody else made is left alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use super::cards::{MARK, TITLE, config};
use super::error::{DashboardError, sorted};
use super::events::{DashboardFailed, DashboardMade};
use super::made::Made;
use crate::engine::Engine;
use crate::home_assistant::HomeAssistant;
use crate::i18n::{Locale, Texts, messages};
use crate::model::{Deployment, InstanceName, Reason};
use crate::store::Store;
use crate::telemetry::Telemetry;

/// The most zones on one dashboard.
const MOST_ZONES: usize = 100;
const NOTIFICATION: &str = "dashboard";

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

    /// As [`Self::make`], for a button: a notification in Home Assistant says that it did not work, and why.
    ///
    /// # Errors
    /// As [`Self::make`].
    pub async fn make_and_tell(&self) -> Result<Made, DashboardError> {
        let id = format!("{}_{NOTIFICATION}", self.0.instance);
        let made = self.make().await;
        let shown = match &made {
            Ok(_) => self.0.home.dismiss_persistent(&id).await,
            Err(DashboardError::Busy) => Ok(()),
            Err(error) => {
                let texts = self.0.locale.borrow().texts.clone();
                let message = explained(error, &texts, self.0.deployment);
                let title = texts.render(&messages::dashboard_failed());
                self.0.home.notify_persistent(&id, &title, &message).await
            }
        };
        if let Err(error) = shown {
            tracing::debug!(%error, "no notification about the dashboard can be shown");
        }
        made
    }
}

/// What people are told when there is no dashboard.
fn explained(error: &DashboardError, texts: &Texts, deployment: Deployment) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_what_is_wrong_and_what_to_do() {
        let explained = |error| explained(&error, &Texts::default(), Deployment::App);

        let taken = explained(DashboardError::NotOurs("rooms".to_owned()));
        let forbidden = explained(DashboardError::NoAdmin);

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
}
