//! Asks providers in order until one gives a judgement. Each policy is a file of its own; this one puts them in order.
//! Never turns a failure into an answer, and never spends what the budget did not set aside.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::budget::Budget;
use super::caller::{CallContext, CallError, Caller};
use super::error::RouteError;
use super::events::{AnswerRepaired, AskedAgain, CircuitClosed, CircuitOpened};
use super::guarded::{Admitted, Guarded};
use super::self_test::SelfTestReport;
use super::sent::LastRequests;
use crate::clock::Clock;
use crate::image_thread::ImageThread;
use crate::model::{Cap, Verdict};
use crate::providers::{
    self, Fault, Provider, ProviderError, Question, Read, Reply, Request, encode, instructions,
};
use crate::store::{Store, StoreError};
use crate::telemetry::Telemetry;

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
    providers: Vec<Guarded>,
    caller: Caller,
    check_sight: bool,
    deadline: Duration,
    images: ImageThread,
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
        let providers: Vec<_> = options.providers.into_iter().map(Guarded::new).collect();
        for provider in &providers {
            provider
                .restore(&options.store, options.clock.now())
                .await?;
        }
        Ok(Self {
            providers,
            caller: Caller {
                budget: options.budget,
                store: options.store,
                clock: options.clock,
                telemetry: options.telemetry,
                sent: LastRequests::default(),
            },
            check_sight: options.check_sight,
            deadline: options.deadline,
            images: options.images,
        })
    }

    /// Goes on where `old` was: what was sent last is still known.
    #[must_use]
    pub fn after(self, old: &Self) -> Self {
        Self {
            caller: Caller {
                sent: old.caller.sent.clone(),
                ..self.caller
            },
            ..self
        }
    }

    /// What was sent last for each zone.
    pub fn last_requests(&self) -> LastRequests {
        self.caller.sent.clone()
    }

    /// The names of all providers, in the user's order.
    pub fn names(&self) -> Vec<String> {
        self.providers
            .iter()
            .map(|provider| provider.facts().name.clone())
            .collect()
    }

    /// The names of the providers that are temporarily disabled (circuit open) because they failed.
    pub fn disabled(&self) -> Vec<String> {
        self.providers
            .iter()
            .filter(|provider| provider.breaker_record().is_some())
            .map(|provider| provider.facts().name.clone())
            .collect()
    }

    /// How many frames of each camera the first provider of `chain` wants.
    pub fn frames_wanted(&self, chain: &[String]) -> usize {
        self.chain(chain)
            .first()
            .map_or(1, |provider| provider.facts().frames_wanted)
    }

    /// What may be spent, and was.
    pub fn budget(&self) -> &Budget {
        &self.caller.budget
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
        let mut context = CallContext {
            zone: Some(request.zone.clone()),
            deadline: started + self.deadline,
            calls_left: MOST_CALLS,
        };
        let mut capped: Option<Cap> = None;
        let mut failed: Option<RouteError> = None;
        for provider in self.chain(chain) {
            let facts = provider.facts();
            match self.judgement(provider, &request, &mut context).await {
                Ok((verdict, model)) => {
                    return Ok(Judged {
                        verdict,
                        provider: facts.kind,
                        model,
                        duration: started.elapsed(),
                    });
                }
                Err(CallError::Cap(cap)) => capped = capped.or(Some(cap)),
                Err(CallError::Failed(error)) => {
                    let tells_less = matches!(error.fault, Fault::CircuitOpen { .. });
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

    /// Shows every provider that asks a model a test picture now, whatever is known of it.
    pub async fn self_test(&self) -> Vec<SelfTestReport> {
        let mut reports = Vec::with_capacity(self.providers.len());
        for provider in &self.providers {
            if provider.facts().asks_a_model {
                reports.push(self.caller.self_test_now(provider, self.deadline).await);
            }
        }
        reports
    }

    fn chain<'s>(&'s self, names: &[String]) -> Vec<&'s Guarded> {
        if names.is_empty() {
            return self.providers.iter().collect();
        }
        names
            .iter()
            .filter_map(|name| {
                self.providers
                    .iter()
                    .find(|provider| provider.facts().name == *name)
            })
            .collect()
    }

    /// One provider's judgement, through its breaker.
    async fn judgement(
        &self,
        provider: &Guarded,
        request: &Arc<Request>,
        context: &mut CallContext,
    ) -> Result<(Verdict, String), CallError> {
        let admitted = provider
            .admit(self.caller.clock.now())
            .map_err(|until| ProviderError::unpaid(Fault::CircuitOpen { until }, ""))?;
        let result = match self
            .expect_self_test(provider, context, admitted.is_probe())
            .await
        {
            Ok(()) => {
                self.verdict(provider, request, context, admitted.is_probe())
                    .await
            }
            Err(error) => Err(error),
        };
        self.tell_breaker(provider, admitted, &result).await;
        result
    }

    /// Whoever shows pictures to a model must have passed the self-test, if the settings say so.
    async fn expect_self_test(
        &self,
        provider: &Guarded,
        context: &mut CallContext,
        is_probe: bool,
    ) -> Result<(), CallError> {
        match self.check_sight && provider.facts().asks_a_model {
            true => {
                self.caller
                    .expect_self_test(provider, context, is_probe)
                    .await
            }
            false => Ok(()),
        }
    }

    async fn verdict(
        &self,
        provider: &Guarded,
        request: &Arc<Request>,
        context: &mut CallContext,
        is_probe: bool,
    ) -> Result<(Verdict, String), CallError> {
        let facts = provider.facts();
        let mut question = Question {
            title: format!("AICleaner: {}", request.zone_name),
            text: instructions(request),
            pictures: self.pictures(provider, request).await?,
            form: providers::Form::Verdict,
            request: Some(request.clone()),
        };
        let reply = self
            .caller
            .call_with_retry(provider, &question, context, is_probe)
            .await?;
        let reason = match self.read(provider, &reply, request) {
            Ok(verdict) => return Ok((verdict, reply.model)),
            Err(reason) => reason,
        };
        self.caller.telemetry.emit(&AskedAgain {
            provider: &facts.name,
            reason: &reason,
        });
        question.text = providers::again(&question.text, &reason);
        let reply = match self.caller.call(provider, &question, context).await {
            Ok(reply) => reply,
            // What was wrong with the first answer tells more than why there is no second.
            Err(CallError::Cap(_)) => {
                return Err(ProviderError::bad_answer(reason, reply.usage).into());
            }
            Err(error) => return Err(error),
        };
        match self.read(provider, &reply, request) {
            Ok(verdict) => Ok((verdict, reply.model)),
            Err(reason) => Err(ProviderError::bad_answer(reason, reply.usage).into()),
        }
    }

    /// What works with no model gets no pictures: it measures the frames themselves.
    async fn pictures(
        &self,
        provider: &Guarded,
        request: &Request,
    ) -> Result<Vec<Bytes>, ProviderError> {
        match provider.facts().asks_a_model {
            true => {
                encode(
                    &self.images,
                    request.pictures.clone(),
                    provider.facts().picture,
                )
                .await
            }
            false => Ok(Vec::new()),
        }
    }

    fn read(
        &self,
        provider: &Guarded,
        reply: &Reply,
        request: &Request,
    ) -> Result<Verdict, String> {
        let Read { value, repairs } = providers::verdict(&reply.content, &request.tasks)?;
        for repair in repairs {
            self.caller.telemetry.emit(&AnswerRepaired {
                provider: &provider.facts().name,
                repair,
            });
        }
        Ok(value)
    }

    async fn tell_breaker<T>(
        &self,
        provider: &Guarded,
        admitted: Admitted<'_>,
        result: &Result<T, CallError>,
    ) {
        let name = &provider.facts().name;
        let changed = match result {
            Ok(_) => {
                let closed = admitted.succeeded();
                if closed {
                    self.caller
                        .telemetry
                        .emit(&CircuitClosed { provider: name });
                }
                closed
            }
            Err(CallError::Cap(_)) => false,
            Err(CallError::Failed(error)) => {
                let is_open = admitted.failed(error, self.caller.clock.now());
                if let Some(record) = provider.breaker_record().filter(|_| is_open) {
                    self.caller.telemetry.emit(&CircuitOpened {
                        provider: name,
                        error,
                        until: record.until,
                    });
                }
                is_open
            }
        };
        if changed {
            let stored = self
                .caller
                .store
                .set_breaker(name.clone(), provider.breaker_record())
                .await;
            self.caller.note(stored);
        }
    }
}
