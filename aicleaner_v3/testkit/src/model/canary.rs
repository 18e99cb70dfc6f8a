//! Reads the product's test picture: three by two cells on a light ground, in each a coloured shape with a
//! number of two digits. It really looks at the pixels; what it can't make out it does not name.

use serde_json::{Map, Value, json};

use crate::scene::decode_rgb;

/// How the product's question about it begins.
const BEGINS: &str = "This is a test picture";
const COLUMNS: usize = 3;
const ROWS: usize = 2;
/// A cell's side in the units of the drawing, and of the numbers below.
const CELL: f64 = 256.0;
/// Left and top of the first digit from a shape's middle, the side of a dot, and a digit's width with its gap.
const LEFT: f64 = -49.0;
const TOP: f64 = -31.0;
const DOT: f64 = 9.0;
const ADVANCE: f64 = 6.0;
/// The number in a triangle stands lower.
const LOWER: f64 = 52.0;

const COLOURS: [(&str, [u8; 3]); 5] = [
    ("red", [214, 30, 36]),
    ("green", [18, 140, 52]),
    ("blue", [28, 64, 214]),
    ("yellow", [250, 208, 0]),
    ("black", [20, 20, 20]),
];
const DIGITS: [[u8; 7]; 10] = [
    [0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E],
    [0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E],
    [0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F],
    [0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E],
    [0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02],
    [0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E],
    [0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E],
    [0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
    [0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E],
    [0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C],
];

/// Whether a prompt asks for the test picture.
pub(super) fn is_asked(instructions: &str) -> bool {
    instructions.starts_with(BEGINS)
}

/// What is on the first picture; no shapes where there is none.
pub(super) fn read(images: &[Vec<u8>]) -> Map<String, Value> {
    let picture = images.first().and_then(|image| decode_rgb(image));
    let shapes: Vec<Value> = picture
        .iter()
        .flat_map(|(width, height, rgb)| {
            (0..COLUMNS * ROWS).filter_map(|cell| Cell::new(*width, *height, rgb, cell).read())
        })
        .collect();
    let mut answer = Map::new();
    answer.insert("shapes".to_owned(), shapes.into());
    answer
}

struct Cell<'p> {
    width: usize,
    rgb: &'p [u8],
    middle: (f64, f64),
    scale: f64,
}

impl<'p> Cell<'p> {
    fn new(width: usize, height: usize, rgb: &'p [u8], cell: usize) -> Self {
        let side = (width as f64 / COLUMNS as f64, height as f64 / ROWS as f64);
        let place = ((cell % COLUMNS) as f64 + 0.5, (cell / COLUMNS) as f64 + 0.5);
        Self {
            width,
            rgb,
            middle: (place.0 * side.0, place.1 * side.1),
            scale: side.0 / CELL,
        }
    }

    /// The colour at a place in the units of the drawing, from the cell's middle.
    fn at(&self, x: f64, y: f64) -> Option<[u8; 3]> {
        let column = (self.middle.0 + x * self.scale).floor();
        let row = (self.middle.1 + y * self.scale).floor();
        if column < 0.0 || row < 0.0 || column >= self.width as f64 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, not negative, and within the picture"
        )]
        let offset = (row as usize * self.width + column as usize) * 3;
        self.rgb.get(offset..offset + 3)?.try_into().ok()
    }

    fn read(&self) -> Option<Value> {
        // Inside of every outline, left of and below every number.
        let ground = self.at(-62.0, 80.0)?;
        let (colour, _) = COLOURS
            .iter()
            .min_by_key(|(_, known)| distance(ground, *known))
            .filter(|(_, known)| distance(ground, *known) < 60)?;
        let (number, is_lower) = [(0.0, false), (LOWER, true)]
            .into_iter()
            .find_map(|(lower, is_lower)| Some((self.number(ground, lower)?, is_lower)))?;
        let shape = match is_lower {
            true => "triangle",
            false
                if self
                    .at(-84.0, -84.0)
                    .is_some_and(|corner| distance(corner, ground) < 60) =>
            {
                "square"
            }
            false => "circle",
        };
        Some(json!({"number": number, "shape": shape, "colour": colour}))
    }

    fn number(&self, ground: [u8; 3], lower: f64) -> Option<u8> {
        let tens = self.digit(ground, 0.0, lower)?;
        let ones = self.digit(ground, 1.0, lower)?;
        Some(tens * 10 + ones)
    }

    fn digit(&self, ground: [u8; 3], place: f64, lower: f64) -> Option<u8> {
        let mut rows = [0_u8; 7];
        for (row, bits) in rows.iter_mut().enumerate() {
            for column in 0..5_u8 {
                let x = LEFT + (place * ADVANCE + f64::from(column) + 0.5) * DOT;
                let y = TOP + lower + (row as f64 + 0.5) * DOT;
                if distance(self.at(x, y)?, ground) > 120 {
                    *bits |= 1 << (4 - column);
                }
            }
        }
        let known = DIGITS.iter().position(|digit| *digit == rows)?;
        u8::try_from(known).ok()
    }
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter()
        .zip(other)
        .map(|(a, b)| u32::from(a.abs_diff(b)))
        .sum()
}
