//! What works the outbox off on Home Assistant, and hears what people do there.

mod dashboard;
mod digest;
mod events;
mod hear;
mod job_plan;
mod jobs;
mod notify;
mod plan;
#[cfg(test)]
mod property_tests;
mod todo;
mod vacuum;

pub use dashboard::{Dashboard, DashboardError, Made};
pub use jobs::{IdOf, JobParts, OwnIds, jobs};
pub use todo::{ListTrouble, Lists, TodoSync};
