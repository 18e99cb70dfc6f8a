//! One connection's conversation: which command has which id, which answer belongs to whom, what is
//! subscribed. Does no I/O and never waits: texts go in, texts to send come out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::{broadcast, oneshot, watch};

use crate::i18n::log_remedy;
use crate::model::EntityId;

use super::error::HomeError;
use super::event_types::{EventSubscriptions, HomeEvent, read_event};
use super::lists::{ListTracker, Step, TodoList, read_items};
use super::messages::{Incoming, WireError, read_frame};
use super::outgoing::{Answer, OutgoingCommand, bounded};
use super::states::{States, StatesEvent};
use super::status::HomeInfo;
use super::wanted::{Wanted, tell};

/// The most commands that may wait for their answers.
const MOST_PENDING: usize = 128;

#[derive(Debug)]
enum Purpose {
    OutgoingCommand {
        what: String,
        limit: usize,
        first_event: bool,
        reply: oneshot::Sender<Answer>,
    },
    Config,
    Ping,
    Entities,
    Events(String),
    List(EntityId),
    /// Only the failure would be of interest.
    Aside(&'static str),
}

/// What a frame told of Home Assistant itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HomeReport {
    /// What it says of itself.
    pub(super) info: HomeInfo,
    /// Whether it is ready.
    pub(super) running: bool,
}

#[derive(Deserialize)]
struct Config {
    #[serde(flatten)]
    info: HomeInfo,
    /// `RUNNING`, or another of `homeassistant/core.py`'s `CoreState`.
    state: String,
}

/// One connection's conversation.
pub(super) struct Protocol {
    last_id: u64,
    pending: HashMap<u64, Purpose>,
    config_events: u64,
    running: bool,
    entities: BTreeSet<EntityId>,
    entities_subscription: Option<u64>,
    entities_heard: bool,
    states: watch::Sender<Arc<States>>,
    subscriptions: EventSubscriptions,
    events: broadcast::Sender<HomeEvent>,
    lists: BTreeMap<EntityId, (ListTracker, watch::Sender<TodoList>)>,
    outgoing: Vec<String>,
}

impl Protocol {
    /// A new conversation; its first commands wait to be sent. To be followed by what is wanted and by
    /// [`Self::ask_config`], in this order: then the states are there before Home Assistant counts as running.
    pub(super) fn new(
        states: watch::Sender<Arc<States>>,
        events: broadcast::Sender<HomeEvent>,
    ) -> Self {
        let mut protocol = Self {
            last_id: 0,
            pending: HashMap::new(),
            config_events: 0,
            running: false,
            entities: BTreeSet::new(),
            entities_subscription: None,
            entities_heard: false,
            states,
            subscriptions: EventSubscriptions::default(),
            events,
            lists: BTreeMap::new(),
            outgoing: Vec::new(),
        };
        // Several messages in one frame cost Home Assistant and us less.
        protocol.send(
            json!({"type": "supported_features", "features": {"coalesce_messages": 1}}),
            Purpose::Aside("supported_features"),
        );
        // Fired when the state becomes RUNNING (`core.py`, `async_start`) and when the time zone or the language
        // changes; any user may hear it, unlike `homeassistant_started`.
        protocol.config_events = protocol.send(
            json!({"type": "subscribe_events", "event_type": "core_config_updated"}),
            Purpose::Aside("subscribe_events"),
        );
        protocol
    }

    /// What is to be sent now.
    pub(super) fn take_outgoing(&mut self) -> Vec<String> {
        std::mem::take(&mut self.outgoing)
    }

    /// Asks how Home Assistant is.
    pub(super) fn ask_config(&mut self) {
        self.send(json!({"type": "get_config"}), Purpose::Config);
    }

    /// Asks for a sign of life.
    pub(super) fn ping(&mut self) {
        self.send(json!({"type": "ping"}), Purpose::Ping);
    }

    /// Subscribes again to lists whose subscription was refused, and forgets orders nobody waits for.
    pub(super) fn retry(&mut self) {
        self.forget_abandoned();
        let due: Vec<_> = self
            .lists
            .iter()
            .filter(|(_, (tracker, _))| tracker.retry())
            .map(|(list, _)| list.clone())
            .collect();
        for list in due {
            self.step(&list, &Step::Subscribe { instead_of: None });
        }
    }

