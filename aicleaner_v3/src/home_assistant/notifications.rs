//! Home Assistant's own notification drawer (`homeassistant/components/persistent_notification/services.py`).

use serde_json::json;

use super::error::HomeError;
use super::handle::HomeAssistant;

impl HomeAssistant {
    /// Shows a persistent notification. One with the same `id` is replaced. The message is Markdown.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn notify_persistent(
        &self,
        id: &str,
        title: &str,
        message: &str,
    ) -> Result<(), HomeError> {
        let data = json!({"notification_id": id, "title": title, "message": message});
        self.call_service("persistent_notification", "create", data, false)
            .await
            .map(drop)
    }

    /// Takes a persistent notification away. One that is gone already is no error.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn dismiss_persistent(&self, id: &str) -> Result<(), HomeError> {
        let data = json!({"notification_id": id});
        self.call_service("persistent_notification", "dismiss", data, false)
            .await
            .map(drop)
    }
}
