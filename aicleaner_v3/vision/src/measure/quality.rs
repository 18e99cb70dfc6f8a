//! Whether a frame shows anything: too dark, blown out, blurred, covered; and by which light.
//! Each fault is a reason with a number. Never counts masked cells, and never compares with another frame.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::grid::Grid;
use aicleaner_model::LightMode;

/// Measures of a frame, over all cells that are not masked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Mean brightness, 0 to 255.
    pub brightness: f32,
    /// How much brightness varies, 0 to 128: its standard deviation.
    pub contrast: f32,
    /// Cells that are nearly black, 0 to 1.
    pub black: f32,
    /// Cells that are nearly white, 0 to 1.
    pub white: f32,
    /// Gradients against contrast; 0.05 (a blur) to about 1 (a sharp picture).
    pub sharpness: f32,
    /// Mean distance of colours from grey, 0 to 128.
    pub colour: f32,
}

/// Why a frame can't be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QualityFault {
    /// Almost no light: brightness, 0 to 255.
    Dark(f32),
    /// Almost all white: the share of white cells, 0 to 1.
    BlownOut(f32),
    /// Too little detail: sharpness against this camera's usual one, 0 to 1.
    Blurred(f32),
    /// Nearly one colour: contrast, 0 to 128.
    Covered(f32),
}

impl fmt::Display for QualityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dark(brightness) => write!(f, "too dark: brightness {brightness:.0} of 255"),
            Self::BlownOut(white) => write!(f, "blown out: {:.0} % of it is white", white * 100.0),
            Self::Blurred(sharpness) => {
                write!(f, "blurred: {:.0} % of its usual detail", sharpness * 100.0)
            }
            Self::Covered(contrast) => {
                write!(f, "covered: contrast {contrast:.1}, a room has 20 or more")
            }
        }
    }
}

impl Quality {
    /// Measures a frame.
    pub fn of(grid: &Grid) -> Self {
        let mut count = 0.0_f32;
        let (mut sum, mut squares) = (0.0_f64, 0.0_f64);
        let (mut black, mut white, mut colour) = (0.0_f32, 0.0_f32, 0.0_f32);
        let (mut gradients, mut pairs) = (0.0_f64, 0.0_f64);
        for y in 0..grid.height {
            for x in 0..grid.width {
                let at = y * grid.width + x;
                if grid.is_hidden(at) {
                    continue;
                }
                let value = grid.luma[at];
                count += 1.0;
                sum += f64::from(value);
                squares += f64::from(value) * f64::from(value);
                black += f32::from(u8::from(value < 12));
                white += f32::from(u8::from(value > 249));
                let sample = grid.colour_at(x, y);
                colour += f32::from(grid.blue[sample].abs_diff(128));
                colour += f32::from(grid.red[sample].abs_diff(128));
                let open = |i: usize| !grid.is_hidden(i);
                if x + 1 < grid.width
                    && y + 1 < grid.height
                    && open(at + 1)
                    && open(at + grid.width)
                {
                    let right = f64::from(value) - f64::from(grid.luma[at + 1]);
                    let below = f64::from(value) - f64::from(grid.luma[at + grid.width]);
                    gradients += right * right + below * below;
                    pairs += 2.0;
                }
            }
        }
        let cells = f64::from(count.max(1.0));
        let mean = sum / cells;
        let variance = (squares / cells - mean * mean).max(0.0);
        let count = count.max(1.0);
        Self {
            brightness: single(mean),
            contrast: single(variance.sqrt()),
            black: black / count,
            white: white / count,
            sharpness: single((gradients / f64::max(pairs, 1.0) / (variance + 4.0)).sqrt()),
            colour: colour / count / 2.0,
        }
    }

    /// The light by which the frame was taken: infrared pictures have no colours.
    pub fn light_mode(&self) -> LightMode {
        if self.colour < 1.2 {
            LightMode::Infrared
        } else {
            LightMode::Colour
        }
    }

    /// What is wrong with the frame, if anything. `usual_sharpness` is this camera's own, if known.
    pub fn fault(&self, usual_sharpness: Option<f32>) -> Option<QualityFault> {
        if self.brightness < 14.0 && self.black > 0.6 {
            return Some(QualityFault::Dark(self.brightness));
        }
        if self.white > 0.6 || self.brightness > 240.0 {
            return Some(QualityFault::BlownOut(self.white));
        }
        if self.contrast < 7.0 {
            return Some(QualityFault::Covered(self.contrast));
        }
        let usual = usual_sharpness.unwrap_or(0.12);
        let share = self.sharpness / usual.max(0.01);
        (share < 0.45).then_some(QualityFault::Blurred(share))
    }
}

fn single(value: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "shown with two digits")]
    let value = value as f32;
    value
}
