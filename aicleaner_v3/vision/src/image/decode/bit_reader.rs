//! Reads the bits of a JPEG's scan (ITU-T T.81, F.2.2.5): stuffed zeros are removed, and a marker ends it. Beyond the
//! end it pads with zeros, and must never fail to count them.

use super::markers::next_marker;

/// The bits of one scan.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, from the highest on.
    window: u64,
    /// How many of them there are.
    held: u32,
    /// How many of all that were ever held are padding.
    padding: u64,
}

impl<'a> BitReader<'a> {
    /// The bits from byte `at` on.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            window: 0,
            held: 0,
            padding: 0,
        }
    }

    /// The next 32 bits at least, from the highest on: the longest code (16) and the number behind it (15).
    #[inline]
    pub(super) fn window(&mut self) -> u64 {
        if self.held < 32 {
            self.fill();
        }
        self.window
    }

    #[inline]
    fn fill(&mut self) {
        let next = self
            .bytes
            .get(self.at..)
            .and_then(|rest| rest.first_chunk());
        if let Some(word) = next.map(|word| u32::from_be_bytes(*word))
            && !has_marker_byte(word)
        {
            self.window |= u64::from(word) << (32 - self.held);
            self.held += 32;
            self.at += 4;
        } else {
            self.fill_slowly();
        }
    }

    /// Byte by byte: there is a stuffed zero, a marker or the end close by.
    #[cold]
    fn fill_slowly(&mut self) {
        while self.held <= 56 {
            let byte = match self.bytes.get(self.at..).unwrap_or_default() {
                [0xFF, 0, ..] => {
                    self.at += 2;
                    0xFF
                }
                [] | [0xFF, ..] => {
                    self.padding += 8;
                    0
                }
                &[byte, ..] => {
                    self.at += 1;
                    byte
                }
            };
            self.window |= u64::from(byte) << (56 - self.held);
            self.held += 8;
        }
    }

    /// Skips bits: at most as many as the last window had.
    #[inline]
    pub(super) fn skip(&mut self, count: u8) {
        self.window <<= count;
        self.held = self.held.saturating_sub(count.into());
    }

    /// Goes on behind the restart marker that must come here. None when another marker comes, or none. Its number is
    /// not looked at, as encoders count in their own ways: where an interval is lost, the data ends too early.
    pub(super) fn restart(&mut self) -> Option<()> {
        if self.is_overrun() {
            return None;
        }
        let (marker, after) = next_marker(self.bytes, self.at)?;
        if !(0xD0..=0xD7).contains(&marker) {
            return None;
        }
        (self.at, self.window, self.held, self.padding) = (after, 0, 0, 0);
        Some(())
    }

    /// Whether more bits were skipped than there are.
    #[inline]
    pub(super) fn is_overrun(&self) -> bool {
        u64::from(self.held) < self.padding
    }
}

/// The value that a window begins with: `size` bits, 0 to 15 (T.81, F.2.2.1).
#[inline]
pub(super) fn value(window: u64, size: u8) -> i16 {
    let size = u32::from(size & 15);
    // In two steps, as none of 64 bits may be shifted by 64.
    let [.., high, low] = ((window >> 1) >> (63 - size)).to_be_bytes();
    let bits = i16::from_be_bytes([high, low]);
    // Where the highest bit is not set, it is as far below 0 as it could be.
    let least = -1_i16 << size;
    if window >> 63 == 0 {
        bits + least + 1
    } else {
        bits
    }
}

/// Whether one of four bytes is 0xFF.
#[inline]
fn has_marker_byte(word: u32) -> bool {
    let inverted = !word;
    inverted.wrapping_sub(0x0101_0101) & word & 0x8080_8080 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_of_ones_is_seen_wherever_it_stands() {
        for place in 0..4 {
            for other in 0..=0xFE_u8 {
                let mut bytes = [other; 4];
                assert!(!has_marker_byte(u32::from_be_bytes(bytes)), "{bytes:?}");
                bytes[place] = 0xFF;
                assert!(has_marker_byte(u32::from_be_bytes(bytes)), "{bytes:?}");
            }
        }
    }

    #[test]
    fn stuffed_zeros_are_no_data_and_markers_end_it() {
        let mut bits = BitReader::new(&[0xFF, 0x00, 0x12, 0xFF, 0xD9, 0x34], 0);

        assert_eq!(bits.window() >> 48, 0xFF12);
        bits.skip(16);
        assert!(!bits.is_overrun());
        bits.skip(1);
        assert!(bits.is_overrun());
    }

    #[test]
    fn numbers_of_every_size_are_read() {
        for (size, bits, expected) in [
            (0_u8, 0_u64, 0),
            (1, 0b0, -1),
            (1, 0b1, 1),
            (3, 0b000, -7),
            (3, 0b011, -4),
            (3, 0b100, 4),
            (15, 0x7FFF, 32_767),
            (15, 0, -32_767),
        ] {
            let window = (bits << (16 - u32::from(size))) << 48_u32;

            assert_eq!(value(window, size), expected, "{size} bits: {bits:b}");
        }
    }

    #[test]
    fn it_goes_on_only_behind_a_restart_marker() {
        let bytes = [0xAB, 0xFF, 0xD3, 0xCD, 0xFF, 0xDA, 0xEF];
        let mut bits = BitReader::new(&bytes, 0);

        assert_eq!(bits.window() >> 56, 0xAB);
        assert_eq!(bits.restart(), Some(()));
        assert_eq!(bits.window() >> 56, 0xCD);
        assert_eq!(bits.restart(), None);
    }
}
