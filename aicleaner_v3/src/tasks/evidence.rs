//! What one look says of one task: the findings that are it, and the provider's own judgements of it.

use crate::model::{Confidence, Finding, Presence, Task, TaskState, Verdict};

use super::policy::Policy;
use super::sameness::{SAME_FROM, Told, sameness};

/// What a look says of a task.
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
        let owner = verdict
            .findings
            .iter()
            .map(|finding| owner(tasks, finding))
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

    /// What the look says of the task at `index` of `tasks`.
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

fn owner(tasks: &[Task], finding: &Finding) -> Option<usize> {
    tasks
        .iter()
        .enumerate()
        .map(|(index, task)| (index, task.state, likeness(task, finding)))
        .filter(|(_, _, likeness)| *likeness >= SAME_FROM)
        .max_by(|a, b| {
            let is_open = |state: TaskState| state == TaskState::Open;
            a.2.total_cmp(&b.2)
                .then(is_open(a.1).cmp(&is_open(b.1)))
                .then(b.0.cmp(&a.0))
        })
        .map(|(index, _, _)| index)
}

/// How sure it is that `finding` is `task`, by what was found then or by what a person calls it now.
pub fn likeness(task: &Task, finding: &Finding) -> f64 {
    let told = Told::of(finding, task.id);
    let as_found = sameness(&task.finding, finding, told);
    match &task.renamed {
        None => as_found,
        Some(name) => {
            let renamed = Finding {
                title: name.clone(),
                ..task.finding.clone()
            };
            as_found.max(sameness(&renamed, finding, told))
        }
    }
}
