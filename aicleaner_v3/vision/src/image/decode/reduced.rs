//! JPEG at an eighth, a quarter or half of its size (ITU-T T.81): of each block of 8 x 8 only the low frequencies are
//! turned into pixels, all others are skipped. What the gate needs of a large picture costs a third of its decoding
//! this way, and a sixteenth of its memory. Reads the one kind of JPEG that cameras send, baseline in one scan; for any
//! other there is the full decoder. Must never return a picture whose data ends too early.

use super::bit_reader::{BitReader, value};
use super::huffman::{AcDecoder, Huffman};
use super::idct::inverse_dct;
use super::markers::{cut_off, damaged};
use super::reduced_header::{Component, Header};
use crate::image::buffers;
use crate::image::error::PictureError;
use crate::image::levels::clamped;
use crate::image::raster::Raster;

/// The zigzag positions of a block's lowest frequencies (T.81, figure A.6).
const ZIGZAG: [[usize; 4]; 4] = [[0, 1, 5, 6], [2, 4, 7, 13], [3, 8, 12, 17], [9, 11, 18, 24]];

/// The largest coefficient of an 8-bit picture; what damaged data says beyond this is clamped.
const MAX_COEFFICIENT: i32 = 4095;

/// The picture with its longest side at least `longest_side` pixels, and no larger than it need be. None when it is of
/// another kind, or not large enough to be reduced.
///
/// # Errors
/// When its data ends before the picture does, or is no valid code.
pub(super) fn decode(bytes: &[u8], longest_side: u32) -> Result<Option<Raster>, PictureError> {
    let Some(header) = Header::read(bytes) else {
        return Ok(None);
    };
    // Only where the sides divide evenly: masks lie at shares of them.
    let is_enough = |points: u32| {
        let sides = [header.width, header.height].map(|side| side * points);
        sides.iter().any(|side| side / 8 >= longest_side)
            && sides.iter().all(|side| side.is_multiple_of(8))
    };
    if is_enough(1) {
        header.pixels::<1>(bytes)
    } else if is_enough(2) {
        header.pixels::<2>(bytes)
    } else if is_enough(4) {
        header.pixels::<4>(bytes)
    } else {
        return Ok(None);
    }
    .map(Some)
}

impl Header {
    /// The picture with `POINTS` (1, 2 or 4) pixels for each 8.
    fn pixels<const POINTS: usize>(&self, bytes: &[u8]) -> Result<Raster, PictureError> {
        let planes = self.planes::<POINTS>(bytes)?;
        let reduced = |side: u32| side as usize * POINTS / 8;
        let (width, height) = (reduced(self.width), reduced(self.height));
        let mut rgb = buffers::dirty(width * height * 3);
        let (brightness, others) = planes.split_first().ok_or_else(no_code)?;
        for (y, row) in rgb.chunks_exact_mut(width * 3).enumerate() {
            let levels = brightness.row(y, brightness);
            let [blue, red] = others else {
                for (pixel, &level) in row.chunks_exact_mut(3).zip(levels) {
                    pixel.fill(level);
                }
                continue;
            };
            let times = brightness.across / blue.across;
            let colours = blue.row(y, brightness).iter().zip(red.row(y, brightness));
            let pixels = row.chunks_mut(times * 3).zip(levels.chunks(times));
            for ((pixels, levels), (&blue, &red)) in pixels.zip(colours) {
                let colour = colour_of(blue, red);
                for (pixel, &level) in pixels.chunks_exact_mut(3).zip(levels) {
                    pixel.copy_from_slice(&rgb_of(level, colour));
                }
            }
        }
        planes
            .into_iter()
            .for_each(|plane| buffers::recycle_bytes(plane.values));
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        Raster::new(side(width), side(height), rgb).ok_or_else(no_code)
    }

