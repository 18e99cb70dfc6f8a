//! Pictures: bytes to pixels, and pixels to bytes.

pub(crate) mod annotate;
pub(crate) mod buffers;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod error;
pub(crate) mod levels;
pub(crate) mod limits;
pub(crate) mod mask;
mod orientation;
pub(crate) mod picture;
pub(crate) mod raster;
pub(crate) mod resize;
