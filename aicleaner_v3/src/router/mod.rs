//! Which provider judges: the user's order, each with its time limit, a bounded number of calls at a time.
//! Never turns a failure into an answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use crate::model::Verdict;
use crate::providers::{Provider, ProviderError, Request};

/// Calls to providers at a time, over all zones: a local model serves one after the other anyway.
const CALLS_AT_A_TIME: usize = 2;

/// Asks providers in order.
pub struct Router {
    providers: Vec<Arc<dyn Provider>>,
    calls: Semaphore,
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
    /// How long it took.
    pub duration: Duration,
}

impl Router {
    /// A router that asks `providers` in this order.
    pub fn new(providers: Vec<Arc<dyn Provider>>) -> Self {
        Self {
            providers,
            calls: Semaphore::new(CALLS_AT_A_TIME),
        }
    }

    /// How many frames of each camera the first provider wants.
    pub fn frames_wanted(&self) -> usize {
        self.providers
            .first()
            .map_or(1, |provider| provider.frames_wanted())
    }

    /// The answer of the first provider that gives one.
    ///
    /// # Errors
    /// When none does: what the last one said.
    pub async fn assess(&self, request: &Request) -> Result<Judged, ProviderError> {
        let mut last = ProviderError::Missing("no provider is set up".to_owned());
        for provider in &self.providers {
            let Ok(_place) = self.calls.acquire().await else {
                break;
            };
            let limit = provider.timeout();
            let started = Instant::now();
            match timeout(limit, provider.assess(request)).await {
                Ok(Ok(answer)) => {
                    return Ok(Judged {
                        verdict: answer.verdict,
                        provider: provider.kind(),
                        model: answer.model,
                        duration: started.elapsed(),
                    });
                }
                Ok(Err(error)) => last = error,
                Err(_) => last = ProviderError::Timeout(limit),
            }
        }
        Err(last)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::BoxFuture;

    use super::*;
    use crate::model::Score;
    use crate::providers::Answer;

    enum Scripted {
        Answers,
        Fails,
        Hangs,
    }

    struct Fake(Scripted, Arc<AtomicUsize>);

    impl Provider for Fake {
        fn kind(&self) -> &'static str {
            "fake"
        }

        fn timeout(&self) -> Duration {
            Duration::from_secs(5)
        }

        fn assess<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Answer, ProviderError>> {
            self.1.fetch_add(1, Ordering::SeqCst);
            Box::pin(async {
                match self.0 {
                    Scripted::Answers => {
                        let verdict = Verdict {
                            score: Score::TIDY,
                            summary: String::new(),
                            findings: vec![],
                            judgements: vec![],
                        };
                        Ok(Answer {
                            verdict,
                            model: "fake".to_owned(),
                        })
                    }
                    Scripted::Fails => Err(ProviderError::Failed("busy".to_owned())),
                    Scripted::Hangs => std::future::pending().await,
                }
            })
        }
    }

    fn request() -> Request {
        Request {
            zone_name: String::new(),
            purpose: String::new(),
            pictures: Vec::new().into(),
            views: Vec::new(),
            sensitivity: crate::model::Sensitivity::Normal,
            tasks: vec![],
            language: "en".to_owned(),
        }
    }

    fn router(scripts: Vec<Scripted>) -> (Router, Arc<AtomicUsize>) {
        let calls = Arc::new(AtomicUsize::new(0));
        let providers = scripts
            .into_iter()
            .map(|script| Arc::new(Fake(script, calls.clone())) as Arc<dyn Provider>)
            .collect();
        (Router::new(providers), calls)
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_provider_is_asked_when_one_fails_or_hangs() {
        let (router, calls) = router(vec![
            Scripted::Fails,
            Scripted::Hangs,
            Scripted::Answers,
            Scripted::Answers,
        ]);

        let judged = router.assess(&request()).await.unwrap();

        assert_eq!(judged.verdict.score, Score::TIDY);
        assert_eq!(calls.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn when_none_answers_the_last_reason_is_told() {
        let (router, _) = router(vec![Scripted::Fails, Scripted::Hangs]);

        assert_eq!(
            router.assess(&request()).await.unwrap_err(),
            ProviderError::Timeout(Duration::from_secs(5))
        );
    }

    #[tokio::test]
    async fn no_provider_at_all_is_told() {
        assert!(matches!(
            router(vec![]).0.assess(&request()).await,
            Err(ProviderError::Missing(_))
        ));
    }
}
