//! What the workers work with and hear of. Holds handles alone: nothing here decides or changes anything.

use std::sync::Arc;

use tokio::sync::{Semaphore, broadcast, watch};

use super::configuration::Configuration;
use crate::clock::Clock;
use crate::home_assistant::{HomeAssistant, HomeEvent, HomeStatus, States};
use crate::i18n::Locale;
use crate::image_thread::ImageThread;
use crate::store::Store;
use crate::telemetry::Telemetry;

/// What the workers work with.
#[derive(Clone)]
pub struct Services {
    /// The time.
    pub clock: Clock,
    /// Where cameras are.
    pub home: HomeAssistant,
    /// What changes with the settings.
    pub configuration: watch::Receiver<Configuration>,
    /// The home's language, for answers and items, and its clocks.
    pub locale: watch::Receiver<Locale>,
    /// Where state is kept.
    pub store: Store,
    /// Logs and counts.
    pub telemetry: Telemetry,
    /// Where pictures are worked on.
    pub images: ImageThread,
    /// Permits for captures, over all zones: bounds the memory of pictures that wait for their turn.
    pub captures: Arc<Semaphore>,
}

/// What all zones hear of alike.
#[derive(Clone)]
pub struct HomeSignals {
    /// Whether a person paused everything.
    pub paused: watch::Receiver<bool>,
    /// The states of entities, a few times a second at most.
    pub states: watch::Receiver<Arc<States>>,
}

/// What one worker waits for.
pub struct Signals {
    /// Whether a person paused everything.
    pub paused: watch::Receiver<bool>,
    /// The states of entities, a few times a second at most.
    pub states: watch::Receiver<Arc<States>>,
    /// Whether Home Assistant is there.
    pub home: watch::Receiver<HomeStatus>,
    /// The events that zones are woken by.
    pub events: broadcast::Receiver<HomeEvent>,
    /// What changes with the settings, other providers among it.
    pub configuration: watch::Receiver<Configuration>,
}

impl Signals {
    /// From now on.
    pub fn new(all: HomeSignals, services: &Services) -> Self {
        Self {
            paused: all.paused,
            states: all.states,
            home: services.home.status(),
            events: services.home.events(),
            configuration: services.configuration.clone(),
        }
    }
}
