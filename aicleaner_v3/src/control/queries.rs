//! Queries: what the page, the API and assistants may read. Changes nothing.

use std::sync::Arc;

use tokio::sync::watch;

use crate::engine::ZoneViews;
use crate::home_assistant::{HomeError, Inventory};
use crate::i18n::Locale;
use crate::model::{Deployment, Spending, SystemView, ZoneId, ZoneView};
use crate::router::{LastRequests, Sent};
use crate::setup::InventorySource;
use crate::store::{Store, StoreError, TaskEvent};

/// The most of a zone's history that is told at once.
const MOST_EVENTS: u32 = 200;

/// Where answers come from.
#[derive(Clone)]
pub struct QuerySources {
    /// The system.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// One view a zone.
    pub zones: watch::Receiver<ZoneViews>,
    /// What was sent last for each zone.
    pub sent: LastRequests,
    /// What the home has, if that can be asked.
    pub inventory: Option<InventorySource>,
    /// What happened to tasks, if there is a database.
    pub store: Option<Store>,
    /// What the home reads and lives by.
    pub locale: watch::Receiver<Locale>,
    /// How the program was installed.
    pub deployment: Deployment,
}

/// Answers queries. Cheap to clone.
#[derive(Clone)]
pub struct Queries(Arc<QuerySources>);

impl Queries {
    /// Answers from these sources.
    pub fn new(sources: QuerySources) -> Self {
        Self(Arc::new(sources))
    }

    /// The system as it stands.
    pub fn system(&self) -> Arc<SystemView> {
        self.0.system.borrow().clone()
    }

    /// What the home reads and lives by.
    pub fn locale(&self) -> Locale {
        self.0.locale.borrow().clone()
    }

    /// How the program was installed.
    pub fn deployment(&self) -> Deployment {
        self.0.deployment
    }

    /// What was spent, if there is a budget.
    pub fn spending(&self) -> Option<Spending> {
        self.system().spending
    }

    /// Each zone as it stands, in the order of the ids.
    pub fn zones(&self) -> Vec<Arc<ZoneView>> {
        let zones = self.0.zones.borrow().clone();
        zones.iter().map(|zone| zone.borrow().clone()).collect()
    }

    /// The zone as it stands, if it is set up.
    pub fn zone(&self, id: &str) -> Option<Arc<ZoneView>> {
        self.zones()
            .into_iter()
            .find(|view| view.zone.id.as_str() == id)
    }

    /// The last 200 things that happened to the tasks of a zone, newest first; none without a database.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn history(&self, zone: ZoneId) -> Result<Vec<TaskEvent>, StoreError> {
        match &self.0.store {
            Some(store) => store.zone_history(zone, MOST_EVENTS).await,
            None => Ok(Vec::new()),
        }
    }

    /// What was sent to a provider for the zone last, since the start.
    pub fn last_request(&self, zone: &str) -> Option<Arc<Sent>> {
        let zone = ZoneId::parse(zone).ok()?;
        self.0.sent.of(&zone)
    }

    /// What the home has, at most half a minute ago; none where that can't be asked.
    ///
    /// # Errors
    /// When Home Assistant is away or refuses.
    pub async fn inventory(&self) -> Result<Option<Arc<Inventory>>, HomeError> {
        match &self.0.inventory {
            Some(source) => source.inventory().await.map(Some),
            None => Ok(None),
        }
    }
}
