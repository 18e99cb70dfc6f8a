//! The inverse cosine transform of a JPEG's blocks at a reduced size. Must never overflow for coefficients up to 4095.

use crate::image::levels::clamped;

/// The inverse DCT with fewer points (T.81, A.3.3, with its basis sampled at these).
#[inline]
pub(super) fn inverse_dct<const POINTS: usize>(
    frequencies: [[i32; POINTS]; POINTS],
) -> [[u8; POINTS]; POINTS] {
    /// Fractional bits: of the basis, and of the values between the two passes.
    const BASIS: u32 = 12;
    const BETWEEN: u32 = 4;
    let mut columns = [[0; POINTS]; POINTS];
    for (x, column) in columns.iter_mut().enumerate() {
        let sums = transform(std::array::from_fn(|y| frequencies[y][x]));
        *column = sums.map(|sum| (sum + (1 << (BASIS - BETWEEN - 1))) >> (BASIS - BETWEEN));
    }
    let mut values = [[0; POINTS]; POINTS];
    for (y, row) in values.iter_mut().enumerate() {
        let sums = transform(std::array::from_fn(|x| columns[x][y]));
        // Half a level, and the middle of all levels.
        let rest = (1 << (BASIS + BETWEEN - 1)) + (128 << (BASIS + BETWEEN));
        *row = sums.map(|sum| clamped((sum + rest) >> (BASIS + BETWEEN)));
    }
    values
}

/// One pass over a row or column, with [`inverse_dct`]'s 12 fractional bits: the orthonormal basis of `POINTS` points,
/// times the root of `POINTS` / 8, as eight points were.
#[inline]
fn transform<const POINTS: usize>(from: [i32; POINTS]) -> [i32; POINTS] {
    /// The root of 1/8: the same for one, two and four points.
    const EVEN: i32 = 1448;
    /// Half of cos(pi/8) and of cos(3 pi/8).
    const NEAR: i32 = 1892;
    const FAR: i32 = 784;
    let mut to = [0; POINTS];
    match (&from[..], &mut to[..]) {
        (&[mean], [to]) => *to = mean * EVEN,
        (&[mean, slope], [left, right]) => {
            *left = (mean + slope) * EVEN;
            *right = (mean - slope) * EVEN;
        }
        (&[a, b, c, d], [first, second, third, fourth]) => {
            let (outer, inner) = ((a + c) * EVEN, (a - c) * EVEN);
            let (wide, narrow) = (b * NEAR + d * FAR, b * FAR - d * NEAR);
            *first = outer + wide;
            *second = inner + narrow;
            *third = inner - narrow;
            *fourth = outer - wide;
        }
        _ => {}
    }
    to
}
