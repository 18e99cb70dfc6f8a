//! Reads the bits of entropy-coded data. Never past a marker: bits beyond it are zeros, and counted.

/// A reader of one entropy-coded segment.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, the first one highest.
    ahead: u64,
    /// How many of `ahead` are filled.
    count: u32,
    /// How many zero bits were made up because the data had ended.
    made_up: u32,
}

impl<'a> Bits<'a> {
    /// `at` is where the segment begins in `bytes`.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            ahead: 0,
            count: 0,
            made_up: 0,
        }
    }

    /// Whether more bits were taken than there are: the data is cut off.
    pub(super) fn ran_out(&self) -> bool {
        self.made_up > self.count
    }

    /// Makes sure that 32 bits are ahead.
    #[inline(always)]
    pub(super) fn fill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some(Ok(eight)) = self
            .bytes
            .get(self.at..self.at.wrapping_add(8))
            .map(<[u8; 8]>::try_from)
        {
            let word = u64::from_be_bytes(eight);
            let has_ff = (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080;
            if has_ff == 0 && self.made_up == 0 {
                self.ahead |= word >> self.count;
                self.at += ((63 - self.count) >> 3) as usize;
                self.count |= 56;
                return;
            }
        }
        self.fill_slowly();
    }

    #[inline(never)]
    fn fill_slowly(&mut self) {
        while self.count <= 48 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xFF), Some(0x00)) => {
                    self.at += 2;
                    0xFF
                }
                (Some(0xFF), _) | (None, _) => {
                    self.made_up = self.made_up.saturating_add(8);
                    0
                }
                (Some(&byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            // A refill by the fast way leaves real bits below `count`; they are the same bits again.
            self.ahead &= !(u64::MAX >> self.count);
            self.ahead |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next `LENGTH` bits, which stay.
    #[inline(always)]
    pub(super) fn peek<const LENGTH: u32>(&self) -> usize {
        // At most 16 bits, so nothing is lost.
        usize::from((self.ahead >> 48) as u16 >> (16 - LENGTH))
    }

    /// The next 16 bits, which stay.
    #[inline(always)]
    pub(super) fn peek16(&self) -> u32 {
        (self.ahead >> 48) as u32
    }

    /// Drops `length` bits, at most 32, which must be ahead.
    #[inline(always)]
    pub(super) fn skip(&mut self, length: u32) {
        self.ahead <<= length;
        self.count = self.count.saturating_sub(length);
    }

    /// Takes `length` bits (1 to 16), which must be ahead.
    #[inline(always)]
    pub(super) fn take(&mut self, length: u32) -> i32 {
        let value = (self.ahead >> 48) as u32 >> (16 - length);
        self.skip(length);
        value as i32
    }

    /// Takes a value of `length` bits (1 to 15) with its sign as T.81 F.2.2.1 codes it.
    #[inline(always)]
    pub(super) fn take_signed(&mut self, length: u32) -> i32 {
        let value = self.take(length);
        if value < 1 << (length - 1) {
            value - (1 << length) + 1
        } else {
            value
        }
    }

    /// Goes on behind the restart marker of this `number` (0 to 7). False when another marker follows.
    pub(super) fn restart(&mut self, number: u8) -> bool {
        let Some((marker, after)) = super::markers::next_marker(self.bytes, self.at) else {
            return false;
        };
        if marker != 0xD0 + number {
            return false;
        }
        *self = Self::new(self.bytes, after);
        true
    }

    /// Where to look for the marker that ends the segment.
    pub(super) fn position(&self) -> usize {
        self.at
    }
}
