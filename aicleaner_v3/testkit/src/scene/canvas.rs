//! A picture to draw on, in coordinates relative to its size (0 to 1), so that a scene fits any size.
//! Shapes outside the picture are clipped, never an error.

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// A picture of 8-bit RGB pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canvas {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Canvas {
    /// A black picture. Sides of 0 become 1.
    #[must_use]
    pub fn new(width: u16, height: u16) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let pixels = vec![0; usize::from(width) * usize::from(height) * 3];
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The pixels, row by row, three bytes each.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixels, for whoever changes them all (light, noise).
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// Fills a rectangle given by its upper left corner and its size.
    pub fn rectangle(&mut self, x: f32, y: f32, w: f32, h: f32, colour: Rgb) {
        let columns = span(x, x + w, self.width);
        for row in span(y, y + h, self.height) {
            self.fill(row, columns.clone(), colour);
        }
    }

    /// Fills a rectangle whose colour runs from `top` to `bottom`.
    pub fn gradient(&mut self, x: f32, y: f32, w: f32, h: f32, top: Rgb, bottom: Rgb) {
        let columns = span(x, x + w, self.width);
        let rows = span(y, y + h, self.height);
        let (first, count) = (rows.start, rows.len().max(1));
        for row in rows {
            let share = to_f32(row - first) / to_f32(count);
            self.fill(row, columns.clone(), mix(top, bottom, share));
        }
    }

    /// Fills the ellipse that touches the sides of the given rectangle.
    pub fn ellipse(&mut self, x: f32, y: f32, w: f32, h: f32, colour: Rgb) {
        let (cx, cy) = (x + w / 2.0, y + h / 2.0);
        let height = f32::from(self.height);
        for row in span(y, y + h, self.height) {
            let dy = ((to_f32(row) + 0.5) / height - cy) / (h / 2.0);
            let half = (1.0 - dy * dy).max(0.0).sqrt() * w / 2.0;
            self.fill(row, span(cx - half, cx + half, self.width), colour);
        }
    }

    /// Fills the triangle between three points.
    pub fn triangle(&mut self, points: [(f32, f32); 3], colour: Rgb) {
        let top = points.iter().fold(f32::MAX, |low, point| low.min(point.1));
        let bottom = points
            .iter()
            .fold(f32::MIN, |high, point| high.max(point.1));
        let height = f32::from(self.height);
        for row in span(top, bottom, self.height) {
            let y = (to_f32(row) + 0.5) / height;
            let (mut left, mut right) = (f32::MAX, f32::MIN);
            for (from, to) in [(0, 1), (1, 2), (2, 0)] {
                let ((x1, y1), (x2, y2)) = (points[from], points[to]);
                if (y1 <= y) != (y2 <= y) {
                    let x = x1 + (y - y1) / (y2 - y1) * (x2 - x1);
                    left = left.min(x);
                    right = right.max(x);
                }
            }
            if left < right {
                self.fill(row, span(left, right, self.width), colour);
            }
        }
    }

    fn fill(&mut self, row: usize, columns: std::ops::Range<usize>, colour: Rgb) {
        let start = (row * usize::from(self.width) + columns.start) * 3;
        let bytes = &mut self.pixels[start..start + columns.len() * 3];
        for pixel in bytes.chunks_exact_mut(3) {
            pixel.copy_from_slice(&colour);
        }
    }
}

/// The colour `share` of the way from one to the other.
pub(crate) fn mix(from: Rgb, to: Rgb, share: f32) -> Rgb {
    let part = |a: u8, b: u8| to_byte(f32::from(a) + (f32::from(b) - f32::from(a)) * share);
    [
        part(from[0], to[0]),
        part(from[1], to[1]),
        part(from[2], to[2]),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte first"
)]
pub(crate) fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

#[expect(
    clippy::cast_precision_loss,
    reason = "rows and columns are below 65,536"
)]
fn to_f32(value: usize) -> f32 {
    value as f32
}

/// The pixels between two relative positions.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the picture first"
)]
fn span(from: f32, to: f32, length: u16) -> std::ops::Range<usize> {
    let pixel = |at: f32| (at.clamp(0.0, 1.0) * f32::from(length)).round() as usize;
    let (start, end) = (pixel(from), pixel(to));
    start..end.max(start)
}
