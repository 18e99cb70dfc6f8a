//! What is measured of a region that differs, to tell whether it is an object or light. Measures only, and never
//! decides: that is done in `light`.

use crate::measure::components::bounds;
use crate::measure::field::{Field, as_f32};
use crate::measure::grid::Grid;
use crate::measure::log_chroma::LogChroma;
use crate::measure::statistics::median;

/// Levels from which on a sensor no longer tells colours.
pub(super) const SATURATED: f32 = 235.0;

/// Two aligned frames. "Change" is from the first to the second one; "delta" is a change less that of the surroundings.
pub(super) struct FramePair<'a> {
    /// Logarithms of brightness.
    pub(super) before: &'a Field,
    pub(super) current: &'a Field,
    /// Colours before and now.
    pub(super) chroma: [&'a LogChroma; 2],
    /// Which cells are masked.
    pub(super) hidden: &'a [bool],
    /// Levels, the higher of both frames.
    pub(super) max_level: &'a Field,
    /// How much brighter most of the picture got, as a logarithm.
    pub(super) global_change: f32,
    /// The noise of brightness, as a logarithm.
    pub(super) noise: f32,
}

/// What is measured of a region. Cells and lengths are counted as on a grid of the gate's size.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) cells: f32,
    /// Cells whose neighbours all belong to the region.
    pub(super) inner_cells: f32,
    /// The longer side of its box, in cells.
    pub(super) length: f32,
    /// The share of its boundary where only the old frame has an edge: something ended here.
    pub(super) edges_removed: f32,
    /// The share of its boundary where only the new frame has an edge: something begins here.
    pub(super) edges_added: f32,
    /// How many points of the boundary could be measured.
    pub(super) boundary_samples: usize,
    /// How much brighter it got, by itself and against its surroundings; logarithms.
    pub(super) luma_change: f32,
    pub(super) luma_delta: f32,
    /// How its colour changed against its surroundings (warm, green), and how far single cells deviate from that. None
    /// where it is too near white to have a colour.
    pub(super) chroma_delta: Option<[f32; 3]>,
    /// The correlation of its texture in both frames, -1 to 1, and how strong the stronger one is (a logarithm).
    pub(super) texture_correlation: f32,
    pub(super) texture_strength: f32,
    /// How much brighter its surroundings got than most of the picture.
    pub(super) glow: f32,
    /// Its mean level in the brighter frame.
    pub(super) level: f32,
}

