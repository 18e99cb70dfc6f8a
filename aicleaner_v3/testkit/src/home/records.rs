//! What the simulated home keeps and what tests read of it: its own state, calls, faults, uploads, notifications.
//! Plain values; they do nothing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Home Assistant's own state (`CoreState` in `core.py`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreState {
    /// Integrations are being set up before the start.
    NotRunning,
    /// The start was announced, not everything is there yet.
    Starting,
    /// Everything is there.
    Running,
    /// On its way down.
    Stopping,
}

impl CoreState {
    /// As `/api/config` writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotRunning => "NOT_RUNNING",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Stopping => "STOPPING",
        }
    }
}

/// A service call as it arrived.
#[derive(Clone, Debug)]
pub struct ServiceCall {
    /// The domain, such as `todo`.
    pub domain: String,
    /// The service, such as `add_item`.
    pub service: String,
    /// Its data, with the target's entities merged in.
    pub data: Value,
    /// When it arrived.
    pub at: Instant,
}

/// A fault that strikes one call of a service.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It fails with this message and does nothing.
    Refuse(String),
    /// It is done, but it fails with this message all the same.
    DoAndRefuse(String),
    /// It is done, but the answer never comes.
    LoseAnswer,
    /// It is done, but only after a while.
    Delay(Duration),
}

/// A picture that came with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What the caller named, such as `media-source://image_upload/ID`.
    pub media_content_id: String,
    /// The type the model gets to know.
    pub mime_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A call of `ai_task.generate_data`.
#[derive(Clone, Debug)]
pub struct AiTaskCall {
    /// The task's name.
    pub task_name: String,
    /// The entity it ran on.
    pub entity_id: String,
    /// The prompt.
    pub instructions: String,
    /// The structure asked for.
    pub structure: Option<Value>,
    /// The pictures, as the model got them.
    pub attachments: Vec<Attachment>,
    /// When it was called.
    pub at: Instant,
}

/// A picture that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// The file name given.
    pub name: String,
    /// `image/jpeg`, `image/png` or `image/gif`.
    pub content_type: String,
    /// When, ISO 8601.
    pub uploaded_at: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Upload {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "filesize": self.bytes.len(),
            "content_type": self.content_type,
            "name": self.name,
            "uploaded_at": self.uploaded_at,
        })
    }
}

/// The pictures there are, by id.
pub(super) type Uploads = BTreeMap<String, Upload>;

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
