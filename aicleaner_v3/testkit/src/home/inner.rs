//! What the handlers of the simulated home share: the world behind its lock, the server, tasks that end with the home.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use super::world::World;
use crate::server::Server;

/// What the handlers share.
pub(crate) struct Inner {
    pub(super) world: Mutex<World>,
    pub(super) server: OnceLock<Server>,
    pub(super) tasks: Mutex<Vec<AbortHandle>>,
    pub(super) restart_time: Duration,
}

impl Inner {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn knows_token(&self, token: &str) -> bool {
        self.world().token.as_deref() == Some(token)
    }

    /// Runs something that ends with the home at the latest.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let handle = tokio::spawn(task).abort_handle();
        let mut tasks = self.tasks();
        tasks.retain(|task| !task.is_finished());
        tasks.push(handle);
    }

    pub(super) fn tasks(&self) -> MutexGuard<'_, Vec<AbortHandle>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
