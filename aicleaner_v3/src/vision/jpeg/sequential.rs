//! Baseline pictures with one interleaved scan, as all cameras send them: row by row, with no memory
//! but one row of MCUs.

use super::bits::Bits;
use super::huffman::Huffman;
use super::idct::Block;
use super::markers::{Scan, Tables, ZIGZAG};
use super::planes::{Plane, Planes, Scratch};
use super::{cut_off, damaged};
use crate::vision::PictureError;

/// For each coefficient number: how many rows and columns hold something if it is the last one.
const REACH: [(u8, u8); 64] = {
    let mut reach = [(0, 0); 64];
    let (mut rows, mut columns, mut k) = (0, 0, 0);
    while k < 64 {
        let (row, column) = (ZIGZAG[k] / 8 + 1, ZIGZAG[k] % 8 + 1);
        if row > rows {
            rows = row;
        }
        if column > columns {
            columns = column;
        }
        reach[k] = (rows, columns);
        k += 1;
    }
    reach
};

/// Decodes the scan that begins at `at` and returns its pixels and where it ends.
pub(super) fn decode(
    bytes: &[u8],
    at: usize,
    scan: &Scan,
    tables: &Tables,
    planes: &mut Planes,
    rgb: &mut Vec<u8>,
) -> Result<usize, PictureError> {
    let mut bits = Bits::new(bytes, at);
    let mut scratch = Scratch::default();
    let mut coded = Vec::with_capacity(scan.parts.len());
    for &(index, dc, ac) in &scan.parts {
        let missing = || damaged("a Huffman table is missing");
        let dc = tables.dc[dc].as_ref().ok_or_else(missing)?;
        let ac = tables.ac[ac].as_ref().ok_or_else(missing)?;
        let needed = planes.parts[index].needed();
        coded.push((index, dc, ac, needed));
    }
    let mut previous = [0_i32; 4];
    let mut until_restart = tables.restart_interval;
    let mut restarts = 0_u8;
    let mut block = Block {
        coefficients: [[0.0; 8]; 8],
        rows: 1,
        columns: 1,
    };
    for mcu_y in 0..planes.mcus_down {
        for mcu_x in 0..planes.mcus_across {
            if tables.restart_interval > 0 {
                if until_restart == 0 {
                    if bits.ran_out() || !bits.restart(restarts & 7) {
                        return Err(short(mcu_y, planes.mcus_down));
                    }
                    restarts = restarts.wrapping_add(1);
                    previous = [0; 4];
                    until_restart = tables.restart_interval;
                }
                until_restart -= 1;
            }
            for &(index, dc, ac, needed) in &coded {
                let plane = &mut planes.parts[index];
                for y in 0..plane.down {
                    for x in 0..plane.across {
                        read_block(
                            &mut bits,
                            dc,
                            ac,
                            needed,
                            plane,
                            &mut previous[index],
                            &mut block,
                        )
                        .ok_or_else(|| broken(&bits, mcu_y, planes.mcus_down))?;
                        plane.put(&block, mcu_x * plane.across + x, y);
                    }
                }
            }
        }
        if bits.ran_out() {
            return Err(short(mcu_y, planes.mcus_down));
        }
        planes.finish_row(mcu_y, &mut scratch, rgb);
    }
    Ok(bits.position())
}

/// Reads one block (T.81 F.2.2). None when the code makes no sense.
#[inline(always)]
fn read_block(
    bits: &mut Bits<'_>,
    dc: &Huffman,
    ac: &Huffman,
    needed: usize,
    plane: &Plane,
    previous: &mut i32,
    block: &mut Block,
) -> Option<()> {
    let difference = dc.next_difference(bits)?;
    *previous = previous.wrapping_add(difference);
    if block.rows > 1 || block.columns > 1 {
        block.coefficients = [[0.0; 8]; 8];
    }
    block.coefficients[0][0] = *previous as f32 * plane.quantiser(0);
    let (mut k, mut last) = (1, 0);
    while k < 64 {
        let symbol = ac.next(bits)?;
        k += symbol.run as usize;
        let value = if symbol.value != 0 {
            symbol.value
        } else if symbol.size != 0 {
            bits.take_signed(symbol.size)
        } else if symbol.run == 15 {
            k += 1;
            continue;
        } else {
            break;
        };
        if k > 63 {
            return None;
        }
        if k < needed {
            let at = usize::from(ZIGZAG[k]);
            block.coefficients[at / 8][at % 8] = value as f32 * plane.quantiser(k);
            last = k;
        }
        k += 1;
    }
    if k > 64 {
        return None;
    }
    let (rows, columns) = REACH[last];
    (block.rows, block.columns) = (rows.into(), columns.into());
    Some(())
}

fn broken(bits: &Bits<'_>, mcu_y: usize, of: usize) -> PictureError {
    if bits.ran_out() {
        short(mcu_y, of)
    } else {
        damaged(&format!(
            "its data makes no sense in block row {} of {of}",
            mcu_y + 1
        ))
    }
}

fn short(mcu_y: usize, of: usize) -> PictureError {
    cut_off(format!("its data ends in block row {} of {of}", mcu_y + 1))
}
