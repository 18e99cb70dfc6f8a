//! The vision self-test: does a provider see? Shows it the test picture through the whole path, before the first room
//! is judged and on demand. A blind provider is not used.

use std::time::Duration;

use tokio::time::Instant;

use super::caller::{CallContext, CallError, Caller};
use super::canary::{Canary, SHAPES, SelfTestScore};
use super::events::SelfTestDone;
use super::guarded::Guarded;
use crate::providers::{Fault, ProviderError};
use crate::store::SelfTestRecord;

/// Calls that one self-test may take: the first, and tries after faults that pass.
const MOST_CALLS: u32 = 3;

/// How the self-test of one provider ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTestReport {
    /// Its name.
    pub provider: String,
    /// The model or entity that was asked for.
    pub model: String,
    /// What came of it.
    pub outcome: SelfTestOutcome,
}

/// What came of a self-test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelfTestOutcome {
    /// It sees.
    Sees {
        /// Shapes that it named right.
        right: usize,
    },
    /// It answers, but does not see.
    Blind {
        /// Shapes that it named right.
        right: usize,
    },
    /// It was not asked: the budget is used up.
    NoBudget,
    /// It gave no answer.
    Failed(ProviderError),
}

impl Caller {
    /// Shows `provider` a test picture now, whatever is known of it.
    pub async fn self_test_now(&self, provider: &Guarded, limit: Duration) -> SelfTestReport {
        let mut context = CallContext {
            zone: None,
            deadline: Instant::now() + limit,
            calls_left: MOST_CALLS,
        };
        let outcome = match self.self_test(provider, &mut context, false).await {
            Ok(score) if score.passed() => SelfTestOutcome::Sees { right: score.right },
            Ok(score) => SelfTestOutcome::Blind { right: score.right },
            Err(CallError::Cap(_)) => SelfTestOutcome::NoBudget,
            Err(CallError::Failed(error)) => SelfTestOutcome::Failed(error),
        };
        SelfTestReport {
            provider: provider.facts().name.clone(),
            model: provider.facts().model.clone(),
            outcome,
        }
    }

    /// Lets a provider through that is known to see; finds it out if that is not known.
    pub async fn expect_self_test(
        &self,
        provider: &Guarded,
        context: &mut CallContext,
        is_probe: bool,
    ) -> Result<(), CallError> {
        let passed = match provider.passed_self_test(self.clock.now()) {
            Some(passed) => passed,
            None => self.self_test(provider, context, is_probe).await?.passed(),
        };
        match passed {
            true => Ok(()),
            false => {
                Err(ProviderError::unpaid(Fault::Blind, "it did not see the test picture").into())
            }
        }
    }

    async fn self_test(
        &self,
        provider: &Guarded,
        context: &mut CallContext,
        is_probe: bool,
    ) -> Result<SelfTestScore, CallError> {
        let facts = provider.facts();
        let canary = Canary::new(fastrand::u64(..));
        let question = canary.question(facts.picture).ok_or_else(|| {
            let why = "the test picture could not be encoded".to_owned();
            ProviderError::unpaid(Fault::Failed(why), "")
        })?;
        let zone = context.zone.take();
        let reply = self
            .call_with_retry(provider, &question, context, is_probe)
            .await;
        context.zone = zone;
        let reply = reply?;
        // Who answers in prose to a picture of six shapes has not seen it, or can't follow instructions.
        let score = canary.judge(&reply.content).map_err(|reason| {
            ProviderError::bad_answer(format!("to the test picture: {reason}"), reply.usage)
        })?;
        self.telemetry.emit(&SelfTestDone {
            provider: &facts.name,
            right: score.right,
            of: SHAPES,
            sees: score.passed(),
        });
        let record = SelfTestRecord {
            sees: score.passed(),
            at: self.clock.now(),
        };
        provider.set_self_test(record);
        let stored = self
            .store
            .set_self_test(facts.name.clone(), facts.model.clone(), record)
            .await;
        self.note(stored);
        Ok(score)
    }
}
