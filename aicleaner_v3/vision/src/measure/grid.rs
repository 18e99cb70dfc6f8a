//! A frame as the gate and the reference see it: a small grid of brightness and colour. It is the only part of a frame
//! that is stored, and never has enough cells to show a person's face.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::field::as_f32;
use super::statistics::median;
use crate::image::levels::{clamped, rounded};
use crate::image::mask;
use crate::image::raster::Raster;
use crate::image::resize::fit;
use aicleaner_model::{Area, Mask};

use std::ops::Range;

/// A frame on a small grid: brightness for each cell, colour for each 2 x 2 of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Packed", into = "Packed")]
pub struct Grid {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// 0 to 255.
    pub(crate) luma: Vec<u8>,
    /// Chroma (Cb, Cr), 128 is none, for each 2 x 2 cells.
    pub(crate) blue: Vec<u8>,
    pub(crate) red: Vec<u8>,
    /// Which cells are masked: one bit for each, the first the lowest of its byte.
    masks: Vec<u8>,
}

impl Grid {
    /// The longest side of a grid for the gate: an object of 2 % of the picture's width is 4 cells wide.
    pub const GATE_SIDE: u32 = 192;
    /// The longest side of a grid for comparing with a reference.
    pub const REFERENCE_SIDE: u32 = 320;
    /// The most cells a side may have.
    const MAX_SIDE: u16 = 512;

    /// Measures a picture that `masks` were burned into already.
    pub fn new(raster: &Raster, masks: &[Mask], longest_side: u32) -> Self {
        let small = fit(raster, longest_side.clamp(16, Self::MAX_SIDE.into()));
        let (width, height) = (small.width() as usize, small.height() as usize);
        let rgb_of = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2]].map(i32::from);
        let luma_of = |pixel| {
            let [r, g, b] = rgb_of(pixel);
            clamped((19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16)
        };
        let luma = small.rgb().chunks_exact(3).map(luma_of).collect();
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let mut blue = Vec::with_capacity(half_width * half_height);
        let mut red = Vec::with_capacity(half_width * half_height);
        for y in 0..half_height {
            for x in 0..half_width {
                let (x0, y0) = (x * 2, y * 2);
                let (x1, y1) = ((x0 + 1).min(width - 1), (y0 + 1).min(height - 1));
                let four = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)];
                let (b, r) = four.iter().fold((0, 0), |(b, r), &(x, y)| {
                    let [own_r, own_g, own_b] = rgb_of(&small.rgb()[(y * width + x) * 3..]);
                    (
                        b + ((-11_059 * own_r - 21_709 * own_g + 32_768 * own_b) >> 16),
                        r + ((32_768 * own_r - 27_439 * own_g - 5_329 * own_b) >> 16),
                    )
                });
                blue.push(clamped(128 + ((b + 2) >> 2)));
                red.push(clamped(128 + ((r + 2) >> 2)));
            }
        }
        let hidden = mask::hidden(masks, small.width(), small.height());
        let bits = |eight: &[bool]| {
            let bits = eight.iter().enumerate();
            bits.fold(0, |byte, (bit, &hidden)| byte | u8::from(hidden) << bit)
        };
        Self {
            width,
            height,
            luma,
            blue,
            red,
            masks: hidden.chunks(8).map(bits).collect(),
        }
    }

    /// Whether two grids can be compared cell by cell.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        (self.width, self.height) == (other.width, other.height) && self.masks == other.masks
    }

    /// Whether a cell is masked.
    pub(crate) fn is_hidden(&self, at: usize) -> bool {
        self.masks[at / 8] >> (at % 8) & 1 == 1
    }

    /// Of all cells: whether they are masked.
    pub(crate) fn hidden(&self) -> Vec<bool> {
        let mut hidden = vec![false; self.luma.len()];
        self.hidden_cells().for_each(|at| hidden[at] = true);
        hidden
    }

    /// The cells that are masked.
    pub(crate) fn hidden_cells(&self) -> impl Iterator<Item = usize> {
        let bytes = (0..self.masks.len()).filter(|&byte| self.masks[byte] != 0);
        let cells = bytes.flat_map(|byte| byte * 8..(byte * 8 + 8).min(self.luma.len()));
        cells.filter(|&at| self.is_hidden(at))
    }

    /// Moves this grid `share` (0 to 1) of the way towards `other`, cell by cell: a running average.
    pub(crate) fn blend_towards(&mut self, other: &Self, share: f32) {
        let planes = [
            (&mut self.luma, &other.luma),
            (&mut self.blue, &other.blue),
            (&mut self.red, &other.red),
        ];
        // For each distance: the step. At least one level, or rounding would stop slow changes for ever.
        let steps: [u8; 256] = std::array::from_fn(|distance| {
            let step = rounded(as_f32(distance) * share);
            step.max(u8::from(distance > 0))
        });
        for (own, others) in planes {
            for (value, &target) in own.iter_mut().zip(others) {
                let step = steps[usize::from(value.abs_diff(target))];
                if target < *value {
                    *value -= step;
                } else {
                    *value += step;
                }
            }
        }
    }

    /// Copies an area from `other`.
    pub(crate) fn copy_area(&mut self, other: &Self, area: &Area) {
        let (columns, rows) = self.cells_of(area, 0);
        for y in rows {
            for x in columns.clone() {
                let (at, colour) = (y * self.width + x, self.colour_at(x, y));
                self.luma[at] = other.luma[at];
                self.blue[colour] = other.blue[colour];
                self.red[colour] = other.red[colour];
            }
        }
    }

    /// Copies an area from `earlier`, adapted to the light that is around it now.
    pub(crate) fn restore_area(&mut self, earlier: &Self, area: &Area) {
        let (inner, outer) = (self.cells_of(area, 1), self.cells_of(area, 5));
        let is_inside = |x: usize, y: usize| inner.0.contains(&x) && inner.1.contains(&y);
        let (mut gains, mut blues, mut reds) = (Vec::new(), Vec::new(), Vec::new());
        for y in outer.1 {
            for x in outer.0.clone().filter(|&x| !is_inside(x, y)) {
                let (at, colour) = (y * self.width + x, self.colour_at(x, y));
                let level = |grid: &Self| f32::from(grid.luma[at]) + 8.0;
                gains.push(level(self) / level(earlier));
                blues.push(f32::from(self.blue[colour]) - f32::from(earlier.blue[colour]));
                reds.push(f32::from(self.red[colour]) - f32::from(earlier.red[colour]));
            }
        }
        if gains.is_empty() {
            return;
        }
        let (gain, blue, red) = (median(gains), median(blues), median(reds));
        for y in inner.1 {
            for x in inner.0.clone() {
                let (at, colour) = (y * self.width + x, self.colour_at(x, y));
                self.luma[at] = rounded(f32::from(earlier.luma[at]) * gain);
                self.blue[colour] = rounded(f32::from(earlier.blue[colour]) + blue);
                self.red[colour] = rounded(f32::from(earlier.red[colour]) + red);
            }
        }
    }

    /// Calls `visit` with each cell of an area and the cells next to it.
    pub(crate) fn for_each_cell(&self, area: &Area, mut visit: impl FnMut(usize)) {
        let (columns, rows) = self.cells_of(area, 1);
        for y in rows {
            for x in columns.clone() {
                visit(y * self.width + x);
            }
        }
    }

    /// The columns and rows of an area, and `margin` cells around it.
    fn cells_of(&self, area: &Area, margin: usize) -> (Range<usize>, Range<usize>) {
        let cells = |from: f64, length: f64, side: usize| {
            let edge = |share: f64| usize::from(cell_at(share, side));
            let first = edge(from).saturating_sub(margin);
            first..(edge(from + length) + margin).min(side)
        };
        (
            cells(area.x(), area.width(), self.width),
            cells(area.y(), area.height(), self.height),
        )
    }

    /// The colour sample that the cell at `x`, `y` belongs to.
    pub(crate) fn colour_at(&self, x: usize, y: usize) -> usize {
        (y / 2) * self.width.div_ceil(2) + x / 2
    }
}

