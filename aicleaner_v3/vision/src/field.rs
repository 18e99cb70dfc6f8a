//! Arithmetic on fields of numbers laid out like a picture: local means, gradients, shifting, noise.
//! Every result has the size of its input.

use wide::f32x8;

use super::buffers;

/// A field of `width` numbers a row.
pub(super) struct Field {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Field {
    pub(super) fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        Self {
            width,
            height,
            values,
        }
    }

    /// As many of `numbers` as the field has.
    pub(super) fn of(width: usize, height: usize, numbers: impl Iterator<Item = f32>) -> Self {
        let mut values = buffers::numbers(width * height);
        values.extend(numbers.take(width * height));
        Self::new(width, height, values)
    }

    /// Combines two fields of one size, number by number.
    pub(super) fn with(&self, other: &Self, combine: impl Fn(f32x8, f32x8) -> f32x8) -> Self {
        let mut values = buffers::numbers(self.values.len());
        values.extend_from_slice(&self.values);
        each(&mut values, &other.values, combine);
        Self::new(self.width, self.height, values)
    }

    /// Changes every number.
    pub(super) fn map(&self, change: impl Fn(f32) -> f32) -> Self {
        let values = self.values.iter().map(|&v| change(v));
        Self::of(self.width, self.height, values)
    }

    /// The sum over the window that reaches `radius` to every side, as far as there is a field.
    pub(super) fn window_sum(&self, radius: usize) -> Self {
        let (w, h) = (self.width, self.height);
        let mut across = Self::of(w, h, std::iter::repeat(0.0));
        let mut columns = Self::of(ABREAST, w + 2 * radius + 1, std::iter::repeat(0.0));
        let (columns, _) = columns.values.as_chunks_mut();
        let rows = self.values.chunks(w * ABREAST);
        for (rows, sums) in rows.zip(across.values.chunks_mut(w * ABREAST)) {
            sums_across(rows, sums, columns, radius);
        }
        let mut values = buffers::numbers(w * h);
        let (mut sums, beyond) = (vec![0.0_f32; w], vec![0.0_f32; w]);
        let row = |y: Option<usize>| {
            let inside = y.filter(|&y| y < h);
            inside.map_or(&beyond[..], |y| &across.values[y * w..][..w])
        };
        for y in 0..radius.min(h) {
            each(&mut sums, row(Some(y)), |sum, value| sum + value);
        }
        for y in 0..h {
            each(&mut sums, row(Some(y + radius)), |sum, next| sum + next);
            let last = row(y.checked_sub(radius + 1));
            each(&mut sums, last, |sum, last| sum - last);
            values.extend_from_slice(&sums);
        }
        Self::new(w, h, values)
    }

    /// The mean over the window, counting each number by its weight. 0 where nothing has weight.
    pub(super) fn window_mean(&self, weights: &Self, radius: usize) -> Self {
        if weights.values.iter().all(|&weight| weight >= 1.0) {
            let mut means = self.window_sum(radius);
            let reach = |at: usize, length: usize| {
                (at + radius + 1).min(length) - at.saturating_sub(radius)
            };
            let across: Vec<f32> = (0..self.width)
                .map(|x| as_f32(reach(x, self.width)).recip())
                .collect();
            for (y, row) in means.values.chunks_exact_mut(self.width).enumerate() {
                let down = as_f32(reach(y, self.height)).recip();
                each(row, &across, |sum, across| sum * across * down);
            }
            return means;
        }
        let sums = self.with(weights, |v, w| v * w).window_sum(radius);
        sums.with(&weights.window_sum(radius), |sum, weight| {
            weight.simd_gt(1e-2).select(sum / weight, f32x8::ZERO)
        })
    }

    /// The numbers less their local mean.
    pub(super) fn detail(&self, weights: &Self, radius: usize) -> Self {
        let mut detail = self.window_mean(weights, radius);
        each(&mut detail.values, &self.values, |mean, value| value - mean);
        detail
    }

    /// How steep both fields are, as a sum over the 3 x 3 cells around each: shake shows at edges that both have.
    pub(super) fn steepness_of_both(&self, other: &Self) -> Self {
        self.steepness()
            .with(&other.steepness(), f32x8::fast_min)
            .window_sum(1)
    }

    /// How steep the field is, per cell.
    pub(super) fn steepness(&self) -> Self {
        let (w, h) = (self.width, self.height);
        let mut steep = Self::of(w, h, std::iter::repeat(0.0));
        let mut down = vec![0.0_f32; w];
        let row = |y: usize| &self.values[y * w..][..w];
        for (y, steep) in steep.values.chunks_exact_mut(w).enumerate() {
            let own = row(y);
            for x in [0, w - 1] {
                steep[x] = own[(x + 1).min(w - 1)] - own[x.saturating_sub(1)];
            }
            if w > 2 {
                steep[1..w - 1].copy_from_slice(&own[2..]);
                each(&mut steep[1..w - 1], own, |right, left| right - left);
            }
            down.copy_from_slice(row((y + 1).min(h - 1)));
            each(&mut down, row(y.saturating_sub(1)), |below, above| {
                below - above
            });
            each(steep, &down, |across, down| {
                (across.abs() + down.abs()) * 0.5
            });
        }
        steep
    }

