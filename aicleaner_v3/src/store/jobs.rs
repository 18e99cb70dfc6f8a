//! The table `jobs`: what is to be done in the home other than on to-do lists. A job comes with the state that
//! caused it; the outputs do it. Those that are over are kept for a while: buttons on phones name them.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, StoreError, rows, tasks};
use crate::model::{Job, JobId, JobKind};

/// For so long a job that is over is remembered.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A zone's robot is not sent again sooner.
const BETWEEN_CLEANINGS: SignedDuration = SignedDuration::from_hours(1);
/// The most jobs that are worked off in one go.
const MOST: u32 = 100;
const LAST_DIGEST: &str = "last_digest";

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStage {
    /// Not tried, or known not to have happened.
    Waiting,
    /// Being tried: if the program ends now, it may have happened.
    Trying,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

impl JobStage {
    const ALL: [Self; 4] = [Self::Waiting, Self::Trying, Self::Done, Self::Dropped];

    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Trying => "trying",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }
}

/// A job and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// The job.
    pub job: Job,
    /// Where it stands.
    pub stage: JobStage,
    /// From when its age counts.
    pub valid_from: Timestamp,
    /// Not before.
    pub not_before: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

impl Store {
    /// The jobs that are not over, oldest first, at most 100.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn pending_jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        self.thread
            .call(|connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT id, zone, body, created_at, stage, valid_from, not_before, attempts FROM errands
                     WHERE stage IN ('waiting', 'trying') ORDER BY created_at, id LIMIT ?1",
                )?;
                let found = statement.query_map([MOST], columns)?;
                found.map(|row| read(row?)).collect()
            })
            .await
    }

    /// One job, if it is known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn job(&self, id: JobId) -> Result<Option<JobRow>, StoreError> {
        self.thread
            .call(move |connection| {
                let found = connection
                    .prepare_cached(
                        "SELECT id, zone, body, created_at, stage, valid_from, not_before, attempts FROM errands WHERE id = ?1",
                    )?
                    .query_row([id.to_string()], columns)
                    .optional()?;
                found.map(read).transpose()
            })
            .await
    }

    /// Records where a job stands.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn set_job(&self, row: JobRow, now: Timestamp) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                connection
                    .prepare_cached(
                        "UPDATE errands SET stage = ?2, valid_from = ?3, not_before = ?4, attempts = ?5, changed_at = ?6 WHERE id = ?1",
                    )?
                    .execute(params![
                        row.job.id.to_string(),
                        row.stage.as_str(),
                        row.valid_from.as_millisecond(),
                        row.not_before.as_millisecond(),
                        row.attempts,
                        now.as_millisecond(),
                    ])?;
                Ok(())
            })
            .await
    }

    /// When jobs of this lane were done since, oldest first. Notifications that only take one back do not count.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn jobs_done(
        &self,
        lane: String,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        self.thread
            .call(move |connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT changed_at FROM errands WHERE lane = ?1 AND stage = 'done' AND kind <> 'over' AND changed_at > ?2 ORDER BY changed_at",
                )?;
                let found = statement
                    .query_map(params![lane, since.as_millisecond()], |row| row.get::<_, i64>(0))?;
                found.map(|at| rows::timestamp(at?)).collect()
            })
            .await
    }

    /// The day of the last digest, if there was one.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn last_digest(&self) -> Result<Option<Date>, StoreError> {
        self.thread
            .call(|connection| {
                let found: Option<String> = connection
                    .prepare_cached("SELECT value FROM notes WHERE name = ?1")?
                    .query_row([LAST_DIGEST], |row| row.get(0))
                    .optional()?;
                // One that can't be read is as none: the next digest writes it anew.
                Ok(found.and_then(|date| date.parse().ok()))
            })
            .await
    }

    /// Stores the jobs of a day's digest and that the day had it. One transaction.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn queue_digest(&self, day: Date, jobs: Vec<Job>) -> Result<(), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                transaction.execute(
                    "INSERT INTO notes (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                    [LAST_DIGEST, &day.to_string()],
                )?;
                for job in &jobs {
                    insert(&transaction, job)?;
                }
                transaction.commit()?;
                Ok(())
            })
            .await
    }
}

/// Stores a job, in the place of those that it makes needless. It is left out where it is needless itself.
pub fn insert(connection: &Connection, job: &Job) -> Result<(), StoreError> {
    let before = job.at.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    connection
        .prepare_cached(
            "DELETE FROM errands WHERE stage IN ('done', 'dropped') AND changed_at < ?1",
        )?
        .execute([before.as_millisecond()])?;
    let (lane, kind) = (job.kind.lane(), job.kind.name());
    let zone = job.zone.as_ref().map(|zone| zone.as_str());
    let is_wanted = match &job.kind {
        JobKind::Vacuum { .. } => !was_sent_lately(connection, &lane, zone, job.at)?,
        JobKind::Notify { .. } => replaces(connection, &lane, zone, kind)?,
    };
    if !is_wanted {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO errands (id, lane, zone, kind, body, created_at, valid_from, not_before, attempts, stage, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, 0, 'waiting', ?6)",
        )?
        .execute(params![
            job.id.to_string(),
            lane,
            zone,
            kind,
            rows::to_json("an errand", &job.kind)?,
            job.at.as_millisecond(),
        ])?;
    Ok(())
}

fn was_sent_lately(
    connection: &Connection,
    lane: &str,
    zone: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let since = now.checked_sub(BETWEEN_CLEANINGS).unwrap_or(Timestamp::MIN);
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM errands WHERE lane = ?1 AND zone IS ?2 AND kind = 'vacuum'
             AND (stage IN ('waiting', 'trying') OR (stage = 'done' AND changed_at > ?3)))",
        )?
        .query_row(params![lane, zone, since.as_millisecond()], |row| row.get(0))?)
}

