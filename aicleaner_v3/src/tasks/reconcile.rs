//! Reconcile: an assessment against the tasks as they stand at the commit. What is found becomes a task when it
//! is sure enough or seen twice; what is gone is done when that is sure enough or it stays away; and what
//! people decided stands.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use super::change::{Change, Changes, What};
use super::evidence::{Evidence, Sorted, likeness};
use super::ignore::is_ignored;
use super::policy::Policy;
use super::sameness::SAME_FROM;
use crate::model::{Confidence, Finding, Sightings, Task, TaskId, TaskState, Verdict, ZoneId};

/// What a check brought.
#[derive(Debug, Clone, Copy)]
pub struct Glance<'a> {
    /// What the provider says.
    pub verdict: &'a Verdict,
    /// Whether the room as a whole looks different from when it was last judged.
    pub scene_changed: bool,
}

/// What the glance means for the `living` tasks of `zone`. Judgements of other tasks are ignored.
pub fn reconcile(
    zone: &ZoneId,
    living: &[Task],
    glance: &Glance<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Changes {
    let verdict = glance.verdict;
    let sorted = Sorted::new(living, verdict);
    let mut work = Work {
        zone,
        policy,
        now,
        glance,
        changes: Changes::default(),
        waiting: Vec::new(),
        proposed: living
            .iter()
            .filter(|task| task.state == TaskState::Proposed)
            .count(),
    };
    for (index, task) in living.iter().enumerate() {
        let evidence = sorted.evidence(living, index, verdict, policy);
        match task.state {
            TaskState::Open => work.open(task, &evidence),
            TaskState::Proposed => work.proposed(task, &evidence),
            TaskState::DoneByCamera => work.done_by_camera(task, &evidence),
            TaskState::DoneByPerson => work.done_by_person(task, &evidence),
            TaskState::Dismissed => work.dismissed(task),
            TaskState::Settled => {}
        }
    }
    for index in sorted.unknown() {
        work.unknown(index);
    }
    let still_open = living
        .iter()
        .filter(|task| task.is_open() && !work.has_ended(task.id))
        .count();
    work.fill(still_open);
    work.changes
}

/// A task that would be open if there is a place.
struct Waiting {
    task: Task,
    what: What,
    /// How it stands when there is no place for it; none: as it was.
    otherwise: Option<Change>,
}

struct Work<'a> {
    zone: &'a ZoneId,
    policy: &'a Policy,
    now: Timestamp,
    glance: &'a Glance<'a>,
    changes: Changes,
    waiting: Vec<Waiting>,
    proposed: usize,
}

