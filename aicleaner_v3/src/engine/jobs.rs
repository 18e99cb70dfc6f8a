//! What a change of tasks means for the people and the robot of the home. Pure.

use jiff::Timestamp;

use crate::model::{Category, Finding, Job, JobKind, Notification, Target, Task, TaskLine, Zone};
use crate::settings::Notifications;
use crate::tasks::{Change, What};

/// The jobs of `changes`, which turned the zone's tasks from `before` into `after`.
pub fn jobs(
    zone: &Zone,
    notifications: &Notifications,
    before: &[Task],
    after: &[Task],
    changes: &[Change],
    now: Timestamp,
) -> Vec<Job> {
    let mut jobs = Vec::new();
    let is_new = |change: &&Change| matches!(change.what, What::Opened | What::Reopened);
    let new: Vec<&Task> = changes
        .iter()
        .filter(is_new)
        .map(|change| &change.task)
        .collect();
    if let Some(notification) = notification(notifications, before, after, changes, &new) {
        let tell = |target: &Target| {
            let kind = JobKind::Notify {
                target: target.clone(),
                zone_name: zone.name.clone(),
                notification: notification.clone(),
            };
            Job::new(Some(zone.id.clone()), kind, now)
        };
        jobs.extend(notifications.to.iter().map(tell));
    }
    if let Some(vacuum) = &zone.vacuum
        && new.iter().any(|task| is_for_the_robot(&task.finding))
    {
        let kind = JobKind::Vacuum {
            vacuum: vacuum.clone(),
            zone_name: zone.name.clone(),
            camera: zone.cameras.first().cloned(),
        };
        jobs.push(Job::new(Some(zone.id.clone()), kind, now));
    }
    jobs
}

fn notification(
    notifications: &Notifications,
    before: &[Task],
    after: &[Task],
    changes: &[Change],
    new: &[&Task],
) -> Option<Notification> {
    if !new.is_empty() {
        let old = after
            .iter()
            .filter(|task| task.is_open() && !new.iter().any(|new| new.id == task.id));
        let tasks = new.iter().copied().chain(old).map(line).collect();
        return notifications
            .mess_found
            .then_some(Notification::Mess { tasks });
    }
    let is_over = before.iter().any(Task::is_open) && !after.iter().any(Task::is_open);
    if !is_over {
        return None;
    }
    let was_cleared = changes.iter().any(|change| change.what == What::Cleared);
    match notifications.all_tidy && !was_cleared {
        true => Some(Notification::Tidy),
        false => notifications.mess_found.then_some(Notification::Over),
    }
}

fn line(task: &Task) -> TaskLine {
    TaskLine {
        id: task.id,
        title: task.title().to_owned(),
        minutes: task.finding.minutes,
    }
}

/// Words for the floor, as people and models write them in the languages of the household.
const FLOOR: [&str; 17] = [
    "floor",
    "carpet",
    "rug",
    "boden",
    "teppich",
    "sol",
    "tapis",
    "moquette",
    "suelo",
    "piso",
    "alfombra",
    "vloer",
    "tapijt",
    "vloerkleed",
    "pavimento",
    "golv",
    "podłod",
];

/// Whether a robot can do it: it lies on the floor, and is not what a person has to pick up.
fn is_for_the_robot(finding: &Finding) -> bool {
    let is_dirt = matches!(
        finding.category,
        None | Some(Category::Clean | Category::Rubbish | Category::Other)
    );
    is_dirt && (is_floor(&finding.location) || is_floor(&finding.title))
}

