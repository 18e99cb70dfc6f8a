//! A listener: bound before anything starts, served until the stop.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::telemetry::Code;

/// An address that can't be listened on.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address}: {reason}")]
pub struct ListenError {
    address: SocketAddr,
    reason: std::io::Error,
}

impl ListenError {
    /// The stable code.
    pub fn code(&self) -> Code {
        Code::Listener
    }
}

/// A bound listener.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Binds `address`; port 0 takes any free one.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub async fn bind(address: SocketAddr) -> Result<Self, ListenError> {
        let refused = |reason| ListenError { address, reason };
        let socket = TcpListener::bind(address).await.map_err(refused)?;
        let address = socket.local_addr().map_err(refused)?;
        Ok(Self { socket, address })
    }

    /// Where it really listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `routes` until `stop`; open connections are then closed.
    pub async fn serve(self, routes: Router, stop: CancellationToken) {
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone();
        let server = axum::serve(self.socket, service)
            .with_graceful_shutdown(async move { stopped.cancelled().await });
        tokio::select! {
            result = server => {
                if let Err(error) = result {
                    tracing::error!(code = %Code::Listener, "the listener on {} ended: {error}", self.address);
                }
            }
            // A client that keeps its connection open must not hold up the stop.
            () = stop.cancelled() => {}
        }
    }
}
