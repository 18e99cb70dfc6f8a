//! What may be on the test picture: numbered shapes in colours that models tell apart. Plain data.

/// Shapes in a picture.
pub const SHAPES: usize = 6;
/// One numbered shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// 10 to 99, each once in a picture.
    pub number: u8,
    /// Its outline.
    pub outline: Outline,
    /// Its colour.
    pub colour: Colour,
}

/// The outline of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outline {
    /// Round.
    Circle,
    /// Four equal sides, upright.
    Square,
    /// Three sides, standing on one.
    Triangle,
}

/// The colour of a shape. Colours that models confuse with each other are not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Yellow.
    Yellow,
    /// Black.
    Black,
}

impl Outline {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Circle, Self::Square, Self::Triangle];
}

impl Colour {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Red,
        Self::Green,
        Self::Blue,
        Self::Yellow,
        Self::Black,
    ];

    /// The word that the question asks for.
    pub fn word(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Green => "green",
            Self::Blue => "blue",
            Self::Yellow => "yellow",
            Self::Black => "black",
        }
    }

    /// Red, green and blue, 0 to 255 each.
    pub fn rgb(self) -> [u8; 3] {
        match self {
            Self::Red => [214, 30, 36],
            Self::Green => [18, 140, 52],
            Self::Blue => [28, 64, 214],
            Self::Yellow => [250, 208, 0],
            Self::Black => [20, 20, 20],
        }
    }

    /// What a number in it is written with.
    pub fn ink(self) -> [u8; 3] {
        match self {
            Self::Yellow => [0, 0, 0],
            _ => [255, 255, 255],
        }
    }
}
