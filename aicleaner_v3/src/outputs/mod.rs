//! What works the outbox off on Home Assistant, and hears what people do there.

mod dashboard;
mod digest;
mod errand_plan;
mod errands;
mod events;
mod hear;
mod notify;
mod plan;
#[cfg(test)]
mod property_tests;
mod todo;
mod vacuum;

pub use dashboard::{Dashboard, DashboardError, Made};
pub use errands::{ErrandParts, IdOf, OwnIds, errands};
pub use todo::{ListTrouble, Lists, TodoSync};
