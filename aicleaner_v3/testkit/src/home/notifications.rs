//! Persistent notifications: created and dismissed by service, read over the websocket.
//! They are gone after a restart, as in Home Assistant.

use serde_json::Value;

use super::records::Notification;
use super::service_error::ServiceError;
use super::world::World;
use crate::time::{iso, now};

/// Runs a service of the domain `persistent_notification`.
pub(super) fn call(world: &mut World, service: &str, data: &Value) -> Result<(), ServiceError> {
    super::fields::only_fields(data, &["message", "title", "notification_id"])?;
    match service {
        "create" => {
            let message = super::fields::required_text(data, "message")?;
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
            let id = super::fields::required_text(data, "notification_id")?;
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
