//! What one entity is, as data. A new entity is a new row in the table of zones or of the system, and nothing else.

use bytes::Bytes;

use crate::model::{Command, ZoneId};

/// One entity of a device whose state is a `V`.
pub(super) struct Entity<V: 'static> {
    /// Names its topics and its unique id; never changes.
    pub(super) key: &'static str,
    /// What people read after the device's name.
    pub(super) name: &'static str,
    pub(super) icon: Option<&'static str>,
    pub(super) category: Option<&'static str>,
    pub(super) kind: Kind<V>,
    /// A JSON object of more than the state can say.
    pub(super) attributes: Option<fn(&V) -> serde_json::Value>,
}

/// What makes entities of different platforms different.
pub(super) enum Kind<V: 'static> {
    Sensor(Sensor<V>),
    BinarySensor {
        device_class: Option<&'static str>,
        state: fn(&V) -> Option<bool>,
    },
    Button {
        press: fn(ZoneId) -> Command,
    },
    Switch {
        state: fn(&V) -> bool,
        turn: fn(ZoneId, bool) -> Command,
    },
    /// A JPEG. Every client of the broker can see it, so it is there only when the settings allow it.
    Picture {
        jpeg: fn(&V) -> Option<Bytes>,
    },
}

pub(super) struct Sensor<V: 'static> {
    pub(super) unit: Option<&'static str>,
    pub(super) device_class: Option<&'static str>,
    pub(super) state_class: Option<&'static str>,
    /// The states that an `enum` sensor can have.
    pub(super) options: Option<fn() -> Vec<&'static str>>,
    /// None is unknown.
    pub(super) state: fn(&V) -> Option<String>,
}

impl<V> Kind<V> {
    /// Home Assistant's name of the platform.
    pub(super) fn platform(&self) -> &'static str {
        match self {
            Self::Sensor(_) => "sensor",
            Self::BinarySensor { .. } => "binary_sensor",
            Self::Button { .. } => "button",
            Self::Switch { .. } => "switch",
            Self::Picture { .. } => "image",
        }
    }

    pub(super) fn takes_commands(&self) -> bool {
        matches!(self, Self::Button { .. } | Self::Switch { .. })
    }

    /// The payload that shows `view`; none when there is nothing to show. Unknown is the word `None`: an empty message
    /// would be ignored by sensors and take the topic off the broker (Core's `components/mqtt/const.py`: `PAYLOAD_NONE`).
    pub(super) fn state(&self, view: &V) -> Option<Bytes> {
        let known = |state: Option<String>| Some(state.map_or(UNKNOWN, Bytes::from));
        match self {
            Self::Sensor(sensor) => known((sensor.state)(view)),
            Self::BinarySensor { state, .. } => {
                Some(state(view).map_or(UNKNOWN, |on| Bytes::from_static(on_or_off(on).as_bytes())))
            }
            Self::Switch { state, .. } => {
                Some(Bytes::from_static(on_or_off(state(view)).as_bytes()))
            }
            Self::Picture { jpeg } => jpeg(view),
            Self::Button { .. } => None,
        }
    }
}

const UNKNOWN: Bytes = Bytes::from_static(b"None");

/// Home Assistant's defaults for switches and binary sensors.
pub(super) const ON: &str = "ON";
pub(super) const OFF: &str = "OFF";
/// Home Assistant's default for buttons.
pub(super) const PRESS: &str = "PRESS";

fn on_or_off(on: bool) -> &'static str {
    if on { ON } else { OFF }
}
