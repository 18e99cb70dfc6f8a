//! Draws the test picture: three by two cells, a numbered shape in each.

use super::digits::dot;
use super::shape::{Outline, SHAPES, Shape};
use crate::vision::Raster;

const CELL: u32 = 256;
const COLUMNS: u32 = 3;
const GROUND: [u8; 3] = [236, 236, 232];
/// Half the width of a shape.
const REACH: i64 = 104;
/// The side of one dot of a digit.
const DOT: i64 = 9;
/// A digit and the gap after it, in dots.
const ADVANCE: i64 = 6;

/// The picture, 768 x 512 pixels. There always is one: its length follows from its sides.
pub fn picture(shapes: &[Shape; SHAPES]) -> Option<Raster> {
    let rows = u32::try_from(SHAPES).unwrap_or(u32::MAX).div_ceil(COLUMNS);
    let (width, height) = (COLUMNS * CELL, rows * CELL);
    let mut rgb = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let cell = (y / CELL * COLUMNS + x / CELL) as usize;
            let middle = i64::from(CELL / 2);
            let at = (i64::from(x % CELL) - middle, i64::from(y % CELL) - middle);
            let colour = shapes.get(cell).map_or(GROUND, |shape| pixel(shape, at));
            rgb.extend_from_slice(&colour);
        }
    }
    Raster::new(width, height, rgb)
}

fn pixel(shape: &Shape, (x, y): (i64, i64)) -> [u8; 3] {
    let inside = match shape.outline {
        Outline::Circle => x * x + y * y <= REACH * REACH,
        Outline::Square => x.abs() <= REACH - 14 && y.abs() <= REACH - 14,
        // The number stands below the middle, where a triangle is wide.
        Outline::Triangle => (-REACH..=REACH).contains(&y) && 2 * x.abs() <= (y + REACH) * 6 / 5,
    };
    if !inside {
        return GROUND;
    }
    let down = match shape.outline {
        Outline::Triangle => REACH / 2,
        Outline::Circle | Outline::Square => 0,
    };
    match is_ink(shape.number, (x, y - down)) {
        true => shape.colour.ink(),
        false => shape.colour.rgb(),
    }
}

/// Whether a point is on one of the number's digits, which are centred on 0, 0.
fn is_ink(number: u8, (x, y): (i64, i64)) -> bool {
    let left = x + (2 * ADVANCE - 1) * DOT / 2;
    let top = y + 7 * DOT / 2;
    if left < 0 || top < 0 {
        return false;
    }
    let (column, row) = (left / DOT, top / DOT);
    let digit = match column / ADVANCE {
        0 => number / 10,
        1 => number % 10,
        _ => return false,
    };
    let (Ok(column), Ok(row)) = (u32::try_from(column % ADVANCE), u32::try_from(row)) else {
        return false;
    };
    dot(digit, column, row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::Canary;

    #[test]
    fn the_picture_shows_each_colour_where_it_belongs() {
        let canary = Canary::new(3);

        let picture = picture(canary.shapes()).unwrap();

        assert_eq!((picture.width(), picture.height()), (768, 512));
        for (at, shape) in canary.shapes().iter().enumerate() {
            let (column, row) = (at % 3, at / 3);
            // Left of the number, inside of every outline.
            let (x, y) = (column * 256 + 128 - 62, row * 256 + 128 + 80);
            let offset = (y * 768 + x) * 3;
            assert_eq!(picture.rgb()[offset..offset + 3], shape.colour.rgb());
        }
    }
}
