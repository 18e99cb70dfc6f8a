//! Decides whether a frame is worth an assessment: a pure function of the frame, the camera's history, and the policy.
//! A change counts when several frames in a row show it: people and curtains move between frames; objects that were
//! left stay in place. Never assesses anything itself, and never reads a clock.

use std::time::Duration;

use super::baseline::{Baseline, Pending};
use super::frame::Frame;
use super::history::History;
use super::policy::{AssessReason, Decision, GatePolicy, Skip};
use crate::compare::changed_region::{ChangedRegion, Comparison};
use crate::compare::comparison::compare;
use crate::compare::thresholds::Thresholds;
use aicleaner_model::Area;

/// What moves in less than this share of the picture may be a curtain, and delays an assessment for a limited time
/// only. A person is larger, and must not become part of the reference.
const MAX_CURTAIN: f32 = 0.02;

/// Somebody may stay in the room: what is stable beside them is assessed after this time. A view that has moved for
/// this long stays where it is.
const PATIENCE: Duration = Duration::from_secs(300);

/// The view has moved when it is shifted by this share of the picture's width or height: what comes in at the border
/// can't be compared with anything.
const VIEW_MOVED: f32 = 0.02;

/// Decides on a frame. `requested` says that somebody asked or that a recheck is due: such a frame passes unless it
/// shows nothing. The history that comes back replaces the one given, whatever is decided; [`History::assessed`] is
/// called besides once the frame was really assessed.
pub fn decide(
    frame: &Frame,
    mut history: History,
    policy: &GatePolicy,
    requested: bool,
) -> (Decision, History) {
    let identical = history.count_identical(frame);
    let mode = frame.light_mode();
    let usual = history.baseline(mode).and_then(|b| b.sharpness);
    if let Some(fault) = frame.quality.fault(usual) {
        return (Decision::Skip(Skip::Faulty(fault)), history);
    }
    if requested {
        return (Decision::Assess(AssessReason::Requested), history);
    }
    if let Some((times, time)) = identical
        && times >= 3
        && time >= policy.frozen_after
    {
        return (Decision::Skip(Skip::Frozen(times, time)), history);
    }
    let Some(last_assessed) = history.last_assessed else {
        return (Decision::Assess(AssessReason::First), history);
    };
    let since = frame.elapsed_since(last_assessed);
    if since >= policy.reassess_after {
        return (Decision::Assess(AssessReason::Due(since)), history);
    }
    let thresholds = Thresholds::for_sensitivity(policy.sensitivity);
    let compared = history.baseline(mode).and_then(|baseline| {
        // What was seen already need not be quite as strong, or it would come and go.
        let is_seen = baseline
            .pending
            .as_ref()
            .is_some_and(|pending| !pending.stable.is_empty());
        let thresholds = if is_seen {
            thresholds.relaxed()
        } else {
            thresholds
        };
        compare(&baseline.reference, &frame.grid, thresholds)
    });
    let Some(comparison) = compared else {
        // Never seen by this light or in this shape: the room was assessed, so this is what it looks like now.
        history.set_baseline(mode, Baseline::unverified(frame));
        return (Decision::Skip(Skip::Unchanged), history);
    };
    let Some(baseline) = history.baseline_mut(mode) else {
        return (Decision::Skip(Skip::Unchanged), history);
    };
    let decision = decide_on_changes(frame, baseline, comparison, policy);
    (decision, history)
}

/// Decides by what differs from the reference.
fn decide_on_changes(
    frame: &Frame,
    baseline: &mut Baseline,
    comparison: Comparison,
    policy: &GatePolicy,
) -> Decision {
    let shift = comparison.shift;
    if shift.0.abs().max(shift.1.abs()) >= VIEW_MOVED {
        return decide_on_moved_view(frame, baseline);
    }
    baseline.view_moved_since = None;
    let areas = comparison.areas();
    let thresholds = Thresholds::for_sensitivity(policy.sensitivity);
    let regions = baseline.unexpected(comparison.regions, &frame.grid, thresholds);
    if regions.is_empty() {
        let persistent = baseline.persistent_changes(frame, thresholds);
        if !persistent.is_empty() {
            return Decision::Assess(AssessReason::Changed(persistent));
        }
        baseline.settle_unchanged(frame, shift, areas);
        return Decision::Skip(Skip::Unchanged);
    }
    let stable = stable_regions(frame, baseline, &regions, thresholds);
    decide_on_regions(frame, baseline, &regions, stable, policy)
}

