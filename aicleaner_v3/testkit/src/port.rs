//! A port of 127.0.0.1 that can be closed and opened again, as that of a program that is restarted.
//! While closed it is kept without listening: connections are refused and nobody else takes it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 256;

/// What serves the connections of a port, until it is cut.
pub(crate) trait Serve: Send {
    /// Starts serving; every connection must end when `cut` is cancelled.
    fn serve(&self, listener: TcpListener, cut: CancellationToken) -> JoinHandle<()>;
}

/// A served port.
#[derive(Debug)]
pub(crate) struct Port<S> {
    addr: SocketAddr,
    slot: Mutex<Slot<S>>,
}

#[derive(Debug)]
enum Slot<S> {
    Open {
        cut: CancellationToken,
        task: JoinHandle<()>,
        service: S,
    },
    Closed(TcpSocket, S),
    /// Changing, or given up: the service is gone, so what it shares can be freed.
    Empty,
}

impl<S: Serve> Port<S> {
    /// Opens a free port.
    pub(crate) async fn open(service: S) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let slot = Mutex::new(opened(listener, service));
        Ok(Self { addr, slot })
    }

    /// Where it listens, or will listen again.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Cuts every connection and refuses new ones. Does nothing when closed already.
    pub(crate) async fn close(&self) -> io::Result<()> {
        match self.swap(Slot::Empty) {
            Slot::Open { cut, task, service } => {
                cut.cancel();
                // A cancelled or ended task is what is wanted; either way its listener is gone.
                let _ = task.await;
                let socket = TcpSocket::new_v4()?;
                socket.set_reuseaddr(true)?;
                socket.bind(self.addr)?;
                self.swap(Slot::Closed(socket, service));
            }
            before => {
                self.swap(before);
            }
        }
        Ok(())
    }

    /// Listens again. Does nothing when open already.
    pub(crate) fn reopen(&self) -> io::Result<()> {
        match self.swap(Slot::Empty) {
            Slot::Closed(socket, service) => {
                let listener = socket.listen(BACKLOG)?;
                self.swap(opened(listener, service));
            }
            before => {
                self.swap(before);
            }
        }
        Ok(())
    }
}

impl<S> Port<S> {
    /// Cuts every connection and gives the port up for good.
    pub(crate) fn give_up(&self) {
        if let Slot::Open { cut, task, .. } = self.swap(Slot::Empty) {
            cut.cancel();
            task.abort();
        }
    }

    fn swap(&self, slot: Slot<S>) -> Slot<S> {
        let mut place = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut place, slot)
    }
}

impl<S> Drop for Port<S> {
    fn drop(&mut self) {
        self.give_up();
    }
}

fn opened<S: Serve>(listener: TcpListener, service: S) -> Slot<S> {
    let cut = CancellationToken::new();
    let task = service.serve(listener, cut.clone());
    Slot::Open { cut, task, service }
}
