//! The vision canary: a picture of numbered shapes, made on the spot, that nobody can guess.

mod digits;
mod draw;
mod shape;
mod test_picture;

pub use shape::{Colour, Outline, SHAPES, Shape};
pub use test_picture::{Canary, SelfTestScore};
