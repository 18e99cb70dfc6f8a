//! The form of an answer, written once and rendered for each service: JSON Schema, Gemini's subset of
//! OpenAPI, and Home Assistant's selectors.

use serde_json::{Map, Value, json};

use crate::model::Category;

/// Which answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A verdict on a zone.
    Verdict,
    /// What is on the test picture.
    Canary,
}

enum Node {
    Text,
    Whole(i64, i64),
    /// 0 to 1.
    Share,
    Choice(Vec<&'static str>),
    Object(Vec<Field>),
    List(Vec<Field>),
}

struct Field {
    name: &'static str,
    tells: &'static str,
    node: Node,
    /// May be null, or left out where a service allows that.
    optional: bool,
}

fn field(name: &'static str, tells: &'static str, node: Node) -> Field {
    Field {
        name,
        tells,
        node,
        optional: false,
    }
}

fn optional(name: &'static str, tells: &'static str, node: Node) -> Field {
    Field {
        optional: true,
        ..field(name, tells, node)
    }
}

impl Form {
    /// The name that services know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Canary => "shapes",
        }
    }

    fn fields(self) -> Vec<Field> {
        match self {
            Self::Verdict => verdict(),
            Self::Canary => canary(),
        }
    }

    /// As JSON Schema, in the strict subset: all properties required, none besides
    /// (OpenAI's "Structured outputs"; Ollama, vLLM and llama.cpp take the same).
    pub fn json_schema(self) -> Value {
        json_object(&self.fields())
    }

    /// As Gemini's `responseSchema` (ai.google.dev/api/generate-content, `Schema`).
    pub fn gemini_schema(self) -> Value {
        gemini_object(&self.fields())
    }

    /// As Home Assistant's selectors, for `ai_task.generate_data`'s `structure` (Core turns them into a
    /// JSON schema for the model: `homeassistant/helpers/llm.py`, `selector_serializer`).
    pub fn selectors(self) -> Map<String, Value> {
        self.fields()
            .iter()
            .map(|field| {
                let described = json!({
                    "description": field.tells,
                    "required": !field.optional,
                    "selector": selector(&field.node),
                });
                (field.name.to_owned(), described)
            })
            .collect()
    }
}

fn verdict() -> Vec<Field> {
    let categories = Category::ALL.map(Category::as_str).to_vec();
    let corner = vec![
        field("x", "Left edge", Node::Share),
        field("y", "Top edge", Node::Share),
        field("width", "Width", Node::Share),
        field("height", "Height", Node::Share),
    ];
    vec![
        field(
            "score",
            "How tidy the room is: 0 (chaos) to 100 (tidy)",
            Node::Whole(0, 100),
        ),
        field("summary", "One short sentence about the room", Node::Text),
        field(
            "findings",
            "New things to do that can be seen in the picture; empty if there are none",
            Node::List(vec![
                field("title", "What to do", Node::Text),
                field("location", "Where it is", Node::Text),
                field(
                    "category",
                    "What kind of work it is",
                    Node::Choice(categories),
                ),
                field(
                    "priority",
                    "How much it matters",
                    Node::Choice(vec!["low", "normal", "high"]),
                ),
                field("minutes", "Minutes it takes", Node::Whole(1, 600)),
                field("confidence", "How sure you are", Node::Share),
                optional(
                    "task",
                    "The id of the open task that it is, such as t1, if it is one in other words",
                    Node::Text,
                ),
                optional(
                    "box",
                    "Where it is in the picture, each value from 0 to 1",
                    Node::Object(corner),
                ),
            ]),
        ),
        field(
            "tasks",
            "What became of each open task; empty if there are none",
            Node::List(vec![
                field("id", "The task's id, such as t1", Node::Text),
                field(
                    "state",
                    "Whether its cause is still there",
                    Node::Choice(vec!["present", "gone", "unclear"]),
                ),
                field("confidence", "How sure you are", Node::Share),
            ]),
        ),
    ]
}

