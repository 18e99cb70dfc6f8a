//! What must outlive the program: SQLite in the data folder, on a thread of its own.
//! One instance at a time; a change of state and the effects it causes are one transaction.

mod assessments;
mod calls;
mod cameras;
mod commit;
mod copies;
mod diagnosis;
mod error;
mod file;
mod handle;
mod history;
mod items;
mod jobs;
mod ledger;
mod lock;
mod opening;
mod outbox;
mod providers;
mod retention;
mod rows;
mod schema;
mod switches;
mod tasks;
mod thread;
mod upkeep;
mod zones;

pub use cameras::CameraRecord;
pub use commit::{Commit, Committed};
pub use copies::copy_for_backups;
pub use diagnosis::diagnosis;
pub use error::StoreError;
pub use file::DATABASE;
pub use handle::Store;
pub use history::{AuditEntry, HistoryEntry, TaskEvent};
pub use items::{ItemChange, LinkedItem, ListRecord};
pub use jobs::{JobRow, JobStage};
pub use ledger::{Admission, LedgerEntry, LedgerId, Periods, Settlement};
pub use opening::{Opening, Restored};
pub use outbox::{ListRows, OutboxRow, RowId, Stage};
pub use providers::{BreakerRecord, SelfTestRecord};
pub use retention::{Pruned, Retention};
pub use upkeep::{UpkeepOptions, upkeep};
pub use zones::ZoneRecord;

#[cfg(test)]
mod tests;
