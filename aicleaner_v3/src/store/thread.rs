//! The thread that owns the connection. Calls queue up, bounded, and run one after the other.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::lock::DataLock;
use super::opening::{self, Opening};
use super::{StoreError, schema};
use crate::clock::Clock;

/// None asks the thread to end.
type Call = Option<Box<dyn FnOnce(&mut Connection) + Send>>;

/// Calls that may wait; a caller beyond that waits for a place.
const QUEUE: usize = 64;

#[derive(Debug, Clone)]
pub struct DatabaseThread {
    calls: mpsc::Sender<Call>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl DatabaseThread {
    pub async fn start(
        folder: &Path,
        lock: DataLock,
        clock: Clock,
    ) -> Result<(Self, Opening), StoreError> {
        let (folder, closing) = (folder.to_owned(), folder.to_owned());
        Self::spawn(
            move || opening::open(&folder, clock.now()),
            move || {
                opening::closed(&closing);
                drop(lock);
            },
        )
        .await
    }

    /// A database that is nowhere but in memory.
    pub async fn in_memory(clock: Clock) -> Result<Self, StoreError> {
        let open = move || {
            let connection = schema::open(Path::new(":memory:"), Path::new(""), clock.now())?;
            Ok((connection, ()))
        };
        Ok(Self::spawn(open, || {}).await?.0)
    }

    async fn spawn<T: Send + 'static>(
        open: impl FnOnce() -> Result<(Connection, T), StoreError> + Send + 'static,
        closed: impl FnOnce() + Send + 'static,
    ) -> Result<(Self, T), StoreError> {
        let (calls, mut queue) = mpsc::channel::<Call>(QUEUE);
        let (opened, is_open) = oneshot::channel();
        let spawned = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                let mut connection = match open() {
                    Ok((connection, opening)) => {
                        let _ = opened.send(Ok(opening));
                        connection
                    }
                    Err(error) => {
                        let _ = opened.send(Err(error));
                        return;
                    }
                };
                while let Some(Some(call)) = queue.blocking_recv() {
                    call(&mut connection);
                }
                // Folds the write-ahead log into the file, so that a copy of the file alone is whole.
                if connection.close().is_ok() {
                    closed();
                }
            });
        let thread = spawned.map_err(|_| StoreError::Closed)?;
        let opening = is_open.await.map_err(|_| StoreError::Closed)??;
        let this = Self {
            calls,
            thread: Arc::new(Mutex::new(Some(thread))),
        };
        Ok((this, opening))
    }

    pub async fn call<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (done, result) = oneshot::channel();
        let call: Call = Some(Box::new(move |connection| {
            let _ = done.send(work(connection));
        }));
        self.calls
            .send(call)
            .await
            .map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// Ends the thread when the calls before this one are done, whoever still has a handle.
    pub async fn close(self) {
        let Self { calls, thread } = self;
        // An error means that it has ended already.
        let _ = calls.send(None).await;
        drop(calls);
        let handle = thread.lock().await.take();
        if let Some(handle) = handle {
            let _ = tokio::task::spawn_blocking(move || handle.join()).await;
        }
    }
}
