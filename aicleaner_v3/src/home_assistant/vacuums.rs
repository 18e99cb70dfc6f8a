//! Robot vacuums: what one can do, and sending it.
//!
//! Facts (`homeassistant/components/vacuum/{const,services}.py`): `clean_area` takes `cleaning_area_id` and is feature
//! 16384, `start` is 8192.

use serde_json::{Value, json};

use super::error::HomeError;
use super::handle::HomeAssistant;
use crate::model::EntityId;

const START: u64 = 8192;
const CLEAN_AREA: u64 = 16_384;

/// What a vacuum can do: `supported_features` of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VacuumFeatures(u64);

impl VacuumFeatures {
    /// It can be started.
    pub fn start(self) -> bool {
        self.0 & START != 0
    }

    /// It can be sent to areas of the home.
    pub fn clean_area(self) -> bool {
        self.0 & CLEAN_AREA != 0
    }
}

impl HomeAssistant {
    /// What the vacuum can do; nothing as long as its state is not known.
    pub fn vacuum_features(&self, vacuum: &EntityId) -> VacuumFeatures {
        VacuumFeatures(
            self.state(vacuum)
                .map_or(0, |state| state.supported_features()),
        )
    }

    /// Has the vacuum clean one area.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn vacuum_clean_area(&self, vacuum: &EntityId, area: &str) -> Result<(), HomeError> {
        let data = json!({"entity_id": vacuum, "cleaning_area_id": [area]});
        self.vacuum_service("clean_area", data).await
    }

    /// Starts the vacuum.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn vacuum_start(&self, vacuum: &EntityId) -> Result<(), HomeError> {
        self.vacuum_service("start", json!({ "entity_id": vacuum }))
            .await
    }

    async fn vacuum_service(&self, service: &str, data: Value) -> Result<(), HomeError> {
        self.call_service("vacuum", service, data, false)
            .await
            .map(drop)
    }
}
