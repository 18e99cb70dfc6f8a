//! One row of MCUs as samples, and its way to red, green and blue.

use super::damaged;
use super::idct::{Basis, Block, inverse};
use super::markers::{Frame, Tables, ZIGZAG};
use crate::vision::PictureError;

/// How samples become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colours {
    Grey,
    Rgb,
    YCbCr,
    /// Ink amounts, turned round where the file is by Adobe.
    Cmyk {
        inverted: bool,
    },
    Ycck {
        inverted: bool,
    },
}

/// One component on its way to samples.
pub(super) struct Plane {
    /// Blocks in an MCU.
    pub(super) across: usize,
    pub(super) down: usize,
    quantiser: [f32; 64],
    basis_across: Basis,
    basis_down: Basis,
    samples: Vec<u8>,
    stride: usize,
}

impl Plane {
    /// Puts a block into the row; `x` and `y` count blocks from the row's top left.
    #[inline]
    pub(super) fn put(&mut self, block: &Block, x: usize, y: usize) {
        let start = y * self.basis_down.size() * self.stride + x * self.basis_across.size();
        inverse(
            block,
            &self.basis_across,
            &self.basis_down,
            &mut self.samples,
            start,
            self.stride,
        );
    }

    /// What coefficient number `k` is multiplied by.
    #[inline(always)]
    pub(super) fn quantiser(&self, k: usize) -> f32 {
        self.quantiser[k & 63]
    }

    /// How many coefficients in zigzag order matter at this size.
    pub(super) fn needed(&self) -> usize {
        let (w, h) = (self.basis_across.size(), self.basis_down.size());
        let matters = |&at: &u8| usize::from(at) / 8 < h && usize::from(at) % 8 < w;
        ZIGZAG.iter().rposition(matters).map_or(1, |k| k + 1)
    }
}

/// All components of one row of MCUs.
pub(super) struct Planes {
    pub(super) parts: Vec<Plane>,
    colours: Colours,
    /// Of the whole picture as it comes out.
    width: usize,
    height: usize,
    /// Rows of pixels in a row of MCUs.
    mcu_height: usize,
    mcu_width: usize,
    pub(super) mcus_across: usize,
    pub(super) mcus_down: usize,
}

impl Planes {
    /// For a frame of which each 8 samples become `eighths` (1 to 8).
    pub(super) fn new(
        frame: &Frame,
        tables: &Tables,
        eighths: usize,
    ) -> Result<Self, PictureError> {
        let most = |of: fn(&super::markers::Declared) -> usize| {
            frame.components.iter().map(of).max().unwrap_or(1)
        };
        let (most_across, most_down) = (most(|c| c.across), most(|c| c.down));
        let (width, height) = (frame.width as usize, frame.height as usize);
        let mcus_across = width.div_ceil(8 * most_across);
        let mcus_down = height.div_ceil(8 * most_down);
        let mut parts = Vec::with_capacity(frame.components.len());
        for declared in &frame.components {
            let zigzag = tables.quantisers[declared.quantiser]
                .ok_or_else(|| damaged("a quantisation table is missing"))?;
            // A component that was sampled more coarsely is reduced less, so that it needs no enlarging.
            let basis_across = Basis::new(samples(eighths, most_across / declared.across));
            let basis_down = Basis::new(samples(eighths, most_down / declared.down));
            // The transform writes eight samples at a time, so a row has room for more than it shows.
            let stride = mcus_across * declared.across * basis_across.size() + 8;
            let rows = declared.down * basis_down.size();
            parts.push(Plane {
                across: declared.across,
                down: declared.down,
                quantiser: zigzag.map(f32::from),
                basis_across,
                basis_down,
                samples: vec![0; stride * rows],
                stride,
            });
        }
        Ok(Self {
            parts,
            colours: colours(frame, tables),
            width: (width * eighths).div_ceil(8),
            height: (height * eighths).div_ceil(8),
            mcu_height: most_down * eighths,
            mcu_width: most_across * eighths,
            mcus_across,
            mcus_down,
        })
    }

    /// Width and height as the picture comes out.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Appends the row's pixels to `rgb`; `mcu_y` is which row of MCUs it is.
    pub(super) fn finish_row(&self, mcu_y: usize, scratch: &mut Scratch, rgb: &mut Vec<u8>) {
        let above = mcu_y * self.mcu_height;
        for y in 0..self.mcu_height.min(self.height.saturating_sub(above)) {
            for (part, line) in self.parts.iter().zip(&mut scratch.lines) {
                self.line(part, y, line);
            }
            let [a, b, c, d] = &scratch.lines;
            match self.colours {
                Colours::Grey => rgb.extend(a.iter().flat_map(|&v| [v, v, v])),
                Colours::Rgb => {
                    for ((&r, &g), &b) in a.iter().zip(b).zip(c) {
                        rgb.extend_from_slice(&[r, g, b]);
                    }
                }
                Colours::YCbCr => append_ycbcr(a, b, c, rgb),
                Colours::Cmyk { inverted } => {
                    let light = |ink: u8| if inverted { ink } else { 255 - ink };
                    for (((&c, &m), &y), &k) in a.iter().zip(b).zip(c).zip(d) {
                        rgb.extend([c, m, y].map(|ink| times(light(ink), light(k))));
                    }
                }
                Colours::Ycck { inverted } => {
                    let start = rgb.len();
                    append_ycbcr(a, b, c, rgb);
                    for (pixel, &k) in rgb[start..].chunks_exact_mut(3).zip(d) {
                        for value in pixel {
                            let (ink, k) = if inverted {
                                (255 - *value, k)
                            } else {
                                (*value, 255 - k)
                            };
                            *value = times(ink, k);
                        }
                    }
                }
            }
        }
    }

