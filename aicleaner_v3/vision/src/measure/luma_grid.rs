//! The brightness of a frame on its grid, kept to look back at. Never holds colour.

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::grid::Grid;

/// How bright a frame was, cell by cell; two thirds of a grid's bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LumaGrid {
    width: usize,
    #[serde(with = "base64_bytes")]
    luma: Vec<u8>,
}

impl LumaGrid {
    pub(crate) fn of(grid: &Grid) -> Self {
        Self {
            width: grid.width,
            luma: grid.luma.clone(),
        }
    }

    /// Whether it can be compared with a grid cell by cell.
    pub(crate) fn fits(&self, grid: &Grid) -> bool {
        (self.width, self.luma.len()) == (grid.width, grid.luma.len())
    }

    /// Brightness as levels, 0 to 255.
    pub(crate) fn levels(&self) -> Field {
        let height = self.luma.len() / self.width.max(1);
        let values = self.luma.iter().map(|&level| f32::from(level));
        Field::of(self.width, height, values)
    }
}

impl std::fmt::Debug for LumaGrid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LumaGrid({} cells)", self.luma.len())
    }
}

/// Bytes as text.
mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)
    }
}
