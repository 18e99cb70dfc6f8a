//! The table `cameras`: what the gate remembers of a camera, and what people drew and called tidy there.
//! Written by the zone's worker alone.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{StoreError, rows};
use crate::model::{EntityId, Mask, Region, ZoneId};
use crate::vision::{History, References};

/// What is remembered of one camera of a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct CameraRecord {
    /// Which camera.
    pub camera: EntityId,
    /// What nobody may see.
    pub masks: Vec<Mask>,
    /// Parts with a name.
    pub regions: Vec<Region>,
    /// Frames that a person called tidy.
    pub references: References,
    /// What the gate remembers.
    pub history: History,
}

impl CameraRecord {
    /// A camera of which nothing is known.
    pub fn new(camera: EntityId) -> Self {
        Self {
            camera,
            masks: Vec::new(),
            regions: Vec::new(),
            references: References::default(),
            history: History::default(),
        }
    }
}

pub fn put(
    connection: &Connection,
    zone: &ZoneId,
    record: &CameraRecord,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO cameras (zone, camera, masks, regions, tidy, gate_history) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (zone, camera) DO UPDATE SET masks = ?3, regions = ?4, tidy = ?5, gate_history = ?6",
        )?
        .execute(params![
            zone.as_str(),
            record.camera.as_str(),
            rows::to_json("masks", &record.masks)?,
            rows::to_json("regions", &record.regions)?,
            rows::to_json("references", &record.references)?,
            rows::to_json("a gate's history", &record.history)?,
        ])?;
    Ok(())
}

pub fn get(
    connection: &Connection,
    zone: &ZoneId,
    camera: &EntityId,
) -> Result<Option<CameraRecord>, StoreError> {
    let row = connection
        .prepare_cached("SELECT masks, regions, tidy, gate_history FROM cameras WHERE zone = ?1 AND camera = ?2")?
        .query_row([zone.as_str(), camera.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
        })
        .optional()?;
    let Some((masks, regions, references, history)) = row else {
        return Ok(None);
    };
    Ok(Some(CameraRecord {
        camera: camera.clone(),
        masks: rows::from_json("masks", &masks)?,
        regions: rows::from_json("regions", &regions)?,
        references: rows::from_json("references", &references)?,
        history: rows::from_json("a gate's history", &history)?,
    }))
}
