//! The simulated Home Assistant: REST and websocket on one port of 127.0.0.1, to-do lists, cameras,
//! picture uploads, AI Task, notifications, and a life that tests control. Facts are those of Core
//! 2026.11; where it is odd, this is odd in the same way.

mod ai_task;
mod answers;
mod builder;
mod bus;
mod commands;
mod evaluate;
mod fields;
mod images;
mod inner;
mod lifecycle;
mod lists;
mod lovelace;
mod notifications;
mod people;
mod records;
mod registry;
mod rest;
mod service_error;
mod services;
mod session;
mod states;
mod structure;
#[cfg(test)]
mod tests;
mod todo;
mod todo_services;
pub mod vacuum;
mod websocket;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::{Map, Value};

pub use ai_task::AI_TASK;
pub use builder::HomeBuilder;
pub use people::People;
pub use records::{AiTaskCall, Attachment, CoreState, Fault, Notification, ServiceCall, Upload};
pub use todo::{Item, Status, features};

pub(crate) use inner::Inner;
pub(crate) use rest::bearer;

use crate::KitError;
use crate::camera::Camera;
use crate::model::Judge;
use crate::server::Server;
use states::Known;
use world::World;

/// A simulated home. It stops when dropped.
pub struct Home {
    pub(crate) inner: Arc<Inner>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let addr = self.addr();
        formatter
            .debug_struct("Home")
            .field("addr", &addr)
            .finish_non_exhaustive()
    }
}

