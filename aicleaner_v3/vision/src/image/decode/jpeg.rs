//! JPEG, baseline and progressive, colour, grey and CMYK.
//! The headers are read before the decoder sees a byte, so that size, kind and end are known first. Must never return
//! a picture whose data ends too early.

use std::collections::BTreeMap;

use super::markers::{cut_off, damaged, next_marker, segment};
use super::reduced;
use super::slice_reader::SliceReader;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::image::buffers;
use crate::image::error::{Format, PictureError};
use crate::image::limits::DecodeLimits;
use crate::image::orientation::Orientation;
use crate::image::raster::Raster;

/// The picture, its own size, and how it is to be turned. It has fewer pixels than its size says when its longest side
/// still has `longest_side` of them.
pub(super) fn decode(
    bytes: &[u8],
    limits: &DecodeLimits,
    longest_side: u32,
) -> Result<(Raster, (u32, u32), Orientation), PictureError> {
    let headers = Headers::read(bytes)?;
    let size = (headers.width, headers.height);
    limits.check_size(size.0, size.1)?;
    if headers.is_baseline
        && let Some(raster) = reduced::decode(&bytes[..headers.end], longest_side)?
    {
        return Ok((raster, size, headers.orientation));
    }
    let raster = pixels(bytes, &headers, true)?;
    if ends_alike(&raster) && !is_whole(bytes, &headers, &raster) {
        return Err(cut_off("its data ends before the picture does"));
    }
    Ok((raster, size, headers.orientation))
}

fn pixels(bytes: &[u8], headers: &Headers, strict: bool) -> Result<Raster, PictureError> {
    let options = DecoderOptions::default()
        .set_strict_mode(strict)
        .set_max_width(headers.width as usize)
        .set_max_height(headers.height as usize)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(SliceReader::new(bytes), options);
    let failed = |error| damaged(format!("{error:?}"));
    decoder.decode_headers().map_err(failed)?;
    let mut rgb = buffers::zeroed(decoder.output_buffer_size().unwrap_or_default());
    decoder.decode_into(&mut rgb).map_err(failed)?;
    Raster::new(headers.width, headers.height, rgb)
        .ok_or_else(|| damaged("its pixels do not fill it".to_owned()))
}

/// Whether the last block of the picture equals the one before, as it does where the decoder filled in what was
/// missing; a camera's noise never repeats.
fn ends_alike(raster: &Raster) -> bool {
    const BLOCK: u32 = 16;
    let (width, height) = (raster.width(), raster.height());
    if width < 3 * BLOCK {
        return true;
    }
    // The last whole block in each direction.
    let right = (width / BLOCK - 1) * BLOCK;
    let at = |x: u32| (x as usize * 3)..((x + BLOCK) as usize * 3);
    (height.saturating_sub(4)..height).all(|y| {
        let row = raster.row(y);
        row[at(right)] == row[at(right - BLOCK)]
    })
}

/// The decoder takes missing data for zeros. A picture is complete if other data after it does not change it.
fn is_whole(bytes: &[u8], headers: &Headers, raster: &Raster) -> bool {
    const OTHER: [u8; 64] = [0b0101_0110; 64];
    let end = headers.end.min(bytes.len());
    let followed = [&bytes[..end], &OTHER, &[0xFF, 0xD9]].concat();
    pixels(&followed, headers, false).is_ok_and(|other| other == *raster)
}

/// What the markers say (ITU-T T.81, annex B), without decoding.
struct Headers {
    width: u32,
    height: u32,
    orientation: Orientation,
    /// Whether it is a baseline JPEG in one scan, with nothing after it but application data and comments.
    is_baseline: bool,
    /// Where the end marker stands.
    end: usize,
}

