//! Whether a frame is worth an assessment: the decision, and what is remembered of a camera for it.

mod baseline;
pub(crate) mod decide;
pub(crate) mod frame;
mod frame_triple;
pub(crate) mod history;
mod persistent_change;
pub(crate) mod policy;
