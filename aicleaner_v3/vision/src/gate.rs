//! Whether a frame is worth paying for: a pure function of the frame, what is remembered, and the policy.
//!
//! A change counts when the same change is seen in several frames in a row. People and curtains move
//! between frames; things that were left lie still.

use std::fmt;
use std::time::Duration;

use super::change::{Change, Clarity, Comparison, compare};
use super::memory::{History, Memory, Pending};
use super::quality::{Fault, Quality};
use super::{Grid, Raster};
use aicleaner_model::{Area, LightMode, Mask, Sensitivity};
use jiff::Timestamp;

/// A snapshot as the gate sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub(super) taken_at: Timestamp,
    pub(super) grid: Grid,
    pub(super) quality: Quality,
}

impl Frame {
    /// Measures a picture that `masks` were burned into already.
    pub fn new(raster: &Raster, masks: &[Mask], taken_at: Timestamp) -> Self {
        let grid = Grid::new(raster, masks, Grid::GATE_SIDE);
        Self {
            taken_at,
            quality: Quality::of(&grid),
            grid,
        }
    }

    /// When the snapshot was taken.
    pub fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// Its measures.
    pub fn quality(&self) -> &Quality {
        &self.quality
    }

    /// By which light it was taken.
    pub fn light_mode(&self) -> LightMode {
        self.quality.light_mode()
    }
}

/// What the gate goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// How small a change counts.
    pub sensitivity: Sensitivity,
    /// How many frames must show a change besides the first one.
    pub confirmations: u8,
    /// How long a change must have been there.
    pub settle: Duration,
    /// When to look again while a change is not confirmed.
    pub look_again: Duration,
    /// How many times to look again at once; then the next look goes on.
    pub most_looks: u8,
    /// A zone is assessed anyway after this time.
    pub reassess_after: Duration,
    /// A camera that shows the very same frame this long is frozen.
    pub frozen_after: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            sensitivity: Sensitivity::default(),
            confirmations: 3,
            settle: Duration::from_secs(24),
            look_again: Duration::from_secs(8),
            most_looks: 6,
            reassess_after: Duration::from_secs(24 * 3600),
            frozen_after: Duration::from_secs(1800),
        }
    }
}

/// What is to be done about a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Have it judged.
    Assess(Why),
    /// Nothing; when to look next is for the schedule to say.
    Skip(Skip),
    /// Something changed, but may be passing: take another frame after this time.
    LookAgain(Duration),
}

/// Why a frame is to be judged.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// This camera was never judged.
    First,
    /// The room changed, in these places, largest first.
    Changed(Vec<Area>),
    /// It was not judged for so long.
    Due(Duration),
    /// The camera looks elsewhere than it did, and goes on to.
    Elsewhere,
    /// Somebody asked, or a second look is wanted.
    Wanted,
}

/// Why a frame is not to be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Skip {
    /// The room is as it was.
    Unchanged,
    /// Something differs, but does not lie still; the share of the picture, 0 to 1.
    Moving(f32),
    /// The frame shows nothing.
    Faulty(Fault),
    /// The camera sends the very same frame again and again: how many times, and for how long.
    Frozen(u32, Duration),
}

impl Skip {
    /// The word that stands for it in logs and entities.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Moving(_) => "moving",
            Self::Faulty(Fault::Dark(_)) => "dark",
            Self::Faulty(Fault::BlownOut(_)) => "blown_out",
            Self::Faulty(Fault::Blurred(_)) => "blurred",
            Self::Faulty(Fault::Covered(_)) => "covered",
            Self::Frozen(..) => "frozen",
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("the room is as it was"),
            Self::Moving(share) => {
                write!(
                    f,
                    "something moves in {:.0} % of the picture",
                    share * 100.0
                )
            }
            Self::Faulty(fault) => fault.fmt(f),
            Self::Frozen(times, time) => write!(
                f,
                "the camera has sent the very same picture {times} times in {} minutes",
                time.as_secs() / 60
            ),
        }
    }
}

/// Decides on a frame. `wanted` says that somebody asked or that a second look is due: such a frame passes
/// unless it shows nothing. The history that comes back replaces the one given, whatever is decided;
/// [`History::assessed`] is called besides once the frame was really judged.
pub fn decide(
    frame: &Frame,
    mut history: History,
    policy: &Policy,
    wanted: bool,
) -> (Decision, History) {
    let still = history.note_still(frame);
    let mode = frame.light_mode();
    let usual = history.memory(mode).and_then(|memory| memory.sharpness);
    if let Some(fault) = frame.quality.fault(usual) {
        return (Decision::Skip(Skip::Faulty(fault)), history);
    }
    if wanted {
        return (Decision::Assess(Why::Wanted), history);
    }
    if let Some((times, time)) = still
        && times >= 3
        && time >= policy.frozen_after
    {
        return (Decision::Skip(Skip::Frozen(times, time)), history);
    }
    let Some(last_assessed) = history.last_assessed else {
        return (Decision::Assess(Why::First), history);
    };
    let since = elapsed(last_assessed, frame.taken_at);
    if since >= policy.reassess_after {
        return (Decision::Assess(Why::Due(since)), history);
    }
    let clarity = Clarity::for_sensitivity(policy.sensitivity);
    let seen = history.memory(mode).and_then(|memory| {
        // What was seen already need not be quite as clear, or it would come and go.
        let is_seen = memory
            .pending
            .as_ref()
            .is_some_and(|pending| !pending.still.is_empty());
        let clarity = if is_seen { clarity.relaxed() } else { clarity };
        compare(&memory.reference, &frame.grid, clarity)
    });
    let Some(comparison) = seen else {
        // Never seen by this light or in this shape: the room was judged, so this is how it looks now.
        history.remember(mode, Memory::glimpse(frame));
        return (Decision::Skip(Skip::Unchanged), history);
    };
    let Some(memory) = history.memory_mut(mode) else {
        return (Decision::Skip(Skip::Unchanged), history);
    };
    let decision = weigh(frame, memory, comparison, policy);
    (decision, history)
}

