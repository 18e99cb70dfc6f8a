//! A picture as plain pixels. Its pixels always fill it, and it must never be empty.

use super::buffers;

/// Pixels: 8 bits of red, green and blue each, row by row from the top left, turned upright.
#[derive(PartialEq, Eq)]
pub struct Raster {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Raster {
    /// `rgb` holds three bytes a pixel. None when a side is 0 or the length is another.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let length = usize::try_from(u64::from(width) * u64::from(height) * 3).ok()?;
        (length > 0 && rgb.len() == length).then_some(Self { width, height, rgb })
    }

    /// In pixels, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// In pixels, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Three bytes a pixel, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Three bytes a pixel, row by row.
    pub fn rgb_mut(&mut self) -> &mut [u8] {
        &mut self.rgb
    }

    /// Its pixels.
    pub fn into_rgb(mut self) -> Vec<u8> {
        std::mem::take(&mut self.rgb)
    }

    /// Makes it half as large in place, each pixel the mean of four; an odd last row or column is left out. A side of 1
    /// stays.
    pub(crate) fn halve(&mut self) {
        if self.width < 2 || self.height < 2 {
            return;
        }
        let (width, height) = (self.width / 2, self.height / 2);
        let (from, to) = (self.width as usize * 3, width as usize * 3);
        let mut means = vec![0_u8; to];
        for y in 0..height as usize {
            let (upper, lower) = self.rgb[y * 2 * from..][..2 * from].split_at(from);
            let pairs = upper.chunks_exact(6).zip(lower.chunks_exact(6));
            for (mean, (a, b)) in means.chunks_exact_mut(3).zip(pairs) {
                for channel in 0..3 {
                    let sum = u16::from(a[channel])
                        + u16::from(a[channel + 3])
                        + u16::from(b[channel])
                        + u16::from(b[channel + 3]);
                    mean[channel] = ((sum + 2) / 4).to_le_bytes()[0];
                }
            }
            self.rgb[y * to..][..to].copy_from_slice(&means);
        }
        self.rgb.truncate(height as usize * to);
        self.rgb.shrink_to_fit();
        (self.width, self.height) = (width, height);
    }

    /// One row of pixels; the last one when `y` is below the picture.
    pub fn row(&self, y: u32) -> &[u8] {
        let length = self.width as usize * 3;
        let start = y.min(self.height - 1) as usize * length;
        &self.rgb[start..start + length]
    }
}

impl Clone for Raster {
    fn clone(&self) -> Self {
        Self {
            rgb: buffers::copied(&self.rgb),
            ..*self
        }
    }
}

impl Drop for Raster {
    fn drop(&mut self) {
        buffers::recycle_bytes(std::mem::take(&mut self.rgb));
    }
}

impl std::fmt::Debug for Raster {
    /// Never the pixels: they are private, and many.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster({} x {})", self.width, self.height)
    }
}
