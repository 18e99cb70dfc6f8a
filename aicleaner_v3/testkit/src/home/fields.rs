//! The fields of a service call's data, read and checked as Home Assistant does.

use serde_json::Value;

use super::service_error::ServiceError;

/// A text that the service needs.
pub(super) fn required_text(data: &Value, field: &str) -> Result<String, ServiceError> {
    match data.get(field) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(_) => Err(ServiceError::Invalid(format!(
            "value should be a string for dictionary value @ data['{field}']"
        ))),
        None => Err(ServiceError::missing(field)),
    }
}

/// Refuses data that a service does not know.
pub(super) fn only_fields(data: &Value, known: &[&str]) -> Result<(), ServiceError> {
    let mut fields = data.as_object().into_iter().flat_map(|data| data.keys());
    match fields.find(|field| !known.contains(&field.as_str())) {
        Some(field) => Err(ServiceError::Invalid(format!(
            "extra keys not allowed @ data['{field}']"
        ))),
        None => Ok(()),
    }
}

/// The entities a call is for: one, or several.
pub(super) fn entity_ids(data: &Value) -> Result<Vec<String>, ServiceError> {
    match data.get("entity_id") {
        Some(Value::String(one)) => Ok(one
            .split(',')
            .map(|entity_id| entity_id.trim().to_lowercase())
            .collect()),
        Some(Value::Array(many)) => Ok(many
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect()),
        _ => Err(ServiceError::invalid(
            "must contain at least one of entity_id, device_id, area_id, floor_id, label_id.",
        )),
    }
}
