//! What is measured of a place that differs, to tell whether it is a thing or light. Measures only; the judgement is
//! in `light`.

use super::Grid;
use super::colour::Colours;
use super::field::{Field, as_f32};

/// Two frames, laid over each other.
pub(super) struct Pair<'a> {
    /// Logarithms of brightness before and now.
    pub(super) old: &'a Field,
    pub(super) new: &'a Field,
    /// Colours before and now.
    pub(super) colours: [&'a Colours; 2],
    /// Which cells are masked.
    pub(super) hidden: &'a [bool],
    /// Levels, the higher of both frames.
    pub(super) level: &'a Field,
    /// How much brighter most of the picture got, as a logarithm.
    pub(super) usual: f32,
    /// The noise of brightness, as a logarithm.
    pub(super) noise: f32,
}

/// Levels from which on colours are cut off.
pub(super) const WHITE: f32 = 235.0;

/// What is measured of a place. Cells are counted as if the grid were one of the gate's. Shares are of the place's
/// boundary; steps are how light changes across that.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) cells: f32,
    /// Cells that have only own cells around them.
    pub(super) inner: f32,
    /// The longer side of its box, in cells.
    pub(super) long: f32,
    /// Steps where only the old frame has an edge: something ended here.
    pub(super) ended: f32,
    /// Steps where only the new frame has an edge: something begins here.
    pub(super) begun: f32,
    /// How many places of the boundary were looked at.
    pub(super) boundary: usize,
    /// How much brighter it got, by itself and against its surroundings; logarithms.
    pub(super) own: f32,
    pub(super) lift: f32,
    /// How its colour moved against its surroundings (warm, green), and how far single cells are from that. None
    /// where it is too near white to have any.
    pub(super) colour: Option<[f32; 3]>,
    /// How much of the texture is as it was, -1 to 1, and how strong it is (a logarithm).
    pub(super) kept: f32,
    pub(super) texture: f32,
    /// How much brighter its surroundings got than most of the picture.
    pub(super) glow: f32,
    /// Its mean level in the brighter frame.
    pub(super) level: f32,
}

