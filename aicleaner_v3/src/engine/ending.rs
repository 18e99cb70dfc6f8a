//! Tasks that a person ends elsewhere than on the list: with a button of a notification. People win, and the list is
//! told.

use super::record::history;
use super::worker::Worker;
use crate::model::{Actor, CommandRefusal, Effect, Ending, ItemAction, TaskId, UserActionKind};
use crate::store::Commit;
use crate::tasks::{Change, apply_user_action};

impl Worker {
    /// Ends those of `tasks` that are open.
    pub(super) async fn end(
        &mut self,
        tasks: &[TaskId],
        ending: Ending,
        actor: Actor,
    ) -> Result<(), CommandRefusal> {
        let now = self.parts.clock.now();
        let (kind, action, command) = match ending {
            Ending::Done => (UserActionKind::Ticked, ItemAction::Complete, "tasks done"),
            Ending::Dismissed => (
                UserActionKind::Deleted,
                ItemAction::Remove,
                "tasks dismissed",
            ),
        };
        let changes: Vec<Change> = self
            .tasks
            .iter()
            .filter(|task| task.is_open() && tasks.contains(&task.id))
            .flat_map(|task| apply_user_action(task, &self.tasks, &kind, &self.policy, now))
            .collect();
        if changes.is_empty() {
            return Err(CommandRefusal::UnknownTask);
        }
        let on_the_list = |change: &Change| {
            let list = self.zone.todo_list.clone()?;
            Some(Effect {
                task: change.task.id,
                list,
                action: action.clone(),
            })
        };
        let commit = Commit {
            effects: changes.iter().filter_map(on_the_list).collect(),
            history: history(
                &changes,
                now,
                Some(kind.as_str()),
                "a person, by a notification",
            ),
            audit: Some(self.audited(command, actor)),
            ..Commit::of(self.record.clone(), now)
        };
        self.commit(commit, &changes)
            .await
            .map_err(CommandRefusal::NotStored)?;
        self.tell(changes);
        self.publish();
        Ok(())
    }
}
