//! Brings a verdict into the form a caller asked for: real lists or JSON in a text, a box as an
//! object or as four numbers. It knows Home Assistant's `structure` (selectors) and JSON schema, and
//! drops fields not asked for.

use serde_json::{Map, Value};

/// The verdict as text, in the form of `structure`.
pub(super) fn render(verdict: Map<String, Value>, structure: Option<&Value>) -> String {
    let shaped = match structure.and_then(top_fields) {
        Some(fields) => keep(verdict, fields),
        None => verdict,
    };
    Value::Object(shaped).to_string()
}

/// The fields of a structure, or the properties of a schema.
fn top_fields(structure: &Value) -> Option<&Map<String, Value>> {
    match structure.get("properties") {
        Some(properties) => properties.as_object(),
        None => structure.as_object(),
    }
}

fn keep(object: Map<String, Value>, fields: &Map<String, Value>) -> Map<String, Value> {
    object
        .into_iter()
        .filter_map(|(name, value)| {
            let wanted = fields.get(&name)?;
            Some((name, fit(value, wanted)))
        })
        .collect()
}

fn fit(value: Value, wanted: &Value) -> Value {
    // What may be null is asked for as a choice of two forms.
    if let Some(form) = wanted.pointer("/anyOf/0") {
        return fit(value, form);
    }
    if wants_text(wanted) && !value.is_string() {
        return Value::String(value.to_string());
    }
    let Some(fields) = inner_fields(wanted) else {
        return value;
    };
    match value {
        Value::Object(object) => Value::Object(keep(object, fields)),
        Value::Array(sides) if sides.len() == 4 && sides.iter().all(Value::is_number) => {
            let names = ["x", "y", "width", "height"].map(str::to_owned);
            Value::Object(keep(names.into_iter().zip(sides).collect(), fields))
        }
        Value::Array(items) => items.into_iter().map(|item| fit(item, wanted)).collect(),
        other => other,
    }
}

fn wants_text(field: &Value) -> bool {
    let selected = field.pointer("/selector/text").is_some();
    selected || field.get("type").and_then(Value::as_str) == Some("string")
}

/// The fields of an object, or of the objects in a list, where the structure names them.
fn inner_fields(field: &Value) -> Option<&Map<String, Value>> {
    [
        "/selector/object/fields",
        "/items/properties",
        "/properties",
    ]
    .iter()
    .find_map(|path| field.pointer(path))
    .and_then(Value::as_object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn verdict() -> Map<String, Value> {
        let value = json!({"score": 80, "summary": "fine", "findings": [
            {"title": "x", "minutes": 2, "box": [0.1, 0.2, 0.3, 0.4]},
        ]});
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

        let shaped = shaped(&structure);

        assert_eq!(shaped["score"], 80);
        assert!(shaped["findings"].as_str().unwrap().starts_with("[{"));
        assert!(shaped.get("summary").is_none());
    }

    #[test]
    fn object_selectors_without_fields_get_lists_as_they_are() {
        let structure = json!({"findings": {"selector": {"object": {"multiple": true}}}});

        assert_eq!(shaped(&structure)["findings"], verdict()["findings"]);
    }

    #[test]
    fn object_selectors_with_fields_get_those_fields_and_a_box_by_name() {
        let share = json!({"selector": {"number": {}}});
        let sides = json!({"x": share, "y": share, "width": share, "height": share});
        let structure = json!({"findings": {"selector": {"object": {"multiple": true, "fields": {
            "title": {"selector": {"text": {}}},
            "box": {"selector": {"object": {"fields": sides}}},
        }}}}});

        assert_eq!(
            shaped(&structure)["findings"],
            json!([{"title": "x", "box": {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}}])
        );
    }

    #[test]
    fn an_empty_list_stays_a_list() {
        let verdict = json!({"findings": []}).as_object().unwrap().clone();
        let title = json!({"title": {"selector": {"text": {}}}});
        let structure =
            json!({"findings": {"selector": {"object": {"multiple": true, "fields": title}}}});

        assert_eq!(render(verdict, Some(&structure)), r#"{"findings":[]}"#);
    }

    #[test]
    fn a_schema_is_understood_too() {
        let share = json!({"type": "number"});
        let sides = json!({"x": share, "y": share, "width": share, "height": share});
        let structure = json!({"type": "object", "properties": {
            "summary": {"type": "string"},
            "findings": {"type": "array", "items": {"type": "object", "properties": {
                "minutes": {"type": "number"},
                "box": {"type": "object", "properties": sides},
            }}},
        }});

        assert_eq!(
            shaped(&structure),
            json!({"summary": "fine", "findings": [
                {"minutes": 2, "box": {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}},
            ]})
        );
    }

    #[test]
    fn without_a_structure_the_verdict_is_whole() {
        let whole: Value = serde_json::from_str(&render(verdict(), None)).unwrap();

        assert_eq!(whole, Value::Object(verdict()));
    }
}
