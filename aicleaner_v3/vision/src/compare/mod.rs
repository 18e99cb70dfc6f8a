//! What differs between two frames of one room, and which of it is an object rather than light.

pub(crate) mod changed_region;
pub(crate) mod comparison;
mod evidence;
mod light;
mod light_extrapolation;
mod objects;
pub(crate) mod thresholds;
