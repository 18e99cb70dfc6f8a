//! A small drawn room for tests: textured furniture, light, noise, objects that lie about. Must never ship.

use crate::image::levels::rounded;
use crate::image::raster::Raster;

/// A room to draw.
#[derive(Clone)]
pub(crate) struct Room {
    seed: u32,
    gain: f32,
    offset: f32,
    shift: (f32, f32),
    infrared: bool,
    objects: Vec<([f32; 4], [f32; 3])>,
    sun: Option<(f32, f32)>,
    /// A floor lamp, and whether it is lit.
    lamp: Option<bool>,
    /// How bright it is outside, if more than the sky is seen there.
    outside: Option<f32>,
}

impl Room {
    pub(crate) const WIDTH: u32 = 384;
    pub(crate) const HEIGHT: u32 = 216;

    /// `seed` is of the sensor's noise; the room is always the same.
    pub(crate) fn tidy(seed: u32) -> Self {
        Self {
            seed,
            gain: 1.0,
            offset: 0.0,
            shift: (0.0, 0.0),
            infrared: false,
            objects: Vec::new(),
            sun: None,
            lamp: None,
            outside: None,
        }
    }

    /// Adds a red object at x, y with width and height, in shares of the picture.
    pub(crate) fn with(self, object: [f32; 4]) -> Self {
        self.with_coloured(object, [205.0, 60.0, 50.0])
    }

    /// Adds an object of a colour, in levels of red, green and blue.
    pub(crate) fn with_coloured(mut self, object: [f32; 4], colour: [f32; 3]) -> Self {
        self.objects.push((object, colour));
        self
    }

    /// The sun falls on the floor in a slanted strip, from x at its upper end on, with width.
    pub(crate) fn with_sun(mut self, x: f32, width: f32) -> Self {
        self.sun = Some((x, width));
        self
    }

    /// A floor lamp before the wall, whose shade is white when it is lit.
    pub(crate) fn with_lamp(mut self, is_lit: bool) -> Self {
        self.lamp = Some(is_lit);
        self
    }

    /// Trees before the window, this bright.
    pub(crate) fn with_trees(mut self, bright: f32) -> Self {
        self.outside = Some(bright);
        self
    }

    /// Changes the light.
    pub(crate) fn lit(mut self, gain: f32, offset: f32) -> Self {
        (self.gain, self.offset) = (gain, offset);
        self
    }

    /// Shakes the camera, by shares of the picture.
    pub(crate) fn shaken(mut self, x: f32, y: f32) -> Self {
        self.shift = (x, y);
        self
    }

    /// Takes the colours away.
    pub(crate) fn at_night(mut self) -> Self {
        self.infrared = true;
        self
    }

    pub(crate) fn picture(&self) -> Raster {
        let mut noise = self.seed.wrapping_mul(2_654_435_761) | 1;
        let mut rgb = Vec::new();
        for y in 0..Self::HEIGHT {
            for x in 0..Self::WIDTH {
                let u = x as f32 / Self::WIDTH as f32 + self.shift.0;
                let v = y as f32 / Self::HEIGHT as f32 + self.shift.1;
                let mut colour = room_at(u, v);
                if let Some(bright) = self.outside.filter(|_| is_window(u, v)) {
                    let leaves = (u * 150.0).sin() * (v * 130.0).sin() * 0.25;
                    colour = [150.0, 152.0, 150.0].map(|c| c * bright * (1.0 + leaves));
                }
                if let Some(is_lit) = self.lamp {
                    colour = beside_lamp(u, v, colour, is_lit);
                }
                let on =
                    |t: &[f32; 4]| u >= t[0] && v >= t[1] && u < t[0] + t[2] && v < t[1] + t[3];
                if let Some((_, own)) = self.objects.iter().find(|(object, _)| on(object)) {
                    colour = *own;
                }
                if let Some((x, width)) = self.sun
                    && (0.6..0.95).contains(&v)
                {
                    let from_left = u - x - (v - 0.6) * 0.4;
                    let part = (from_left.min(width - from_left) / 0.008).clamp(0.0, 1.0);
                    for (channel, gain) in colour.iter_mut().zip([0.48, 0.42, 0.33]) {
                        *channel *= 1.0 + gain * part;
                    }
                }
                if self.infrared {
                    colour = [(colour[0] * 0.5 + colour[1] + colour[2]) / 2.5; 3];
                }
                noise ^= noise << 13;
                noise ^= noise >> 17;
                noise ^= noise << 5;
                let grain = (noise % 1000) as f32 / 125.0 - 4.0;
                rgb.extend(colour.map(|c| rounded(c * self.gain + self.offset + grain)));
            }
        }
        Raster::new(Self::WIDTH, Self::HEIGHT, rgb).unwrap()
    }
}

impl Room {
    /// The picture out of focus: each pixel is the mean of those up to `radius` away.
    pub(crate) fn blurred(&self, radius: usize) -> Raster {
        let (width, height) = (Self::WIDTH as usize, Self::HEIGHT as usize);
        let mean = |pixels: &[u8], length: usize, step: usize, start: usize, out: &mut [u8]| {
            for i in 0..length {
                let window = i.saturating_sub(radius)..(i + radius + 1).min(length);
                let sum: usize = window
                    .clone()
                    .map(|j| usize::from(pixels[start + j * step]))
                    .sum();
                out[start + i * step] = u8::try_from(sum / window.len()).unwrap();
            }
        };
        let sharp = self.picture().into_rgb();
        let (mut across, mut both) = (sharp.clone(), sharp.clone());
        for start in 0..height * 3 {
            let start = start / 3 * width * 3 + start % 3;
            mean(&sharp, width, 3, start, &mut across);
        }
        for start in 0..width * 3 {
            mean(&across, height, width * 3, start, &mut both);
        }
        Raster::new(Self::WIDTH, Self::HEIGHT, both).unwrap()
    }
}

fn is_window(u: f32, v: f32) -> bool {
    (0.6..0.8).contains(&u) && (0.08..0.32).contains(&v)
}

/// The lamp's own shade, and what it shines on.
fn beside_lamp(u: f32, v: f32, colour: [f32; 3], is_lit: bool) -> [f32; 3] {
    let is_shade = (0.16..0.23).contains(&u) && (0.14..0.28).contains(&v);
    if is_shade {
        return if is_lit {
            [410.0, 385.0, 345.0]
        } else {
            [215.0, 170.0, 95.0]
        };
    }
    let far = ((u - 0.195) / 0.25).powi(2) + ((v - 0.21) / 0.35).powi(2);
    let glow = f32::from(u8::from(is_lit)) * (-far).exp();
    colour.map(|c| c * (1.0 + 1.2 * glow))
}

fn room_at(u: f32, v: f32) -> [f32; 3] {
    let wood = (u * 170.0 + (v * 23.0).sin() * 2.0).sin() * 8.0 + (v * 90.0).sin() * 7.0;
    if v < 0.45 {
        let paper = (u * 140.0).sin() * (v * 120.0).sin() * 6.0;
        if is_window(u, v) {
            [236.0, 240.0, 244.0]
        } else {
            [176.0 + paper, 170.0 + paper, 150.0 + paper]
        }
    } else if (0.55..0.9).contains(&u) && v < 0.75 {
        let weave = (u * 260.0).sin() * (v * 210.0).cos() * 9.0;
        [52.0 + weave, 66.0 + weave, 98.0 + weave]
    } else {
        [132.0 + wood, 104.0 + wood, 78.0 + wood * 0.8]
    }
}
