//! What a room looks like by one light, as the gate remembers it: the reference, other views of the same objects, and a
//! change that is not confirmed yet. Never decides on a frame. Its stored names are those of earlier releases.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::frame::Frame;
use super::persistent_change::persistent_changes;
use crate::compare::changed_region::ChangedRegion;
use crate::compare::comparison::compare;
use crate::compare::thresholds::Thresholds;
use crate::measure::grid::Grid;
use crate::measure::luma_grid::LumaGrid;
use aicleaner_model::{Area, Sensitivity};

/// The most areas that are kept as assessed by the other light; more means that the whole room is new.
const MAX_KNOWN: usize = 64;

/// The most alternate views of the same room that are kept.
const MAX_ALTERNATES: usize = 2;

/// The least and the longest time between frames that are looked back at: patches of sun move by their edge's width in
/// the one, and in the other the light changes.
const LOOK_BACK: RangeInclusive<Duration> = Duration::from_secs(600)..=Duration::from_secs(3600);

/// A share of the picture that a person covers, and few objects do.
const PERSON: f32 = 0.02;

/// What is remembered of one light mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Baseline {
    /// The room as it was when last assessed, following its light.
    pub(super) reference: Grid,
    /// This camera's usual sharpness.
    pub(super) sharpness: Option<f32>,
    /// A change that is not confirmed yet.
    pub(super) pending: Option<Pending>,
    /// Areas that changed and were assessed in the other light mode meanwhile.
    known: Vec<Area>,
    /// What the same room with the same objects looked like before: the curtain drawn, the lamp lit. Newest last.
    #[serde(rename = "looks", default)]
    alternates: Vec<AlternateView>,
    /// The brightness at the last two checks at which the room was unchanged.
    #[serde(rename = "earlier", default)]
    recent_luma: Vec<(Timestamp, LumaGrid)>,
    /// Whether the reference was never assessed: somebody may have stood in it.
    #[serde(rename = "glimpsed", default)]
    is_unverified: bool,
    /// Since when the camera's view has moved.
    #[serde(rename = "elsewhere_since", default)]
    pub(super) view_moved_since: Option<Timestamp>,
}

/// Another view of a room with the same objects in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct AlternateView {
    grid: Grid,
    /// Where it changed without consequence; it explains nothing elsewhere.
    #[serde(rename = "places")]
    areas: Vec<Area>,
}

/// A change that is not confirmed yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// The frame before.
    pub(super) grid: Grid,
    /// When something first differed.
    pub(super) since: Timestamp,
    /// What looks the same as in the frame before, and for how many frames in a row.
    #[serde(rename = "still")]
    pub(super) stable: Vec<(Area, u8)>,
    /// Since when something has been stable without a break.
    #[serde(rename = "still_since")]
    pub(super) stable_since: Timestamp,
    /// How many more frames were asked for in a row.
    #[serde(rename = "looks")]
    pub(super) recaptures: u8,
    /// What moves.
    #[serde(rename = "restless", default)]
    pub(super) moving: Vec<Area>,
}

impl Baseline {
    /// A baseline of a frame that was assessed.
    pub(super) fn new(frame: &Frame) -> Self {
        Self {
            reference: frame.grid.clone(),
            sharpness: Some(frame.quality.sharpness),
            pending: None,
            known: Vec::new(),
            alternates: Vec::new(),
            recent_luma: vec![(frame.taken_at, LumaGrid::of(&frame.grid))],
            is_unverified: false,
            view_moved_since: None,
        }
    }

    /// A baseline of the first frame by a light in which the room was not assessed yet.
    pub(super) fn unverified(frame: &Frame) -> Self {
        Self {
            is_unverified: true,
            recent_luma: Vec::new(),
            ..Self::new(frame)
        }
    }

    /// The next baseline after an assessment of a frame. Where somebody was, what is behind them stays remembered.
    pub(super) fn after_assessment(before: Option<&Self>, frame: &Frame) -> Self {
        let mut next = Self::new(frame);
        if let Some(before) = before
            && let Some(pending) = &before.pending
        {
            for area in &pending.moving {
                next.reference.restore_area(&before.reference, area);
            }
            for (area, _) in &pending.stable {
                next.reference.copy_area(&frame.grid, area);
            }
        }
        next
    }

    /// Takes over the alternate views of the baseline before, and its reference as one of them: that changed in these
    /// areas without consequence.
    pub(super) fn keep_alternates(&mut self, before: &mut Self, areas: Vec<Area>) {
        self.alternates = before.take_alternates_with_reference(areas);
    }

    /// Takes over the alternate views of the baseline before; each of them shows what was found in these areas too.
    pub(super) fn update_alternates(&mut self, before: &mut Self, now: &Grid, areas: &[Area]) {
        self.alternates = std::mem::take(&mut before.alternates);
        for view in &mut self.alternates {
            for area in areas {
                view.grid.restore_area(now, area);
            }
        }
    }

    /// The objects in the room are no longer the same.
    pub(super) fn clear_alternates(&mut self) {
        self.alternates.clear();
    }

    /// Notes areas that were assessed in the other light mode.
    pub(super) fn add_known(&mut self, areas: &[Area]) {
        self.known.extend(areas);
        let surplus = self.known.len().saturating_sub(MAX_KNOWN);
        self.known.drain(..surplus);
    }

