//! Arithmetic on fields of numbers laid out like a picture: local means, gradients, shifting, noise.
//! Every result has the size of its input, but for `halved`. Never looks at what the numbers mean.

use wide::f32x8;

use crate::image::buffers;

/// A field of `width` numbers a row.
pub(crate) struct Field {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Field {
    pub(crate) fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        Self {
            width,
            height,
            values,
        }
    }

    /// As many of `numbers` as the field has.
    pub(crate) fn of(width: usize, height: usize, numbers: impl Iterator<Item = f32>) -> Self {
        let mut values = buffers::floats(width * height);
        values.extend(numbers.take(width * height));
        Self::new(width, height, values)
    }

    /// Combines two fields of one size, number by number.
    pub(crate) fn zip_with(&self, other: &Self, combine: impl Fn(f32x8, f32x8) -> f32x8) -> Self {
        let mut values = buffers::floats(self.values.len());
        values.extend_from_slice(&self.values);
        zip_in_place(&mut values, &other.values, combine);
        Self::new(self.width, self.height, values)
    }

    /// Changes every number.
    pub(crate) fn map(&self, change: impl Fn(f32) -> f32) -> Self {
        let values = self.values.iter().map(|&v| change(v));
        Self::of(self.width, self.height, values)
    }

    /// The sum over the window that reaches `radius` to every side, as far as there is a field.
    pub(crate) fn window_sum(&self, radius: usize) -> Self {
        let (w, h) = (self.width, self.height);
        let mut across = Self::of(w, h, std::iter::repeat(0.0));
        let mut columns = Self::of(LANES, w + 2 * radius + 1, std::iter::repeat(0.0));
        let (columns, _) = columns.values.as_chunks_mut();
        let rows = self.values.chunks(w * LANES);
        for (rows, sums) in rows.zip(across.values.chunks_mut(w * LANES)) {
            sums_across(rows, sums, columns, radius);
        }
        let mut values = buffers::floats(w * h);
        let (mut sums, beyond) = (vec![0.0_f32; w], vec![0.0_f32; w]);
        let row = |y: Option<usize>| {
            let inside = y.filter(|&y| y < h);
            inside.map_or(&beyond[..], |y| &across.values[y * w..][..w])
        };
        for y in 0..radius.min(h) {
            zip_in_place(&mut sums, row(Some(y)), |sum, value| sum + value);
        }
        for y in 0..h {
            zip_in_place(&mut sums, row(Some(y + radius)), |sum, next| sum + next);
            let last = row(y.checked_sub(radius + 1));
            zip_in_place(&mut sums, last, |sum, last| sum - last);
            values.extend_from_slice(&sums);
        }
        Self::new(w, h, values)
    }