/// Only the newest word about a zone is told. What was never told needs no taking back.
fn replaces(
    connection: &Connection,
    lane: &str,
    zone: Option<&str>,
    kind: &str,
) -> Result<bool, StoreError> {
    let untold = connection
        .prepare_cached(
            "DELETE FROM errands WHERE lane = ?1 AND zone IS ?2 AND stage = 'waiting' AND kind IN ('mess', 'tidy', 'over')",
        )?
        .execute(params![lane, zone])?;
    if !matches!(kind, "tidy" | "over") {
        return Ok(true);
    }
    let shown: Option<String> = connection
        .prepare_cached(
            "SELECT kind FROM errands WHERE lane = ?1 AND zone IS ?2 AND stage IN ('done', 'trying')
             AND kind IN ('mess', 'tidy', 'over') ORDER BY changed_at DESC, created_at DESC LIMIT 1",
        )?
        .query_row(params![lane, zone], |row| row.get(0))
        .optional()?;
    let mess_is_shown = shown.as_deref() == Some("mess");
    Ok(mess_is_shown || (kind == "tidy" && untold == 0))
}

type Columns = (String, Option<String>, String, i64, String, i64, i64, u32);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
    ))
}

fn read(
    (id, zone, body, created_at, stage, valid_from, not_before, attempts): Columns,
) -> Result<JobRow, StoreError> {
    let stage = JobStage::ALL
        .into_iter()
        .find(|known| known.as_str() == stage);
    Ok(JobRow {
        job: Job {
            id: JobId::parse(&id).map_err(|e| rows::unreadable("an errand's id", &e))?,
            zone: zone.as_deref().map(tasks::zone_id).transpose()?,
            kind: rows::from_json("an errand", &body)?,
            at: rows::timestamp(created_at)?,
        },
        stage: stage.ok_or_else(|| rows::unreadable("an errand's stage", &"unknown"))?,
        valid_from: rows::timestamp(valid_from)?,
        not_before: rows::timestamp(not_before)?,
        attempts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::model::{Notification, Target, ZoneId};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn notification(notification: Notification, second: i64) -> Job {
        let kind = JobKind::Notify {
            target: Target::parse("notify.mobile_app_phone").unwrap(),
            zone_name: "Kitchen".to_owned(),
            notification,
        };
        Job::new(Some(ZoneId::parse("kitchen").unwrap()), kind, at(second))
    }

    fn robot(second: i64) -> Job {
        let kind = JobKind::Vacuum {
            vacuum: crate::model::EntityId::parse("vacuum.robot").unwrap(),
            zone_name: "Kitchen".to_owned(),
            camera: None,
        };
        Job::new(Some(ZoneId::parse("kitchen").unwrap()), kind, at(second))
    }

    const MESS: Notification = Notification::Mess { tasks: Vec::new() };

    async fn put(store: &Store, job: Job) {
        store
            .thread
            .call(move |connection| insert(connection, &job))
            .await
            .unwrap();
    }

    async fn finish(store: &Store, second: i64) {
        for mut row in store.pending_jobs().await.unwrap() {
            row.stage = JobStage::Done;
            store.set_job(row, at(second)).await.unwrap();
        }
    }

    async fn kinds(store: &Store) -> Vec<&'static str> {
        let rows = store.pending_jobs().await.unwrap();
        rows.iter().map(|row| row.job.kind.name()).collect()
    }

    async fn store() -> Store {
        Store::in_memory(Clock::system()).await.unwrap()
    }

    #[tokio::test]
    async fn the_newest_word_about_a_zone_is_told_and_what_was_never_told_is_not_taken_back() {
        let store = store().await;
        put(&store, notification(MESS, 0)).await;
        put(&store, notification(MESS, 1)).await;
        assert_eq!(kinds(&store).await, ["mess"]);

        put(&store, notification(Notification::Tidy, 2)).await;

        assert!(kinds(&store).await.is_empty(), "a mess nobody heard of");
    }

    #[tokio::test]
    async fn a_mess_that_was_told_is_taken_back_once() {
        let store = store().await;
        put(&store, notification(MESS, 0)).await;
        finish(&store, 1).await;
        put(&store, notification(Notification::Over, 2)).await;
        assert_eq!(kinds(&store).await, ["over"]);
        finish(&store, 3).await;

        put(&store, notification(Notification::Over, 4)).await;

        assert!(kinds(&store).await.is_empty());
        let lane = "notify.mobile_app_phone".to_owned();
        assert_eq!(store.jobs_done(lane, at(-1)).await.unwrap(), [at(1)]);
    }

    #[tokio::test]
    async fn the_robot_is_sent_once_an_hour() {
        let store = store().await;
        put(&store, robot(0)).await;
        put(&store, robot(1)).await;
        assert_eq!(kinds(&store).await.len(), 1);
        finish(&store, 10).await;
        put(&store, robot(3600)).await;
        assert!(kinds(&store).await.is_empty());

        put(&store, robot(3700)).await;

        assert_eq!(kinds(&store).await, ["vacuum"]);
    }

    #[tokio::test]
    async fn the_day_of_the_digest_is_stored_with_it() {
        let store = store().await;
        let day = jiff::civil::date(2026, 11, 20);
        let kind = JobKind::Notify {
            target: Target::parse("persistent_notification").unwrap(),
            zone_name: String::new(),
            notification: Notification::Digest { zones: Vec::new() },
        };
        let job = Job::new(None, kind, at(0));

        store.queue_digest(day, vec![job.clone()]).await.unwrap();

        assert_eq!(store.last_digest().await.unwrap(), Some(day));
        let row = store.job(job.id).await.unwrap().unwrap();
        assert_eq!(row.job, job);
    }
}
