//! A web server on a port of its own, whose connections break when it is stopped.
//! A stopped server refuses connections and can come back on its port, as a restarted program does.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::port::{Port, Serve};

/// A router served on a port of 127.0.0.1.
pub(crate) type Server = Port<Router>;

impl Serve for Router {
    fn serve(&self, listener: TcpListener, cut: CancellationToken) -> JoinHandle<()> {
        let door = Door {
            listener,
            cut: cut.clone(),
        };
        let served = axum::serve(door, self.clone()).into_future();
        tokio::spawn(async move {
            tokio::select! {
                () = cut.cancelled() => {}
                served = served => {
                    if let Err(error) = served {
                        tracing::warn!(%error, "a simulated server ended");
                    }
                }
            }
        })
    }
}

/// Accepts connections that end with the server.
struct Door {
    listener: TcpListener,
    cut: CancellationToken,
}

impl axum::serve::Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, from) = axum::serve::Listener::accept(&mut self.listener).await;
        // Answers are small and timed by benches: never wait to fill a packet.
        let _ = stream.set_nodelay(true);
        let line = Line {
            stream,
            cut: Box::pin(self.cut.clone().cancelled_owned()),
        };
        (line, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that breaks when its server is stopped.
struct Line {
    stream: TcpStream,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Line {
    fn broken(&mut self, context: &mut Context<'_>) -> bool {
        self.cut.as_mut().poll(context).is_ready()
    }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "the server was stopped")
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.broken(context) {
            return Poll::Ready(Err(cut_off()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.broken(context) {
            return Poll::Ready(Err(cut_off()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;

    #[tokio::test]
    async fn a_stopped_server_refuses_and_comes_back_on_its_port() {
        let server = Server::open(Router::new().route("/", get(|| async { "hello" })))
            .await
            .unwrap();
        let url = format!("http://{}/", server.addr());
        let client = crate::http::client().unwrap();
        assert!(client.get(&url).send().await.is_ok());

        server.close().await.unwrap();
        let refused = client.get(&url).send().await;
        server.reopen().unwrap();
        let again = client.get(&url).send().await;

        assert!(refused.unwrap_err().is_connect());
        assert_eq!(again.unwrap().text().await.unwrap(), "hello");
    }

    #[tokio::test]
    async fn stopping_breaks_a_request_that_hangs() {
        let hang = get(|| async {
            std::future::pending::<()>().await;
        });
        let server = Server::open(Router::new().route("/", hang)).await.unwrap();
        let url = format!("http://{}/", server.addr());
        let client = crate::http::client().unwrap();
        let request = tokio::spawn(async move { client.get(url).send().await });
        tokio::task::yield_now().await;

        server.close().await.unwrap();

        assert!(request.await.unwrap().is_err());
    }
}
