//! Which provider judges, when, and for how much. Each policy is a small file of its own; this one puts them
//! in order. Never turns a failure into an answer, and never spends what the budget did not set aside.

mod breaker;
mod budget;
mod call;
mod canary;
mod check;
mod error;
mod events;
mod lane;
mod rate;
mod retry;
mod sent;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::backoff::random_fraction;
use crate::clock::Clock;
use crate::image_thread::ImageThread;
use crate::model::{Cap, Verdict};
use crate::providers::{
    self, Fault, Provider, ProviderError, Question, Read, Reply, Request, encode, instructions,
};
use crate::store::{Store, StoreError};
use crate::telemetry::Telemetry;

pub use crate::providers::{BuildError, BuildOptions, build};
pub use breaker::{Breaker, LONGEST_REST, Pass, State};
pub use budget::{Budget, NotReserved, Reservation, ZoneSource};
pub use canary::{Canary, Colour, Outline, SHAPES, Shape, Sight};
pub use check::{Checked, Finding as CheckFinding};
pub use error::RouteError;
pub use retry::{MOST_TRIES, wait as retry_wait};
pub use sent::{LastRequests, Sent};

use call::{Job, Refusal};
use events::{AnswerRepaired, AskedAgain, NotRemembered, ProviderIsBack, ProviderRests};
use lane::{Admitted, Lane};

/// Calls of one assessment in all, over all providers and tries.
pub const MOST_CALLS: u32 = 8;
/// How long one assessment may take in all.
pub const DEADLINE: Duration = Duration::from_secs(600);

/// What a router is made of.
pub struct RouterOptions {
    /// In the user's order.
    pub providers: Vec<Arc<dyn Provider>>,
    /// What may be spent.
    pub budget: Budget,
    /// Where is remembered what was learned of providers.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
    /// Whether a provider must show on a test picture that it sees before it judges a room.
    pub check_sight: bool,
    /// How long one assessment may take in all.
    pub deadline: Duration,
    /// Where pictures are worked on.
    pub images: ImageThread,
}

/// Asks providers in order.
pub struct Router {
    lanes: Vec<Lane>,
    budget: Budget,
    store: Store,
    clock: Clock,
    telemetry: Telemetry,
    check_sight: bool,
    deadline: Duration,
    images: ImageThread,
    sent: LastRequests,
}

/// A judgement and who gave it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The judgement.
    pub verdict: Verdict,
    /// The kind of the provider.
    pub provider: &'static str,
    /// Which model or entity.
    pub model: String,
    /// How long it took, with tries that failed.
    pub duration: Duration,
}

