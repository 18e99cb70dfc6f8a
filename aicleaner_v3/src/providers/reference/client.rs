//! The local judge as a provider: the room against its own tidy self. Works with no network and costs nothing,
//! so it can be the last of any zone's providers. It knows where things are, never what they are.

use std::time::Duration;

use futures_util::future::BoxFuture;

use serde_json::{Value, json};

use crate::model::{
    Area, Confidence, Finding, Presence, Price, Score, TaskJudgement, Usage, Verdict,
};
use crate::providers::error::{Fault, ProviderError};
use crate::providers::facts::{Facts, PictureForm, QuotaDay, RateLimits};
use crate::providers::prompt::short_id;
use crate::providers::provider::Provider;
use crate::providers::question::{Question, Reply};
use crate::providers::request::{LocalView, Request};
use crate::vision::judge;

/// Frames to tell what lies still from what moves.
const FRAMES: usize = 3;
/// A place that overlaps a task's so much is the task's.
const SAME_PLACE: f64 = 0.2;
/// It only knows that a place looks as it did when it was tidy.
const CONFIDENCE: f64 = 0.8;

/// The room against frames that a person called tidy.
#[derive(Debug, Clone)]
pub struct TidyReference {
    facts: Facts,
}

impl TidyReference {
    /// Its kind's name.
    pub const KIND: &'static str = "reference";

    /// The local judge under `name`.
    pub fn new(name: String) -> Self {
        let facts = Facts {
            name,
            kind: Self::KIND,
            model: "local".to_owned(),
            timeout: Duration::from_secs(60),
            picture: PictureForm::USUAL,
            price: Some(Price::FREE),
            tokens_per_picture: 0,
            most_tokens_out: 0,
            calls_per_question: 1,
            limits: RateLimits {
                per_minute: None,
                per_day: None,
                day: QuotaDay::Utc,
                at_a_time: 1,
            },
            frames_wanted: FRAMES,
            asks_a_model: false,
        };
        Self { facts }
    }

    async fn compare(&self, request: &Request) -> Result<Verdict, ProviderError> {
        let (views, sensitivity) = (request.views.clone(), request.sensitivity);
        let verdicts = tokio::task::spawn_blocking(move || {
            views
                .iter()
                .map(|view| judged(view, sensitivity))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .map_err(|_| {
            let why = "the comparison was interrupted".to_owned();
            ProviderError::unpaid(Fault::Failed(why), "")
        })??;
        Ok(merged(verdicts, request))
    }
}

impl Provider for TidyReference {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Reply, ProviderError>> {
        Box::pin(async move {
            let request = question.request.as_deref().ok_or_else(|| {
                let why = "it judges rooms alone".to_owned();
                ProviderError::unpaid(Fault::Missing(why), "")
            })?;
            let verdict = self.compare(request).await?;
            Ok(Reply {
                content: answer(&verdict, request),
                usage: Some(Usage::ONE_CALL),
                model: self.facts.model.clone(),
            })
        })
    }
}

/// A verdict in the form that all answers have.
fn answer(verdict: &Verdict, request: &Request) -> Value {
    let findings: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| {
            json!({
                "title": finding.title,
                "location": finding.location,
                "priority": finding.priority.as_str(),
                "minutes": finding.minutes,
                "confidence": finding.confidence.get(),
                "box": finding.area.map(|area| json!({
                    "x": area.x(), "y": area.y(), "width": area.width(), "height": area.height(),
                })),
            })
        })
        .collect();
    let tasks: Vec<_> = verdict
        .judgements
        .iter()
        .filter_map(|judgement| {
            let at = request
                .tasks
                .iter()
                .position(|task| task.id == judgement.task)?;
            Some(json!({
                "id": short_id(at),
                "state": judgement.presence,
                "confidence": judgement.confidence.get(),
            }))
        })
        .collect();
    json!({
        "score": verdict.score.get(),
        "summary": verdict.summary,
        "findings": findings,
        "tasks": tasks,
    })
}

fn judged(
    view: &LocalView,
    sensitivity: crate::model::Sensitivity,
) -> Result<Verdict, ProviderError> {
    judge(
        &view.references,
        &view.grids,
        view.light,
        &view.regions,
        sensitivity,
    )
    .map_err(|e| ProviderError::unpaid(Fault::Missing(e.to_string()), ""))
}

/// The zone is as tidy as the worst of its cameras shows it.
fn merged(verdicts: Vec<Verdict>, request: &Request) -> Verdict {
    let score = verdicts
        .iter()
        .map(|verdict| verdict.score)
        .min()
        .unwrap_or(Score::TIDY);
    let summary = verdicts
        .iter()
        .map(|verdict| verdict.summary.as_str())
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let findings: Vec<Finding> = verdicts
        .into_iter()
        .flat_map(|verdict| verdict.findings)
        .collect();
    let judgements = request
        .tasks
        .iter()
        .filter_map(|task| {
            let area = task.area?;
            let presence = if found_at(&findings, area) {
                Presence::Present
            } else {
                Presence::Gone
            };
            let confidence = Confidence::new(CONFIDENCE).ok()?;
            Some(TaskJudgement {
                task: task.id,
                presence,
                confidence,
            })
        })
        .collect();
    // What is known already is no new finding.
    let known = |finding: &Finding| {
        finding.area.is_some_and(|area| {
            request.tasks.iter().any(|task| {
                task.area
                    .is_some_and(|known| area.overlap(&known) >= SAME_PLACE)
            })
        })
    };
    let findings = findings
        .into_iter()
        .filter(|finding| !known(finding))
        .collect();
    Verdict {
        score,
        summary,
        findings,
        judgements,
    }
}

fn found_at(findings: &[Finding], place: Area) -> bool {
    findings.iter().any(|finding| {
        finding
            .area
            .is_some_and(|area| area.overlap(&place) >= SAME_PLACE)
    })
}
