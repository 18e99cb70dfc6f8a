//! What works the outbox off on Home Assistant, and hears what people do there.

mod events;
mod hear;
mod plan;
#[cfg(test)]
mod property_tests;
mod todo;

pub use todo::{ListTrouble, Lists, TodoSync};
