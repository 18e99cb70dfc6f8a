//! The Huffman codes of a JPEG's scan (ITU-T T.81, annex C and F.2.2.3). Must never take an unassigned code for a
//! symbol.

use super::bit_reader::value;

/// Codes up to this length are looked up at once; few are longer.
const SHORT_BITS: u32 = 9;

/// One table of codes.
pub(super) struct Huffman {
    symbols: Vec<u8>,
    /// For the next [`SHORT_BITS`] bits: the symbol, and the length of its code; 0 if that is longer.
    short: [(u8, u8); 1 << SHORT_BITS],
    /// For each length: the code after its last one, from the highest of 16 bits on, and how far a symbol lies from
    /// its code.
    long: [(u32, i32); 17],
}

impl Huffman {
    /// The codes for `symbols`, of which there are `counts` of each length from 1 to 16. None when these are more than
    /// fit.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            symbols: symbols.to_vec(),
            short: [(0, 0); 1 << SHORT_BITS],
            long: [(0, 0); 17],
        };
        let (mut code, mut known) = (0_u32, 0_u32);
        for (length, &count) in (1..=16_u8).zip(counts) {
            let bits = u32::from(length);
            if code + u32::from(count) > 1 << bits {
                return None;
            }
            table.long[usize::from(length)] = (
                (code + u32::from(count)) << (16 - bits),
                i32::try_from(known).ok()? - i32::try_from(code).ok()?,
            );
            for _ in 0..count {
                let symbol = *symbols.get(known as usize)?;
                if let Some(rest) = SHORT_BITS.checked_sub(bits) {
                    table.short[(code << rest) as usize..][..1 << rest].fill((symbol, length));
                }
                (code, known) = (code + 1, known + 1);
            }
            code <<= 1;
        }
        Some(table)
    }

    /// The symbol whose code the window begins with, and the length of that. None when no code begins so.
    #[inline]
    pub(super) fn symbol(&self, window: u64) -> Option<(u8, u8)> {
        let found = self.short[(window >> (64 - SHORT_BITS)) as usize];
        if found.1 > 0 {
            return Some(found);
        }
        self.long_symbol(window)
    }

    fn long_symbol(&self, window: u64) -> Option<(u8, u8)> {
        let next = u32::try_from(window >> 48).ok()?;
        for length in SHORT_BITS + 1..=16 {
            let (end, distance) = self.long[length as usize];
            if next < end {
                let code = i32::try_from(next >> (16 - length)).ok()?;
                let symbol = usize::try_from(code + distance).ok()?;
                return Some((*self.symbols.get(symbol)?, length.to_le_bytes()[0]));
            }
        }
        None
    }
}

/// Decodes AC coefficients: their codes and the values after them (T.81, F.2.2.2).
pub(super) struct AcDecoder<'a> {
    codes: &'a Huffman,
    /// For the next [`LOOKAHEAD_BITS`] bits: all complete coefficients.
    runs: Box<[Run; 1 << LOOKAHEAD_BITS]>,
}

/// Enough for a few coefficients, as most have three to six bits. A larger table takes longer to build than it saves.
const LOOKAHEAD_BITS: u32 = 12;

/// A coefficient that is not 0, or the end of its block.
pub(super) struct Coefficient {
    /// The length of its code and its value.
    pub(super) bits: u8,
    /// How many zero coefficients precede it; at the end more than a block has.
    pub(super) zeros: u8,
    pub(super) value: i16,
}

/// Complete coefficients, one after the other.
#[derive(Clone, Copy, Default)]
struct Run {
    /// How many bits they have; 0 if not even one is complete.
    bits: u8,
    /// How many they are, including zeros.
    coefficients: u8,
    /// Whether the block ends after them.
    ends: bool,
}

impl<'a> AcDecoder<'a> {
    /// How many a block has, including the DC coefficient.
    pub(super) const PER_BLOCK: usize = 64;
    const END: u8 = 64;

    pub(super) fn new(codes: &'a Huffman) -> Self {
        let mut table = Self {
            codes,
            runs: Box::new([Run::default(); _]),
        };
        for (ahead, window) in (0..1_u64 << LOOKAHEAD_BITS)
            .map(|bits| bits << (64 - LOOKAHEAD_BITS))
            .enumerate()
        {
            table.runs[ahead] = table.run_at(window);
        }
        table
    }

