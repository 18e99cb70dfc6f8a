//! What judges frames. One file a service; the prompt, the answer's form and its parser are common to all.
//! A provider asks once and hands on what it was told, or fails: an error is never an answer. Retries, money
//! and reading the answer are not its business.

mod ai_task;
mod anthropic;
mod error;
mod gemini;
mod http;
mod ollama;
mod openai;
mod parse;
mod pictures;
mod prompt;
mod reference;
mod schema;
mod text;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::model::{Area, LightMode, Price, Region, Sensitivity, TaskId, Usage, ZoneId};
use crate::vision::{Grid, Picture, References};

pub use ai_task::{AiTask, AiTaskOptions};
pub use anthropic::Anthropic;
pub use error::{Charge, Fault, ProviderError};
pub use gemini::Gemini;
pub use http::{Access, LARGEST_BODY, Service, SetupError};
pub use ollama::{Ollama, OllamaOptions};
pub use openai::OpenAi;
pub use parse::{Read, Repair, json_object, verdict};
pub use pictures::encode;
pub use prompt::{again, instructions};
pub use reference::TidyReference;
pub use schema::Form;
pub use text::plain;

/// What is to be judged.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which zone.
    pub zone: ZoneId,
    /// What people call the zone.
    pub zone_name: String,
    /// What the zone is for, in the person's own words; may be empty.
    pub purpose: String,
    /// What is not to be reported, in people's own words.
    pub ignore: Vec<String>,
    /// One picture a camera; at least one.
    pub pictures: Arc<[Picture]>,
    /// What the local judge goes by, one a picture.
    pub views: Vec<LocalView>,
    /// How small a change is noticed.
    pub sensitivity: Sensitivity,
    /// The tasks whose state is wanted: the open ones, and ended ones that may still be in the picture.
    pub tasks: Vec<KnownTask>,
    /// The language to answer in, as a BCP 47 tag such as `en`.
    pub language: String,
}

/// One camera as the local judge sees it. None of it ever leaves the house.
#[derive(Debug, Clone)]
pub struct LocalView {
    /// The frames of this check, measured finely, oldest first.
    pub grids: Vec<Grid>,
    /// By which light they were taken.
    pub light: LightMode,
    /// Frames that a person called tidy.
    pub references: References,
    /// Parts of the picture with a name.
    pub regions: Vec<Region>,
}

/// A task that the provider is told of.
#[derive(Debug, Clone)]
pub struct KnownTask {
    /// Which task.
    pub id: TaskId,
    /// What to do.
    pub title: String,
    /// Where.
    pub location: String,
    /// Where in the picture, if that is known.
    pub area: Option<Area>,
}

/// What a provider is asked, ready to be sent.
#[derive(Clone)]
pub struct Question {
    /// In a few words, for the service's own log.
    pub title: String,
    /// The instructions.
    pub text: String,
    /// JPEGs, in the size that the provider wants.
    pub pictures: Vec<Bytes>,
    /// The form of the answer.
    pub form: Form,
    /// What it is about, for providers that do more than pass text on; none for the test picture.
    pub request: Option<Arc<Request>>,
}

impl std::fmt::Debug for Question {
    /// Never the pictures: they are private, and large.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Question({}, {} pictures)",
            self.title,
            self.pictures.len()
        )
    }
}

/// What a provider was told. Hostile until it was read by the parser.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// An object, or text that holds one.
    pub content: Value,
    /// What it used; none if the service does not say.
    pub usage: Option<Usage>,
    /// Which model or entity answered.
    pub model: String,
}

/// What is known of a provider before it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Its name in the settings, unique.
    pub name: String,
    /// Which kind it is, such as `ai_task`.
    pub kind: &'static str,
    /// The model or entity that was asked for; part of what the canary's result is remembered under.
    pub model: String,
    /// How long an answer may take.
    pub timeout: Duration,
    /// The pictures it wants.
    pub picture: PictureForm,
    /// What its calls cost; none if that is not known.
    pub price: Option<Price>,
    /// The most tokens that one picture may count for.
    pub tokens_per_picture: u64,
    /// The most tokens that an answer may have.
    pub most_tokens_out: u64,
    /// The most calls to the service that one question takes.
    pub calls_per_question: u32,
    /// How often it may be asked.
    pub limits: Limits,
    /// How many frames of each camera it wants, a few seconds apart.
    pub frames_wanted: usize,
    /// Whether it shows pictures to a model: only then can it be blind, and only then does something leave us.
    pub asks_a_model: bool,
}

/// The pictures that a provider wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureForm {
    /// The longest side in pixels.
    pub longest_side: u32,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
}

impl PictureForm {
    /// Enough to see a sock, and cheap with every service.
    pub const USUAL: Self = Self {
        longest_side: 1024,
        quality: 82,
    };
}

/// How often a provider may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls a minute; none is no limit.
    pub per_minute: Option<u32>,
    /// Calls a day; none is no limit.
    pub per_day: Option<u32>,
    /// Whose midnight starts the day.
    pub day: Day,
    /// Calls at the same time, at least 1.
    pub at_a_time: usize,
}

/// Whose midnight starts the day of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// UTC.
    Utc,
    /// Pacific time: Gemini's daily quotas (ai.google.dev/gemini-api/docs/rate-limits).
    Pacific,
}

impl Day {
    /// The IANA name of the time zone.
    pub fn time_zone(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Pacific => "America/Los_Angeles",
        }
    }
}

/// A service that judges pictures.
pub trait Provider: Send + Sync {
    /// What is known of it.
    fn facts(&self) -> &Facts;

    /// Asks once.
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>>;

    /// The most that one question can use.
    fn worst_case(&self, question: &Question) -> Usage {
        let facts = self.facts();
        let pictures = u32::try_from(question.pictures.len()).unwrap_or(u32::MAX);
        // A token stands for at least one byte, so there are never more of them than bytes of text and form.
        let form = question.form.json_schema().to_string().len() * 2;
        let text = u64::try_from(question.text.len() + form).unwrap_or(u64::MAX);
        let pictures_tokens = facts.tokens_per_picture.saturating_mul(pictures.into());
        let calls = facts.calls_per_question;
        Usage {
            calls,
            tokens_in: text
                .saturating_add(pictures_tokens)
                .saturating_mul(calls.into()),
            tokens_out: facts.most_tokens_out.saturating_mul(calls.into()),
            images: pictures.saturating_mul(calls),
        }
    }
}