    /// The field as seen from `dx`, `dy` cells away; its border is repeated beyond it.
    pub(super) fn shifted(&self, dx: f32, dy: f32) -> Self {
        let (w, h) = (self.width, self.height);
        let sources = |length: usize, shift: f32| -> Vec<(usize, usize, f32)> {
            let last = length.saturating_sub(1);
            (0..length)
                .map(|i| {
                    let at = (as_f32(i) + shift).clamp(0.0, as_f32(last));
                    let first = whole(at);
                    (first, (first + 1).min(last), at - as_f32(first))
                })
                .collect()
        };
        let columns = sources(w, dx);
        let mut values = buffers::numbers(w * h);
        for (upper, lower, down) in sources(h, dy) {
            let (upper, lower) = (&self.values[upper * w..], &self.values[lower * w..]);
            values.extend(columns.iter().map(|&(left, right, across)| {
                let top = upper[left] + (upper[right] - upper[left]) * across;
                let bottom = lower[left] + (lower[right] - lower[left]) * across;
                top + (bottom - top) * down
            }));
        }
        Self::new(w, h, values)
    }

    /// The number at a point between four cells, and the upper left one of these. None outside of the field.
    pub(super) fn between(&self, x: f32, y: f32) -> Option<(usize, f32)> {
        let is_inside =
            x >= 0.0 && y >= 0.0 && x < as_f32(self.width - 1) && y < as_f32(self.height - 1);
        if !is_inside {
            return None;
        }
        let (left, top) = (whole(x), whole(y));
        let (across, down) = (x - as_f32(left), y - as_f32(top));
        let at = top * self.width + left;
        let row = |at: usize| {
            let (left, right) = (self.values[at], self.values[at + 1]);
            left + (right - left) * across
        };
        let (above, below) = (row(at), row(at + self.width));
        Some((at, above + (below - above) * down))
    }

    /// Half the size, by means of 2 x 2.
    pub(super) fn halved(&self) -> Self {
        let (w, h) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut values = buffers::numbers(w * h);
        for y in 0..h {
            let (upper, lower) = (y * 2, (y * 2 + 1).min(self.height - 1));
            for x in 0..w {
                let (left, right) = (x * 2, (x * 2 + 1).min(self.width - 1));
                let at = |y: usize, x: usize| self.values[y * self.width + x];
                values.push(
                    (at(upper, left) + at(upper, right) + at(lower, left) + at(lower, right)) / 4.0,
                );
            }
        }
        Self::new(w, h, values)
    }

    /// The spread of the numbers that have weight, as a standard deviation that outliers do not move:
    /// 1.4826 times the median distance from 0.
    pub(super) fn spread(&self, weights: &Self) -> f32 {
        let mut distances = buffers::numbers(self.values.len());
        let weighted = self.values.iter().zip(&weights.values).step_by(3);
        distances.extend(
            weighted
                .filter(|&(_, &weight)| weight > 0.0)
                .map(|(value, _)| value.abs()),
        );
        let middle = distances.len() / 2;
        let median = match distances.is_empty() {
            true => 0.0,
            false => *distances.select_nth_unstable_by(middle, f32::total_cmp).1,
        };
        buffers::give_numbers(distances);
        median * 1.4826
    }
}

/// Combines numbers in place, eight at a time: the program is built to be small, and its compiler leaves loops as they
/// are.
fn each(to: &mut [f32], with: &[f32], combine: impl Fn(f32x8, f32x8) -> f32x8) {
    let ((to, to_rest), (with, with_rest)) = (to.as_chunks_mut(), with.as_chunks());
    for (to, with) in to.iter_mut().zip(with) {
        *to = combine(f32x8::new(*to), f32x8::new(*with)).to_array();
    }
    for (to, with) in to_rest.iter_mut().zip(with_rest) {
        [*to, ..] = combine(f32x8::splat(*to), f32x8::splat(*with)).to_array();
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        buffers::give_numbers(std::mem::take(&mut self.values));
    }
}

/// Rows that are summed side by side: each sum waits for the one before it in its row.
const ABREAST: usize = 8;

/// The sums over windows within each of at most [`ABREAST`] rows. `columns` has room for the rows' numbers side by side,
/// and for zeros before and behind them, as many as the window reaches.
fn sums_across(rows: &[f32], sums: &mut [f32], columns: &mut [[f32; ABREAST]], radius: usize) {
    let reach = 2 * radius + 1;
    let width = columns.len() - reach;
    columns[..=radius].fill([0.0; ABREAST]);
    for (lane, row) in rows.chunks_exact(width).enumerate() {
        for (column, value) in columns[radius + 1..].iter_mut().zip(row) {
            column[lane] = *value;
        }
    }
    let first = columns[..reach].iter();
    let mut running: f32x8 = first.map(|column| f32x8::new(*column)).sum();
    for x in 0..width {
        running = running + f32x8::new(columns[x + reach]) - f32x8::new(columns[x]);
        columns[x] = running.to_array();
    }
    for (lane, sums) in sums.chunks_exact_mut(width).enumerate() {
        for (sum, column) in sums.iter_mut().zip(&*columns) {
            *sum = column[lane];
        }
    }
}

/// Grids have at most some hundred cells a side, which single precision holds exactly.
pub(super) fn as_f32(value: usize) -> f32 {
    u16::try_from(value).map_or(f32::from(u16::MAX), f32::from)
}

fn whole(value: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the field before"
    )]
    let value = value as usize;
    value
}