impl Home {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        let unbound = SocketAddr::from(([127, 0, 0, 1], 0));
        self.inner.server.get().map_or(unbound, Server::addr)
    }

    /// Its address for people and settings: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Its websocket: `ws://127.0.0.1:PORT/api/websocket`.
    #[must_use]
    pub fn websocket_url(&self) -> String {
        format!("ws://{}/api/websocket", self.addr())
    }

    /// The long-lived token, or nothing once revoked.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.inner.world().token.clone()
    }

    /// Makes the token invalid and closes the websockets that used it.
    pub fn revoke_token(&self) {
        let mut world = self.inner.world();
        world.token = None;
        world.bus.cut_all();
    }

    /// Makes a token valid.
    pub fn set_token(&self, token: &str) {
        self.inner.world().token = Some(token.to_owned());
    }

    /// Closes every websocket; clients may come back at once.
    pub fn cut_websockets(&self) {
        self.inner.world().bus.cut_all();
    }

    /// How many clients are logged in over the websocket.
    #[must_use]
    pub fn websocket_count(&self) -> usize {
        self.inner.world().bus.count()
    }

    /// How many clients have logged in over the websocket so far.
    #[must_use]
    pub fn websockets_so_far(&self) -> u64 {
        self.inner.world().bus.joined()
    }

    /// How many messages went to clients over the websocket so far.
    #[must_use]
    pub fn messages_sent(&self) -> u64 {
        self.inner.world().bus.sent()
    }

    /// Whether a logged-in client is subscribed to the items of this list.
    #[must_use]
    pub fn is_list_watched(&self, entity_id: &str) -> bool {
        let wanted = bus::Topic::Todo(entity_id.to_owned());
        self.inner.world().bus.topics().contains(&wanted)
    }

    /// Whether a logged-in client hears events of this type.
    #[must_use]
    pub fn is_event_heard(&self, event_type: &str) -> bool {
        let wanted = bus::Topic::Events(Some(event_type.to_owned()));
        self.inner.world().bus.topics().contains(&wanted)
    }

    /// A camera of the home.
    #[must_use]
    pub fn camera(&self, entity_id: &str) -> Option<Arc<Camera>> {
        self.inner.world().cameras.get(entity_id).cloned()
    }

    /// Sets the state of any entity, making it if need be.
    pub fn set_state(&self, entity_id: &str, state: &str, attributes: Map<String, Value>) {
        let known = Known {
            state: state.to_owned(),
            attributes,
            platform: "demo",
        };
        self.inner.world().set_known(entity_id, known);
    }

    /// Fires an event, as integrations do.
    pub fn fire(&self, event_type: &str, data: &Value) {
        self.inner.world().fire(event_type, data);
    }

    /// The state of an entity as Home Assistant shows it now.
    #[must_use]
    pub fn state(&self, entity_id: &str) -> Option<String> {
        let world = self.inner.world();
        world.states.get(entity_id).map(|state| state.state.clone())
    }

    /// Takes an entity away, with its camera or list. Says whether it was there.
    pub fn remove_entity(&self, entity_id: &str) -> bool {
        self.inner.world().remove_entity(entity_id)
    }

    /// Has the model answer through another judge from now on.
    pub fn set_judge(&self, judge: Arc<dyn Judge>) {
        self.inner.world().judge = judge;
    }

    /// Loads or unloads the integration `image_upload`.
    pub fn set_image_upload_loaded(&self, loaded: bool) {
        self.inner.world().image_upload_loaded = loaded;
    }

    /// The AI Task calls so far, oldest first; the last 128.
    #[must_use]
    pub fn ai_task_calls(&self) -> Vec<AiTaskCall> {
        self.inner.world().ai_calls.iter().cloned().collect()
    }

    /// The calls of one service so far, oldest first; of the last 4,096 calls of all.
    #[must_use]
    pub fn service_calls(&self, domain: &str, service: &str) -> Vec<ServiceCall> {
        let world = self.inner.world();
        world
            .calls
            .iter()
            .filter(|call| call.domain == domain && call.service == service)
            .cloned()
            .collect()
    }

    /// Lets a fault strike the next call of a service; several strike one after the other.
    pub fn strike(&self, domain: &str, service: &str, fault: Fault) {
        let mut world = self.inner.world();
        let key = (domain.to_owned(), service.to_owned());
        world.faults.entry(key).or_default().push_back(fault);
    }

    /// Fires an event, as an integration or a phone does.
    pub fn fire_event(&self, event_type: &str, data: &Value) {
        self.inner.world().fire(event_type, data);
    }

    /// The config of the dashboard at `url_path`, if it was saved.
    #[must_use]
    pub fn dashboard(&self, url_path: &str) -> Option<Value> {
        let world = self.inner.world();
        world.dashboards.0.get(url_path)?.1.clone()
    }

    /// Saves a dashboard, as a person does.
    pub fn save_dashboard(&self, url_path: &str, config: Value) {
        let about = serde_json::json!({"url_path": url_path, "mode": "storage"});
        let saved = (about, Some(config));
        let mut world = self.inner.world();
        world.dashboards.0.insert(url_path.to_owned(), saved);
    }

    /// Whether the token is an administrator's, which it is at first.
    pub fn set_admin(&self, is_admin: bool) {
        self.inner.world().is_admin = is_admin;
    }

    /// The persistent notifications there are.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        self.inner.world().notifications.clone()
    }

    /// The pictures uploaded and not deleted yet.
    #[must_use]
    pub fn uploads(&self) -> Vec<Upload> {
        self.inner.world().uploads.values().cloned().collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let mut tasks = self.inner.tasks();
        for task in tasks.drain(..) {
            task.abort();
        }
        drop(tasks);
        self.inner.world().bus.cut_all();
        if let Some(server) = self.inner.server.get() {
            server.give_up();
        }
    }
}

/// Starts serving a furnished world.
async fn open(world: World, restart_time: Duration) -> Result<Home, KitError> {
    let inner = Arc::new(Inner {
        world: Mutex::new(world),
        server: OnceLock::new(),
        tasks: Mutex::default(),
        restart_time,
    });
    inner.world().show_entities();
    let server = Server::open(rest::router(Arc::clone(&inner))).await?;
    // Nobody else has seen this cell yet, so it is empty.
    let _ = inner.server.set(server);
    Ok(Home { inner })
}
