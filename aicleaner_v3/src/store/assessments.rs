//! The table `assessments`. Only judgements that a provider really gave are ever in it.

use rusqlite::{Connection, params};

use super::{StoreError, rows};
use crate::model::Assessment;

pub fn insert(connection: &Connection, assessment: &Assessment) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO assessments (id, zone, taken_at, at, trigger, provider, model, duration_ms, verdict)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            assessment.id.to_string(),
            assessment.zone.as_str(),
            assessment.taken_at.as_millisecond(),
            assessment.at.as_millisecond(),
            assessment.trigger.as_str(),
            assessment.provider,
            assessment.model,
            i64::try_from(assessment.duration.as_millis()).unwrap_or(i64::MAX),
            rows::to_json("a verdict", &assessment.verdict)?,
        ])?;
    Ok(())
}
