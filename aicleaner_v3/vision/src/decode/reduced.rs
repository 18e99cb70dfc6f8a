//! JPEG at an eighth, a quarter or half of its size (ITU-T T.81): of each block of 8 x 8 only the low frequencies are
//! turned into pixels, all others are passed over. What the gate needs of a large picture costs a third of its
//! decoding this way, and a sixteenth of its memory. Reads the one kind of JPEG that cameras send, baseline in one
//! scan; for any other there is the whole decoder.

use super::super::buffers;
use super::super::grid::level;
use super::bits::{Bits, number};
use super::huffman::{Coefficients, Huffman};
use super::jpeg::{cut_off, next_marker, segment};
use super::{PictureError, Raster};

/// When the lowest frequencies of a block come (T.81, figure A.6).
const ORDER: [[usize; 4]; 4] = [[0, 1, 5, 6], [2, 4, 7, 13], [3, 8, 12, 17], [9, 11, 18, 24]];

/// No coefficient of a picture of 8 bits is larger; what damaged data says beyond this is cut off.
const MOST: i32 = 4095;

/// The picture with its longest side at least `longest_side` pixels, and no larger than it need be. None when it is of
/// another kind, or not large enough to be reduced.
///
/// # Errors
/// When its data ends before the picture does, or is no valid code.
pub(super) fn decode(bytes: &[u8], longest_side: u32) -> Result<Option<Raster>, PictureError> {
    let Some(header) = Header::read(bytes) else {
        return Ok(None);
    };
    // Only where it comes out even: masks lie at shares of the sides.
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

/// One of brightness, blue and red.
struct Component {
    id: u8,
    /// Blocks of one unit of the scan, across and down.
    across: usize,
    down: usize,
    quantization: usize,
    dc: usize,
    ac: usize,
}

/// All that stands before the scan's data.
struct Header {
    width: u32,
    height: u32,
    components: Vec<Component>,
    /// Units of the scan between two restart markers; 0 is none.
    restart: usize,
    /// In the order in which they come.
    quantization: [Option<[i32; 64]>; 4],
    dc: [Option<Huffman>; 4],
    ac: [Option<Huffman>; 4],
    /// Where the data begins.
    data: usize,
}

impl Header {
    /// None for all that [`decode`] leaves to others; damage is theirs to name.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut header = Self {
            width: 0,
            height: 0,
            components: Vec::new(),
            restart: 0,
            quantization: [None; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            data: 0,
        };
        let mut at = 2;
        loop {
            let (marker, after) = next_marker(bytes, at)?;
            if bytes[at..after - 1].iter().any(|&byte| byte != 0xFF) {
                return None;
            }
            let body = segment(bytes, after).ok()?;
            at = after + 2 + body.len();
            match marker {
                0xC0 | 0xC1 => header.read_frame(body)?,
                0xC4 => header.read_huffman(body)?,
                0xDB => header.read_quantization(body)?,
                0xDD => header.restart = u16::from_be_bytes(*body.first_chunk()?).into(),
                // Adobe's note that the colours are not what they usually are.
                0xEE if body.starts_with(b"Adobe") && body.get(11) != Some(&1) => return None,
                0xE0..=0xEF | 0xFE => {}
                0xDA => {
                    header.read_scan(body)?;
                    header.data = at;
                    return Some(header);
                }
                _ => return None,
            }
        }
    }

    fn read_frame(&mut self, body: &[u8]) -> Option<()> {
        let (&[precision, h1, h0, w1, w0, count], components) = body.split_first_chunk()?;
        let is_usual = precision == 8 && (count == 1 || count == 3) && self.components.is_empty();
        if !is_usual || components.len() != usize::from(count) * 3 {
            return None;
        }
        (self.width, self.height) = (
            u16::from_be_bytes([w1, w0]).into(),
            u16::from_be_bytes([h1, h0]).into(),
        );
        for component in components.chunks_exact(3) {
            let factors = [component[1] >> 4, component[1] & 0x0F];
            // A scan of one component has units of one block, whatever its factors say (T.81, A.2.2).
            let [across, down] = if count == 1 { [1, 1] } else { factors };
            self.components.push(Component {
                id: component[0],
                across: across.into(),
                down: down.into(),
                quantization: component[2].into(),
                dc: 0,
                ac: 0,
            });
        }
        let (first, others) = self.components.split_first()?;
        let fits = |own: usize, most: usize| [1, 2, 4].contains(&own) && most.is_multiple_of(own);
        let is_rgb = self.components.iter().map(|c| c.id).eq(*b"RGB");
        let is_usual = fits(first.across, first.across)
            && fits(first.down, first.down)
            && others
                .iter()
                .all(|c| fits(c.across, first.across) && fits(c.down, first.down))
            && others.windows(2).all(|two| two[0].across == two[1].across);
        (is_usual && !is_rgb && self.width > 0 && self.height > 0).then_some(())
    }

    fn read_quantization(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let bytes = if kind >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest.split_at_checked(64 * bytes)?;
            let mut table = [0; 64];
            for (value, bytes) in table.iter_mut().zip(values.chunks_exact(bytes)) {
                *value = bytes.iter().fold(0, |value, &b| value << 8 | i32::from(b));
            }
            *self.quantization.get_mut(usize::from(kind & 0x0F))? = Some(table);
            body = rest;
        }
        Some(())
    }

    fn read_huffman(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let length = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(length)?;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(kind & 0x0F))? = Some(Huffman::new(counts, symbols)?);
            body = rest;
        }
        Some(())
    }

    fn read_scan(&mut self, body: &[u8]) -> Option<()> {
        let (&count, rest) = body.split_first()?;
        let (components, frequencies) = rest.split_at_checked(usize::from(count) * 2)?;
        if self.components.is_empty()
            || self.components.len() != usize::from(count)
            || frequencies != [0, 63, 0]
        {
            return None;
        }
        for (component, scan) in self.components.iter_mut().zip(components.chunks_exact(2)) {
            if component.id != scan[0] {
                return None;
            }
            (component.dc, component.ac) = ((scan[1] >> 4).into(), (scan[1] & 0x0F).into());
            self.quantization.get(component.quantization)?.as_ref()?;
            self.dc.get(component.dc)?.as_ref()?;
            self.ac.get(component.ac)?.as_ref()?;
        }
        Some(())
    }

    /// The picture with `POINTS` (1, 2 or 4) pixels for each 8.
    fn pixels<const POINTS: usize>(&self, bytes: &[u8]) -> Result<Raster, PictureError> {
        let planes = self.planes::<POINTS>(bytes)?;
        let reduced = |side: u32| side as usize * POINTS / 8;
        let (width, height) = (reduced(self.width), reduced(self.height));
        let mut rgb = buffers::leftovers(width * height * 3);
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
            .for_each(|plane| buffers::give_bytes(plane.values));
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
                values: buffers::leftovers(columns * c.across * POINTS * rows * c.down * POINTS),
            })
            .collect();
        let mut before = vec![0; planes.len()];
        let ac = self.ac.each_ref();
        let ac = ac.map(|codes| codes.as_ref().map(Coefficients::new));
        let tables = self.components.iter().map(|c| self.tables(c, &ac));
        let tables: Vec<Tables> = tables.collect::<Option<_>>().ok_or_else(no_code)?;
        let mut bits = Bits::new(bytes, self.data);
        for unit in 0..columns * rows {
            if self.restart > 0 && unit > 0 && unit.is_multiple_of(self.restart) {
                bits.restart().ok_or_else(ended)?;
                before.fill(0);
            }
            let (column, row) = (unit % columns, unit / columns);
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
            if bits.are_exceeded() {
                return Err(ended());
            }
        }
        Ok(planes)
    }

    fn tables<'a>(
        &'a self,
        component: &Component,
        ac: &'a [Option<Coefficients>; 4],
    ) -> Option<Tables<'a>> {
        Some(Tables {
            quantization: self.quantization[component.quantization].as_ref()?,
            dc: self.dc[component.dc].as_ref()?,
            ac: ac[component.ac].as_ref()?,
        })
    }
}

