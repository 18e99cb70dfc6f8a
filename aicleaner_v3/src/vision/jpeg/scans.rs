//! Pictures in several scans: progressive ones (T.81 annex G) and baseline ones that are not interleaved.
//! All coefficients are held until the last scan, so their memory is checked against the limits first.

use super::bits::Bits;
use super::huffman::Huffman;
use super::idct::Block;
use super::markers::{Frame, Markers, Next, Scan, ZIGZAG};
use super::planes::{Planes, Scratch};
use super::{cut_off, damaged};
use crate::vision::{Limits, PictureError};

/// More than any encoder makes, and few enough to bound the time.
const MOST_SCANS: usize = 100;

/// All coefficients of one component, block by block, each in zigzag order.
struct Store {
    blocks: Vec<[i16; 64]>,
    /// Blocks in a row, padded to whole MCUs.
    stride: usize,
    /// Blocks that the picture really has: a scan of this component alone has no others.
    own_across: usize,
    own_down: usize,
    /// In an MCU.
    across: usize,
    down: usize,
    /// Whether any scan brought its DC coefficients.
    seen: bool,
}

pub(super) fn decode(
    markers: &mut Markers<'_>,
    frame: &Frame,
    first: Scan,
    limits: &Limits,
    planes: &mut Planes,
    rgb: &mut Vec<u8>,
) -> Result<(), PictureError> {
    let mut stores = stores(frame, limits, planes)?;
    let mut scan = first;
    for number in 1.. {
        markers.at = read_scan(markers, frame, &scan, planes, &mut stores, number)?;
        match markers.next()? {
            Next::End => break,
            Next::Scan if number < MOST_SCANS => scan = markers.scan(frame)?,
            Next::Scan => return Err(damaged(&format!("it has more than {MOST_SCANS} scans"))),
            Next::Frame(_) => return Err(damaged("it has two frame headers")),
        }
    }
    if !stores.iter().all(|store| store.seen) {
        return Err(cut_off("one of its colours is missing".to_owned()));
    }
    let mut scratch = Scratch::default();
    for mcu_y in 0..planes.mcus_down {
        for (plane, store) in planes.parts.iter_mut().zip(&stores) {
            for y in 0..store.down {
                let start = (mcu_y * store.down + y) * store.stride;
                for (x, coefficients) in
                    store.blocks[start..start + store.stride].iter().enumerate()
                {
                    let mut block = Block {
                        coefficients: [[0.0; 8]; 8],
                        rows: 8,
                        columns: 8,
                    };
                    for (k, (&value, &at)) in coefficients.iter().zip(&ZIGZAG).enumerate() {
                        let at = usize::from(at);
                        block.coefficients[at / 8][at % 8] = f32::from(value) * plane.quantiser(k);
                    }
                    plane.put(&block, x, y);
                }
            }
        }
        planes.finish_row(mcu_y, &mut scratch, rgb);
    }
    Ok(())
}

fn stores(frame: &Frame, limits: &Limits, planes: &Planes) -> Result<Vec<Store>, PictureError> {
    let most = |of: fn(&super::markers::Declared) -> usize| {
        frame.components.iter().map(of).max().unwrap_or(1)
    };
    let (most_across, most_down) = (most(|c| c.across), most(|c| c.down));
    let blocks: usize = planes
        .parts
        .iter()
        .map(|p| planes.mcus_across * planes.mcus_down * p.across * p.down)
        .sum();
    // 3 bytes a pixel is what the limits allow; a coefficient has 2 bytes.
    if blocks as u64 * 128 > limits.pixels.saturating_mul(3).max(1 << 20) {
        return Err(PictureError::TooLarge {
            width: frame.width,
            height: frame.height,
            side: limits.side,
            pixels: limits.pixels / 2,
        });
    }
    let stores = frame.components.iter().map(|c| {
        let own = |pixels: u32, factor: usize, most: usize| {
            (pixels as usize * factor).div_ceil(most).div_ceil(8)
        };
        let stride = planes.mcus_across * c.across;
        Store {
            blocks: vec![[0; 64]; stride * planes.mcus_down * c.down],
            stride,
            own_across: own(frame.width, c.across, most_across),
            own_down: own(frame.height, c.down, most_down),
            across: c.across,
            down: c.down,
            seen: false,
        }
    });
    Ok(stores.collect())
}

