//! Small readers that turn stored values into types, and name the value when it can't be read.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

pub fn unreadable(what: &str, e: &dyn std::fmt::Display) -> StoreError {
    StoreError::Value(format!("{what}: {e}"))
}

pub fn timestamp(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|e| unreadable("a time", &e))
}

pub fn from_json<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| unreadable(what, &e))
}

pub fn to_json<T: Serialize>(what: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| unreadable(what, &e))
}
