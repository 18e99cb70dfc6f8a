//! One check of one zone: whether it may start, the pictures, the gate, the judgement. Changes no state: what is to be
//! remembered goes back to the zone's worker with the outcome.

mod allowed;
mod camera_frame;
mod capture;
mod error;
mod gate;
mod judgement;
mod run;

pub use allowed::{Circumstances, allowed, is_allowed_again};
pub use error::CheckError;
pub use run::{CheckOrder, CheckOutcome, CheckResult, check, remember_tidy};
