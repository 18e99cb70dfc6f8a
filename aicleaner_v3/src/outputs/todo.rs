//! To-do sync: one task a list. It works the outbox off in order, learns the items' uids from what the list
//! pushes, and tells the zones what people ticked. It looks at states, not at messages, so nothing is lost
//! with a message.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::events::{EffectRefused, ListUnusable, SyncHeldUp};
use super::plan::{Situation, Step, after_refresh, next_step, next_step_of, not_done, put_off};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::home_assistant::{HomeAssistant, HomeError, TodoItem, TodoList, TodoStatus};
use crate::model::{EntityId, ItemAction, ItemUid, TaskId, ZoneId};
use crate::store::{OutboxRow, RowId, Stage, Store, StoreError};
use crate::telemetry::{Code, Telemetry};

/// After a fault of the store, and at the latest, the list is looked at again.
const LATEST: Duration = Duration::from_secs(60);
/// The soonest that a list is looked at again by itself.
const SHORTEST: Duration = Duration::from_millis(50);
/// Steps on one list before it is looked at anew; far more than a list has rows.
const MOST_STEPS: usize = 200;

/// The lists that can't be used, each with one plain sentence.
pub type ListTrouble = BTreeMap<EntityId, String>;

/// Works the outbox off.
#[derive(Clone)]
pub struct TodoSync {
    /// Where the lists are.
    pub home: HomeAssistant,
    /// Where the outbox is.
    pub store: Store,
    /// Who is told what people ticked.
    pub engine: Engine,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
}

impl TodoSync {
    /// Starts one task for each of `lists` on `tracker`; they end when `stop` is cancelled. The receiver tells
    /// which lists can't be used.
    pub fn start(
        self,
        lists: BTreeSet<EntityId>,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> watch::Receiver<ListTrouble> {
        let (trouble, told) = watch::channel(ListTrouble::new());
        let trouble = Arc::new(trouble);
        for list in lists {
            let worker = ListWorker {
                list,
                sync: self.clone(),
                trouble: trouble.clone(),
            };
            tracker.spawn(worker.run(stop.clone()));
        }
        told
    }
}

struct ListWorker {
    list: EntityId,
    sync: TodoSync,
    trouble: Arc<watch::Sender<ListTrouble>>,
}

impl ListWorker {
    async fn run(self, stop: CancellationToken) {
        let mut items = self.sync.home.todo_list(&self.list);
        let mut outbox = self.sync.engine.outbox_changed();
        loop {
            self.tell_trouble(&items.borrow_and_update());
            outbox.borrow_and_update();
            let wait = tokio::select! {
                () = stop.cancelled() => break,
                wait = self.work(&items) => wait,
            };
            tokio::select! {
                () = stop.cancelled() => break,
                Ok(()) = items.changed() => {}
                Ok(()) = outbox.changed() => {}
                () = sleep(wait) => {}
            }
        }
    }

    fn tell_trouble(&self, shown: &TodoList) {
        let sentence = match shown {
            TodoList::Missing => Some(format!(
                "The to-do list {} does not exist in Home Assistant.",
                self.list
            )),
            TodoList::Items(_) => None,
            TodoList::Unknown | TodoList::Unavailable => return,
        };
        let is_new = self.trouble.send_if_modified(|trouble| match &sentence {
            Some(sentence) => {
                trouble.insert(self.list.clone(), sentence.clone()).as_ref() != Some(sentence)
            }
            None => trouble.remove(&self.list).is_some(),
        });
        if let (true, Some(sentence)) = (is_new, sentence) {
            let told = ListUnusable {
                list: self.list.clone(),
                code: Code::TodoListMissing,
                sentence,
            };
            self.sync.telemetry.emit(&told);
        }
    }

    /// One pass; returns how long to wait for the next if nothing happens before.
    async fn work(&self, list: &watch::Receiver<TodoList>) -> Duration {
        match self.pass(list).await {
            Ok(wait) => wait.min(LATEST),
            Err(error) => {
                let told = SyncHeldUp {
                    list: self.list.clone(),
                    code: error.code(),
                    reason: error.to_string(),
                };
                self.sync.telemetry.emit(&told);
                LATEST
            }
        }
    }

    async fn pass(&self, list: &watch::Receiver<TodoList>) -> Result<Duration, StoreError> {
        for _ in 0..MOST_STEPS {
            let Some(picture) = self.picture(list).await? else {
                return Ok(LATEST);
            };
            match next_step(&picture.situation()) {
                Step::Confirm { row, uid } => {
                    if let Some(row) = picture.row(row) {
                        self.sync.store.confirm(row.clone(), uid).await?;
                    }
                }
                Step::Drop(rows) => self.sync.store.drop_effects(rows).await?,
                Step::Try { row, stage } => {
                    if let Some(row) = picture.row(row) {
                        self.attempt(row, stage, picture.item_of.get(&row.effect.task))
                            .await?;
                    }
                }
                Step::Refresh { row } => {
                    if let Some(row) = picture.row(row) {
                        self.refresh(row, list).await?;
                    }
                }
                Step::Wait { until } => {
                    self.tell_ticked(&picture.items).await?;
                    let wait = until.map(|until| {
                        Duration::try_from(until.duration_since(picture.now)).unwrap_or_default()
                    });
                    return Ok(wait.map_or(LATEST, |wait| wait.max(SHORTEST)));
                }
            }
        }
        Ok(SHORTEST)
    }

