//! The result of a comparison: the regions that changed. Never decides whether they matter.

use super::thresholds::Thresholds;
use crate::measure::components::{bounding_box, connected_components};
use crate::measure::field::as_f32;
use crate::measure::grid::Grid;
use aicleaner_model::Area;

/// One region that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedRegion {
    /// The box around it.
    pub area: Area,
    /// The size of its cells, as a share of the picture, 0 to 1.
    pub share: f32,
    /// Its mean strength in units of the threshold: 1 is just enough; a faint region has less.
    pub strength: f32,
    /// Its cells.
    pub(crate) cells: Vec<usize>,
}

/// All that differs between two frames.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Largest first.
    pub regions: Vec<ChangedRegion>,
    /// How far the camera's view has moved, in shares of the picture's width and height.
    pub shift: (f32, f32),
    /// For every cell: whether it belongs to one of the regions.
    pub(crate) differs: Vec<bool>,
}

impl Comparison {
    /// No cell differs.
    pub(super) fn unchanged(cells: usize, shift: (f32, f32)) -> Self {
        Self {
            regions: Vec::new(),
            shift,
            differs: vec![false; cells],
        }
    }

    /// The boxes around the regions.
    pub(crate) fn areas(&self) -> Vec<Area> {
        self.regions.iter().map(|region| region.area).collect()
    }
}

impl ChangedRegion {
    /// A region of these cells; `strength` holds the strength of every cell.
    pub(super) fn new(cells: Vec<usize>, strength: &[f32], size: (usize, usize)) -> Option<Self> {
        let area = bounding_box(&cells, size.0, size.1)?;
        let strength = cells.iter().map(|&at| strength[at]).sum::<f32>() / as_f32(cells.len());
        Some(Self {
            area,
            share: share(&cells, size),
            strength,
            cells,
        })
    }

    /// The parts of it that lie within a mask, as far as they are large enough.
    pub(crate) fn within(self, wanted: &[bool], grid: &Grid, thresholds: Thresholds) -> Vec<Self> {
        let mut mask = vec![false; wanted.len()];
        for &at in self.cells.iter().filter(|&&at| wanted[at]) {
            mask[at] = true;
        }
        connected_components(&mask, grid.width, 2)
            .into_iter()
            .filter(|cells| cells.len() >= thresholds.cells)
            .filter_map(|cells| {
                Some(Self {
                    area: bounding_box(&cells, grid.width, grid.height)?,
                    share: share(&cells, (grid.width, grid.height)),
                    strength: self.strength,
                    cells,
                })
            })
            .collect()
    }
}

fn share(cells: &[usize], (width, height): (usize, usize)) -> f32 {
    as_f32(cells.len()) / (as_f32(width) * as_f32(height))
}
