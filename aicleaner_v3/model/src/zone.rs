//! A zone as it was declared.

use std::time::Duration;

use super::{
    AwayMode, CronSchedule, EntityId, EventTrigger, QuietHours, Score, Sensitivity, StateTrigger,
    ZoneId,
};
use std::collections::BTreeSet;

/// A place to keep tidy, as a person declared it.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Never changes with the name.
    pub id: ZoneId,
    /// What people call it.
    pub name: String,
    /// The cameras that show it; at least one.
    pub cameras: Vec<EntityId>,
    /// What the zone is for and what tidy means there, in the person's own words; may be empty.
    pub purpose: String,
    /// The to-do list its tasks go to; none means that they live in the app alone.
    pub todo_list: Option<EntityId>,
    /// The robot that may clean its floor.
    pub vacuum: Option<EntityId>,
    /// How often it is looked at.
    pub interval: Duration,
    /// Below this score the zone needs cleaning.
    pub threshold: Score,
    /// What is never a task here, each in plain words, such as "the guitar on the sofa".
    pub ignore: Vec<String>,
    /// Maximum open tasks; the rest waits, the most important first.
    pub max_open_tasks: usize,
    /// For so long what a person deleted from the list is not proposed again.
    pub dismissed_for: Duration,
    /// How small a change is noticed.
    pub sensitivity: Sensitivity,
    /// After this time the zone is assessed even if nothing changed.
    pub reassess_after: Duration,
    /// The schedule of its checks, instead of the interval.
    pub cron: Option<CronSchedule>,
    /// State triggers.
    pub wake_by_states: Vec<StateTrigger>,
    /// Event triggers.
    pub wake_by_events: Vec<EventTrigger>,
    /// Entities that show whether somebody is there: then no picture is taken.
    pub occupancy: Vec<EntityId>,
    /// So long nobody must have been there.
    pub clear_for: Duration,
    /// When it is looked at only when a person asks.
    pub quiet_hours: Option<QuietHours>,
    /// Whether it matters who is at home.
    pub away_mode: AwayMode,
    /// Who tells whether somebody is at home.
    pub people: Vec<EntityId>,
    /// The names of the providers to ask, in this order; empty for all, in theirs.
    pub providers: Vec<String>,
}

impl Zone {
    /// A zone of which nothing but its name was said.
    pub fn new(id: ZoneId, name: impl Into<String>) -> Self {
        const HOUR: u64 = 3600;
        Self {
            id,
            name: name.into(),
            cameras: Vec::new(),
            purpose: String::new(),
            todo_list: None,
            vacuum: None,
            interval: Duration::from_secs(HOUR / 4),
            threshold: Score::USUAL_THRESHOLD,
            ignore: Vec::new(),
            max_open_tasks: 12,
            dismissed_for: Duration::from_secs(30 * 24 * HOUR),
            sensitivity: Sensitivity::Normal,
            reassess_after: Duration::from_secs(24 * HOUR),
            cron: None,
            wake_by_states: Vec::new(),
            wake_by_events: Vec::new(),
            occupancy: Vec::new(),
            clear_for: Duration::from_secs(300),
            quiet_hours: None,
            away_mode: AwayMode::Always,
            people: Vec::new(),
            providers: Vec::new(),
        }
    }

    /// All entities whose states matter to it.
    pub fn entities(&self) -> BTreeSet<EntityId> {
        let people = self
            .people
            .iter()
            .filter(|_| self.away_mode != AwayMode::Always);
        let wake = self.wake_by_states.iter().map(|trigger| &trigger.entity);
        let all = self.cameras.iter().chain(&self.occupancy);
        all.chain(wake).chain(people).cloned().collect()
    }
}