fn canary() -> Vec<Field> {
    vec![field(
        "shapes",
        "Every shape in the picture",
        Node::List(vec![
            field("number", "The number written in it", Node::Whole(0, 99)),
            field("shape", "Which shape it is", Node::Text),
            field("colour", "Which colour it has", Node::Text),
        ]),
    )]
}

fn json_object(fields: &[Field]) -> Value {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = json_node(&field.node);
            if field.optional {
                schema = json!({"anyOf": [schema, {"type": "null"}]});
            }
            schema["description"] = field.tells.into();
            (field.name.to_owned(), schema)
        })
        .collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

fn json_node(node: &Node) -> Value {
    match node {
        Node::Text => json!({"type": "string"}),
        Node::Whole(..) => json!({"type": "integer"}),
        Node::Share => json!({"type": "number"}),
        Node::Choice(words) => json!({"type": "string", "enum": words}),
        Node::Object(fields) => json_object(fields),
        Node::List(fields) => json!({"type": "array", "items": json_object(fields)}),
    }
}

fn gemini_object(fields: &[Field]) -> Value {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    let required: Vec<_> = fields
        .iter()
        .filter(|field| !field.optional)
        .map(|field| field.name)
        .collect();
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = gemini_node(&field.node);
            schema["description"] = field.tells.into();
            if field.optional {
                schema["nullable"] = true.into();
            }
            (field.name.to_owned(), schema)
        })
        .collect();
    json!({"type": "OBJECT", "properties": properties, "required": required, "propertyOrdering": names})
}

fn gemini_node(node: &Node) -> Value {
    match node {
        Node::Text => json!({"type": "STRING"}),
        Node::Whole(least, most) => json!({"type": "INTEGER", "minimum": least, "maximum": most}),
        Node::Share => json!({"type": "NUMBER", "minimum": 0, "maximum": 1}),
        Node::Choice(words) => json!({"type": "STRING", "enum": words}),
        Node::Object(fields) => gemini_object(fields),
        Node::List(fields) => json!({"type": "ARRAY", "items": gemini_object(fields)}),
    }
}

fn selector(node: &Node) -> Value {
    match node {
        Node::Text => json!({"text": {}}),
        Node::Whole(least, most) => json!({"number": {"min": least, "max": most, "step": 1}}),
        Node::Share => json!({"number": {"min": 0, "max": 1, "step": "any"}}),
        Node::Choice(words) => json!({"select": {"options": words}}),
        Node::Object(fields) => json!({"object": {"fields": selector_fields(fields)}}),
        Node::List(fields) => {
            json!({"object": {"multiple": true, "fields": selector_fields(fields)}})
        }
    }
}

fn selector_fields(fields: &[Field]) -> Map<String, Value> {
    fields
        .iter()
        .map(|field| {
            let mut described = json!({"label": field.tells, "selector": selector(&field.node)});
            if !field.optional {
                described["required"] = true.into();
            }
            (field.name.to_owned(), described)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdicts_schema_in_the_three_forms() {
        insta::assert_json_snapshot!("verdict_json_schema", Form::Verdict.json_schema());
        insta::assert_json_snapshot!("verdict_gemini", Form::Verdict.gemini_schema());
        insta::assert_json_snapshot!("verdict_selectors", Form::Verdict.selectors());
    }

    /// OpenAI refuses a strict schema with an object that leaves a property out of `required` or lets more in.
    #[test]
    fn every_object_of_the_json_schema_is_strict() {
        fn check(schema: &Value) {
            if let Some(properties) = schema["properties"].as_object() {
                assert_eq!(schema["additionalProperties"], false);
                let required = schema["required"].as_array().unwrap();
                assert_eq!(required.len(), properties.len());
                properties.values().for_each(check);
            }
            for inner in schema["anyOf"].as_array().into_iter().flatten() {
                check(inner);
            }
            if schema["items"].is_object() {
                check(&schema["items"]);
            }
        }
        for form in [Form::Verdict, Form::Canary] {
            check(&form.json_schema());
        }
    }
}
