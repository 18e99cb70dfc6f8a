//! Anthropic's messages API. The form is enforced by a tool that the model must call
//! (docs.anthropic.com/en/api/messages, "Tool use: forcing tool use").

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::model::Usage;
use crate::providers::error::{Charge, Fault, ProviderError};
use crate::providers::facts::Facts;
use crate::providers::http::{Answered, Service};
use crate::providers::no_vision::says_no_vision;
use crate::providers::pictures::base64;
use crate::providers::provider::Provider;
use crate::providers::question::{Question, Reply};

/// Claude.
#[derive(Debug)]
pub struct Anthropic {
    facts: Facts,
    service: Service,
}

impl Anthropic {
    /// The header that carries the key.
    pub const KEY_HEADER: &'static str = "x-api-key";
    /// The header that names the version of the API.
    pub const VERSION_HEADER: &'static str = "anthropic-version";
    /// The version of the API that is spoken here.
    pub const VERSION: &'static str = "2023-06-01";

    /// A provider that asks `service`, whose base address ends in `/v1`.
    pub fn new(facts: Facts, service: Service) -> Self {
        Self { facts, service }
    }

    fn body(&self, question: &Question) -> Value {
        let mut parts: Vec<Value> = question
            .pictures
            .iter()
            .map(|jpeg| {
                json!({"type": "image", "source": {
                    "type": "base64", "media_type": "image/jpeg", "data": base64(jpeg),
                }})
            })
            .collect();
        parts.push(json!({"type": "text", "text": question.text}));
        let name = question.form.name();
        json!({
            "model": self.facts.model,
            "max_tokens": self.facts.most_tokens_out,
            "messages": [{"role": "user", "content": parts}],
            "tools": [{
                "name": name,
                "description": "Takes the answer.",
                "input_schema": question.form.json_schema(),
            }],
            "tool_choice": {"type": "tool", "name": name},
        })
    }

    async fn once(&self, question: &Question) -> Result<Reply, ProviderError> {
        let answered = self.service.post("messages", &self.body(question)).await?;
        if !answered.is_success() {
            return Err(self.refused(&answered));
        }
        let answer = answered.expect_json()?;
        let usage = usage(&answer, question.pictures.len());
        match answer["stop_reason"].as_str() {
            Some("refusal") => {
                return Err(ProviderError {
                    fault: Fault::Refused,
                    charge: usage.map_or(Charge::Worst, Charge::Known),
                    details: String::new(),
                });
            }
            Some("max_tokens" | "model_context_window_exceeded") => {
                return Err(ProviderError::bad_answer("it ends in the middle", usage));
            }
            _ => {}
        }
        let blocks = || answer["content"].as_array().into_iter().flatten();
        let called = blocks().find(|block| block["type"] == "tool_use");
        let content = match called {
            Some(block) => block["input"].clone(),
            None => Value::String(
                blocks()
                    .filter_map(|block| block["text"].as_str())
                    .collect(),
            ),
        };
        Ok(Reply {
            content,
            usage,
            model: answer["model"]
                .as_str()
                .unwrap_or(&self.facts.model)
                .to_owned(),
        })
    }

    /// Errors have a type (docs.anthropic.com/en/api/errors); 529 is "overloaded".
    fn refused(&self, answered: &Answered) -> ProviderError {
        let told = answered.told();
        let mut error = self.service.refusal(answered, &told);
        let lower = told.to_lowercase();
        let body = answered.json();
        let kind = body.pointer("/error/type").and_then(Value::as_str);
        error.fault = match (answered.status, kind) {
            (400, _) if lower.contains("credit balance") => Fault::Quota { resets_at: None },
            (_, Some("overloaded_error")) => Fault::Overloaded {
                retry_after: answered.retry_after,
            },
            (400, _) if says_no_vision(&lower) => Fault::Blind,
            _ => error.fault,
        };
        error
    }
}

fn usage(answer: &Value, images: usize) -> Option<Usage> {
    let told = answer.get("usage")?;
    let count = |name: &str| told[name].as_u64().unwrap_or(0);
    Some(Usage {
        calls: 1,
        tokens_in: told["input_tokens"].as_u64()?
            + count("cache_creation_input_tokens")
            + count("cache_read_input_tokens"),
        tokens_out: count("output_tokens"),
        images: u32::try_from(images).unwrap_or(u32::MAX),
    })
}

impl Provider for Anthropic {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        Box::pin(self.once(question))
    }
}