fn is_floor(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    // Compounds end so (Fußboden, Küchenboden, keukenvloer); short words stand alone.
    words.any(|word| {
        FLOOR
            .iter()
            .any(|floor| word == *floor || (floor.len() > 4 && word.ends_with(floor)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixtures::{task, zone};
    use crate::model::{Confidence, EntityId, TaskState};

    fn notifications() -> Notifications {
        Notifications {
            to: vec![Target::parse("notify.mobile_app_phone").unwrap()],
            ..Notifications::default()
        }
    }

    fn kinds(
        before: &[Task],
        after: &[Task],
        changes: &[Change],
        of: &Notifications,
    ) -> Vec<&'static str> {
        let made = jobs(
            &zone(None),
            of,
            before,
            after,
            changes,
            Timestamp::UNIX_EPOCH,
        );
        made.iter().map(|job| job.kind.name()).collect()
    }

    fn change(task: &Task, what: What) -> Change {
        Change {
            task: task.clone(),
            what,
        }
    }

    #[test]
    fn a_new_task_is_a_mess_with_the_new_first_and_the_last_that_goes_is_tidy() {
        let (old, new) = (task(), task());
        let after = [old.clone(), new.clone()];
        let found = jobs(
            &zone(None),
            &notifications(),
            std::slice::from_ref(&old),
            &after,
            &[change(&new, What::Opened)],
            Timestamp::UNIX_EPOCH,
        );
        let JobKind::Notify {
            notification: Notification::Mess { tasks },
            ..
        } = &found[0].kind
        else {
            panic!("{found:?}")
        };
        assert_eq!((tasks[0].id, tasks[1].id), (new.id, old.id));

        let done = old.moved(TaskState::DoneByPerson, Timestamp::UNIX_EPOCH);
        let tidy = kinds(
            &[old],
            std::slice::from_ref(&done),
            &[change(&done, What::ByPerson)],
            &notifications(),
        );
        assert_eq!(tidy, ["tidy"]);
    }

    #[test]
    fn nothing_is_told_while_something_is_still_open_and_nothing_is_new() {
        let (one, two) = (task(), task());
        let done = one.moved(TaskState::DoneByCamera, Timestamp::UNIX_EPOCH);
        let after = [done.clone(), two.clone()];

        let notification = kinds(
            &[one, two],
            &after,
            &[change(&done, What::Done)],
            &notifications(),
        );

        assert!(notification.is_empty(), "{notification:?}");
    }

    #[test]
    fn what_was_told_is_taken_back_where_tidy_is_not_to_be_told() {
        let one = task();
        let done = one.moved(TaskState::Settled, Timestamp::UNIX_EPOCH);
        let quiet = Notifications {
            all_tidy: false,
            ..notifications()
        };
        let nobody = Notifications::default();

        let cleared = change(&done, What::Cleared);
        let all = [cleared];
        assert_eq!(
            kinds(std::slice::from_ref(&one), &[], &all, &notifications()),
            ["over"]
        );
        let done = [change(&done, What::Done)];
        assert_eq!(
            kinds(std::slice::from_ref(&one), &[], &done, &quiet),
            ["over"]
        );
        assert!(kinds(&[one], &[], &done, &nobody).is_empty());
    }

    #[test]
    fn the_robot_is_sent_for_dirt_on_the_floor_alone() {
        let on = |location: &str, category: Option<Category>| {
            let finding = Finding {
                location: location.to_owned(),
                category,
                ..Finding::new("Crumbs", Confidence::CERTAIN)
            };
            is_for_the_robot(&finding)
        };

        assert!(on("on the floor by the sofa", None));
        assert!(on("auf dem Küchenboden", Some(Category::Clean)));
        assert!(on("sur le sol", None) && on("in de keukenvloer", None));
        assert!(!on("on the solid desk", None) && !on("counter", Some(Category::Clean)));
        assert!(!on("floor", Some(Category::Laundry)));
        assert!(!on("on the drug shelf", None));
    }

    #[test]
    fn only_a_zone_with_a_robot_sends_it() {
        let mut crumbs = task();
        crumbs.finding.location = "floor".to_owned();
        let with = Zone {
            vacuum: Some(EntityId::parse("vacuum.robot").unwrap()),
            ..zone(None)
        };
        let opened = [change(&crumbs, What::Opened)];
        let of = |zone: &Zone| {
            let after = [crumbs.clone()];
            let nobody = Notifications::default();
            jobs(zone, &nobody, &[], &after, &opened, Timestamp::UNIX_EPOCH).len()
        };

        assert_eq!((of(&with), of(&zone(None))), (1, 0));
    }
}
