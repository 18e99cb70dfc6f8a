//! The table `zones`: what is remembered of a zone beside its tasks. Written by the zone's worker alone.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{StoreError, rows};
use crate::model::{LiveValues, Score, Scores, ZoneId};

/// What is remembered of a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneRecord {
    /// Which zone.
    pub id: ZoneId,
    /// Whether it is looked at by itself: a live value.
    pub watching: bool,
    /// What else was changed of it while running.
    pub live: LiveValues,
    /// The score that is shown.
    pub score: Option<Score>,
    /// The scores that were shown last.
    pub scores: Scores,
    /// The last assessment's own score.
    pub raw_score: Option<Score>,
    /// Whether it needs cleaning.
    pub needs_cleaning: Option<bool>,
    /// The last assessment's summary.
    pub summary: String,
    /// When the last assessment's answer was there.
    pub last_assessed: Option<Timestamp>,
}

impl ZoneRecord {
    /// A zone that was never looked at.
    pub fn new(id: ZoneId) -> Self {
        Self {
            id,
            watching: true,
            live: LiveValues::default(),
            score: None,
            scores: Scores::default(),
            raw_score: None,
            needs_cleaning: None,
            summary: String::new(),
            last_assessed: None,
        }
    }
}

pub fn put(connection: &Connection, zone: &ZoneRecord) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO zones (id, watching, score, needs_cleaning, summary, last_assessed, raw_score, live, scores)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET watching = ?2, score = ?3, needs_cleaning = ?4, summary = ?5, last_assessed = ?6,
             raw_score = ?7, live = ?8, scores = ?9",
        )?
        .execute(params![
            zone.id.as_str(),
            zone.watching,
            zone.score.map(Score::get),
            zone.needs_cleaning,
            zone.summary,
            zone.last_assessed.map(Timestamp::as_millisecond),
            zone.raw_score.map(Score::get),
            rows::to_json("live values", &zone.live)?,
            rows::to_json("scores", &zone.scores)?,
        ])?;
    Ok(())
}

pub fn get(connection: &Connection, id: &ZoneId) -> Result<Option<ZoneRecord>, StoreError> {
    let row = connection
        .prepare_cached(
            "SELECT watching, score, needs_cleaning, summary, last_assessed, raw_score, live, scores FROM zones WHERE id = ?1",
        )?
        .query_row([id.as_str()], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, Option<u8>>(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get::<_, Option<i64>>(4)?,
                row.get::<_, Option<u8>>(5)?,
                row.get::<_, String>(6)?,
                row.get::<_, String>(7)?,
            ))
        })
        .optional()?;
    let Some((watching, score, needs_cleaning, summary, last_assessed, raw_score, live, scores)) =
        row
    else {
        return Ok(None);
    };
    let as_score = |value: Option<u8>| {
        value
            .map(Score::new)
            .transpose()
            .map_err(|e| rows::unreadable("a score", &e))
    };
    Ok(Some(ZoneRecord {
        id: id.clone(),
        watching,
        live: rows::from_json("live values", &live)?,
        score: as_score(score)?,
        scores: rows::from_json("scores", &scores)?,
        raw_score: as_score(raw_score)?,
        needs_cleaning,
        summary,
        last_assessed: last_assessed.map(rows::timestamp).transpose()?,
    }))
}
