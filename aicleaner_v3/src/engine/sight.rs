//! One round of snapshots: every camera of a zone asked once, its picture decoded, masked, measured and judged by the
//! gate. Masks are burned in before anything else sees the pixels.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;

use super::Parts;
use super::gate::{self, Together};
use super::look::LookError;
use crate::home_assistant::{HomeError, Snapshot};
use crate::image_thread::Interrupted;
use crate::model::{Area, EntityId, LastFrame};
use crate::store::CameraRecord;
use crate::vision::{
    self, Buffers, DecodeLimits, Decoded, Frame, GatePolicy, Grid, Picture, PictureError,
};

/// How long a camera may take for a snapshot.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest side of a picture, in pixels: more than providers get, so that small things keep their shape.
const PICTURE_SIDE: u32 = 1600;
/// The longest side of the picture that people are shown, in pixels.
const SHOWN_SIDE: u32 = 960;
const SHOWN_QUALITY: u8 = 75;

/// One camera's picture of this moment, measured.
#[derive(Debug)]
pub struct Sight {
    /// Which camera it is.
    pub camera: EntityId,
    /// What the gate sees.
    pub frame: Frame,
    /// What the local judge sees.
    pub grid: Grid,
    /// The size as it came from the camera, in pixels.
    pub size: (u32, u32),
}

/// How the gate is to decide about a round.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub policy: GatePolicy,
    /// Whether an unchanged room is to be judged too.
    pub wanted: bool,
    /// Whether this is the last round that is needed if the gate says yes.
    pub is_last: bool,
}

/// What one round gave.
#[derive(Debug)]
pub struct Round {
    /// One for each camera, in their order.
    pub sights: Vec<Sight>,
    pub together: Together,
    /// What is to be remembered of the cameras.
    pub cameras: Vec<CameraRecord>,
    /// Of the cameras that the zone is to be judged by, if this is the last round; else none.
    pub pictures: Vec<Picture>,
}

/// A round over `cameras`.
pub async fn round(
    parts: &Parts,
    cameras: &[CameraRecord],
    rules: Rules,
) -> Result<Round, LookError> {
    let _turn = parts.rounds.acquire().await.map_err(|_| Interrupted)?;
    let snapshots =
        try_join_all(cameras.iter().map(|record| snapshot(parts, &record.camera))).await?;
    let mut cameras = cameras.to_vec();
    let work = move || {
        let _kept = Buffers::keep();
        let sights = cameras
            .iter()
            .zip(&snapshots)
            .map(|(record, snapshot)| sight(record, snapshot))
            .collect::<Result<Vec<_>, _>>()?;
        let together = gate::pass(&rules.policy, &sights, &mut cameras, rules.wanted);
        let pictures = match &together {
            Together::Assess(usable) if rules.is_last => usable
                .iter()
                .map(|&index| kept(&cameras[index], &snapshots[index]))
                .collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        Ok(Round {
            sights,
            together,
            cameras,
            pictures,
        })
    };
    parts.images.run(work).await?
}

async fn snapshot(parts: &Parts, camera: &EntityId) -> Result<Snapshot, HomeError> {
    parts
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
) -> Result<Decoded, LookError> {
    let mut decoded = vision::decode_for(&snapshot.bytes, &DecodeLimits::default(), longest_side)
        .map_err(|reason| unusable(&record.camera, reason))?;
    vision::burn(&mut decoded.raster, &record.masks);
    Ok(decoded)
}

fn sight(record: &CameraRecord, snapshot: &Snapshot) -> Result<Sight, LookError> {
    let Decoded { raster, size } = masked(record, snapshot, Grid::REFERENCE_SIDE)?;
    Ok(Sight {
        camera: record.camera.clone(),
        frame: Frame::new(&raster, &record.masks, snapshot.taken_at),
        grid: Grid::new(&raster, &record.masks, Grid::REFERENCE_SIDE),
        size,
    })
}

/// Few pictures are worth paying for, so only those are decoded again with all that providers see.
fn kept(record: &CameraRecord, snapshot: &Snapshot) -> Result<Picture, LookError> {
    let decoded = masked(record, snapshot, PICTURE_SIDE)?;
    let raster = vision::shrink(decoded.raster, PICTURE_SIDE);
    Picture::new(record.camera.clone(), snapshot.taken_at, &raster)
        .map_err(|reason| unusable(&record.camera, reason))
}

/// A copy to show to people, with a numbered box around each of `areas`.
pub async fn shown(
    parts: &Parts,
    picture: Picture,
    areas: Vec<Area>,
) -> Result<LastFrame, LookError> {
    let work = move || {
        let written = || {
            let copy = vision::shrink(picture.raster()?, SHOWN_SIDE);
            vision::encode_jpeg(&vision::annotate(&copy, &areas), SHOWN_QUALITY)
        };
        let jpeg = written().map_err(|reason| unusable(&picture.camera, reason))?;
        Ok(LastFrame {
            taken_at: picture.taken_at,
            jpeg: Bytes::from(jpeg),
        })
    };
    parts.images.run(work).await?
}

fn unusable(camera: &EntityId, reason: PictureError) -> LookError {
    LookError::Picture {
        camera: camera.clone(),
        reason,
    }
}
