//! Pictures as services want them: made small, written as JPEG, and in base64 where JSON carries them.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::error::{Fault, ProviderError};
use super::facts::PictureForm;
use crate::image_thread::ImageThread;
use crate::vision::{Picture, encode_jpeg, shrink};

/// The pictures as JPEGs of `form`.
///
/// # Errors
/// When one can't be encoded.
pub async fn encode(
    images: &ImageThread,
    pictures: Arc<[Picture]>,
    form: PictureForm,
) -> Result<Vec<Bytes>, ProviderError> {
    let failed = |why: String| ProviderError::unpaid(Fault::Failed(why), "");
    let work = move || {
        pictures
            .iter()
            .map(|picture| {
                let fitted = shrink(picture.raster()?, form.longest_side);
                encode_jpeg(&fitted, form.quality).map(Bytes::from)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| e.to_string())
    };
    images
        .run(work)
        .await
        .map_err(|interrupted| failed(interrupted.to_string()))?
        .map_err(failed)
}

pub fn base64(jpeg: &Bytes) -> String {
    STANDARD.encode(jpeg)
}
