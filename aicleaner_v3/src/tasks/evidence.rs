//! What one check says of one task: the findings that are it, and the provider's own judgements of it.

use crate::model::{Confidence, Finding, Presence, Task, Verdict};

use super::policy::Policy;
use super::sameness::{Described, Notification, SAME_FROM};

/// What a check says of a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// It is there: so sure, and as this finding, if it was reported as one.
    Present(Confidence, Option<usize>),
    /// It is gone, surely.
    Gone,
    /// It was not seen: judged gone, but not surely, or not mentioned at all.
    Unseen,
    /// Hidden, or the answer contradicts itself. Says nothing.
    Unclear,
}

/// The findings of a verdict, each with the living task that it is.
#[derive(Debug)]
pub struct Sorted {
    owner: Vec<Option<usize>>,
}

impl Sorted {
    /// Each finding belongs to the task with which it has most in common, if that is enough. Between equals an
    /// open task comes first.
    pub fn new(tasks: &[Task], verdict: &Verdict) -> Self {
        let known: Vec<_> = tasks.iter().map(Known::new).collect();
        let owner = verdict
            .findings
            .iter()
            .map(|finding| owner(&known, finding))
            .collect();
        Self { owner }
    }

    /// The findings that are no known task.
    pub fn unknown(&self) -> impl Iterator<Item = usize> {
        self.owner
            .iter()
            .enumerate()
            .filter(|(_, owner)| owner.is_none())
            .map(|(index, _)| index)
    }

    /// What the check says of the task at `index` of `tasks`.
    pub fn evidence(
        &self,
        tasks: &[Task],
        index: usize,
        verdict: &Verdict,
        policy: &Policy,
    ) -> Evidence {
        let task = &tasks[index];
        let found = self
            .owner
            .iter()
            .enumerate()
            .filter(|(_, owner)| **owner == Some(index))
            .map(|(finding, _)| finding)
            .max_by(|a, b| {
                let confidence = |index: &usize| verdict.findings[*index].confidence.get();
                confidence(a).total_cmp(&confidence(b)).then(b.cmp(a))
            });
        let strongest = |presence: Presence| {
            verdict
                .judgements
                .iter()
                .filter(|judgement| judgement.task == task.id && judgement.presence == presence)
                .map(|judgement| judgement.confidence.get())
                .reduce(f64::max)
        };
        let (gone, present, unclear) = (
            strongest(Presence::Gone),
            strongest(Presence::Present),
            strongest(Presence::Unclear),
        );
        match (found, gone, present, unclear) {
            // Found and gone in one breath: the answer contradicts itself.
            (Some(_), Some(_), _, _) => Evidence::Unclear,
            (Some(finding), None, _, _) => {
                let confidence = verdict.findings[finding].confidence;
                let confidence = present
                    .and_then(|present| Confidence::new(present).ok())
                    .filter(|present| *present > confidence)
                    .unwrap_or(confidence);
                Evidence::Present(confidence, Some(finding))
            }
            (None, None, None, None) => Evidence::Unseen,
            (None, gone, present, unclear) => {
                let least = -1.0;
                let (gone, present, unclear) = (
                    gone.unwrap_or(least),
                    present.unwrap_or(least),
                    unclear.unwrap_or(least),
                );
                if gone > present && gone > unclear {
                    if gone >= policy.done_from.get() {
                        Evidence::Gone
                    } else {
                        Evidence::Unseen
                    }
                } else if present > gone && present > unclear {
                    Confidence::new(present)
                        .map_or(Evidence::Unclear, |sure| Evidence::Present(sure, None))
                } else {
                    Evidence::Unclear
                }
            }
        }
    }
}

fn owner(tasks: &[Known<'_>], finding: &Finding) -> Option<usize> {
    let found = Described::new(finding);
    tasks
        .iter()
        .enumerate()
        .map(|(index, known)| (index, known.task.is_open(), known.likeness(finding, &found)))
        .filter(|(_, _, likeness)| *likeness >= SAME_FROM)
        .max_by(|a, b| a.2.total_cmp(&b.2).then(a.1.cmp(&b.1)).then(b.0.cmp(&a.0)))
        .map(|(index, _, _)| index)
}

/// A task by what was found then, and by what a person calls it now.
#[derive(Debug)]
pub struct Known<'a> {
    task: &'a Task,
    as_found: Described<'a>,
    as_named: Option<Described<'a>>,
}

impl<'a> Known<'a> {
    /// The task with its words.
    pub fn new(task: &'a Task) -> Self {
        Self {
            task,
            as_found: Described::new(&task.finding),
            as_named: task
                .renamed
                .as_ref()
                .map(|name| Described::named(&task.finding, name)),
        }
    }

    /// How sure it is that `finding` is the task; `found` is the finding with its words.
    pub fn likeness(&self, finding: &Finding, found: &Described<'_>) -> f64 {
        let told = Notification::of(finding, self.task.id);
        let as_found = self.as_found.sameness(found, told);
        self.as_named
            .as_ref()
            .map_or(as_found, |named| as_found.max(named.sameness(found, told)))
    }
}

/// How sure it is that `finding` is `task`.
pub fn likeness(task: &Task, finding: &Finding) -> f64 {
    Known::new(task).likeness(finding, &Described::new(finding))
}