/// What one component is coded with.
#[derive(Clone, Copy)]
struct Tables<'a> {
    quantization: &'a [i32; 64],
    dc: &'a Huffman,
    ac: &'a Coefficients<'a>,
}

/// One component's values.
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
    bits: &mut Bits,
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
    *before = before.wrapping_add(number(window << length, size).into());
    bits.skip(length + size);
    let mut at = 1;
    while at < Coefficients::OF_BLOCK {
        let window = bits.window();
        if at > last
            && let Some((length, behind)) = tables.ac.pass(window, at)
        {
            bits.skip(length);
            at = behind;
            continue;
        }
        let next = tables.ac.next(window)?;
        bits.skip(next.bits);
        at += usize::from(next.zeros);
        // What lies behind the last one is not looked at.
        numbers[at.min(31)] = next.number;
        at += 1;
    }
    let mut frequencies = [[0; POINTS]; POINTS];
    for (y, row) in frequencies.iter_mut().enumerate() {
        for (x, frequency) in row.iter_mut().enumerate() {
            let at = ORDER[y][x];
            let number = if at == 0 { *before } else { numbers[at].into() };
            let whole = number.clamp(-MOST, MOST) * tables.quantization[at];
            *frequency = whole.clamp(-MOST, MOST);
        }
    }
    Some(values_of(frequencies))
}

