//! To-do sync: works the outbox off on the lists, and hears what people do there.

mod availability;
mod events;
mod hear;
mod items;
mod lists;
mod parts;
mod patience;
mod plan;
mod profile;
#[cfg(test)]
mod property_tests;
mod stage;
mod view;
mod worker;

pub use availability::ListTrouble;
pub use lists::Lists;
pub use parts::TodoSync;
