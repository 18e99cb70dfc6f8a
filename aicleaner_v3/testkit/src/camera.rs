//! The cameras of the simulated home: each shows a drawn room, or misbehaves in one scripted way.
//! They record when they were asked and how much was taken, for benches and for tests of limits.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::Semaphore;

use crate::KitError;
use crate::scene::{Canvas, Room, USUAL_SIZE, encode};

/// The size of [`Source::HugeBody`]: 200 MB.
pub const HUGE: u64 = 200_000_000;
/// What a huge body is sent in.
const CHUNK: usize = 64 * 1024;
/// Requests whose instant is remembered.
const REMEMBERED: usize = 10_000;

/// The factors by which Home Assistant scales a JPEG (camera/img_util.py), in eighths.
const EIGHTHS: [u32; 7] = [7, 6, 5, 4, 3, 2, 1];

/// What a camera sends.
#[derive(Clone, Debug)]
pub enum Source {
    /// A snapshot of a room.
    Room(Arc<Room>),
    /// A snapshot of a room, which comes when there is a permit.
    Held(Arc<Room>, Arc<Semaphore>),
    /// An HTML page that claims to be a JPEG, as a camera's login page does.
    Html,
    /// 200 MB that begin like a JPEG, streamed without a length.
    HugeBody,
    /// The first half of a JPEG.
    TruncatedJpeg,
    /// A JPEG of less than 1 kB whose header claims 20,000 x 20,000 pixels.
    Bomb20000x20000,
    /// Status 503: the camera is off.
    Unavailable503,
    /// Status 500: Home Assistant got no picture from the camera.
    Broken500,
    /// No answer, ever.
    Hang,
    /// These bytes, said to be a JPEG.
    Bytes(Vec<u8>),
}

/// One camera of the simulated home.
#[derive(Debug)]
pub struct Camera {
    started: Instant,
    inner: Mutex<Inner>,
    asked: AtomicU64,
    sent: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Inner {
    source: Source,
    size: (u16, u16),
    requests: VecDeque<Instant>,
}

impl Camera {
    /// A camera of 1280 x 720 pixels.
    #[must_use]
    pub fn new(source: Source) -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            inner: Mutex::new(Inner {
                source,
                size: USUAL_SIZE,
                requests: VecDeque::new(),
            }),
            asked: AtomicU64::new(0),
            sent: Arc::default(),
        })
    }

    /// Shows something else from the next request on.
    pub fn show(&self, source: Source) {
        self.lock().source = source;
    }

    /// Takes pictures of another size (pixels) from the next request on.
    pub fn resize(&self, width: u16, height: u16) {
        self.lock().size = (width, height);
    }

    /// How often it was asked for a picture.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    /// When it was asked, oldest first; the last 10,000 times.
    #[must_use]
    pub fn request_instants(&self) -> Vec<Instant> {
        self.lock().requests.iter().copied().collect()
    }

    /// How many bytes of [`Source::HugeBody`] were taken so far.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// A picture as an attachment of Home Assistant's own (`media-source://camera/…`).
    pub(crate) async fn attachment(&self) -> Option<Vec<u8>> {
        let (source, size) = self.note_request();
        match source {
            Source::Room(room) => self.photograph(room, size).await.ok(),
            Source::Held(room, gate) => {
                gate.acquire().await.ok()?.forget();
                self.photograph(room, size).await.ok()
            }
            Source::Bytes(bytes) => Some(bytes),
            Source::TruncatedJpeg => half_a_picture().ok(),
            Source::Bomb20000x20000 => bomb().ok(),
            Source::Html => Some(HTML.as_bytes().to_vec()),
            Source::HugeBody | Source::Unavailable503 | Source::Broken500 | Source::Hang => None,
        }
    }

    /// Answers a request for a picture, scaled as Home Assistant would for `wanted`.
    pub(crate) async fn respond(&self, wanted: Option<(u32, u32)>) -> Response {
        let (source, size) = self.note_request();
        let drawn = match source {
            Source::Room(room) => self.photograph(room, scaled(size, wanted)).await,
            Source::Held(room, gate) => match gate.acquire().await {
                Ok(permit) => {
                    permit.forget();
                    self.photograph(room, scaled(size, wanted)).await
                }
                Err(_) => return broken(),
            },
            Source::Html => return picture(HTML.into()),
            Source::HugeBody => return self.huge_body(),
            Source::TruncatedJpeg => half_a_picture(),
            Source::Bomb20000x20000 => bomb(),
            Source::Unavailable503 => {
                return (StatusCode::SERVICE_UNAVAILABLE, "503: Service Unavailable")
                    .into_response();
            }
            Source::Broken500 => return broken(),
            Source::Hang => std::future::pending().await,
            Source::Bytes(bytes) => Ok(bytes),
        };
        match drawn {
            Ok(bytes) => picture(bytes.into()),
            Err(error) => {
                tracing::warn!(%error, "a simulated camera has no picture");
                broken()
            }
        }
    }

    async fn photograph(&self, room: Arc<Room>, size: (u16, u16)) -> Result<Vec<u8>, KitError> {
        let at = self.started.elapsed();
        // Drawing takes milliseconds: not on the threads that answer everybody else.
        let task = tokio::task::spawn_blocking(move || room.snapshot(at, size));
        let snapshot = task.await.map_err(std::io::Error::other)??;
        Ok(snapshot.jpeg)
    }

    fn huge_body(&self) -> Response {
        let sent = Arc::clone(&self.sent);
        let filler = Bytes::from(
            vec![0xff, 0xd8]
                .into_iter()
                .chain([0; CHUNK - 2])
                .collect::<Vec<u8>>(),
        );
        let chunks = stream::unfold(0_u64, move |so_far| {
            let (sent, filler) = (Arc::clone(&sent), filler.clone());
            async move {
                if so_far >= HUGE {
                    return None;
                }
                let next = so_far + filler.len() as u64;
                sent.store(next, Ordering::SeqCst);
                Some((Ok::<_, std::io::Error>(filler), next))
            }
        });
        picture(Body::from_stream(chunks))
    }

    fn note_request(&self) -> (Source, (u16, u16)) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut inner = self.lock();
        if inner.requests.len() >= REMEMBERED {
            inner.requests.pop_front();
        }
        inner.requests.push_back(Instant::now());
        (inner.source.clone(), inner.size)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const HTML: &str =
    "<!DOCTYPE html><html><head><title>Login</title></head><body>Please log in.</body></html>";

