//! A check of the simulated room, reconciled and stored as the zone's worker does it.

use std::collections::BTreeSet;

use super::things::{THINGS, list, thing, zone};
use super::world::World;
use crate::model::{
    Confidence, Effect, Finding, Item, ItemAction, Presence, Score, Task, TaskJudgement, TaskState,
    Verdict,
};
use crate::store::{OutboxRow, RowId, Stage};
use crate::tasks::{Change, Glance, What, reconcile};

impl World {
    pub(super) fn check_room(&mut self, wording: usize, sure: bool, unclear: bool) {
        let living = self.living();
        let confidence = Confidence::new(if sure { 0.9 } else { 0.4 }).unwrap();
        let mut told = BTreeSet::new();
        let judgements = living
            .iter()
            .filter_map(|task| {
                let thing = thing(&task.finding.title)?;
                told.insert(thing);
                let presence = match (unclear, self.lying.contains(&thing)) {
                    (true, _) => Presence::Unclear,
                    (false, true) => Presence::Present,
                    (false, false) => Presence::Gone,
                };
                Some(TaskJudgement {
                    task: task.id,
                    presence,
                    confidence,
                })
            })
            .collect();
        let findings = self
            .lying
            .iter()
            .filter(|thing| !told.contains(thing))
            .map(|thing| Finding::new(THINGS[*thing][wording], confidence))
            .collect();
        let verdict = Verdict {
            score: Score::TIDY,
            summary: String::new(),
            findings,
            judgements,
        };
        let glance = Glance {
            verdict: &verdict,
            scene_changed: false,
        };
        let run = |living: &[Task]| reconcile(&zone(), living, &glance, &self.policy, self.now);
        let changes = run(&living);
        assert_eq!(
            changes,
            run(&living),
            "the same input gives the same answer"
        );
        for change in &changes.tasks {
            if change.what == What::Reopened {
                let thing = thing(&change.task.finding.title).unwrap();
                assert!(self.lying.contains(&thing), "opened again without evidence");
            }
            if change.task.state != TaskState::Settled {
                assert!(
                    !self.ended_by_people.contains(&change.task.id) || change.what == What::Noted,
                    "argued with a person: {change:?}"
                );
            }
        }
        self.store(&changes.tasks);
        if sure && !unclear {
            let again = reconcile(
                &zone(),
                &self.living(),
                &Glance {
                    verdict: &Verdict {
                        judgements: vec![],
                        ..verdict.clone()
                    },
                    scene_changed: false,
                },
                &self.policy,
                self.now,
            );
            assert!(
                again.that(What::Opened).next().is_none(),
                "told again, opened again: {again:?}"
            );
        }
    }

    pub(super) fn store(&mut self, changes: &[Change]) {
        for Change { task, what } in changes {
            let item = || Item {
                summary: task.title().to_owned(),
                description: format!("Kitchen, {}.", task.finding.title),
                due: None,
            };
            let action = match what {
                What::Opened => Some(ItemAction::Add(item())),
                What::Reopened => Some(ItemAction::Reopen(item())),
                What::Done => Some(ItemAction::Complete),
                What::Merged => Some(ItemAction::Remove),
                _ => None,
            };
            self.tasks.insert(task.id, task.clone());
            if let Some(action) = action {
                self.next_row += 1;
                self.rows.push(OutboxRow {
                    id: RowId::from(self.next_row),
                    effect: Effect {
                        task: task.id,
                        list: list(),
                        action,
                    },
                    stage: Stage::Pending {
                        attempts: 0,
                        not_before: self.now,
                    },
                });
            }
        }
    }
}
