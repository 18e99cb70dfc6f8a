//! What is known of a list beside its items: which entity it is by now, whose integration, and how it behaves.

use super::events::SyncDelayed;
use super::parts::TodoSync;
use super::plan::Abilities;
use crate::home_assistant::HomeError;
use crate::model::EntityId;
use crate::store::ListRecord;

/// What is known of a list.
pub struct ListProfile {
    record: ListRecord,
    /// Whether the entity registry was asked since the start.
    is_identified: bool,
    sync: TodoSync,
}

impl ListProfile {
    /// A list of which nothing is known yet.
    pub fn new(list: &EntityId, sync: &TodoSync) -> Self {
        Self {
            record: ListRecord::new(list.clone()),
            is_identified: false,
            sync: sync.clone(),
        }
    }

    /// Takes up what was known at the last end.
    pub async fn load(&mut self) {
        if let Ok(Some(record)) = self.sync.store.list(self.record.list.clone()).await {
            self.record = record;
        }
    }

    /// What is known.
    pub fn record(&self) -> &ListRecord {
        &self.record
    }

    /// The entity that the list is now.
    pub fn entity(&self) -> &EntityId {
        &self.record.entity
    }

    /// What the list can do; everything as long as that is not known.
    pub fn can(&self) -> Abilities {
        self.sync.home.todo_features(&self.record.entity).map_or(
            Abilities {
                create: true,
                delete: true,
                update: true,
            },
            |features| Abilities {
                create: features.create(),
                delete: features.delete(),
                update: features.update(),
            },
        )
    }

    /// Whether the entity registry says that the list was renamed: then it is the entity of that name from now on.
    pub async fn follow_rename(&mut self) -> bool {
        let Some(entity) = self.renamed().await else {
            return false;
        };
        tracing::info!(list = %self.record.list, now = %entity, "the to-do list was renamed and is followed");
        self.record.entity = entity;
        self.save().await;
        true
    }

    async fn renamed(&self) -> Option<EntityId> {
        let id = self.record.registry_id.clone()?;
        let entries = self.sync.home.entity_registry().await.ok()?;
        let entry = entries
            .into_iter()
            .find(|entry| entry.id.as_ref() == Some(&id))?;
        let entity = entry.entity()?;
        (entity != self.record.entity && entity.domain() == "todo").then_some(entity)
    }

    /// Asks the entity registry who the list is, so that it can be followed when it is renamed, and how long
    /// to wait for it is known.
    pub async fn identify(&mut self) {
        if self.is_identified {
            return;
        }
        match self.sync.home.entity_entry(&self.record.entity).await {
            Ok(entry) => {
                self.is_identified = true;
                let (id, platform) = (entry.id, entry.platform);
                if (&id, &platform) != (&self.record.registry_id, &self.record.platform) {
                    self.record.registry_id = id;
                    self.record.platform = platform;
                    self.save().await;
                }
            }
            // An entity without a registry entry can't be renamed either.
            Err(HomeError::Refused { .. }) => self.is_identified = true,
            Err(_) => {}
        }
    }

    /// What is known of the list only helps; a store that refuses stops nothing.
    async fn save(&self) {
        if let Err(error) = self.sync.store.put_list(self.record.clone()).await {
            let delayed = SyncDelayed::new(&self.record.list, &error);
            self.sync.telemetry.emit(&delayed);
        }
    }

    /// It was seen that the list hides ticked items, or that it shows them.
    pub async fn set_hides_completed(&mut self, hides: bool) {
        if self.record.hides_completed != Some(hides) {
            self.record.hides_completed = Some(hides);
            self.save().await;
        }
    }
}
