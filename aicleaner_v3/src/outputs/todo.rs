//! To-do sync: one task a list. It works the outbox off in order, learns the items' uids from what the list
//! pushes, and tells the zones what people did. It looks at states, not at messages, so nothing is lost
//! with a message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::events::{EffectRefused, ListUnusable, SyncHeldUp};
use super::hear::{Heard, Hearing, Memory, hear, is_doubtful};
use super::plan::{
    Abilities, Call, Patience, Situation, Step, added_text, after_refresh, earliest, next_step,
    next_step_of, not_done, put_off, seen,
};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::home_assistant::{HomeAssistant, HomeError, TodoItem, TodoList, TodoStatus};
use crate::model::{Effect, EntityId, ItemAction, ItemSeen, ItemUid, Reason, TaskId};
use crate::store::{ListPicture, ListRecord, OutboxRow, RowId, Stage, Store, StoreError};
use crate::telemetry::{Code, Telemetry};

/// After a fault of the store, and at the latest, the list is looked at again.
const LATEST: Duration = Duration::from_secs(60);
/// The soonest that a list is looked at again by itself.
const SHORTEST: Duration = Duration::from_millis(50);
/// Steps on one list before it is looked at anew; far more than a list has rows.
const MOST_STEPS: usize = 200;
/// So often is a list that changes all the time looked at before it is left to settle.
const MOST_PICTURES: usize = 5;
/// Uids that are remembered of one list; far more than a list has items.
const MOST_SEEN: usize = 5000;

/// The lists that can't be used, each with one plain sentence.
pub type ListTrouble = BTreeMap<EntityId, Reason>;

/// Works the outbox off.
#[derive(Clone)]
pub struct TodoSync {
    /// Where the lists are.
    pub home: HomeAssistant,
    /// Where the outbox is.
    pub store: Store,
    /// Who is told what people did.
    pub engine: Engine,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
}

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
            let worker = ListWorker {
                record: ListRecord::new(list.clone()),
                list,
                sync: self.sync.clone(),
                trouble: self.trouble.clone(),
                memory: Memory::default(),
                seen: BTreeSet::new(),
                has_adopted: false,
                is_identified: false,
            };
            self.tracker.spawn(worker.run(self.stop.clone()));
        }
    }

    /// Which lists can't be used.
    pub fn troubles(&self) -> watch::Receiver<ListTrouble> {
        self.trouble.subscribe()
    }
}

struct ListWorker {
    /// The list as it was declared: everything is stored under this name.
    list: EntityId,
    /// What is known of it, such as the entity that it is now.
    record: ListRecord,
    sync: TodoSync,
    trouble: Arc<watch::Sender<ListTrouble>>,
    memory: Memory,
    /// The uids that were on the list since the start, at most [`MOST_SEEN`].
    seen: BTreeSet<ItemUid>,
    /// Whether items of ours that no task knows were looked for since the start.
    has_adopted: bool,
    /// Whether the entity registry was asked since the start.
    is_identified: bool,
}

