//! What triggers a check of a zone, and what prevents it: lines that people write, validated one by one. Reads no state.

use std::fmt::Display;
use std::str::FromStr;

use super::fault::Faults;
use super::fields::Text;
use crate::model::EntityId;

/// Lines of one list.
const MOST_LINES: usize = 20;
/// Entities that can tell whether somebody is there.
const OCCUPANCY_DOMAINS: [&str; 10] = [
    "binary_sensor",
    "calendar",
    "device_tracker",
    "group",
    "input_boolean",
    "media_player",
    "person",
    "schedule",
    "sensor",
    "switch",
];
/// Stands for everybody: its state is the number of people at home (Core's `components/zone`).
const EVERYBODY: &str = "zone.home";

/// A text as what it stands for; none is none.
pub(super) fn parsed<T, const MOST: usize>(
    text: Option<&Text<MOST>>,
    path: impl Fn() -> String,
    faults: &mut Faults,
) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    match text?.0.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            faults.add(path(), error.to_string());
            None
        }
    }
}

/// A list of lines as what they stand for.
pub(super) fn lines<T, const MOST: usize>(
    lines: &[Text<MOST>],
    path: impl Fn() -> String,
    faults: &mut Faults,
) -> Vec<T>
where
    T: FromStr,
    T::Err: Display,
{
    bounded(lines.len(), &path, faults);
    let line = |(index, line)| parsed(Some(line), || format!("{}[{index}]", path()), faults);
    lines.iter().enumerate().filter_map(line).collect()
}

/// What shows that somebody is in the room.
pub(super) fn occupancy(
    entities: Vec<EntityId>,
    path: impl Fn() -> String,
    faults: &mut Faults,
) -> Vec<EntityId> {
    bounded(entities.len(), &path, faults);
    for (index, entity) in entities.iter().enumerate() {
        if !OCCUPANCY_DOMAINS.contains(&entity.domain()) {
            faults.add(
                format!("{}[{index}]", path()),
                format!(
                    "found {entity}, expected an entity that shows whether somebody is there, of one of the domains {}",
                    OCCUPANCY_DOMAINS.join(", ")
                ),
            );
        }
    }
    entities
}

/// Who shows whether somebody is home; everybody, if nobody is named.
pub(super) fn people(entities: Vec<EntityId>, faults: &mut Faults) -> Vec<EntityId> {
    bounded(entities.len(), &|| "people".to_owned(), faults);
    for (index, entity) in entities.iter().enumerate() {
        let known = ["person", "device_tracker", "group", "input_boolean", "zone"];
        if !known.contains(&entity.domain()) {
            faults.add(
                format!("people[{index}]"),
                format!("found {entity}, expected a person such as person.anna"),
            );
        }
    }
    if entities.is_empty() {
        return EntityId::parse(EVERYBODY).into_iter().collect();
    }
    entities
}

fn bounded(count: usize, path: &impl Fn() -> String, faults: &mut Faults) {
    if count > MOST_LINES {
        faults.add(
            path(),
            format!("found {count} lines, expected at most {MOST_LINES}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AwayMode, Zone};
    use crate::settings::tests::{fault as refused, load};
    use crate::settings::{Deployment, Settings};

    fn loaded(yaml: &str) -> Settings {
        load(yaml, Deployment::App).unwrap()
    }

    fn kitchen(more: &str) -> String {
        format!("zones: [{{name: Kitchen, cameras: [camera.kitchen]{more}}}]")
    }

    #[test]
    fn a_zone_says_when_it_is_checked_and_when_not() {
        let zone: Zone = loaded(&format!(
            "people: [person.anna]\nquiet_hours: '22:00-07:00'\n{}",
            kitchen(
                ", cron: '0 9 * * *', trigger_entities: [vacuum.robby docked, binary_sensor.door to off for 5 min],
                 trigger_events: [doorbell_pressed door=front], occupancy_entities: [binary_sensor.motion],
                 clear_minutes: 2, away_mode: only_when_away"
            )
        ))
        .zones
        .remove(0);

        assert!(zone.cron.is_some());
        assert_eq!(
            (zone.wake_by_states.len(), zone.wake_by_events.len()),
            (2, 1)
        );
        assert_eq!(zone.clear_for.as_secs(), 120);
        assert_eq!(zone.quiet_hours.unwrap().to_string(), "22:00-07:00");
        assert_eq!(zone.away_mode, AwayMode::OnlyWhenAway);
        let watched: Vec<_> = zone.entities().iter().map(ToString::to_string).collect();
        assert_eq!(
            watched,
            [
                "binary_sensor.door",
                "binary_sensor.motion",
                "camera.kitchen",
                "person.anna",
                "vacuum.robby"
            ]
        );
    }

    #[test]
    fn a_zone_that_says_nothing_follows_its_cameras_alone() {
        let zone = loaded(&kitchen("")).zones.remove(0);

        assert_eq!(zone.entities().len(), 1);
        assert_eq!(zone.people, [EntityId::parse("zone.home").unwrap()]);
        assert_eq!((zone.quiet_hours, zone.away_mode), (None, AwayMode::Always));
    }

    #[test]
    fn each_line_that_can_not_be_used_is_named_with_what_is_allowed() {
        for (more, path, expected) in [
            (", cron: '0 9 * *'", "zones[0].cron", "five fields"),
            (
                ", cron: '0 9 * * *', interval_minutes: 5",
                "zones[0].cron",
                "one of them",
            ),
            (
                ", trigger_entities: [vacuum.robby docked, motion]",
                "zones[0].trigger_entities[1]",
                "an entity and its state",
            ),
            (
                ", trigger_events: ['a b']",
                "zones[0].trigger_events[0]",
                "the type of an event",
            ),
            (
                ", occupancy_entities: [light.desk]",
                "zones[0].occupancy_entities[0]",
                "binary_sensor",
            ),
            (", quiet_hours: '22'", "zones[0].quiet_hours", "22:00-07:00"),
            (
                ", away_mode: sometimes",
                "zones[0].away_mode",
                "only_when_away",
            ),
        ] {
            let error = refused(&kitchen(more));
            assert!(error.contains(path) && error.contains(expected), "{error}");
        }
        assert!(refused(&format!("people: [light.desk]\n{}", kitchen(""))).contains("people[0]"));
    }
}
