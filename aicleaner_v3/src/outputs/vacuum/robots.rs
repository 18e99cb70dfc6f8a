//! The robot vacuums: whether one can be sent, how it is sent to a zone's area, and that it has come back. Sends only
//! what was decided and stored before.
//!
//! Fact (`homeassistant/components/vacuum/entity.py`): an area that is not mapped to the robot's own segments in the
//! entity's options (`vacuum.area_mapping`) can't be cleaned.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ids::IdOf;
use crate::home_assistant::{HomeAssistant, HomeError};
use crate::model::{EntityId, ZoneId};

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
        let features = self.home.vacuum_features(robot);
        if features.clean_area() {
            let Some(area) = self.area_of(zone, camera).await? else {
                return Ok(Sending::InVain("zone_has_no_area"));
            };
            if !self.home.entity_entry(robot).await?.maps_area(&area) {
                return Ok(Sending::InVain("area_not_mapped_to_the_robot"));
            }
            self.home.vacuum_clean_area(robot, &area).await?;
        } else if features.start() {
            self.home.vacuum_start(robot).await?;
        } else {
            return Ok(Sending::InVain("robot_can_not_be_started"));
        }
        let trip = self.sent.entry(robot.clone()).or_default();
        trip.has_left = false;
        trip.zones.insert(zone.clone());
        Ok(Sending::Done)
    }

    /// The area of the zone's own device, which a person may have put elsewhere, or else of its camera.
    async fn area_of(
        &self,
        zone: &ZoneId,
        camera: Option<&EntityId>,
    ) -> Result<Option<String>, HomeError> {
        let identifier = (self.device_of)(zone);
        let devices = self.home.device_registry().await?;
        let ours = devices
            .iter()
            .find(|device| device.has_identifier("mqtt", &identifier));
        if let Some(area) = ours.and_then(|device| device.area_id.clone()) {
            return Ok(Some(area));
        }
        let Some(camera) = camera else {
            return Ok(None);
        };
        let entry = match self.home.entity_entry(camera).await {
            Ok(entry) => entry,
            // An entity without an entry is in no area.
            Err(HomeError::Refused { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if entry.area_id.is_some() {
            return Ok(entry.area_id);
        }
        let device = devices
            .into_iter()
            .find(|device| entry.device_id.as_ref() == Some(&device.id));
        Ok(device.and_then(|device| device.area_id))
    }
}