impl ListWorker {
    async fn run(mut self, stop: CancellationToken) {
        let mut outbox = self.sync.engine.outbox_changed();
        if let Ok(Some(record)) = self.sync.store.list(self.list.clone()).await {
            self.record = record;
        }
        let mut items = self.sync.home.todo_list(&self.record.entity);
        loop {
            let shown = items.borrow_and_update().clone();
            if shown == TodoList::Missing
                && let Some(renamed) = self.follow().await
            {
                items = renamed;
                continue;
            }
            self.tell_trouble(&shown);
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

    /// The entity under another name, if the entity registry says that it was renamed.
    async fn follow(&mut self) -> Option<watch::Receiver<TodoList>> {
        let id = self.record.registry_id.clone()?;
        let entries = self.sync.home.entity_registry().await.ok()?;
        let entry = entries
            .into_iter()
            .find(|entry| entry.id.as_ref() == Some(&id))?;
        let entity = entry.entity()?;
        if entity == self.record.entity || entity.domain() != "todo" {
            return None;
        }
        tracing::info!(list = %self.list, now = %entity, "the to-do list was renamed and is followed");
        self.record.entity = entity;
        self.remember().await;
        Some(self.sync.home.todo_list(&self.record.entity))
    }

    /// Asks the entity registry who the list is, so that it can be followed when it is renamed, and how long
    /// to wait for it is known.
    async fn identify(&mut self) {
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
                    self.remember().await;
                }
            }
            // An entity without a registry entry can't be renamed either.
            Err(HomeError::Refused { .. }) => self.is_identified = true,
            Err(_) => {}
        }
    }

    /// What is known of the list is of use only; a store that refuses is told where it matters.
    async fn remember(&self) {
        if let Err(error) = self.sync.store.put_list(self.record.clone()).await {
            self.tell_held_up(&error);
        }
    }

    fn tell_held_up(&self, error: &StoreError) {
        self.sync.telemetry.emit(&SyncHeldUp {
            list: self.list.clone(),
            code: error.code(),
            reason: error.to_string(),
        });
    }

    fn tell_trouble(&self, shown: &TodoList) {
        let (sentence, code) = match shown {
            TodoList::Missing => (
                Some(format!(
                    "The to-do list {} does not exist in Home Assistant.",
                    self.list
                )),
                Code::TodoListMissing,
            ),
            TodoList::Items(_) if !self.can().create => (
                Some(format!("The to-do list {} takes no new items.", self.list)),
                Code::TodoListRefused,
            ),
            TodoList::Items(_) => (None, Code::TodoListMissing),
            TodoList::Unknown | TodoList::Unavailable => return,
        };
        let reason = sentence.is_some().then(|| Reason {
            entity: Some(self.list.clone()),
            ..Reason::new(code)
        });
        let is_new = self.trouble.send_if_modified(|known| match &reason {
            Some(reason) => {
                known.insert(self.list.clone(), reason.clone()).as_ref() != Some(reason)
            }
            None => known.remove(&self.list).is_some(),
        });
        if let (true, Some(sentence)) = (is_new, sentence) {
            let told = ListUnusable {
                list: self.list.clone(),
                code,
                sentence,
            };
            self.sync.telemetry.emit(&told);
        }
    }

    fn can(&self) -> Abilities {
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

    /// Todoist and Google Tasks give Home Assistant the active tasks alone
    /// (`homeassistant/components/{todoist,google_tasks}/todo.py`).
    fn hides_completed(&self) -> bool {
        self.record
            .hides_completed
            .unwrap_or_else(|| self.record.platform.as_deref() == Some("todoist"))
    }

    /// One pass; returns how long to wait for the next if nothing happens before.
    async fn work(&mut self, list: &watch::Receiver<TodoList>) -> Duration {
        match self.pass(list).await {
            Ok(wait) => wait.min(LATEST),
            Err(error) => {
                self.tell_held_up(&error);
                LATEST
            }
        }
    }

    async fn pass(&mut self, list: &watch::Receiver<TodoList>) -> Result<Duration, StoreError> {
        for _ in 0..MOST_STEPS {
            let Some(picture) = self.picture(list).await? else {
                return Ok(LATEST);
            };
            self.identify().await;
            self.learn(&picture).await;
            match next_step(&picture.situation(&self.seen)) {
                Step::Confirm { row, item } => {
                    if let Some(row) = picture.row(row) {
                        self.confirm(row, item, &picture).await?;
                    }
                }
                Step::Drop(rows) => self.sync.store.drop_effects(rows).await?,
                Step::Note { row, stage } => self.sync.store.set_stage(row, stage).await?,
                Step::Try { row, stage, call } => {
                    if let Some(row) = picture.row(row) {
                        self.attempt(row, stage, &call).await?;
                    }
                }
                Step::Refresh { row } => {
                    if let Some(row) = picture.row(row) {
                        self.refresh(row, list).await?;
                    }
                }
                Step::Wait { until } => {
                    let Some(heard_until) = self.listen(&picture, list).await? else {
                        continue;
                    };
                    let wait = earliest(until, heard_until).map(|until| {
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
        let mut shown = list.borrow().clone();
        for _ in 0..MOST_PICTURES {
            let TodoList::Items(items) = shown else {
                return Ok(None);
            };
            let uids = items.iter().map(|item| item.uid.clone()).collect();
            let stored = self
                .sync
                .store
                .list_picture(self.list.clone(), uids)
                .await?;
            // What is stored must be older than what is shown, and told for exactly the items that are shown:
            // else an item of ours could be taken for one that nobody knows.
            let now_shown = list.borrow().clone();
            if now_shown == TodoList::Items(items.clone()) {
                return Ok(Some(self.as_picture(items, stored)));
            }
            shown = now_shown;
        }
        Ok(None)
    }

    fn as_picture(
        &self,
        items: Vec<TodoItem>,
        ListPicture { rows, linked }: ListPicture,
    ) -> Picture {
        Picture {
            known: linked
                .iter()
                .map(|linked| linked.item.uid.clone())
                .collect(),
            item_of: linked
                .iter()
                .map(|linked| (linked.task, linked.item.clone()))
                .collect(),
            rows,
            linked,
            items,
            can: self.can(),
            patience: Patience::with(self.record.platform.as_deref()),
            hides_completed: self.hides_completed(),
            now: self.sync.clock.now(),
        }
    }

    /// Learns what was on the list, and whether it hides ticked items.
    async fn learn(&mut self, picture: &Picture) {
        if self.seen.len() > MOST_SEEN {
            self.seen.clear();
        }
        self.seen
            .extend(picture.items.iter().map(|item| item.uid.clone()));
        let shows = picture
            .items
            .iter()
            .any(|item| item.status == TodoStatus::Completed);
        if shows && self.record.hides_completed != Some(false) {
            self.record.hides_completed = Some(false);
            self.remember().await;
        }
    }

    async fn confirm(
        &mut self,
        row: &OutboxRow,
        mut item: Option<ItemSeen>,
        picture: &Picture,
    ) -> Result<(), StoreError> {
        // What we ticked and what then went, stays hidden when it is ticked.
        let was_tried = matches!(&row.stage, Stage::Sent { before, .. } if !before.is_empty());
        let is_gone = item
            .as_ref()
            .is_some_and(|item| !picture.items.iter().any(|shown| shown.uid == item.uid));
        if is_gone
            && was_tried
            && row.effect.action == ItemAction::Complete
            && self.record.hides_completed.is_none()
            && self.can().update
        {
            self.record.hides_completed = Some(true);
            self.remember().await;
            if let Some(item) = &mut item {
                item.is_ticked = true;
            }
        }
        self.sync.store.confirm(row.clone(), item).await
    }

    /// The stage is stored before the call, so that a program that is killed in between looks for the item
    /// instead of adding another.
    async fn attempt(&self, row: &OutboxRow, stage: Stage, call: &Call) -> Result<(), StoreError> {
        let attempts = match &stage {
            Stage::Sent { attempts, .. } | Stage::Pending { attempts, .. } => *attempts,
        };
        crate::fault_point!("outbox.before_stage");
        self.sync.store.set_stage(row.id, stage).await?;
        crate::fault_point!("outbox.after_stage");
        let result = self.call(call).await;
        crate::fault_point!("outbox.after_call");
        let Err(error) = result else {
            return Ok(());
        };
        if !error.may_have_happened() && !may_be_added(call, &error) {
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

    async fn call(&self, call: &Call) -> Result<(), HomeError> {
        let (home, list) = (&self.sync.home, &self.record.entity);
        match call {
            Call::Add(item) => {
                let description =
                    (!item.description.is_empty()).then_some(item.description.as_str());
                home.add_item_due(list, &item.summary, description, item.due.as_deref())
                    .await
            }
            Call::Complete(uid) => home.complete_item(list, uid).await,
            Call::Reopen(uid) => home.reopen_item(list, uid).await,
            Call::Remove(uid) => home.remove_item(list, uid).await,
        }
    }

    /// Has the list fetched anew, and counts if it still does not show the effect. A refresh that failed says
    /// nothing: the effect is looked for again after the same time.
    async fn refresh(
        &self,
        row: &OutboxRow,
        list: &watch::Receiver<TodoList>,
    ) -> Result<(), StoreError> {
        let is_refreshed = self
            .sync
            .home
            .update_entity(&self.record.entity)
            .await
            .is_ok();
        let Some(picture) = self.picture(list).await? else {
            return Ok(());
        };
        let is_absent = next_step_of(&picture.situation(&self.seen), row.id)
            == Some(Step::Refresh { row: row.id });
        if is_absent {
            let stage = if is_refreshed {
                after_refresh(&row.stage, picture.now)
            } else {
                put_off(&row.stage, picture.now)
            };
            self.sync.store.set_stage(row.id, stage).await?;
        }
        Ok(())
    }

    /// Hears what people did; refreshes the list where absence must be believed. Returns when to listen again;
    /// none, if something was found that changes the picture.
    async fn listen(
        &mut self,
        picture: &Picture,
        list: &watch::Receiver<TodoList>,
    ) -> Result<Option<Option<Timestamp>>, StoreError> {
        if !self.has_adopted {
            self.has_adopted = true;
            self.adopt(picture);
        }
        let heard = hear(&picture.hearing(&self.list, false), &mut self.memory);
        if !heard.notes.is_empty() {
            self.sync.store.note_items(heard.notes).await?;
            return Ok(None);
        }
        if !heard.undone.is_empty() && (picture.can.update || picture.can.delete) {
            for task in heard.undone {
                let effect = Effect {
                    task,
                    list: self.list.clone(),
                    action: ItemAction::Complete,
                };
                self.sync.store.queue_again(effect, picture.now).await?;
            }
            return Ok(None);
        }
        self.tell(heard.actions);
        let Some(refresh_at) = heard.refresh_at.filter(|at| *at <= picture.now) else {
            return Ok(Some(heard.refresh_at));
        };
        if self
            .sync
            .home
            .update_entity(&self.record.entity)
            .await
            .is_err()
        {
            return Ok(Some(Some(super::plan::after(
                refresh_at.max(picture.now),
                picture.patience.recheck,
            ))));
        }
        let Some(picture) = self.picture(list).await? else {
            return Ok(Some(None));
        };
        let Heard {
            actions,
            notes,
            refresh_at,
            ..
        } = hear(&picture.hearing(&self.list, true), &mut self.memory);
        self.sync.store.note_items(notes).await?;
        self.tell(actions);
        Ok(Some(refresh_at))
    }

    fn tell(&self, actions: BTreeMap<crate::model::ZoneId, Vec<crate::model::UserAction>>) {
        for (zone, actions) in actions {
            self.sync.engine.user_actions(&zone, actions);
        }
    }

    /// Items that look like ours and that no task knows: the database may be older than the list.
    fn adopt(&self, picture: &Picture) {
        for item in &picture.items {
            let is_awaited = picture.rows.iter().any(|row| {
                matches!(row.stage, Stage::Sent { .. })
                    && added_text(&row.effect.action) == Some(&item.summary)
            });
            let Some(description) = &item.description else {
                continue;
            };
            if item.status == TodoStatus::NeedsAction
                && !is_awaited
                && !picture.known.contains(&item.uid)
            {
                self.sync
                    .engine
                    .adopt(&self.list, &seen(&picture.items, item, false), description);
            }
        }
    }
}

/// Some lists tell an error after the item was in fact added (the service behind them was slow): what the list
/// shows decides. A call that Home Assistant itself turned down was never tried.
fn may_be_added(call: &Call, error: &HomeError) -> bool {
    matches!(call, Call::Add(_)) && matches!(error, HomeError::ListRefused { .. })
}

/// One list and its rows at one moment.
struct Picture {
    rows: Vec<OutboxRow>,
    linked: Vec<crate::store::LinkedItem>,
    items: Vec<TodoItem>,
    known: BTreeSet<ItemUid>,
    item_of: BTreeMap<TaskId, ItemSeen>,
    can: Abilities,
    patience: Patience,
    hides_completed: bool,
    now: Timestamp,
}

impl Picture {
    fn situation<'a>(&'a self, seen: &'a BTreeSet<ItemUid>) -> Situation<'a> {
        Situation {
            seen,
            is_doubtful: is_doubtful(&self.linked, &self.items, !seen.is_empty()),
            rows: &self.rows,
            items: &self.items,
            known: &self.known,
            item_of: &self.item_of,
            can: self.can,
            patience: self.patience,
            hides_completed: self.hides_completed,
            now: self.now,
        }
    }

    fn hearing<'a>(&'a self, list: &'a EntityId, was_refreshed: bool) -> Hearing<'a> {
        Hearing {
            list,
            items: &self.items,
            linked: &self.linked,
            rows: &self.rows,
            hides_completed: self.hides_completed,
            was_refreshed,
            patience: self.patience,
            now: self.now,
        }
    }

    fn row(&self, id: RowId) -> Option<&OutboxRow> {
        self.rows.iter().find(|row| row.id == id)
    }
}
