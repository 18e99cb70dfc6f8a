//! MQTT: the session with the broker, kept for ever, behind types of our own so that the client library
//! could be replaced in this folder. Knows topics and payloads as such, but not what they mean.
//! Must never block the event loop, nor let a queue grow without a bound.

mod broker;
mod connection;
mod desired_state;
mod events;
mod handle;
mod options;
mod pace;
mod session;
mod shared;
mod topics;
mod wire;

pub use broker::{Broker, BrokerSource, BrokerUnknown};
pub use desired_state::{MAX_PACKET, MAX_TOPICS, Rank, SetFault};
pub use events::{
    BrokerConnected, BrokerLost, EventDropped, IncomingDropped, RetainedIgnored, SaidAgain,
    StaleRemoved, SubscriptionRefused,
};
pub use handle::Mqtt;
pub use options::MqttOptions;
pub use shared::{Incoming, Judge, MqttStatus, Stale, Unavailable};
