//! What the gate remembers of one camera between frames. Survives a restart as serde data: 45 kB for each grid, of
//! which there are one to four for each light, and 28 kB for each of two earlier frames; 470 kB at most. It belongs to
//! one set of masks: start anew when the masks change. Its stored names are those of earlier releases, and must never
//! change.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::frame::Frame;
use crate::compare::comparison::compare;
use crate::compare::thresholds::Thresholds;
use crate::measure::grid::Grid;
use aicleaner_model::{LightMode, Sensitivity};

/// What is remembered of one camera.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// When a frame of this camera was last assessed.
    pub(super) last_assessed: Option<Timestamp>,
    colour: Option<Baseline>,
    infrared: Option<Baseline>,
    #[serde(rename = "still")]
    identical: Option<IdenticalFrames>,
}

/// What an assessment of a frame found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentOutcome {
    /// Something new, or something that is gone: or it is not known.
    Changed,
    /// Nothing but what was known already.
    Unchanged,
}

/// Identical frames, one after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct IdenticalFrames {
    fingerprint: u64,
    since: Timestamp,
    times: u32,
}

impl History {
    /// To be called once a frame was really assessed: it becomes the reference. `outcome` says what the assessment
    /// found: what changed without consequence (a curtain, a lamp) is not asked about again when it changes back.
    #[must_use]
    pub fn assessed(mut self, frame: &Frame, outcome: AssessmentOutcome) -> Self {
        let mode = frame.light_mode();
        let areas = self.baseline(mode).map(|baseline| {
            let thresholds = Thresholds::for_sensitivity(Sensitivity::High);
            compare(&baseline.reference, &frame.grid, thresholds)
                .map_or_else(Vec::new, |comparison| comparison.areas())
        });
        for other in LightMode::ALL.into_iter().filter(|&other| other != mode) {
            if let (Some(baseline), Some(areas)) = (self.baseline_mut(other), &areas) {
                baseline.add_known(areas);
            }
        }
        self.last_assessed = Some(frame.taken_at);
        let mut baseline = Baseline::after_assessment(self.baseline(mode), frame);
        let areas = areas.unwrap_or_default();
        if let Some(before) = self.baseline_mut(mode) {
            match outcome {
                AssessmentOutcome::Unchanged => baseline.keep_alternates(before, areas),
                AssessmentOutcome::Changed => {
                    baseline.update_alternates(before, &frame.grid, &areas);
                }
            }
        }
        if outcome == AssessmentOutcome::Changed {
            for other in LightMode::ALL.into_iter().filter(|&other| other != mode) {
                if let Some(other) = self.baseline_mut(other) {
                    other.clear_alternates();
                }
            }
        }
        self.set_baseline(mode, baseline);
        self
    }

    /// The share of the picture (0 to 1) that differs from the reference of the frame's light. None when there is none.
    pub fn difference(&self, frame: &Frame, sensitivity: Sensitivity) -> Option<f32> {
        let baseline = self.baseline(frame.light_mode())?;
        let comparison = compare(
            &baseline.reference,
            &frame.grid,
            Thresholds::for_sensitivity(sensitivity),
        )?;
        Some(comparison.regions.iter().map(|region| region.share).sum())
    }

    pub(super) fn baseline(&self, mode: LightMode) -> Option<&Baseline> {
        match mode {
            LightMode::Colour => self.colour.as_ref(),
            LightMode::Infrared => self.infrared.as_ref(),
        }
    }

    pub(super) fn baseline_mut(&mut self, mode: LightMode) -> Option<&mut Baseline> {
        match mode {
            LightMode::Colour => self.colour.as_mut(),
            LightMode::Infrared => self.infrared.as_mut(),
        }
    }

    pub(super) fn set_baseline(&mut self, mode: LightMode, baseline: Baseline) {
        match mode {
            LightMode::Colour => self.colour = Some(baseline),
            LightMode::Infrared => self.infrared = Some(baseline),
        }
    }

    /// Counts frames that are identical to the one before, and how long they have been; a sensor's noise never is.
    pub(super) fn count_identical(&mut self, frame: &Frame) -> Option<(u32, Duration)> {
        let fingerprint = fingerprint(&frame.grid);
        match &mut self.identical {
            Some(identical) if identical.fingerprint == fingerprint => {
                identical.times = identical.times.saturating_add(1);
                Some((identical.times, frame.elapsed_since(identical.since)))
            }
            other => {
                *other = Some(IdenticalFrames {
                    fingerprint,
                    since: frame.taken_at,
                    times: 1,
                });
                None
            }
        }
    }
}

/// Equal for identical frames. Another release of the standard library may compute another one, and the count begins
/// anew.
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
