//! How the program and what it depends on stand: gathers conditions and measures the program itself. Only listens;
//! never changes anything.

mod conditions;
mod events;
mod status;
mod vitals;

pub use status::{Sources, follow};
pub use vitals::{Vitals, measure};
