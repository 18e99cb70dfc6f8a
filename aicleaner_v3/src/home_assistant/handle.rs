//! The handle through which the rest of the program speaks with Home Assistant. Cheap to clone; all clones
//! share one session.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tokio::sync::{broadcast, oneshot, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::model::EntityId;
use crate::telemetry::Telemetry;

use super::connection::Connection;
use super::error::HomeError;
use super::event_types::HomeEvent;
use super::lists::TodoList;
use super::outgoing::OutgoingCommand;
use super::session::{Channels, Session};
use super::states::States;
use super::status::{HomeInfo, HomeStatus};

/// For commands that name no other. Home Assistant's own services are usually done in far less.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);
/// The most bytes that an answer may have, unless the command names less.
const LARGEST_ANSWER: usize = 8 << 20;
/// The most bytes that a command may have. Supervisor's proxy takes 4 MiB.
const LARGEST_COMMAND: usize = 1 << 20;

/// How long to wait for an answer, and how much of it to take.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerLimits {
    pub(super) timeout: Duration,
    pub(super) bytes: usize,
}

impl Default for AnswerLimits {
    fn default() -> Self {
        Self {
            timeout: COMMAND_TIMEOUT,
            bytes: LARGEST_ANSWER,
        }
    }
}

/// Home Assistant, as the rest of the program sees it.
#[derive(Clone)]
pub struct HomeAssistant {
    pub(super) connection: Connection,
    pub(super) clock: Clock,
    channels: Channels,
}

impl std::fmt::Debug for HomeAssistant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HomeAssistant({:?})", self.connection)
    }
}

