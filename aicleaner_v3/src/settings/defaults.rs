//! What holds when a person says nothing. Checks nothing.

use std::net::{Ipv4Addr, SocketAddr};

use crate::model::Deployment;

/// Minutes that nobody must have been in a zone before a check.
pub const CLEAR_MINUTES: u32 = 5;
/// Minutes between two checks of a zone.
pub const INTERVAL_MINUTES: u32 = 15;
/// The score from which a zone counts as tidy.
pub const THRESHOLD: u8 = 70;
/// Open tasks of a zone.
pub const MAX_OPEN_TASKS: usize = 12;
/// Days for which a dismissed task does not come back.
pub const DISMISSED_DAYS: u32 = 30;
/// Hours after which a zone is assessed again even if nothing has changed.
pub const REASSESS_HOURS: u32 = 24;
/// Port of the health listener on loopback.
pub const HEALTH_PORT: u16 = 8098;
/// Notifications an hour for each target.
pub const MOST_PER_HOUR: u32 = 6;
const WEB_PORT: u16 = 8099;

/// Where the page is when nothing else is declared.
pub fn page(deployment: Deployment) -> SocketAddr {
    match deployment {
        // Supervisor's ingress comes from outside the container; who may come in is checked for each request.
        Deployment::App => SocketAddr::from((Ipv4Addr::UNSPECIFIED, WEB_PORT)),
        Deployment::Container | Deployment::Standalone => {
            SocketAddr::from((Ipv4Addr::LOCALHOST, WEB_PORT))
        }
    }
}