    /// The mean over the window, counting each number by its weight. 0 where nothing has weight.
    pub(crate) fn window_mean(&self, weights: &Self, radius: usize) -> Self {
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
                zip_in_place(row, &across, |sum, across| sum * across * down);
            }
            return means;
        }
        let sums = self.zip_with(weights, |v, w| v * w).window_sum(radius);
        sums.zip_with(&weights.window_sum(radius), |sum, weight| {
            weight.simd_gt(1e-2).select(sum / weight, f32x8::ZERO)
        })
    }

    /// The numbers less their local mean: a high-pass filter.
    pub(crate) fn high_pass(&self, weights: &Self, radius: usize) -> Self {
        let mut high_pass = self.window_mean(weights, radius);
        zip_in_place(&mut high_pass.values, &self.values, |mean, value| {
            value - mean
        });
        high_pass
    }

    /// The smaller gradient of two fields, as a sum over the 3 x 3 cells around each: camera shake shows at edges that
    /// both have.
    pub(crate) fn common_gradient(&self, other: &Self) -> Self {
        self.gradient()
            .zip_with(&other.gradient(), f32x8::fast_min)
            .window_sum(1)
    }

    /// The size of the gradient: the mean of its absolute components over two cells.
    pub(crate) fn gradient(&self) -> Self {
        let (w, h) = (self.width, self.height);
        let mut gradient = Self::of(w, h, std::iter::repeat(0.0));
        let mut down = vec![0.0_f32; w];
        let row = |y: usize| &self.values[y * w..][..w];
        for (y, gradient) in gradient.values.chunks_exact_mut(w).enumerate() {
            let own = row(y);
            for x in [0, w - 1] {
                gradient[x] = own[(x + 1).min(w - 1)] - own[x.saturating_sub(1)];
            }
            if w > 2 {
                gradient[1..w - 1].copy_from_slice(&own[2..]);
                zip_in_place(&mut gradient[1..w - 1], own, |right, left| right - left);
            }
            down.copy_from_slice(row((y + 1).min(h - 1)));
            zip_in_place(&mut down, row(y.saturating_sub(1)), |below, above| {
                below - above
            });
            zip_in_place(gradient, &down, |across, down| {
                (across.abs() + down.abs()) * 0.5
            });
        }
        gradient
    }

    /// The field moved by `dx`, `dy` cells, interpolated; its border is repeated.
    pub(crate) fn shifted(&self, dx: f32, dy: f32) -> Self {
        let (w, h) = (self.width, self.height);
        let sources = |length: usize, shift: f32| -> Vec<(usize, usize, f32)> {
            let last = length.saturating_sub(1);
            (0..length)
                .map(|i| {
                    let at = (as_f32(i) + shift).clamp(0.0, as_f32(last));
                    let first = floor_index(at);
                    (first, (first + 1).min(last), at - as_f32(first))
                })
                .collect()
        };
        let columns = sources(w, dx);
        let mut values = buffers::floats(w * h);
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

    /// The bilinear interpolation at a point, and the upper left one of its four cells. None outside of the field.
    pub(crate) fn interpolated(&self, x: f32, y: f32) -> Option<(usize, f32)> {
        let is_inside =
            x >= 0.0 && y >= 0.0 && x < as_f32(self.width - 1) && y < as_f32(self.height - 1);
        if !is_inside {
            return None;
        }
        let (left, top) = (floor_index(x), floor_index(y));
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
    pub(crate) fn halved(&self) -> Self {
        let (w, h) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut values = buffers::floats(w * h);
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

    /// A robust standard deviation of the numbers that have weight: 1.4826 times the median absolute value, of every
    /// third one.
    pub(crate) fn robust_sigma(&self, weights: &Self) -> f32 {
        let mut deviations = buffers::floats(self.values.len());
        let weighted = self.values.iter().zip(&weights.values).step_by(3);
        deviations.extend(
            weighted
                .filter(|&(_, &weight)| weight > 0.0)
                .map(|(value, _)| value.abs()),
        );
        let middle = deviations.len() / 2;
        let median = match deviations.is_empty() {
            true => 0.0,
            false => *deviations.select_nth_unstable_by(middle, f32::total_cmp).1,
        };
        buffers::recycle_floats(deviations);
        median * 1.4826
    }
}

/// Combines numbers in place, eight at a time: the compiler does not vectorise loops in a program built for size.
fn zip_in_place(to: &mut [f32], with: &[f32], combine: impl Fn(f32x8, f32x8) -> f32x8) {
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
        buffers::recycle_floats(std::mem::take(&mut self.values));
    }
}

/// Rows that are summed in parallel: within a row, each sum depends on the one before it.
const LANES: usize = 8;

/// The window sums within each of at most [`LANES`] rows. `columns` has room for the rows' numbers, interleaved, padded
/// with zeros as far as the window reaches.
fn sums_across(rows: &[f32], sums: &mut [f32], columns: &mut [[f32; LANES]], radius: usize) {
    let reach = 2 * radius + 1;
    let width = columns.len() - reach;
    columns[..=radius].fill([0.0; LANES]);
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
pub(crate) fn as_f32(value: usize) -> f32 {
    u16::try_from(value).map_or(f32::from(u16::MAX), f32::from)
}

fn floor_index(value: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the field before"
    )]
    let value = value as usize;
    value
}
