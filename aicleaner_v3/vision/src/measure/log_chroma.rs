//! Log-chromaticity: colour without brightness, as two logarithms a sample, which a change of light moves by the same
//! step whatever the colour of the surface. Never compares frames.

use super::field::Field;
use super::grid::Grid;

/// Levels added before the logarithm: noise in the dark must not count as colour.
const FLOOR: f32 = 12.0;

/// The log-chromaticity of a frame, one sample for each 2 x 2 cells.
pub(crate) struct LogChroma {
    /// ln(red / blue): what daylight and lamps differ in.
    pub(crate) warm: Field,
    /// ln(green² / (red · blue)), from magenta to green: what light hardly changes.
    pub(crate) green: Field,
}

impl LogChroma {
    pub(crate) fn of(grid: &Grid) -> Self {
        let (width, height) = (grid.width.div_ceil(2), grid.height.div_ceil(2));
        let mut warm = Vec::with_capacity(width * height);
        let mut green = Vec::with_capacity(width * height);
        for y in 0..height {
            let upper = &grid.luma[y * 2 * grid.width..][..grid.width];
            let lower = &grid.luma[(y * 2 + 1).min(grid.height - 1) * grid.width..][..grid.width];
            for x in 0..width {
                let (left, right) = (x * 2, (x * 2 + 1).min(grid.width - 1));
                let luma = (f32::from(upper[left])
                    + f32::from(upper[right])
                    + f32::from(lower[left])
                    + f32::from(lower[right]))
                    / 4.0;
                let at = y * width + x;
                let blue = f32::from(grid.blue[at]) - 128.0;
                let red = f32::from(grid.red[at]) - 128.0;
                // ITU-T T.871, 7.
                let r = (luma + 1.402 * red).max(0.0) + FLOOR;
                let g = (luma - 0.344 * blue - 0.714 * red).max(0.0) + FLOOR;
                let b = (luma + 1.772 * blue).max(0.0) + FLOOR;
                warm.push((r / b).ln());
                green.push((g * g / (r * b)).ln());
            }
        }
        Self {
            warm: Field::new(width, height, warm),
            green: Field::new(width, height, green),
        }
    }

    /// Moved by so many samples.
    pub(crate) fn shifted(&self, dx: f32, dy: f32) -> Self {
        Self {
            warm: self.warm.shifted(dx, dy),
            green: self.green.shifted(dx, dy),
        }
    }
}
