//! Where the program listens, also when the settings can't be read. Listens to nothing.

use std::collections::BTreeMap;

use super::{check, defaults, merge};
use crate::model::Deployment;

/// Where the program listens when the settings can't say so: as the environment says, or else the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listeners {
    /// Port of the health listener on loopback.
    pub health_port: u16,
    /// Address of the page.
    pub page: std::net::SocketAddr,
}

impl Listeners {
    /// Of an environment, for settings whose file has faults.
    pub fn without_file(environment: &BTreeMap<String, String>, deployment: Deployment) -> Self {
        let mut listeners = Self {
            health_port: defaults::HEALTH_PORT,
            page: defaults::page(deployment),
        };
        if let Ok(declared) = merge::merge(None, environment).and_then(merge::typed) {
            listeners.health_port = check::health_port(&declared).unwrap_or(listeners.health_port);
            listeners.page = check::page(&declared).unwrap_or(listeners.page);
        }
        listeners
    }
}
