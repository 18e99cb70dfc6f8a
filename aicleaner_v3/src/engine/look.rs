//! One look at one zone, from the snapshot to the judgement, as a child task of the zone's worker. It reads
//! and asks; it changes no state: what is to be remembered goes back with the outcome.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::Parts;
use super::events::{EventBus, SnapshotTaken};
use super::gate::{self, Together};
use super::may_look;
use super::sight::{self, Round, Rules};
use super::surroundings::occupancy;
use crate::home_assistant::HomeError;
use crate::image_thread::Interrupted;
use crate::model::{
    Area, Assessment, AssessmentId, EntityId, Finding, LastFrame, Presence, SkipReason, Task,
    Trigger, Verdict, Zone,
};
use crate::providers::{KnownTask, LocalView, Request};
use crate::router::RouteError;
use crate::store::CameraRecord;
use crate::telemetry::Code;
use crate::vision::{AssessmentOutcome, Grid, PictureError, Reference};

/// Between frames of one check that shall tell what lies still from what moves.
const BETWEEN_FRAMES: Duration = Duration::from_secs(3);

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct Order {
    pub zone: Arc<Zone>,
    pub trigger: Trigger,
    /// The tasks that the provider shall judge.
    pub tasks: Vec<Task>,
    /// What is remembered of the zone's cameras.
    pub cameras: Vec<CameraRecord>,
}

/// How a check ended, with what is to be remembered of the cameras.
#[derive(Debug)]
pub struct Looked {
    pub outcome: Outcome,
    pub cameras: Vec<CameraRecord>,
}

/// How a check ended.
#[derive(Debug)]
pub enum Outcome {
    /// There is nothing to judge now.
    Skipped(SkipReason),
    /// A provider judged.
    Assessed {
        assessment: Box<Assessment>,
        frame: LastFrame,
    },
    /// The zone is remembered as tidy.
    RememberedTidy { frame: LastFrame },
}

/// Why a check failed.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("{camera} gave no usable picture: {reason}")]
    Picture {
        camera: EntityId,
        reason: PictureError,
    },
    #[error(transparent)]
    Provider(#[from] RouteError),
    #[error("the look was interrupted")]
    Interrupted,
}

impl From<Interrupted> for LookError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

impl LookError {
    pub fn code(&self) -> Code {
        match self {
            Self::Home(e) => e.code(),
            Self::Picture {
                reason: PictureError::TooManyBytes { .. } | PictureError::TooLarge { .. },
                ..
            } => Code::CameraTooLarge,
            Self::Picture { .. } => Code::CameraPicture,
            Self::Provider(e) => e.code(),
            Self::Interrupted => Code::ProviderFailed,
        }
    }

    /// When a check may succeed again, if that is known.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Provider(e) => e.retry_at(),
            _ => None,
        }
    }
}

