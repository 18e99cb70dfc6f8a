//! The local judge as a provider: the room against its own tidy self. Works with no network and costs nothing,
//! so it can be the last of any zone's providers. It knows where things are, never what they are.

use std::time::Duration;

use futures_util::future::BoxFuture;

use serde_json::{Value, json};

use super::prompt::short_id;
use super::{
    Day, Facts, Fault, Limits, LocalView, PictureForm, Provider, ProviderError, Question, Reply,
    Request,
};
use crate::model::{
    Area, Confidence, Finding, Presence, Price, Score, TaskJudgement, Usage, Verdict,
};
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
    /// The local judge under `name`.
    pub fn new(name: String) -> Self {
        let facts = Facts {
            name,
            kind: "reference",
            model: "local".to_owned(),
            timeout: Duration::from_secs(60),
            picture: PictureForm::USUAL,
            price: Some(Price::FREE),
            tokens_per_picture: 0,
            most_tokens_out: 0,
            calls_per_question: 1,
            limits: Limits {
                per_minute: None,
                per_day: None,
                day: Day::Utc,
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::KnownTask;
    use super::*;
    use crate::model::{LightMode, Mask, Priority, Sensitivity, TaskId, ZoneId};
    use crate::providers::{Form, verdict};
    use crate::vision::{Grid, Raster, Reference, References};

    const CUP: [u32; 4] = [120, 60, 30, 30];

    /// A room of coloured stripes with a thing in it, or without.
    fn room(thing: Option<[u32; 4]>) -> Raster {
        let (width, height) = (320, 180);
        let rgb = (0..width * height)
            .flat_map(|at| {
                let (x, y) = (at % width, at / width);
                let inside = thing.is_some_and(|[left, top, w, h]| {
                    (left..left + w).contains(&x) && (top..top + h).contains(&y)
                });
                let wall = if (x / 20 + y / 30) % 2 == 0 {
                    [150, 130, 100]
                } else {
                    [90, 110, 140]
                };
                if inside { [230, 40, 40] } else { wall }
            })
            .map(|value: i32| u8::try_from(value).unwrap_or(u8::MAX))
            .collect();
        Raster::new(width, height, rgb).unwrap()
    }

    fn grid(thing: Option<[u32; 4]>) -> Grid {
        Grid::new(&room(thing), &[] as &[Mask], Grid::REFERENCE_SIDE)
    }

    fn request(now: Option<[u32; 4]>, references: References, tasks: Vec<KnownTask>) -> Request {
        Request {
            zone: ZoneId::parse("room").unwrap(),
            ignore: vec![],
            zone_name: "Kitchen".to_owned(),
            purpose: String::new(),
            pictures: Vec::new().into(),
            views: vec![LocalView {
                grids: vec![grid(now)],
                light: LightMode::Colour,
                references,
                regions: vec![],
            }],
            sensitivity: Sensitivity::Normal,
            tasks,
            language: "en".to_owned(),
        }
    }

    fn tidy() -> References {
        let mut references = References::default();
        references.add(Reference {
            light: LightMode::Colour,
            grid: grid(None),
        });
        references
    }

    #[derive(Debug)]
    struct Answer {
        verdict: Verdict,
    }

    /// Asks, and reads the answer as any other.
    async fn assess(request: Request) -> Result<Answer, ProviderError> {
        let request = Arc::new(request);
        let question = Question {
            title: String::new(),
            text: String::new(),
            pictures: vec![],
            form: Form::Verdict,
            request: Some(request.clone()),
        };
        let reply = TidyReference::new("reference".to_owned())
            .ask(&question)
            .await?;
        let read = verdict(&reply.content, &request.tasks).unwrap();
        assert!(read.repairs.is_empty(), "{:?}", read.repairs);
        Ok(Answer {
            verdict: read.value,
        })
    }

    #[tokio::test]
    async fn a_tidy_room_has_no_findings() {
        let answer = assess(request(None, tidy(), vec![])).await.unwrap();

        assert_eq!(answer.verdict.score, Score::TIDY);
        assert!(answer.verdict.findings.is_empty());
    }

    #[tokio::test]
    async fn a_thing_left_is_found_where_it_is_and_gone_when_it_is_gone() {
        let found = assess(request(Some(CUP), tidy(), vec![]))
            .await
            .unwrap()
            .verdict;
        assert_eq!(found.findings.len(), 1, "{found:?}");
        assert!(found.score < Score::TIDY);
        let task = KnownTask {
            id: TaskId::new(jiff::Timestamp::UNIX_EPOCH),
            title: found.findings[0].title.clone(),
            location: String::new(),
            area: found.findings[0].area,
        };

        let still = assess(request(Some(CUP), tidy(), vec![task.clone()]))
            .await
            .unwrap()
            .verdict;
        let gone = assess(request(None, tidy(), vec![task]))
            .await
            .unwrap()
            .verdict;

        assert_eq!(
            (still.findings.len(), still.judgements[0].presence),
            (0, Presence::Present)
        );
        assert_eq!(gone.judgements[0].presence, Presence::Gone);
        assert_eq!(found.findings[0].priority, Priority::Normal);
    }

    #[tokio::test]
    async fn without_a_reference_it_says_what_to_do() {
        let refused = assess(request(None, References::default(), vec![]))
            .await
            .unwrap_err();

        assert!(
            refused.to_string().contains("show the room tidy once"),
            "{refused}"
        );
    }
}
