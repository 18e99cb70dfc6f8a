//! Decides whether a region that differs is only lit differently: a patch of sun, a lamp, a window's panes, a screen.
//! Goes by evidence alone, and never takes for light what it does not recognise.

use super::evidence::{Evidence, SATURATED};

/// How much warmer light gets with its brightness: the sun against the sky, both as logarithms.
const WARMTH: f32 = 0.3;

impl Evidence {
    /// Whether light alone explains the region.
    pub(super) fn is_light(&self) -> bool {
        self.is_same_surface()
            || self.is_moved_edge()
            || (self.has_colour_of_light() && self.has_shape_of_light())
    }

    /// Whether it shows the same surface as before, however that is lit or shines by itself.
    pub(super) fn is_same_surface(&self) -> bool {
        let is_source = self.lacks_changed_outline() || self.is_lamp() || self.is_saturated_lamp();
        self.is_unchanged() || (is_source && !self.is_recoloured()) || self.keeps_texture()
    }

    /// Its colour changed more than the light of any lamp changes it; that of a lamp itself is saturated.
    fn is_recoloured(&self) -> bool {
        let far = self
            .chroma_delta
            .is_some_and(|[warm, green, _]| warm.abs() > 0.9 || green.abs() > 0.6);
        far && self.level < 200.0
    }

    /// Nothing changed in it; only its surroundings did.
    fn is_unchanged(&self) -> bool {
        let keeps_colour = self.chroma_delta.is_none_or(|[warm, green, deviation]| {
            warm.abs() < 0.08 && green.abs() < 0.08 && deviation < 0.1
        });
        let is_plain = self.luma_change.abs() < 0.25
            && self.texture_strength < 0.03
            && self.texture_correlation > 0.3;
        let stays_white = self.level >= SATURATED && (self.luma_change.abs() < 0.06 || is_plain);
        (self.luma_delta.abs() < 0.06 || stays_white) && keeps_colour
    }

    /// An object brings an outline with it. What changes within outlines that were there and still are is a pane, a
    /// lampshade or a screen; what has no outline at all is a gradual change of light.
    fn lacks_changed_outline(&self) -> bool {
        let most = if self.cells < 40.0 { 0.2 } else { 0.3 };
        self.boundary_samples >= 8 && self.edges_removed + self.edges_added < most
    }

    /// An edge that moved: it was on one side and is on the other, as a shadow's, or that of a curtain in a draught.
    fn is_moved_edge(&self) -> bool {
        let is_seam = self.inner_cells < 0.5 && self.length >= 10.0;
        let (less, more) = (
            self.edges_removed.min(self.edges_added),
            self.edges_removed.max(self.edges_added),
        );
        let is_strip = less >= 0.2
            && less >= 0.45 * more
            && self.length >= 6.0
            && self.thickness() <= (0.5 * self.length).min(5.0);
        is_seam || is_strip
    }

    /// Nothing that covers a surface leaves its texture as it was, whatever the colour of the light; of a large one not
    /// all of it need stay.
    fn keeps_texture(&self) -> bool {
        let least = if self.inner_cells < 400.0 { 0.75 } else { 0.6 };
        self.inner_cells >= 40.0 && self.texture_strength > 0.04 && self.texture_correlation > least
    }

    /// A lamp, and a lit pane, shine on what is around them, and keep what little texture they have until they are
    /// saturated.
    fn is_lamp(&self) -> bool {
        let looks_alike = self.texture_correlation > 0.25 || self.level >= SATURATED;
        self.inner_cells >= 12.0
            && self.glow.abs() >= 0.07
            && self.glow * self.luma_delta > 0.0
            && self.texture_strength < 0.055
            && self.level > 140.0
            && looks_alike
    }

    /// A lamp that is white when it is lit: saturated, it changes no more than what it shines on, and its own colour is
    /// seen by another light only.
    fn is_saturated_lamp(&self) -> bool {
        self.inner_cells >= 12.0
            && self.glow.abs() >= 0.4
            && self.glow * self.luma_change > 0.0
            && self.luma_delta.abs() < 0.2
            && self.texture_strength < 0.03
            && self.level > 200.0
    }

    /// Whether its colour changed as light changes it.
    fn has_colour_of_light(&self) -> bool {
        self.chroma_delta.is_none_or(|[warm, green, deviation]| {
            (warm - WARMTH * self.luma_delta).abs() < 0.09 + 0.1 * self.luma_delta.abs()
                && green.abs() < 0.07 + 0.05 * self.luma_delta.abs()
                && deviation < 0.15
        })
    }

    /// Whether it is a moved or long thin shape, a lit texture, or a large warm patch.
    fn has_shape_of_light(&self) -> bool {
        let has_moved = self.edges_removed.min(self.edges_added)
            > 0.3 * (self.edges_removed + self.edges_added);
        let is_line = (self.inner_cells < 2.0 && self.length >= 6.0)
            || (self.thickness() <= 4.5 && self.length >= 14.0);
        let keeps_texture = self.texture_strength > 0.02
            && (self.inner_cells >= 12.0 && self.texture_correlation > 0.6
                || self.inner_cells >= 100.0 && self.texture_correlation > 0.35);
        let least_warmth = if self.inner_cells >= 100.0 {
            0.02
        } else {
            0.04
        };
        let is_patch = self.inner_cells >= 12.0
            && self.length >= 12.0
            && self.warmth() > least_warmth
            && (self.length >= 20.0
                || self.texture_correlation > 0.2
                || self.texture_strength < 0.04);
        (has_moved && self.length >= 6.0 && self.thickness() <= 0.5 * self.length)
            || is_line
            || keeps_texture
            || is_patch
    }

    /// At least this share of its outline was added or removed, and it is not elongated.
    pub(super) fn is_compact(&self, outlined: f32) -> bool {
        self.edges_added.max(self.edges_removed) >= outlined
            && self.thickness() >= 0.3 * self.length
    }

    /// How much warmer it got with its brightness, or colder with its darkness.
    fn warmth(&self) -> f32 {
        self.chroma_delta
            .map_or(0.0, |[warm, ..]| warm * self.luma_delta.signum())
    }

    /// In cells.
    fn thickness(&self) -> f32 {
        self.cells / self.length
    }
}
