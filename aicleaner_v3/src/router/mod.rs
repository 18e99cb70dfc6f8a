//! Which provider judges, when, and for how much: order, retry, circuit breaker, rates, budget, self-test. Each policy
//! is a small file of its own. Never turns a failure into an answer, and never spends what the budget did not set aside.

mod breaker;
mod budget;
mod caller;
mod canary;
mod error;
mod events;
mod guarded;
mod rate;
mod retry;
#[allow(clippy::module_inception)]
mod router;
mod self_test;
mod sent;

pub use breaker::{Breaker, LONGEST_OPEN, Pass, State};
pub use budget::{Budget, NotReserved, Reservation, ZoneSource};
pub use canary::{Canary, Colour, Outline, SHAPES, SelfTestScore, Shape};
pub use error::RouteError;
pub use retry::{MOST_TRIES, wait as retry_wait};
pub use router::{DEADLINE, Judged, MOST_CALLS, Router, RouterOptions};
pub use self_test::{SelfTestOutcome, SelfTestReport};
pub use sent::{LastRequests, Sent};

#[cfg(test)]
mod tests;
