//! Where something is in a picture, in coordinates relative to its width and height.

use serde::{Deserialize, Serialize};

/// A point in a picture: 0,0 is the top left corner, 1,1 the bottom right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// 0 (left) to 1 (right).
    pub x: f64,
    /// 0 (top) to 1 (bottom).
    pub y: f64,
}

/// An upright rectangle in a picture, each value 0 to 1 and the whole inside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "[f64; 4]", into = "[f64; 4]")]
pub struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// A rectangle that does not lie inside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a box must lie inside the picture: x, y, width, height from 0 to 1")]
pub struct OutsidePicture;

impl Area {
    /// `x`, `y` is the top left corner.
    ///
    /// # Errors
    /// When it is empty, not a number, or not wholly inside the picture (a thousandth is let pass).
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Result<Self, OutsidePicture> {
        const SLACK: f64 = 0.001;
        let inside = x >= 0.0
            && y >= 0.0
            && width > 0.0
            && height > 0.0
            && x + width <= 1.0 + SLACK
            && y + height <= 1.0 + SLACK;
        if inside {
            Ok(Self {
                x,
                y,
                width: width.min(1.0 - x),
                height: height.min(1.0 - y),
            })
        } else {
            Err(OutsidePicture)
        }
    }

    /// Left edge, 0 to 1.
    pub fn x(&self) -> f64 {
        self.x
    }

    /// Top edge, 0 to 1.
    pub fn y(&self) -> f64 {
        self.y
    }

    /// 0 to 1.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// 0 to 1.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Intersection over union: 0 (apart) to 1 (the same).
    pub fn overlap(&self, other: &Self) -> f64 {
        let across =
            ((self.x + self.width).min(other.x + other.width) - self.x.max(other.x)).max(0.0);
        let down =
            ((self.y + self.height).min(other.y + other.height) - self.y.max(other.y)).max(0.0);
        let both = across * down;
        let either = self.width * self.height + other.width * other.height - both;
        if either > 0.0 { both / either } else { 0.0 }
    }
}

impl Area {
    /// Whether two boxes, drawn with a model's usual slack, mean one place: 1 (they overlap by a quarter), 0.8
    /// (their middles are within an eighth of the picture), 0.4 (within a quarter), 0 (apart).
    pub fn nearness(&self, other: &Self) -> f64 {
        let across = (self.x + self.width / 2.0) - (other.x + other.width / 2.0);
        let down = (self.y + self.height / 2.0) - (other.y + other.height / 2.0);
        let distance = across.hypot(down);
        if self.overlap(other) >= 0.25 {
            1.0
        } else if distance <= 0.125 {
            0.8
        } else if distance <= 0.25 {
            0.4
        } else {
            0.0
        }
    }
}

impl TryFrom<[f64; 4]> for Area {
    type Error = OutsidePicture;

    fn try_from([x, y, width, height]: [f64; 4]) -> Result<Self, OutsidePicture> {
        Self::new(x, y, width, height)
    }
}

impl From<Area> for [f64; 4] {
    fn from(area: Area) -> Self {
        [area.x, area.y, area.width, area.height]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_outside_the_picture_is_refused() {
        assert!(Area::new(0.5, 0.5, 0.6, 0.1).is_err());
        assert!(Area::new(f64::NAN, 0.5, 0.1, 0.1).is_err());
        assert!(Area::new(0.1, 0.1, 0.0, 0.1).is_err());
        assert!(Area::new(0.5, 0.5, 0.5, 0.5).is_ok());
    }

    #[test]
    fn overlap_is_one_for_the_same_and_zero_for_apart() {
        let a = Area::new(0.0, 0.0, 0.2, 0.2).unwrap();
        let b = Area::new(0.5, 0.5, 0.2, 0.2).unwrap();

        assert!((a.overlap(&a) - 1.0).abs() < 1e-9);
        assert!(a.overlap(&b).abs() < 1e-9);
        assert!((a.nearness(&a) - 1.0).abs() < 1e-9);
        assert!(a.nearness(&b).abs() < 1e-9);
    }
}
