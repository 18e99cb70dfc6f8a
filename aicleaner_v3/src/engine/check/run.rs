//! One check of one zone, from the first snapshot to the judgement, as a child task of the zone's worker. It reads
//! and asks; it changes no state: what is to be remembered goes back with the outcome.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::allowed::is_empty;
use super::camera_frame::CameraFrame;
use super::capture::{self, Capture, Rules};
use super::error::CheckError;
use super::gate::{self, ZoneDecision};
use super::judgement::{areas, found, known, with_camera};
use crate::engine::event_bus::EventBus;
use crate::engine::events::SnapshotTaken;
use crate::engine::occupancy::room_occupancy;
use crate::engine::services::Services;
use crate::model::{Assessment, AssessmentId, LastFrame, SkipReason, Task, Trigger, Zone};
use crate::providers::{LocalView, Request};
use crate::router::RouteError;
use crate::store::CameraRecord;
use crate::telemetry::Code;
use crate::vision::{Frame, Grid, Picture, Reference};

/// Between frames of one check that shall tell what lies still from what moves.
const BETWEEN_FRAMES: Duration = Duration::from_secs(3);

/// What is to be checked.
#[derive(Debug, Clone)]
pub struct CheckOrder {
    /// The zone as it is in effect.
    pub zone: Arc<Zone>,
    /// Why the check was asked for.
    pub trigger: Trigger,
    /// The tasks that the provider shall judge.
    pub tasks: Vec<Task>,
    /// What is remembered of the zone's cameras.
    pub cameras: Vec<CameraRecord>,
}

/// How a check ended, with what is to be remembered of the cameras.
#[derive(Debug)]
pub struct CheckResult {
    /// How it ended.
    pub outcome: CheckOutcome,
    /// What is to be remembered of the cameras.
    pub cameras: Vec<CameraRecord>,
}

/// How a check ended.
#[derive(Debug)]
pub enum CheckOutcome {
    /// There is nothing to judge now.
    Skipped(SkipReason),
    /// A provider judged.
    Assessed {
        /// The judgement.
        assessment: Box<Assessment>,
        /// The picture to show.
        frame: LastFrame,
    },
    /// The zone is remembered as tidy.
    RememberedTidy {
        /// The picture to show.
        frame: LastFrame,
    },
}

impl CheckResult {
    fn skipped(reason: SkipReason, cameras: Vec<CameraRecord>) -> Self {
        Self {
            outcome: CheckOutcome::Skipped(reason),
            cameras,
        }
    }
}

/// What the gate let through: the last capture, and the grids of all captures, by camera.
struct Passed {
    capture: Capture,
    usable: Vec<usize>,
    grids: Vec<Vec<Grid>>,
}

/// Takes pictures of the zone and has it judged if that is worth it.
///
/// # Errors
/// When a camera gave no usable picture, or no provider judged.
pub async fn check(
    order: CheckOrder,
    services: Services,
    bus: EventBus,
) -> Result<CheckResult, CheckError> {
    let router = services.configuration.borrow().router.clone();
    let frames_wanted = router.frames_wanted(&order.zone.providers);
    let passed = match pass_gate(&order, frames_wanted, &services, &bus).await? {
        Ok(passed) => passed,
        Err(skipped) => return Ok(skipped),
    };
    let Passed {
        capture,
        usable,
        grids,
    } = passed;
    let mut cameras = capture.cameras;
    let remembered = cameras.clone();
    let (views, frames) = local_views(capture.frames, &usable, grids, &cameras);
    let first = capture.pictures.first().cloned();
    let first = first.ok_or(CheckError::Interrupted)?;
    let language = services.locale.borrow().language().to_owned();
    let request = request(&order, capture.pictures, views, language);
    let judged = match router
        .assess(&order.zone.providers, Arc::new(request))
        .await
    {
        Err(RouteError::Cap(_)) => {
            return Ok(CheckResult::skipped(SkipReason::CapReached, remembered));
        }
        judged => judged?,
    };
    let found = found(&judged.verdict, &order.tasks);
    let learn = move || {
        for (index, frame) in frames {
            let record: &mut CameraRecord = &mut cameras[index];
            record.history = std::mem::take(&mut record.history).assessed(&frame, found);
        }
        cameras
    };
    let cameras = services.images.run(learn).await?;
    // With several cameras, the picture that is shown need not be the one that an area is of.
    let areas = match cameras.len() {
        1 => areas(&judged.verdict, &order.tasks),
        _ => Vec::new(),
    };
    let frame = capture::shown(&services, first, areas).await?;
    let at = services.clock.now();
    let assessment = Box::new(Assessment {
        id: AssessmentId::new(at),
        zone: order.zone.id.clone(),
        taken_at: frame.taken_at,
        at,
        trigger: order.trigger,
        verdict: with_camera(judged.verdict, &order.zone),
        provider: judged.provider.to_owned(),
        model: judged.model,
        duration: judged.duration,
    });
    Ok(CheckResult {
        outcome: CheckOutcome::Assessed { assessment, frame },
        cameras,
    })
}

