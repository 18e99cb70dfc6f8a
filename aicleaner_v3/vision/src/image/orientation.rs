//! The orientation of a picture, read from EXIF (CIPA DC-008, tag 0x0112). What can't be read means upright: metadata
//! must never be a reason to reject a picture.

use super::raster::Raster;

/// How stored pixels must be turned to stand upright: EXIF's values 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Orientation {
    /// Swap rows and columns first.
    transpose: bool,
    /// Then mirror left and right.
    flip_x: bool,
    /// Then mirror top and bottom.
    flip_y: bool,
}

impl Orientation {
    fn from_value(value: u16) -> Self {
        let (transpose, flip_x, flip_y) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self {
            transpose,
            flip_x,
            flip_y,
        }
    }

    /// Reads a TIFF structure: what follows `Exif\0\0` in a JPEG, or a PNG's `eXIf` chunk.
    pub(crate) fn from_tiff(tiff: &[u8]) -> Self {
        read_orientation(tiff).map_or_else(Self::default, Self::from_value)
    }

    /// Reads EXIF that may or may not begin with `Exif\0\0` (WebP files have both).
    pub(crate) fn from_exif(exif: &[u8]) -> Self {
        Self::from_tiff(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif))
    }

    /// The size of the picture, upright.
    pub(crate) fn turn_size(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.transpose {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// The picture, upright.
    pub(crate) fn turn(self, raster: Raster) -> Raster {
        if self == Self::default() {
            return raster;
        }
        let (width, height) = (raster.width() as usize, raster.height() as usize);
        let (new_width, new_height) = self.turn_size((raster.width(), raster.height()));
        let source = raster.rgb();
        let mut turned = Vec::with_capacity(source.len());
        for y in 0..new_height as usize {
            for x in 0..new_width as usize {
                let x = if self.flip_x {
                    new_width as usize - 1 - x
                } else {
                    x
                };
                let y = if self.flip_y {
                    new_height as usize - 1 - y
                } else {
                    y
                };
                let (x, y) = if self.transpose { (y, x) } else { (x, y) };
                let at = (y.min(height - 1) * width + x.min(width - 1)) * 3;
                turned.extend_from_slice(&source[at..at + 3]);
            }
        }
        Raster::new(new_width, new_height, turned).unwrap_or(raster)
    }
}

fn read_orientation(tiff: &[u8]) -> Option<u16> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        })
    };
    let u32_at = |at: usize| -> Option<u32> {
        let quad: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big {
            u32::from_be_bytes(quad)
        } else {
            u32::from_le_bytes(quad)
        })
    };
    let directory = usize::try_from(u32_at(4)?).ok()?;
    let entries = usize::from(u16_at(directory)?);
    (0..entries)
        .map_while(|entry| directory.checked_add(2 + entry * 12))
        .map_while(|at| Some((at, u16_at(at)?)))
        .find(|&(_, tag)| tag == 0x0112)
        .and_then(|(at, _)| u16_at(at.checked_add(8)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 x 3 pixels, numbered row by row from 0.
    fn numbered() -> Raster {
        Raster::new(2, 3, (0..6).flat_map(|n| [n, n, n]).collect()).unwrap()
    }

    fn numbers(raster: &Raster) -> (u32, Vec<u8>) {
        (
            raster.width(),
            raster.rgb().chunks_exact(3).map(|p| p[0]).collect(),
        )
    }

    #[test]
    fn every_orientation_stands_upright() {
        let expected: [(u16, u32, [u8; 6]); 8] = [
            (1, 2, [0, 1, 2, 3, 4, 5]),
            (2, 2, [1, 0, 3, 2, 5, 4]),
            (3, 2, [5, 4, 3, 2, 1, 0]),
            (4, 2, [4, 5, 2, 3, 0, 1]),
            (5, 3, [0, 2, 4, 1, 3, 5]),
            (6, 3, [4, 2, 0, 5, 3, 1]),
            (7, 3, [5, 3, 1, 4, 2, 0]),
            (8, 3, [1, 3, 5, 0, 2, 4]),
        ];
        for (value, width, pixels) in expected {
            let turned = Orientation::from_value(value).turn(numbered());

            assert_eq!(numbers(&turned), (width, pixels.to_vec()), "value {value}");
        }
    }

    #[test]
    fn both_byte_orders_are_read() {
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";

        assert_eq!(read_orientation(big), Some(6));
        assert_eq!(read_orientation(little), Some(6));
    }

    #[test]
    fn broken_exif_means_upright() {
        for tiff in [
            &b""[..],
            b"MM\0*",
            b"MM\0*\xff\xff\xff\xff",
            b"II*\0\x08\0\0\0\xff\xff\x12",
        ] {
            assert_eq!(Orientation::from_tiff(tiff), Orientation::default());
        }
    }
}
