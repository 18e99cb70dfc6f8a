//! Checks the `structure` of an AI task as Home Assistant checks its selectors.
//! Only the selectors that an answer can be made of are known; any other is refused.

use serde_json::{Map, Value};

use super::service_error::ServiceError;

/// The selectors known here, with the settings each may have (`helpers/selector.py`).
const SELECTORS: [(&str, &[&str]); 5] = [
    ("boolean", &["read_only"]),
    (
        "number",
        &[
            "min",
            "max",
            "step",
            "unit_of_measurement",
            "mode",
            "translation_key",
            "read_only",
        ],
    ),
    (
        "object",
        &[
            "fields",
            "multiple",
            "label_field",
            "description_field",
            "translation_key",
            "read_only",
        ],
    ),
    (
        "select",
        &[
            "options",
            "multiple",
            "custom_value",
            "mode",
            "translation_key",
            "sort",
            "read_only",
        ],
    ),
    (
        "text",
        &[
            "multiline",
            "prefix",
            "suffix",
            "type",
            "autocomplete",
            "multiple",
            "read_only",
        ],
    ),
];

/// Checks a structure: fields with a selector each, `description` and `required` besides.
pub(super) fn check(structure: &Value) -> Result<(), ServiceError> {
    for (name, field) in object(structure, "data['structure']")? {
        let at = format!("data['structure']['{name}']");
        check_field(field, &at, &["description", "required", "selector"])?;
    }
    Ok(())
}

fn check_field(field: &Value, at: &str, known: &[&str]) -> Result<(), ServiceError> {
    let field = object(field, at)?;
    only(field, known, at)?;
    let selector = field
        .get("selector")
        .ok_or_else(|| invalid("required key not provided", &format!("{at}['selector']")))?;
    check_selector(selector, &format!("{at}['selector']"))
}

fn check_selector(selector: &Value, at: &str) -> Result<(), ServiceError> {
    let selector = object(selector, at)?;
    let mut kinds = selector.iter();
    let (Some((kind, settings)), None) = (kinds.next(), kinds.next()) else {
        let text = format!("Only one type can be specified. Found {}", selector.len());
        return Err(invalid(&text, at));
    };
    let known = SELECTORS.iter().find(|(name, _)| name == kind);
    let (_, known) =
        known.ok_or_else(|| invalid(&format!("Unknown selector type {kind} found"), at))?;
    if settings.is_null() {
        return Ok(());
    }
    let at = format!("{at}['{kind}']");
    let settings = object(settings, &at)?;
    only(settings, known, &at)?;
    if kind == "select" && !settings.get("options").is_some_and(Value::is_array) {
        return Err(invalid(
            "required key not provided",
            &format!("{at}['options']"),
        ));
    }
    for (name, field) in settings
        .get("fields")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let at = format!("{at}['fields']['{name}']");
        check_field(field, &at, &["selector", "default", "required", "label"])?;
    }
    Ok(())
}

fn object<'value>(
    value: &'value Value,
    at: &str,
) -> Result<&'value Map<String, Value>, ServiceError> {
    value
        .as_object()
        .ok_or_else(|| invalid("expected a dictionary", at))
}

fn only(object: &Map<String, Value>, known: &[&str], at: &str) -> Result<(), ServiceError> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(invalid("extra keys not allowed", &format!("{at}['{key}']"))),
        None => Ok(()),
    }
}

fn invalid(what: &str, at: &str) -> ServiceError {
    ServiceError::Invalid(format!("{what} @ {at}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_selectors_are_accepted() {
        let share = json!({"selector": {"number": {"min": 0, "max": 1, "step": "any"}}});
        let structure = json!({
            "score": {"description": "x", "required": true, "selector": {"number": {"min": 0}}},
            "findings": {"selector": {"object": {"multiple": true, "fields": {
                "priority": {"label": "x", "selector": {"select": {"options": ["low"]}}},
                "box": {"selector": {"object": {"fields": {"x": share}}}},
            }}}},
        });

        assert_eq!(check(&structure), Ok(()));
    }

    #[test]
    fn what_home_assistant_refuses_is_refused_and_named() {
        let cases = [
            (
                json!({"a": {"type": "number"}}),
                "extra keys not allowed @ data['structure']['a']['type']",
            ),
            (
                json!({"a": {}}),
                "required key not provided @ data['structure']['a']['selector']",
            ),
            (
                json!({"a": {"selector": {"json": {}}}}),
                "Unknown selector type json found @ data['structure']['a']['selector']",
            ),
            (
                json!({"a": {"selector": {"object": {"fields": {"b": {"description": "x"}}}}}}),
                "extra keys not allowed @ data['structure']['a']['selector']['object']['fields']['b']['description']",
            ),
            (
                json!({"a": {"selector": {"select": {}}}}),
                "required key not provided @ data['structure']['a']['selector']['select']['options']",
            ),
        ];

        for (structure, message) in cases {
            assert_eq!(check(&structure), Err(ServiceError::invalid(message)));
        }
    }
}