impl FramePair<'_> {
    /// How much brighter a cell got, as a logarithm.
    pub(super) fn luma_change(&self, at: usize) -> f32 {
        self.current.values[at] - self.before.values[at]
    }

    /// The level of a cell in the frame in which it is darker.
    pub(super) fn darker_level(&self, at: usize) -> f32 {
        self.before.values[at].min(self.current.values[at]).exp()
    }

    /// The colours (warm, green) of a cell before and now.
    fn chroma_at(&self, at: usize) -> [(f32, f32); 2] {
        let width = self.chroma[0].warm.width;
        let cell = at / self.before.width / 2 * width + at % self.before.width / 2;
        self.chroma
            .map(|c| (c.warm.values[cell], c.green.values[cell]))
    }

    /// How the colour (warm, green) of a cell changed.
    pub(super) fn chroma_change(&self, at: usize) -> (f32, f32) {
        let [old, new] = self.chroma_at(at);
        (new.0 - old.0, new.1 - old.1)
    }

    /// Measures some cells; `differs` marks all that differs anywhere.
    pub(super) fn evidence(&self, cells: &[usize], differs: &[bool]) -> Evidence {
        let mut inside = vec![false; differs.len()];
        for &at in cells {
            inside[at] = true;
        }
        let around = self.surroundings(cells, &inside, differs);
        let luma_of = |cells: &[usize]| {
            let changes = cells.iter().map(|&at| self.luma_change(at));
            median(changes.collect())
        };
        let (luma_around, luma_change) = (luma_of(&around), luma_of(cells));
        let (edges_removed, edges_added, boundary_samples) =
            self.boundary(cells, &inside, (luma_change - luma_around).abs());
        let inner: Vec<usize> = cells
            .iter()
            .copied()
            .filter(|&at| self.is_inner(at, &inside))
            .collect();
        let (texture_correlation, texture_strength) = self.texture(&inner, &inside);
        let width = self.before.width;
        let longest = as_f32(width.max(self.before.height));
        let scale = as_f32(Grid::GATE_SIDE as usize) / longest;
        let (columns, rows) = bounds(cells, width);
        let levels = cells.iter().map(|&at| self.max_level.values[at]);
        Evidence {
            cells: as_f32(cells.len()) * scale * scale,
            inner_cells: as_f32(inner.len()) * scale * scale,
            length: as_f32(columns.len().max(rows.len())) * scale,
            edges_removed,
            edges_added,
            boundary_samples,
            luma_change,
            luma_delta: luma_change - luma_around,
            chroma_delta: self.chroma_delta(cells, &around),
            texture_correlation,
            texture_strength,
            glow: if around.is_empty() {
                0.0
            } else {
                luma_around - self.global_change
            },
            level: levels.sum::<f32>() / as_f32(cells.len()),
        }
    }

    /// How the colour of some cells changed against that of the cells around, and how far single ones deviate. None
    /// where too few of them have a colour.
    fn chroma_delta(&self, cells: &[usize], around: &[usize]) -> Option<[f32; 3]> {
        let warm_of = |at: &usize| self.chroma_change(*at).0;
        let green_of = |at: &usize| self.chroma_change(*at).1;
        let coloured: Vec<usize> = cells
            .iter()
            .copied()
            .filter(|&at| self.max_level.values[at] < SATURATED)
            .collect();
        if coloured.len() * 4 < cells.len() {
            return None;
        }
        let (warm, green) = (
            median(coloured.iter().map(warm_of).collect()),
            median(coloured.iter().map(green_of).collect()),
        );
        let deviations = coloured
            .iter()
            .map(|at| (warm_of(at) - warm).abs() + (green_of(at) - green).abs());
        let around_warm = median(around.iter().map(warm_of).collect());
        let around_green = median(around.iter().map(green_of).collect());
        Some([
            warm - around_warm,
            green - around_green,
            median(deviations.collect()),
        ])
    }

    /// Open cells two to four cells off that do not differ.
    fn surroundings(&self, cells: &[usize], inside: &[bool], differs: &[bool]) -> Vec<usize> {
        let (width, height) = (self.before.width, self.before.height);
        let near = |at: usize, reach: usize| {
            let (x, y) = (at % width, at / width);
            let rows = y.saturating_sub(reach)..(y + reach + 1).min(height);
            rows.flat_map(move |y| {
                let columns = x.saturating_sub(reach)..(x + reach + 1).min(width);
                columns.map(move |x| y * width + x)
            })
        };
        let mut seen = vec![false; inside.len()];
        let (mut around, mut others) = (Vec::new(), Vec::new());
        let is_edge = |at: usize| near(at, 1).any(|next| !inside[next]);
        for &at in cells.iter().filter(|&&at| is_edge(at)) {
            for next in near(at, 4) {
                if !seen[next] {
                    seen[next] = true;
                    if !self.hidden[next] && !near(next, 1).any(|close| inside[close]) {
                        if differs[next] {
                            others.push(next);
                        } else {
                            around.push(next);
                        }
                    }
                }
            }
        }
        // In the middle of something larger that differs, that is what it is compared with.
        if around.len() * 4 < others.len() {
            others
        } else {
            around
        }
    }

    /// Of the boundary: the shares where an edge was removed and added, and how many points were measured. `contrast`
    /// is how much the region changed against its surroundings.
    fn boundary(&self, cells: &[usize], inside: &[bool], contrast: f32) -> (f32, f32, usize) {
        let (width, height) = (self.before.width, self.before.height);
        let (mut removed, mut added, mut samples) = (0, 0, 0);
        let step = |at: usize, (dx, dy): (isize, isize), far: isize| {
            let x = (at % width).checked_add_signed(dx * far)?;
            let y = (at / width).checked_add_signed(dy * far)?;
            (x < width && y < height).then_some(y * width + x)
        };
        for &at in cells {
            for side in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
                if step(at, side, 1).is_none_or(|next| inside[next]) {
                    continue;
                }
                let Some(outer) = step(at, side, 3).or(step(at, side, 2)) else {
                    continue;
                };
                if inside[outer] || self.hidden[outer] {
                    continue;
                }
                let inner = step(at, side, -1).filter(|&inner| inside[inner]);
                samples += 1;
                if let Some((had, has)) = self.changed_edge(inner.unwrap_or(at), outer, contrast) {
                    removed += usize::from(had);
                    added += usize::from(has);
                }
            }
        }
        let share = |count: usize| as_f32(count) / as_f32(samples.max(1));
        (share(removed), share(added), samples)
    }

    /// Whether there was an edge between two cells, and whether there is one now, if only one of these holds.
    fn changed_edge(&self, inner: usize, outer: usize, contrast: f32) -> Option<(bool, bool)> {
        /// The smallest edge of colour, as a logarithm.
        const CHROMA_EDGE: f32 = 0.15;
        let luma_edge = 0.04 + 2.0 * self.noise;
        let step = (self.luma_change(inner) - self.luma_change(outer)).abs();
        let is_edge = |luma: &Field| (luma.values[inner] - luma.values[outer]).abs() > luma_edge;
        let (colours, others) = (self.chroma_at(inner), self.chroma_at(outer));
        let chroma: [(f32, f32); 2] = std::array::from_fn(|i| {
            let (a, b) = (colours[i], others[i]);
            (a.0 - b.0, a.1 - b.1)
        });
        let is_chroma_edge = chroma.map(|(warm, green)| warm.abs().max(green.abs()) > CHROMA_EDGE);
        let chroma_changed = (chroma[1].0 - chroma[0].0).abs() > CHROMA_EDGE
            || (chroma[1].1 - chroma[0].1).abs() > CHROMA_EDGE;
        let (had, has) = if chroma_changed && is_chroma_edge[0] != is_chroma_edge[1] {
            (is_chroma_edge[0], is_chroma_edge[1])
        } else {
            (is_edge(self.before), is_edge(self.current))
        };
        let is_strong = chroma_changed || step >= 0.4 * contrast.max(0.05);
        (is_strong && had != has).then_some((had, has))
    }

    fn is_inner(&self, at: usize, inside: &[bool]) -> bool {
        let width = self.before.width;
        [
            at.wrapping_sub(1),
            at + 1,
            at.wrapping_sub(width),
            at + width,
        ]
        .iter()
        .all(|&next| inside.get(next).copied().unwrap_or(false))
    }

    /// The correlation of the texture in both frames, and how strong the stronger one is.
    fn texture(&self, inner: &[usize], inside: &[bool]) -> (f32, f32) {
        let (width, height) = (self.before.width, self.before.height);
        let (mut product, mut old_squares, mut new_squares) = (0.0_f32, 0.0_f32, 0.0_f32);
        for &at in inner {
            let (x, y) = (at % width, at / width);
            let (mut old, mut new, mut count) = (0.0_f32, 0.0_f32, 0.0_f32);
            for next_y in y.saturating_sub(2)..(y + 3).min(height) {
                for next_x in x.saturating_sub(2)..(x + 3).min(width) {
                    let next = next_y * width + next_x;
                    if inside[next] {
                        old += self.before.values[next];
                        new += self.current.values[next];
                        count += 1.0;
                    }
                }
            }
            let old = self.before.values[at] - old / count;
            let new = self.current.values[at] - new / count;
            product += old * new;
            old_squares += old * old;
            new_squares += new * new;
        }
        let correlation = if old_squares * new_squares > 0.0 {
            product / (old_squares * new_squares).sqrt()
        } else {
            0.0
        };
        let strength = (old_squares.max(new_squares) / as_f32(inner.len().max(1))).sqrt();
        (correlation, strength)
    }
}
