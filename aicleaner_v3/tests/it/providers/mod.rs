//! Providers against simulated services: the same contract for every wire format, and the purse under pressure.

mod contract;
mod litellm;
mod purse;
pub mod rig;
mod secrets;
