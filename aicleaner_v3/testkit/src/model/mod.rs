//! The simulated vision model: it gets a prompt, a wanted structure and pictures, and answers text.
//! It must never know more than a real model could: no picture, no verdict.

mod canary;
mod prompt;
mod scene_judge;
mod scripted;
mod shape;

use std::time::Duration;

use serde_json::Value;

pub use scene_judge::SceneJudge;
pub use scripted::Scripted;

/// What a model says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Its text.
    Text(String),
    /// An error of the service: an HTTP status and its body.
    Error {
        /// The HTTP status.
        status: u16,
        /// What the service says about it.
        body: String,
    },
    /// Another answer, but only after a while.
    Late(Duration, Box<Answer>),
}

impl Answer {
    /// Waits as long as the answer takes, and gives its text or its error.
    pub(crate) async fn wait(self) -> Result<String, (u16, String)> {
        let mut answer = self;
        loop {
            match answer {
                Self::Text(text) => return Ok(text),
                Self::Error { status, body } => return Err((status, body)),
                Self::Late(delay, then) => {
                    tokio::time::sleep(delay).await;
                    answer = *then;
                }
            }
        }
    }
}

/// Whoever judges pictures.
pub trait Judge: Send + Sync {
    /// Answers one request. `structure` is what the caller wants the answer to look like: Home
    /// Assistant's `structure` (fields with selectors) or a JSON schema. `images` are the files as
    /// they arrived.
    fn answer(&self, instructions: &str, structure: Option<&Value>, images: &[Vec<u8>]) -> Answer;
}
