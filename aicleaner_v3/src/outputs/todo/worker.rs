//! The worker of one list. It works the outbox off in order, learns the items' uids from what the list pushes, and
//! passes on to the zones what people did. It goes by states, not by messages, so nothing is lost with a message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::availability::{ListTrouble, Unusable, usable};
use super::events::{EffectRefused, ListUnusable, SyncDelayed};
use super::hear::{Absences, Heard, hear};
use super::items::{added_text, seen};
use super::parts::TodoSync;
use super::patience::{after, earliest};
use super::plan::{Call, OutboxStep, next_step, next_step_of};
use super::profile::ListProfile;
use super::stage::{after_refresh, not_done, put_off};
use super::view::ListView;
use crate::home_assistant::{HomeError, TodoList, TodoStatus};
use crate::model::{Effect, EntityId, ItemAction, ItemSeen, ItemUid, Reason, UserAction, ZoneId};
use crate::store::{OutboxRow, Stage, StoreError};

/// After a fault of the store, and at the latest, the list is looked at again.
const LATEST: Duration = Duration::from_secs(60);
/// The soonest that a list is looked at again by itself.
const SHORTEST: Duration = Duration::from_millis(50);
/// Steps on one list before it is looked at anew; far more than a list has rows.
const MOST_STEPS: usize = 200;
/// So often is a list that changes all the time looked at before it is left to settle.
const MOST_READS: usize = 5;
/// Uids that are remembered of one list; far more than a list has items.
const MOST_SEEN: usize = 5000;

/// Works on one list.
pub struct ListWorker {
    /// The list as it was declared: everything is stored under this name.
    list: EntityId,
    /// What is known of it.
    profile: ListProfile,
    sync: TodoSync,
    trouble: Arc<watch::Sender<ListTrouble>>,
    absences: Absences,
    /// The uids that were on the list since the start, at most [`MOST_SEEN`].
    seen: BTreeSet<ItemUid>,
    /// Whether items of ours that no task knows were looked for since the start.
    has_adopted: bool,
}

impl ListWorker {
    /// A worker for `list` that reports in `trouble` when the list can't be used.
    pub fn new(list: EntityId, sync: TodoSync, trouble: Arc<watch::Sender<ListTrouble>>) -> Self {
        Self {
            profile: ListProfile::new(&list, &sync),
            list,
            sync,
            trouble,
            absences: Absences::default(),
            seen: BTreeSet::new(),
            has_adopted: false,
        }
    }

