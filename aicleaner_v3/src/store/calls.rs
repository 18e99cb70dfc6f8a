//! What can be asked of the store and told to it. Each call is one transaction.

use jiff::Timestamp;

use super::retention::{Pruned, Retention};
use super::{
    AuditEntry, CameraRecord, Commit, Committed, DATABASE, ItemChange, ListRecord, ListRows,
    OutboxRow, RowId, Stage, Store, StoreError, TaskEvent, ZoneRecord, cameras, copies, history,
    items, opening, outbox, retention, tasks, zones,
};
use crate::model::{Effect, EntityId, ItemSeen, ItemUid, Task, TaskId, ZoneId};

impl Store {
    /// Stores one change of a zone, whole. When the disk is full, past assessments make room, and the new one
    /// is left out: tasks come first.
    ///
    /// # Errors
    /// When the database does not take it; then nothing is stored.
    pub async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        self.thread
            .call(move |connection| {
                crate::fault_point!("commit.before");
                let result = match commit.store(connection, true) {
                    Err(StoreError::Full) => {
                        retention::drop_oldest_assessments(connection)?;
                        commit
                            .store(connection, false)
                            .map(|()| Committed::WithoutAssessment)
                    }
                    result => result.map(|()| Committed::Whole),
                };
                crate::fault_point!("commit.after");
                result
            })
            .await
    }

    /// The zone as it was stored, if it was.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn zone(&self, zone: ZoneId) -> Result<Option<ZoneRecord>, StoreError> {
        self.thread
            .call(move |connection| zones::get(connection, &zone))
            .await
    }

    /// What is remembered of one camera of a zone, if anything is.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn camera(
        &self,
        zone: ZoneId,
        camera: EntityId,
    ) -> Result<Option<CameraRecord>, StoreError> {
        self.thread
            .call(move |connection| cameras::get(connection, &zone, &camera))
            .await
    }

    /// The zone's tasks that still matter to reconcile, oldest first in each state.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn living_tasks(&self, zone: ZoneId) -> Result<Vec<Task>, StoreError> {
        self.thread
            .call(move |connection| tasks::living(connection, &zone))
            .await
    }

    /// One task, if there is such a one.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn task(&self, task: TaskId) -> Result<Option<Task>, StoreError> {
        self.thread
            .call(move |connection| tasks::get(connection, task))
            .await
    }

    /// Where the zone's open tasks are: the lists that hold or await their items, and are to keep them.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn places(&self, zone: ZoneId) -> Result<Vec<(TaskId, EntityId)>, StoreError> {
        self.thread
            .call(move |connection| {
                let mut places = items::of_open_tasks(connection, &zone)?;
                places.extend(outbox::of_zone(connection, &zone)?);
                let leaving = outbox::leaving(connection, &zone)?;
                places.retain(|place| !leaving.contains(place));
                places.sort();
                places.dedup();
                Ok(places)
            })
            .await
    }

    /// What is known of `list`, which shows items with these `uids`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn list_rows(
        &self,
        list: EntityId,
        uids: Vec<ItemUid>,
    ) -> Result<ListRows, StoreError> {
        self.thread
            .call(move |connection| {
                Ok(ListRows {
                    rows: outbox::of_list(connection, &list)?,
                    linked: items::linked(connection, &list, &uids)?,
                })
            })
            .await
    }

    /// The effects on `list` that wait, in the order in which they were caused.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn outbox(&self, list: EntityId) -> Result<Vec<OutboxRow>, StoreError> {
        self.thread
            .call(move |connection| outbox::of_list(connection, &list))
            .await
    }

    /// The lists for which effects wait, or that hold items of open tasks.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn lists_in_use(&self) -> Result<Vec<EntityId>, StoreError> {
        self.thread
            .call(|connection| {
                let mut lists = outbox::lists(connection)?;
                lists.extend(items::lists_in_use(connection)?);
                lists.sort();
                lists.dedup();
                Ok(lists)
            })
            .await
    }

    /// How many effects wait in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn outbox_pending(&self) -> Result<u32, StoreError> {
        self.thread
            .call(|connection| outbox::count(connection))
            .await
    }

    /// Records where an effect stands, before or after it is tried.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn set_stage(&self, row: RowId, stage: Stage) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| outbox::set_stage(connection, row, &stage))
            .await
    }

    /// The effect is confirmed by the list: it leaves the outbox, and the task's item is known as it is shown,
    /// or gone. One transaction.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn confirm(&self, row: OutboxRow, item: Option<ItemSeen>) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                crate::fault_point!("outbox.before_confirm");
                let transaction = connection.transaction()?;
                match item {
                    Some(item) => {
                        items::link(&transaction, row.effect.task, &row.effect.list, &item)?;
                    }
                    None => items::unlink(&transaction, row.effect.task, &row.effect.list)?,
                }
                outbox::delete(&transaction, row.id)?;
                transaction.commit()?;
                crate::fault_point!("outbox.after_confirm");
                Ok(())
            })
            .await
    }

    /// The effects are no longer wanted or needed: they leave the outbox.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn drop_effects(&self, rows: Vec<RowId>) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                for row in rows {
                    outbox::delete(&transaction, row)?;
                }
                transaction.commit()?;
                Ok(())
            })
            .await
    }

    /// An effect that was taken for done and was not is to be done once more.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn queue_again(&self, effect: Effect, at: Timestamp) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| outbox::insert(connection, &effect, at))
            .await
    }

    /// Items are shown otherwise than before, and no task changes because of it.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn note_items(&self, changes: Vec<ItemChange>) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                for change in &changes {
                    items::apply(&transaction, change)?;
                }
                transaction.commit()?;
                Ok(())
            })
            .await
    }

    /// The task's item on `list`, if it is known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn item_of(
        &self,
        task: TaskId,
        list: EntityId,
    ) -> Result<Option<ItemSeen>, StoreError> {
        self.thread
            .call(move |connection| items::get(connection, task, &list))
            .await
    }

    /// What is known of a list, if anything is.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn list(&self, list: EntityId) -> Result<Option<ListRecord>, StoreError> {
        self.thread
            .call(move |connection| items::list(connection, &list))
            .await
    }

    /// Remembers what is known of a list.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn put_list(&self, record: ListRecord) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| items::put_list(connection, &record))
            .await
    }

    /// What happened to the tasks of `zone`, newest first, at most `most`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn zone_history(
        &self,
        zone: ZoneId,
        most: u32,
    ) -> Result<Vec<TaskEvent>, StoreError> {
        self.thread
            .call(move |connection| history::of_zone(connection, &zone, most))
            .await
    }

    /// What people told the program lately, newest first, at most `most`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn audit(&self, most: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.thread
            .call(move |connection| history::audit(connection, most))
            .await
    }

    /// When a copy took the database's place last, if one ever did. Of that day it is not known what was spent.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn restored_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.thread
            .call(|connection| opening::restored_at(connection))
            .await
    }

    /// Deletes what is too old or too much.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn prune(&self, retention: Retention, now: Timestamp) -> Result<Pruned, StoreError> {
        self.thread
            .call(move |connection| retention::prune(connection, &retention, now))
            .await
    }

    /// Makes today's copy, if there is none yet. Beside the store's own thread, so that nothing waits for it.
    ///
    /// # Errors
    /// When the copy can't be made.
    pub async fn copy_daily(
        &self,
        now: Timestamp,
    ) -> Result<Option<std::path::PathBuf>, StoreError> {
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || {
            copies::make_daily(&folder.join(DATABASE), &folder, now)
        })
        .await
        .map_err(|_| StoreError::Closed)?
    }

    /// Looks for faults in the database, beside the store's own thread. A broken one is set aside and replaced
    /// at the next start.
    pub async fn is_sound(&self) -> bool {
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || opening::check(&folder))
            .await
            .unwrap_or(true)
    }

    /// Whether the database answers.
    pub async fn is_well(&self) -> bool {
        self.thread
            .call(
                |connection| Ok(connection.query_row("SELECT 1", [], |row| row.get::<_, i64>(0))?),
            )
            .await
            .is_ok()
    }

    /// Lets the database grow no more than by so many pages: a full disk, for tests.
    #[cfg(test)]
    pub(super) async fn limit_growth(&self, pages: i64) {
        self.thread
            .call(move |connection| {
                let count: i64 =
                    connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
                connection.pragma_update(None, "max_page_count", count + pages)?;
                Ok(())
            })
            .await
            .unwrap();
    }
}
