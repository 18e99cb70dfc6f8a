//! Google's Gemini API: `generateContent` with a response schema
//! (ai.google.dev/api/generate-content, ai.google.dev/gemini-api/docs/structured-output).

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

/// Gemini.
#[derive(Debug)]
pub struct Gemini {
    facts: Facts,
    service: Service,
}

impl Gemini {
    /// The header that carries the key.
    pub const KEY_HEADER: &'static str = "x-goog-api-key";

    /// A provider that asks `service`, whose base address ends in `/v1beta`.
    pub fn new(facts: Facts, service: Service) -> Self {
        Self { facts, service }
    }

    fn body(&self, question: &Question) -> Value {
        let mut parts: Vec<Value> = question
            .pictures
            .iter()
            .map(|jpeg| json!({"inlineData": {"mimeType": "image/jpeg", "data": base64(jpeg)}}))
            .collect();
        parts.push(json!({"text": question.text}));
        let mut generation = json!({
            "responseMimeType": "application/json",
            "responseSchema": question.form.gemini_schema(),
            "maxOutputTokens": self.facts.most_tokens_out,
            "candidateCount": 1,
        });
        if let Some(thinking) = thinking(&self.facts.model) {
            generation["thinkingConfig"] = thinking;
        }
        json!({
            "contents": [{"role": "user", "parts": parts}],
            "generationConfig": generation,
        })
    }

    async fn once(&self, question: &Question) -> Result<Reply, ProviderError> {
        let path = format!("models/{}:generateContent", self.facts.model);
        let answered = self.service.post(&path, &self.body(question)).await?;
        if !answered.is_success() {
            return Err(self.refused(&answered));
        }
        let answer = answered.expect_json()?;
        let usage = usage(&answer, question.pictures.len());
        let refused = |why: &str| ProviderError {
            fault: Fault::Refused,
            charge: usage.map_or(Charge::Worst, Charge::Known),
            details: self.service.words(why),
        };
        if let Some(reason) = answer
            .pointer("/promptFeedback/blockReason")
            .and_then(Value::as_str)
        {
            return Err(refused(reason));
        }
        let candidate = answer.pointer("/candidates/0").unwrap_or(&Value::Null);
        match candidate["finishReason"].as_str() {
            Some("MAX_TOKENS") => {
                return Err(ProviderError::bad_answer("it ends in the middle", usage));
            }
            Some(
                reason @ ("SAFETY"
                | "RECITATION"
                | "BLOCKLIST"
                | "PROHIBITED_CONTENT"
                | "SPII"
                | "IMAGE_SAFETY"
                | "IMAGE_PROHIBITED_CONTENT"),
            ) => return Err(refused(reason)),
            _ => {}
        }
        let text: String = candidate
            .pointer("/content/parts")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|part| part["thought"] != true)
            .filter_map(|part| part["text"].as_str())
            .collect();
        Ok(Reply {
            content: Value::String(text),
            usage,
            model: answer["modelVersion"]
                .as_str()
                .unwrap_or(&self.facts.model)
                .to_owned(),
        })
    }

    /// Errors are `google.rpc.Status` with typed details (google.aip.dev/193).
    fn refused(&self, answered: &Answered) -> ProviderError {
        let mut error = self.service.refusal(answered, &answered.told());
        let body = answered.json();
        let details = body.pointer("/error/details").and_then(Value::as_array);
        let details = || details.into_iter().flatten();
        if answered.status == 400 && details().any(|detail| detail["reason"] == "API_KEY_INVALID") {
            error.fault = Fault::BadKey;
        }
        if answered.status == 400 && says_no_vision(&answered.told().to_lowercase()) {
            error.fault = Fault::Blind;
        }
        if answered.status == 429 {
            let per_day = details()
                .flat_map(|detail| detail["violations"].as_array().into_iter().flatten())
                .any(|violation| {
                    violation["quotaId"]
                        .as_str()
                        .is_some_and(|id| id.contains("PerDay"))
                });
            let delay = details()
                .filter_map(|detail| detail["retryDelay"].as_str())
                .find_map(|text| text.strip_suffix('s')?.parse::<f64>().ok())
                .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok());
            error.fault = match per_day {
                true => Fault::Quota {
                    resets_at: QuotaDay::Pacific.next_midnight(answered.at),
                },
                false => Fault::RateLimited {
                    retry_after: answered.retry_after.or(delay),
                },
            };
        }
        error
    }
}

/// Judging a room needs little thought, and thoughts are paid for
/// (ai.google.dev/gemini-api/docs/thinking: Flash models of 2.5 can do without, those of 3 have levels).
fn thinking(model: &str) -> Option<Value> {
    if model.starts_with("gemini-2.5-flash") {
        Some(json!({"thinkingBudget": 0}))
    } else if model.starts_with("gemini-3") {
        Some(json!({"thinkingLevel": "low"}))
    } else {
        None
    }
}

fn usage(answer: &Value, images: usize) -> Option<Usage> {
    let told = answer.get("usageMetadata")?;
    let count = |name: &str| told[name].as_u64();
    let tokens_out =
        count("candidatesTokenCount").unwrap_or(0) + count("thoughtsTokenCount").unwrap_or(0);
    Some(Usage {
        calls: 1,
        tokens_in: count("promptTokenCount")?,
        tokens_out,
        images: u32::try_from(images).unwrap_or(u32::MAX),
    })
}

impl Provider for Gemini {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        Box::pin(self.once(question))
    }
}
