//! The pages: one file a page.

mod status;

pub use status::routes;
