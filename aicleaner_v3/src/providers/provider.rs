//! What each service offers to the router. A provider asks once and hands on what it was told, or fails: an error is
//! never an answer. Retries, money and reading the answer are not its business.

use futures_util::future::BoxFuture;

use super::error::ProviderError;
use super::facts::Facts;
use super::question::{Question, Reply};
use crate::model::Usage;

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
