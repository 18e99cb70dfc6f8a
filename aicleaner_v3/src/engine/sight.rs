//! One round of snapshots: every camera of a zone asked once, its picture decoded, masked and measured. Masks
//! are burned in before anything else sees the pixels.

use bytes::Bytes;
use futures_util::future::try_join_all;

use super::Parts;
use super::look::LookError;
use crate::home_assistant::{HomeError, Snapshot};
use crate::model::{Area, EntityId, LastFrame, Mask};
use crate::store::CameraRecord;
use crate::vision::{self, Frame, Grid, Limits, Picture};

use std::time::Duration;

/// How long a camera may take for a snapshot.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest side of a picture, in pixels: more than providers get, so that small things keep their shape.
const PICTURE_SIDE: u32 = 1600;
/// The longest side of the picture that people are shown, in pixels.
const SHOWN_SIDE: u32 = 960;
const SHOWN_QUALITY: u8 = 75;

/// One camera's picture of this moment.
#[derive(Debug)]
pub struct Sight {
    /// What providers get.
    pub picture: Picture,
    /// What the gate sees.
    pub frame: Frame,
    /// What the local judge sees.
    pub grid: Grid,
    /// The size as it came from the camera, in pixels.
    pub size: (u32, u32),
}

/// A sight of each camera, in their order.
pub async fn round(parts: &Parts, cameras: &[CameraRecord]) -> Result<Vec<Sight>, LookError> {
    let snapshots =
        try_join_all(cameras.iter().map(|record| snapshot(parts, &record.camera))).await?;
    let mut sights = Vec::with_capacity(cameras.len());
    for (record, snapshot) in cameras.iter().zip(snapshots) {
        sights.push(sight(parts, record.camera.clone(), record.masks.clone(), snapshot).await?);
    }
    Ok(sights)
}

async fn snapshot(parts: &Parts, camera: &EntityId) -> Result<Snapshot, HomeError> {
    parts
        .home
        .snapshot(camera, None, Limits::default().bytes, SNAPSHOT_TIMEOUT)
        .await
}

/// On a thread of its own: a large picture takes tens of milliseconds.
async fn sight(
    parts: &Parts,
    camera: EntityId,
    masks: Vec<Mask>,
    snapshot: Snapshot,
) -> Result<Sight, LookError> {
    let _place = parts
        .images
        .acquire()
        .await
        .map_err(|_| LookError::Interrupted)?;
    let work = move || {
        let mut whole = vision::decode(&snapshot.bytes, &Limits::default()).map_err(|reason| {
            LookError::Picture {
                camera: camera.clone(),
                reason,
            }
        })?;
        let size = (whole.width(), whole.height());
        vision::burn(&mut whole, &masks);
        let raster = vision::shrink(whole, PICTURE_SIDE);
        drop(snapshot.bytes);
        let frame = Frame::new(&raster, &masks, snapshot.taken_at);
        let grid = Grid::new(&raster, &masks, Grid::REFERENCE_SIDE);
        Ok(Sight {
            picture: Picture {
                camera,
                taken_at: snapshot.taken_at,
                raster,
            },
            frame,
            grid,
            size,
        })
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| LookError::Interrupted)?
}

/// A copy to show to people, with a numbered box around each of `areas`.
pub async fn shown(picture: Picture, areas: Vec<Area>) -> Result<LastFrame, LookError> {
    let work = move || {
        let copy = vision::annotate(&vision::fit(&picture.raster, SHOWN_SIDE), &areas);
        let jpeg =
            vision::encode_jpeg(&copy, SHOWN_QUALITY).map_err(|reason| LookError::Picture {
                camera: picture.camera.clone(),
                reason,
            })?;
        Ok(LastFrame {
            taken_at: picture.taken_at,
            jpeg: Bytes::from(jpeg),
        })
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| LookError::Interrupted)?
}
