//! What one camera shows at one moment, measured. The picture itself is not kept here.

use crate::model::EntityId;
use crate::vision::{Frame, Grid};

/// One camera's picture of this moment, measured.
#[derive(Debug)]
pub struct CameraFrame {
    /// Which camera it is.
    pub camera: EntityId,
    /// What the gate sees.
    pub frame: Frame,
    /// What the local judge sees.
    pub grid: Grid,
    /// The size as it came from the camera, in pixels.
    pub size: (u32, u32),
}
