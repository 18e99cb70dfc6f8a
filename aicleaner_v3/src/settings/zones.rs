//! The zones as declared: checks each of them and gives what it leaves open. Never changes what a person wrote.

use std::collections::BTreeSet;
use std::time::Duration;

use super::declared::Zone as Declared;
use super::defaults;
use super::fault::Faults;
use super::fields::{Text, Whole};
use super::triggers::{self, parsed};
use crate::model::{EntityId, QuietHours, Score, Zone, ZoneId};

const MOST_ZONES: usize = 100;
const MOST_CAMERAS: usize = 8;
const MOST_IGNORED: usize = 30;

/// What holds for zones that say nothing else.
pub struct General {
    /// The to-do list.
    pub todo_list: Option<EntityId>,
    /// Hours without checks.
    pub quiet_hours: Option<QuietHours>,
    /// Who shows whether somebody is home.
    pub people: Vec<EntityId>,
}

/// The zones that can be used; all are if there is no fault.
pub fn check(
    declared: Vec<Declared>,
    general: &General,
    providers: &[&str],
    faults: &mut Faults,
) -> Vec<Zone> {
    if declared.len() > MOST_ZONES {
        faults.add(
            "zones",
            format!(
                "found {} zones, expected at most {MOST_ZONES}",
                declared.len()
            ),
        );
    }
    let mut taken = BTreeSet::new();
    let mut zones = Vec::new();
    for (at, zone) in declared.into_iter().enumerate().take(MOST_ZONES) {
        let path = format!("zones[{at}]");
        entities(&zone, &path, faults);
        let Some(id) = id(&zone, &path, &mut taken, faults) else {
            continue;
        };
        combinations(&zone, &path, providers, faults);
        zones.push(checked(id, zone, &path, general, faults));
    }
    zones
}

/// The name, and the entities that it names.
fn entities(zone: &Declared, path: &str, faults: &mut Faults) {
    let name = &zone.name.0;
    if name.is_empty() || name.contains('\n') {
        faults.add(
            format!("{path}.name"),
            "found no name, expected one line of text",
        );
    }
    if zone.cameras.is_empty() || zone.cameras.len() > MOST_CAMERAS {
        faults.add(
            format!("{path}.cameras"),
            format!(
                "found {} cameras, expected 1 to {MOST_CAMERAS}",
                zone.cameras.len()
            ),
        );
    }
    for (index, camera) in zone.cameras.iter().enumerate() {
        faults.expect_domain(format!("{path}.cameras[{index}]"), camera, "camera");
        if zone.cameras[..index].contains(camera) {
            faults.add(
                format!("{path}.cameras[{index}]"),
                format!("found {camera} twice, expected each camera once"),
            );
        }
    }
    if let Some(list) = &zone.todo_list {
        faults.expect_domain(format!("{path}.todo_list"), list, "todo");
    }
    if let Some(vacuum) = &zone.vacuum {
        faults.expect_domain(format!("{path}.vacuum"), vacuum, "vacuum");
    }
}

/// The id: as declared, or made from the name.
fn id(
    zone: &Declared,
    path: &str,
    taken: &mut BTreeSet<ZoneId>,
    faults: &mut Faults,
) -> Option<ZoneId> {
    let id = zone
        .id
        .clone()
        .map_or_else(|| ZoneId::from_name(&zone.name.0), Ok)
        .map_err(|error| faults.add(format!("{path}.name"), error.to_string()))
        .ok()?;
    if id.as_str() == "system" {
        faults.add(
            format!("{path}.id"),
            "found \"system\", expected another id: it stands for AICleaner itself",
        );
    }
    if !taken.insert(id.clone()) {
        faults.add(
            path,
            format!("found the id {id} twice, expected another name, or an `id` of its own"),
        );
    }
    Some(id)
}

