//! The life of the simulated Home Assistant: starting, running, stopping, and back on the same port.
//! What survives a restart survives in Home Assistant too: items, pictures, tokens; notifications do not.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::Home;
use super::inner::Inner;
use super::records::CoreState;
use crate::KitError;

impl Home {
    /// Home Assistant's state.
    #[must_use]
    pub fn core_state(&self) -> CoreState {
        self.inner.world().core
    }

    /// Stops: websockets are closed, connections refused. The port stays taken.
    ///
    /// # Errors
    /// When the port cannot be held.
    pub async fn stop(&self) -> Result<(), KitError> {
        self.inner.stop().await
    }

    /// Starts on the same port and is RUNNING at once.
    ///
    /// # Errors
    /// When the port cannot be served.
    pub fn start(&self) -> Result<(), KitError> {
        self.start_into(CoreState::Starting)?;
        self.finish_starting();
        Ok(())
    }

    /// Starts on the same port and stays in a state until [`Home::finish_starting`]. NOT_RUNNING:
    /// it answers, but entities, services and commands of integrations are unknown. STARTING: they
    /// are known, but entities are unavailable and services pass them over in silence.
    ///
    /// # Errors
    /// When the port cannot be served.
    pub fn start_into(&self, state: CoreState) -> Result<(), KitError> {
        self.inner.start_into(state)
    }

    /// Becomes RUNNING: entities and services appear, `homeassistant_started` is fired.
    pub fn finish_starting(&self) {
        self.inner.finish_starting();
    }

    /// Restarts: down, up again with state NOT_RUNNING (when this returns), STARTING after half of
    /// `starting_for` and RUNNING after all of it.
    ///
    /// # Errors
    /// When the port cannot be held or served.
    pub async fn restart(&self, starting_for: Duration) -> Result<(), KitError> {
        self.inner.restart(starting_for).await
    }

    /// Whether entities are missing (`true`) or unavailable (`false`, the default) while it starts.
    pub fn miss_entities_while_starting(&self, missing: bool) {
        self.inner.world().missing_while_starting = missing;
    }
}

impl Inner {
    pub(super) async fn stop(&self) -> Result<(), KitError> {
        {
            let mut world = self.world();
            world.core = CoreState::Stopping;
            world.fire("homeassistant_stop", &json!({}));
            world.bus.cut_all();
        }
        if let Some(server) = self.server.get() {
            server.close().await?;
        }
        let mut world = self.world();
        world.core = CoreState::NotRunning;
        world.states.clear();
        world.notifications.clear();
        Ok(())
    }

    fn start_into(&self, state: CoreState) -> Result<(), KitError> {
        self.enter(state);
        if let Some(server) = self.server.get() {
            server.reopen()?;
        }
        Ok(())
    }

    fn enter(&self, state: CoreState) {
        let mut world = self.world();
        world.core = state;
        world.show_entities();
    }

    fn finish_starting(&self) {
        self.enter(CoreState::Running);
        let mut world = self.world();
        world.fire("core_config_updated", &json!({}));
        world.fire("homeassistant_started", &json!({}));
    }

    async fn restart(self: &Arc<Self>, starting_for: Duration) -> Result<(), KitError> {
        self.stop().await?;
        self.start_into(CoreState::NotRunning)?;
        let weak = Arc::downgrade(self);
        self.spawn(async move {
            tokio::time::sleep(starting_for / 2).await;
            let Some(inner) = weak.upgrade() else { return };
            inner.enter(CoreState::Starting);
            drop(inner);
            tokio::time::sleep(starting_for / 2).await;
            if let Some(inner) = weak.upgrade() {
                inner.finish_starting();
            }
        });
        Ok(())
    }

    /// What the service `homeassistant.restart` sets in motion.
    pub(super) fn restart_soon(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        let starting_for = self.restart_time;
        self.spawn(async move {
            if let Err(error) = inner.restart(starting_for).await {
                tracing::warn!(%error, "the simulated Home Assistant did not restart");
            }
        });
    }

    /// What the service `homeassistant.stop` sets in motion.
    pub(super) fn stop_soon(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        self.spawn(async move {
            if let Err(error) = inner.stop().await {
                tracing::warn!(%error, "the simulated Home Assistant did not stop");
            }
        });
    }
}
