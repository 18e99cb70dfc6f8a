//! What a provider is asked, and what it answered. Plain data; the answer is hostile until the parser has read it.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::request::Request;
use super::schema::Form;
use crate::model::Usage;

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
