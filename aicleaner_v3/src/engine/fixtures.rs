//! A zone and a task for tests.

use jiff::Timestamp;

use crate::model::{Confidence, EntityId, Finding, Task, Zone, ZoneId, ZoneView};

/// A kitchen, with this to-do list.
pub fn zone(list: Option<&str>) -> Zone {
    Zone {
        todo_list: list.map(|list| EntityId::parse(list).unwrap()),
        vacuum: None,
        ..Zone::new(ZoneId::parse("kitchen").unwrap(), "Kitchen")
    }
}

/// An open task of the kitchen.
pub fn task() -> Task {
    let finding = Finding {
        location: "on the counter".to_owned(),
        minutes: Some(5),
        ..Finding::new("Wipe the spill", Confidence::CERTAIN)
    };
    let kitchen = ZoneId::parse("kitchen").unwrap();
    Task::open(kitchen, finding, Timestamp::UNIX_EPOCH)
}

/// The kitchen before its first check.
pub fn sample() -> ZoneView {
    ZoneView::new(zone(None))
}