/// Frequencies to values: the inverse cosine transform with fewer points (T.81, A.3.3, its basis sampled anew).
#[inline]
fn values_of<const POINTS: usize>(frequencies: [[i32; POINTS]; POINTS]) -> [[u8; POINTS]; POINTS] {
    /// Binary digits behind the point: of the basis, and of what lies between the two passes.
    const BASIS: u32 = 12;
    const BETWEEN: u32 = 4;
    let mut columns = [[0; POINTS]; POINTS];
    for (x, column) in columns.iter_mut().enumerate() {
        let sums = transformed(std::array::from_fn(|y| frequencies[y][x]));
        *column = sums.map(|sum| (sum + (1 << (BASIS - BETWEEN - 1))) >> (BASIS - BETWEEN));
    }
    let mut values = [[0; POINTS]; POINTS];
    for (y, row) in values.iter_mut().enumerate() {
        let sums = transformed(std::array::from_fn(|x| columns[x][y]));
        // Half a level, and the middle of all levels.
        let rest = (1 << (BASIS + BETWEEN - 1)) + (128 << (BASIS + BETWEEN));
        *row = sums.map(|sum| level((sum + rest) >> (BASIS + BETWEEN)));
    }
    values
}

/// One pass over a row or column, with [`values_of`]'s 12 digits: the orthonormal basis of `POINTS` points, times the
/// root of `POINTS` / 8, as eight points were.
#[inline]
fn transformed<const POINTS: usize>(from: [i32; POINTS]) -> [i32; POINTS] {
    /// The root of 1/8: the same for one, two and four points.
    const EVEN: i32 = 1448;
    /// Half of cos(pi/8) and of cos(3 pi/8).
    const NEAR: i32 = 1892;
    const FAR: i32 = 784;
    let mut to = [0; POINTS];
    match (&from[..], &mut to[..]) {
        (&[mean], [to]) => *to = mean * EVEN,
        (&[mean, slope], [left, right]) => {
            *left = (mean + slope) * EVEN;
            *right = (mean - slope) * EVEN;
        }
        (&[a, b, c, d], [first, second, third, fourth]) => {
            let (outer, inner) = ((a + c) * EVEN, (a - c) * EVEN);
            let (wide, narrow) = (b * NEAR + d * FAR, b * FAR - d * NEAR);
            *first = outer + wide;
            *second = inner + narrow;
            *third = inner - narrow;
            *fourth = outer - wide;
        }
        _ => {}
    }
    to
}

/// What a colour adds to red, green and blue, with 16 binary digits (ITU-T T.871, 7).
#[inline]
fn colour_of(blue: u8, red: u8) -> [i32; 3] {
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    [91_881 * red, -22_554 * blue - 46_802 * red, 116_130 * blue]
}

#[inline]
fn rgb_of(luma: u8, colour: [i32; 3]) -> [u8; 3] {
    let luma = (i32::from(luma) << 16) + (1 << 15);
    colour.map(|colour| level((luma + colour) >> 16))
}

fn ended() -> PictureError {
    cut_off("its data ends before the picture does")
}

fn no_code() -> PictureError {
    super::jpeg::damaged("its data is no valid code".to_owned())
}
