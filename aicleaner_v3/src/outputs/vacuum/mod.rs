//! Robot vacuums: sent to a zone's area, and noticed when they are back.

mod robots;

pub use robots::{Robots, Sending};
