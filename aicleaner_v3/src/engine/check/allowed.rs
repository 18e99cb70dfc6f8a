//! Whether a check is allowed: decided before any picture is taken, and again before one is used. Pure.

use crate::model::{AwayMode, Occupancy, SkipReason, Trigger};

/// What is known before a check.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Whether a person paused everything.
    pub paused: bool,
    /// Whether the zone's switch is on.
    pub watching: bool,
    /// Whether Home Assistant is connected and has started.
    pub home_is_running: bool,
    /// Whether it is quiet now.
    pub quiet: bool,
    /// Whether it matters who is at home, and what is known of that.
    pub away: (AwayMode, Occupancy),
    /// What the zone's own sensors tell; none without sensors.
    pub occupancy: Option<Occupancy>,
    /// Whether nobody was there for as long as the zone wants.
    pub clear_for_long: bool,
    /// Whether every camera of the zone is known to be off or unavailable.
    pub cameras_unavailable: bool,
}

/// Whether a check may be taken now; if not, why. A person who asks passes the zone's switch and quiet hours, and need not
/// wait until the room was clear for a while; but nobody is ever photographed while somebody is there.
pub fn allowed(trigger: Trigger, now: Circumstances) -> Result<(), SkipReason> {
    let by_itself = !trigger.is_manual();
    let reasons = [
        (now.paused, SkipReason::Paused),
        (!now.watching && by_itself, SkipReason::NotWatching),
        (!now.home_is_running, SkipReason::WaitingForHome),
        (now.quiet && by_itself, SkipReason::QuietHours),
        (
            now.away.0 == AwayMode::OnlyWhenHome && now.away.1 != Occupancy::Present,
            SkipReason::NobodyHome,
        ),
        (
            now.away.0 == AwayMode::OnlyWhenAway && now.away.1 != Occupancy::Clear,
            SkipReason::SomebodyHome,
        ),
    ];
    if let Some((_, reason)) = reasons.into_iter().find(|(applies, _)| *applies) {
        return Err(reason);
    }
    is_empty(now.occupancy)?;
    if now.occupancy.is_some() && !now.clear_for_long && by_itself {
        return Err(SkipReason::Occupied);
    }
    if now.cameras_unavailable {
        return Err(SkipReason::CameraUnavailable);
    }
    Ok(())
}

/// Whether a check that was skipped for who is at home is allowed by that now.
pub fn is_allowed_again(skip: SkipReason, mode: AwayMode, people: Occupancy) -> bool {
    match skip {
        SkipReason::NobodyHome => mode != AwayMode::OnlyWhenHome || people == Occupancy::Present,
        SkipReason::SomebodyHome => mode != AwayMode::OnlyWhenAway || people == Occupancy::Clear,
        _ => false,
    }
}

