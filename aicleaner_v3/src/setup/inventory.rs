//! What the home has, asked for when somebody wants to know, and kept for a while: a page that refreshes itself must
//! not read the registries of a large home every few seconds.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use crate::home_assistant::{HomeAssistant, HomeError, Inventory};
use crate::model::InstanceName;

/// For so long an answer is used again.
const KEPT: Duration = Duration::from_secs(30);

/// Knows what the home has. Cheap to clone; all clones share what they know.
#[derive(Clone)]
pub struct InventorySource(Arc<Shared>);

struct Shared {
    home: HomeAssistant,
    instance: InstanceName,
    /// One question at a time.
    turn: Semaphore,
    known: watch::Sender<Option<(Instant, Arc<Inventory>)>>,
}

impl InventorySource {
    /// For the home in which `instance` is us.
    pub fn new(home: HomeAssistant, instance: InstanceName) -> Self {
        Self(Arc::new(Shared {
            home,
            instance,
            turn: Semaphore::new(1),
            known: watch::Sender::new(None),
        }))
    }

    /// What the home has, at most half a minute ago.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn inventory(&self) -> Result<Arc<Inventory>, HomeError> {
        if let Some(inventory) = self.known() {
            return Ok(inventory);
        }
        let _turn = self.0.turn.acquire().await;
        // Another one may have asked meanwhile.
        if let Some(inventory) = self.known() {
            return Ok(inventory);
        }
        let inventory = Arc::new(self.0.home.inventory(&self.0.instance).await?);
        let now = Instant::now();
        self.0.known.send_replace(Some((now, inventory.clone())));
        Ok(inventory)
    }

    fn known(&self) -> Option<Arc<Inventory>> {
        let known = self.0.known.borrow();
        known
            .as_ref()
            .filter(|(at, _)| at.elapsed() < KEPT)
            .map(|(_, inventory)| inventory.clone())
    }
}
