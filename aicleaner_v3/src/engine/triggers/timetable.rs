//! When a zone with a cron expression is to be checked. Reads the wall clock now and then, because it may be set, and
//! because clocks change. Pure: times come in.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::CronSchedule;

/// Between readings of the wall clock.
const TICK: Duration = Duration::from_secs(30);
/// A wall clock that goes back by more was set.
const SET_BACK: SignedDuration = SignedDuration::from_secs(5);

/// The next time of an expression.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    next: Option<Timestamp>,
    /// The last reading of the wall clock.
    seen: Option<Timestamp>,
    zone: Option<TimeZone>,
}

impl Timetable {
    /// Whether a time of `cron` has come since the last call. What passed while the clock was set forward comes once;
    /// what was there already when it was set back comes again. The first call only looks ahead.
    pub fn tick(&mut self, cron: &CronSchedule, now: Timestamp, zone: &TimeZone) -> bool {
        let was_set_back = self
            .seen
            .is_some_and(|seen| now.duration_since(seen) < -SET_BACK);
        self.seen = Some(now);
        if was_set_back || self.zone.as_ref() != Some(zone) {
            self.zone = Some(zone.clone());
            self.next = cron.next_after(now, zone);
            return false;
        }
        let has_come = self.next.is_some_and(|next| next <= now);
        if has_come {
            self.next = cron.next_after(now, zone);
        }
        has_come
    }

    /// How long after `now` to call [`Self::tick`] again.
    pub fn wait(&self, now: Timestamp) -> Duration {
        let until = self.next.map(|next| next.duration_since(now));
        let until = until.map_or(TICK, |until| Duration::try_from(until).unwrap_or_default());
        until.min(TICK)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;
    use tokio::time::sleep;

    use super::*;
    use crate::clock::Clock;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn local(text: &str) -> Timestamp {
        let time: DateTime = text.parse().unwrap();
        time.to_zoned(berlin()).unwrap().timestamp()
    }

    /// When a check is requested, by the home's clocks, in so many hours from `start`.
    async fn wakes(cron: &str, start: &str, hours: u32) -> Vec<String> {
        let cron: CronSchedule = cron.parse().unwrap();
        let (clock, mut timetable, mut wakes) =
            (Clock::simulated(local(start)), Timetable::default(), vec![]);
        let end = local(start) + SignedDuration::from_hours(hours.into());
        while clock.now() < end {
            if timetable.tick(&cron, clock.now(), &berlin()) {
                let at = clock.now().to_zoned(berlin());
                wakes.push(at.strftime("%d %H:%M:%S").to_string());
            }
            sleep(timetable.wait(clock.now())).await;
        }
        wakes
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_wakes_at_the_homes_times_through_the_spring_change() {
        let wakes = wakes("0 8,20 * * *", "2027-03-27T12:00:00", 48).await;

        assert_eq!(
            wakes,
            ["27 20:00:00", "28 08:00:00", "28 20:00:00", "29 08:00:00"]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_wakes_at_the_homes_times_through_the_autumn_change() {
        let wakes = wakes("30 2 * * *", "2026-10-24T12:00:00", 48).await;

        assert_eq!(wakes, ["25 02:30:00", "26 02:30:00"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_clocks_skip_is_not_lost() {
        let wakes = wakes("30 2 * * *", "2027-03-27T12:00:00", 24).await;

        assert_eq!(wakes.len(), 1);
        assert!(wakes[0].starts_with("28 03:"), "{wakes:?}");
    }

    #[test]
    fn a_clock_set_forward_wakes_once_for_all_that_passed() {
        let cron: CronSchedule = "0 * * * *".parse().unwrap();
        let mut timetable = Timetable::default();
        timetable.tick(&cron, local("2026-11-20T09:10:00"), &berlin());

        let jumped = timetable.tick(&cron, local("2026-11-20T15:10:00"), &berlin());
        let after = timetable.tick(&cron, local("2026-11-20T15:11:00"), &berlin());
        let next = timetable.tick(&cron, local("2026-11-20T16:00:00"), &berlin());

        assert_eq!((jumped, after, next), (true, false, true));
    }

    #[test]
    fn a_clock_set_back_does_not_silence_the_zone() {
        let cron: CronSchedule = "0 12 * * *".parse().unwrap();
        let mut timetable = Timetable::default();
        timetable.tick(&cron, local("2027-11-20T11:00:00"), &berlin());

        let set_back = timetable.tick(&cron, local("2026-11-20T11:00:00"), &berlin());
        let noon = timetable.tick(&cron, local("2026-11-20T12:00:00"), &berlin());

        assert_eq!((set_back, noon), (false, true));
    }

    #[test]
    fn a_home_that_moves_is_woken_by_its_new_clocks() {
        let cron: CronSchedule = "0 12 * * *".parse().unwrap();
        let mut timetable = Timetable::default();
        timetable.tick(&cron, local("2026-11-20T11:00:00"), &TimeZone::UTC);

        timetable.tick(&cron, local("2026-11-20T11:00:30"), &berlin());

        assert!(timetable.tick(&cron, local("2026-11-20T12:00:00"), &berlin()));
    }

    #[test]
    fn it_never_sleeps_past_a_time_or_for_long() {
        let cron: CronSchedule = "0 12 * * *".parse().unwrap();
        let mut timetable = Timetable::default();
        let now = local("2026-11-20T11:59:50");
        timetable.tick(&cron, now, &berlin());

        assert_eq!(timetable.wait(now), Duration::from_secs(10));
        assert_eq!(timetable.wait(local("2026-11-20T03:00:00")), TICK);
        assert_eq!(timetable.wait(local("2026-11-20T12:00:01")), Duration::ZERO);
    }
}