impl std::fmt::Debug for Grid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grid({} x {})", self.width, self.height)
    }
}

/// The cell at a share of a side; a side has at most [`Grid::MAX_SIDE`] cells.
fn cell_at(share: f64, side: usize) -> u16 {
    let side = u16::try_from(side).unwrap_or(Grid::MAX_SIDE);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the side first"
    )]
    let cell = (share * f64::from(side))
        .round()
        .clamp(0.0, f64::from(side)) as u16;
    cell
}

/// A grid as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Packed {
    width: usize,
    height: usize,
    /// Brightness, blue, red, then one byte for each 8 cells' masks; base64.
    cells: String,
}

/// A stored grid that is damaged.
#[derive(Debug, thiserror::Error)]
#[error("a stored grid of {0} x {1} cells does not have the bytes it should")]
struct DamagedGrid(usize, usize);

impl From<Grid> for Packed {
    fn from(grid: Grid) -> Self {
        let mut bytes = grid.luma;
        bytes.extend_from_slice(&grid.blue);
        bytes.extend_from_slice(&grid.red);
        bytes.extend_from_slice(&grid.masks);
        Self {
            width: grid.width,
            height: grid.height,
            cells: STANDARD_NO_PAD.encode(bytes),
        }
    }
}

impl TryFrom<Packed> for Grid {
    type Error = DamagedGrid;

    fn try_from(packed: Packed) -> Result<Self, DamagedGrid> {
        let (width, height) = (packed.width, packed.height);
        let damaged = || DamagedGrid(width, height);
        let sides = 1..=usize::from(Self::MAX_SIDE);
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(damaged());
        }
        let bytes = STANDARD_NO_PAD
            .decode(packed.cells)
            .map_err(|_| damaged())?;
        let cells = width * height;
        let colours = width.div_ceil(2) * height.div_ceil(2);
        if bytes.len() != cells + 2 * colours + cells.div_ceil(8) {
            return Err(damaged());
        }
        let (luma, rest) = bytes.split_at(cells);
        let (blue, rest) = rest.split_at(colours);
        let (red, masks) = rest.split_at(colours);
        Ok(Self {
            width,
            height,
            luma: luma.to_vec(),
            blue: blue.to_vec(),
            red: red.to_vec(),
            masks: masks.to_vec(),
        })
    }
}
