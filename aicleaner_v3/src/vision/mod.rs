//! Pixels: pure functions that decode, resize and encode pictures.
//! Nothing here does I/O, awaits, or reads a clock. Bytes that come in are hostile.

mod decode;
mod encode;
mod error;
mod exif;
mod fit;
mod jpeg;
mod limits;
mod raster;

pub use decode::{decode, decode_reduced};
pub use encode::encode_jpeg;
pub use error::{Format, PictureError};
pub use fit::fit;
pub use limits::Limits;
pub use raster::Raster;
