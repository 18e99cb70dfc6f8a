//! The local judge: a room against its references, with no AI.

pub(crate) mod references;
pub(crate) mod verdict;