    /// Takes a command from elsewhere.
    pub(super) fn command(&mut self, command: OutgoingCommand) {
        if self.pending.len() >= MOST_PENDING {
            self.forget_abandoned();
        }
        if self.pending.len() >= MOST_PENDING {
            let _ = command.reply.send(Err(HomeError::Busy));
            return;
        }
        self.send(
            Value::Object(command.body),
            Purpose::OutgoingCommand {
                what: command.what,
                limit: command.limit,
                first_event: command.first_event,
                reply: command.reply,
            },
        );
    }

    /// Takes what is to be followed from now on.
    pub(super) fn want(&mut self, wanted: &Wanted) {
        self.lists.retain(|list, _| wanted.lists.contains_key(list));
        for (list, watcher) in &wanted.lists {
            self.lists
                .entry(list.clone())
                .or_insert_with(|| (ListTracker::new(), watcher.clone()));
        }
        self.want_events(&wanted.all_events());
        let entities = wanted.all_entities();
        if entities == self.entities {
            if self.entities_heard {
                self.tell_lists_their_states();
            }
            return;
        }
        self.entities = entities;
        let old = self.entities_subscription.take();
        self.entities_heard = false;
        if self.entities.is_empty() {
            // Without ids Home Assistant would send every entity there is.
            self.states.send_replace(Arc::default());
        } else {
            let id = self.send(
                json!({"type": "subscribe_entities", "entity_ids": self.entities}),
                Purpose::Entities,
            );
            self.entities_subscription = Some(id);
        }
        if let Some(old) = old {
            self.unsubscribe(old);
        }
    }

