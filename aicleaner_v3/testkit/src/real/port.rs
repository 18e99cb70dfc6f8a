//! Finds a free loopback port that stays free while its server is down for a moment.
//! Must never hand out a port of the range that the kernel gives to outgoing connections.

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

use super::Error;

/// Below Linux's ephemeral range (32768 and up). A client that keeps trying to reach a killed server on an ephemeral
/// port is at times given that very port as its own, and then keeps the server from starting again.
const FIRST: u64 = 12_000;
const COUNT: u64 = 20_000;
const TRIES: u32 = 100;

/// A port on 127.0.0.1 that nobody listens on.
///
/// # Errors
/// `NoPort` when none was found.
pub fn free() -> Result<u16, Error> {
    (0..TRIES)
        .filter_map(|_| u16::try_from(FIRST + RandomState::new().hash_one(()) % COUNT).ok())
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or(Error::NoPort { tries: TRIES })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_not_given_out() {
        // A port just freed can still be held by a process that another test is starting, until its exec: take the
        // first that can be bound.
        let (port, _listener) = (FIRST..FIRST + COUNT)
            .filter_map(|port| u16::try_from(port).ok())
            .find_map(|port| Some((port, TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?)))
            .unwrap();

        let given: Vec<u16> = (0..50).map(|_| free().unwrap()).collect();

        assert!(!given.contains(&port));
    }
}
