//! The JSON that Ollama writes about its models and its answers.
//! Field names and forms follow Ollama's API reference (docs/api.md).

use serde_json::{Value, json};

use crate::time::now;

const SIZE: u64 = 3_338_801_804;
const DIGEST: &str = "a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a";

/// An entry of `/api/tags`.
pub(super) fn model(name: &str) -> Value {
    json!({
        "name": name,
        "model": name,
        "modified_at": "2026-10-01T12:00:00.123456789+02:00",
        "size": SIZE,
        "digest": DIGEST,
        "details": brief(),
    })
}

/// An entry of `/api/ps`.
pub(super) fn running(name: &str) -> Value {
    json!({
        "name": name,
        "model": name,
        "size": SIZE,
        "digest": DIGEST,
        "details": brief(),
        "expires_at": "2318-02-26T09:00:00Z",
        "size_vram": SIZE,
        "context_length": 8192,
    })
}

/// What `/api/show` says.
pub(super) fn details() -> Value {
    json!({
        "license": "Simulated",
        "modelfile": "FROM simulated",
        "parameters": "temperature 1",
        "template": "{{ .Prompt }}",
        "details": brief(),
        "model_info": {
            "general.architecture": "gemma3",
            "general.parameter_count": 4_299_915_632_u64,
            "gemma3.context_length": 131_072,
        },
        "capabilities": ["completion", "vision", "tools"],
        "modified_at": "2026-10-01T12:00:00.123456789+02:00",
    })
}

fn brief() -> Value {
    json!({
        "parent_model": "",
        "format": "gguf",
        "family": "gemma3",
        "families": ["gemma3"],
        "parameter_size": "4.3B",
        "quantization_level": "Q4_K_M",
    })
}

/// Where the text of an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `/api/chat`: `message.content`.
    Chat,
    /// `/api/generate`: `response`.
    Generate,
}

/// A piece of an answer.
pub(super) fn piece(kind: Kind, model: &str, text: &str) -> Value {
    let mut piece = json!({
        "model": model,
        "created_at": now().to_string(),
        "done": false,
    });
    match kind {
        Kind::Chat => piece["message"] = json!({"role": "assistant", "content": text}),
        Kind::Generate => piece["response"] = text.into(),
    }
    piece
}

/// The last piece, with the reason and the counts. Durations are in nanoseconds.
pub(super) fn last_piece(
    kind: Kind,
    model: &str,
    text: &str,
    prompt: usize,
    answer: usize,
) -> Value {
    let mut piece = piece(kind, model, text);
    let counts = json!({
        "done": true,
        "done_reason": "stop",
        "total_duration": 1_200_000_000_u64,
        "load_duration": 90_000_000,
        "prompt_eval_count": prompt / 4 + 1,
        "prompt_eval_duration": 300_000_000,
        "eval_count": answer / 4 + 1,
        "eval_duration": 800_000_000,
    });
    for (name, value) in counts.as_object().into_iter().flatten() {
        piece[name] = value.clone();
    }
    piece
}
