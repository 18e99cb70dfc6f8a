//! A check that runs as a child task of its zone's worker. It ends with the worker: then nothing of it is stored.

use tokio::task::JoinHandle;

use super::check::{CheckError, CheckOrder, CheckResult, check, remember_tidy};
use super::event_bus::EventBus;
use super::schedule::Pending;
use super::services::Services;
use crate::model::Trigger;

/// A check that runs.
#[derive(Debug)]
pub struct Running {
    trigger: Trigger,
    task: JoinHandle<Result<CheckResult, CheckError>>,
}

impl Running {
    /// Starts what was pending.
    pub fn start(pending: Pending, order: CheckOrder, services: Services, bus: EventBus) -> Self {
        let trigger = order.trigger;
        let task = match pending {
            Pending::RememberTidy => tokio::spawn(remember_tidy(order, services, bus)),
            Pending::Check(_) => tokio::spawn(check(order, services, bus)),
        };
        Self { trigger, task }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The result of the check that runs, with its trigger, given once; never, if none does.
pub async fn finished(running: &mut Option<Running>) -> (Trigger, Result<CheckResult, CheckError>) {
    let Some(Running { trigger, task }) = running else {
        return std::future::pending().await;
    };
    let result = task.await.unwrap_or(Err(CheckError::Interrupted));
    let trigger = *trigger;
    *running = None;
    (trigger, result)
}
