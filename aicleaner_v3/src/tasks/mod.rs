//! The pure middle of the product: what an assessment, or a person's deed, means for the tasks of a zone.
//! No I/O, no clock; the same input gives the same answer.

mod change;
mod evidence;
mod ignore;
mod people;
mod policy;
mod reconcile;
mod sameness;
mod score;
mod words;

pub use change::{Change, Changes, What};
pub use ignore::is_ignored;
pub use people::heed;
pub use policy::Policy;
pub use reconcile::{Glance, reconcile};
pub use sameness::{SAME_FROM, Told, sameness};
pub use score::shown_score;
pub use words::{opposed, wording};