/// Reads one scan and returns where it ends.
fn read_scan(
    markers: &Markers<'_>,
    frame: &Frame,
    scan: &Scan,
    planes: &Planes,
    stores: &mut [Store],
    number: usize,
) -> Result<usize, PictureError> {
    let short = || cut_off(format!("its data ends in scan {number}"));
    let mut reader = Reader::new(markers, frame.progressive, scan)?;
    let alone = scan.parts.len() == 1;
    let (across, down) = match scan.parts[..] {
        [(index, ..)] => (stores[index].own_across, stores[index].own_down),
        _ => (planes.mcus_across, planes.mcus_down),
    };
    for mcu_y in 0..down {
        for mcu_x in 0..across {
            if !reader.at_mcu() {
                return Err(short());
            }
            for (part, &(index, ..)) in scan.parts.iter().enumerate() {
                let store = &mut stores[index];
                let (width, height) = if alone {
                    (1, 1)
                } else {
                    (store.across, store.down)
                };
                for y in 0..height {
                    for x in 0..width {
                        let at = (mcu_y * height + y) * store.stride + mcu_x * width + x;
                        let block = &mut store.blocks[at];
                        if reader.block(part, block).is_none() {
                            return Err(if reader.bits.ran_out() {
                                short()
                            } else {
                                damaged(&format!("its data makes no sense in scan {number}"))
                            });
                        }
                    }
                }
            }
        }
        if reader.bits.ran_out() {
            return Err(short());
        }
    }
    if scan.first == 0 {
        for &(index, ..) in &scan.parts {
            stores[index].seen = true;
        }
    }
    Ok(reader.bits.position())
}

/// The state within one scan.
struct Reader<'a> {
    bits: Bits<'a>,
    scan: &'a Scan,
    progressive: bool,
    /// For each part of the scan, where it has one.
    dc: Vec<Option<&'a Huffman>>,
    ac: Vec<Option<&'a Huffman>>,
    previous: [i32; 4],
    /// Blocks that still have nothing in this band.
    empty_blocks: u32,
    restart_interval: usize,
    until_restart: usize,
    restarts: u8,
}

impl<'a> Reader<'a> {
    fn new(
        markers: &'a Markers<'_>,
        progressive: bool,
        scan: &'a Scan,
    ) -> Result<Self, PictureError> {
        let tables = &markers.tables;
        let needs_dc = scan.first == 0 && scan.high == 0;
        let needs_ac = scan.last > 0;
        let reader = Self {
            bits: Bits::new(markers.bytes, markers.at),
            scan,
            progressive,
            dc: scan
                .parts
                .iter()
                .map(|&(_, dc, _)| tables.dc[dc].as_ref())
                .collect(),
            ac: scan
                .parts
                .iter()
                .map(|&(.., ac)| tables.ac[ac].as_ref())
                .collect(),
            previous: [0; 4],
            empty_blocks: 0,
            restart_interval: tables.restart_interval,
            until_restart: tables.restart_interval,
            restarts: 0,
        };
        let missing = |tables: &[Option<&Huffman>]| tables.iter().any(Option::is_none);
        if (needs_dc && missing(&reader.dc)) || (needs_ac && missing(&reader.ac)) {
            return Err(damaged("a Huffman table is missing"));
        }
        Ok(reader)
    }

    /// Takes the restart marker before an MCU where one is due. False when it is not there.
    fn at_mcu(&mut self) -> bool {
        if self.restart_interval == 0 {
            return true;
        }
        if self.until_restart == 0 {
            if self.bits.ran_out() || !self.bits.restart(self.restarts & 7) {
                return false;
            }
            self.restarts = self.restarts.wrapping_add(1);
            self.previous = [0; 4];
            self.empty_blocks = 0;
            self.until_restart = self.restart_interval;
        }
        self.until_restart -= 1;
        true
    }

