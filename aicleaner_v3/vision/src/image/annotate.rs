//! Draws boxes and numbers for people, on a copy: must never draw on a frame's own pixels.

use super::raster::Raster;
use aicleaner_model::Area;

/// Colours that can be told apart, one after the other.
const COLOURS: [[u8; 3]; 6] = [
    [255, 64, 64],
    [64, 160, 255],
    [255, 192, 0],
    [64, 208, 96],
    [224, 96, 255],
    [0, 208, 208],
];

/// The digits 0 to 9, 3 x 5, row by row from the top, the leftmost column highest.
const DIGITS: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];

/// A copy of `raster` with a box around each area, numbered from 1 in their order.
pub fn annotate(raster: &Raster, areas: &[Area]) -> Raster {
    let mut drawing = Drawing {
        raster: raster.clone(),
    };
    let longest = raster.width().max(raster.height());
    let line = (longest / 320).max(1);
    let dot = (longest / 256).max(1);
    for (at, area) in areas.iter().enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let (left, right) = drawing.span(area.x(), area.width(), raster.width());
        let (top, bottom) = drawing.span(area.y(), area.height(), raster.height());
        drawing.fill(left, top, right, top + line, colour);
        drawing.fill(left, bottom.saturating_sub(line), right, bottom, colour);
        drawing.fill(left, top, left + line, bottom, colour);
        drawing.fill(right.saturating_sub(line), top, right, bottom, colour);
        drawing.label(&(at + 1).to_string(), left, top, dot, colour);
    }
    drawing.raster
}

struct Drawing {
    raster: Raster,
}

impl Drawing {
    /// A relative stretch in pixels, at least one long.
    fn span(&self, start: f64, length: f64, side: u32) -> (u32, u32) {
        let pixel = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to the side first"
            )]
            let pixel = (share * f64::from(side))
                .round()
                .clamp(0.0, f64::from(side)) as u32;
            pixel
        };
        let from = pixel(start).min(side - 1);
        (from, pixel(start + length).max(from + 1))
    }

    /// Fills what of the box lies in the picture.
    fn fill(&mut self, left: u32, top: u32, right: u32, bottom: u32, colour: [u8; 3]) {
        let (width, height) = (self.raster.width(), self.raster.height());
        let (right, bottom) = (right.min(width), bottom.min(height));
        if left >= right {
            return;
        }
        for y in top..bottom {
            let start = (y as usize * width as usize + left as usize) * 3;
            let end = start + (right - left) as usize * 3;
            for pixel in self.raster.rgb_mut()[start..end].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// A number on a plate, above the point where there is room, else below.
    fn label(&mut self, text: &str, left: u32, top: u32, dot: u32, colour: [u8; 3]) {
        let letters = u32::try_from(text.len()).unwrap_or(1);
        let (width, height) = ((letters * 4 + 1) * dot, 7 * dot);
        let left = left.min(self.raster.width().saturating_sub(width));
        let top = top.checked_sub(height).unwrap_or(top);
        self.fill(left, top, left + width, top + height, colour);
        let mut x = left + dot;
        for digit in text.bytes().map(|b| usize::from(b.wrapping_sub(b'0'))) {
            for (row, bits) in (0_u32..).zip(DIGITS.get(digit).into_iter().flatten()) {
                for column in 0..3 {
                    if bits >> (2 - column) & 1 == 1 {
                        let (x, y) = (x + column * dot, top + (row + 1) * dot);
                        self.fill(x, y, x + dot, y + dot, [0, 0, 0]);
                    }
                }
            }
            x += 4 * dot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_drawn_on_a_copy() {
        let plain = Raster::new(320, 200, vec![100; 320 * 200 * 3]).unwrap();
        let area = Area::new(0.25, 0.25, 0.5, 0.5).unwrap();

        let drawn = annotate(&plain, &[area]);

        assert!(plain.rgb().iter().all(|&v| v == 100));
        assert_eq!(drawn.row(50)[80 * 3..80 * 3 + 3], COLOURS[0]);
        assert_eq!(drawn.row(100)[160 * 3..160 * 3 + 3], [100; 3]);
    }

    #[test]
    fn boxes_at_the_very_edge_and_in_tiny_pictures_are_drawn() {
        for (width, height) in [(1, 1), (2, 9), (30, 20)] {
            let size = width as usize * height as usize * 3;
            let plain = Raster::new(width, height, vec![9; size]).unwrap();
            let all = Area::new(0.0, 0.0, 1.0, 1.0).unwrap();
            let corner = Area::new(0.999, 0.999, 0.001, 0.001).unwrap();

            let areas = [[all; 6], [corner; 6]].concat();

            assert_eq!(annotate(&plain, &areas).rgb().len(), size);
        }
    }
}