    /// The list and its rows as they are now; none as long as the list does not tell its items.
    async fn picture(
        &self,
        list: &watch::Receiver<TodoList>,
    ) -> Result<Option<Picture>, StoreError> {
        let rows = self.sync.store.outbox(self.list.clone()).await?;
        let known = self
            .sync
            .store
            .known_uids(self.list.clone())
            .await?
            .into_iter()
            .collect();
        let mut item_of = HashMap::new();
        for row in &rows {
            if let Some(uid) = self
                .sync
                .store
                .item_of(row.effect.task, self.list.clone())
                .await?
            {
                item_of.insert(row.effect.task, uid);
            }
        }
        let TodoList::Items(items) = list.borrow().clone() else {
            return Ok(None);
        };
        Ok(Some(Picture {
            rows,
            items,
            known,
            item_of,
            now: self.sync.clock.now(),
        }))
    }

    /// The stage is stored before the call, so that a program that is killed in between looks for the item
    /// instead of adding another.
    async fn attempt(
        &self,
        row: &OutboxRow,
        stage: Stage,
        uid: Option<&ItemUid>,
    ) -> Result<(), StoreError> {
        let attempts = match &stage {
            Stage::Sent { attempts, .. } | Stage::Pending { attempts, .. } => *attempts,
        };
        self.sync.store.set_stage(row.id, stage).await?;
        let Err(error) = self.call(&row.effect.action, uid).await else {
            return Ok(());
        };
        if !error.may_have_happened() {
            self.sync
                .store
                .set_stage(row.id, not_done(attempts, self.sync.clock.now()))
                .await?;
        }
        if !error.is_absence() {
            let told = EffectRefused {
                list: self.list.clone(),
                code: error.code(),
                reason: error.to_string(),
                attempts,
            };
            self.sync.telemetry.emit(&told);
        }
        Ok(())
    }

    async fn call(&self, action: &ItemAction, uid: Option<&ItemUid>) -> Result<(), HomeError> {
        match (action, uid) {
            (
                ItemAction::Add {
                    summary,
                    description,
                },
                _,
            ) => {
                let description = (!description.is_empty()).then_some(description.as_str());
                self.sync
                    .home
                    .add_item(&self.list, summary, description)
                    .await
            }
            (ItemAction::Complete, Some(uid)) => {
                self.sync.home.complete_item(&self.list, uid).await
            }
            (ItemAction::Complete, None) => Ok(()),
        }
    }

    /// Has the list fetched anew, and counts if it still does not show the effect. A refresh that failed says
    /// nothing: the effect is looked for again after the same time.
    async fn refresh(
        &self,
        row: &OutboxRow,
        list: &watch::Receiver<TodoList>,
    ) -> Result<(), StoreError> {
        let update = json!({"entity_id": [self.list]});
        let refreshed = self
            .sync
            .home
            .call_service("homeassistant", "update_entity", update, false)
            .await;
        let Some(picture) = self.picture(list).await? else {
            return Ok(());
        };
        let is_absent =
            next_step_of(&picture.situation(), row.id) == Some(Step::Refresh { row: row.id });
        if is_absent {
            let stage = match refreshed {
                Ok(_) => after_refresh(&row.stage, picture.now),
                Err(_) => put_off(&row.stage, picture.now),
            };
            self.sync.store.set_stage(row.id, stage).await?;
        }
        Ok(())
    }

    async fn tell_ticked(&self, items: &[TodoItem]) -> Result<(), StoreError> {
        let ticked: BTreeSet<&ItemUid> = items
            .iter()
            .filter(|item| item.status == TodoStatus::Completed)
            .map(|item| &item.uid)
            .collect();
        if ticked.is_empty() {
            return Ok(());
        }
        let mut by_zone: BTreeMap<ZoneId, Vec<TaskId>> = BTreeMap::new();
        for linked in self.sync.store.open_items(self.list.clone()).await? {
            if ticked.contains(&linked.uid) {
                by_zone.entry(linked.zone).or_default().push(linked.task);
            }
        }
        for (zone, tasks) in by_zone {
            self.sync.engine.ticked(&zone, tasks);
        }
        Ok(())
    }
}

/// One list and its rows at one moment.
struct Picture {
    rows: Vec<OutboxRow>,
    items: Vec<TodoItem>,
    known: BTreeSet<ItemUid>,
    item_of: HashMap<TaskId, ItemUid>,
    now: Timestamp,
}

impl Picture {
    fn situation(&self) -> Situation<'_> {
        Situation {
            rows: &self.rows,
            items: &self.items,
            known: &self.known,
            item_of: &self.item_of,
            now: self.now,
        }
    }

    fn row(&self, id: RowId) -> Option<&OutboxRow> {
        self.rows.iter().find(|row| row.id == id)
    }
}
