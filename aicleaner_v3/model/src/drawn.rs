//! What a person draws onto a camera's picture: masks that hide, and regions that have a name.

use serde::{Deserialize, Serialize};

use super::Point;

/// A drawn shape that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum InvalidShape {
    /// Too few or too many corners.
    #[error("a shape has {0} corners, expected 3 to 64")]
    Corners(usize),
    /// A corner outside the picture.
    #[error("corner {number} is at {x}, {y}; both must be from 0 to 1")]
    Outside {
        /// Counted from 1.
        number: usize,
        /// As given.
        x: f64,
        /// As given.
        y: f64,
    },
    /// A region without a usable name.
    #[error("a region's name has {0} characters, expected 1 to 40")]
    Name(usize),
    /// A weight outside its range.
    #[error("a region's weight is {0}, expected 0 to 10")]
    Weight(f64),
}

/// A closed shape of 3 to 64 corners inside the picture. Its edges may cross: what an odd number of them
/// encloses is inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Point>", into = "Vec<Point>")]
pub struct Polygon(Vec<Point>);

impl Polygon {
    /// The most corners one may have.
    pub const MOST_CORNERS: usize = 64;

    /// # Errors
    /// When there are fewer than 3 or more than 64 corners, or one is outside the picture or not a number.
    pub fn new(corners: Vec<Point>) -> Result<Self, InvalidShape> {
        if !(3..=Self::MOST_CORNERS).contains(&corners.len()) {
            return Err(InvalidShape::Corners(corners.len()));
        }
        let outside = |p: &Point| !((0.0..=1.0).contains(&p.x) && (0.0..=1.0).contains(&p.y));
        match corners.iter().position(outside) {
            Some(at) => Err(InvalidShape::Outside {
                number: at + 1,
                x: corners[at].x,
                y: corners[at].y,
            }),
            None => Ok(Self(corners)),
        }
    }

    /// Its corners in order.
    pub fn corners(&self) -> &[Point] {
        &self.0
    }

    /// Whether `point` is inside.
    pub fn contains(&self, point: Point) -> bool {
        let mut inside = false;
        let mut before = self.0[self.0.len() - 1];
        for &corner in &self.0 {
            if (corner.y > point.y) != (before.y > point.y) {
                let share = (point.y - corner.y) / (before.y - corner.y);
                if point.x < corner.x + share * (before.x - corner.x) {
                    inside = !inside;
                }
            }
            before = corner;
        }
        inside
    }
}

impl TryFrom<Vec<Point>> for Polygon {
    type Error = InvalidShape;

    fn try_from(corners: Vec<Point>) -> Result<Self, InvalidShape> {
        Self::new(corners)
    }
}

impl From<Polygon> for Vec<Point> {
    fn from(polygon: Polygon) -> Self {
        polygon.0
    }
}

/// A part of a camera's picture that nobody may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mask(pub Polygon);

/// A part of a camera's picture with a name, such as "desk".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawRegion", into = "RawRegion")]
pub struct Region {
    name: String,
    outline: Polygon,
    weight: f64,
}

impl Region {
    /// `weight` says how much disorder there matters: 1 is usual, 0 never, 10 most.
    ///
    /// # Errors
    /// When the name is empty or longer than 40 characters, or the weight outside 0 to 10.
    pub fn new(name: &str, outline: Polygon, weight: f64) -> Result<Self, InvalidShape> {
        let name = name.trim();
        let length = name.chars().count();
        if !(1..=40).contains(&length) || name.chars().any(char::is_control) {
            return Err(InvalidShape::Name(length));
        }
        if !(0.0..=10.0).contains(&weight) {
            return Err(InvalidShape::Weight(weight));
        }
        Ok(Self {
            name: name.to_owned(),
            outline,
            weight,
        })
    }

    /// What people call it; 1 to 40 characters.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub fn outline(&self) -> &Polygon {
        &self.outline
    }

    /// How much disorder there matters, 0 to 10; 1 is usual.
    pub fn weight(&self) -> f64 {
        self.weight
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegion {
    name: String,
    outline: Polygon,
    #[serde(default = "usual_weight")]
    weight: f64,
}

fn usual_weight() -> f64 {
    1.0
}

impl TryFrom<RawRegion> for Region {
    type Error = InvalidShape;

    fn try_from(raw: RawRegion) -> Result<Self, InvalidShape> {
        Self::new(&raw.name, raw.outline, raw.weight)
    }
}

impl From<Region> for RawRegion {
    fn from(region: Region) -> Self {
        Self {
            name: region.name,
            outline: region.outline,
            weight: region.weight,
        }
    }
}

/// In which light a camera sees. Pictures are compared within one mode only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightMode {
    /// With colours: by day or by lamp.
    Colour,
    /// Without colours: at night, by infrared.
    Infrared,
}

impl LightMode {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Colour, Self::Infrared];

    /// The word that stands for it in the database and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Colour => "colour",
            Self::Infrared => "infrared",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangle() -> Polygon {
        let corner = |x, y| Point { x, y };
        Polygon::new(vec![corner(0.0, 0.0), corner(1.0, 0.0), corner(0.0, 1.0)]).unwrap()
    }

    #[test]
    fn a_point_is_inside_or_outside() {
        assert!(triangle().contains(Point { x: 0.2, y: 0.2 }));
        assert!(!triangle().contains(Point { x: 0.8, y: 0.8 }));
    }

    #[test]
    fn shapes_that_make_no_sense_are_refused() {
        let corner = |x, y| Point { x, y };
        assert_eq!(Polygon::new(vec![]), Err(InvalidShape::Corners(0)));
        assert!(Polygon::new(vec![corner(0.0, 0.0); 65]).is_err());
        assert!(
            Polygon::new(vec![
                corner(0.0, 0.0),
                corner(f64::NAN, 0.0),
                corner(1.0, 1.0)
            ])
            .is_err()
        );
        assert!(Polygon::new(vec![corner(0.0, 0.0), corner(1.1, 0.0), corner(1.0, 1.0)]).is_err());
        assert!(Region::new(" ", triangle(), 1.0).is_err());
        assert!(Region::new("desk", triangle(), -1.0).is_err());
    }

    #[test]
    fn a_region_is_stored_and_read_back() {
        let region = Region::new("desk", triangle(), 2.0).unwrap();

        let text = serde_json::to_string(&region).unwrap();

        assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region);
        assert!(serde_json::from_str::<Region>(&text.replace("desk", "")).is_err());
    }
}