/// Whether the zone's own sensors, if it has some, tell that nobody is there.
pub fn is_empty(occupancy: Option<Occupancy>) -> Result<(), SkipReason> {
    match occupancy {
        Some(Occupancy::Present) => Err(SkipReason::Occupied),
        Some(Occupancy::Unknown) => Err(SkipReason::OccupancyUnknown),
        Some(Occupancy::Clear) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Circumstances = Circumstances {
        paused: false,
        watching: true,
        home_is_running: true,
        quiet: false,
        away: (AwayMode::Always, Occupancy::Unknown),
        occupancy: None,
        clear_for_long: false,
        cameras_unavailable: false,
    };

    /// What a schedule and what a person is told.
    fn both(now: Circumstances) -> (Result<(), SkipReason>, Result<(), SkipReason>) {
        (
            allowed(Trigger::Schedule, now),
            allowed(Trigger::Button, now),
        )
    }

    #[test]
    fn a_zone_that_is_not_monitored_is_checked_only_when_a_person_asks() {
        let off = Circumstances {
            watching: false,
            ..GOOD
        };

        assert_eq!(both(off), (Err(SkipReason::NotWatching), Ok(())));
        assert_eq!(allowed(Trigger::State, off), Err(SkipReason::NotWatching));
        assert_eq!(allowed(Trigger::Api, off), Ok(()));
    }

    #[test]
    fn what_is_paused_is_not_checked_even_when_a_person_asks() {
        let paused = Circumstances {
            paused: true,
            ..GOOD
        };

        let reason = Err(SkipReason::Paused);
        assert_eq!(both(paused), (reason, reason));
    }

    #[test]
    fn nothing_is_checked_before_home_assistant_has_started() {
        let starting = Circumstances {
            home_is_running: false,
            cameras_unavailable: true,
            occupancy: Some(Occupancy::Unknown),
            ..GOOD
        };

        let reason = Err(SkipReason::WaitingForHome);
        assert_eq!(both(starting), (reason, reason));
    }

    #[test]
    fn in_quiet_hours_only_a_person_gets_a_check() {
        let quiet = Circumstances {
            quiet: true,
            ..GOOD
        };

        assert_eq!(both(quiet), (Err(SkipReason::QuietHours), Ok(())));
        assert_eq!(
            allowed(Trigger::Recheck, quiet),
            Err(SkipReason::QuietHours)
        );
    }

    #[test]
    fn nobody_is_photographed_while_somebody_is_or_may_be_there() {
        for (occupancy, reason) in [
            (Occupancy::Present, SkipReason::Occupied),
            (Occupancy::Unknown, SkipReason::OccupancyUnknown),
        ] {
            let now = Circumstances {
                occupancy: Some(occupancy),
                clear_for_long: true,
                ..GOOD
            };
            assert_eq!(both(now), (Err(reason), Err(reason)));
        }
    }

    #[test]
    fn a_room_that_was_just_left_waits_unless_a_person_asks() {
        let left = Circumstances {
            occupancy: Some(Occupancy::Clear),
            ..GOOD
        };
        let long_ago = Circumstances {
            clear_for_long: true,
            ..left
        };

        assert_eq!(both(left), (Err(SkipReason::Occupied), Ok(())));
        assert_eq!(both(long_ago), (Ok(()), Ok(())));
    }

    #[test]
    fn away_modes_go_by_who_is_at_home_and_silence_is_no_permission() {
        let away = |mode, people| {
            allowed(
                Trigger::Button,
                Circumstances {
                    away: (mode, people),
                    ..GOOD
                },
            )
        };

        let (home, gone) = (Err(SkipReason::NobodyHome), Err(SkipReason::SomebodyHome));
        assert_eq!(away(AwayMode::OnlyWhenHome, Occupancy::Present), Ok(()));
        assert_eq!(away(AwayMode::OnlyWhenHome, Occupancy::Clear), home);
        assert_eq!(away(AwayMode::OnlyWhenHome, Occupancy::Unknown), home);
        assert_eq!(away(AwayMode::OnlyWhenAway, Occupancy::Clear), Ok(()));
        assert_eq!(away(AwayMode::OnlyWhenAway, Occupancy::Present), gone);
        assert_eq!(away(AwayMode::OnlyWhenAway, Occupancy::Unknown), gone);
        assert_eq!(away(AwayMode::Always, Occupancy::Unknown), Ok(()));
    }

    #[test]
    fn a_camera_that_is_off_is_not_asked() {
        let off = Circumstances {
            cameras_unavailable: true,
            ..GOOD
        };

        let reason = Err(SkipReason::CameraUnavailable);
        assert_eq!(both(off), (reason, reason));
        assert_eq!(both(GOOD), (Ok(()), Ok(())));
    }

    #[test]
    fn who_comes_home_or_leaves_allows_what_waited_for_that_alone() {
        let (nobody, somebody) = (SkipReason::NobodyHome, SkipReason::SomebodyHome);
        let again = |skip, mode, people| is_allowed_again(skip, mode, people);

        assert!(again(nobody, AwayMode::OnlyWhenHome, Occupancy::Present));
        assert!(!again(nobody, AwayMode::OnlyWhenHome, Occupancy::Unknown));
        assert!(again(somebody, AwayMode::OnlyWhenAway, Occupancy::Clear));
        assert!(!again(somebody, AwayMode::OnlyWhenAway, Occupancy::Unknown));
        assert!(again(nobody, AwayMode::Always, Occupancy::Unknown));
        assert!(!again(
            SkipReason::Paused,
            AwayMode::Always,
            Occupancy::Clear
        ));
    }
}
