//! What a JPEG's marker segments say (ITU-T T.81, annex B): frame, scans, tables, orientation.
//! Nothing is decoded here, and nothing larger than a segment is allocated.

use super::huffman::Huffman;
use super::{cut_off, damaged};
use crate::vision::exif::Orientation;
use crate::vision::{Format, PictureError};

/// Where the coefficient number n of a block stands, row by row.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// One component as the frame header declares it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared {
    pub(super) id: u8,
    /// Sampling factors, 1 to 4.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Which quantisation table, 0 to 3.
    pub(super) quantiser: usize,
}

/// The frame header.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) progressive: bool,
    pub(super) components: Vec<Declared>,
}

/// A scan header.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    /// Which component (an index), its DC and its AC table (0 to 3).
    pub(super) parts: Vec<(usize, usize, usize)>,
    /// First and last coefficient.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Successive approximation: the bit before, and the bit now.
    pub(super) high: u32,
    pub(super) low: u32,
}

/// The tables as they stand at some place in the file.
#[derive(Default)]
pub(super) struct Tables {
    /// In zigzag order.
    pub(super) quantisers: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Huffman>; 4],
    pub(super) ac: [Option<Huffman>; 4],
    /// In MCUs; 0 means none.
    pub(super) restart_interval: usize,
    /// Adobe's colour transform (APP14), if there is such a segment.
    pub(super) adobe: Option<u8>,
    pub(super) orientation: Orientation,
}

/// The next thing in the file that is not a table.
pub(super) enum Next {
    Frame(Frame),
    /// A scan's header, unread.
    Scan,
    End,
}

/// Walks the segments.
pub(super) struct Markers<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) tables: Tables,
}

impl<'a> Markers<'a> {
    /// `bytes` begins with the start marker.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 2,
            tables: Tables::default(),
        }
    }

    /// Reads tables up to the next frame, scan or end.
    pub(super) fn next(&mut self) -> Result<Next, PictureError> {
        loop {
            let (marker, after) = next_marker(self.bytes, self.at)
                .ok_or_else(|| cut_off("it has no end marker".to_owned()))?;
            self.at = after;
            match marker {
                0xD9 => return Ok(Next::End),
                0x01 | 0xD0..=0xD8 => {}
                0xDA => return Ok(Next::Scan),
                0xC0..=0xC2 => {
                    let body = self.segment()?;
                    return frame(body, marker == 0xC2).map(Next::Frame);
                }
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    return Err(unsupported(match marker {
                        0xC3 | 0xC7 => "lossless",
                        0xC5 | 0xC6 => "hierarchical",
                        _ => "arithmetic coding",
                    }));
                }
                _ => {
                    let body = self.segment()?;
                    self.tables.take(marker, body)?;
                }
            }
        }
    }

    /// Reads a scan's header.
    pub(super) fn scan(&mut self, frame: &Frame) -> Result<Scan, PictureError> {
        let body = self.segment()?;
        let wrong = || damaged("a scan header does not fit the frame");
        let count = usize::from(*body.first().ok_or_else(wrong)?);
        if !(1..=4).contains(&count) || body.len() != 4 + 2 * count {
            return Err(wrong());
        }
        let mut parts: Vec<(usize, usize, usize)> = Vec::with_capacity(count);
        for pair in body[1..=2 * count].chunks_exact(2) {
            let index = frame
                .components
                .iter()
                .position(|c| c.id == pair[0])
                .ok_or_else(wrong)?;
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            if dc > 3 || ac > 3 || parts.iter().any(|&(other, ..)| other == index) {
                return Err(wrong());
            }
            parts.push((index, dc, ac));
        }
        let end = &body[1 + 2 * count..];
        let scan = Scan {
            parts,
            first: end[0].into(),
            last: end[1].into(),
            high: (end[2] >> 4).into(),
            low: (end[2] & 15).into(),
        };
        let in_range = scan.first <= scan.last && scan.last < 64 && scan.high < 14 && scan.low < 14;
        let band_is_allowed = !frame.progressive
            || if scan.first == 0 {
                scan.last == 0
            } else {
                count == 1
            };
        if in_range && band_is_allowed {
            Ok(scan)
        } else {
            Err(wrong())
        }
    }

    fn segment(&mut self) -> Result<&'a [u8], PictureError> {
        let too_short = || cut_off("it ends within its headers".to_owned());
        let pair: [u8; 2] = self
            .bytes
            .get(self.at..self.at + 2)
            .and_then(|pair| pair.try_into().ok())
            .ok_or_else(too_short)?;
        let length = usize::from(u16::from_be_bytes(pair));
        if length < 2 {
            return Err(damaged("a segment is shorter than its own length"));
        }
        let body = self
            .bytes
            .get(self.at + 2..self.at + length)
            .ok_or_else(too_short)?;
        self.at += length;
        Ok(body)
    }
}