    /// Works until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut outbox = self.sync.engine.outbox_changed();
        self.profile.load().await;
        let mut items = self.sync.home.todo_list(self.profile.entity());
        loop {
            let shown = items.borrow_and_update().clone();
            if shown == TodoList::Missing && self.profile.follow_rename().await {
                items = self.sync.home.todo_list(self.profile.entity());
                continue;
            }
            self.report_availability(&shown);
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

    /// Reports once whether the list can be used, until that changes.
    fn report_availability(&self, shown: &TodoList) {
        let Some(usable) = usable(&self.list, shown, self.profile.can()) else {
            return;
        };
        let is_new = self.trouble.send_if_modified(|known| match &usable {
            Err(Unusable { code, .. }) => {
                let reason = Reason {
                    entity: Some(self.list.clone()),
                    ..Reason::new(*code)
                };
                known.insert(self.list.clone(), reason.clone()) != Some(reason)
            }
            Ok(()) => known.remove(&self.list).is_some(),
        });
        if let (true, Err(Unusable { code, sentence })) = (is_new, usable) {
            self.sync.telemetry.emit(&ListUnusable {
                list: self.list.clone(),
                code,
                sentence,
            });
        }
    }

    /// One pass; returns how long to wait for the next if nothing happens before.
    async fn work(&mut self, list: &watch::Receiver<TodoList>) -> Duration {
        match self.pass(list).await {
            Ok(wait) => wait.min(LATEST),
            Err(error) => {
                let delayed = SyncDelayed::new(&self.list, &error);
                self.sync.telemetry.emit(&delayed);
                LATEST
            }
        }
    }

    async fn pass(&mut self, list: &watch::Receiver<TodoList>) -> Result<Duration, StoreError> {
        for _ in 0..MOST_STEPS {
            let Some(view) = self.view(list).await? else {
                return Ok(LATEST);
            };
            self.profile.identify().await;
            self.learn(&view).await;
            match next_step(&view.situation(&self.seen)) {
                OutboxStep::Confirm { row, item } => {
                    if let Some(row) = view.row(row) {
                        self.confirm(row, item, &view).await?;
                    }
                }
                OutboxStep::Drop(rows) => self.sync.store.drop_effects(rows).await?,
                OutboxStep::Note { row, stage } => self.sync.store.set_stage(row, stage).await?,
                OutboxStep::Try { row, stage, call } => {
                    if let Some(row) = view.row(row) {
                        self.attempt(row, stage, &call).await?;
                    }
                }
                OutboxStep::Refresh { row } => {
                    if let Some(row) = view.row(row) {
                        self.refresh(row, list).await?;
                    }
                }
                OutboxStep::Wait { until } => {
                    let Some(heard_until) = self.listen(&view, list).await? else {
                        continue;
                    };
                    let wait = earliest(until, heard_until).map(|until| {
                        Duration::try_from(until.duration_since(view.now)).unwrap_or_default()
                    });
                    return Ok(wait.map_or(LATEST, |wait| wait.max(SHORTEST)));
                }
            }
        }
        Ok(SHORTEST)
    }

    /// The list and its rows as they are now; none as long as the list does not tell its items.
    async fn view(&self, list: &watch::Receiver<TodoList>) -> Result<Option<ListView>, StoreError> {
        let mut shown = list.borrow().clone();
        for _ in 0..MOST_READS {
            let TodoList::Items(items) = shown else {
                return Ok(None);
            };
            let uids = items.iter().map(|item| item.uid.clone()).collect();
            let stored = self.sync.store.list_rows(self.list.clone(), uids).await?;
            // What is stored must be older than what is shown, and told for exactly the items that are shown:
            // else an item of ours could be taken for one that nobody knows.
            let now_shown = list.borrow().clone();
            if now_shown == TodoList::Items(items.clone()) {
                return Ok(Some(ListView::new(
                    self.profile.record(),
                    self.profile.can(),
                    items,
                    stored,
                    self.sync.clock.now(),
                )));
            }
            shown = now_shown;
        }
        Ok(None)
    }

    /// Learns what was on the list, and whether it hides ticked items.
    async fn learn(&mut self, view: &ListView) {
        if self.seen.len() > MOST_SEEN {
            self.seen.clear();
        }
        self.seen
            .extend(view.items.iter().map(|item| item.uid.clone()));
        let shows = view
            .items
            .iter()
            .any(|item| item.status == TodoStatus::Completed);
        if shows {
            self.profile.set_hides_completed(false).await;
        }
    }

    async fn confirm(
        &mut self,
        row: &OutboxRow,
        mut item: Option<ItemSeen>,
        view: &ListView,
    ) -> Result<(), StoreError> {
        // What we ticked and what then went, stays hidden when it is ticked.
        let was_tried = matches!(&row.stage, Stage::Sent { before, .. } if !before.is_empty());
        let is_gone = item
            .as_ref()
            .is_some_and(|item| !view.items.iter().any(|shown| shown.uid == item.uid));
        if is_gone
            && was_tried
            && row.effect.action == ItemAction::Complete
            && self.profile.record().hides_completed.is_none()
            && self.profile.can().update
        {
            self.profile.set_hides_completed(true).await;
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
            let refused = EffectRefused {
                list: self.list.clone(),
                code: error.code(),
                reason: error.to_string(),
                attempts,
            };
            self.sync.telemetry.emit(&refused);
        }
        Ok(())
    }

    async fn call(&self, call: &Call) -> Result<(), HomeError> {
        let (home, list) = (&self.sync.home, self.profile.entity());
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
            .update_entity(self.profile.entity())
            .await
            .is_ok();
        let Some(view) = self.view(list).await? else {
            return Ok(());
        };
        let is_absent = next_step_of(&view.situation(&self.seen), row.id)
            == Some(OutboxStep::Refresh { row: row.id });
        if is_absent {
            let stage = if is_refreshed {
                after_refresh(&row.stage, view.now)
            } else {
                put_off(&row.stage, view.now)
            };
            self.sync.store.set_stage(row.id, stage).await?;
        }
        Ok(())
    }

    /// Hears what people did; refreshes the list where absence must be believed. Returns when to listen again;
    /// none, if something was found that changes the view.
    async fn listen(
        &mut self,
        view: &ListView,
        list: &watch::Receiver<TodoList>,
    ) -> Result<Option<Option<Timestamp>>, StoreError> {
        if !self.has_adopted {
            self.has_adopted = true;
            self.adopt(view);
        }
        let heard = hear(&view.hearing(&self.list, false), &mut self.absences);
        if !heard.notes.is_empty() {
            self.sync.store.note_items(heard.notes).await?;
            return Ok(None);
        }
        if !heard.undone.is_empty() && (view.can.update || view.can.delete) {
            for task in heard.undone {
                let effect = Effect {
                    task,
                    list: self.list.clone(),
                    action: ItemAction::Complete,
                };
                self.sync.store.queue_again(effect, view.now).await?;
            }
            return Ok(None);
        }
        self.forward(heard.actions);
        let Some(refresh_at) = heard.refresh_at.filter(|at| *at <= view.now) else {
            return Ok(Some(heard.refresh_at));
        };
        if self
            .sync
            .home
            .update_entity(self.profile.entity())
            .await
            .is_err()
        {
            return Ok(Some(Some(after(
                refresh_at.max(view.now),
                view.patience.recheck,
            ))));
        }
        let Some(view) = self.view(list).await? else {
            return Ok(Some(None));
        };
        let Heard {
            actions,
            notes,
            refresh_at,
            ..
        } = hear(&view.hearing(&self.list, true), &mut self.absences);
        self.sync.store.note_items(notes).await?;
        self.forward(actions);
        Ok(Some(refresh_at))
    }

    fn forward(&self, actions: BTreeMap<ZoneId, Vec<UserAction>>) {
        for (zone, actions) in actions {
            self.sync.engine.user_actions(&zone, actions);
        }
    }

    /// Items that look like ours and that no task knows: the database may be older than the list.
    fn adopt(&self, view: &ListView) {
        for item in &view.items {
            let is_awaited = view.rows.iter().any(|row| {
                matches!(row.stage, Stage::Sent { .. })
                    && added_text(&row.effect.action) == Some(&item.summary)
            });
            let Some(description) = &item.description else {
                continue;
            };
            if item.status == TodoStatus::NeedsAction
                && !is_awaited
                && !view.known.contains(&item.uid)
            {
                self.sync
                    .engine
                    .adopt(&self.list, &seen(&view.items, item, false), description);
            }
        }
    }
}

/// Some lists tell an error after the item was in fact added (the service behind them was slow): what the list
/// shows decides. A call that Home Assistant itself turned down was never tried.
fn may_be_added(call: &Call, error: &HomeError) -> bool {
    matches!(call, Call::Add(_)) && matches!(error, HomeError::ListRefused { .. })
}