/// The regions that look the same as in the frame before, and for how many frames they have.
fn stable_regions(
    frame: &Frame,
    baseline: &Baseline,
    regions: &[ChangedRegion],
    thresholds: Thresholds,
) -> Vec<(Area, u8)> {
    baseline.pending.as_ref().map_or_else(Vec::new, |pending| {
        let since_then = compare(&pending.grid, &frame.grid, thresholds);
        let differs = since_then.map_or_else(Vec::new, |c| c.differs);
        let stable = regions.iter().filter(|region| is_stable(region, &differs));
        stable
            .map(|region| {
                let times = pending.times_stable(&region.area).saturating_add(1);
                (region.area, times)
            })
            .collect()
    })
}

/// Decides by regions that changed; `stable` are those that stayed the same since the frame before.
fn decide_on_regions(
    frame: &Frame,
    baseline: &mut Baseline,
    regions: &[ChangedRegion],
    stable: Vec<(Area, u8)>,
    policy: &GatePolicy,
) -> Decision {
    let is_settled = |region: &&ChangedRegion| {
        let times = stable.iter().find(|(area, _)| *area == region.area);
        times.is_some_and(|(_, times)| *times >= policy.confirmations)
    };
    let (settled, moving): (Vec<&ChangedRegion>, Vec<&ChangedRegion>) =
        regions.iter().partition(is_settled);
    let pending = Pending::after(baseline.pending.take(), frame, stable);
    let is_confirmed =
        !settled.is_empty() && frame.elapsed_since(pending.stable_since) >= policy.settle;
    let share = settled.iter().map(|region| region.share).sum();
    if is_confirmed && baseline.is_doubtful(share) {
        *baseline = Baseline::new(frame);
        return Decision::Skip(Skip::Unchanged);
    }
    let moving_share = moving.iter().map(|region| region.share).sum::<f32>();
    let is_overdue = frame.elapsed_since(pending.since) >= PATIENCE;
    let decision = if is_confirmed && moving.is_empty() {
        Decision::Assess(changed(&settled))
    } else if pending.recaptures < policy.max_recaptures {
        Decision::Recapture(policy.recapture_after)
    } else if is_confirmed && (moving_share < MAX_CURTAIN || is_overdue) {
        Decision::Assess(changed(&settled))
    } else {
        Decision::Skip(Skip::Moving(moving_share.min(1.0)))
    };
    let recaptures = match decision {
        Decision::Recapture(_) => pending.recaptures + 1,
        _ => 0,
    };
    baseline.pending = Some(Pending {
        recaptures,
        moving: moving.iter().map(|region| region.area).collect(),
        ..pending
    });
    decision
}

/// A camera that starts may send a shifted picture. As a reference, it would never show the border again, so that it is
/// not assessed before the view has stayed.
fn decide_on_moved_view(frame: &Frame, baseline: &mut Baseline) -> Decision {
    let since = *baseline.view_moved_since.get_or_insert(frame.taken_at);
    if frame.elapsed_since(since) < PATIENCE {
        return Decision::Skip(Skip::Moving(1.0));
    }
    if baseline.is_doubtful(1.0) {
        *baseline = Baseline::new(frame);
        return Decision::Skip(Skip::Unchanged);
    }
    Decision::Assess(AssessReason::ViewMoved)
}

fn changed(settled: &[&ChangedRegion]) -> AssessReason {
    AssessReason::Changed(settled.iter().map(|region| region.area).collect())
}

/// Whether a region looks the same as in the frame before; `differs` marks what differs from that.
fn is_stable(region: &ChangedRegion, differs: &[bool]) -> bool {
    if differs.is_empty() {
        return false;
    }
    let moving = region.cells.iter().filter(|&&at| differs[at]).count();
    moving * 10 <= region.cells.len()
}

#[cfg(test)]
mod tests;