    /// All alternate views, with the reference, which changed in these areas, as the newest.
    fn take_alternates_with_reference(&mut self, areas: Vec<Area>) -> Vec<AlternateView> {
        let mut alternates = std::mem::take(&mut self.alternates);
        let thresholds = Thresholds::for_sensitivity(Sensitivity::High);
        alternates.retain(|view| {
            compare(&view.grid, &self.reference, thresholds).is_some_and(|c| !c.regions.is_empty())
        });
        if !areas.is_empty() {
            alternates.push(AlternateView {
                grid: self.reference.clone(),
                areas,
            });
        }
        alternates.drain(..alternates.len().saturating_sub(MAX_ALTERNATES));
        alternates
    }

    /// The regions that were not assessed in the other light mode already, and that no alternate view explains.
    pub(super) fn unexpected(
        &self,
        mut regions: Vec<ChangedRegion>,
        current: &Grid,
        thresholds: Thresholds,
    ) -> Vec<ChangedRegion> {
        if !regions.is_empty() && !self.known.is_empty() {
            let mut known = vec![false; current.luma.len()];
            for area in &self.known {
                current.for_each_cell(area, |at| known[at] = true);
            }
            regions.retain(|region| {
                let covered = region.cells.iter().filter(|&&at| known[at]).count();
                // By the other light less of an object may have shown, or parts of it.
                let shows_more = |area: &Area| covers(&region.area, area);
                covered * 2 < region.cells.len() && !self.known.iter().any(shows_more)
            });
        }
        for view in &self.alternates {
            if regions.is_empty() {
                break;
            }
            if let Some(comparison) = compare(&view.grid, current, thresholds) {
                let mut unexplained = vec![true; comparison.differs.len()];
                for area in &view.areas {
                    current.for_each_cell(area, |at| unexplained[at] = comparison.differs[at]);
                }
                regions = regions
                    .into_iter()
                    .flat_map(|region| region.within(&unexplained, current, thresholds))
                    .collect();
            }
        }
        regions
    }

    /// Whether the reference is more doubtful than the room: it was never assessed, and what differs is as large as a
    /// person.
    pub(super) fn is_doubtful(&self, share: f32) -> bool {
        self.is_unverified && share >= PERSON
    }

    /// Where something came before the last check and is still there, though the room seems to be unchanged.
    pub(super) fn persistent_changes(&self, frame: &Frame, thresholds: Thresholds) -> Vec<Area> {
        match &self.recent_luma[..] {
            [(_, before), (at, then)] if LOOK_BACK.contains(&frame.elapsed_since(*at)) => {
                persistent_changes(before, then, &frame.grid, thresholds)
            }
            _ => Vec::new(),
        }
    }

    /// Keeps the brightness of a frame to look back at.
    fn keep_luma(&mut self, frame: &Frame) {
        if let Some((at, _)) = self.recent_luma.last() {
            let since = frame.elapsed_since(*at);
            if since < *LOOK_BACK.start() {
                return;
            }
            if since > *LOOK_BACK.end() {
                self.recent_luma.clear();
            }
        }
        if self.recent_luma.len() > 1 {
            self.recent_luma.remove(0);
        }
        self.recent_luma
            .push((frame.taken_at, LumaGrid::of(&frame.grid)));
    }

    /// The room is unchanged: the reference follows the light. `explained` are areas that differ as expected.
    pub(super) fn settle_unchanged(
        &mut self,
        frame: &Frame,
        shift: (f32, f32),
        explained: Vec<Area>,
    ) {
        self.pending = None;
        self.is_unverified = false;
        let follows_known = !self.known.is_empty();
        self.known.clear();
        if follows_known || !explained.is_empty() {
            self.recent_luma.clear();
        }
        self.keep_luma(frame);
        if follows_known {
            self.reference = frame.grid.clone();
        } else if !explained.is_empty() {
            // It shows one of the alternate views: the present one is kept for when it comes back.
            self.alternates = self.take_alternates_with_reference(explained);
            self.reference = frame.grid.clone();
        } else if shift.0.abs() < 0.002 && shift.1.abs() < 0.002 {
            self.reference.blend_towards(&frame.grid, 0.3);
        }
        let sharpness = self.sharpness.unwrap_or(frame.quality.sharpness);
        self.sharpness = Some(sharpness * 0.9 + frame.quality.sharpness * 0.1);
    }
}

impl Pending {
    /// The next state after a frame; `stable` is what looks the same as in the frame before, and for how many frames.
    pub(super) fn after(before: Option<Self>, frame: &Frame, stable: Vec<(Area, u8)>) -> Self {
        let now = frame.taken_at;
        let fresh = Self {
            grid: frame.grid.clone(),
            since: now,
            stable: Vec::new(),
            stable_since: now,
            recaptures: 0,
            moving: Vec::new(),
        };
        match before {
            None => fresh,
            Some(before) => Self {
                since: before.since,
                stable_since: if stable.is_empty() {
                    now
                } else {
                    before.stable_since
                },
                stable,
                recaptures: before.recaptures,
                ..fresh
            },
        }
    }

    /// For how many frames in a row something has been stable where `area` is.
    pub(super) fn times_stable(&self, area: &Area) -> u8 {
        let covering = self
            .stable
            .iter()
            .filter(|(stable, _)| covers(stable, area) && covers(area, stable));
        covering.map(|(_, times)| *times).max().unwrap_or(0)
    }
}

/// Whether `known` covers most of `area`.
fn covers(known: &Area, area: &Area) -> bool {
    let across = (known.x() + known.width()).min(area.x() + area.width()) - known.x().max(area.x());
    let down = (known.y() + known.height()).min(area.y() + area.height()) - known.y().max(area.y());
    across.max(0.0) * down.max(0.0) >= 0.5 * area.width() * area.height()
}
