//! What lies about in the simulated room, and what people call it.

use crate::model::{EntityId, ZoneId};

/// Things that may lie about, each in several wordings.
pub(super) const THINGS: [[&str; 3]; 5] = [
    [
        "Put away the cup",
        "Take the mug to the kitchen",
        "Tasse wegräumen",
    ],
    [
        "Pick up the socks",
        "Put the socks into the laundry",
        "Socken aufheben",
    ],
    [
        "Straighten the left chair",
        "Push the left chair in",
        "Linken Stuhl gerade stellen",
    ],
    [
        "Straighten the right chair",
        "Push the right chair in",
        "Rechten Stuhl gerade stellen",
    ],
    [
        "Wipe the table",
        "Clean the coffee stains off the tabletop",
        "Tisch abwischen",
    ],
];
pub(super) const OWN: [&str; 2] = ["Buy milk", "Put away the cup"];

pub(super) fn zone() -> ZoneId {
    ZoneId::parse("kitchen").unwrap()
}

pub(super) fn list() -> EntityId {
    EntityId::parse("todo.chores").unwrap()
}

pub(super) fn thing(title: &str) -> Option<usize> {
    THINGS.iter().position(|wordings| wordings.contains(&title))
}
