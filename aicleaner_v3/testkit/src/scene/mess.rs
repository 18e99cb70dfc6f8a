//! Things that lie about: what they are, where they lie and how they are drawn.
//! The catalogue's words are what the simulated model reports, so its titles stay as they are.

use serde::{Deserialize, Serialize};

use super::canvas::{Canvas, mix};

/// A place in the picture, in shares of its width and height (0 to 1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelativeBox {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// The kinds of things that lie about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A cup with a handle.
    Cup,
    /// A pair of socks.
    Socks,
    /// A used plate.
    Plate,
    /// A building block with a ball.
    Toy,
    /// Crumpled paper.
    Paper,
    /// A shopping bag.
    Bag,
}

/// One thing that lies about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mess {
    /// Its name in scripts and tests, unique in a room.
    pub id: String,
    /// What is to be done, as a person would write it.
    pub title: String,
    /// Where it lies, in words.
    pub location: String,
    /// Where it lies in the picture.
    pub place: RelativeBox,
    /// What it is.
    pub kind: Kind,
}

impl Mess {
    /// A thing at a place: x, y, width, height, each from 0 to 1.
    #[must_use]
    pub fn new(id: &str, title: &str, location: &str, kind: Kind, place: [f32; 4]) -> Self {
        let [x, y, w, h] = place;
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            location: location.to_owned(),
            place: RelativeBox { x, y, w, h },
            kind,
        }
    }

    /// The things that every room knows by id.
    #[must_use]
    pub fn catalogue() -> Vec<Self> {
        use Kind::{Bag, Cup, Paper, Plate, Socks, Toy};
        [
            (
                "cup-on-desk",
                "Take the cup to the kitchen",
                "desk",
                Cup,
                [0.64, 0.40, 0.05, 0.08],
            ),
            (
                "socks-on-floor",
                "Pick up the socks",
                "floor by the sofa",
                Socks,
                [0.03, 0.80, 0.12, 0.09],
            ),
            (
                "plate-on-table",
                "Put the plate in the dishwasher",
                "coffee table",
                Plate,
                [0.19, 0.70, 0.12, 0.06],
            ),
            (
                "toy-on-rug",
                "Put the toys in the box",
                "rug",
                Toy,
                [0.52, 0.74, 0.09, 0.11],
            ),
            (
                "paper-on-floor",
                "Throw away the paper",
                "floor by the desk",
                Paper,
                [0.76, 0.82, 0.08, 0.09],
            ),
            (
                "bag-on-sofa",
                "Put the bag away",
                "sofa",
                Bag,
                [0.10, 0.44, 0.09, 0.14],
            ),
        ]
        .into_iter()
        .map(|(id, title, location, kind, place)| Self::new(id, title, location, kind, place))
        .collect()
    }

    /// How long putting it right takes, in minutes.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        match self.kind {
            Kind::Cup | Kind::Socks | Kind::Paper => 1,
            Kind::Plate | Kind::Bag => 2,
            Kind::Toy => 5,
        }
    }

    /// How urgent it is: `low`, `normal` or `high`.
    #[must_use]
    pub fn priority(&self) -> &'static str {
        match self.kind {
            Kind::Plate => "high",
            Kind::Cup | Kind::Socks | Kind::Bag => "normal",
            Kind::Toy | Kind::Paper => "low",
        }
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        let RelativeBox { x, y, w, h } = self.place;
        // Everything casts the same soft shadow, or it would seem to float.
        canvas.ellipse(x, y + h * 0.82, w * 1.08, h * 0.24, [70, 58, 48]);
        match self.kind {
            Kind::Cup => {
                canvas.ellipse(
                    x + w * 0.55,
                    y + h * 0.25,
                    w * 0.45,
                    h * 0.45,
                    [196, 30, 40],
                );
                canvas.rectangle(x + w * 0.05, y + h * 0.1, w * 0.7, h * 0.8, [214, 36, 46]);
                canvas.ellipse(x + w * 0.05, y, w * 0.7, h * 0.22, [90, 50, 36]);
            }
            Kind::Socks => {
                for (shift, colour) in [(0.0, [36, 52, 150]), (0.48, [52, 70, 176])] {
                    let left = x + w * shift;
                    canvas.rectangle(left, y, w * 0.2, h * 0.75, colour);
                    canvas.ellipse(left, y + h * 0.5, w * 0.46, h * 0.45, colour);
                    canvas.rectangle(left, y, w * 0.2, h * 0.14, [236, 236, 240]);
                }
            }
            Kind::Plate => {
                canvas.ellipse(x, y, w, h, [246, 246, 244]);
                canvas.ellipse(
                    x + w * 0.16,
                    y + h * 0.16,
                    w * 0.68,
                    h * 0.62,
                    [222, 226, 228],
                );
                canvas.ellipse(x + w * 0.34, y + h * 0.34, w * 0.3, h * 0.26, [150, 84, 30]);
            }
            Kind::Toy => {
                canvas.rectangle(x, y + h * 0.4, w * 0.6, h * 0.55, [30, 150, 70]);
                canvas.ellipse(x + w * 0.1, y + h * 0.3, w * 0.16, h * 0.16, [24, 124, 58]);
                canvas.ellipse(x + w * 0.34, y + h * 0.3, w * 0.16, h * 0.16, [24, 124, 58]);
                canvas.ellipse(
                    x + w * 0.52,
                    y + h * 0.42,
                    w * 0.48,
                    h * 0.52,
                    [244, 160, 20],
                );
            }
            Kind::Paper => {
                for (step, dark) in [(0.0, 0.0), (0.22, 0.12), (0.4, 0.24)] {
                    let colour = mix([250, 250, 246], [120, 120, 116], dark);
                    let (left, top) = (x + w * step, y + h * step * 0.6);
                    let points = [
                        (left, top + h * 0.8),
                        (left + w * 0.3, top),
                        (left + w * 0.6, top + h * 0.7),
                    ];
                    canvas.triangle(points, colour);
                }
            }
            Kind::Bag => {
                canvas.ellipse(x + w * 0.25, y, w * 0.5, h * 0.4, [110, 20, 110]);
                canvas.ellipse(
                    x + w * 0.33,
                    y + h * 0.06,
                    w * 0.34,
                    h * 0.3,
                    [150, 146, 140],
                );
                canvas.rectangle(x, y + h * 0.25, w, h * 0.72, [132, 28, 132]);
                canvas.rectangle(x, y + h * 0.5, w, h * 0.1, [230, 200, 60]);
            }
        }
    }
}