impl Router {
    /// A router that asks as `options` say. Takes up what earlier runs learned of the providers.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn new(options: RouterOptions) -> Result<Self, StoreError> {
        let lanes: Vec<Lane> = options.providers.into_iter().map(Lane::new).collect();
        for lane in &lanes {
            lane.restore(&options.store, options.clock.now()).await?;
        }
        Ok(Self {
            lanes,
            budget: options.budget,
            store: options.store,
            clock: options.clock,
            telemetry: options.telemetry,
            check_sight: options.check_sight,
            deadline: options.deadline,
            images: options.images,
            sent: LastRequests::default(),
        })
    }

    /// Goes on where `old` was: what was sent last is still known.
    #[must_use]
    pub fn after(self, old: &Self) -> Self {
        Self {
            sent: old.sent.clone(),
            ..self
        }
    }

    /// What was sent last for each zone.
    pub fn last_requests(&self) -> LastRequests {
        self.sent.clone()
    }

    /// The names of all providers, in the user's order.
    pub fn names(&self) -> Vec<String> {
        self.lanes
            .iter()
            .map(|lane| lane.facts().name.clone())
            .collect()
    }

    /// The names of the providers that rest now because they failed.
    pub fn resting(&self) -> Vec<String> {
        self.lanes
            .iter()
            .filter(|lane| lane.record().is_some())
            .map(|lane| lane.facts().name.clone())
            .collect()
    }

    /// How many frames of each camera the first provider of `chain` wants.
    pub fn frames_wanted(&self, chain: &[String]) -> usize {
        self.chain(chain)
            .first()
            .map_or(1, |lane| lane.facts().frames_wanted)
    }

    /// What may be spent, and was.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The judgement of the first provider that gives one. `chain` names the providers to ask, in order; none
    /// are all of them.
    ///
    /// # Errors
    /// When nobody gives one: the budget, or what the last one said.
    pub async fn assess(
        &self,
        chain: &[String],
        request: Arc<Request>,
    ) -> Result<Judged, RouteError> {
        let started = Instant::now();
        let mut job = Job {
            zone: Some(request.zone.clone()),
            deadline: started + self.deadline,
            calls_left: MOST_CALLS,
        };
        let mut capped: Option<Cap> = None;
        let mut failed: Option<RouteError> = None;
        for lane in self.chain(chain) {
            let facts = lane.facts();
            match self.judgement(lane, &request, &mut job).await {
                Ok((verdict, model)) => {
                    return Ok(Judged {
                        verdict,
                        provider: facts.kind,
                        model,
                        duration: started.elapsed(),
                    });
                }
                Err(Refusal::Cap(cap)) => capped = capped.or(Some(cap)),
                Err(Refusal::Failed(error)) => {
                    let tells_less = matches!(error.fault, Fault::Resting { .. });
                    if failed.is_none() || !tells_less {
                        failed = Some(RouteError::Provider {
                            provider: facts.name.clone(),
                            error,
                        });
                    }
                }
            }
        }
        Err(failed
            .or(capped.map(RouteError::Cap))
            .unwrap_or(RouteError::Nobody))
    }

    fn chain<'s>(&'s self, names: &[String]) -> Vec<&'s Lane> {
        if names.is_empty() {
            return self.lanes.iter().collect();
        }
        names
            .iter()
            .filter_map(|name| self.lanes.iter().find(|lane| lane.facts().name == *name))
            .collect()
    }

    /// One provider's judgement, through its breaker.
    async fn judgement(
        &self,
        lane: &Lane,
        request: &Arc<Request>,
        job: &mut Job,
    ) -> Result<(Verdict, String), Refusal> {
        let admitted = lane
            .admit(self.clock.now())
            .map_err(|until| ProviderError::unpaid(Fault::Resting { until }, ""))?;
        let result = match self.expect_sight(lane, job, admitted.is_probe()).await {
            Ok(()) => self.verdict(lane, request, job, admitted.is_probe()).await,
            Err(refusal) => Err(refusal),
        };
        self.tell_breaker(lane, admitted, &result).await;
        result
    }

    async fn verdict(
        &self,
        lane: &Lane,
        request: &Arc<Request>,
        job: &mut Job,
        is_probe: bool,
    ) -> Result<(Verdict, String), Refusal> {
        let facts = lane.facts();
        let mut question = Question {
            title: format!("AICleaner: {}", request.zone_name),
            text: instructions(request),
            pictures: self.pictures(lane, request).await?,
            form: providers::Form::Verdict,
            request: Some(request.clone()),
        };
        let reply = self.persist(lane, &question, job, is_probe).await?;
        let reason = match self.read(lane, &reply, request) {
            Ok(verdict) => return Ok((verdict, reply.model)),
            Err(reason) => reason,
        };
        self.telemetry.emit(&AskedAgain {
            provider: &facts.name,
            reason: &reason,
        });
        question.text = providers::again(&question.text, &reason);
        let reply = match self.call(lane, &question, job).await {
            Ok(reply) => reply,
            // What was wrong with the first answer tells more than why there is no second.
            Err(Refusal::Cap(_)) => {
                return Err(ProviderError::bad_answer(reason, reply.usage).into());
            }
            Err(refusal) => return Err(refusal),
        };
        match self.read(lane, &reply, request) {
            Ok(verdict) => Ok((verdict, reply.model)),
            Err(reason) => Err(ProviderError::bad_answer(reason, reply.usage).into()),
        }
    }

    /// What works with no model gets no pictures: it measures the frames themselves.
    async fn pictures(&self, lane: &Lane, request: &Request) -> Result<Vec<Bytes>, ProviderError> {
        match lane.facts().asks_a_model {
            true => encode(&self.images, request.pictures.clone(), lane.facts().picture).await,
            false => Ok(Vec::new()),
        }
    }

    fn read(&self, lane: &Lane, reply: &Reply, request: &Request) -> Result<Verdict, String> {
        let Read { value, repairs } = providers::verdict(&reply.content, &request.tasks)?;
        for repair in repairs {
            self.telemetry.emit(&AnswerRepaired {
                provider: &lane.facts().name,
                repair,
            });
        }
        Ok(value)
    }

    /// Asks, and tries again what can succeed. A probe has one try.
    async fn persist(
        &self,
        lane: &Lane,
        question: &Question,
        job: &mut Job,
        is_probe: bool,
    ) -> Result<Reply, Refusal> {
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.call(lane, question, job).await {
                Err(Refusal::Failed(error)) => error,
                other => return other,
            };
            let wait = retry::wait(&error.fault, tries, random_fraction()).filter(|_| !is_probe);
            match wait {
                Some(wait) if self.pause(wait, job.deadline).await => {}
                _ => return Err(error.into()),
            }
        }
    }

    async fn tell_breaker<T>(
        &self,
        lane: &Lane,
        admitted: Admitted<'_>,
        result: &Result<T, Refusal>,
    ) {
        let provider = &lane.facts().name;
        let changed = match result {
            Ok(_) => {
                let is_back = admitted.succeeded();
                if is_back {
                    self.telemetry.emit(&ProviderIsBack { provider });
                }
                is_back
            }
            Err(Refusal::Cap(_)) => false,
            Err(Refusal::Failed(error)) => {
                let rests = admitted.failed(error, self.clock.now());
                if let Some(record) = lane.record().filter(|_| rests) {
                    self.telemetry.emit(&ProviderRests {
                        provider,
                        error,
                        until: record.until,
                    });
                }
                rests
            }
        };
        if changed {
            let stored = self
                .store
                .set_breaker(provider.clone(), lane.record())
                .await;
            self.note(stored);
        }
    }

    fn note(&self, stored: Result<(), StoreError>) {
        if let Err(error) = stored {
            self.telemetry.emit(&NotRemembered {
                reason: error.to_string(),
            });
        }
    }
}

#[cfg(test)]
mod tests;
