//! One call to one provider, through seat, rate and budget, within the time that is left. What it cost is
//! settled whatever comes of it.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::Router;
use super::budget::NotReserved;
use super::events::{CapMet, ProviderAsked, ProviderFailed};
use super::lane::Lane;
use super::sent::Sent;
use crate::model::{Cap, Usage, ZoneId};
use crate::providers::{Charge, Fault, ProviderError, Question, Reply};
use crate::store::LedgerEntry;

/// Why a call was not made, or gave no answer.
#[derive(Debug)]
pub enum Refusal {
    /// The budget is used up.
    Cap(Cap),
    /// It failed.
    Failed(ProviderError),
}

impl From<ProviderError> for Refusal {
    fn from(error: ProviderError) -> Self {
        Self::Failed(error)
    }
}

/// What all calls of one assessment share.
pub struct Job {
    /// The zone; none for the test picture.
    pub zone: Option<ZoneId>,
    /// When the assessment must be over.
    pub deadline: Instant,
    /// Calls that may still be made.
    pub calls_left: u32,
}

impl Router {
    /// Asks once.
    pub(super) async fn call(
        &self,
        lane: &Lane,
        question: &Question,
        job: &mut Job,
    ) -> Result<Reply, Refusal> {
        let facts = lane.facts();
        let out_of_time = || ProviderError::unpaid(Fault::OutOfTime, "");
        if job.calls_left == 0 {
            return Err(out_of_time().into());
        }
        let _seat = timeout_at(job.deadline, lane.seats.acquire())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(out_of_time)?;
        let now = self.clock.now();
        lane.take(now)
            .map_err(|until| ProviderError::unpaid(Fault::Limited { until }, ""))?;
        let entry = LedgerEntry {
            at: now,
            zone: job.zone.clone(),
            provider: facts.name.clone(),
            kind: facts.kind,
            model: facts.model.clone(),
            price: facts.price,
            worst: lane.provider.worst_case(question),
        };
        let reservation = match self.budget.reserve(entry).await {
            Ok(reservation) => reservation,
            Err(NotReserved::Cap(cap)) => {
                self.telemetry.emit(&CapMet {
                    provider: &facts.name,
                    cap,
                });
                return Err(Refusal::Cap(cap));
            }
            Err(error @ NotReserved::Store(_)) => {
                return Err(ProviderError::unpaid(Fault::Failed(error.to_string()), "").into());
            }
        };
        job.calls_left -= 1;
        self.remember(lane, question, job.zone.as_ref());
        let started = Instant::now();
        let left = job.deadline.saturating_duration_since(started);
        let limit = facts.timeout.min(left);
        let result = timeout(limit, lane.provider.ask(question))
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

    fn remember(&self, lane: &Lane, question: &Question, zone: Option<&ZoneId>) {
        // What works with no model sends nothing.
        let Some(zone) = zone.filter(|_| lane.facts().asks_a_model) else {
            return;
        };
        let sent = Sent {
            at: self.clock.now(),
            provider: lane.facts().name.clone(),
            model: lane.facts().model.clone(),
            text: question.text.clone(),
            pictures: question.pictures.clone(),
        };
        self.sent.put(zone.clone(), sent);
    }

    /// Waits before another try, unless the time is up by then.
    pub(super) async fn pause(&self, wait: Duration, deadline: Instant) -> bool {
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
