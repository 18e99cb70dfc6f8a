//! A drawn room in which things appear and are tidied away: what the simulated cameras show.
//! A picture depends only on the room's seed, what lies there, its size and the time passed in.

mod canvas;
pub mod day;
mod fingerprint;
mod furniture;
mod jpeg;
mod layer;
mod light;
mod mess;
mod room;
mod script;

pub use canvas::{Canvas, Rgb};
pub use fingerprint::Fingerprint;
pub use jpeg::{decode_luma, decode_rgb, encode};
pub use layer::Layer;
pub use light::{Grain, Light};
pub use mess::{Kind, Mess, RelativeBox};
pub(crate) use room::likeness_of;
pub use room::{Room, Snapshot};
pub use script::{Script, Step};

/// The usual size of a snapshot: 1280 x 720 pixels.
pub const USUAL_SIZE: (u16, u16) = (1280, 720);

#[cfg(test)]
mod tests;
