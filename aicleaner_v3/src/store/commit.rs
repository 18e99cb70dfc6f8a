//! One change of a zone, stored whole or not at all.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    AuditEntry, CameraRecord, HistoryEntry, ItemChange, StoreError, ZoneRecord, assessments,
    cameras, history, items, jobs, outbox, tasks, zones,
};
use crate::model::{Assessment, Effect, EntityId, Job, Task, TaskId};

/// What one assessment, or one user action of people, changed in a zone: all of it is stored, or nothing.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The zone as it is now.
    pub zone: ZoneRecord,
    /// What is remembered of its cameras, as far as it changed.
    pub cameras: Vec<CameraRecord>,
    /// The assessment that caused it, if one did.
    pub assessment: Option<Assessment>,
    /// New tasks, and tasks that changed.
    pub tasks: Vec<Task>,
    /// What is to be done on Home Assistant because of it.
    pub effects: Vec<Effect>,
    /// What else is to be done in the home because of it.
    pub jobs: Vec<Job>,
    /// Effects of these tasks on these lists that no longer matter.
    pub unqueued: Vec<(TaskId, EntityId)>,
    /// What was seen of the tasks' items.
    pub items: Vec<ItemChange>,
    /// What happened to the tasks and why.
    pub history: Vec<HistoryEntry>,
    /// The person's command that caused it, if one did.
    pub audit: Option<AuditEntry>,
    /// When.
    pub at: Timestamp,
}

impl Commit {
    /// Nothing but the zone as it is now.
    pub fn of(zone: ZoneRecord, at: Timestamp) -> Self {
        Self {
            zone,
            cameras: Vec::new(),
            assessment: None,
            tasks: Vec::new(),
            effects: Vec::new(),
            jobs: Vec::new(),
            unqueued: Vec::new(),
            items: Vec::new(),
            history: Vec::new(),
            audit: None,
            at,
        }
    }

    /// Stores it in one transaction; the assessment may be left out.
    pub(super) fn store(
        &self,
        connection: &mut Connection,
        with_assessment: bool,
    ) -> Result<(), StoreError> {
        let transaction = connection.transaction()?;
        zones::put(&transaction, &self.zone)?;
        for camera in &self.cameras {
            cameras::put(&transaction, &self.zone.id, camera)?;
        }
        if let Some(assessment) = self.assessment.as_ref().filter(|_| with_assessment) {
            assessments::insert(&transaction, assessment)?;
        }
        for task in &self.tasks {
            tasks::put(&transaction, task)?;
        }
        for (task, list) in &self.unqueued {
            outbox::delete_of_task(&transaction, *task, list)?;
        }
        for effect in &self.effects {
            outbox::insert(&transaction, effect, self.at)?;
        }
        for job in &self.jobs {
            jobs::insert(&transaction, job)?;
        }
        for change in &self.items {
            items::apply(&transaction, change)?;
        }
        for entry in &self.history {
            history::insert(&transaction, entry)?;
        }
        if let Some(entry) = &self.audit {
            history::insert_audit(&transaction, entry)?;
        }
        crate::fault_point!("commit.inside");
        transaction.commit()?;
        Ok(())
    }
}

/// How much of a commit was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// All of it.
    Whole,
    /// All but the assessment: there is no room for it.
    WithoutAssessment,
}
