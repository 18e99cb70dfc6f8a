//! OpenAI's chat completions with a strict JSON schema, and all that speak them: OpenRouter, LM Studio,
//! LocalAI, vLLM, LiteLLM, llama.cpp (platform.openai.com/docs/api-reference/chat).

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::model::Usage;
use crate::providers::error::{Charge, Fault, ProviderError};
use crate::providers::facts::{Facts, QuotaDay};
use crate::providers::http::{Answered, Service};
use crate::providers::no_vision::says_no_vision;
use crate::providers::pictures::base64;
use crate::providers::provider::Provider;
use crate::providers::question::{Question, Reply};

/// Whatever speaks OpenAI's API.
#[derive(Debug)]
pub struct OpenAi {
    facts: Facts,
    service: Service,
    /// OpenAI's own service, which knows `max_completion_tokens` alone; others know `max_tokens`.
    is_original: bool,
    /// The server does not know schemas: it is only told of the form in words.
    in_words: AtomicBool,
}

impl OpenAi {
    /// A provider that asks `service`, whose base address usually ends in `/v1`.
    pub fn new(facts: Facts, service: Service, is_original: bool) -> Self {
        Self {
            facts,
            service,
            is_original,
            in_words: AtomicBool::new(false),
        }
    }

    fn body(&self, question: &Question) -> Value {
        let mut parts = vec![json!({"type": "text", "text": question.text})];
        parts.extend(question.pictures.iter().map(|jpeg| {
            let url = format!("data:image/jpeg;base64,{}", base64(jpeg));
            json!({"type": "image_url", "image_url": {"url": url, "detail": "high"}})
        }));
        let limit = match self.is_original {
            true => "max_completion_tokens",
            false => "max_tokens",
        };
        let mut body = json!({
            "model": self.facts.model,
            "messages": [{"role": "user", "content": parts}],
            "stream": false,
        });
        body[limit] = self.facts.most_tokens_out.into();
        if !self.in_words.load(Ordering::Relaxed) {
            body["response_format"] = json!({"type": "json_schema", "json_schema": {
                "name": question.form.name(),
                "strict": true,
                "schema": question.form.json_schema(),
            }});
        }
        body
    }

    async fn once(&self, question: &Question) -> Result<Reply, ProviderError> {
        let answered = self
            .service
            .post("chat/completions", &self.body(question))
            .await?;
        if knows_no_schema(&answered) && !self.in_words.swap(true, Ordering::Relaxed) {
            let answered = self
                .service
                .post("chat/completions", &self.body(question))
                .await?;
            return self.read(&answered, question);
        }
        self.read(&answered, question)
    }

    fn read(&self, answered: &Answered, question: &Question) -> Result<Reply, ProviderError> {
        if !answered.is_success() {
            return Err(self.refused(answered));
        }
        let answer = answered.expect_json()?;
        // OpenRouter reports faults of the services behind it with status 200.
        if answer.get("error").is_some_and(|error| !error.is_null()) {
            let code = answer.pointer("/error/code").and_then(Value::as_u64);
            let status = code
                .and_then(|code| u16::try_from(code).ok())
                .unwrap_or(502);
            return Err(self.refused(&Answered {
                status,
                ..answered.clone()
            }));
        }
        let usage = usage(&answer, question.pictures.len());
        let refused = |why: &str| ProviderError {
            fault: Fault::Refused,
            charge: usage.map_or(Charge::Worst, Charge::Known),
            details: self.service.words(why),
        };
        let choice = answer.pointer("/choices/0").unwrap_or(&Value::Null);
        if let Some(why) = choice.pointer("/message/refusal").and_then(Value::as_str) {
            return Err(refused(why));
        }
        match choice["finish_reason"].as_str() {
            Some("content_filter") => return Err(refused("content_filter")),
            Some("length") => {
                return Err(ProviderError::bad_answer("it ends in the middle", usage));
            }
            _ => {}
        }
        Ok(Reply {
            content: text(choice.pointer("/message/content").unwrap_or(&Value::Null)),
            usage,
            model: answer["model"]
                .as_str()
                .unwrap_or(&self.facts.model)
                .to_owned(),
        })
    }

    fn refused(&self, answered: &Answered) -> ProviderError {
        let told = answered.told();
        let mut error = self.service.refusal(answered, &told);
        let body = answered.json();
        let code = body
            .pointer("/error/code")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let lower = told.to_lowercase();
        error.fault = match (answered.status, code) {
            (429, "insufficient_quota") => Fault::Quota { resets_at: None },
            (429, _) if lower.contains("per-day") || lower.contains("per day") => Fault::Quota {
                resets_at: match answered.retry_after {
                    Some(wait) => answered.at.checked_add(wait).ok(),
                    None => QuotaDay::Utc.next_midnight(answered.at),
                },
            },
            (_, "content_filter" | "content_policy_violation" | "moderation_blocked") => {
                Fault::Refused
            }
            (_, "model_not_found") => Fault::NoSuchModel,
            (_, "invalid_api_key") => Fault::BadKey,
            // Which words, differs: OpenAI, OpenRouter, LM Studio, vLLM and llama.cpp were looked up.
            (400 | 404 | 415 | 422 | 500, _) if says_no_vision(&lower) => Fault::Blind,
            (403, _) if lower.contains("moderation") || lower.contains("flagged") => Fault::Refused,
            _ => error.fault,
        };
        error
    }
}

fn knows_no_schema(answered: &Answered) -> bool {
    let lower = || answered.told().to_lowercase();
    matches!(answered.status, 400 | 404 | 422 | 500 | 501)
        && [
            "response_format",
            "json_schema",
            "structured output",
            "grammar",
        ]
        .iter()
        .any(|word| lower().contains(word))
}

/// A message's content: text, or a list of parts with text.
fn text(content: &Value) -> Value {
    match content {
        Value::Array(parts) => Value::String(
            parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect(),
        ),
        Value::Null => Value::String(String::new()),
        other => other.clone(),
    }
}

fn usage(answer: &Value, images: usize) -> Option<Usage> {
    let told = answer.get("usage")?;
    Some(Usage {
        calls: 1,
        tokens_in: told["prompt_tokens"].as_u64()?,
        tokens_out: told["completion_tokens"].as_u64().unwrap_or(0),
        images: u32::try_from(images).unwrap_or(u32::MAX),
    })
}

impl Provider for OpenAi {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        Box::pin(self.once(question))
    }
}
