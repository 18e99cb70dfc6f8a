//! Turns a block of coefficients into samples, at its own size or smaller.
//!
//! A block of 8 x 8 coefficients gives N x M samples (1 to 8 each) when only the lowest N x M frequencies
//! are used: a good reduction at a fraction of the work. Both passes run over eight lanes at once.

/// The number of lanes, and of coefficients on a side.
const SIDE: usize = 8;

/// The cosines for one output size.
#[derive(Clone)]
pub(super) struct Basis {
    size: usize,
    /// For each sample, the weight of each frequency.
    by_sample: [[f32; SIDE]; SIDE],
    /// For each frequency, the weight in each sample.
    by_frequency: [[f32; SIDE]; SIDE],
}

impl Basis {
    /// For `size` samples, 1 to 8.
    pub(super) fn new(size: usize) -> Self {
        let size = size.clamp(1, SIDE);
        let mut basis = Self {
            size,
            by_sample: [[0.0; SIDE]; SIDE],
            by_frequency: [[0.0; SIDE]; SIDE],
        };
        for sample in 0..size {
            for frequency in 0..size {
                let weight = if frequency == 0 {
                    8.0_f64.sqrt().recip()
                } else {
                    let angle = std::f64::consts::PI * ((2 * sample + 1) * frequency) as f64
                        / (2 * size) as f64;
                    angle.cos() / 2.0
                };
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "single precision is enough"
                )]
                let weight = weight as f32;
                basis.by_sample[sample][frequency] = weight;
                basis.by_frequency[frequency][sample] = weight;
            }
        }
        basis
    }

    /// How many samples a block gives on this side.
    pub(super) fn size(&self) -> usize {
        self.size
    }
}

/// A block's coefficients, multiplied by their quantiser, row by row.
pub(super) struct Block {
    pub(super) coefficients: [[f32; SIDE]; SIDE],
    /// How many rows and columns from the start hold anything.
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// Writes the block's samples to `plane` from `start` on, rows `stride` apart.
/// Samples that do not fit into `plane` are dropped.
#[inline]
pub(super) fn inverse(
    block: &Block,
    across: &Basis,
    down: &Basis,
    plane: &mut [u8],
    start: usize,
    stride: usize,
) {
    let rows = block.rows.min(down.size);
    let columns = block.columns.min(across.size);
    let Some(target) = plane.get_mut(start..) else {
        return;
    };
    if rows <= 1 && columns <= 1 {
        let level = to_sample(block.coefficients[0][0] / 8.0);
        for line in target.chunks_mut(stride).take(down.size) {
            if let Some(samples) = line.get_mut(..across.size) {
                samples.fill(level);
            }
        }
        return;
    }
    // The number of passes as a constant lets the compiler unroll them.
    match rows.max(columns) {
        0..=2 => transform::<2>(block, across, down, target, stride),
        3 => transform::<3>(block, across, down, target, stride),
        4 => transform::<4>(block, across, down, target, stride),
        5 | 6 => transform::<6>(block, across, down, target, stride),
        _ => transform::<8>(block, across, down, target, stride),
    }
}

/// Uses the lowest `USED` x `USED` frequencies.
#[inline(always)]
fn transform<const USED: usize>(
    block: &Block,
    across: &Basis,
    down: &Basis,
    target: &mut [u8],
    stride: usize,
) {
    let lines = target.chunks_mut(stride).zip(&down.by_sample);
    for (line, weights) in lines.take(down.size) {
        let mut mixed = [0.0_f32; SIDE];
        for k in 0..USED {
            for lane in 0..SIDE {
                mixed[lane] += weights[k] * block.coefficients[k][lane];
            }
        }
        let mut samples = [0.0_f32; SIDE];
        for k in 0..USED {
            for lane in 0..SIDE {
                samples[lane] += mixed[k] * across.by_frequency[k][lane];
            }
        }
        let levels = samples.map(to_sample);
        // Whole lanes where there is room: what is too much is written over by the next block.
        if let Some(eight) = line.first_chunk_mut::<SIDE>() {
            *eight = levels;
        } else {
            let room = line.len().min(across.size);
            line[..room].copy_from_slice(&levels[..room]);
        }
    }
}

/// Adds the level shift of 128, rounds and clamps.
#[inline(always)]
fn to_sample(value: f32) -> u8 {
    // 2^23: a float of this size has its whole part in its lowest bits.
    const WHOLE: f32 = 8_388_608.0;
    let level = (value + 128.0).clamp(0.0, 255.0) + WHOLE;
    (level.to_bits() & 0xFF) as u8
}
