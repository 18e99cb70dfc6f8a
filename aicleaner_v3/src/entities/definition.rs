//! What one entity is, as data. A new entity is a new row in the table of zones or of the system, and nothing else.

use bytes::Bytes;

use crate::i18n::{Message, Texts};
use crate::model::{Command, SystemView, ZoneId, ZoneView};

/// What a device's states are made from.
pub(super) trait Device: 'static {
    /// What a command needs to know of the device.
    type Target: Clone;

    fn target(&self) -> Self::Target;
}

impl Device for ZoneView {
    type Target = ZoneId;

    fn target(&self) -> ZoneId {
        self.zone.id.clone()
    }
}

impl Device for SystemView {
    type Target = ();

    fn target(&self) {}
}

/// One entity of a device whose state is a `V`.
pub(super) struct Entity<V: Device> {
    /// Names its topics and its unique id; never changes.
    pub(super) key: &'static str,
    /// What people read after the device's name.
    pub(super) name: fn() -> Message,
    pub(super) icon: Option<&'static str>,
    pub(super) category: Option<&'static str>,
    pub(super) kind: Kind<V>,
    /// A JSON object of more than the state can say; its sentences are in the home's language.
    pub(super) attributes: Option<fn(&V, &Texts) -> serde_json::Value>,
}

/// What makes entities of different platforms different.
pub(super) enum Kind<V: Device> {
    Sensor(Sensor<V>),
    BinarySensor {
        device_class: Option<&'static str>,
        state: fn(&V) -> Option<bool>,
    },
    /// Whether we are there: told by the availability topic, and available even when we are not.
    Connectivity,
    Button {
        press: fn(V::Target) -> Command,
    },
    Switch {
        state: fn(&V) -> bool,
        turn: fn(V::Target, bool) -> Command,
    },
    Number {
        unit: &'static str,
        device_class: Option<&'static str>,
        /// The least and the most.
        range: (u32, u32),
        state: fn(&V) -> Option<u32>,
        set: fn(V::Target, u32) -> Option<Command>,
    },
    Select {
        options: fn(&V) -> Vec<String>,
        state: fn(&V) -> String,
        choose: fn(V::Target, &str) -> Option<Command>,
    },
    /// Happens, and has no state. What happens is told by `occurrences`.
    Event {
        types: fn() -> Vec<&'static str>,
    },
    /// A JPEG. Every client of the broker can see it, so it is there only when the settings allow it.
    Picture {
        jpeg: fn(&V) -> Option<Bytes>,
    },
}

pub(super) struct Sensor<V: Device> {
    pub(super) unit: Option<&'static str>,
    pub(super) device_class: Option<&'static str>,
    pub(super) state_class: Option<&'static str>,
    /// The states that an `enum` sensor can have.
    pub(super) options: Option<fn() -> Vec<&'static str>>,
    /// None is unknown.
    pub(super) state: fn(&V) -> Option<String>,
}

impl<V: Device> Sensor<V> {
    /// Text of any kind.
    pub(super) const fn text(state: fn(&V) -> Option<String>) -> Kind<V> {
        Kind::Sensor(Self {
            unit: None,
            device_class: None,
            state_class: None,
            options: None,
            state,
        })
    }

    /// A moment, in RFC 3339.
    pub(super) const fn time(state: fn(&V) -> Option<String>) -> Kind<V> {
        Kind::Sensor(Self {
            unit: None,
            device_class: Some("timestamp"),
            state_class: None,
            options: None,
            state,
        })
    }

    /// One of some words.
    pub(super) const fn word(
        options: fn() -> Vec<&'static str>,
        state: fn(&V) -> Option<String>,
    ) -> Kind<V> {
        Kind::Sensor(Self {
            unit: None,
            device_class: Some("enum"),
            state_class: None,
            options: Some(options),
            state,
        })
    }

    /// A number that is measured.
    pub(super) const fn measured(
        unit: Option<&'static str>,
        device_class: Option<&'static str>,
        state: fn(&V) -> Option<String>,
    ) -> Kind<V> {
        Kind::Sensor(Self {
            unit,
            device_class,
            state_class: Some("measurement"),
            options: None,
            state,
        })
    }
}

impl<V: Device> Kind<V> {
    /// Home Assistant's name of the platform.
    pub(super) fn platform(&self) -> &'static str {
        match self {
            Self::Sensor(_) => "sensor",
            Self::BinarySensor { .. } | Self::Connectivity => "binary_sensor",
            Self::Button { .. } => "button",
            Self::Switch { .. } => "switch",
            Self::Number { .. } => "number",
            Self::Select { .. } => "select",
            Self::Event { .. } => "event",
            Self::Picture { .. } => "image",
        }
    }

    pub(super) fn takes_commands(&self) -> bool {
        matches!(
            self,
            Self::Button { .. } | Self::Switch { .. } | Self::Number { .. } | Self::Select { .. }
        )
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
            Self::Number { state, .. } => known(state(view).map(|number| number.to_string())),
            Self::Select { state, .. } => known(Some(state(view))),
            Self::Picture { jpeg } => jpeg(view),
            Self::Button { .. } | Self::Event { .. } | Self::Connectivity => None,
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