    fn planes<const POINTS: usize>(&self, bytes: &[u8]) -> Result<Vec<Plane>, PictureError> {
        // None has more blocks than the first: see `read_frame`.
        let first = self.components.first().ok_or_else(no_code)?;
        let columns = (self.width as usize).div_ceil(8 * first.across);
        let rows = (self.height as usize).div_ceil(8 * first.down);
        let mut planes: Vec<Plane> = self
            .components
            .iter()
            .map(|c| Plane {
                stride: columns * c.across * POINTS,
                across: c.across,
                down: c.down,
                values: buffers::dirty(columns * c.across * POINTS * rows * c.down * POINTS),
            })
            .collect();
        let mut before = vec![0; planes.len()];
        let ac = self.ac.each_ref();
        let ac = ac.map(|codes| codes.as_ref().map(AcDecoder::new));
        let tables = self.components.iter().map(|c| self.tables(c, &ac));
        let tables: Vec<Tables> = tables.collect::<Option<_>>().ok_or_else(no_code)?;
        let mut bits = BitReader::new(bytes, self.data);
        for mcu in 0..columns * rows {
            if self.restart > 0 && mcu > 0 && mcu.is_multiple_of(self.restart) {
                bits.restart().ok_or_else(ended)?;
                before.fill(0);
            }
            let (column, row) = (mcu % columns, mcu / columns);
            let parts = self.components.iter().zip(&tables).zip(&mut planes);
            for (((component, tables), plane), before) in parts.zip(&mut before) {
                for block in 0..component.across * component.down {
                    let (x, y) = (block % component.across, block / component.across);
                    let block =
                        block_of::<POINTS>(&mut bits, *tables, before).ok_or_else(no_code)?;
                    let left = (column * component.across + x) * POINTS;
                    let top = (row * component.down + y) * POINTS;
                    for (y, values) in block.iter().enumerate() {
                        plane.values[(top + y) * plane.stride + left..][..POINTS]
                            .copy_from_slice(values);
                    }
                }
            }
            if bits.is_overrun() {
                return Err(ended());
            }
        }
        Ok(planes)
    }

    fn tables<'a>(
        &'a self,
        component: &Component,
        ac: &'a [Option<AcDecoder>; 4],
    ) -> Option<Tables<'a>> {
        Some(Tables {
            quantization: self.quantization[component.quantization].as_ref()?,
            dc: self.dc[component.dc].as_ref()?,
            ac: ac[component.ac].as_ref()?,
        })
    }
}

/// The tables of one component.
#[derive(Clone, Copy)]
struct Tables<'a> {
    quantization: &'a [i32; 64],
    dc: &'a Huffman,
    ac: &'a AcDecoder<'a>,
}

/// The decoded values of one component.
struct Plane {
    /// Values from one row to the next.
    stride: usize,
    across: usize,
    down: usize,
    values: Vec<u8>,
}

impl Plane {
    /// The row that belongs to row `y` of the plane of brightness.
    fn row(&self, y: usize, brightness: &Self) -> &[u8] {
        &self.values[y * self.down / brightness.down * self.stride..][..self.stride]
    }
}

/// The next block, with `POINTS` values across and down. None when there is no valid code.
#[inline]
fn block_of<const POINTS: usize>(
    bits: &mut BitReader,
    tables: Tables,
    before: &mut i32,
) -> Option<[[u8; POINTS]; POINTS]> {
    // The last coefficient of these frequencies, in the order in which they come.
    let last = match POINTS {
        1 => 0,
        2 => 4,
        _ => 24,
    };
    let mut numbers = [0_i16; 32];
    let window = bits.window();
    let (size, length) = tables.dc.symbol(window)?;
    let size = size & 0x0F;
    *before = before.wrapping_add(value(window << length, size).into());
    bits.skip(length + size);
    let mut at = 1;
    while at < AcDecoder::PER_BLOCK {
        let window = bits.window();
        if at > last
            && let Some((length, after)) = tables.ac.run(window, at)
        {
            bits.skip(length);
            at = after;
            continue;
        }
        let next = tables.ac.next(window)?;
        bits.skip(next.bits);
        at += usize::from(next.zeros);
        // What comes after the last one that is needed is ignored.
        numbers[at.min(31)] = next.value;
        at += 1;
    }
    let mut frequencies = [[0; POINTS]; POINTS];
    for (y, row) in frequencies.iter_mut().enumerate() {
        for (x, frequency) in row.iter_mut().enumerate() {
            let at = ZIGZAG[y][x];
            let number = if at == 0 { *before } else { numbers[at].into() };
            let whole = number.clamp(-MAX_COEFFICIENT, MAX_COEFFICIENT) * tables.quantization[at];
            *frequency = whole.clamp(-MAX_COEFFICIENT, MAX_COEFFICIENT);
        }
    }
    Some(inverse_dct(frequencies))
}

/// What chroma adds to red, green and blue, with 16 fractional bits (ITU-T T.871, 7).
#[inline]
fn colour_of(blue: u8, red: u8) -> [i32; 3] {
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    [91_881 * red, -22_554 * blue - 46_802 * red, 116_130 * blue]
}

#[inline]
fn rgb_of(luma: u8, colour: [i32; 3]) -> [u8; 3] {
    let luma = (i32::from(luma) << 16) + (1 << 15);
    colour.map(|colour| clamped((luma + colour) >> 16))
}

fn ended() -> PictureError {
    cut_off("its data ends before the picture does")
}

fn no_code() -> PictureError {
    damaged("its data is no valid code".to_owned())
}
