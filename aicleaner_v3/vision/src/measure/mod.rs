//! Frames as numbers: a small grid of cells, and what is computed on it.

pub(crate) mod align;
pub(crate) mod cell_difference;
pub(crate) mod components;
pub(crate) mod exposure;
pub(crate) mod field;
pub(crate) mod grid;
pub(crate) mod log_chroma;
pub(crate) mod luma_grid;
pub(crate) mod quality;
pub(crate) mod statistics;