/// What moves in less than this share of the picture may be a curtain, and holds nothing up for ever. A person is
/// larger, and must not get into what the gate remembers.
const CURTAIN: f32 = 0.02;

/// Somebody may be in the room for long: what lies still beside them is judged after this time. A camera that looks
/// elsewhere for so long goes on to.
const PATIENCE: Duration = Duration::from_secs(300);

/// A camera that is turned by this share of the picture's width or height looks elsewhere: what comes in at the border
/// can't be compared with anything.
const ELSEWHERE: f32 = 0.02;

/// Decides by what differs from the reference.
fn weigh(frame: &Frame, memory: &mut Memory, comparison: Comparison, policy: &Policy) -> Decision {
    let shift = comparison.shift;
    if shift.0.abs().max(shift.1.abs()) >= ELSEWHERE {
        return look_elsewhere(frame, memory);
    }
    memory.elsewhere_since = None;
    let explained = comparison.changes.iter().map(|c| c.area).collect();
    let clarity = Clarity::for_sensitivity(policy.sensitivity);
    let changes = memory.unexpected(comparison.changes, &frame.grid, clarity);
    if changes.is_empty() {
        let lasting = memory.lasting(frame, clarity);
        if !lasting.is_empty() {
            return Decision::Assess(Why::Changed(lasting));
        }
        memory.settle_unchanged(frame, shift, explained);
        return Decision::Skip(Skip::Unchanged);
    }
    let still: Vec<(Area, u8)> = memory.pending.as_ref().map_or_else(Vec::new, |pending| {
        let since_then = compare(
            &pending.grid,
            &frame.grid,
            Clarity::for_sensitivity(policy.sensitivity),
        );
        let differs = since_then.map_or_else(Vec::new, |c| c.differs);
        let stays = changes.iter().filter(|change| lies_still(change, &differs));
        stays
            .map(|change| {
                (
                    change.area,
                    pending.times_still(&change.area).saturating_add(1),
                )
            })
            .collect()
    });
    let is_settled = |change: &&Change| {
        let times = still.iter().find(|(area, _)| *area == change.area);
        times.is_some_and(|(_, times)| *times >= policy.confirmations)
    };
    let (settled, moving): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(is_settled);
    let pending = Pending::after(memory.pending.take(), frame, still);
    let confirmed =
        !settled.is_empty() && elapsed(pending.still_since, frame.taken_at) >= policy.settle;
    let share = settled.iter().map(|change| change.share).sum();
    if confirmed && memory.doubts_itself(share) {
        *memory = Memory::new(frame);
        return Decision::Skip(Skip::Unchanged);
    }
    let restless = moving.iter().map(|c| c.share).sum::<f32>();
    let lasts = elapsed(pending.since, frame.taken_at) >= PATIENCE;
    let decision = if confirmed && moving.is_empty() {
        Decision::Assess(changed(&settled))
    } else if pending.looks < policy.most_looks {
        Decision::LookAgain(policy.look_again)
    } else if confirmed && (restless < CURTAIN || lasts) {
        Decision::Assess(changed(&settled))
    } else {
        Decision::Skip(Skip::Moving(restless.min(1.0)))
    };
    let looks = match decision {
        Decision::LookAgain(_) => pending.looks + 1,
        _ => 0,
    };
    memory.pending = Some(Pending {
        looks,
        restless: moving.iter().map(|change| change.area).collect(),
        ..pending
    });
    decision
}

/// A camera that starts may send a picture that is shifted. Were that remembered, the border would not be seen from then
/// on, so it is not judged before it has lasted.
fn look_elsewhere(frame: &Frame, memory: &mut Memory) -> Decision {
    let since = *memory.elsewhere_since.get_or_insert(frame.taken_at);
    if elapsed(since, frame.taken_at) < PATIENCE {
        return Decision::Skip(Skip::Moving(1.0));
    }
    if memory.doubts_itself(1.0) {
        *memory = Memory::new(frame);
        return Decision::Skip(Skip::Unchanged);
    }
    Decision::Assess(Why::Elsewhere)
}

fn changed(settled: &[&Change]) -> Why {
    Why::Changed(settled.iter().map(|change| change.area).collect())
}

/// Whether a change looks the same as in the frame before.
fn lies_still(change: &Change, differs_since: &[bool]) -> bool {
    if differs_since.is_empty() {
        return false;
    }
    let restless = change.cells.iter().filter(|&&at| differs_since[at]).count();
    restless * 10 <= change.cells.len()
}

pub(super) fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
