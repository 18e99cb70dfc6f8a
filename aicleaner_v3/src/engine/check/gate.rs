//! The gate over all cameras of a zone: each decides by its own history, and the zone goes by all of them. Pure.

use std::time::Duration;

use crate::model::{SkipReason, Zone};
use crate::store::CameraRecord;
use crate::vision::{Decision, GatePolicy, QualityFault, Skip, decide};

use super::camera_frame::CameraFrame;

/// What the gate decides for a zone by all its cameras.
#[derive(Debug, Clone, PartialEq)]
pub enum ZoneDecision {
    /// Have the zone judged, by these cameras (indices); those that show nothing are left out.
    Assess(Vec<usize>),
    /// Something changed but may be passing: take another capture after this time.
    CaptureAgain(Duration),
    /// Nothing to do.
    Skip(SkipReason),
}

/// The gate's policy for a zone. A zone that is checked every few seconds needs no extra frames to see what stays.
pub fn policy(zone: &Zone) -> GatePolicy {
    let usual = GatePolicy::default();
    GatePolicy {
        sensitivity: zone.sensitivity,
        reassess_after: zone.reassess_after,
        recapture_after: usual.recapture_after.min(zone.interval),
        settle: usual.settle.min(zone.interval * 2),
        ..usual
    }
}

/// Decides for each camera and puts its new history into its record.
pub fn decide_zone(
    policy: &GatePolicy,
    frames: &[CameraFrame],
    cameras: &mut [CameraRecord],
    wanted: bool,
) -> ZoneDecision {
    let decisions: Vec<Decision> = frames
        .iter()
        .zip(cameras)
        .map(|(frame, record)| {
            let (decision, history) = decide(
                &frame.frame,
                std::mem::take(&mut record.history),
                policy,
                wanted,
            );
            record.history = history;
            decision
        })
        .collect();
    combined(&decisions)
}

fn combined(decisions: &[Decision]) -> ZoneDecision {
    if decisions
        .iter()
        .any(|decision| matches!(decision, Decision::Assess(_)))
    {
        let shows_something =
            |decision: &Decision| !matches!(decision, Decision::Skip(Skip::Faulty(_)));
        let usable = decisions
            .iter()
            .enumerate()
            .filter(|(_, decision)| shows_something(decision));
        return ZoneDecision::Assess(usable.map(|(index, _)| index).collect());
    }
    let soonest = decisions.iter().filter_map(|decision| match decision {
        Decision::Recapture(wait) => Some(*wait),
        Decision::Assess(_) | Decision::Skip(_) => None,
    });
    if let Some(wait) = soonest.min() {
        return ZoneDecision::CaptureAgain(wait);
    }
    let reasons = decisions.iter().filter_map(|decision| match decision {
        Decision::Skip(skip) => Some(reason(skip)),
        Decision::Assess(_) | Decision::Recapture(_) => None,
    });
    // What is wrong with one camera is worth more words than that another shows nothing new; what moves will pass.
    let reason = reasons.max_by_key(|reason| match reason {
        SkipReason::Moving => 2,
        SkipReason::Unchanged => 0,
        _ => 1,
    });
    ZoneDecision::Skip(reason.unwrap_or(SkipReason::Unchanged))
}

fn reason(skip: &Skip) -> SkipReason {
    match skip {
        Skip::Unchanged => SkipReason::Unchanged,
        Skip::Moving(_) => SkipReason::Moving,
        Skip::Faulty(QualityFault::Dark(_)) => SkipReason::Dark,
        Skip::Faulty(QualityFault::BlownOut(_)) => SkipReason::BlownOut,
        Skip::Faulty(QualityFault::Blurred(_)) => SkipReason::Blurred,
        Skip::Faulty(QualityFault::Covered(_)) => SkipReason::Covered,
        Skip::Frozen(..) => SkipReason::Frozen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::AssessReason;

    const DARK: Decision = Decision::Skip(Skip::Faulty(QualityFault::Dark(3.0)));
    const SAME: Decision = Decision::Skip(Skip::Unchanged);
    const FIRST: Decision = Decision::Assess(AssessReason::First);

    #[test]
    fn what_moves_before_one_camera_is_the_reason_whatever_another_is_covered_by() {
        let moving = Decision::Skip(Skip::Moving(0.1));

        for decisions in [[moving.clone(), DARK], [DARK, moving]] {
            assert_eq!(combined(&decisions), ZoneDecision::Skip(SkipReason::Moving));
        }
    }

    #[test]
    fn one_changed_camera_has_the_zone_judged_by_all_that_show_something() {
        assert_eq!(
            combined(&[SAME, FIRST, DARK]),
            ZoneDecision::Assess(vec![0, 1])
        );
    }

    #[test]
    fn a_change_that_may_be_passing_is_captured_again() {
        let again = Decision::Recapture(Duration::from_secs(5));

        assert_eq!(
            combined(&[SAME, again]),
            ZoneDecision::CaptureAgain(Duration::from_secs(5))
        );
    }

    #[test]
    fn what_is_wrong_comes_before_what_is_the_same() {
        assert_eq!(
            combined(&[SAME, DARK]),
            ZoneDecision::Skip(SkipReason::Dark)
        );
        assert_eq!(
            combined(&[SAME, SAME]),
            ZoneDecision::Skip(SkipReason::Unchanged)
        );
    }
}
