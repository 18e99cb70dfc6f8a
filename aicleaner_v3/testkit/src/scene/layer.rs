//! What is drawn into a scene, one over the other. Layers never read a clock: the moment is passed in.

use std::time::Duration;

use super::canvas::Canvas;

/// Something drawn into a scene.
pub trait Layer: Send + Sync {
    /// Draws it as it is at a moment of the scene.
    fn draw(&self, canvas: &mut Canvas, at: Duration);
}
