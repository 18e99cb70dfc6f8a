//! Bodies of HTTP answers, read in chunks against a limit. Never trusts a `Content-Length`.

use bytes::{Bytes, BytesMut};

use super::text::chain;

/// Why a body could not be had.
#[derive(Debug)]
pub(super) enum BodyError {
    /// It is larger than the limit.
    TooLarge,
    /// It ended early or the connection broke.
    Broken(String),
}

/// The whole body, if it is at most `limit` bytes long.
pub(super) async fn bounded_body(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Bytes, BodyError> {
    let declared = response.content_length().unwrap_or(0);
    let declared = usize::try_from(declared).unwrap_or(usize::MAX);
    if declared > limit {
        return Err(BodyError::TooLarge);
    }
    let mut body = BytesMut::with_capacity(declared);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                return Err(BodyError::TooLarge);
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body.freeze()),
            Err(e) => return Err(BodyError::Broken(chain(&e.without_url()))),
        }
    }
}
