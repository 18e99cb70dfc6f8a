//! What the end of a check means for its zone: a judgement is reconciled with the tasks as they are at that moment, and
//! stored whole or not at all; a failure changes no task and no score.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::events::{
    AllTidy, CheckFailed, CheckSkipped, MessFound, RecheckWanted, TaskEnded, TaskOpened,
    TidyRemembered, ZoneAssessed,
};
use super::live::needs_cleaning;
use super::look::{LookError, Looked, Outcome};
use super::record::history;
use super::schedule;
use super::worker::Worker;
use crate::model::{Assessment, LastFrame, Reason, SkipReason, Task};
use crate::store::{CameraRecord, Commit, ZoneRecord};
use crate::tasks::{Change, Glance, What, reconcile, shown_score};

impl Worker {
    /// What a check remembered of the cameras. What was drawn meanwhile wins: a history belongs to its masks.
    pub(super) fn remember(&mut self, looked: Vec<CameraRecord>) {
        for new in looked {
            let known = self
                .cameras
                .iter_mut()
                .find(|known| known.camera == new.camera && known.masks == new.masks);
            if let Some(known) = known {
                known.history = new.history;
                known.references = new.references;
            }
        }
    }

    pub(super) async fn finish(&mut self, result: Result<Looked, LookError>) {
        let looked = match result {
            Ok(looked) => looked,
            Err(error) => {
                let retry_at = error.retry_at();
                return self.failed(error.code(), error.to_string(), retry_at);
            }
        };
        self.remember(looked.cameras);
        match looked.outcome {
            Outcome::Skipped(reason) => {
                if self.commit_nothing_else().await.is_ok() {
                    self.failures = 0;
                    self.not_now(reason);
                }
            }
            Outcome::RememberedTidy { frame } => {
                if self.commit_nothing_else().await.is_ok() {
                    self.frame = Some(frame);
                    self.last_skip = None;
                    self.bus.tell(TidyRemembered {
                        zone: self.zone.id.clone(),
                    });
                    self.publish();
                }
            }
            Outcome::Assessed { assessment, frame } => self.assessed(*assessment, frame).await,
        }
    }

    pub(super) fn skipped(&mut self, reason: SkipReason) {
        self.last_skip = Some(reason);
        self.bus.tell(CheckSkipped {
            zone: self.zone.id.clone(),
            reason,
        });
        self.publish();
    }

    /// Changes no task and no score; the next check comes sooner.
    pub(super) fn failed(
        &mut self,
        code: crate::telemetry::Code,
        sentence: String,
        retry_at: Option<Timestamp>,
    ) {
        self.failures = self.failures.saturating_add(1);
        self.last_skip = None;
        self.last_failure = Some(Reason {
            details: sentence.clone(),
            ..Reason::new(code)
        });
        let now = self.parts.clock.now();
        let delay = schedule::delay_after_failure(self.zone.interval, self.failures, retry_at, now);
        self.due = self.due.min(Instant::now() + delay);
        self.bus.tell(CheckFailed {
            zone: self.zone.id.clone(),
            code,
            sentence,
        });
        self.publish();
    }

    pub(super) async fn assessed(&mut self, assessment: Assessment, frame: LastFrame) {
        self.passing = 0;
        let glance = Glance {
            verdict: &assessment.verdict,
            scene_changed: self.has_scene_changed(&assessment),
        };
        let changes = reconcile(
            &self.zone.id,
            &self.tasks,
            &glance,
            &self.policy,
            assessment.at,
        );
        let raw = assessment.verdict.score;
        let score = shown_score(self.record.score, raw, !changes.is_quiet());
        let needs_cleaning = needs_cleaning(score, self.zone.threshold, self.record.needs_cleaning);
        let record = ZoneRecord {
            score: Some(score),
            raw_score: Some(raw),
            scores: self.record.scores.and(score),
            needs_cleaning: Some(needs_cleaning),
            summary: assessment.verdict.summary.clone(),
            last_assessed: Some(assessment.at),
            ..self.record.clone()
        };
        let found: Vec<Task> = changes.that(What::Opened).cloned().collect();
        let mess = MessFound {
            zone: self.zone.id.clone(),
            score,
            needs_cleaning,
            summary: assessment.verdict.summary.clone(),
            trigger: assessment.trigger,
            tasks: found,
        };
        let told = ZoneAssessed {
            zone: self.zone.id.clone(),
            score: raw,
            provider: assessment.provider.clone(),
            duration: assessment.duration,
            summary: assessment.verdict.summary.clone(),
        };
        let why = format!("assessment {}", assessment.id);
        let commit = Commit {
            history: history(&changes.tasks, assessment.at, None, &why),
            at: assessment.at,
            assessment: Some(assessment),
            ..Commit::of(record, self.parts.clock.now())
        };
        if self.commit(commit, &changes.tasks).await.is_err() {
            return;
        }
        self.frame = Some(frame);
        self.failures = 0;
        self.last_skip = None;
        self.last_failure = None;
        self.due = Instant::now() + self.next_delay();
        self.plan_recheck(changes.recheck);
        self.publish();
        self.bus.tell(told);
        if !mess.tasks.is_empty() {
            self.bus.tell(mess);
        }
        self.tell(changes.tasks);
    }

    /// A check that had to pass the gate and did so before it was time anyway: the room looks different.
    pub(super) fn has_scene_changed(&self, assessment: &Assessment) -> bool {
        let is_time_anyway = self.record.last_assessed.is_none_or(|last| {
            let passed = assessment.at.duration_since(last);
            Duration::try_from(passed).is_ok_and(|passed| passed >= self.zone.reassess_after)
        });
        !assessment.trigger.passes_the_gate() && !is_time_anyway
    }

    /// A recheck within minutes, unless several in a row have decided nothing.
    pub(super) fn plan_recheck(&mut self, is_wanted: bool) {
        self.rechecks = if is_wanted {
            self.rechecks.saturating_add(1)
        } else {
            0
        };
        self.recheck = schedule::recheck(self.rechecks, self.zone.interval)
            .map(|delay| Instant::now() + delay);
        if self.recheck.is_some() {
            self.bus.count(&RecheckWanted {
                zone: self.zone.id.clone(),
            });
        }
    }

    /// Tells what happened to tasks, and when the last of them was done.
    pub(super) fn tell(&self, changes: Vec<Change>) {
        let mut was_done = false;
        for Change { task, what } in changes {
            match what {
                What::Opened | What::Reopened => self.bus.tell(TaskOpened { task }),
                What::ByPerson if task.is_open() => {}
                What::Done | What::ByPerson | What::Merged => {
                    was_done = true;
                    self.bus.tell(TaskEnded { task });
                }
                What::Proposed | What::Settled | What::Cleared | What::Noted => {}
            }
        }
        if was_done && !self.tasks.iter().any(Task::is_open) {
            self.bus.tell(AllTidy {
                zone: self.zone.id.clone(),
                score: self.record.score,
            });
        }
    }
}
