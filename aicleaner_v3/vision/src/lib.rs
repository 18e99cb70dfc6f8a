//! Pixels: pure functions that decode, resize and encode pictures.
//! Nothing here does I/O, awaits, or reads a clock. Bytes that come in are hostile.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod align;
mod annotate;
mod buffers;
mod change;
mod colour;
mod contrast;
mod decode;
mod encode;
mod error;
mod evidence;
mod exif;
mod field;
mod fit;
mod gate;
mod grid;
mod judge;
mod lasting;
mod light;
mod limits;
mod mask;
mod memory;
mod picture;
mod places;
mod quality;
mod raster;
mod rays;
#[cfg(test)]
mod testing;
mod things;
mod tone;

pub use annotate::annotate;
pub use buffers::Buffers;
pub use change::{Change, Clarity, Comparison, compare};
pub use decode::{Decoded, decode, decode_for};
pub use encode::encode_jpeg;
pub use error::{Format, PictureError};
use fit::fit;
pub use fit::shrink;
pub use gate::{Decision, Frame, Policy, Skip, Why, decide};
pub use grid::Grid;
pub use judge::{CannotJudge, Reference, References, judge};
pub use limits::Limits;
pub use mask::burn;
pub use memory::{Found, History};
pub use picture::Picture;
pub use quality::{Fault, Quality};
pub use raster::Raster;
