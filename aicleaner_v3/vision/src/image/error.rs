//! Why bytes can't be used as a picture, in plain words with numbers. Must never quote more than the first bytes.

use std::fmt;

/// The kinds of picture that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG: baseline and progressive.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, but not animated.
    WebP,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
        })
    }
}

/// Why a picture can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There are no bytes at all.
    #[error("the picture is empty: 0 bytes")]
    Empty,
    /// Something else than a picture, such as a web page.
    #[error("this is no JPEG, PNG or WebP picture: it begins with {begins}")]
    NotAPicture {
        /// The first characters in quotes, or the first bytes in hexadecimal.
        begins: String,
    },
    /// The file is too long.
    #[error("the picture has {found} bytes, the limit is {limit}")]
    TooManyBytes {
        /// Its length.
        found: usize,
        /// The longest that is read.
        limit: usize,
    },
    /// The picture has too many pixels.
    #[error(
        "the picture is {width} x {height} pixels, the limit is {side} on a side and {pixels} in all"
    )]
    TooLarge {
        /// As its header says.
        width: u32,
        /// As its header says.
        height: u32,
        /// The longest side that is read.
        side: u32,
        /// The largest area that is read.
        pixels: u64,
    },
    /// The end is missing.
    #[error("the {format} is cut off: {reason}")]
    Truncated {
        /// What it began as.
        format: Format,
        /// How that was noticed.
        reason: String,
    },
    /// It breaks its format's rules.
    #[error("the {format} is damaged: {reason}")]
    Damaged {
        /// What it began as.
        format: Format,
        /// What is wrong.
        reason: String,
    },
    /// A rare variant of the format that is not supported.
    #[error("this kind of {format} is not supported: {kind}")]
    Unsupported {
        /// The format.
        format: Format,
        /// Which variant.
        kind: String,
    },
    /// Pixels that can't be written as a JPEG.
    #[error("a picture of {width} x {height} pixels can't be written as a JPEG: {reason}")]
    Encode {
        /// Of the pixels.
        width: u32,
        /// Of the pixels.
        height: u32,
        /// What is wrong.
        reason: String,
    },
}
