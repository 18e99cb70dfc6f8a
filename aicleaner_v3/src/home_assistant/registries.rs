//! Home Assistant's registries of areas, devices and entities: what people named, grouped and switched off
//! (`homeassistant/components/config/{area,device,entity}_registry.py`). Reads only, and needs no administrator.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::HomeError;
use super::handle::HomeAssistant;
use crate::model::EntityId;

/// An area's entry.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct AreaEntry {
    pub(super) area_id: String,
    pub(super) name: String,
}

/// A device's entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DeviceEntry {
    /// The registry's id.
    pub id: String,
    /// The id of the area that the device is in.
    #[serde(default)]
    pub area_id: Option<String>,
    #[serde(default)]
    identifiers: Vec<Value>,
}

impl DeviceEntry {
    /// Whether the integration `platform` knows the device under `identifier`.
    pub fn has_identifier(&self, platform: &str, identifier: &str) -> bool {
        let wanted = json!([platform, identifier]);
        self.identifiers.contains(&wanted)
    }
}

/// An entity's entry.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct EntityEntry {
    /// The entity's id, which people may change.
    pub entity_id: String,
    /// The registry's own id, which no renaming changes.
    #[serde(default)]
    pub id: Option<String>,
    /// The integration that it comes from.
    #[serde(default)]
    pub platform: Option<String>,
    /// The id of the area that a person put the entity itself in.
    #[serde(default)]
    pub area_id: Option<String>,
    /// The id of the device that it belongs to.
    #[serde(default)]
    pub device_id: Option<String>,
    /// Who switched it off, if anybody did.
    #[serde(default)]
    pub disabled_by: Option<String>,
    /// Who hid it, if anybody did.
    #[serde(default)]
    pub hidden_by: Option<String>,
    /// Some integrations use numbers.
    #[serde(default)]
    unique_id: Value,
    /// Only in an answer about one entity.
    #[serde(default)]
    options: Value,
}

impl EntityEntry {
    /// The integration's own id for the entity, where it is text.
    pub fn unique_id(&self) -> Option<&str> {
        self.unique_id.as_str()
    }

    /// The entity, if its id is one.
    pub fn entity(&self) -> Option<EntityId> {
        EntityId::parse(&self.entity_id).ok()
    }

    /// Whether a vacuum knows which of its segments are `area` (`vacuum.area_mapping` of the entity's options).
    pub fn maps_area(&self, area: &str) -> bool {
        !self.options["vacuum"]["area_mapping"][area].is_null()
    }
}

impl HomeAssistant {
    /// All areas.
    pub(super) async fn area_registry(&self) -> Result<Vec<AreaEntry>, HomeError> {
        self.list("config/area_registry/list").await
    }

    /// All devices.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn device_registry(&self) -> Result<Vec<DeviceEntry>, HomeError> {
        self.list("config/device_registry/list").await
    }

    /// All entities that have an entry.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn entity_registry(&self) -> Result<Vec<EntityEntry>, HomeError> {
        self.list("config/entity_registry/list").await
    }

    /// The entry of one entity, with its options.
    ///
    /// # Errors
    /// When Home Assistant is away, or refuses: an entity without an entry is refused as not found.
    pub async fn entity_entry(&self, entity: &EntityId) -> Result<EntityEntry, HomeError> {
        const GET: &str = "config/entity_registry/get";
        let answer = self
            .command(json!({"type": GET, "entity_id": entity}))
            .await?;
        typed(GET, answer)
    }

    /// The entity that has this unique id, whatever it is called by now.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn entity_of(
        &self,
        platform: &str,
        unique_id: &str,
    ) -> Result<Option<EntityId>, HomeError> {
        let entries = self.entity_registry().await?;
        let entry = entries.iter().find(|entry| {
            entry.platform.as_deref() == Some(platform) && entry.unique_id() == Some(unique_id)
        });
        Ok(entry.and_then(EntityEntry::entity))
    }

    /// Has the entity's integration fetch it anew (`homeassistant.update_entity`).
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn update_entity(&self, entity: &EntityId) -> Result<(), HomeError> {
        let data = json!({"entity_id": [entity]});
        self.call_service("homeassistant", "update_entity", data, false)
            .await
            .map(drop)
    }

    /// The answer to a command that lists something.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        command: &str,
    ) -> Result<Vec<T>, HomeError> {
        let answer = self.command(json!({ "type": command })).await?;
        typed(command, answer)
    }
}

/// The answer to `command` as a type.
pub(super) fn typed<T: DeserializeOwned>(command: &str, answer: Value) -> Result<T, HomeError> {
    serde_json::from_value(answer).map_err(|e| HomeError::unreadable(command, &e))
}
