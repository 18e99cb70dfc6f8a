//! One call to one provider, through call slot, rate and budget, within the time that is left, and tried again where
//! that can help. What it cost is settled whatever comes of it. Chooses no provider.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::budget::{Budget, NotReserved};
use super::events::{CapMet, NotRemembered, ProviderAsked, ProviderFailed};
use super::guarded::Guarded;
use super::retry;
use super::sent::{LastRequests, Sent};
use crate::backoff::random_fraction;
use crate::clock::Clock;
use crate::model::{Cap, Usage, ZoneId};
use crate::providers::{Charge, Fault, ProviderError, Question, Reply};
use crate::store::{LedgerEntry, Store, StoreError};
use crate::telemetry::Telemetry;

/// Why a call was not made, or gave no answer.
#[derive(Debug)]
pub enum CallError {
    /// The budget is used up.
    Cap(Cap),
    /// It failed.
    Failed(ProviderError),
}

impl From<ProviderError> for CallError {
    fn from(error: ProviderError) -> Self {
        Self::Failed(error)
    }
}

/// What all calls of one assessment share.
pub struct CallContext {
    /// The zone; none for the test picture.
    pub zone: Option<ZoneId>,
    /// When the assessment must be over.
    pub deadline: Instant,
    /// Calls that may still be made.
    pub calls_left: u32,
}

/// Makes calls.
pub struct Caller {
    pub budget: Budget,
    pub store: Store,
    pub clock: Clock,
    pub telemetry: Telemetry,
    /// What was sent last for each zone.
    pub sent: LastRequests,
}

impl Caller {
    /// Asks, and tries again what can succeed. A probe has one try.
    pub async fn call_with_retry(
        &self,
        provider: &Guarded,
        question: &Question,
        context: &mut CallContext,
        is_probe: bool,
    ) -> Result<Reply, CallError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.call(provider, question, context).await {
                Err(CallError::Failed(error)) => error,
                other => return other,
            };
            let wait = retry::wait(&error.fault, tries, random_fraction()).filter(|_| !is_probe);
            match wait {
                Some(wait) if self.pause(wait, context.deadline).await => {}
                _ => return Err(error.into()),
            }
        }
    }

    /// Asks once.
    pub async fn call(
        &self,
        provider: &Guarded,
        question: &Question,
        context: &mut CallContext,
    ) -> Result<Reply, CallError> {
        let facts = provider.facts();
        let out_of_time = || ProviderError::unpaid(Fault::OutOfTime, "");
        if context.calls_left == 0 {
            return Err(out_of_time().into());
        }
        let _slot = timeout_at(context.deadline, provider.call_slots.acquire())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(out_of_time)?;
        let now = self.clock.now();
        provider
            .take(now)
            .map_err(|until| ProviderError::unpaid(Fault::Limited { until }, ""))?;
        let entry = LedgerEntry {
            at: now,
            zone: context.zone.clone(),
            provider: facts.name.clone(),
            kind: facts.kind,
            model: facts.model.clone(),
            price: facts.price,
            worst: provider.provider.worst_case(question),
        };
        let reservation = match self.budget.reserve(entry).await {
            Ok(reservation) => reservation,
            Err(NotReserved::Cap(cap)) => {
                self.telemetry.emit(&CapMet {
                    provider: &facts.name,
                    cap,
                });
                return Err(CallError::Cap(cap));
            }
            Err(error @ NotReserved::Store(_)) => {
                return Err(ProviderError::unpaid(Fault::Failed(error.to_string()), "").into());
            }
        };
        context.calls_left -= 1;
        self.remember(provider, question, context.zone.as_ref());
        let started = Instant::now();
        let left = context.deadline.saturating_duration_since(started);
        let limit = facts.timeout.min(left);
        let result = timeout(limit, provider.provider.ask(question))
            .await
            .unwrap_or_else(|_| Err(ProviderError::perhaps_paid(Fault::Timeout(limit), "")));
        let (charge, outcome, model) = match &result {
            Ok(reply) => (
                charge(reply, question),
                "answered",
                Some(reply.model.clone()),
            ),
            Err(error) => (error.charge, error.fault.class(), None),
        };
        let settled = self
            .budget
            .settle(reservation, charge, outcome, model)
            .await;
        let cost = settled.unwrap_or_else(|error| {
            // The worst case stays in the ledger: dearer than it was, never cheaper.
            tracing::warn!(code = %error.code(), "a call could not be settled: {error}");
            crate::model::Usd::ZERO
        });
        self.telemetry.emit(&ProviderAsked {
            provider: &facts.name,
            outcome,
            cost,
            took: started.elapsed(),
        });
        result.map_err(|error| {
            self.telemetry.emit(&ProviderFailed {
                provider: &facts.name,
                error: &error,
            });
            error.into()
        })
    }

    fn remember(&self, provider: &Guarded, question: &Question, zone: Option<&ZoneId>) {
        // What works with no model sends nothing.
        let Some(zone) = zone.filter(|_| provider.facts().asks_a_model) else {
            return;
        };
        let sent = Sent {
            at: self.clock.now(),
            provider: provider.facts().name.clone(),
            model: provider.facts().model.clone(),
            text: question.text.clone(),
            pictures: question.pictures.clone(),
        };
        self.sent.put(zone.clone(), sent);
    }

    /// What could not be stored is learned again after a restart.
    pub fn note(&self, stored: Result<(), StoreError>) {
        if let Err(error) = stored {
            self.telemetry.emit(&NotRemembered {
                reason: error.to_string(),
            });
        }
    }

    /// Waits before another try, unless the time is up by then.
    async fn pause(&self, wait: Duration, deadline: Instant) -> bool {
        if Instant::now() + wait >= deadline {
            return false;
        }
        tokio::time::sleep(wait).await;
        true
    }
}

/// A service that reports no tokens is charged the worst case, if its price asks for tokens.
fn charge(reply: &Reply, question: &Question) -> Charge {
    match reply.usage {
        Some(usage) => Charge::Known(Usage {
            images: usage
                .images
                .max(u32::try_from(question.pictures.len()).unwrap_or(u32::MAX)),
            ..usage
        }),
        None => Charge::Worst,
    }
}
