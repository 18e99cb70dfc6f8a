//! How the program and what it depends on stand: gathers conditions and measures the program itself. Only listens;
//! never changes anything.

mod status;
mod vitals;

pub use status::{NO_ZONES, Sources, follow};
pub use vitals::{Vitals, measure};
