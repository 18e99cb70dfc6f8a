//! A coarse likeness of a picture, by which the simulated model finds out which snapshot it was shown.
//! It survives downscaling and re-encoding; it must never be used to judge what a picture shows.

/// Columns and rows of the likeness.
const COLUMNS: usize = 32;
const ROWS: usize = 18;

/// Mean brightness of each field of a 32 x 18 grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Fingerprint([f32; COLUMNS * ROWS]);

impl Fingerprint {
    /// The likeness of a picture of one byte a pixel. Nothing if it is smaller than the grid.
    #[must_use]
    pub fn of_luma(width: usize, height: usize, luma: &[u8]) -> Option<Self> {
        if width < COLUMNS || height < ROWS || luma.len() < width * height {
            return None;
        }
        let mut sums = [0_u64; COLUMNS * ROWS];
        let mut counts = [0_u64; COLUMNS * ROWS];
        let column_of: Vec<usize> = (0..width).map(|x| x * COLUMNS / width).collect();
        for (y, row) in luma.chunks_exact(width).take(height).enumerate() {
            let base = y * ROWS / height * COLUMNS;
            for (&column, &level) in column_of.iter().zip(row) {
                sums[base + column] += u64::from(level);
                counts[base + column] += 1;
            }
        }
        let mut fields = [0.0_f32; COLUMNS * ROWS];
        for ((field, sum), count) in fields.iter_mut().zip(sums).zip(counts) {
            *field = mean(sum, count);
        }
        Some(Self(fields))
    }

    /// How unlike two pictures are: the mean difference of brightness, 0 to 255.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f32 {
        let sum: f32 = self
            .0
            .iter()
            .zip(&other.0)
            .map(|(mine, theirs)| (mine - theirs).abs())
            .sum();
        sum / 576.0
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a rounding in the seventh digit of a mean does not matter"
)]
fn mean(sum: u64, count: u64) -> f32 {
    sum as f32 / count.max(1) as f32
}
