//! The pure middle of the product: what an assessment means for the tasks of a zone.
//! No I/O, no clock; the same input gives the same answer.

mod reconcile;
mod similarity;

pub use reconcile::{Changes, Policy, reconcile};
pub use similarity::similarity;