impl HomeAssistant {
    /// A handle, and the session to run. The session ends soon after `stop` is cancelled.
    pub fn new(
        connection: Connection,
        clock: Clock,
        telemetry: Telemetry,
        stop: CancellationToken,
    ) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let channels = Channels::default();
        let session = Session {
            connection: connection.clone(),
            telemetry,
            stop,
            channels: channels.clone(),
        };
        let handle = Self {
            connection,
            clock,
            channels,
        };
        (handle, session.run())
    }

    /// How we stand with Home Assistant.
    pub fn status(&self) -> watch::Receiver<HomeStatus> {
        self.channels.status.subscribe()
    }

    /// What Home Assistant says of itself; the last that was heard, none before the first connection.
    pub fn home(&self) -> watch::Receiver<Option<HomeInfo>> {
        self.channels.home.subscribe()
    }

    /// Follows these entities from now on, instead of those that the same part wanted before. What all parts want is
    /// followed, and nothing else. To-do lists are followed by themselves.
    pub fn watch_entities(&self, who: &'static str, entities: BTreeSet<EntityId>) {
        self.channels.wanted.send_if_modified(|wanted| {
            let changed = wanted.entities.get(who) != Some(&entities);
            wanted.entities.insert(who, entities);
            changed
        });
    }

    /// Hears events of these types from now on, instead of those that the same part wanted before.
    pub fn watch_events(&self, who: &'static str, types: BTreeSet<String>) {
        self.channels.wanted.send_if_modified(|wanted| {
            let changed = wanted.events.get(who) != Some(&types);
            wanted.events.insert(who, types);
            changed
        });
    }

    /// The events that any part wants, from now on. A receiver that is too slow loses the oldest.
    pub fn events(&self) -> broadcast::Receiver<HomeEvent> {
        self.channels.events.subscribe()
    }

    /// The states of the entities that are followed, to-do lists' too; empty while there is no connection. They
    /// are there before the status is running; from then on an entity that is followed and not in it does not exist.
    pub fn states(&self) -> watch::Receiver<Arc<States>> {
        self.channels.states.subscribe()
    }

    /// A to-do list, kept up to date from now on. The same list twice gives the same subscription.
    pub fn todo_list(&self, list: &EntityId) -> watch::Receiver<TodoList> {
        let mut receiver = None;
        self.channels.wanted.send_if_modified(|wanted| {
            if let Some(watcher) = wanted.lists.get(list) {
                receiver = Some(watcher.subscribe());
                return false;
            }
            let watcher = watch::Sender::new(TodoList::Unknown);
            receiver = Some(watcher.subscribe());
            wanted.lists.insert(list.clone(), watcher);
            true
        });
        receiver.unwrap_or_else(|| watch::Sender::new(TodoList::Unknown).subscribe())
    }

    /// Calls a service over the websocket. The answer is the service's response if `return_response`, else null.
    ///
    /// # Errors
    /// When there is no connection, no answer within 30 s, or Home Assistant refuses.
    pub async fn call_service(
        &self,
        domain: &str,
        service: &str,
        data: Value,
        return_response: bool,
    ) -> Result<Value, HomeError> {
        self.call_service_within(
            domain,
            service,
            data,
            return_response,
            AnswerLimits::default(),
        )
        .await
    }

    pub(super) async fn call_service_within(
        &self,
        domain: &str,
        service: &str,
        data: Value,
        return_response: bool,
        limits: AnswerLimits,
    ) -> Result<Value, HomeError> {
        let command = json!({
            "type": "call_service",
            "domain": domain,
            "service": service,
            "service_data": data,
            "return_response": return_response,
        });
        let what = format!("{domain}.{service}");
        let answer = self.ask(&what, command, limits, false).await?;
        let mut answer: Value = read(&what, &answer)?;
        Ok(answer
            .get_mut("response")
            .map(Value::take)
            .unwrap_or_default())
    }

    /// Sends any websocket command; `command` has a `type` and no `id`. The answer is the command's `result`.
    ///
    /// # Errors
    /// When there is no connection, no answer within 30 s, or Home Assistant refuses.
    pub async fn command(&self, command: Value) -> Result<Value, HomeError> {
        let what = command["type"].as_str().unwrap_or("command").to_owned();
        let answer = self
            .ask(&what, command, AnswerLimits::default(), false)
            .await?;
        read(&what, &answer)
    }

    /// Subscribes, and returns the first event.
    pub(super) async fn first_event<T: DeserializeOwned>(
        &self,
        command: Value,
    ) -> Result<T, HomeError> {
        let what = command["type"].as_str().unwrap_or("command").to_owned();
        let answer = self
            .ask(&what, command, AnswerLimits::default(), true)
            .await?;
        read(&what, &answer)
    }

    async fn ask(
        &self,
        what: &str,
        command: Value,
        limits: AnswerLimits,
        first_event: bool,
    ) -> Result<Box<RawValue>, HomeError> {
        let Value::Object(body) = command else {
            return Err(HomeError::refused(
                what,
                "invalid_format",
                "a command is an object with a type",
            ));
        };
        if size_of_json(&body) > LARGEST_COMMAND {
            return Err(HomeError::RequestTooLarge {
                what: what.to_owned(),
                limit: LARGEST_COMMAND,
            });
        }
        let Some(outgoing) = self.channels.commands.borrow().clone() else {
            return Err(self.absence());
        };
        let (reply, answer) = oneshot::channel();
        let command = OutgoingCommand {
            body,
            what: what.to_owned(),
            limit: limits.bytes,
            first_event,
            reply,
        };
        match outgoing.try_send(command) {
            Ok(()) => {}
            Err(tokio::sync::mpsc::error::TrySendError::Full(_)) => return Err(HomeError::Busy),
            Err(tokio::sync::mpsc::error::TrySendError::Closed(_)) => return Err(self.absence()),
        }
        match timeout(limits.timeout, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(HomeError::ConnectionLost),
            Err(_) => Err(HomeError::TimedOut {
                what: what.to_owned(),
                after: limits.timeout,
            }),
        }
    }

    /// Why there is no connection.
    pub(super) fn absence(&self) -> HomeError {
        match *self.channels.status.borrow() {
            HomeStatus::TokenRefused => HomeError::TokenRefused,
            HomeStatus::Starting => HomeError::Starting,
            HomeStatus::Connecting { .. } | HomeStatus::Running => HomeError::NotConnected,
        }
    }

    /// Whether Home Assistant is ready, so that what it does not have is missing.
    pub(super) fn is_running(&self) -> bool {
        self.channels.status.borrow().is_running()
    }

    /// The state of an entity that is followed.
    pub(super) fn state(&self, entity: &EntityId) -> Option<super::states::EntityState> {
        self.channels.states.borrow().get(entity).cloned()
    }
}

/// The answer as a type.
fn read<T: DeserializeOwned>(what: &str, answer: &RawValue) -> Result<T, HomeError> {
    serde_json::from_str(answer.get()).map_err(|e| HomeError::unreadable(what, &e))
}

fn size_of_json(body: &Map<String, Value>) -> usize {
    serde_json::to_vec(body).map_or(usize::MAX, |text| text.len())
}
