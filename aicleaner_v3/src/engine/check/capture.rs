//! One capture: every camera of a zone asked once, its picture decoded, masked, measured and judged by the gate. Masks
//! are burned in before anything else sees the pixels.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;

use super::camera_frame::CameraFrame;
use super::error::CheckError;
use super::gate::{self, ZoneDecision};
use crate::engine::services::Services;
use crate::home_assistant::{HomeError, Snapshot};
use crate::image_thread::Interrupted;
use crate::model::{Area, EntityId, LastFrame};
use crate::store::CameraRecord;
use crate::vision::{self, Buffers, DecodeLimits, Decoded, Frame, GatePolicy, Grid, Picture};

/// How long a camera may take for a snapshot.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest side of a picture, in pixels: more than providers get, so that small things keep their shape.
const PICTURE_SIDE: u32 = 1600;
/// The longest side of the picture that people are shown, in pixels.
const SHOWN_SIDE: u32 = 960;
const SHOWN_QUALITY: u8 = 75;

/// How the gate is to decide about a capture.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub policy: GatePolicy,
    /// Whether an unchanged room is to be judged too.
    pub wanted: bool,
    /// Whether this is the last capture that is needed if the gate says yes.
    pub is_last: bool,
}

/// What one capture gave.
#[derive(Debug)]
pub struct Capture {
    /// One for each camera, in their order.
    pub frames: Vec<CameraFrame>,
    /// What the gate says.
    pub decision: ZoneDecision,
    /// What is to be remembered of the cameras.
    pub cameras: Vec<CameraRecord>,
    /// Of the cameras that the zone is to be judged by, if this is the last capture; else none.
    pub pictures: Vec<Picture>,
}

/// Captures `cameras`.
pub async fn capture(
    services: &Services,
    cameras: &[CameraRecord],
    rules: Rules,
) -> Result<Capture, CheckError> {
    let _turn = services.captures.acquire().await.map_err(|_| Interrupted)?;
    let snapshots = try_join_all(
        cameras
            .iter()
            .map(|record| snapshot(services, &record.camera)),
    )
    .await?;
    let mut cameras = cameras.to_vec();
    let work = move || {
        let _reuse = Buffers::keep();
        let frames = cameras
            .iter()
            .zip(&snapshots)
            .map(|(record, snapshot)| camera_frame(record, snapshot))
            .collect::<Result<Vec<_>, _>>()?;
        let decision = gate::decide_zone(&rules.policy, &frames, &mut cameras, rules.wanted);
        let pictures = match &decision {
            ZoneDecision::Assess(usable) if rules.is_last => usable
                .iter()
                .map(|&index| provider_picture(&cameras[index], &snapshots[index]))
                .collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        Ok(Capture {
            frames,
            decision,
            cameras,
            pictures,
        })
    };
    services.images.run(work).await?
}

async fn snapshot(services: &Services, camera: &EntityId) -> Result<Snapshot, HomeError> {
    services
        .home
        .snapshot(
            camera,
            None,
            DecodeLimits::default().bytes,
            SNAPSHOT_TIMEOUT,
        )
        .await
}

/// The snapshot, masked, with its longest side at least `longest_side` pixels if it has as many.
fn masked(
    record: &CameraRecord,
    snapshot: &Snapshot,
    longest_side: u32,
) -> Result<Decoded, CheckError> {
    let mut decoded = vision::decode_for(&snapshot.bytes, &DecodeLimits::default(), longest_side)
        .map_err(|reason| CheckError::unusable(&record.camera, reason))?;
    vision::burn(&mut decoded.raster, &record.masks);
    Ok(decoded)
}

fn camera_frame(record: &CameraRecord, snapshot: &Snapshot) -> Result<CameraFrame, CheckError> {
    let Decoded { raster, size } = masked(record, snapshot, Grid::REFERENCE_SIDE)?;
    Ok(CameraFrame {
        camera: record.camera.clone(),
        frame: Frame::new(&raster, &record.masks, snapshot.taken_at),
        grid: Grid::new(&raster, &record.masks, Grid::REFERENCE_SIDE),
        size,
    })
}

/// Few pictures are worth paying for, so only those are decoded again with all that providers see.
fn provider_picture(record: &CameraRecord, snapshot: &Snapshot) -> Result<Picture, CheckError> {
    let decoded = masked(record, snapshot, PICTURE_SIDE)?;
    let raster = vision::shrink(decoded.raster, PICTURE_SIDE);
    Picture::new(record.camera.clone(), snapshot.taken_at, &raster)
        .map_err(|reason| CheckError::unusable(&record.camera, reason))
}

/// A copy to show to people, with a numbered box around each of `areas`.
pub async fn shown(
    services: &Services,
    picture: Picture,
    areas: Vec<Area>,
) -> Result<LastFrame, CheckError> {
    let work = move || {
        let written = || {
            let copy = vision::shrink(picture.raster()?, SHOWN_SIDE);
            vision::encode_jpeg(&vision::annotate(&copy, &areas), SHOWN_QUALITY)
        };
        let jpeg = written().map_err(|reason| CheckError::unusable(&picture.camera, reason))?;
        Ok(LastFrame {
            taken_at: picture.taken_at,
            jpeg: Bytes::from(jpeg),
        })
    };
    services.images.run(work).await?
}
