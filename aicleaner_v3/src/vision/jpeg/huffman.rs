//! Huffman tables (ITU-T T.81, annex C) as one lookup for short codes, and by length for long ones.

use super::bits::Bits;

/// How many bits one lookup takes in.
const LOOK: u32 = 10;

/// One decoded symbol.
#[derive(Clone, Copy)]
pub(super) struct Symbol {
    /// Zero coefficients before this one; the category's upper half.
    pub(super) run: u32,
    /// Bits that still follow, 0 to 15; the lower half.
    pub(super) size: u32,
    /// The coefficient itself when it was part of the lookup, else 0.
    pub(super) value: i32,
}

/// A table of one class and destination.
#[derive(Clone)]
pub(super) struct Huffman {
    /// Coefficient << 16 | run << 12 | bits to follow << 8 | bits used; 0 where the code is longer.
    quick: Box<[u32; 1 << LOOK]>,
    /// For each length: the first code past it, aligned to 16 bits.
    past: [u32; 17],
    /// For each length: what to add to a code to find its symbol.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// `counts` is how many codes there are of 1 to 16 bits. None when they are no prefix code.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            quick: Box::new([0; 1 << LOOK]),
            past: [0; 17],
            offset: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16_u32 {
            table.offset[length as usize] =
                i32::try_from(index).ok()? - i32::try_from(code).ok()?;
            for _ in 0..counts[length as usize - 1] {
                let &symbol = symbols.get(index)?;
                if code >= 1 << length {
                    return None;
                }
                if length <= LOOK {
                    table.enter(code, length, symbol);
                }
                code += 1;
                index += 1;
            }
            table.past[length as usize] = code << (16 - length);
            code <<= 1;
        }
        (index == symbols.len() && index > 0).then_some(table)
    }

    fn enter(&mut self, code: u32, length: u32, symbol: u8) {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        let first = code << (LOOK - length);
        for low in 0..1_u32 << (LOOK - length) {
            let entry = if size > 0 && length + size <= LOOK {
                let bits = (low >> (LOOK - length - size)) as i32;
                let value = if bits < 1 << (size - 1) {
                    bits - (1 << size) + 1
                } else {
                    bits
                };
                value.cast_unsigned() << 16 | run << 12 | (length + size)
            } else {
                run << 12 | size << 8 | length
            };
            if let Some(slot) = self.quick.get_mut((first + low) as usize) {
                *slot = entry;
            }
        }
    }

    /// The next symbol, with its value when short. None when no code begins like this.
    #[inline(always)]
    pub(super) fn next(&self, bits: &mut Bits<'_>) -> Option<Symbol> {
        bits.fill();
        let entry = self.quick[bits.peek::<LOOK>()];
        if entry == 0 {
            return self.next_long(bits);
        }
        bits.skip(entry & 0xFF);
        Some(Symbol {
            run: entry >> 12 & 15,
            size: entry >> 8 & 15,
            value: (entry as i32) >> 16,
        })
    }

    #[inline(never)]
    fn next_long(&self, bits: &mut Bits<'_>) -> Option<Symbol> {
        let ahead = bits.peek16();
        let length = (LOOK + 1..=16).find(|&l| ahead < self.past[l as usize])?;
        let code = (ahead >> (16 - length)) as i32;
        let index = usize::try_from(code + self.offset[length as usize]).ok()?;
        let &symbol = self.symbols.get(index)?;
        bits.skip(length);
        Some(Symbol {
            run: u32::from(symbol >> 4),
            size: u32::from(symbol & 15),
            value: 0,
        })
    }

    /// The next DC difference (T.81 F.2.2.1).
    #[inline(always)]
    pub(super) fn next_difference(&self, bits: &mut Bits<'_>) -> Option<i32> {
        let symbol = self.next(bits)?;
        if symbol.value != 0 || symbol.size == 0 {
            return Some(symbol.value);
        }
        Some(bits.take_signed(symbol.size))
    }
}