/// What must fit other settings.
fn combinations(zone: &Declared, path: &str, providers: &[&str], faults: &mut Faults) {
    for (index, name) in zone.providers.iter().flatten().enumerate() {
        if !providers.contains(&name.0.as_str()) {
            faults.add(
                format!("{path}.providers[{index}]"),
                format!(
                    "found {:?}, expected the name of a provider: {}",
                    name.0,
                    providers.join(", ")
                ),
            );
        }
    }
    if zone.cron.is_some() && zone.interval_minutes.is_some() {
        faults.add(
                format!("{path}.cron"),
                "found `interval_minutes` too, expected one of them: a zone is checked either by a schedule or at an interval",
            );
    }
}

/// The zone, with what it leaves open.
fn checked(id: ZoneId, zone: Declared, path: &str, general: &General, faults: &mut Faults) -> Zone {
    let at = |name: &'static str| move || format!("{path}.{name}");
    Zone {
        id,
        name: zone.name.0,
        cameras: zone.cameras,
        purpose: zone.purpose.0,
        todo_list: zone.todo_list.or_else(|| general.todo_list.clone()),
        vacuum: zone.vacuum,
        interval: Duration::from_secs(
            u64::from(
                zone.interval_minutes
                    .map_or(defaults::INTERVAL_MINUTES, |m| m.0),
            ) * 60,
        ),
        cron: parsed(zone.cron.as_ref(), at("cron"), faults),
        wake_by_states: triggers::lines(&zone.trigger_entities, at("trigger_entities"), faults),
        wake_by_events: triggers::lines(&zone.trigger_events, at("trigger_events"), faults),
        occupancy: triggers::occupancy(zone.occupancy_entities, at("occupancy_entities"), faults),
        clear_for: Duration::from_secs(
            u64::from(zone.clear_minutes.map_or(defaults::CLEAR_MINUTES, |m| m.0)) * 60,
        ),
        quiet_hours: parsed(zone.quiet_hours.as_ref(), at("quiet_hours"), faults)
            .or(general.quiet_hours),
        away_mode: zone.away_mode,
        people: general.people.clone(),
        threshold: threshold(zone.threshold),
        providers: zone
            .providers
            .unwrap_or_default()
            .into_iter()
            .map(|name| name.0)
            .collect(),
        ignore: ignore(zone.ignore, path, faults),
        max_open_tasks: zone
            .max_open_tasks
            .and_then(|most| usize::try_from(most.0).ok())
            .unwrap_or(defaults::MAX_OPEN_TASKS),
        dismissed_for: Duration::from_secs(
            u64::from(
                zone.dismissed_for_days
                    .map_or(defaults::DISMISSED_DAYS, |days| days.0),
            ) * 24
                * 3600,
        ),
        sensitivity: zone.sensitivity,
        reassess_after: Duration::from_secs(
            u64::from(
                zone.reassess_after_hours
                    .map_or(defaults::REASSESS_HOURS, |hours| hours.0),
            ) * 3600,
        ),
    }
}

fn ignore(declared: Vec<Text<120>>, path: &str, faults: &mut Faults) -> Vec<String> {
    if declared.len() > MOST_IGNORED {
        faults.add(
            format!("{path}.ignore"),
            format!(
                "found {} rules, expected at most {MOST_IGNORED}",
                declared.len()
            ),
        );
    }
    for (index, rule) in declared.iter().enumerate() {
        if rule.0.is_empty() {
            faults.add(
                format!("{path}.ignore[{index}]"),
                "found no words, expected what to ignore, such as \"the guitar on the sofa\"",
            );
        }
    }
    declared.into_iter().map(|rule| rule.0).collect()
}

/// The type has checked the range.
fn threshold(declared: Option<Whole<0, 100>>) -> Score {
    let value = declared.map_or(defaults::THRESHOLD, |value| {
        u8::try_from(value.0).unwrap_or(defaults::THRESHOLD)
    });
    Score::new(value).unwrap_or(Score::TIDY)
}
