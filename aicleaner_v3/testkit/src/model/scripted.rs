//! Answers that are wrong in one known way, whatever is asked.
//! For tests that a bad answer changes nothing.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::{Answer, Judge};

/// A judge that always answers the same.
#[derive(Clone)]
pub enum Scripted {
    /// Nothing at all.
    Empty,
    /// Words instead of JSON.
    Prose,
    /// Valid JSON of another shape.
    WrongJson,
    /// 10 MB of valid JSON.
    TenMegabytes,
    /// An error: status and body.
    Error(u16, String),
    /// This text.
    Raw(String),
    /// What another judge says, after a while.
    Delay(Duration, Arc<dyn Judge>),
}

impl Judge for Scripted {
    fn answer(&self, instructions: &str, structure: Option<&Value>, images: &[Vec<u8>]) -> Answer {
        match self {
            Self::Empty => Answer::Text(String::new()),
            Self::Prose => Answer::Text(
                "What a lovely room! I would pick up the socks, but otherwise it looks fine."
                    .to_owned(),
            ),
            Self::WrongJson => {
                Answer::Text(r#"{"rating": "five stars", "items": {"socks": true}}"#.to_owned())
            }
            Self::TenMegabytes => {
                let padding = "clean ".repeat(10_000_000 / 6);
                Answer::Text(format!(
                    r#"{{"score": 50, "summary": "{padding}", "findings": [], "tasks": []}}"#
                ))
            }
            Self::Error(status, body) => Answer::Error {
                status: *status,
                body: body.clone(),
            },
            Self::Raw(text) => Answer::Text(text.clone()),
            Self::Delay(delay, judge) => Answer::Late(
                *delay,
                Box::new(judge.answer(instructions, structure, images)),
            ),
        }
    }
}
