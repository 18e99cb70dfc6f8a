//! Pictures: pure functions that decode, measure, compare, judge and encode them. Bytes that come in are hostile.
//!
//! | folder | what it does | must never |
//! | --- | --- | --- |
//! | `image` | bytes to pixels and back: `decode`, `mask`, `resize`, `annotate`, `encode`, the `buffers` they share | allocate by a size that was not checked, return half a picture, or write metadata |
//! | `measure` | a frame as a small `grid`, its `quality`, and arithmetic on fields of cells: alignment, exposure, differences | know what a cell shows, or hold pixels |
//! | `compare` | which regions differ between two frames (`comparison`), and which of these are objects, not light (`objects`, `evidence`, `light`, `light_extrapolation`) | remember anything, or decide what follows |
//! | `gate` | whether a frame is worth an assessment (`decide`), and what is remembered of a camera (`history`, `baseline`, `persistent_change`) | assess a frame itself, or change a stored name |
//! | `judge` | a room against the frames that were approved as tidy (`references`, `verdict`) | ask anybody, or name objects |
//!
//! A folder imports from those above it only, and no file from one that imports it. The crate must never do I/O, await,
//! read a clock or keep global state; the one exception are the buffers, which belong to a thread.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod compare;
mod gate;
mod image;
mod judge;
mod measure;
#[cfg(test)]
mod test_room;

pub use compare::changed_region::{ChangedRegion, Comparison};
pub use compare::comparison::compare;
pub use compare::thresholds::Thresholds;
pub use gate::decide::decide;
pub use gate::frame::Frame;
pub use gate::history::{AssessmentOutcome, History};
pub use gate::policy::{AssessReason, Decision, GatePolicy, Skip};
pub use image::annotate::annotate;
pub use image::buffers::Buffers;
pub use image::decode::{Decoded, decode, decode_for};
pub use image::encode::encode_jpeg;
pub use image::error::{Format, PictureError};
pub use image::limits::DecodeLimits;
pub use image::mask::burn;
pub use image::picture::Picture;
pub use image::raster::Raster;
pub use image::resize::shrink;
pub use judge::references::{Reference, References};
pub use judge::verdict::{CannotJudge, judge};
pub use measure::grid::Grid;
pub use measure::quality::{Quality, QualityFault};
