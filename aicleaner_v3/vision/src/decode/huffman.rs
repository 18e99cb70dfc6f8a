//! The codes of a JPEG's scan (ITU-T T.81, annex C and F.2.2.3).

/// Codes up to this length are looked up at once; few are longer.
const SHORT: u32 = 9;

/// One table of codes.
pub(super) struct Huffman {
    symbols: Vec<u8>,
    /// For the next [`SHORT`] bits: the symbol, and the length of its code; 0 if that is longer.
    short: [(u8, u8); 1 << SHORT],
    /// For each length: the code behind its last one, from the highest of 16 bits on, and how far a symbol lies from
    /// its code.
    long: [(u32, i32); 17],
}

impl Huffman {
    /// The codes for `symbols`, of which there are `counts` of each length from 1 to 16. None when these are more than
    /// fit.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            symbols: symbols.to_vec(),
            short: [(0, 0); 1 << SHORT],
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
                if let Some(rest) = SHORT.checked_sub(bits) {
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
        let found = self.short[(window >> (64 - SHORT)) as usize];
        if found.1 > 0 {
            return Some(found);
        }
        self.long_symbol(window)
    }

    fn long_symbol(&self, window: u64) -> Option<(u8, u8)> {
        let next = u32::try_from(window >> 48).ok()?;
        for length in SHORT + 1..=16 {
            let (behind, distance) = self.long[length as usize];
            if next < behind {
                let code = i32::try_from(next >> (16 - length)).ok()?;
                let symbol = usize::try_from(code + distance).ok()?;
                return Some((*self.symbols.get(symbol)?, length.to_le_bytes()[0]));
            }
        }
        None
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
    fn more_codes_than_fit_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;

        assert!(Huffman::new(&counts, &[1, 2, 3]).is_none());
    }
}
