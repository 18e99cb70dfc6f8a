//! The gate over all cameras of a zone: each decides by its own history, and the zone goes by all of them. Pure.

use std::time::Duration;

use crate::model::{SkipReason, Zone};
use crate::store::CameraRecord;
use crate::vision::{Decision, GatePolicy, QualityFault, Skip, decide};

use super::sight::Sight;

/// What is to be done about a round of sights.
#[derive(Debug, Clone, PartialEq)]
pub enum Together {
    /// Have the zone judged, by these cameras (indices); those that show nothing are left out.
    Assess(Vec<usize>),
    /// Something changed but may be passing: take another round after this time.
    LookAgain(Duration),
    /// Nothing to do.
    Skip(SkipReason),
}

/// The gate's policy for a zone. A zone that is looked at every few seconds needs no extra frames to see what stays.
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
pub fn pass(
    policy: &GatePolicy,
    sights: &[Sight],
    cameras: &mut [CameraRecord],
    wanted: bool,
) -> Together {
    let decisions: Vec<Decision> = sights
        .iter()
        .zip(cameras)
        .map(|(sight, record)| {
            let (decision, history) = decide(
                &sight.frame,
                std::mem::take(&mut record.history),
                policy,
                wanted,
            );
            record.history = history;
            decision
        })
        .collect();
    together(&decisions)
}

fn together(decisions: &[Decision]) -> Together {
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
        return Together::Assess(usable.map(|(index, _)| index).collect());
    }
    let soonest = decisions.iter().filter_map(|decision| match decision {
        Decision::Recapture(wait) => Some(*wait),
        Decision::Assess(_) | Decision::Skip(_) => None,
    });
    if let Some(wait) = soonest.min() {
        return Together::LookAgain(wait);
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
    Together::Skip(reason.unwrap_or(SkipReason::Unchanged))
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
    fn what_moves_before_one_camera_is_said_whatever_another_is_covered_by() {
        let moving = Decision::Skip(Skip::Moving(0.1));

        for decisions in [[moving.clone(), DARK], [DARK, moving]] {
            assert_eq!(together(&decisions), Together::Skip(SkipReason::Moving));
        }
    }

    #[test]
    fn one_changed_camera_has_the_zone_judged_by_all_that_show_something() {
        assert_eq!(together(&[SAME, FIRST, DARK]), Together::Assess(vec![0, 1]));
    }

    #[test]
    fn a_change_that_may_be_passing_is_looked_at_again() {
        let again = Decision::Recapture(Duration::from_secs(5));

        assert_eq!(
            together(&[SAME, again]),
            Together::LookAgain(Duration::from_secs(5))
        );
    }

    #[test]
    fn what_is_wrong_is_told_before_what_is_the_same() {
        assert_eq!(together(&[SAME, DARK]), Together::Skip(SkipReason::Dark));
        assert_eq!(
            together(&[SAME, SAME]),
            Together::Skip(SkipReason::Unchanged)
        );
    }
}