    fn block(&mut self, part: usize, block: &mut [i16; 64]) -> Option<()> {
        match (self.progressive, self.scan.first, self.scan.high) {
            (false, ..) => {
                self.dc_first(part, block)?;
                self.ac_first(part, block, 1, 63)
            }
            (true, 0, 0) => self.dc_first(part, block),
            (true, 0, _) => {
                self.bits.fill();
                if self.bits.take(1) == 1 {
                    block[0] |= 1 << self.scan.low;
                }
                Some(())
            }
            (true, first, 0) => self.ac_first(part, block, first, self.scan.last),
            (true, ..) => self.ac_refine(part, block),
        }
    }

    fn dc_first(&mut self, part: usize, block: &mut [i16; 64]) -> Option<()> {
        let difference = self.dc[part]?.next_difference(&mut self.bits)?;
        self.previous[part] = self.previous[part].wrapping_add(difference);
        block[0] = wrapped(self.previous[part] << self.shift());
        Some(())
    }

    fn shift(&self) -> u32 {
        if self.progressive { self.scan.low } else { 0 }
    }

    /// T.81 G.1.2.2, and F.2.2.2 where there are no runs of empty blocks.
    fn ac_first(
        &mut self,
        part: usize,
        block: &mut [i16; 64],
        first: usize,
        last: usize,
    ) -> Option<()> {
        if self.empty_blocks > 0 {
            self.empty_blocks -= 1;
            return Some(());
        }
        let table = self.ac[part]?;
        let mut k = first;
        while k <= last {
            let symbol = table.next(&mut self.bits)?;
            let value = if symbol.value != 0 {
                symbol.value
            } else if symbol.size != 0 {
                self.bits.take_signed(symbol.size)
            } else if symbol.run == 15 {
                k += 16;
                continue;
            } else {
                return self.begin_empty_blocks(symbol.run);
            };
            k += symbol.run as usize;
            if k > last {
                return None;
            }
            block[k] = wrapped(value << self.shift());
            k += 1;
        }
        Some(())
    }

    /// This block is empty from here, and so are the ones the run counts.
    fn begin_empty_blocks(&mut self, run: u32) -> Option<()> {
        if run > 0 {
            if !self.progressive {
                return None;
            }
            self.bits.fill();
            let more = u32::try_from(self.bits.take(run)).ok()?;
            self.empty_blocks = (1 << run) + more - 1;
        }
        Some(())
    }

    /// T.81 G.1.2.3.
    fn ac_refine(&mut self, part: usize, block: &mut [i16; 64]) -> Option<()> {
        let table = self.ac[part]?;
        let bit = 1_i16 << self.scan.low;
        let last = self.scan.last;
        let mut k = self.scan.first;
        if self.empty_blocks == 0 {
            while k <= last {
                let symbol = table.next(&mut self.bits)?;
                let mut zeros = symbol.run;
                let new = match (symbol.value, symbol.size) {
                    (0, 0) if symbol.run == 15 => 0,
                    (0, 0) => {
                        self.begin_empty_blocks(symbol.run)?;
                        // This block's own refinements still follow.
                        self.empty_blocks += 1;
                        break;
                    }
                    (0, 1) => {
                        if self.bits.take(1) == 1 {
                            bit
                        } else {
                            -bit
                        }
                    }
                    (1, _) => bit,
                    (-1, _) => -bit,
                    _ => return None,
                };
                while k <= last {
                    if block[k] != 0 {
                        self.refine(&mut block[k], bit);
                    } else if zeros == 0 {
                        block[k] = new;
                        k += 1;
                        break;
                    } else {
                        zeros -= 1;
                    }
                    k += 1;
                }
            }
        }
        if self.empty_blocks > 0 {
            for value in &mut block[k..=last] {
                if *value != 0 {
                    self.refine(value, bit);
                }
            }
            self.empty_blocks -= 1;
        }
        Some(())
    }

    fn refine(&mut self, value: &mut i16, bit: i16) {
        self.bits.fill();
        if self.bits.take(1) == 1 && *value & bit == 0 {
            *value = value.wrapping_add(if *value > 0 { bit } else { -bit });
        }
    }
}

/// The lower 16 bits: a valid picture has no larger coefficient.
fn wrapped(value: i32) -> i16 {
    let [low, high, ..] = value.to_le_bytes();
    i16::from_le_bytes([low, high])
}
