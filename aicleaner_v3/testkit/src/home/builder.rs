//! Furnishing a simulated home before it starts: its entities, its model, its language and time zone.
//! The usual home is RUNNING, speaks English and has an AI Task entity that knows nothing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::ai_task::{self, AI_TASK};
use super::bus::Bus;
use super::records::CoreState;
use super::states::Known;
use super::todo::{TodoList, features};
use super::world::{Config, World};
use super::{Home, open};
use crate::KitError;
use crate::camera::{Camera, Source};
use crate::model::{Judge, Scripted};

/// How long the service `homeassistant.restart` leaves Home Assistant STARTING.
const RESTART_TIME: Duration = Duration::from_millis(300);
/// The token of a home that was not told another.
const TOKEN: &str = "simulated-long-lived-token";

/// What a home will be.
pub struct HomeBuilder {
    world: World,
    restart_time: Duration,
}

impl Default for HomeBuilder {
    fn default() -> Self {
        let world = World {
            core: CoreState::Running,
            config: Config {
                location_name: "Simulated home".to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
                language: "en".to_owned(),
                version: "2026.11.0".to_owned(),
            },
            token: Some(TOKEN.to_owned()),
            known: BTreeMap::from([(AI_TASK.to_owned(), ai_task::known())]),
            states: BTreeMap::new(),
            bus: Bus::default(),
            lists: BTreeMap::new(),
            cameras: BTreeMap::new(),
            uploads: BTreeMap::new(),
            image_upload_loaded: true,
            notifications: Vec::new(),
            notifiers: vec!["notify".to_owned(), "persistent_notification".to_owned()],
            areas: Vec::new(),
            placed: BTreeMap::new(),
            vacuum_areas: BTreeMap::new(),
            dashboards: super::lovelace::Dashboards::default(),
            is_admin: true,
            calls: VecDeque::new(),
            ai_calls: VecDeque::new(),
            faults: BTreeMap::new(),
            preferred_ai_task: Some(AI_TASK.to_owned()),
            judge: Arc::new(Scripted::Empty),
            missing_while_starting: false,
        };
        Self {
            world,
            restart_time: RESTART_TIME,
        }
    }
}

impl Home {
    /// A home to furnish and start.
    #[must_use]
    pub fn builder() -> HomeBuilder {
        HomeBuilder::default()
    }
}

impl HomeBuilder {
    /// Adds a camera.
    #[must_use]
    pub fn camera(mut self, entity_id: &str, source: Source) -> Self {
        let attributes = json!({
            "friendly_name": entity_id.trim_start_matches("camera."),
            "supported_features": 0,
            "entity_picture": format!("/api/camera_proxy/{entity_id}"),
        });
        let known = Known {
            state: "idle".to_owned(),
            attributes: attributes.as_object().cloned().unwrap_or_default(),
            platform: "generic",
        };
        self.world.known.insert(entity_id.to_owned(), known);
        let camera = Camera::new(source);
        self.world.cameras.insert(entity_id.to_owned(), camera);
        self
    }

    /// Adds an empty to-do list that can do all that `local_todo` can.
    #[must_use]
    pub fn todo_list(self, entity_id: &str, name: &str) -> Self {
        self.limited_todo_list(entity_id, name, features::ALL)
    }

    /// Adds an empty to-do list with some of the [`features`].
    #[must_use]
    pub fn limited_todo_list(mut self, entity_id: &str, name: &str, features: u32) -> Self {
        let list = TodoList::new(name, features);
        self.world.known.insert(entity_id.to_owned(), list.known());
        self.world.lists.insert(entity_id.to_owned(), list);
        self
    }

    /// Adds any other entity.
    #[must_use]
    pub fn entity(mut self, entity_id: &str, state: &str, attributes: Map<String, Value>) -> Self {
        let known = Known {
            state: state.to_owned(),
            attributes,
            platform: "demo",
        };
        self.world.known.insert(entity_id.to_owned(), known);
        self
    }

    /// Adds a notify service: `mobile_app_phone` becomes `notify.mobile_app_phone`.
    #[must_use]
    pub fn notifier(mut self, name: &str) -> Self {
        self.world.notifiers.push(name.to_owned());
        self
    }

    /// Adds an area.
    #[must_use]
    pub fn area(mut self, area_id: &str, name: &str) -> Self {
        let area = (area_id.to_owned(), name.to_owned());
        self.world.areas.push(area);
        self
    }

    /// Adds a robot vacuum in its dock, with these features and the areas that are mapped to its segments.
    #[must_use]
    pub fn vacuum(mut self, entity_id: &str, features: u32, areas: &[&str]) -> Self {
        let attributes = json!({"friendly_name": entity_id, "supported_features": features});
        let attributes = attributes.as_object().cloned().unwrap_or_default();
        if !areas.is_empty() {
            let areas = areas.iter().map(|area| (*area).to_owned()).collect();
            self.world.vacuum_areas.insert(entity_id.to_owned(), areas);
        }
        self.entity(entity_id, "docked", attributes)
    }

    /// Puts an entity into an area.
    #[must_use]
    pub fn in_area(mut self, entity_id: &str, area_id: &str) -> Self {
        let (entity, area) = (entity_id.to_owned(), area_id.to_owned());
        self.world.placed.insert(entity, area);
        self
    }

    /// Who answers AI tasks.
    #[must_use]
    pub fn judge(mut self, judge: Arc<dyn Judge>) -> Self {
        self.world.judge = judge;
        self
    }

    /// The token that is valid.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.world.token = Some(token.to_owned());
        self
    }

    /// The time zone, such as `Europe/Berlin`.
    #[must_use]
    pub fn time_zone(mut self, time_zone: &str) -> Self {
        time_zone.clone_into(&mut self.world.config.time_zone);
        self
    }

    /// The language, such as `de`.
    #[must_use]
    pub fn language(mut self, language: &str) -> Self {
        language.clone_into(&mut self.world.config.language);
        self
    }

    /// Which AI Task entity is preferred, if any.
    #[must_use]
    pub fn preferred_ai_task(mut self, entity_id: Option<&str>) -> Self {
        self.world.preferred_ai_task = entity_id.map(str::to_owned);
        self
    }

    /// Has its AI Task entity answer typed questions too (`ai_task.evaluate`).
    #[must_use]
    pub fn evaluates(mut self) -> Self {
        if let Some(known) = self.world.known.get_mut(AI_TASK) {
            let all = serde_json::json!(1 | 2 | 8);
            known
                .attributes
                .insert("supported_features".to_owned(), all);
        }
        self
    }

    /// The state it starts in.
    #[must_use]
    pub fn core_state(mut self, state: CoreState) -> Self {
        self.world.core = state;
        self
    }

    /// How long the service `homeassistant.restart` leaves it STARTING; 300 ms unless told.
    #[must_use]
    pub fn restart_time(mut self, time: Duration) -> Self {
        self.restart_time = time;
        self
    }

    /// Starts the home on a free port.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(self) -> Result<Home, KitError> {
        open(self.world, self.restart_time).await
    }
}
