//! Reads answers. An answer is hostile: limits first, text sanitised, numbers checked.

mod area;
mod json;
mod number;
mod repair;
mod verdict;

pub use json::json_object;
pub use repair::{Read, Repair};
pub use verdict::verdict;

#[cfg(test)]
mod tests;