fn picture(body: Body) -> Response {
    let mut response = Response::new(body);
    let jpeg = HeaderValue::from_static("image/jpeg");
    response.headers_mut().insert(header::CONTENT_TYPE, jpeg);
    response
}

fn broken() -> Response {
    let text = "500: Internal Server Error";
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

fn half_a_picture() -> Result<Vec<u8>, KitError> {
    let room = Room::new("half", 7);
    let mut jpeg = encode(&room.draw(std::time::Duration::ZERO, USUAL_SIZE), 88)?;
    jpeg.truncate(jpeg.len() / 2);
    Ok(jpeg)
}

/// A tiny JPEG with the size in its frame header (SOF0) overwritten.
fn bomb() -> Result<Vec<u8>, KitError> {
    const SIDE: [u8; 2] = 20_000_u16.to_be_bytes();
    let mut jpeg = encode(&Canvas::new(8, 8), 50)?;
    if let Some(at) = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]) {
        // Marker, length (2), precision (1), then height and width.
        jpeg[at + 5..at + 7].copy_from_slice(&SIDE);
        jpeg[at + 7..at + 9].copy_from_slice(&SIDE);
    }
    Ok(jpeg)
}

/// The size Home Assistant makes of a JPEG for a wish: the smallest supported factor that is not
/// smaller than wished, or the original (`find_supported_scaling_factor`).
fn scaled(size: (u16, u16), wanted: Option<(u32, u32)>) -> (u16, u16) {
    let Some((width, height)) = wanted else {
        return size;
    };
    let (full_width, full_height) = (u32::from(size.0), u32::from(size.1));
    let mut eighths = 8;
    for factor in EIGHTHS {
        if full_width * factor < width * 8 || full_height * factor < height * 8 {
            break;
        }
        eighths = factor;
    }
    let shrink = |side: u32| u16::try_from((side * eighths).div_ceil(8)).unwrap_or(u16::MAX);
    (shrink(full_width), shrink(full_height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn body_of(camera: &Camera) -> Vec<u8> {
        let response = camera.respond(None).await;
        to_bytes(response.into_body(), 4_000_000)
            .await
            .unwrap()
            .to_vec()
    }

    #[test]
    fn pictures_scale_as_home_assistant_scales_them() {
        assert_eq!(scaled((1280, 720), None), (1280, 720));
        assert_eq!(scaled((1280, 720), Some((640, 360))), (640, 360));
        assert_eq!(scaled((1280, 720), Some((768, 768))), (1280, 720));
        assert_eq!(scaled((1280, 720), Some((600, 300))), (640, 360));
        assert_eq!(scaled((1280, 720), Some((10, 10))), (160, 90));
    }

    #[tokio::test]
    async fn a_camera_shows_its_room_and_counts_requests() {
        let camera = Camera::new(Source::Room(Room::new("study", 1)));

        let jpeg = body_of(&camera).await;

        assert!(crate::scene::decode_luma(&jpeg).is_some());
        assert_eq!(camera.request_count(), 1);
        assert_eq!(camera.request_instants().len(), 1);
    }

    #[tokio::test]
    async fn the_bomb_is_small_and_claims_to_be_large() {
        let camera = Camera::new(Source::Bomb20000x20000);

        let jpeg = body_of(&camera).await;

        assert!(jpeg.len() < 1000);
        assert!(jpeg.windows(4).any(|four| four == [0x4e, 0x20, 0x4e, 0x20]));
    }

    #[tokio::test]
    async fn faults_are_no_pictures() {
        for source in [Source::Html, Source::TruncatedJpeg, Source::Bomb20000x20000] {
            let camera = Camera::new(source.clone());

            let bytes = body_of(&camera).await;

            assert!(crate::scene::decode_luma(&bytes).is_none(), "{source:?}");
        }
    }

    #[tokio::test]
    async fn a_huge_body_is_only_made_as_far_as_it_is_read() {
        let camera = Camera::new(Source::HugeBody);
        let response = camera.respond(None).await;

        let read = to_bytes(response.into_body(), 1_000_000).await;

        assert!(read.is_err());
        assert!(camera.bytes_sent() < 2_000_000);
    }
}
