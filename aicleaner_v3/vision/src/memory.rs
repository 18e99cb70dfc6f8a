//! What the gate remembers of one camera between frames. Survives a restart as serde data: 45 kB for each grid, of which
//! there are one to four for each light, and 28 kB for each of two earlier looks; 470 kB at most.
//! It belongs to one set of masks: start anew when the masks change.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Grid;
use super::change::{Change, Clarity, compare};
use super::gate::{Frame, elapsed};
use super::grid::Brightness;
use super::lasting::lasting;
use aicleaner_model::{Area, LightMode, Sensitivity};

/// The most places that are kept as known; more means that the whole room is new.
const MOST_KNOWN: usize = 64;

/// The most other looks of the same room that are kept.
const MOST_LOOKS: usize = 2;

/// Looks back are so far apart at least and at most: patches of sun move on by their edge's width in the one time, and
/// in the other the light is another.
const APART: RangeInclusive<Duration> = Duration::from_secs(600)..=Duration::from_secs(3600);

/// A share of the picture that a person covers, and few things do.
const PERSON: f32 = 0.02;

/// What is remembered of one camera.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// When a frame of this camera was last judged.
    pub(super) last_assessed: Option<Timestamp>,
    colour: Option<Memory>,
    infrared: Option<Memory>,
    still: Option<Still>,
}

/// Another look of a room with the same things in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Look {
    grid: Grid,
    /// Where it changed without consequence; it explains nothing elsewhere.
    places: Vec<Area>,
}

/// What a judgement made of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Something new, or something that is gone: or it is not known.
    Change,
    /// What was known already.
    TheSame,
}

/// What is remembered of one light mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// The room as it was when last judged, drifting with its light.
    pub(super) reference: Grid,
    /// This camera's usual sharpness.
    pub(super) sharpness: Option<f32>,
    /// A change that is not confirmed yet.
    pub(super) pending: Option<Pending>,
    /// Places that changed and were judged in the other light mode meanwhile.
    known: Vec<Area>,
    /// How the same room with the same things looked before: the curtain drawn, the lamp lit. Newest last.
    #[serde(default)]
    looks: Vec<Look>,
    /// How bright the room was at the last two looks at which it was as remembered.
    #[serde(default)]
    earlier: Vec<(Timestamp, Brightness)>,
    /// Whether the reference was never judged: somebody may have stood in it.
    #[serde(default)]
    glimpsed: bool,
    /// Since when the camera looks elsewhere.
    #[serde(default)]
    pub(super) elsewhere_since: Option<Timestamp>,
}

/// A change that is not confirmed yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// The frame before.
    pub(super) grid: Grid,
    /// When something first differed.
    pub(super) since: Timestamp,
    /// What lay still since the frame before, and for how many frames in a row.
    pub(super) still: Vec<(Area, u8)>,
    /// Since when something lies still without a break.
    pub(super) still_since: Timestamp,
    /// How many looks were asked for in a row.
    pub(super) looks: u8,
    /// What moves.
    #[serde(default)]
    pub(super) restless: Vec<Area>,
}

/// The very same frame, again and again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Still {
    fingerprint: u64,
    since: Timestamp,
    times: u32,
}

impl History {
    /// To be called once a frame was really judged: it becomes what the room is compared with. `found` says what the
    /// judgement made of it: what changed without consequence (a curtain, a lamp) is not asked about again when it changes
    /// back.
    #[must_use]
    pub fn assessed(mut self, frame: &Frame, found: Found) -> Self {
        let mode = frame.light_mode();
        let places = self.memory(mode).map(|memory| {
            let clarity = Clarity::for_sensitivity(Sensitivity::High);
            compare(&memory.reference, &frame.grid, clarity)
                .map_or_else(Vec::new, |c| c.changes.iter().map(|c| c.area).collect())
        });
        for other in LightMode::ALL.into_iter().filter(|&other| other != mode) {
            if let (Some(memory), Some(places)) = (self.memory_mut(other), &places) {
                memory.known.extend(places);
                let surplus = memory.known.len().saturating_sub(MOST_KNOWN);
                memory.known.drain(..surplus);
            }
        }
        self.last_assessed = Some(frame.taken_at);
        let mut memory = Memory::new(frame);
        if let Some(before) = self.memory(mode)
            && let Some(pending) = &before.pending
        {
            // Where somebody is, what is behind them is remembered.
            for area in &pending.restless {
                memory.reference.restore(&before.reference, area);
            }
            for (area, _) in &pending.still {
                memory.reference.take_over(&frame.grid, area);
            }
        }
        let places = places.unwrap_or_default();
        if let Some(before) = self.memory_mut(mode) {
            memory.looks = match found {
                Found::TheSame => before.with_its_look(places),
                Found::Change => before.looks_with(&frame.grid, &places),
            };
        }
        if found == Found::Change {
            for other in LightMode::ALL.into_iter().filter(|&other| other != mode) {
                if let Some(other) = self.memory_mut(other) {
                    other.looks.clear();
                }
            }
        }
        self.remember(mode, memory);
        self
    }

