//! The pure middle of the product: what an assessment, or a person's user action, means for the tasks of a zone.
//! No I/O, no clock; the same input gives the same answer.

mod change;
mod evidence;
mod ignore;
mod policy;
mod reconcile;
mod sameness;
mod score;
mod user_actions;
mod words;

pub use change::{Change, Changes, What};
pub use ignore::is_ignored;
pub use policy::Policy;
pub use reconcile::{Glance, reconcile};
pub use sameness::{Notification, SAME_FROM, sameness};
pub use score::shown_score;
pub use user_actions::apply_user_action;
pub use words::{opposed, wording};
