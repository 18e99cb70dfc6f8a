//! What people did with the items of a zone's tasks, taken over by its worker.

use super::description::Place;
use super::effects::moves;
use super::people::{AppliedAction, adopt, plan_user_action};
use super::record::history;
use super::worker::Worker;
use crate::model::{ItemSeen, UserAction};
use crate::store::Commit;

impl Worker {
    pub(super) async fn apply_user_action(&mut self, action: &UserAction) {
        let known = self
            .tasks
            .iter()
            .find(|task| task.id == action.task)
            .cloned();
        let task = match known {
            Some(task) => task,
            // One that no longer lives: a person may open it again all the same.
            None => match self.parts.store.task(action.task).await {
                Ok(Some(task)) => task,
                Ok(None) => return,
                Err(error) => return self.failed(error.code(), error.to_string(), None),
            },
        };
        let applied = plan_user_action(&task, &self.tasks, action, &self.policy);
        self.store_applied(applied).await;
    }

    pub(super) async fn adopt(&mut self, item: &ItemSeen, place: &Place) {
        let Some(list) = self.zone.todo_list.clone() else {
            return;
        };
        let mut has_item = Vec::new();
        for task in self.tasks.iter().filter(|task| task.is_open()) {
            match self.parts.store.item_of(task.id, list.clone()).await {
                Ok(Some(known)) if known.uid == item.uid => return,
                Ok(Some(_)) => has_item.push(task.id),
                Ok(None) => {}
                Err(error) => return self.failed(error.code(), error.to_string(), None),
            }
        }
        let now = self.parts.clock.now();
        let applied = adopt(
            &self.zone.id,
            &self.tasks,
            &has_item,
            &list,
            item,
            place,
            now,
        );
        self.store_applied(applied).await;
    }

    pub(super) async fn store_applied(&mut self, applied: AppliedAction) {
        let now = self.parts.clock.now();
        let commit = Commit {
            history: history(
                &applied.changes,
                now,
                Some(applied.why),
                "a person, on the list",
            ),
            items: applied.items,
            unqueued: applied.unqueued,
            ..Commit::of(self.record.clone(), now)
        };
        if self.commit(commit, &applied.changes).await.is_err() {
            return;
        }
        self.publish();
        self.tell(applied.changes);
    }

    /// Open tasks whose items are on another list than the zone's, or on none, are brought there.
    pub(super) async fn put_in_place(&mut self) {
        let places = match self.parts.store.places(self.zone.id.clone()).await {
            Ok(places) => places,
            Err(error) => return self.failed(error.code(), error.to_string(), None),
        };
        let effects = moves(&self.zone, &self.tasks, &places, &self.writing());
        if effects.is_empty() {
            return;
        }
        let commit = Commit {
            effects,
            ..Commit::of(self.record.clone(), self.parts.clock.now())
        };
        // A failure is told; the next start or change of the settings tries again.
        let _ = self.commit(commit, &[]).await;
    }
}
