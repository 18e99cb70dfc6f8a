//! Does a provider see? Shows the test picture through the whole path, before the first room is judged and on
//! demand. A blind provider is not used.

use tokio::time::Instant;

use super::Router;
use super::call::{Job, Refusal};
use super::canary::{Canary, SHAPES, Sight};
use super::events::SightChecked;
use super::lane::Lane;
use crate::providers::{Fault, ProviderError};
use crate::store::SightRecord;

/// Calls that one check may take: the first, and tries after faults that pass.
const MOST_CALLS: u32 = 3;

/// What a check showed of one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its name.
    pub provider: String,
    /// The model or entity that was asked for.
    pub model: String,
    /// What came of it.
    pub finding: Finding,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It sees.
    Sees {
        /// Shapes that it named right.
        right: usize,
    },
    /// It answers, but does not see.
    Blind {
        /// Shapes that it named right.
        right: usize,
    },
    /// It was not asked: the budget is used up.
    NoBudget,
    /// It gave no answer.
    Failed(ProviderError),
}

impl Router {
    /// Shows every provider that asks a model a test picture now, whatever is known of it.
    pub async fn check_providers(&self) -> Vec<Checked> {
        let mut checked = Vec::with_capacity(self.lanes.len());
        for lane in self.lanes.iter().filter(|lane| lane.facts().asks_a_model) {
            let mut job = Job {
                zone: None,
                deadline: Instant::now() + self.deadline,
                calls_left: MOST_CALLS,
            };
            let finding = match self.look_at_canary(lane, &mut job, false).await {
                Ok(Sight { right }) => match (Sight { right }).sees() {
                    true => Finding::Sees { right },
                    false => Finding::Blind { right },
                },
                Err(Refusal::Cap(_)) => Finding::NoBudget,
                Err(Refusal::Failed(error)) => Finding::Failed(error),
            };
            checked.push(Checked {
                provider: lane.facts().name.clone(),
                model: lane.facts().model.clone(),
                finding,
            });
        }
        checked
    }

    /// Lets a provider through that is known to see; finds it out if that is not known.
    pub(super) async fn expect_sight(
        &self,
        lane: &Lane,
        job: &mut Job,
        is_probe: bool,
    ) -> Result<(), Refusal> {
        let blind = || ProviderError::unpaid(Fault::Blind, "it did not see the test picture");
        if !self.check_sight || !lane.facts().asks_a_model {
            return Ok(());
        }
        match lane.sees(self.clock.now()) {
            Some(true) => return Ok(()),
            Some(false) => return Err(blind().into()),
            None => {}
        }
        match self.look_at_canary(lane, job, is_probe).await?.sees() {
            true => Ok(()),
            false => Err(blind().into()),
        }
    }

    async fn look_at_canary(
        &self,
        lane: &Lane,
        job: &mut Job,
        is_probe: bool,
    ) -> Result<Sight, Refusal> {
        let facts = lane.facts();
        let canary = Canary::new(fastrand::u64(..));
        let question = canary.question(facts.picture).ok_or_else(|| {
            let why = "the test picture could not be encoded".to_owned();
            ProviderError::unpaid(Fault::Failed(why), "")
        })?;
        let zone = job.zone.take();
        let reply = self.persist(lane, &question, job, is_probe).await;
        job.zone = zone;
        let reply = reply?;
        // Who answers in prose to a picture of six shapes has not seen it, or can't follow instructions.
        let sight = canary.judge(&reply.content).map_err(|reason| {
            ProviderError::bad_answer(format!("to the test picture: {reason}"), reply.usage)
        })?;
        self.telemetry.emit(&SightChecked {
            provider: &facts.name,
            right: sight.right,
            of: SHAPES,
            sees: sight.sees(),
        });
        let record = SightRecord {
            sees: sight.sees(),
            at: self.clock.now(),
        };
        lane.set_sight(record);
        let stored = self
            .store
            .set_sight(facts.name.clone(), facts.model.clone(), record)
            .await;
        self.note(stored);
        Ok(sight)
    }
}
