//! What a judgement means for the gate, the picture that is shown and the prompt. Pure.

use crate::model::{Area, Finding, Presence, Task, Verdict, Zone};
use crate::providers::KnownTask;
use crate::vision::AssessmentOutcome;

/// What the gate learns of a judgement: it is without consequence only if it names nothing new and each of `tasks` is
/// still there.
pub fn found(verdict: &Verdict, tasks: &[Task]) -> AssessmentOutcome {
    let is_known = |finding: &Finding| finding.task.is_some();
    let is_present = |task: &Task| {
        verdict
            .judgements
            .iter()
            .any(|judgement| judgement.task == task.id && judgement.presence == Presence::Present)
    };
    match verdict.findings.iter().all(is_known) && tasks.iter().all(is_present) {
        true => AssessmentOutcome::Unchanged,
        false => AssessmentOutcome::Changed,
    }
}

/// What is still to be seen of the known tasks, and what was found.
pub fn areas(verdict: &Verdict, tasks: &[Task]) -> Vec<Area> {
    let is_gone = |task: &&Task| {
        verdict
            .judgements
            .iter()
            .any(|judgement| judgement.task == task.id && judgement.presence == Presence::Gone)
    };
    let known = tasks
        .iter()
        .filter(|task| task.is_open() && !is_gone(task))
        .filter_map(|task| task.finding.area);
    known
        .chain(verdict.findings.iter().filter_map(|finding| finding.area))
        .collect()
}

/// The task as a provider is told of it.
pub fn known(task: &Task) -> KnownTask {
    KnownTask {
        id: task.id,
        title: task.finding.title.clone(),
        location: task.finding.location.clone(),
        area: task.finding.area,
    }
}

/// With one camera it is clear which picture a finding's box is in.
pub fn with_camera(mut verdict: Verdict, zone: &Zone) -> Verdict {
    if let [camera] = zone.cameras.as_slice() {
        for finding in &mut verdict.findings {
            finding.camera = Some(camera.clone());
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{Confidence, Score, TaskId, TaskJudgement, ZoneId};

    fn sock() -> Finding {
        Finding::new("Pick up the sock", Confidence::CERTAIN)
    }

    fn task() -> Task {
        let kitchen = ZoneId::parse("kitchen").unwrap();
        Task::open(kitchen, sock(), Timestamp::UNIX_EPOCH)
    }

    fn verdict(findings: Vec<Finding>, judgements: &[(TaskId, Presence)]) -> Verdict {
        let judgement = |&(task, presence): &(TaskId, Presence)| TaskJudgement {
            task,
            presence,
            confidence: Confidence::CERTAIN,
        };
        Verdict {
            score: Score::new(80).unwrap(),
            summary: String::new(),
            findings,
            judgements: judgements.iter().map(judgement).collect(),
        }
    }

    #[test]
    fn nothing_new_and_every_task_still_there_is_without_consequence() {
        let task = task();
        let again = Finding {
            task: Some(task.id),
            ..sock()
        };
        let there = [(task.id, Presence::Present)];

        assert_eq!(
            found(&verdict(vec![], &[]), &[]),
            AssessmentOutcome::Unchanged
        );
        assert_eq!(
            found(&verdict(vec![again], &there), &[task]),
            AssessmentOutcome::Unchanged
        );
    }

    #[test]
    fn anything_else_may_have_one() {
        let tasks = [task()];
        let judged = |presence| verdict(vec![], &[(tasks[0].id, presence)]);

        assert_eq!(
            found(&verdict(vec![sock()], &[]), &[]),
            AssessmentOutcome::Changed
        );
        assert_eq!(
            found(&verdict(vec![], &[]), &tasks),
            AssessmentOutcome::Changed
        );
        assert_eq!(
            found(&judged(Presence::Gone), &tasks),
            AssessmentOutcome::Changed
        );
        assert_eq!(
            found(&judged(Presence::Unclear), &tasks),
            AssessmentOutcome::Changed
        );
    }
}
