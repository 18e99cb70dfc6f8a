//! The wire formats of the services: what a request must have, where text and pictures are, and what answers
//! look like. Field names follow each service's own API reference.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::request::ServiceRequest;

/// Which service is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Google's `generateContent`.
    Gemini,
    /// OpenAI's chat completions.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
    /// Ollama's chat.
    Ollama,
}

/// Text and pictures of a request.
type Content = (String, Vec<Vec<u8>>);

impl Api {
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Gemini => "/v1beta",
            Self::OpenAi | Self::Anthropic => "/v1",
            Self::Ollama => "",
        }
    }

    /// Ollama's pages about its models.
    pub(super) fn about_models(self, path: &str, model: &str, body: &[u8]) -> Option<Response> {
        match (self, path) {
            (Self::Ollama, "/api/tags") => {
                Some(Json(json!({"models": [{"name": model, "model": model}]})).into_response())
            }
            (Self::Ollama, "/api/show") => {
                let asked: Value = serde_json::from_slice(body).unwrap_or_default();
                let can = match asked["model"].as_str() {
                    Some(asked) if asked != model => {
                        let told = format!("model '{asked}' not found");
                        return Some(self.error(StatusCode::NOT_FOUND, "", &told));
                    }
                    Some(asked) if asked.contains("blind") => json!(["completion"]),
                    _ => json!(["completion", "vision"]),
                };
                Some(Json(json!({"capabilities": can})).into_response())
            }
            _ => None,
        }
    }

    /// Whether the request has what the service insists on.
    pub(super) fn check(self, path: &str, body: &Value) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("simulated service: {what}"));
        match self {
            Self::Gemini => {
                if !path.starts_with("/v1beta/models/") || !path.ends_with(":generateContent") {
                    return wrong("unknown path");
                }
                let schema = &body["generationConfig"]["responseSchema"];
                if schema["type"] != "OBJECT" || schema.get("additionalProperties").is_some() {
                    return wrong("responseSchema is no OpenAPI schema");
                }
            }
            Self::OpenAi => {
                if path != "/v1/chat/completions" {
                    return wrong("unknown path");
                }
                let schema = &body["response_format"]["json_schema"];
                if schema["strict"] != true || schema["schema"]["additionalProperties"] != false {
                    return wrong("response_format is not strict");
                }
            }
            Self::Anthropic => {
                if path != "/v1/messages" {
                    return wrong("unknown path");
                }
                if !body["max_tokens"].is_u64() {
                    return wrong("max_tokens: field required");
                }
                if body["tool_choice"]["name"] != body["tools"][0]["name"] {
                    return wrong("tool_choice names no tool");
                }
            }
            Self::Ollama => {
                if path != "/api/chat" {
                    return wrong("unknown path");
                }
                if body["stream"] != false || !body["format"].is_object() {
                    return wrong("expected stream false and a format");
                }
            }
        }
        Ok(())
    }

    /// Whether the request carries the key in the service's own header, and nowhere else.
    pub(super) fn knows(self, headers: &HeaderMap, key: &str) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match self {
            Self::Gemini => header("x-goog-api-key") == Some(key),
            Self::OpenAi => header("authorization") == Some(&format!("Bearer {key}")),
            Self::Anthropic => {
                header("x-api-key") == Some(key) && header("anthropic-version").is_some()
            }
            Self::Ollama => true,
        }
    }

    pub(super) fn names(self, request: &ServiceRequest, model: &str) -> bool {
        match self {
            Self::Gemini => request.path.contains(&format!("/models/{model}:")),
            Self::OpenAi | Self::Anthropic | Self::Ollama => request.body["model"] == model,
        }
    }

    pub(super) fn schema(self, body: &Value) -> Option<&Value> {
        let place = match self {
            // Gemini's form is JSON Schema but for the case of its types.
            Self::Gemini => "/generationConfig/responseSchema",
            Self::OpenAi => "/response_format/json_schema/schema",
            Self::Anthropic => "/tools/0/input_schema",
            Self::Ollama => "/format",
        };
        body.pointer(place)
    }

    pub(super) fn content(self, body: &Value) -> Result<Content, String> {
        let (mut texts, mut images) = (Vec::new(), Vec::new());
        let parts = match self {
            Self::Gemini => &body["contents"][0]["parts"],
            Self::OpenAi | Self::Anthropic => &body["messages"][0]["content"],
            Self::Ollama => {
                let message = &body["messages"][0];
                texts.extend(message["content"].as_str().map(str::to_owned));
                for image in message["images"].as_array().into_iter().flatten() {
                    images.push(decoded(image.as_str())?);
                }
                &Value::Null
            }
        };
        for part in parts.as_array().into_iter().flatten() {
            texts.extend(part["text"].as_str().map(str::to_owned));
            let picture = match self {
                Self::Gemini => part.pointer("/inlineData/data"),
                Self::Anthropic => part.pointer("/source/data"),
                Self::OpenAi => part.pointer("/image_url/url"),
                Self::Ollama => None,
            };
            if let Some(picture) = picture {
                let text = picture.as_str();
                let text = match self {
                    Self::OpenAi => {
                        text.and_then(|url| url.strip_prefix("data:image/jpeg;base64,"))
                    }
                    _ => text,
                };
                images.push(decoded(text)?);
            }
        }
        Ok((texts.join("\n"), images))
    }

    /// An error in the service's own form.
    pub(super) fn error(self, status: StatusCode, kind: &str, message: &str) -> Response {
        let body = match self {
            Self::Gemini => json!({"error": {
                "code": status.as_u16(), "message": message, "status": kind.to_uppercase(),
            }}),
            Self::OpenAi => json!({"error": {
                "message": message, "type": kind, "param": null, "code": kind,
            }}),
            Self::Anthropic => {
                json!({"type": "error", "error": {"type": kind, "message": message}})
            }
            Self::Ollama => json!({"error": message}),
        };
        (status, Json(body)).into_response()
    }

    /// A model's text in the service's own form.
    pub(super) fn answer(self, model: &str, text: &str, images: usize) -> Response {
        let (tokens_in, tokens_out) = (900 + 300 * images, text.len() / 4 + 1);
        let body = match self {
            Self::Gemini => json!({
                "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}],
                "usageMetadata": {"promptTokenCount": tokens_in, "candidatesTokenCount": tokens_out, "totalTokenCount": tokens_in + tokens_out},
                "modelVersion": model,
            }),
            Self::OpenAi => json!({
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1_800_000_000, "model": model,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text, "refusal": null}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out},
            }),
            Self::Anthropic => {
                let content = match serde_json::from_str::<Value>(text) {
                    Ok(input) if input.is_object() => {
                        json!({"type": "tool_use", "id": "toolu_1", "name": "verdict", "input": input})
                    }
                    _ => json!({"type": "text", "text": text}),
                };
                json!({
                    "id": "msg_1", "type": "message", "role": "assistant", "model": model,
                    "content": [content], "stop_reason": "tool_use", "stop_sequence": null,
                    "usage": {"input_tokens": tokens_in, "output_tokens": tokens_out},
                })
            }
            Self::Ollama => json!({
                "model": model, "created_at": "2026-11-20T07:00:00Z",
                "message": {"role": "assistant", "content": text},
                "done": true, "done_reason": "stop",
                "prompt_eval_count": tokens_in, "eval_count": tokens_out,
            }),
        };
        Json(body).into_response()
    }

    /// An answer that was cut off at its limit, or refused, in the service's own form.
    pub(super) fn ended(self, cut_off: bool) -> Value {
        let text = if cut_off { "{\"score\": 5" } else { "" };
        match (self, cut_off) {
            (Self::Gemini, true) => json!({
                "candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "MAX_TOKENS"}],
                "usageMetadata": {"promptTokenCount": 1200, "candidatesTokenCount": 8192},
            }),
            (Self::Gemini, false) => json!({
                "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                "usageMetadata": {"promptTokenCount": 1200},
            }),
            (Self::OpenAi, _) => json!({
                "choices": [{"message": {"role": "assistant", "content": text, "refusal": if cut_off { Value::Null } else { json!("I can't help with that.") }},
                    "finish_reason": if cut_off { "length" } else { "stop" }}],
                "usage": {"prompt_tokens": 1200, "completion_tokens": 10},
            }),
            (Self::Anthropic, _) => json!({
                "type": "message", "content": [], "stop_reason": if cut_off { "max_tokens" } else { "refusal" },
                "usage": {"input_tokens": 1200, "output_tokens": 10},
            }),
            (Self::Ollama, _) => json!({
                "message": {"role": "assistant", "content": text}, "done": true,
                "done_reason": if cut_off { "length" } else { "stop" },
                "prompt_eval_count": 1200, "eval_count": 10,
            }),
        }
    }
}

fn decoded(text: Option<&str>) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(text.unwrap_or_default())
        .map_err(|error| error.to_string())
}