impl Tables {
    fn take(&mut self, marker: u8, body: &[u8]) -> Result<(), PictureError> {
        match marker {
            0xDB => self.take_quantisers(body),
            0xC4 => self.take_huffman(body),
            0xDD => {
                let &[high, low] = body else {
                    return Err(damaged("its restart interval has a wrong length"));
                };
                self.restart_interval = u16::from_be_bytes([high, low]).into();
                Ok(())
            }
            0xE1 => {
                if let Some(tiff) = body.strip_prefix(b"Exif\0\0") {
                    self.orientation = Orientation::from_tiff(tiff);
                }
                Ok(())
            }
            0xEE => {
                if body.starts_with(b"Adobe") {
                    self.adobe = body.get(11).copied();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn take_quantisers(&mut self, mut body: &[u8]) -> Result<(), PictureError> {
        let wrong = || damaged("a quantisation table has a wrong length");
        while let [kind, rest @ ..] = body {
            let wide = kind >> 4 == 1;
            let length = if wide { 128 } else { 64 };
            let (values, rest) = rest.split_at_checked(length).ok_or_else(wrong)?;
            let slot = self
                .quantisers
                .get_mut(usize::from(kind & 15))
                .filter(|_| kind >> 4 < 2)
                .ok_or_else(wrong)?;
            let mut table = [0; 64];
            for (i, value) in table.iter_mut().enumerate() {
                *value = if wide {
                    u16::from_be_bytes([values[2 * i], values[2 * i + 1]])
                } else {
                    values[i].into()
                };
            }
            *slot = Some(table);
            body = rest;
        }
        Ok(())
    }

    fn take_huffman(&mut self, mut body: &[u8]) -> Result<(), PictureError> {
        let wrong = || damaged("a Huffman table makes no sense");
        while let [kind, rest @ ..] = body {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(wrong)?;
            let total = counts.iter().map(|&c| usize::from(c)).sum();
            let (symbols, rest) = rest.split_at_checked(total).ok_or_else(wrong)?;
            let class = match kind >> 4 {
                // A DC category has at most 15 bits; more would not be one.
                0 if symbols.iter().all(|&s| s < 16) => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(wrong()),
            };
            let slot = class.get_mut(usize::from(kind & 15)).ok_or_else(wrong)?;
            *slot = Some(Huffman::new(counts, symbols).ok_or_else(wrong)?);
            body = rest;
        }
        Ok(())
    }
}

/// The next marker from `at` on, and where it ends. Stuffed zeros and fill bytes are passed over.
pub(super) fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xFF)?;
        match *bytes.get(at + 1)? {
            0x00 => at += 2,
            0xFF => at += 1,
            marker => return Some((marker, at + 2)),
        }
    }
}

fn frame(body: &[u8], progressive: bool) -> Result<Frame, PictureError> {
    let wrong = || damaged("its frame header does not fit itself");
    let &[precision, h1, h0, w1, w0, count, ref rest @ ..] = body else {
        return Err(wrong());
    };
    if precision != 8 {
        return Err(unsupported(&format!("{precision} bits a sample")));
    }
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 || height == 0 {
        return Err(damaged(&format!("its size is {width} x {height}")));
    }
    if !matches!(count, 1 | 3 | 4) {
        return Err(unsupported(&format!("{count} colour components")));
    }
    if rest.len() != usize::from(count) * 3 {
        return Err(wrong());
    }
    let mut components: Vec<Declared> = Vec::with_capacity(count.into());
    for part in rest.chunks_exact(3) {
        let declared = Declared {
            id: part[0],
            across: (part[1] >> 4).into(),
            down: (part[1] & 15).into(),
            quantiser: part[2].into(),
        };
        let fits = (1..=4).contains(&declared.across)
            && (1..=4).contains(&declared.down)
            && declared.quantiser < 4
            && components.iter().all(|c| c.id != declared.id);
        if !fits {
            return Err(wrong());
        }
        components.push(declared);
    }
    if let [only] = &mut components[..] {
        // A single component is never interleaved, so its factors say nothing (T.81 A.2.2).
        (only.across, only.down) = (1, 1);
    }
    Ok(Frame {
        width: width.into(),
        height: height.into(),
        progressive,
        components,
    })
}

fn unsupported(kind: &str) -> PictureError {
    PictureError::Unsupported {
        format: Format::Jpeg,
        kind: kind.to_owned(),
    }
}
