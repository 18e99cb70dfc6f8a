//! MQTT: the session with the broker, behind our own types.
