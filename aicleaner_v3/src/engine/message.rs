//! What reaches a zone's worker from outside. One queue a zone, bounded: what does not fit is refused and counted.

use super::command::{Asked, ZoneCommand};
use super::description::ItemPlace;
use crate::model::{ItemSeen, Trigger, UserAction, Zone};

/// What others tell a zone.
#[derive(Debug)]
pub enum Message {
    /// The program requests a check.
    RequestCheck(Trigger),
    /// Somebody commands, and waits for the answer.
    Command(Asked<ZoneCommand>),
    /// What people did with the items of the zone's tasks.
    UserActions(Vec<UserAction>),
    /// An item of ours that no task knows.
    Adopt {
        /// The item.
        item: ItemSeen,
        /// What its description says.
        place: ItemPlace,
    },
    /// The zone was declared otherwise.
    Declare(Box<Zone>),
}
