//! What AICleaner does in the home: works the outbox off on to-do lists, does the stored jobs (notifications, robot),
//! makes the dashboard; and hears what people do there. Never decides what is to be done: that is stored before.

mod dashboard;
mod ids;
mod jobs;
mod notify;
mod todo;
mod vacuum;

pub use dashboard::{Dashboard, DashboardError, Made};
pub use ids::{IdOf, OwnIds};
pub use jobs::{JobParts, jobs};
pub use todo::{ListTrouble, Lists, TodoSync};
