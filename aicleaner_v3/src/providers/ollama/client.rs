//! Ollama: a model at home, over `/api/chat` with a JSON schema as its `format`
//! (github.com/ollama/ollama, docs/api.md). Checks first that the model is there and sees pictures, because
//! Ollama drops pictures for models that don't.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::model::Usage;
use crate::providers::error::{Fault, ProviderError};
use crate::providers::facts::Facts;
use crate::providers::http::{Answered, Service};
use crate::providers::no_vision::says_no_vision;
use crate::providers::pictures::base64;
use crate::providers::provider::Provider;
use crate::providers::question::{Question, Reply};

/// What Ollama is told besides the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OllamaOptions {
    /// How long the model stays loaded, such as `10m`, `-1` (for ever), or `0`.
    pub keep_alive: String,
    /// The size of the context in tokens; a picture takes hundreds of them.
    pub context: u32,
}

/// A model at home.
#[derive(Debug)]
pub struct Ollama {
    facts: Facts,
    service: Service,
    options: OllamaOptions,
    sees: OnceCell<()>,
}

impl Ollama {
    /// A provider that asks `service`, whose base address has no path.
    pub fn new(facts: Facts, service: Service, options: OllamaOptions) -> Self {
        Self {
            facts,
            service,
            options,
            sees: OnceCell::new(),
        }
    }

    /// The models that the server has.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub async fn models(&self) -> Result<Vec<String>, ProviderError> {
        let answered = self.service.get("api/tags").await?;
        if !answered.is_success() {
            return Err(self.refused(&answered));
        }
        let answer = answered.expect_json()?;
        Ok(answer["models"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|model| model["name"].as_str())
            .map(str::to_owned)
            .collect())
    }

    /// Servers before 0.6.4 do not say what a model can do; there the test picture decides.
    async fn check_sight(&self) -> Result<(), ProviderError> {
        let answered = self
            .service
            .post("api/show", &json!({"model": self.facts.model}))
            .await?;
        if answered.status == 404 {
            let models = self.models().await?;
            return Err(ProviderError::unpaid(
                Fault::NoSuchModel,
                self.service.words(&format!(
                    "Ollama has no {}; it has: {}",
                    self.facts.model,
                    models.join(", ")
                )),
            ));
        }
        if !answered.is_success() {
            return Err(self.refused(&answered));
        }
        let told = answered.expect_json()?;
        match told["capabilities"].as_array() {
            Some(can) if !can.iter().any(|what| what == "vision") => Err(ProviderError::unpaid(
                Fault::Blind,
                format!("Ollama says that {} has no vision", self.facts.model),
            )),
            _ => Ok(()),
        }
    }

    fn body(&self, question: &Question) -> Value {
        let pictures: Vec<_> = question.pictures.iter().map(base64).collect();
        // Numbers are seconds, and -1 is for ever; texts need a unit.
        let keep_alive = match self.options.keep_alive.parse::<i64>() {
            Ok(seconds) => json!(seconds),
            Err(_) => json!(self.options.keep_alive),
        };
        json!({
            "model": self.facts.model,
            "messages": [{"role": "user", "content": question.text, "images": pictures}],
            "format": question.form.json_schema(),
            "stream": false,
            "keep_alive": keep_alive,
            "options": {
                "num_ctx": self.options.context,
                "num_predict": self.facts.most_tokens_out,
                "temperature": 0,
            },
        })
    }

    async fn once(&self, question: &Question) -> Result<Reply, ProviderError> {
        self.sees.get_or_try_init(|| self.check_sight()).await?;
        let answered = self.service.post("api/chat", &self.body(question)).await?;
        if !answered.is_success() {
            return Err(self.refused(&answered));
        }
        let answer = answered.expect_json()?;
        let usage = Usage {
            calls: 1,
            tokens_in: answer["prompt_eval_count"].as_u64().unwrap_or(0),
            tokens_out: answer["eval_count"].as_u64().unwrap_or(0),
            images: u32::try_from(question.pictures.len()).unwrap_or(u32::MAX),
        };
        if answer["done_reason"] == "length" {
            return Err(ProviderError::bad_answer(
                "it ends in the middle",
                Some(usage),
            ));
        }
        Ok(Reply {
            content: answer
                .pointer("/message/content")
                .cloned()
                .unwrap_or_else(|| Value::String(String::new())),
            usage: Some(usage),
            model: answer["model"]
                .as_str()
                .unwrap_or(&self.facts.model)
                .to_owned(),
        })
    }

    fn refused(&self, answered: &Answered) -> ProviderError {
        let told = answered.told();
        let mut error = self.service.refusal(answered, &told);
        let lower = told.to_lowercase();
        if says_no_vision(&lower) || lower.contains("missing data required for image") {
            error.fault = Fault::Blind;
        }
        error
    }
}

impl Provider for Ollama {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        Box::pin(self.once(question))
    }
}
