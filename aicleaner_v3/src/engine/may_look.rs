//! May look: decides before any picture is taken. Pure.

use crate::model::{SkipReason, Trigger};

/// What is known before a look.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Whether a person paused everything.
    pub paused: bool,
    /// Whether the zone's switch is on.
    pub watching: bool,
    /// Whether Home Assistant is connected and has started.
    pub home_is_running: bool,
    /// Whether every camera of the zone is known to be off or unavailable.
    pub cameras_unavailable: bool,
}

/// Whether a look may be taken now; if not, why.
pub fn may_look(trigger: Trigger, circumstances: Circumstances) -> Result<(), SkipReason> {
    if circumstances.paused {
        Err(SkipReason::Paused)
    } else if !circumstances.watching && !trigger.is_manual() {
        Err(SkipReason::NotWatching)
    } else if !circumstances.home_is_running {
        Err(SkipReason::WaitingForHome)
    } else if circumstances.cameras_unavailable {
        Err(SkipReason::CameraUnavailable)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Circumstances = Circumstances {
        paused: false,
        watching: true,
        home_is_running: true,
        cameras_unavailable: false,
    };

    #[test]
    fn a_zone_that_is_not_watched_is_looked_at_only_when_a_person_asks() {
        let off = Circumstances {
            watching: false,
            ..GOOD
        };

        assert_eq!(
            may_look(Trigger::Schedule, off),
            Err(SkipReason::NotWatching)
        );
        assert_eq!(may_look(Trigger::State, off), Err(SkipReason::NotWatching));
        assert_eq!(may_look(Trigger::Button, off), Ok(()));
    }

    #[test]
    fn what_is_paused_is_not_looked_at_even_when_a_person_asks() {
        let paused = Circumstances {
            paused: true,
            ..GOOD
        };

        assert_eq!(may_look(Trigger::Button, paused), Err(SkipReason::Paused));
    }

    #[test]
    fn nothing_is_looked_at_before_home_assistant_has_started() {
        let starting = Circumstances {
            home_is_running: false,
            cameras_unavailable: true,
            ..GOOD
        };

        assert_eq!(
            may_look(Trigger::Button, starting),
            Err(SkipReason::WaitingForHome)
        );
    }

    #[test]
    fn a_camera_that_is_off_is_not_asked() {
        assert_eq!(
            may_look(
                Trigger::Button,
                Circumstances {
                    cameras_unavailable: true,
                    ..GOOD
                }
            ),
            Err(SkipReason::CameraUnavailable)
        );
        assert_eq!(may_look(Trigger::Schedule, GOOD), Ok(()));
    }
}
