//! What keeps the store well over the years: a check after an unclean end, a copy a day, and deleting what is
//! too old. Never touches what tasks need.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Opening, Retention, Store, StoreError};
use crate::clock::Clock;
use crate::i18n::log_remedy;
use crate::telemetry::{Code, Event, Telemetry};

/// The rest is looked after so often; a copy is made once a day.
const EVERY: Duration = Duration::from_secs(3600);
/// After a start, so that the first looks come first.
const FIRST: Duration = Duration::from_secs(60);

/// What the upkeep goes by.
#[derive(Debug, Clone)]
pub struct UpkeepOptions {
    /// How the database was opened.
    pub opening: Opening,
    /// How much is kept.
    pub retention: Retention,
}

/// A copy took the place of the database.
#[derive(Debug)]
struct DatabaseReplaced {
    opening: Opening,
}

/// The database is broken, or can't be looked after.
#[derive(Debug)]
struct UpkeepFailed {
    what: &'static str,
    code: Code,
    reason: String,
}

impl Event for DatabaseReplaced {
    const NAME: &'static str = "database_replaced";

    fn log(&self) {
        let code = Code::DatabaseRestored;
        let aside = self
            .opening
            .set_aside
            .as_ref()
            .map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        match &self.opening.restored {
            Some(restored) => {
                tracing::error!(%code, remedy = log_remedy(code), copy = %restored.copy.display(), copied_at = %restored.copied_at, broken = aside, "the database was missing or broken: AICleaner goes on from a copy");
            }
            None => {
                tracing::error!(%code, remedy = log_remedy(code), broken = aside, "the database was broken and there is no good copy: AICleaner starts anew");
            }
        }
    }
}

impl Event for UpkeepFailed {
    const NAME: &'static str = "upkeep_failed";

    fn kind(&self) -> &'static str {
        self.what
    }

    fn log(&self) {
        tracing::error!(code = %self.code, remedy = log_remedy(self.code), "{}: {}", self.what, self.reason);
    }
}

/// Runs until `stop`.
pub async fn upkeep(
    store: Store,
    options: UpkeepOptions,
    clock: Clock,
    telemetry: Telemetry,
    stop: CancellationToken,
) {
    let UpkeepOptions { opening, retention } = options;
    if opening.restored.is_some() || opening.set_aside.is_some() {
        telemetry.emit(&DatabaseReplaced {
            opening: opening.clone(),
        });
    }
    if opening.was_unclean && !store.is_sound().await {
        telemetry.emit(&UpkeepFailed {
            what: "database_broken",
            code: Code::Database,
            reason: "the check after an unclean end found the database broken; it is set aside and the last good copy restored at the next start: restart AICleaner".to_owned(),
        });
    }
    let mut wait = FIRST;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = sleep(wait) => {}
        }
        wait = EVERY;
        let now = clock.now();
        let work = async {
            store.prune(retention, now).await?;
            store.copy_daily(now).await
        };
        let result: Result<_, StoreError> = tokio::select! {
            () = stop.cancelled() => break,
            result = work => result,
        };
        if let Err(error) = result {
            telemetry.emit(&UpkeepFailed {
                what: "upkeep",
                code: error.code(),
                reason: error.to_string(),
            });
        }
    }
}
