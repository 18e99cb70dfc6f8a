//! Pictures as services want them: made small, written as JPEG, and in base64 where JSON carries them.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::{Fault, PictureForm, ProviderError};
use crate::vision::{Picture, encode_jpeg, fit};

/// The frames as JPEGs of `form`. Works on a thread of its own: it takes milliseconds of CPU time.
///
/// # Errors
/// When a frame can't be encoded.
pub async fn encode(
    frames: Arc<[Picture]>,
    form: PictureForm,
) -> Result<Vec<Bytes>, ProviderError> {
    let failed = |why: String| ProviderError::unpaid(Fault::Failed(why), "");
    let work = move || {
        frames
            .iter()
            .map(|frame| {
                let fitted = fit(&frame.raster, form.longest_side);
                encode_jpeg(&fitted, form.quality).map(Bytes::from)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| e.to_string())
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| failed("the picture could not be encoded".to_owned()))?
        .map_err(failed)
}

pub(super) fn base64(jpeg: &Bytes) -> String {
    STANDARD.encode(jpeg)
}
