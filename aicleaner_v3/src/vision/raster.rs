//! A picture as plain pixels. Its pixels always fill it, and it is never empty.

/// Pixels: 8 bits of red, green and blue each, row by row from the top left, turned upright.
#[derive(Clone, PartialEq, Eq)]
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

    /// Gives the pixels away.
    pub fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// One row of pixels; the last one when `y` is below the picture.
    pub fn row(&self, y: u32) -> &[u8] {
        let length = self.width as usize * 3;
        let start = y.min(self.height - 1) as usize * length;
        &self.rgb[start..start + length]
    }
}

impl std::fmt::Debug for Raster {
    /// Never the pixels: they are private, and many.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster({} x {})", self.width, self.height)
    }
}
