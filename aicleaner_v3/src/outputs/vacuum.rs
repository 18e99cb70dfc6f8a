//! The robot vacuums: whether one can be sent, how it is sent to a zone's area, and that it has come back. Sends only
//! what was decided and stored before.
//!
//! Facts (`homeassistant/components/vacuum/{const,services,entity}.py`): `clean_area` takes `cleaning_area_id` and is
//! feature 16384, `start` is 8192; an area that is not mapped to the robot's own segments in the entity's options
//! (`vacuum.area_mapping`) can't be cleaned.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::jobs::IdOf;
use crate::home_assistant::{HomeAssistant, HomeError};
use crate::model::{EntityId, ZoneId};

const START: u64 = 8192;
const CLEAN_AREA: u64 = 16_384;

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// It is done.
    Done,
    /// It can't be done, for this reason, and trying again would not help.
    InVain(&'static str),
}

/// The robots that were sent, and how they were seen last.
pub struct Robots {
    home: HomeAssistant,
    device_of: IdOf,
    sent: BTreeMap<EntityId, Trip>,
    seen: BTreeMap<EntityId, String>,
}

#[derive(Default)]
struct Trip {
    zones: BTreeSet<ZoneId>,
    /// Whether it was seen away from its dock since.
    has_left: bool,
}

impl Robots {
    pub fn new(home: HomeAssistant, device_of: IdOf) -> Self {
        Self {
            home,
            device_of,
            sent: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Whether one of `robots` is in another state than when this was asked last.
    pub fn have_changed<'a>(&mut self, robots: impl Iterator<Item = &'a EntityId>) -> bool {
        let states = self.home.states();
        let states = states.borrow();
        let now: BTreeMap<EntityId, String> = robots
            .filter_map(|robot| Some((robot.clone(), states.get(robot)?.state.clone())))
            .collect();
        let changed = now != self.seen;
        self.seen = now;
        changed
    }

    /// The zones whose robot has come back since it was sent: each is told once.
    pub fn docked(&mut self) -> Vec<ZoneId> {
        let states = self.home.states();
        let states = states.borrow();
        let mut zones = Vec::new();
        for (robot, trip) in &mut self.sent {
            match states.get(robot).map(|state| state.state.as_str()) {
                Some("docked") if trip.has_left => zones.extend(std::mem::take(&mut trip.zones)),
                Some("cleaning" | "returning" | "paused") => trip.has_left = true,
                _ => {}
            }
        }
        self.sent.retain(|_, trip| !trip.zones.is_empty());
        zones
    }

    /// Why the robot can't be sent now, if it can't.
    pub fn obstacle(&self, robot: &EntityId) -> Option<&'static str> {
        let states = self.home.states();
        let states = states.borrow();
        match states.get(robot).map(|state| state.state.as_str()) {
            Some("docked" | "idle") => None,
            Some("cleaning" | "returning" | "paused") => Some("busy"),
            Some("error") => Some("error"),
            Some(_) => Some("unavailable"),
            None => Some("missing"),
        }
    }

    /// Sends the robot to the zone's area, or on its way where it knows no areas.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn send(
        &mut self,
        robot: &EntityId,
        zone: &ZoneId,
        camera: Option<&EntityId>,
    ) -> Result<Sending, HomeError> {
        let features = {
            let states = self.home.states();
            let states = states.borrow();
            states
                .get(robot)
                .map_or(0, |state| state.supported_features())
        };
        if features & CLEAN_AREA != 0 {
            let Some(area) = self.area_of(zone, camera).await? else {
                return Ok(Sending::InVain("zone_has_no_area"));
            };
            if !self.is_mapped(robot, &area).await? {
                return Ok(Sending::InVain("area_not_mapped_to_the_robot"));
            }
            let call = json!({"entity_id": robot, "cleaning_area_id": [area]});
            self.call("clean_area", call).await?;
        } else if features & START != 0 {
            self.call("start", json!({ "entity_id": robot })).await?;
        } else {
            return Ok(Sending::InVain("robot_can_not_be_started"));
        }
        let trip = self.sent.entry(robot.clone()).or_default();
        trip.has_left = false;
        trip.zones.insert(zone.clone());
        Ok(Sending::Done)
    }

    async fn call(&self, service: &str, data: Value) -> Result<(), HomeError> {
        let called = self.home.call_service("vacuum", service, data, false);
        called.await.map(drop)
    }

    /// The area of the zone's own device, which a person may have put elsewhere, or else of its camera.
    async fn area_of(
        &self,
        zone: &ZoneId,
        camera: Option<&EntityId>,
    ) -> Result<Option<String>, HomeError> {
        let identifier = json!(["mqtt", (self.device_of)(zone)]);
        let devices = self
            .home
            .command(json!({"type": "config/device_registry/list"}))
            .await?;
        let area = |device: &Value| device["area_id"].as_str().map(str::to_owned);
        let devices = devices.as_array().cloned().unwrap_or_default();
        let ours = devices.iter().find(|device| {
            let identifiers = device["identifiers"].as_array();
            identifiers.is_some_and(|known| known.contains(&identifier))
        });
        if let Some(area) = ours.and_then(area) {
            return Ok(Some(area));
        }
        let Some(camera) = camera else {
            return Ok(None);
        };
        let asked = json!({"type": "config/entity_registry/get", "entity_id": camera});
        let entry = match self.home.command(asked).await {
            Ok(entry) => entry,
            // An entity without an entry is in no area.
            Err(HomeError::Refused { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(area) = area(&entry) {
            return Ok(Some(area));
        }
        let device = devices
            .iter()
            .find(|device| device["id"].is_string() && device["id"] == entry["device_id"]);
        Ok(device.and_then(area))
    }

    async fn is_mapped(&self, robot: &EntityId, area: &str) -> Result<bool, HomeError> {
        let asked = json!({"type": "config/entity_registry/get", "entity_id": robot});
        let entry = self.home.command(asked).await?;
        Ok(!entry["options"]["vacuum"]["area_mapping"][area].is_null())
    }
}