    /// The share of the picture (0 to 1) that differs from what is remembered by the frame's light. None when
    /// nothing is.
    pub fn difference(&self, frame: &Frame, sensitivity: Sensitivity) -> Option<f32> {
        let memory = self.memory(frame.light_mode())?;
        let comparison = compare(
            &memory.reference,
            &frame.grid,
            Clarity::for_sensitivity(sensitivity),
        )?;
        Some(comparison.changes.iter().map(|change| change.share).sum())
    }

    pub(super) fn memory(&self, mode: LightMode) -> Option<&Memory> {
        match mode {
            LightMode::Colour => self.colour.as_ref(),
            LightMode::Infrared => self.infrared.as_ref(),
        }
    }

    pub(super) fn memory_mut(&mut self, mode: LightMode) -> Option<&mut Memory> {
        match mode {
            LightMode::Colour => self.colour.as_mut(),
            LightMode::Infrared => self.infrared.as_mut(),
        }
    }

    pub(super) fn remember(&mut self, mode: LightMode, memory: Memory) {
        match mode {
            LightMode::Colour => self.colour = Some(memory),
            LightMode::Infrared => self.infrared = Some(memory),
        }
    }

    /// Counts a frame that equals the one before; a sensor's noise never does.
    pub(super) fn note_still(&mut self, frame: &Frame) -> Option<(u32, Duration)> {
        let fingerprint = fingerprint(&frame.grid);
        match &mut self.still {
            Some(still) if still.fingerprint == fingerprint => {
                still.times = still.times.saturating_add(1);
                Some((still.times, elapsed(still.since, frame.taken_at)))
            }
            other => {
                *other = Some(Still {
                    fingerprint,
                    since: frame.taken_at,
                    times: 1,
                });
                None
            }
        }
    }
}

impl Memory {
    pub(super) fn new(frame: &Frame) -> Self {
        Self {
            reference: frame.grid.clone(),
            sharpness: Some(frame.quality.sharpness),
            pending: None,
            known: Vec::new(),
            looks: Vec::new(),
            earlier: vec![(frame.taken_at, Brightness::of(&frame.grid))],
            glimpsed: false,
            elsewhere_since: None,
        }
    }

    /// All looks, with the one that was judged last, which changed in these places.
    fn with_its_look(&mut self, places: Vec<Area>) -> Vec<Look> {
        let mut looks = std::mem::take(&mut self.looks);
        let clarity = Clarity::for_sensitivity(Sensitivity::High);
        looks.retain(|look| {
            compare(&look.grid, &self.reference, clarity).is_some_and(|c| !c.changes.is_empty())
        });
        if !places.is_empty() {
            looks.push(Look {
                grid: self.reference.clone(),
                places,
            });
        }
        looks.drain(..looks.len().saturating_sub(MOST_LOOKS));
        looks
    }

    /// All looks, with what was found in these places.
    fn looks_with(&mut self, now: &Grid, places: &[Area]) -> Vec<Look> {
        let mut looks = std::mem::take(&mut self.looks);
        for look in &mut looks {
            for place in places {
                look.grid.restore(now, place);
            }
        }
        looks
    }

    /// The first frame by a light in which the room was not judged yet.
    pub(super) fn glimpse(frame: &Frame) -> Self {
        Self {
            glimpsed: true,
            earlier: Vec::new(),
            ..Self::new(frame)
        }
    }

    /// The changes that were not judged in the other light mode already, and that none of the room's looks explains.
    pub(super) fn unexpected(
        &self,
        mut changes: Vec<Change>,
        current: &Grid,
        clarity: Clarity,
    ) -> Vec<Change> {
        if !changes.is_empty() && !self.known.is_empty() {
            let mut known = vec![false; current.luma.len()];
            for place in &self.known {
                current.for_each_cell(place, |at| known[at] = true);
            }
            changes.retain(|change| {
                let covered = change.cells.iter().filter(|&&at| known[at]).count();
                // By the other light one may have seen less of a thing, or parts of it.
                let is_more = |place: &Area| covers(&change.area, place);
                covered * 2 < change.cells.len() && !self.known.iter().any(is_more)
            });
        }
        for look in &self.looks {
            if changes.is_empty() {
                break;
            }
            if let Some(comparison) = compare(&look.grid, current, clarity) {
                let mut unexplained = vec![true; comparison.differs.len()];
                for place in &look.places {
                    current.for_each_cell(place, |at| unexplained[at] = comparison.differs[at]);
                }
                changes = changes
                    .into_iter()
                    .flat_map(|change| change.within(&unexplained, current, clarity))
                    .collect();
            }
        }
        changes
    }

