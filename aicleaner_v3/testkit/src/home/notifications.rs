//! Persistent notifications: created and dismissed by service, read over the websocket.
//! They are gone after a restart, as in Home Assistant.

use serde_json::{Value, json};

use super::services::ServiceError;
use super::world::World;
use crate::time::{iso, now};

/// A persistent notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Its id: given by whoever created it, or made up.
    pub notification_id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub message: String,
    /// When it was last created, ISO 8601.
    pub created_at: String,
}

impl Notification {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "message": self.message,
            "notification_id": self.notification_id,
            "title": self.title,
            "created_at": self.created_at,
        })
    }
}

/// Runs a service of the domain `persistent_notification`.
pub(super) fn call(world: &mut World, service: &str, data: &Value) -> Result<(), ServiceError> {
    super::services::only_fields(data, &["message", "title", "notification_id"])?;
    match service {
        "create" => {
            let message = super::services::required_text(data, "message")?;
            let text = |key: &str| data.get(key).and_then(Value::as_str).map(str::to_owned);
            let id = text("notification_id")
                .unwrap_or_else(|| uuid::Uuid::now_v7().simple().to_string());
            world
                .notifications
                .retain(|notification| notification.notification_id != id);
            world.notifications.push(Notification {
                notification_id: id,
                title: text("title"),
                message,
                created_at: iso(now()),
            });
        }
        "dismiss" => {
            let id = super::services::required_text(data, "notification_id")?;
            world
                .notifications
                .retain(|notification| notification.notification_id != id);
        }
        "dismiss_all" => world.notifications.clear(),
        _ => {
            return Err(ServiceError::NotFound {
                domain: "persistent_notification".to_owned(),
                service: service.to_owned(),
            });
        }
    }
    Ok(())
}
