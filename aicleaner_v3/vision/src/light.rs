//! Whether a place that differs is only lit otherwise: a patch of sun, a lamp, a window's panes, a screen.
//! Goes by measures alone. A place that it does not understand is never light.

use super::evidence::{Evidence, WHITE};

/// How much warmer light gets with its brightness: the sun against the sky, both as logarithms.
const WARMTH: f32 = 0.3;

impl Evidence {
    /// Whether light alone explains the place.
    pub(super) fn is_light(&self) -> bool {
        self.is_as_it_was()
            || self.has_moved()
            || (self.has_lights_colour() && self.behaves_as_light())
    }

    /// Whether what is there was there before, however it is lit or shines by itself.
    pub(super) fn is_as_it_was(&self) -> bool {
        let is_source = self.is_enclosed() || self.is_lamp() || self.is_white_lamp();
        self.is_nothing() || (is_source && !self.is_dyed()) || self.is_the_same()
    }

    /// Colour moved further than the light of any lamp moves it; that of a lamp itself is cut off.
    fn is_dyed(&self) -> bool {
        let far = self
            .colour
            .is_some_and(|[warm, green, _]| warm.abs() > 0.9 || green.abs() > 0.6);
        far && self.level < 200.0
    }

    /// It is as it was; only its neighbourhood changed.
    fn is_nothing(&self) -> bool {
        let colourless = self.colour.is_none_or(|[warm, green, motley]| {
            warm.abs() < 0.08 && green.abs() < 0.08 && motley < 0.1
        });
        let is_plain = self.own.abs() < 0.25 && self.texture < 0.03 && self.kept > 0.3;
        let stays_white = self.level >= WHITE && (self.own.abs() < 0.06 || is_plain);
        (self.lift.abs() < 0.06 || stays_white) && colourless
    }

    /// A thing brings an outline with it. What changes within outlines that were there and still are is a pane, a
    /// shade or a screen; what has no outline at all is light that falls off.
    fn is_enclosed(&self) -> bool {
        let most = if self.cells < 40.0 { 0.2 } else { 0.3 };
        self.boundary >= 8 && self.ended + self.begun < most
    }

    /// An edge that moved on: it was on one side and is on the other, as a shadow's, or a curtain's in the draught.
    fn has_moved(&self) -> bool {
        let is_seam = self.inner < 0.5 && self.long >= 10.0;
        let (less, more) = (self.ended.min(self.begun), self.ended.max(self.begun));
        let is_strip = less >= 0.2
            && less >= 0.45 * more
            && self.long >= 6.0
            && self.thickness() <= (0.5 * self.long).min(5.0);
        is_seam || is_strip
    }

    /// Nothing that covers a place leaves its texture as it was, whatever the colour of the light; of a large one it need
    /// not be all.
    fn is_the_same(&self) -> bool {
        let least = if self.inner < 400.0 { 0.75 } else { 0.6 };
        self.inner >= 40.0 && self.texture > 0.04 && self.kept > least
    }

    /// A lamp, and a lit pane, shine on what is around them, and keep what little texture they have until they are
    /// white.
    fn is_lamp(&self) -> bool {
        let looks_alike = self.kept > 0.25 || self.level >= WHITE;
        self.inner >= 12.0
            && self.glow.abs() >= 0.07
            && self.glow * self.lift > 0.0
            && self.texture < 0.055
            && self.level > 140.0
            && looks_alike
    }

    /// A lamp that is white when it is lit: cut off, it changes no more than what it shines on, and its own colour is seen
    /// by another light only.
    fn is_white_lamp(&self) -> bool {
        self.inner >= 12.0
            && self.glow.abs() >= 0.4
            && self.glow * self.own > 0.0
            && self.lift.abs() < 0.2
            && self.texture < 0.03
            && self.level > 200.0
    }

    /// Whether colour moved no other way than light moves it.
    fn has_lights_colour(&self) -> bool {
        self.colour.is_none_or(|[warm, green, motley]| {
            (warm - WARMTH * self.lift).abs() < 0.09 + 0.1 * self.lift.abs()
                && green.abs() < 0.07 + 0.05 * self.lift.abs()
                && motley < 0.15
        })
    }

    fn behaves_as_light(&self) -> bool {
        let moves = self.ended.min(self.begun) > 0.3 * (self.ended + self.begun);
        let is_line = (self.inner < 2.0 && self.long >= 6.0)
            || (self.thickness() <= 4.5 && self.long >= 14.0);
        let keeps_texture = self.texture > 0.02
            && (self.inner >= 12.0 && self.kept > 0.6 || self.inner >= 100.0 && self.kept > 0.35);
        let is_patch = self.inner >= 12.0
            && self.long >= 12.0
            && self.warmth() > if self.inner >= 100.0 { 0.02 } else { 0.04 }
            && (self.long >= 20.0 || self.kept > 0.2 || self.texture < 0.04);
        (moves && self.long >= 6.0 && self.thickness() <= 0.5 * self.long)
            || is_line
            || keeps_texture
            || is_patch
    }

    /// At least this share of its outline is new, or was there before and is gone, and it is no stripe.
    pub(super) fn is_compact(&self, outlined: f32) -> bool {
        self.begun.max(self.ended) >= outlined && self.thickness() >= 0.3 * self.long
    }

    /// How much warmer it got with its brightness, or colder with its darkness.
    fn warmth(&self) -> f32 {
        self.colour
            .map_or(0.0, |[warm, ..]| warm * self.lift.signum())
    }

    /// In cells.
    fn thickness(&self) -> f32 {
        self.cells / self.long
    }
}