    /// Row `y` of the MCU row of one component, as wide as the picture.
    fn line(&self, part: &Plane, y: usize, line: &mut Vec<u8>) {
        let rows = part.down * part.basis_down.size();
        let own_y = y * rows / self.mcu_height;
        let row = &part.samples[own_y * part.stride..(own_y + 1) * part.stride];
        line.clear();
        let own_width = part.across * part.basis_across.size();
        if own_width == self.mcu_width {
            line.extend_from_slice(&row[..self.width]);
        } else if own_width * 2 == self.mcu_width {
            line.extend(row.iter().flat_map(|&v| [v, v]).take(self.width));
        } else {
            line.extend((0..self.width).map(|x| row[x * own_width / self.mcu_width]));
        }
    }
}

/// How many samples a block gives on a side of a component that was sampled `ratio` times as coarsely: as
/// many as the picture needs, or else a whole part of that.
fn samples(eighths: usize, mut ratio: usize) -> usize {
    while eighths * ratio > 8 {
        ratio /= 2;
    }
    eighths * ratio.max(1)
}

/// Lines of samples, kept between rows.
#[derive(Default)]
pub(super) struct Scratch {
    lines: [Vec<u8>; 4],
}

/// T.871 (JFIF) and Adobe's technical note 5116.
fn colours(frame: &Frame, tables: &Tables) -> Colours {
    let ids: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
    match (ids.len(), tables.adobe) {
        (1, _) => Colours::Grey,
        (3, Some(0)) => Colours::Rgb,
        (3, None) if ids == *b"RGB" => Colours::Rgb,
        (3, _) => Colours::YCbCr,
        (_, Some(2)) => Colours::Ycck { inverted: true },
        (_, adobe) => Colours::Cmyk {
            inverted: adobe.is_some(),
        },
    }
}

fn times(a: u8, b: u8) -> u8 {
    let product = (u32::from(a) * u32::from(b) + 127) / 255;
    u8::try_from(product).unwrap_or(u8::MAX)
}

/// T.871 section 7, in whole numbers with 5 bits behind the point: 16 pixels at a time fit the processor.
fn append_ycbcr(y: &[u8], cb: &[u8], cr: &[u8], rgb: &mut Vec<u8>) {
    const AT_ONCE: usize = 16;
    let start = rgb.len();
    rgb.resize(start + y.len() * 3, 0);
    let (lumas, rest) = y.as_chunks::<AT_ONCE>();
    let (blues, reds) = (cb.as_chunks::<AT_ONCE>().0, cr.as_chunks::<AT_ONCE>().0);
    let (wide, narrow) = rgb[start..].split_at_mut(lumas.len() * AT_ONCE * 3);
    let pixels = wide.as_chunks_mut::<{ AT_ONCE * 3 }>().0;
    for (((pixels, y), cb), cr) in pixels.iter_mut().zip(lumas).zip(blues).zip(reds) {
        let (mut r, mut g, mut b) = ([0; AT_ONCE], [0; AT_ONCE], [0; AT_ONCE]);
        for i in 0..AT_ONCE {
            [r[i], g[i], b[i]] = colour(y[i], cb[i], cr[i]);
        }
        for i in 0..AT_ONCE {
            pixels[i * 3] = r[i];
            pixels[i * 3 + 1] = g[i];
            pixels[i * 3 + 2] = b[i];
        }
    }
    let done = y.len() - rest.len();
    let last = narrow.chunks_exact_mut(3).zip(rest).zip(&cb[done..]);
    for (((pixel, &y), &cb), &cr) in last.zip(&cr[done..]) {
        pixel.copy_from_slice(&colour(y, cb, cr));
    }
}

#[inline(always)]
fn colour(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (
        (i16::from(y) << 5) + 16,
        (i16::from(cb) - 128) << 5,
        (i16::from(cr) - 128) << 5,
    );
    // 1.402, 0.344136 and 0.714136, 1.772: what is left of 1 or 2, times 65,536.
    let r = y + cr + upper(cr, 26_345);
    let g = y - upper(cb, 22_554) - cr + upper(cr, 18_734);
    let b = y + 2 * cb - upper(cb, 14_942);
    [clamp(r >> 5), clamp(g >> 5), clamp(b >> 5)]
}

/// The upper half of a product.
#[inline(always)]
fn upper(a: i16, b: i16) -> i16 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "16 of 32 bits are shifted out"
    )]
    let half = ((i32::from(a) * i32::from(b)) >> 16) as i16;
    half
}

#[inline(always)]
fn clamp(value: i16) -> u8 {
    value.clamp(0, 255).to_le_bytes()[0]
}
