//! The integration `image_upload`: pictures in, served to whoever knows the id, deleted on demand.
//! Limits and answers as in `image_upload/__init__.py`.

use std::sync::Arc;

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answers::{bad_request, not_found};
use super::inner::Inner;
use super::records::Upload;
use crate::time::{iso, now};

/// The largest upload in bytes (`MAX_SIZE`).
pub(super) const MAX_SIZE: usize = 1024 * 1024 * 10;

/// `POST /api/image/upload`.
pub(super) async fn upload(State(inner): State<Arc<Inner>>, mut form: Multipart) -> Response {
    if !inner.world().image_upload_loaded {
        return not_found();
    }
    let mut file = None;
    loop {
        match form.next_field().await {
            Ok(Some(field)) if field.name() == Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let content_type = field.content_type().unwrap_or_default().to_owned();
                match field.bytes().await {
                    Ok(bytes) => file = Some((name, content_type, bytes)),
                    Err(error) => return refused(error.status()),
                }
            }
            Ok(Some(_other)) => {}
            Ok(None) => break,
            Err(error) => return refused(error.status()),
        }
    }
    let Some((name, content_type, bytes)) = file else {
        return bad_request();
    };
    let accepted = ["image/gif", "image/jpeg", "image/png"];
    if !accepted.contains(&content_type.as_str()) || !looks_like_a_picture(&bytes) {
        return bad_request();
    }
    let upload = Upload {
        id: uuid::Uuid::now_v7().simple().to_string(),
        name,
        content_type,
        uploaded_at: iso(now()),
        bytes: bytes.to_vec(),
    };
    let answer = upload.to_json();
    inner.world().uploads.insert(upload.id.clone(), upload);
    axum::Json(answer).into_response()
}

fn refused(status: StatusCode) -> Response {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let text = format!("Maximum request body size {MAX_SIZE} exceeded.");
        return (status, text).into_response();
    }
    bad_request()
}

/// Whether the first bytes are those of a JPEG, PNG or GIF.
fn looks_like_a_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff])
        || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"GIF8")
}

/// `GET /api/image/serve/{id}/{name}`, without a login.
pub(super) async fn serve(
    State(inner): State<Arc<Inner>>,
    Path((id, name)): Path<(String, String)>,
) -> Response {
    let Some(upload) = inner.world().uploads.get(&id).cloned() else {
        return not_found();
    };
    if name != "original" {
        return bad_request();
    }
    ([(header::CONTENT_TYPE, upload.content_type)], upload.bytes).into_response()
}
