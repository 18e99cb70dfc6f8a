//! The verdict's schema. Flat, because small models fill flat forms better.

use serde_json::{Value, json};

/// The schema as Home Assistant selectors, for `ai_task.generate_data`'s `structure` (Core turns them into a
/// JSON schema for the model: `homeassistant/helpers/llm.py`, `selector_serializer`).
pub fn selectors() -> Value {
    let text = json!({"text": {}});
    let share = json!({"number": {"min": 0, "max": 1, "step": "any"}});
    json!({
        "score": {
            "description": "How tidy the room is: 0 (chaos) to 100 (tidy)",
            "required": true,
            "selector": {"number": {"min": 0, "max": 100, "step": 1}},
        },
        "summary": {
            "description": "One short sentence about the room",
            "required": true,
            "selector": text,
        },
        "findings": {
            "description": "New things to do that can be seen in the picture; empty if there are none",
            "required": true,
            "selector": {"object": {"multiple": true, "fields": {
                "title": {"label": "What to do", "required": true, "selector": text},
                "location": {"label": "Where it is", "required": true, "selector": text},
                "priority": {"label": "How much it matters", "required": true, "selector": {"select": {"options": ["low", "normal", "high"]}}},
                "minutes": {"label": "Minutes it takes", "required": true, "selector": {"number": {"min": 1, "max": 600, "step": 1}}},
                "confidence": {"label": "How sure you are", "required": true, "selector": share},
                "task": {"label": "The id of the open task that it is, such as t1, if it is one in other words", "selector": text},
                "category": {"label": "What kind of work it is", "selector": {"select": {"options": ["put_away", "clean", "dishes", "laundry", "rubbish", "straighten", "other"]}}},
                "box": {"label": "Where it is in the picture, each value from 0 to 1", "selector": {"object": {"fields": {
                    "x": {"label": "Left edge", "required": true, "selector": share},
                    "y": {"label": "Top edge", "required": true, "selector": share},
                    "width": {"label": "Width", "required": true, "selector": share},
                    "height": {"label": "Height", "required": true, "selector": share},
                }}}},
            }}},
        },
        "tasks": {
            "description": "What became of each open task; empty if there are none",
            "required": true,
            "selector": {"object": {"multiple": true, "fields": {
                "id": {"label": "The task's id, such as t1", "required": true, "selector": text},
                "state": {"label": "Whether its cause is still there", "required": true, "selector": {"select": {"options": ["present", "gone", "unclear"]}}},
                "confidence": {"label": "How sure you are", "required": true, "selector": share},
            }}},
        },
    })
}
