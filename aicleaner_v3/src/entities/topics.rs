//! Where everything is on the broker, and what it is called in Home Assistant's registries. Topics have the
//! instance's name as their first level; ids join their parts with `-`, which no instance, zone or key contains, so
//! that instance `a` with zone `b_c` is never taken for instance `a_b` with zone `c`.

use crate::model::{DiscoveryPrefix, InstanceName, ZoneId};
use crate::mqtt::MqttOptions;

/// What all entities of an instance need to know.
#[derive(Debug, Clone)]
pub struct EntityOptions {
    /// Names topics and ids.
    pub instance: InstanceName,
    /// Where Home Assistant looks for discovery messages.
    pub prefix: DiscoveryPrefix,
    /// Whether frames go to the broker, where all its clients can see them.
    pub publish_pictures: bool,
    /// Our own version.
    pub version: &'static str,
}

impl EntityOptions {
    /// What the MQTT session of this instance needs to know.
    pub fn mqtt(&self) -> MqttOptions {
        MqttOptions {
            instance: self.instance.clone(),
            discovery_prefix: self.prefix.clone(),
            subscriptions: vec![
                format!("{}/+/+/set", self.instance),
                format!("{}/+/set", self.instance),
            ],
        }
    }

    /// The unique id of a zone's picture.
    pub fn picture_id(&self, zone: &ZoneId) -> String {
        self.unique_id(Some(zone), "last_frame")
    }

    /// The identifier of a zone's device.
    pub fn zone_device(&self, zone: &ZoneId) -> String {
        self.device_id(Some(zone))
    }

    /// The device's id in the registry and in its discovery topic; none is the system's.
    pub(super) fn device_id(&self, zone: Option<&ZoneId>) -> String {
        match zone {
            Some(zone) => format!("{}-{zone}", self.instance),
            None => self.instance.to_string(),
        }
    }

    /// Core takes `[a-zA-Z0-9_-]+` for the id (`components/mqtt/discovery.py`: `TOPIC_MATCHER`).
    pub(super) fn discovery_topic(&self, zone: Option<&ZoneId>) -> String {
        format!("{}/device/{}/config", self.prefix, self.device_id(zone))
    }

    pub(super) fn unique_id(&self, zone: Option<&ZoneId>, key: &str) -> String {
        format!("{}-{key}", self.device_id(zone))
    }

    /// The entity id that Home Assistant gives it at first, with the domain (`object_id` is gone since 2026.4).
    pub(super) fn default_entity_id(
        &self,
        zone: Option<&ZoneId>,
        platform: &str,
        key: &str,
    ) -> String {
        match zone {
            Some(zone) => format!("{platform}.{}_{zone}_{key}", self.instance),
            None => format!("{platform}.{}_{key}", self.instance),
        }
    }

    pub(super) fn state_topic(&self, zone: Option<&ZoneId>, key: &str) -> String {
        match zone {
            Some(zone) => format!("{}/{zone}/{key}", self.instance),
            None => format!("{}/{key}", self.instance),
        }
    }

    pub(super) fn attributes_topic(&self, zone: Option<&ZoneId>, key: &str) -> String {
        format!("{}/attributes", self.state_topic(zone, key))
    }

    pub(super) fn command_topic(&self, zone: Option<&ZoneId>, key: &str) -> String {
        format!("{}/set", self.state_topic(zone, key))
    }
}
