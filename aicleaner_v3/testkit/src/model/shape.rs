//! Brings a verdict into the form a caller asked for: real lists, or lists as JSON in a text.
//! It knows Home Assistant's `structure` (selectors) and JSON schema, and drops fields not asked for.

use serde_json::{Map, Value};

/// The verdict as text, in the form of `structure`.
pub(super) fn render(verdict: Map<String, Value>, structure: Option<&Value>) -> String {
    let Some(fields) = structure.and_then(fields_of) else {
        return Value::Object(verdict).to_string();
    };
    let shaped: Map<String, Value> = verdict
        .into_iter()
        .filter_map(|(name, value)| {
            let wanted = fields.get(&name)?;
            let value = if wants_text(wanted) && !value.is_string() {
                Value::String(value.to_string())
            } else {
                value
            };
            Some((name, value))
        })
        .collect();
    Value::Object(shaped).to_string()
}

/// The fields of a structure, or the properties of a schema.
fn fields_of(structure: &Value) -> Option<&Map<String, Value>> {
    let object = structure.as_object()?;
    match object.get("properties") {
        Some(properties) => properties.as_object(),
        None => Some(object),
    }
}

fn wants_text(field: &Value) -> bool {
    let selected = field.pointer("/selector/text").is_some();
    selected || field.get("type").and_then(Value::as_str) == Some("string")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn verdict() -> Map<String, Value> {
        let value = json!({"score": 80, "summary": "fine", "findings": [{"title": "x"}]});
        value.as_object().unwrap().clone()
    }

    fn shaped(structure: &Value) -> Value {
        serde_json::from_str(&render(verdict(), Some(structure))).unwrap()
    }

    #[test]
    fn text_selectors_get_lists_as_json_text() {
        let structure = json!({
            "score": {"selector": {"number": {}}},
            "findings": {"selector": {"text": {"multiline": true}}},
        });

        assert_eq!(
            shaped(&structure),
            json!({"score": 80, "findings": "[{\"title\":\"x\"}]"})
        );
    }

    #[test]
    fn object_selectors_get_real_lists() {
        let structure = json!({"findings": {"selector": {"object": {"multiple": true}}}});

        assert_eq!(shaped(&structure), json!({"findings": [{"title": "x"}]}));
    }

    #[test]
    fn a_schema_is_understood_too() {
        let structure = json!({"type": "object", "properties": {
            "summary": {"type": "string"},
            "findings": {"type": "array"},
        }});

        assert_eq!(
            shaped(&structure),
            json!({"summary": "fine", "findings": [{"title": "x"}]})
        );
    }
}
