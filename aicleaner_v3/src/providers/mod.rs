//! What judges frames. A folder a service, with its client, its settings and its tests, and one table of them; the
//! prompt, the answer's form and its parser are common to all. Decides nothing about order, retries and money.

mod ai_task;
mod anthropic;
mod build;
mod entry;
mod error;
mod facts;
mod gemini;
mod http;
mod keyed_service;
mod kind;
mod kinds;
mod no_vision;
mod ollama;
mod openai;
mod parse;
mod pictures;
mod prices;
mod prompt;
mod provider;
mod question;
mod reference;
mod request;
mod schema;
mod text;

pub use ai_task::{AiTask, AiTaskOptions};
pub use build::{BuildError, BuildOptions, build};
pub use error::{Charge, Fault, ProviderError};
pub use facts::{Facts, PictureForm, QuotaDay, RateLimits};
pub use http::SetupError;
pub use kinds::Kinds;
pub use parse::{Read, Repair, json_object, verdict};
pub use pictures::encode;
pub use prompt::{again, instructions};
pub use provider::Provider;
pub use question::{Question, Reply};
pub use request::{KnownTask, LocalView, Request};
pub use schema::Form;

#[cfg(test)]
pub use ollama::DEFAULT_CONTEXT;

#[cfg(test)]
mod settings_tests;
