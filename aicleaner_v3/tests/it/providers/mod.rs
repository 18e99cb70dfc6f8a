//! Providers against simulated services: the same contract for every wire format, and the budget under pressure.

mod budget;
mod contract;
mod litellm;
pub mod rig;
mod secrets;
