//! Telling people: notify services (`homeassistant/components/notify/legacy.py`), notify entities
//! (`notify/services.py`: `send_message`), and what a phone's buttons say back (`mobile_app`).

use serde_json::{Value, json};

use super::error::{HomeError, Refusal};
use super::handle::HomeAssistant;
use crate::model::EntityId;

/// Fired when a person presses a button of a notification. For administrators only.
pub const BUTTON_PRESSED: &str = "mobile_app_notification_action";

impl HomeAssistant {
    /// Tells `target`, a notify service, or a notify entity where there is no such service. `data` is for services that
    /// are known to understand it.
    ///
    /// # Errors
    /// When Home Assistant is away, refuses, or has no such target.
    pub async fn notify(
        &self,
        target: &EntityId,
        title: &str,
        message: &str,
        data: Option<Value>,
    ) -> Result<(), HomeError> {
        let mut call = json!({"title": title, "message": message});
        if let Some(data) = data {
            call["data"] = data;
        }
        let sent = self
            .call_service("notify", target.object_id(), call, false)
            .await;
        match sent {
            Err(HomeError::Refused {
                refusal: Refusal::NotFound,
                ..
                // A call to an entity that does not exist succeeds and does nothing.
            }) if self.state(target).is_some() => {
                let call = json!({"entity_id": target, "title": title, "message": message});
                let sent = self.call_service("notify", "send_message", call, false);
                sent.await.map(drop)
            }
            sent => sent.map(drop),
        }
    }
}
