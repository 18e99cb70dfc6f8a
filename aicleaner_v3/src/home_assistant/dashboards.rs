//! Dashboards that are made over the websocket: looked up, made, saved.
//!
//! Facts (`homeassistant/components/lovelace/{dashboard,websocket}.py`): the path of a dashboard has a hyphen; making and
//! saving one is for administrators; a dashboard that was made and never saved has no config (`config_not_found`).

use serde_json::{Value, json};

use super::error::HomeError;
use super::handle::HomeAssistant;

impl HomeAssistant {
    /// Whether there is a dashboard at `url_path`.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn has_dashboard(&self, url_path: &str) -> Result<bool, HomeError> {
        let dashboards: Vec<Value> = self.list("lovelace/dashboards/list").await?;
        Ok(dashboards
            .iter()
            .any(|dashboard| dashboard["url_path"] == url_path))
    }

    /// Makes an empty dashboard that everybody sees in the sidebar.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses, as it does for a token of no administrator.
    pub async fn create_dashboard(
        &self,
        url_path: &str,
        title: &str,
        icon: &str,
    ) -> Result<(), HomeError> {
        let command = json!({
            "type": "lovelace/dashboards/create",
            "url_path": url_path,
            "title": title,
            "icon": icon,
            "mode": "storage",
            "require_admin": false,
            "show_in_sidebar": true,
        });
        self.command(command).await.map(drop)
    }

    /// What is on the dashboard; none as long as it was never saved.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn dashboard_config(&self, url_path: &str) -> Result<Option<Value>, HomeError> {
        let command = json!({"type": "lovelace/config", "url_path": url_path, "force": false});
        match self.command(command).await {
            Ok(config) => Ok(Some(config)),
            Err(HomeError::Refused { message, .. }) if message.contains("No config found") => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Replaces what is on the dashboard.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses, as it does for a token of no administrator.
    pub async fn save_dashboard(&self, url_path: &str, config: Value) -> Result<(), HomeError> {
        let command =
            json!({"type": "lovelace/config/save", "url_path": url_path, "config": config});
        self.command(command).await.map(drop)
    }
}