    /// Whether the reference itself is to be doubted rather than the room: what differs is as large as a person.
    pub(super) fn doubts_itself(&self, share: f32) -> bool {
        self.glimpsed && share >= PERSON
    }

    /// The places where something came before the last look and still is, though the room seems to be as remembered.
    pub(super) fn lasting(&self, frame: &Frame, clarity: Clarity) -> Vec<Area> {
        match &self.earlier[..] {
            [(_, before), (at, then)] if APART.contains(&elapsed(*at, frame.taken_at)) => {
                lasting(before, then, &frame.grid, clarity)
            }
            _ => Vec::new(),
        }
    }

    /// Keeps how bright the room is, for a look back.
    fn look_back(&mut self, frame: &Frame) {
        if let Some((at, _)) = self.earlier.last() {
            let since = elapsed(*at, frame.taken_at);
            if since < *APART.start() {
                return;
            }
            if since > *APART.end() {
                self.earlier.clear();
            }
        }
        if self.earlier.len() > 1 {
            self.earlier.remove(0);
        }
        self.earlier
            .push((frame.taken_at, Brightness::of(&frame.grid)));
    }

    /// Nothing new: the reference follows the light.
    pub(super) fn settle_unchanged(
        &mut self,
        frame: &Frame,
        shift: (f32, f32),
        explained: Vec<Area>,
    ) {
        self.pending = None;
        self.glimpsed = false;
        let follows_known = !self.known.is_empty();
        self.known.clear();
        if follows_known || !explained.is_empty() {
            self.earlier.clear();
        }
        self.look_back(frame);
        if follows_known {
            self.reference = frame.grid.clone();
        } else if !explained.is_empty() {
            // Another of its looks: the one it had is kept for when it comes back.
            self.looks = self.with_its_look(explained);
            self.reference = frame.grid.clone();
        } else if shift.0.abs() < 0.002 && shift.1.abs() < 0.002 {
            self.reference.drift_towards(&frame.grid, 0.3);
        }
        let sharpness = self.sharpness.unwrap_or(frame.quality.sharpness);
        self.sharpness = Some(sharpness * 0.9 + frame.quality.sharpness * 0.1);
    }
}

impl Pending {
    /// The next state after a frame; `still` is what lay still, and for how many frames.
    pub(super) fn after(before: Option<Self>, frame: &Frame, still: Vec<(Area, u8)>) -> Self {
        let now = frame.taken_at;
        let fresh = Self {
            grid: frame.grid.clone(),
            since: now,
            still: Vec::new(),
            still_since: now,
            looks: 0,
            restless: Vec::new(),
        };
        match before {
            None => fresh,
            Some(before) => Self {
                since: before.since,
                still_since: if still.is_empty() {
                    now
                } else {
                    before.still_since
                },
                still,
                looks: before.looks,
                ..fresh
            },
        }
    }

    /// For how many frames in a row something has lain still where `area` is.
    pub(super) fn times_still(&self, area: &Area) -> u8 {
        let covering = self
            .still
            .iter()
            .filter(|(still, _)| covers(still, area) && covers(area, still));
        covering.map(|(_, times)| *times).max().unwrap_or(0)
    }
}

/// Whether `known` covers most of `area`.
fn covers(known: &Area, area: &Area) -> bool {
    let across = (known.x() + known.width()).min(area.x() + area.width()) - known.x().max(area.x());
    let down = (known.y() + known.height()).min(area.y() + area.height()) - known.y().max(area.y());
    across.max(0.0) * down.max(0.0) >= 0.5 * area.width() * area.height()
}

/// The same for the very same frame. Another release of the standard library may make another of it, and what is
/// counted then begins anew.
fn fingerprint(grid: &Grid) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&grid.luma, &grid.blue, &grid.red).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Everything that a camera's history can hold, as databases hold it.
    fn stored() -> Value {
        let at = "2026-05-04T03:02:01Z";
        let grid = json!({ "width": 2, "height": 2, "cells": "AQIDBAUGAA" });
        let area = json!([0.25, 0.25, 0.5, 0.5]);
        json!({
            "last_assessed": at,
            "colour": {
                "reference": grid,
                "sharpness": 0.5,
                "pending": {
                    "grid": grid,
                    "since": at,
                    "still": [[area, 2]],
                    "still_since": at,
                    "looks": 3,
                    "restless": [area],
                },
                "known": [area],
                "looks": [{ "grid": grid, "places": [area] }],
                "earlier": [[at, { "width": 2, "luma": "AQIDBA" }]],
                "glimpsed": true,
                "elsewhere_since": at,
            },
            "infrared": null,
            "still": { "fingerprint": 7, "since": at, "times": 2 },
        })
    }

    #[test]
    fn the_stored_form_keeps_its_names() {
        let history: History = serde_json::from_value(stored()).unwrap();

        assert_eq!(serde_json::to_value(history).unwrap(), stored());
    }
}