/// Looks at the zone and has it judged if that is worth it.
pub async fn look(order: Order, parts: Parts, bus: EventBus) -> Result<Looked, LookError> {
    let Order {
        zone,
        trigger,
        tasks,
        mut cameras,
    } = order;
    let policy = gate::policy(&zone);
    let router = parts.router.borrow().clone();
    let mut grids: Vec<Vec<Grid>> = vec![Vec::new(); cameras.len()];
    let skipped = |reason, cameras| {
        Ok(Looked {
            outcome: Outcome::Skipped(reason),
            cameras,
        })
    };
    let frames_wanted = router.frames_wanted(&zone.providers);
    let (sights, usable, pictures) = loop {
        let rules = Rules {
            policy,
            wanted: trigger.passes_the_gate(),
            is_last: grids.iter().all(|seen| seen.len() + 1 >= frames_wanted),
        };
        let round = match taken(&zone, trigger, &parts, &cameras, rules, &bus).await? {
            Ok(round) => round,
            Err(reason) => return skipped(reason, cameras),
        };
        cameras = round.cameras;
        for (seen, sight) in grids.iter_mut().zip(&round.sights) {
            seen.push(sight.grid.clone());
        }
        match round.together {
            Together::Assess(usable) if rules.is_last => {
                break (round.sights, usable, round.pictures);
            }
            // The gate said yes; the local judge wants more frames of the same.
            Together::Assess(_) => sleep(BETWEEN_FRAMES).await,
            Together::LookAgain(wait) => sleep(wait).await,
            Together::Skip(reason) => return skipped(reason, cameras),
        }
    };
    let remembered = cameras.clone();
    let (mut views, mut frames) = (Vec::new(), Vec::new());
    for (index, sight) in sights
        .into_iter()
        .enumerate()
        .filter(|(index, _)| usable.contains(index))
    {
        let record = &cameras[index];
        views.push(LocalView {
            grids: std::mem::take(&mut grids[index]),
            light: sight.frame.light_mode(),
            references: record.references.clone(),
            regions: record.regions.clone(),
        });
        frames.push((index, sight.frame));
    }
    let first = pictures.first().cloned().ok_or(LookError::Interrupted)?;
    let one_camera = cameras.len() == 1;
    let request = Arc::new(Request {
        zone: zone.id.clone(),
        zone_name: zone.name.clone(),
        purpose: zone.purpose.clone(),
        ignore: zone.ignore.clone(),
        pictures: pictures.into(),
        views,
        sensitivity: zone.sensitivity,
        tasks: tasks.iter().map(known).collect(),
        language: parts.locale.borrow().language().to_owned(),
    });
    let judged = match router.assess(&zone.providers, request).await {
        Err(RouteError::Cap(_)) => return skipped(SkipReason::CapReached, remembered),
        judged => judged?,
    };
    let found = found(&judged.verdict, &tasks);
    let learn = move || {
        for (index, frame) in frames {
            let record: &mut CameraRecord = &mut cameras[index];
            record.history = std::mem::take(&mut record.history).assessed(&frame, found);
        }
        cameras
    };
    let cameras = parts.images.run(learn).await?;
    let areas = if one_camera {
        areas(&judged.verdict, &tasks)
    } else {
        Vec::new()
    };
    let frame = sight::shown(&parts, first, areas).await?;
    let at = parts.clock.now();
    let assessment = Box::new(Assessment {
        id: AssessmentId::new(at),
        zone: zone.id.clone(),
        taken_at: frame.taken_at,
        at,
        trigger,
        verdict: with_camera(judged.verdict, &zone),
        provider: judged.provider.to_owned(),
        model: judged.model,
        duration: judged.duration,
    });
    Ok(Looked {
        outcome: Outcome::Assessed { assessment, frame },
        cameras,
    })
}

/// Takes a picture of each camera and remembers it as how the zone looks when it is tidy.
pub async fn remember_tidy(order: Order, parts: Parts, bus: EventBus) -> Result<Looked, LookError> {
    let Order {
        zone,
        trigger,
        mut cameras,
        ..
    } = order;
    let skipped = |reason, cameras| {
        Ok(Looked {
            outcome: Outcome::Skipped(reason),
            cameras,
        })
    };
    let rules = Rules {
        policy: gate::policy(&zone),
        wanted: true,
        is_last: true,
    };
    let round = match taken(&zone, trigger, &parts, &cameras, rules, &bus).await? {
        Ok(round) => round,
        Err(reason) => return skipped(reason, cameras),
    };
    cameras = round.cameras;
    if let Together::Skip(reason) = round.together {
        return skipped(reason, cameras);
    }
    for (record, sight) in cameras.iter_mut().zip(round.sights) {
        record.references.add(Reference {
            light: sight.frame.light_mode(),
            grid: sight.grid,
        });
    }
    let first = round.pictures.into_iter().next();
    let first = first.ok_or(LookError::Interrupted)?;
    let frame = sight::shown(&parts, first, Vec::new()).await?;
    Ok(Looked {
        outcome: Outcome::RememberedTidy { frame },
        cameras,
    })
}

/// A round over the cameras; or why there is none. Somebody may have come in since the last look around: then no
/// picture is taken, and what was taken meanwhile is dropped and not remembered.
async fn taken(
    zone: &Zone,
    trigger: Trigger,
    parts: &Parts,
    cameras: &[CameraRecord],
    rules: Rules,
    bus: &EventBus,
) -> Result<Result<Round, SkipReason>, LookError> {
    let is_empty = || may_look::is_empty(occupancy(zone, &parts.home.states().borrow()));
    if let Err(reason) = is_empty() {
        return Ok(Err(reason));
    }
    let round = match sight::round(parts, cameras, rules).await {
        Ok(round) => round,
        Err(error) if error.code() == Code::CameraUnavailable => {
            return Ok(Err(SkipReason::CameraUnavailable));
        }
        Err(error) => return Err(error),
    };
    if let Err(reason) = is_empty() {
        return Ok(Err(reason));
    }
    for sight in &round.sights {
        bus.tell(SnapshotTaken {
            zone: zone.id.clone(),
            camera: sight.camera.clone(),
            size: sight.size,
            trigger,
        });
    }
    Ok(Ok(round))
}

