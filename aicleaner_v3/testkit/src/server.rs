//! A web server that can be stopped and started again on the same port, as a restarted program is.
//! While stopped it keeps the port without listening: connections are refused and nobody else takes it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 256;

/// A router served on a port of 127.0.0.1.
#[derive(Debug)]
pub(crate) struct Server {
    addr: SocketAddr,
    slot: Mutex<Slot>,
}

#[derive(Debug)]
enum Slot {
    Serving {
        cut: CancellationToken,
        task: JoinHandle<()>,
        router: Router,
    },
    Held(TcpSocket, Router),
    /// Changing, or given up: nothing holds the router, so what it shares can be freed.
    Empty,
}

impl Server {
    /// Serves `router` on a free port.
    pub(crate) async fn start(router: Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let slot = Mutex::new(serve(listener, router));
        Ok(Self { addr, slot })
    }

    /// Where it listens, or will listen again.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Cuts every connection and refuses new ones. Does nothing when stopped already.
    pub(crate) async fn stop(&self) -> io::Result<()> {
        match self.swap(Slot::Empty) {
            Slot::Serving { cut, task, router } => {
                cut.cancel();
                // A cancelled or ended task is what is wanted; either way its listener is gone.
                let _ = task.await;
                let socket = TcpSocket::new_v4()?;
                socket.set_reuseaddr(true)?;
                socket.bind(self.addr)?;
                self.swap(Slot::Held(socket, router));
            }
            before => {
                self.swap(before);
            }
        }
        Ok(())
    }

    /// Listens again on the same port. Does nothing when serving already.
    pub(crate) fn resume(&self) -> io::Result<()> {
        match self.swap(Slot::Empty) {
            Slot::Held(socket, router) => {
                let listener = socket.listen(BACKLOG)?;
                self.swap(serve(listener, router));
            }
            before => {
                self.swap(before);
            }
        }
        Ok(())
    }

    /// Cuts every connection and gives the port up for good.
    pub(crate) fn close(&self) {
        if let Slot::Serving { cut, task, .. } = self.swap(Slot::Empty) {
            cut.cancel();
            task.abort();
        }
    }

    fn swap(&self, slot: Slot) -> Slot {
        let mut place = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut place, slot)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}

fn serve(listener: TcpListener, router: Router) -> Slot {
    let cut = CancellationToken::new();
    let door = Door {
        listener,
        cut: cut.clone(),
    };
    let ended = cut.clone();
    let served = axum::serve(door, router.clone()).into_future();
    let task = tokio::spawn(async move {
        tokio::select! {
            () = ended.cancelled() => {}
            served = served => {
                if let Err(error) = served {
                    tracing::warn!(%error, "a simulated server ended");
                }
            }
        }
    });
    Slot::Serving { cut, task, router }
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
        let server = Server::start(Router::new().route("/", get(|| async { "hello" })))
            .await
            .unwrap();
        let url = format!("http://{}/", server.addr());
        let client = crate::http::client().unwrap();
        assert!(client.get(&url).send().await.is_ok());

        server.stop().await.unwrap();
        let refused = client.get(&url).send().await;
        server.resume().unwrap();
        let again = client.get(&url).send().await;

        assert!(refused.unwrap_err().is_connect());
        assert_eq!(again.unwrap().text().await.unwrap(), "hello");
    }

    #[tokio::test]
    async fn stopping_breaks_a_request_that_hangs() {
        let hang = get(|| async {
            std::future::pending::<()>().await;
        });
        let server = Server::start(Router::new().route("/", hang)).await.unwrap();
        let url = format!("http://{}/", server.addr());
        let client = crate::http::client().unwrap();
        let request = tokio::spawn(async move { client.get(url).send().await });
        tokio::task::yield_now().await;

        server.stop().await.unwrap();

        assert!(request.await.unwrap().is_err());
    }
}
