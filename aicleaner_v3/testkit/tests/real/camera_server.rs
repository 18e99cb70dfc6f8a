//! The least of a network camera: one still picture.

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub struct CameraServer {
    /// The address of the picture.
    pub url: String,
    server: AbortHandle,
}

impl CameraServer {
    pub async fn start(picture: Vec<u8>) -> Self {
        let router = Router::new().route(
            "/still.jpg",
            get(|| async { ([("content-type", "image/jpeg")], picture) }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/still.jpg", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
            .abort_handle();
        Self { url, server }
    }
}

impl Drop for CameraServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}