/// What the gate learns of a judgement: it is without consequence only if it names nothing new and each of `tasks` is
/// still there.
fn found(verdict: &Verdict, tasks: &[Task]) -> AssessmentOutcome {
    let is_known = |finding: &Finding| finding.task.is_some();
    let is_present = |task: &Task| {
        verdict
            .judgements
            .iter()
            .any(|judgement| judgement.task == task.id && judgement.presence == Presence::Present)
    };
    match verdict.findings.iter().all(is_known) && tasks.iter().all(is_present) {
        true => AssessmentOutcome::Unchanged,
        false => AssessmentOutcome::Changed,
    }
}

/// What is still to be seen of the known tasks, and what was found.
fn areas(verdict: &Verdict, tasks: &[Task]) -> Vec<Area> {
    let is_gone = |task: &&Task| {
        verdict
            .judgements
            .iter()
            .any(|judgement| judgement.task == task.id && judgement.presence == Presence::Gone)
    };
    let known = tasks
        .iter()
        .filter(|task| task.is_open() && !is_gone(task))
        .filter_map(|task| task.finding.area);
    known
        .chain(verdict.findings.iter().filter_map(|finding| finding.area))
        .collect()
}

fn known(task: &Task) -> KnownTask {
    KnownTask {
        id: task.id,
        title: task.finding.title.clone(),
        location: task.finding.location.clone(),
        area: task.finding.area,
    }
}

/// With one camera it is clear which picture a finding's box is in.
fn with_camera(mut verdict: Verdict, zone: &Zone) -> Verdict {
    if let [camera] = zone.cameras.as_slice() {
        for finding in &mut verdict.findings {
            finding.camera = Some(camera.clone());
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Confidence, Score, TaskId, TaskJudgement, ZoneId};

    fn sock() -> Finding {
        Finding::new("Pick up the sock", Confidence::CERTAIN)
    }

    fn task() -> Task {
        let kitchen = ZoneId::parse("kitchen").unwrap();
        Task::open(kitchen, sock(), Timestamp::UNIX_EPOCH)
    }

    fn verdict(findings: Vec<Finding>, judgements: &[(TaskId, Presence)]) -> Verdict {
        let judgement = |&(task, presence): &(TaskId, Presence)| TaskJudgement {
            task,
            presence,
            confidence: Confidence::CERTAIN,
        };
        Verdict {
            score: Score::new(80).unwrap(),
            summary: String::new(),
            findings,
            judgements: judgements.iter().map(judgement).collect(),
        }
    }

    #[test]
    fn nothing_new_and_every_task_still_there_is_without_consequence() {
        let task = task();
        let again = Finding {
            task: Some(task.id),
            ..sock()
        };
        let there = [(task.id, Presence::Present)];

        assert_eq!(
            found(&verdict(vec![], &[]), &[]),
            AssessmentOutcome::Unchanged
        );
        assert_eq!(
            found(&verdict(vec![again], &there), &[task]),
            AssessmentOutcome::Unchanged
        );
    }

    #[test]
    fn anything_else_may_have_one() {
        let tasks = [task()];
        let judged = |presence| verdict(vec![], &[(tasks[0].id, presence)]);

        assert_eq!(
            found(&verdict(vec![sock()], &[]), &[]),
            AssessmentOutcome::Changed
        );
        assert_eq!(
            found(&verdict(vec![], &[]), &tasks),
            AssessmentOutcome::Changed
        );
        assert_eq!(
            found(&judged(Presence::Gone), &tasks),
            AssessmentOutcome::Changed
        );
        assert_eq!(
            found(&judged(Presence::Unclear), &tasks),
            AssessmentOutcome::Changed
        );
    }
}
