//! What an assessment means for its zone: it is reconciled with the tasks as they are at that moment, and stored whole
//! or not at all.

use std::time::Duration;

use super::zone_state::{ZoneState, history};
use crate::engine::events::{MessFound, ZoneAssessed};
use crate::model::{Assessment, LastFrame, Score, Task};
use crate::store::{Commit, StoreError, ZoneRecord};
use crate::tasks::{Change, Glance, What, reconcile, shown_score};

/// A zone that needs cleaning does so until the score is this far above the threshold, so that a score near it does not
/// make it go back and forth.
const HYSTERESIS: u8 = 5;

/// Whether a zone needs cleaning, when it did or did not `before`.
pub(super) fn needs_cleaning(score: Score, threshold: Score, before: Option<bool>) -> bool {
    let enough = threshold.get().saturating_add(HYSTERESIS).min(100);
    score < threshold || (before == Some(true) && score.get() < enough)
}

/// An assessment that is stored and not yet shown.
#[derive(Debug)]
#[must_use]
pub struct Stored {
    /// Whether reconcile wants a recheck.
    pub wants_recheck: bool,
    assessed: ZoneAssessed,
    mess: MessFound,
    changes: Vec<Change>,
}

impl ZoneState {
    /// Reconciles and stores an assessment. It is shown with [`Self::show_assessment`].
    ///
    /// # Errors
    /// When the store does not take it: then nothing has changed.
    pub async fn assess(
        &mut self,
        assessment: Assessment,
        frame: LastFrame,
    ) -> Result<Stored, StoreError> {
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
            zone: self.id(),
            score,
            needs_cleaning,
            summary: assessment.verdict.summary.clone(),
            trigger: assessment.trigger,
            tasks: found,
        };
        let assessed = ZoneAssessed {
            zone: self.id(),
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
            ..Commit::of(record, self.services.clock.now())
        };
        self.commit(commit, &changes.tasks).await?;
        self.frame = Some(frame);
        self.last_skip = None;
        self.last_failure = None;
        Ok(Stored {
            wants_recheck: changes.recheck,
            assessed,
            mess,
            changes: changes.tasks,
        })
    }

    /// Shows and emits what an assessment came to.
    pub fn show_assessment(&self, stored: Stored) {
        self.publish();
        self.bus.emit(stored.assessed);
        if !stored.mess.tasks.is_empty() {
            self.bus.emit(stored.mess);
        }
        self.emit_changes(stored.changes);
    }

    /// A check that had to pass the gate and did so before it was time anyway: the room looks different.
    fn has_scene_changed(&self, assessment: &Assessment) -> bool {
        let is_time_anyway = self.record.last_assessed.is_none_or(|last| {
            let passed = assessment.at.duration_since(last);
            Duration::try_from(passed).is_ok_and(|passed| passed >= self.zone.reassess_after)
        });
        !assessment.trigger.passes_the_gate() && !is_time_anyway
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_near_its_threshold_does_not_go_back_and_forth() {
        let threshold = Score::new(70).unwrap();
        let needs =
            |score: u8, before| needs_cleaning(Score::new(score).unwrap(), threshold, before);

        assert!(needs(69, None) && needs(69, Some(false)));
        assert!(needs(74, Some(true)), "still");
        assert!(!needs(75, Some(true)) && !needs(70, Some(false)) && !needs(70, None));
        assert!(!needs_cleaning(Score::TIDY, Score::TIDY, Some(true)));
    }
}
