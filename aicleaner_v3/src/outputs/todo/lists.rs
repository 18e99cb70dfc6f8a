//! The lists that are worked on, each by a task of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::availability::ListTrouble;
use super::parts::TodoSync;
use super::worker::ListWorker;
use crate::model::EntityId;

impl TodoSync {
    /// Works on no list yet: see [`Lists::follow`]. Its tasks run on `tracker` and end when `stop` is cancelled.
    pub fn start(self, tracker: &TaskTracker, stop: &CancellationToken) -> Lists {
        Lists {
            sync: self,
            trouble: Arc::new(watch::Sender::new(ListTrouble::new())),
            followed: watch::Sender::new(BTreeSet::new()),
            tracker: tracker.clone(),
            stop: stop.clone(),
        }
    }
}

/// The lists that are worked on, one task each.
pub struct Lists {
    sync: TodoSync,
    trouble: Arc<watch::Sender<ListTrouble>>,
    followed: watch::Sender<BTreeSet<EntityId>>,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Lists {
    /// Works on these lists too. One that is no longer wanted is still worked on: what was decided for it is done.
    pub fn follow(&self, lists: BTreeSet<EntityId>) {
        let mut new = Vec::new();
        self.followed.send_modify(|followed| {
            new.extend(lists.difference(followed).cloned());
            followed.extend(lists);
        });
        for list in new {
            let worker = ListWorker::new(list, self.sync.clone(), self.trouble.clone());
            self.tracker.spawn(worker.run(self.stop.clone()));
        }
    }

    /// Which lists can't be used.
    pub fn troubles(&self) -> watch::Receiver<ListTrouble> {
        self.trouble.subscribe()
    }
}
