//! The JSON API. Bodies are JSON and say so, which no form of a foreign page can.

mod answer;
mod json_only;
mod v1;

pub use v1::routes;