impl Pair<'_> {
    pub(super) fn change(&self, at: usize) -> f32 {
        self.new.values[at] - self.old.values[at]
    }

    /// How bright a cell is in the darker frame.
    pub(super) fn dim(&self, at: usize) -> f32 {
        self.old.values[at].min(self.new.values[at]).exp()
    }

    /// The colours of a cell before and now.
    fn colours(&self, at: usize) -> [(f32, f32); 2] {
        let width = self.colours[0].warm.width;
        let cell = at / self.old.width / 2 * width + at % self.old.width / 2;
        self.colours
            .map(|c| (c.warm.values[cell], c.green.values[cell]))
    }

    /// How the colour of a cell moved.
    pub(super) fn tint(&self, at: usize) -> (f32, f32) {
        let [old, new] = self.colours(at);
        (new.0 - old.0, new.1 - old.1)
    }

    /// Measures some cells; `differs` is all that differs anywhere.
    pub(super) fn evidence(&self, cells: &[usize], differs: &[bool]) -> Evidence {
        let mut inside = vec![false; differs.len()];
        for &at in cells {
            inside[at] = true;
        }
        let around = self.surroundings(cells, &inside, differs);
        let lift_of = |cells: &[usize]| median(cells.iter().map(|&at| self.change(at)).collect());
        let warm_of = |at: &usize| self.tint(*at).0;
        let green_of = |at: &usize| self.tint(*at).1;
        let (around_lift, own_lift) = (lift_of(&around), lift_of(cells));
        let coloured: Vec<usize> = cells
            .iter()
            .copied()
            .filter(|&at| self.level.values[at] < WHITE)
            .collect();
        let is_coloured = coloured.len() * 4 >= cells.len();
        let (warm, green) = (
            median(coloured.iter().map(warm_of).collect()),
            median(coloured.iter().map(green_of).collect()),
        );
        let motley = coloured
            .iter()
            .map(|at| (warm_of(at) - warm).abs() + (green_of(at) - green).abs());
        let (ended, begun, boundary) = self.steps(cells, &inside, (own_lift - around_lift).abs());
        let inner: Vec<usize> = cells
            .iter()
            .copied()
            .filter(|&at| self.is_inner(at, &inside))
            .collect();
        let (kept, texture) = self.texture(&inner, &inside);
        let width = self.old.width;
        let longest = as_f32(width.max(self.old.height));
        let scale = as_f32(Grid::GATE_SIDE as usize) / longest;
        let levels = cells.iter().map(|&at| self.level.values[at]);
        Evidence {
            cells: as_f32(cells.len()) * scale * scale,
            inner: as_f32(inner.len()) * scale * scale,
            long: as_f32(longest_side(cells, width)) * scale,
            ended,
            begun,
            boundary,
            own: own_lift,
            lift: own_lift - around_lift,
            colour: is_coloured.then(|| {
                let around_warm = median(around.iter().map(warm_of).collect());
                let around_green = median(around.iter().map(green_of).collect());
                [
                    warm - around_warm,
                    green - around_green,
                    median(motley.collect()),
                ]
            }),
            kept,
            texture,
            glow: if around.is_empty() {
                0.0
            } else {
                around_lift - self.usual
            },
            level: levels.sum::<f32>() / as_f32(cells.len()),
        }
    }

    /// Open cells two to four cells off that do not differ.
    fn surroundings(&self, cells: &[usize], inside: &[bool], differs: &[bool]) -> Vec<usize> {
        let (width, height) = (self.old.width, self.old.height);
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

    /// Of the boundary: where something ended and where something begins, as shares, and its length.
    fn steps(&self, cells: &[usize], inside: &[bool], contrast: f32) -> (f32, f32, usize) {
        let (width, height) = (self.old.width, self.old.height);
        /// A step of colour, as a logarithm.
        const COLOURED: f32 = 0.15;
        let edge = 0.04 + 2.0 * self.noise;
        let (mut ended, mut begun, mut boundary) = (0, 0, 0);
        let from = |at: usize, (dx, dy): (isize, isize), far: isize| {
            let x = (at % width).checked_add_signed(dx * far)?;
            let y = (at / width).checked_add_signed(dy * far)?;
            (x < width && y < height).then_some(y * width + x)
        };
        for &at in cells {
            for side in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
                if from(at, side, 1).is_none_or(|next| inside[next]) {
                    continue;
                }
                let Some(out) = from(at, side, 3).or(from(at, side, 2)) else {
                    continue;
                };
                if inside[out] || self.hidden[out] {
                    continue;
                }
                let back = from(at, side, -1).filter(|&back| inside[back]);
                let own = back.unwrap_or(at);
                boundary += 1;
                let step = (self.change(own) - self.change(out)).abs();
                let had = (self.old.values[own] - self.old.values[out]).abs() > edge;
                let has = (self.new.values[own] - self.new.values[out]).abs() > edge;
                let colours: [(f32, f32); 2] = std::array::from_fn(|i| {
                    let (a, b) = (self.colours(own)[i], self.colours(out)[i]);
                    (a.0 - b.0, a.1 - b.1)
                });
                let coloured = colours.map(|(warm, green)| warm.abs().max(green.abs()) > COLOURED);
                let tinted = (colours[1].0 - colours[0].0).abs() > COLOURED
                    || (colours[1].1 - colours[0].1).abs() > COLOURED;
                let (had, has) = if tinted && coloured[0] != coloured[1] {
                    (coloured[0], coloured[1])
                } else {
                    (had, has)
                };
                if (tinted || step >= 0.4 * contrast.max(0.05)) && had != has {
                    ended += usize::from(had);
                    begun += usize::from(has);
                }
            }
        }
        let share = |count: usize| as_f32(count) / as_f32(boundary.max(1));
        (share(ended), share(begun), boundary)
    }

    fn is_inner(&self, at: usize, inside: &[bool]) -> bool {
        let width = self.old.width;
        [
            at.wrapping_sub(1),
            at + 1,
            at.wrapping_sub(width),
            at + width,
        ]
        .iter()
        .all(|&next| inside.get(next).copied().unwrap_or(false))
    }

    /// How much alike the texture of both frames is, and how strong the stronger one is.
    fn texture(&self, inner: &[usize], inside: &[bool]) -> (f32, f32) {
        let (width, height) = (self.old.width, self.old.height);
        let (mut both, mut olds, mut news) = (0.0_f32, 0.0_f32, 0.0_f32);
        for &at in inner {
            let (x, y) = (at % width, at / width);
            let (mut old, mut new, mut count) = (0.0_f32, 0.0_f32, 0.0_f32);
            for next_y in y.saturating_sub(2)..(y + 3).min(height) {
                for next_x in x.saturating_sub(2)..(x + 3).min(width) {
                    let next = next_y * width + next_x;
                    if inside[next] {
                        old += self.old.values[next];
                        new += self.new.values[next];
                        count += 1.0;
                    }
                }
            }
            let old = self.old.values[at] - old / count;
            let new = self.new.values[at] - new / count;
            both += old * new;
            olds += old * old;
            news += new * new;
        }
        let kept = if olds * news > 0.0 {
            both / (olds * news).sqrt()
        } else {
            0.0
        };
        let texture = (olds.max(news) / as_f32(inner.len().max(1))).sqrt();
        (kept, texture)
    }
}

/// The longer side of the box around some cells.
fn longest_side(cells: &[usize], width: usize) -> usize {
    let span = |of: &dyn Fn(usize) -> usize| {
        let low = cells.iter().map(|&at| of(at)).min().unwrap_or(0);
        let high = cells.iter().map(|&at| of(at)).max().unwrap_or(0);
        high - low + 1
    };
    span(&|at| at % width).max(span(&|at| at / width))
}

/// A standard deviation that outliers do not move, of how far numbers are from their middle.
pub(super) fn spread(distances: impl Iterator<Item = f32>) -> f32 {
    1.4826 * median(distances.map(f32::abs).collect())
}

/// The middle number; 0 of none.
pub(super) fn median(mut values: Vec<f32>) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}
