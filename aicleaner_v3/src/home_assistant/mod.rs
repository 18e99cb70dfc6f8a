//! Home Assistant: one session over its websocket, REST for pictures, to-do lists, services, AI Task, and
//! Supervisor's own API. Never decides what to do with what it hears; it tells, and does as it is asked.
//!
//! Protocol facts are from Home Assistant Core 2026.11 (`homeassistant/components/…`) and Supervisor 2026.08
//! (`supervisor/api/…`); each is named where it is used.

mod ai_task;
mod camera;
mod connection;
mod dashboards;
mod error;
mod event_types;
mod events;
mod handle;
mod images;
mod inventory;
mod lists;
mod locale;
mod messages;
mod notifications;
mod notify;
mod outgoing;
mod pace;
mod protocol;
mod registries;
mod rest;
mod session;
mod socket;
mod states;
mod status;
mod supervisor;
mod text;
mod todo;
mod vacuums;
mod wanted;

pub use ai_task::{AiTask, Attachment, Evaluate, GenerateData, Generated};
pub use camera::Snapshot;
pub use connection::{Connection, ConnectionError};
pub use error::{HomeError, Refusal};
pub use event_types::HomeEvent;
pub use handle::HomeAssistant;
pub use images::{ImageId, UploadedImage};
pub use inventory::{Area, Inventory, Thing};
pub use lists::{TodoItem, TodoList, TodoStatus};
pub use locale::follow_locale;
pub use notify::BUTTON_PRESSED;
pub use registries::{DeviceEntry, EntityEntry};
pub use states::{EntityState, States};
pub use status::{HomeInfo, HomeStatus, Unavailable};
pub use supervisor::{MqttService, SelfInfo, Supervisor};
pub use todo::TodoFeatures;
pub use vacuums::VacuumFeatures;