impl Work<'_> {
    fn open(&mut self, task: &Task, evidence: &Evidence) {
        let is_kept = task
            .sightings
            .kept_until
            .is_some_and(|until| until > self.now);
        match evidence {
            Evidence::Unclear => {}
            Evidence::Present(_, found) => {
                let mut seen = self.seen_again(task, *found);
                seen.sightings.kept_until = None;
                self.note(task, seen);
            }
            Evidence::Gone | Evidence::Unseen if is_kept => {}
            Evidence::Gone => self.done(task),
            Evidence::Unseen => {
                let unseen = task.sightings.unseen.saturating_add(1);
                if unseen >= self.policy.done_after {
                    self.done(task);
                } else {
                    let mut next = task.clone();
                    next.sightings.unseen = unseen;
                    self.note(task, next);
                    self.changes.recheck = true;
                }
            }
        }
    }

    fn proposed(&mut self, task: &Task, evidence: &Evidence) {
        match evidence {
            Evidence::Unclear => {}
            Evidence::Present(confidence, found) => {
                let mut seen = self.seen_again(task, *found);
                if *confidence > seen.finding.confidence {
                    seen.finding.confidence = *confidence;
                }
                if self.is_enough(*confidence, &seen.sightings) {
                    self.waiting.push(Waiting {
                        task: Task {
                            opened_at: self.now,
                            ..seen.moved(TaskState::Open, self.now)
                        },
                        what: What::Opened,
                        otherwise: (seen != *task).then_some(Change {
                            task: seen,
                            what: What::Noted,
                        }),
                    });
                } else {
                    self.note(task, seen);
                    self.changes.recheck = true;
                }
            }
            Evidence::Gone => self.settle(task),
            Evidence::Unseen => {
                let unseen = task.sightings.unseen.saturating_add(1);
                if unseen >= self.policy.done_after {
                    self.settle(task);
                } else {
                    let mut next = task.clone();
                    next.sightings.unseen = unseen;
                    self.note(task, next);
                }
            }
        }
    }

    fn done_by_camera(&mut self, task: &Task, evidence: &Evidence) {
        if self.has_passed(task.changed_at, self.policy.reopen_within) {
            self.settle(task);
            if let Evidence::Present(confidence, found) = evidence {
                self.find_anew(task, *confidence, *found);
            }
            return;
        }
        if let Evidence::Present(confidence, found) = evidence {
            let seen = self.seen_again(task, *found);
            if self.is_enough(*confidence, &seen.sightings) {
                self.waiting.push(Waiting {
                    task: Task {
                        opened_at: self.now,
                        ..seen.moved(TaskState::Open, self.now)
                    },
                    what: What::Reopened,
                    otherwise: None,
                });
            } else {
                self.note(task, seen);
                self.changes.recheck = true;
            }
        }
    }

    fn done_by_person(&mut self, task: &Task, evidence: &Evidence) {
        let is_respected = !self.has_passed(task.changed_at, self.policy.respect_for);
        match evidence {
            Evidence::Unclear => {}
            Evidence::Gone | Evidence::Unseen if is_respected => {
                let mut next = task.clone();
                next.sightings.was_absent = true;
                self.note(task, next);
            }
            Evidence::Gone | Evidence::Unseen => self.settle(task),
            Evidence::Present(confidence, found) => {
                let is_new = task.sightings.was_absent
                    || self.glance.scene_changed
                    || found.is_some_and(|index| self.has_moved(task, index));
                if is_new && !is_respected {
                    self.settle(task);
                    self.find_anew(task, *confidence, *found);
                }
            }
        }
    }

    fn dismissed(&mut self, task: &Task) {
        if self.has_passed(task.changed_at, self.policy.dismissed_for) {
            self.settle(task);
        }
    }

    /// A finding that is no known task.
    fn unknown(&mut self, index: usize) {
        let finding = &self.glance.verdict.findings[index];
        if is_ignored(finding, &self.policy.ignore) {
            return;
        }
        self.new_task(finding.clone(), index);
    }

    /// The cause of an ended task is there once more: it is a new task.
    fn find_anew(&mut self, task: &Task, confidence: Confidence, found: Option<usize>) {
        let mut finding = found.map_or_else(
            || task.finding.clone(),
            |index| self.glance.verdict.findings[index].clone(),
        );
        finding.confidence = confidence;
        finding.task = None;
        // A number that no finding has, and the old task's own id, so that no two new tasks share an id.
        let seed = usize::MAX;
        if !is_ignored(&finding, &self.policy.ignore) {
            let id = self.id(&finding, seed, &task.id.to_string());
            self.add(id, finding);
        }
    }

    fn new_task(&mut self, mut finding: Finding, index: usize) {
        finding.task = None;
        let id = self.id(&finding, index, "");
        self.add(id, finding);
    }

    fn id(&self, finding: &Finding, index: usize, old: &str) -> TaskId {
        let parts = [
            self.zone.as_str(),
            &finding.title,
            &finding.location,
            &index.to_string(),
            old,
        ];
        TaskId::derived(self.now, &parts)
    }

    fn add(&mut self, id: TaskId, finding: Finding) {
        if finding.confidence < self.policy.propose_from {
            return;
        }
        let is_told_twice = |task: &Task| likeness(task, &finding) >= SAME_FROM;
        let twice = self
            .waiting
            .iter()
            .any(|waiting| is_told_twice(&waiting.task))
            || self.changes.that(What::Proposed).any(is_told_twice);
        if twice {
            return;
        }
        let is_sure = finding.confidence >= self.policy.open_from;
        let task = Task::found(
            id,
            self.zone.clone(),
            finding,
            TaskState::Proposed,
            self.now,
        );
        if is_sure {
            self.waiting.push(Waiting {
                task: task.moved(TaskState::Open, self.now),
                what: What::Opened,
                otherwise: Some(Change {
                    task,
                    what: What::Proposed,
                }),
            });
        } else {
            self.changes.recheck = true;
            self.propose(task);
        }
    }

    /// Gives the places to what is most important; the rest waits.
    fn fill(&mut self, still_open: usize) {
        let mut places = self.policy.most_open.saturating_sub(still_open);
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_by_key(|waiting| Reverse(waiting.task.finding.priority));
        for Waiting {
            task,
            what,
            otherwise,
        } in waiting
        {
            if places > 0 {
                places -= 1;
                self.changes.tasks.push(Change { task, what });
            } else if let Some(Change { task, what }) = otherwise {
                match what {
                    What::Proposed => self.propose(task),
                    what => self.push(task, what),
                }
            }
        }
    }

    fn propose(&mut self, task: Task) {
        if self.proposed < self.policy.most_proposed {
            self.proposed += 1;
            self.push(task, What::Proposed);
        }
    }

    fn done(&mut self, task: &Task) {
        let mut done = task.moved(TaskState::DoneByCamera, self.now);
        done.sightings = Sightings::default();
        self.push(done, What::Done);
    }

    fn settle(&mut self, task: &Task) {
        self.push(task.moved(TaskState::Settled, self.now), What::Settled);
    }

    fn note(&mut self, before: &Task, task: Task) {
        if *before != task {
            self.push(task, What::Noted);
        }
    }

    fn push(&mut self, task: Task, what: What) {
        self.changes.tasks.push(Change { task, what });
    }

    /// The task, seen once more; where it lies now, if that is far from where it lay.
    fn seen_again(&self, task: &Task, found: Option<usize>) -> Task {
        let mut next = task.clone();
        next.sightings.seen = task
            .sightings
            .seen
            .saturating_add(1)
            .min(self.policy.open_after);
        next.sightings.unseen = 0;
        if let Some(index) = found
            && self.has_moved(task, index)
        {
            let finding = &self.glance.verdict.findings[index];
            next.finding.area = finding.area;
            next.finding.camera.clone_from(&finding.camera);
        }
        next
    }

    fn has_moved(&self, task: &Task, index: usize) -> bool {
        let found = &self.glance.verdict.findings[index];
        match (&task.finding.area, &found.area) {
            (Some(before), Some(now)) if task.finding.camera == found.camera => {
                before.nearness(now) < 0.5
            }
            _ => false,
        }
    }

    fn is_enough(&self, confidence: Confidence, sightings: &Sightings) -> bool {
        confidence >= self.policy.open_from || sightings.seen >= self.policy.open_after
    }

    /// A clock that jumped back must not make anything last for ever.
    fn has_passed(&self, since: Timestamp, time: SignedDuration) -> bool {
        let passed = self.now.duration_since(since);
        passed >= time || passed < SignedDuration::from_hours(-24)
    }

    fn has_ended(&self, task: TaskId) -> bool {
        self.changes
            .tasks
            .iter()
            .any(|change| change.task.id == task && !change.task.is_open())
    }
}

#[cfg(test)]
mod tests;