impl Headers {
    fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let mut at = 2;
        let mut size = None;
        let mut orientation = Orientation::default();
        let mut scanned = false;
        let mut progressive = false;
        let mut is_baseline = true;
        let mut scans = Scans::default();
        let end = loop {
            let (marker, after) = next_marker(bytes, at).ok_or_else(|| {
                cut_off(if scanned {
                    "it has no end marker"
                } else {
                    "it ends within its headers"
                })
            })?;
            at = after;
            match marker {
                0xD9 => break at - 2,
                0x01 | 0xD0..=0xD8 => continue,
                _ => {}
            }
            let body = segment(bytes, at)?;
            at += 2 + body.len();
            is_baseline &= !scanned || matches!(marker, 0xE0..=0xEF | 0xFE);
            match marker {
                0xC0..=0xC2 => {
                    if size.is_some() {
                        return Err(damaged("it has two frame headers".to_owned()));
                    }
                    size = Some(frame_size(body)?);
                    check_sampling(body)?;
                    progressive = marker == 0xC2;
                    scans.expect(body);
                }
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    return Err(PictureError::Unsupported {
                        format: Format::Jpeg,
                        kind: kind_of(marker).to_owned(),
                    });
                }
                0xDA => {
                    scanned = true;
                    scans.add(body);
                }
                0xE1 => {
                    if let Some(tiff) = body.strip_prefix(b"Exif\0\0") {
                        orientation = Orientation::from_tiff(tiff);
                    }
                }
                _ => {}
            }
        };
        let (width, height) = size.ok_or_else(|| damaged("it has no frame header".to_owned()))?;
        if !scanned {
            return Err(damaged("it has no picture data".to_owned()));
        }
        if progressive && !scans.are_complete() {
            return Err(cut_off("some of its scans are missing"));
        }
        Ok(Self {
            width,
            height,
            orientation,
            is_baseline: !progressive && is_baseline,
            end,
        })
    }
}

/// How far the scans of a progressive picture have come: for each component, the bits of each coefficient that are
/// still missing (ITU-T T.81, G.1.1: successive approximation ends at bit 0).
#[derive(Default)]
struct Scans(BTreeMap<u8, [u8; 64]>);

impl Scans {
    const NOTHING: u8 = u8::MAX;

    /// Notes the components of the frame header.
    fn expect(&mut self, frame: &[u8]) {
        let components = frame.get(6..).unwrap_or_default().chunks_exact(3);
        self.0
            .extend(components.map(|component| (component[0], [Self::NOTHING; 64])));
    }

    /// Notes one scan header.
    fn add(&mut self, scan: &[u8]) {
        let Some((&count, rest)) = scan.split_first() else {
            return;
        };
        let Some((components, &[from, to, bits])) = rest
            .split_at_checked(usize::from(count) * 2)
            .and_then(|(components, rest)| Some((components, rest.first_chunk::<3>()?)))
        else {
            return;
        };
        for component in components.chunks_exact(2) {
            if let Some(missing) = self.0.get_mut(&component[0])
                && let Some(missing) = missing.get_mut(usize::from(from)..=usize::from(to))
            {
                missing.fill(bits & 0x0F);
            }
        }
    }

    fn are_complete(&self) -> bool {
        self.0.values().flatten().all(|missing| *missing == 0)
    }
}

fn frame_size(body: &[u8]) -> Result<(u32, u32), PictureError> {
    let &[precision, h1, h0, w1, w0, ..] = body else {
        return Err(damaged("its frame header is too short".to_owned()));
    };
    if precision != 8 {
        return Err(PictureError::Unsupported {
            format: Format::Jpeg,
            kind: format!("{precision} bits a sample"),
        });
    }
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 || height == 0 {
        return Err(damaged(format!("its size is {width} x {height}")));
    }
    Ok((width.into(), height.into()))
}

/// Of four components, the second and the third are no larger than the first: the decoder panics at some that are,
/// which no camera sends.
fn check_sampling(frame: &[u8]) -> Result<(), PictureError> {
    let components = frame.get(6..).unwrap_or_default().chunks_exact(3);
    let factors: Vec<[u8; 2]> = components.map(|c| [c[1] >> 4, c[1] & 0x0F]).collect();
    let &[first, second, third, _] = &factors[..] else {
        return Ok(());
    };
    if [second, third]
        .iter()
        .all(|own| own[0] <= first[0] && own[1] <= first[1])
    {
        return Ok(());
    }
    Err(PictureError::Unsupported {
        format: Format::Jpeg,
        kind: "four components, the first not the largest".to_owned(),
    })
}

fn kind_of(marker: u8) -> &'static str {
    match marker {
        0xC3 | 0xC7 => "lossless",
        0xC5 | 0xC6 => "hierarchical",
        _ => "arithmetic coding",
    }
}
