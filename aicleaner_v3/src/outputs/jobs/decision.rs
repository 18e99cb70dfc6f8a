//! What to do with a job now: do it, wait, or give it up. Pure.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::backoff::Policy;
use crate::model::{JobKind, Notification};
use crate::settings::Notifications;
use crate::store::{JobRow, JobStage};

/// A job that is older is news no more.
const LATEST: SignedDuration = SignedDuration::from_hours(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Between tries of a job that failed.
const RETRY: Policy = Policy::new(Duration::from_secs(10), Duration::from_secs(600));

/// What to do with a job now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Do it.
    Do,
    /// Not before.
    Wait(Timestamp),
    /// It is night: it becomes valid when it ends.
    Hold(Timestamp),
    /// Give it up, for this reason.
    Drop(&'static str),
}

/// What to do with `row`. `done` tells when jobs of its lane were done in the last hour.
pub fn decide(
    row: &JobRow,
    rules: &Notifications,
    done: &[Timestamp],
    now: Timestamp,
    zone: &TimeZone,
) -> Decision {
    if row.stage == JobStage::Trying && !is_harmless_twice(row) {
        // The program ended while it was tried: it may have happened.
        return Decision::Drop("uncertain");
    }
    if now.duration_since(row.valid_from) > LATEST {
        return Decision::Drop("too_old");
    }
    if row.not_before > now {
        return Decision::Wait(row.not_before);
    }
    let is_told = match &row.job.kind {
        JobKind::Notify { notification, .. } => match notification {
            Notification::Mess { .. } | Notification::Tidy => true,
            // A person chose the time of the digest; what takes a notification back makes no sound.
            Notification::Over | Notification::Digest { .. } => return Decision::Do,
        },
        JobKind::Vacuum { .. } => false,
    };
    if let Some(end) = rules.quiet.and_then(|quiet| quiet.end(now, zone)) {
        return Decision::Hold(end);
    }
    if !is_told {
        return Decision::Do;
    }
    let most = usize::try_from(rules.most_per_hour).unwrap_or(usize::MAX);
    match done.len().checked_sub(most).and_then(|at| done.get(at)) {
        Some(oldest) => Decision::Wait(oldest.checked_add(HOUR).unwrap_or(now)),
        None => Decision::Do,
    }
}

/// Whether doing it a second time shows nothing twice.
pub fn is_harmless_twice(row: &JobRow) -> bool {
    match &row.job.kind {
        JobKind::Notify { target, .. } => target.replaces(),
        JobKind::Vacuum { .. } => false,
    }
}

/// When to try again what failed so often.
pub fn retry_at(attempts: u32, now: Timestamp) -> Timestamp {
    now.checked_add(RETRY.delay(attempts)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use jiff::Zoned;

    use super::*;
    use crate::model::{Job, Target};
    use crate::settings::Hours;

    fn local(text: &str) -> Timestamp {
        format!("2026-06-10T{text}[Europe/Berlin]")
            .parse::<Zoned>()
            .unwrap()
            .timestamp()
    }

    fn row(target: &str, notification: Notification, at: Timestamp) -> JobRow {
        let kind = JobKind::Notify {
            target: Target::parse(target).unwrap(),
            zone_name: "Kitchen".to_owned(),
            notification,
        };
        JobRow {
            job: Job::new(None, kind, at),
            stage: JobStage::Waiting,
            valid_from: at,
            not_before: at,
            attempts: 0,
        }
    }

    fn rules() -> Notifications {
        Notifications {
            quiet: Hours::parse("22:00-07:00"),
            most_per_hour: 2,
            ..Notifications::default()
        }
    }

    fn decided(row: &JobRow, done: &[Timestamp], now: Timestamp) -> Decision {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        decide(row, &rules(), done, now, &zone)
    }

    #[test]
    fn news_is_told_at_once_and_dropped_when_it_is_an_hour_old() {
        let row = row("notify.mobile_app_a", Notification::Tidy, local("12:00"));

        assert_eq!(decided(&row, &[], local("12:00")), Decision::Do);
        assert_eq!(decided(&row, &[], local("13:00")), Decision::Do);
        assert_eq!(
            decided(&row, &[], local("13:00:01")),
            Decision::Drop("too_old")
        );
    }

    #[test]
    fn at_night_it_is_held_and_told_in_the_morning() {
        let at_night = row("notify.mobile_app_a", Notification::Tidy, local("23:30"));
        assert_eq!(
            decided(&at_night, &[], local("23:30")),
            Decision::Hold(local("07:00") + SignedDuration::from_hours(24))
        );

        let held = JobRow {
            valid_from: local("07:00"),
            not_before: local("07:00"),
            ..row("notify.mobile_app_a", Notification::Tidy, local("02:00"))
        };
        assert_eq!(
            decided(&held, &[], local("06:59")),
            Decision::Wait(local("07:00"))
        );
        assert_eq!(decided(&held, &[], local("07:00")), Decision::Do);
    }

    #[test]
    fn the_robot_sleeps_at_night_too() {
        let kind = JobKind::Vacuum {
            vacuum: crate::model::EntityId::parse("vacuum.robot").unwrap(),
            zone_name: "Kitchen".to_owned(),
            camera: None,
        };
        let of = |time: &str| {
            let at = local(time);
            let mut row = row("notify.family", Notification::Tidy, at);
            row.job.kind = kind.clone();
            decided(&row, &[at, at, at], at)
        };

        assert_eq!(of("12:00"), Decision::Do);
        assert!(matches!(of("23:00"), Decision::Hold(_)));
    }

    #[test]
    fn no_more_than_so_many_an_hour_but_what_takes_back_and_the_digest_pass() {
        let done = [local("11:10"), local("11:40")];
        let mess = || Notification::Mess { tasks: vec![] };
        let digest = Notification::Digest { zones: vec![] };
        let now = local("12:00");
        let of = |notification| decided(&row("notify.family", notification, now), &done, now);

        assert_eq!(of(mess()), Decision::Wait(local("12:10")));
        assert_eq!(of(Notification::Over), Decision::Do);
        assert_eq!(of(digest), Decision::Do);
    }

    #[test]
    fn what_may_have_happened_is_told_again_only_where_it_replaces_itself() {
        let now = local("12:00");
        let trying = |target| JobRow {
            stage: JobStage::Trying,
            ..row(target, Notification::Tidy, now)
        };

        assert_eq!(
            decided(&trying("persistent_notification"), &[], now),
            Decision::Do
        );
        assert_eq!(
            decided(&trying("notify.family"), &[], now),
            Decision::Drop("uncertain")
        );
    }

    #[test]
    fn tries_come_ever_more_slowly() {
        let now = local("12:00");
        let waits: Vec<_> = [1, 2, 3, 7, 40]
            .map(|attempts| retry_at(attempts, now).duration_since(now).as_secs())
            .into();

        assert_eq!(waits, [10, 20, 40, 600, 600]);
    }
}
