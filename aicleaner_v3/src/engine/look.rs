//! One look at one zone, from the snapshot to the judgement, as a child task of the zone's worker. It reads
//! and asks; it changes no state.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::Parts;
use super::events::{EventBus, SnapshotTaken};
use crate::home_assistant::{HomeError, Snapshot};
use crate::model::{
    Assessment, AssessmentId, EntityId, LastFrame, SkipReason, Task, Trigger, Zone,
};
use crate::providers::{KnownTask, Request};
use crate::router::RouteError;
use crate::telemetry::Code;
use crate::vision::{self, Frame, Limits, PictureError};

/// How long a camera may take for a snapshot.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest side of a frame, in pixels: twice what providers get, so that small things keep their shape.
const FRAME_SIDE: u32 = 1600;
/// The longest side of the picture that people are shown, in pixels.
const SHOWN_SIDE: u32 = 960;
const SHOWN_QUALITY: u8 = 75;

/// How a look ended.
#[derive(Debug)]
pub enum Outcome {
    /// There is nothing to judge now.
    Skipped(SkipReason),
    /// A provider judged.
    Assessed {
        assessment: Box<Assessment>,
        frame: LastFrame,
    },
}

/// Why a look failed.
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

impl LookError {
    pub fn code(&self) -> Code {
        match self {
            Self::Home(e) => e.code(),
            Self::Picture { reason, .. } => reason.code(),
            Self::Provider(e) => e.code(),
            Self::Interrupted => Code::ProviderFailed,
        }
    }

    /// When a look may succeed again, if that is known.
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Provider(e) => e.retry_at(),
            _ => None,
        }
    }
}

/// Looks at `zone`. `tasks` are those that the provider shall judge.
pub async fn look(
    zone: Arc<Zone>,
    trigger: Trigger,
    tasks: Vec<Task>,
    parts: Parts,
    bus: EventBus,
) -> Result<Outcome, LookError> {
    let snapshots =
        match try_join_all(zone.cameras.iter().map(|camera| snapshot(&parts, camera))).await {
            Ok(snapshots) => snapshots,
            Err(error) if error.code() == Code::CameraUnavailable => {
                return Ok(Outcome::Skipped(SkipReason::CameraUnavailable));
            }
            Err(error) => return Err(error.into()),
        };
    let mut frames = Vec::with_capacity(snapshots.len());
    let mut shown = None;
    for (camera, snapshot) in zone.cameras.iter().zip(snapshots) {
        let Decoded {
            frame,
            size,
            picture,
        } = decode(&parts, camera.clone(), snapshot, shown.is_none()).await?;
        bus.tell(SnapshotTaken {
            zone: zone.id.clone(),
            camera: camera.clone(),
            size,
            trigger,
        });
        shown = shown.or(picture);
        frames.push(frame);
    }
    let frame = shown.ok_or(LookError::Interrupted)?;
    let request = Arc::new(Request {
        zone: zone.id.clone(),
        zone_name: zone.name.clone(),
        purpose: zone.purpose.clone(),
        ignore: Vec::new(),
        frames: frames.into(),
        tasks: tasks.iter().map(known).collect(),
        language: language(&parts),
    });
    let judged = match parts.router.assess(&zone.providers, request).await {
        Err(RouteError::Cap(_)) => return Ok(Outcome::Skipped(SkipReason::CapReached)),
        judged => judged?,
    };
    let at = parts.clock.now();
    let assessment = Box::new(Assessment {
        id: AssessmentId::new(at),
        zone: zone.id.clone(),
        taken_at: frame.taken_at,
        at,
        trigger,
        verdict: judged.verdict,
        provider: judged.provider.to_owned(),
        model: judged.model,
        duration: judged.duration,
    });
    Ok(Outcome::Assessed { assessment, frame })
}

fn known(task: &Task) -> KnownTask {
    KnownTask {
        id: task.id,
        title: task.finding.title.clone(),
        location: task.finding.location.clone(),
    }
}

/// The language of the settings, or Home Assistant's; English as long as that is not known.
fn language(parts: &Parts) -> String {
    if let Some(language) = &parts.language {
        return language.clone();
    }
    let home = parts.home.home();
    let language = home.borrow().as_ref().map(|home| home.language.clone());
    language
        .filter(|language| !language.is_empty())
        .unwrap_or_else(|| "en".to_owned())
}

async fn snapshot(parts: &Parts, camera: &EntityId) -> Result<Snapshot, HomeError> {
    parts
        .home
        .snapshot(camera, None, Limits::default().bytes, SNAPSHOT_TIMEOUT)
        .await
}

struct Decoded {
    frame: Frame,
    size: (u32, u32),
    picture: Option<LastFrame>,
}

/// Decodes on a thread of its own: a large picture takes tens of milliseconds.
async fn decode(
    parts: &Parts,
    camera: EntityId,
    snapshot: Snapshot,
    with_picture: bool,
) -> Result<Decoded, LookError> {
    let _place = parts
        .images
        .acquire()
        .await
        .map_err(|_| LookError::Interrupted)?;
    let work = move || {
        let fault = |reason| LookError::Picture {
            camera: camera.clone(),
            reason,
        };
        let whole = vision::decode(&snapshot.bytes, &Limits::default()).map_err(fault)?;
        let size = (whole.width(), whole.height());
        let raster = vision::fit(&whole, FRAME_SIDE);
        drop(whole);
        let picture = if with_picture {
            let jpeg = vision::encode_jpeg(&vision::fit(&raster, SHOWN_SIDE), SHOWN_QUALITY)
                .map_err(fault)?;
            Some(LastFrame {
                taken_at: snapshot.taken_at,
                jpeg: Bytes::from(jpeg),
            })
        } else {
            None
        };
        Ok(Decoded {
            frame: Frame {
                camera: camera.clone(),
                taken_at: snapshot.taken_at,
                raster,
            },
            size,
            picture,
        })
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| LookError::Interrupted)?
}