    fn want_events(&mut self, wanted: &BTreeSet<String>) {
        for id in self.subscriptions.surplus(wanted) {
            self.unsubscribe(id);
        }
        for event_type in self.subscriptions.lacking(wanted) {
            let id = self.send(
                json!({"type": "subscribe_events", "event_type": event_type}),
                Purpose::Events(event_type.clone()),
            );
            self.subscriptions.subscribed(event_type, id);
        }
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// When it can't be read, or when Home Assistant refused something without which there is no conversation.
    pub(super) fn frame(&mut self, frame: &str) -> Result<Option<HomeReport>, HomeError> {
        let messages = read_frame(frame).map_err(|e| HomeError::unreadable("a message", &e))?;
        let mut told = None;
        for message in messages {
            if let Some(news) = self.message(&message)? {
                told = Some(news);
            }
        }
        Ok(told)
    }

    fn message(&mut self, message: &Incoming<'_>) -> Result<Option<HomeReport>, HomeError> {
        let Some(id) = message.id else {
            return Ok(None);
        };
        match &*message.kind {
            "result" => return self.result(id, message),
            "event" => {
                if let Some(event) = message.event {
                    self.event(id, event)?;
                }
            }
            "pong" => {
                self.pending.remove(&id);
            }
            _ => {}
        }
        Ok(None)
    }

    fn result(&mut self, id: u64, message: &Incoming<'_>) -> Result<Option<HomeReport>, HomeError> {
        let Some(purpose) = self.pending.remove(&id) else {
            return Ok(None);
        };
        let refused = |what: &str| match &message.error {
            Some(error) => HomeError::refused(what, error.code(), &error.message),
            None => HomeError::refused(what, "unknown_error", "no reason given"),
        };
        match purpose {
            Purpose::OutgoingCommand {
                what, reply, limit, ..
            } if !message.success => {
                let size = message.error.as_ref().map_or(0, WireError::size);
                let answer = if size > limit {
                    HomeError::AnswerTooLarge { what, limit }
                } else {
                    refused(&what)
                };
                let _ = reply.send(Err(answer));
            }
            Purpose::OutgoingCommand {
                what,
                limit,
                first_event: true,
                reply,
            } => {
                let first_event = true;
                self.pending.insert(
                    id,
                    Purpose::OutgoingCommand {
                        what,
                        limit,
                        first_event,
                        reply,
                    },
                );
            }
            Purpose::OutgoingCommand {
                what, limit, reply, ..
            } => {
                let _ = reply.send(bounded(message.result, what, limit));
            }
            Purpose::Config if message.success => return self.config(message.result).map(Some),
            Purpose::Config => return Err(refused("get_config")),
            Purpose::Entities if !message.success => return Err(refused("subscribe_entities")),
            Purpose::List(list) if !message.success => {
                if let Some((tracker, _)) = self.lists.get_mut(&list) {
                    tracker.refused(id);
                }
                self.tell_list(&list);
            }
            Purpose::Aside(what) if !message.success => {
                tracing::debug!(error = %refused(what), "Home Assistant does without");
            }
            Purpose::Events(event_type) if !message.success => {
                let error = refused("subscribe_events");
                tracing::warn!(event_type, code = %error.code(), remedy = log_remedy(error.code()), "Home Assistant does not tell of these events: {error}");
            }
            Purpose::Entities
            | Purpose::Events(_)
            | Purpose::List(_)
            | Purpose::Aside(_)
            | Purpose::Ping => {}
        }
        Ok(None)
    }

    fn config(&mut self, result: Option<&RawValue>) -> Result<HomeReport, HomeError> {
        let text = result.map_or("null", RawValue::get);
        let config: Config =
            serde_json::from_str(text).map_err(|e| HomeError::unreadable("get_config", &e))?;
        self.running = config.state == "RUNNING";
        for list in self.lists.keys().cloned().collect::<Vec<_>>() {
            self.tell_list(&list);
        }
        Ok(HomeReport {
            info: config.info,
            running: self.running,
        })
    }

    fn event(&mut self, id: u64, event: &RawValue) -> Result<(), HomeError> {
        if self.entities_subscription == Some(id) {
            return self.states_event(event);
        }
        if self.subscriptions.has(id) {
            let event = read_event(event.get())
                .map_err(|e| HomeError::unreadable("subscribe_events", &e))?;
            // Nobody listening is no fault.
            let _ = self.events.send(event);
            return Ok(());
        }
        if id == self.config_events {
            self.ask_config();
            return Ok(());
        }
        if let Some(Purpose::OutgoingCommand {
            what, limit, reply, ..
        }) = self.pending.remove(&id)
        {
            let _ = reply.send(bounded(Some(event), what, limit));
            self.unsubscribe(id);
            return Ok(());
        }
        let list = self
            .lists
            .iter_mut()
            .find(|(_, (tracker, _))| tracker.is_subscribed(id));
        if let Some((list, (tracker, _))) = list {
            let items = read_items(event.get())
                .map_err(|e| HomeError::unreadable("todo/item/subscribe", &e))?;
            tracker.on_items(id, items);
            let list = list.clone();
            self.tell_list(&list);
        }
        Ok(())
    }

    fn states_event(&mut self, event: &RawValue) -> Result<(), HomeError> {
        let event: StatesEvent<'_> = serde_json::from_str(event.get())
            .map_err(|e| HomeError::unreadable("subscribe_entities", &e))?;
        let first = !self.entities_heard;
        self.entities_heard = true;
        self.states.send_modify(|states| {
            if first {
                *states = Arc::default();
            }
            event.apply(Arc::make_mut(states));
        });
        self.tell_lists_their_states();
        Ok(())
    }

    fn tell_lists_their_states(&mut self) {
        let states = self.states.borrow().clone();
        for list in self.lists.keys().cloned().collect::<Vec<_>>() {
            let Some((tracker, _)) = self.lists.get_mut(&list) else {
                continue;
            };
            let step = tracker.on_state(states.get(&list));
            self.step(&list, &step);
        }
    }

    fn step(&mut self, list: &EntityId, step: &Step) {
        match step {
            Step::Nothing => {}
            Step::Subscribe { instead_of } => {
                if let Some(old) = instead_of {
                    self.unsubscribe(*old);
                }
                let id = self.send(
                    json!({"type": "todo/item/subscribe", "entity_id": list}),
                    Purpose::List(list.clone()),
                );
                if let Some((tracker, _)) = self.lists.get_mut(list) {
                    tracker.subscribed(id);
                }
            }
            Step::Unsubscribe(old) => self.unsubscribe(*old),
        }
        self.tell_list(list);
    }

    fn tell_list(&self, list: &EntityId) {
        if let Some((tracker, watcher)) = self.lists.get(list) {
            tell(watcher, tracker.view(self.running));
        }
    }

    fn unsubscribe(&mut self, subscription: u64) {
        self.send(
            json!({"type": "unsubscribe_events", "subscription": subscription}),
            Purpose::Aside("unsubscribe_events"),
        );
    }

    fn forget_abandoned(&mut self) {
        self.pending.retain(|_, purpose| match purpose {
            Purpose::OutgoingCommand { reply, .. } => !reply.is_closed(),
            _ => true,
        });
    }

    fn send(&mut self, mut command: Value, purpose: Purpose) -> u64 {
        self.last_id += 1;
        if let Value::Object(fields) = &mut command {
            fields.insert("id".to_owned(), self.last_id.into());
        }
        self.outgoing.push(command.to_string());
        self.pending.insert(self.last_id, purpose);
        self.last_id
    }
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