    /// The coefficient that the window begins with. None when no code begins so.
    #[inline]
    pub(super) fn next(&self, window: u64) -> Option<Coefficient> {
        let (symbol, length) = self.codes.symbol(window)?;
        let (zeros, size) = (symbol >> 4, symbol & 0x0F);
        let is_end = size == 0 && zeros < 15;
        Some(Coefficient {
            bits: length + size,
            zeros: if is_end { Self::END } else { zeros },
            value: value(window << length, size),
        })
    }

    /// The bits of the run that the window begins with, and the position after it if the first coefficient is number
    /// `at` of its block. None where the first is not complete, or one belongs to the next block, which has other
    /// codes.
    #[inline]
    pub(super) fn run(&self, window: u64, at: usize) -> Option<(u8, usize)> {
        let run = self.runs[(window >> (64 - LOOKAHEAD_BITS)) as usize];
        let after = at + usize::from(run.coefficients);
        let is_one_block = after + usize::from(run.ends) <= Self::PER_BLOCK;
        let end = usize::from(run.ends) * Self::PER_BLOCK;
        (run.bits > 0 && is_one_block).then_some((run.bits, after + end))
    }

    fn run_at(&self, window: u64) -> Run {
        let mut run = Run::default();
        while !run.ends
            && let Some(next) = self.next(window << run.bits)
            && u32::from(run.bits + next.bits) <= LOOKAHEAD_BITS
        {
            run.bits += next.bits;
            if next.zeros == Self::END {
                run.ends = true;
            } else {
                run.coefficients += next.zeros + 1;
            }
        }
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of T.81, table K.3: sizes of brightness' means.
    const COUNTS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];

    #[test]
    fn short_codes_are_read() {
        let symbols: Vec<u8> = (0..12).collect();
        let table = Huffman::new(&COUNTS, &symbols).unwrap();
        // 00, 010, 110, 1111 1111 0 and padding.
        let bytes = [0b0001_0110, 0xFF, 0b0111_1111, 0, 0, 0, 0, 0];
        let window = u64::from_be_bytes(bytes);

        let read = [0, 2, 5, 8].map(|at| table.symbol(window << at));

        assert_eq!(
            read,
            [Some((0, 2)), Some((1, 3)), Some((5, 3)), Some((11, 9))]
        );
    }

    #[test]
    fn long_codes_are_read_and_what_is_no_code_is_refused() {
        let mut counts = [0; 16];
        (counts[0], counts[11], counts[15]) = (1, 1, 1);
        let table = Huffman::new(&counts, &[7, 8, 9]).unwrap();
        // 1000 0000 0000 and 1000 0000 0001 0000; then ones.
        let window = u64::from_be_bytes([0x80, 0x08, 0x01, 0x0F, 0xF0, 0, 0, 0]);

        assert_eq!(table.symbol(window), Some((8, 12)));
        assert_eq!(table.symbol(window << 12), Some((9, 16)));
        assert_eq!(table.symbol(window << 28), None);
    }

    #[test]
    fn what_is_passed_over_is_as_long_as_what_is_read() {
        let mut counts = [0; 16];
        counts[..8].copy_from_slice(&[0, 1, 2, 2, 1, 1, 1, 3]);
        let symbols = [
            0x01, 0x00, 0x02, 0x11, 0xF0, 0x32, 0x05, 0x61, 0x0A, 0x23, 0xF1,
        ];
        let codes = Huffman::new(&counts, &symbols).unwrap();
        let table = AcDecoder::new(&codes);
        let mut passed = 0;
        for window in (0..5000_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)) {
            for first in [1, 40, 62, 63] {
                let Some((bits, behind)) = table.run(window, first) else {
                    continue;
                };
                let (mut read, mut at) = (0, first);
                while read < bits {
                    assert!(at < AcDecoder::PER_BLOCK, "{window:x} goes on from {at}");
                    let next = table.next(window << read).unwrap();
                    (read, at) = (read + next.bits, at + usize::from(next.zeros) + 1);
                }
                assert_eq!(read, bits, "{window:x}");
                assert_eq!(at.min(64), behind.min(64), "{window:x}");
                passed += 1;
            }
        }
        assert!(passed > 10_000, "{passed}");
    }

    #[test]
    fn more_codes_than_fit_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;

        assert!(Huffman::new(&counts, &[1, 2, 3]).is_none());
    }
}