/// What the local judge sees of each usable camera, and the frames to learn from, with the camera's index.
fn local_views(
    frames: Vec<CameraFrame>,
    usable: &[usize],
    mut grids: Vec<Vec<Grid>>,
    cameras: &[CameraRecord],
) -> (Vec<LocalView>, Vec<(usize, Frame)>) {
    let usable = frames
        .into_iter()
        .enumerate()
        .filter(|(index, _)| usable.contains(index));
    usable
        .map(|(index, CameraFrame { frame, .. })| {
            let view = LocalView {
                grids: std::mem::take(&mut grids[index]),
                light: frame.light_mode(),
                references: cameras[index].references.clone(),
                regions: cameras[index].regions.clone(),
            };
            (view, (index, frame))
        })
        .unzip()
}

fn request(
    order: &CheckOrder,
    pictures: Vec<Picture>,
    views: Vec<LocalView>,
    language: String,
) -> Request {
    let zone = &order.zone;
    Request {
        zone: zone.id.clone(),
        zone_name: zone.name.clone(),
        purpose: zone.purpose.clone(),
        ignore: zone.ignore.clone(),
        pictures: pictures.into(),
        views,
        sensitivity: zone.sensitivity,
        tasks: order.tasks.iter().map(known).collect(),
        language,
    }
}

/// Captures until the gate says yes or no; or how the check ended without an assessment.
async fn pass_gate(
    order: &CheckOrder,
    frames_wanted: usize,
    services: &Services,
    bus: &EventBus,
) -> Result<Result<Passed, CheckResult>, CheckError> {
    let mut cameras = order.cameras.clone();
    let mut grids: Vec<Vec<Grid>> = vec![Vec::new(); cameras.len()];
    loop {
        let rules = Rules {
            policy: gate::policy(&order.zone),
            wanted: order.trigger.passes_the_gate(),
            is_last: grids.iter().all(|seen| seen.len() + 1 >= frames_wanted),
        };
        let capture = match capture_if_empty(order, &cameras, rules, services, bus).await? {
            Ok(capture) => capture,
            Err(reason) => return Ok(Err(CheckResult::skipped(reason, cameras))),
        };
        for (seen, frame) in grids.iter_mut().zip(&capture.frames) {
            seen.push(frame.grid.clone());
        }
        match capture.decision.clone() {
            ZoneDecision::Assess(usable) if rules.is_last => {
                return Ok(Ok(Passed {
                    capture,
                    usable,
                    grids,
                }));
            }
            // The gate said yes; the local judge wants more frames of the same.
            ZoneDecision::Assess(_) => sleep(BETWEEN_FRAMES).await,
            ZoneDecision::CaptureAgain(wait) => sleep(wait).await,
            ZoneDecision::Skip(reason) => {
                return Ok(Err(CheckResult::skipped(reason, capture.cameras)));
            }
        }
        cameras = capture.cameras;
    }
}

/// Takes a picture of each camera and remembers it as how the zone looks when it is tidy.
///
/// # Errors
/// When a camera gave no usable picture.
pub async fn remember_tidy(
    order: CheckOrder,
    services: Services,
    bus: EventBus,
) -> Result<CheckResult, CheckError> {
    let rules = Rules {
        policy: gate::policy(&order.zone),
        wanted: true,
        is_last: true,
    };
    let capture = match capture_if_empty(&order, &order.cameras, rules, &services, &bus).await? {
        Ok(capture) => capture,
        Err(reason) => return Ok(CheckResult::skipped(reason, order.cameras)),
    };
    let mut cameras = capture.cameras;
    if let ZoneDecision::Skip(reason) = capture.decision {
        return Ok(CheckResult::skipped(reason, cameras));
    }
    for (record, frame) in cameras.iter_mut().zip(capture.frames) {
        record.references.add(Reference {
            light: frame.frame.light_mode(),
            grid: frame.grid,
        });
    }
    let first = capture.pictures.into_iter().next();
    let first = first.ok_or(CheckError::Interrupted)?;
    let frame = capture::shown(&services, first, Vec::new()).await?;
    Ok(CheckResult {
        outcome: CheckOutcome::RememberedTidy { frame },
        cameras,
    })
}

/// A capture of the cameras; or why there is none. Somebody may have come in since the check was allowed: then no
/// picture is taken, and what was taken meanwhile is dropped and not remembered.
async fn capture_if_empty(
    order: &CheckOrder,
    cameras: &[CameraRecord],
    rules: Rules,
    services: &Services,
    bus: &EventBus,
) -> Result<Result<Capture, SkipReason>, CheckError> {
    let zone = &order.zone;
    let is_empty = || is_empty(room_occupancy(zone, &services.home.states().borrow()));
    if let Err(reason) = is_empty() {
        return Ok(Err(reason));
    }
    let capture = match capture::capture(services, cameras, rules).await {
        Ok(capture) => capture,
        Err(error) if error.code() == Code::CameraUnavailable => {
            return Ok(Err(SkipReason::CameraUnavailable));
        }
        Err(error) => return Err(error),
    };
    if let Err(reason) = is_empty() {
        return Ok(Err(reason));
    }
    for frame in &capture.frames {
        bus.emit(SnapshotTaken {
            zone: zone.id.clone(),
            camera: frame.camera.clone(),
            size: frame.size,
            trigger: order.trigger,
        });
    }
    Ok(Ok(capture))
}
