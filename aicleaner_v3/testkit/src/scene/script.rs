//! What happens in a room over time: things are left about and tidied away at set moments.
//! A script only knows moments; whoever plays it says what time it is.

use std::time::Duration;

use super::room::Room;
use crate::KitError;

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A thing of the catalogue is left lying about.
    Leave(String),
    /// A thing is tidied away.
    Tidy(String),
    /// Everything is tidied away.
    TidyAll,
}

/// Steps at moments, counted from the script's start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    steps: Vec<(Duration, Step)>,
}

impl Script {
    /// A script in which nothing happens.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The room of the demo: it gets messy and is cleaned within a minute.
    #[must_use]
    pub fn within_a_minute() -> Self {
        Self::new()
            .leave(Duration::from_secs(4), "cup-on-desk")
            .leave(Duration::from_secs(4), "socks-on-floor")
            .leave(Duration::from_secs(16), "plate-on-table")
            .tidy(Duration::from_secs(30), "cup-on-desk")
            .tidy_all(Duration::from_secs(42))
    }

    /// Leaves a thing at a moment.
    #[must_use]
    pub fn leave(self, at: Duration, id: &str) -> Self {
        self.with(at, Step::Leave(id.to_owned()))
    }

    /// Tidies a thing away at a moment.
    #[must_use]
    pub fn tidy(self, at: Duration, id: &str) -> Self {
        self.with(at, Step::Tidy(id.to_owned()))
    }

    /// Tidies everything away at a moment.
    #[must_use]
    pub fn tidy_all(self, at: Duration) -> Self {
        self.with(at, Step::TidyAll)
    }

    /// The steps with their moments, in order.
    #[must_use]
    pub fn steps(&self) -> &[(Duration, Step)] {
        &self.steps
    }

    /// Plays the script in real time and tells `on_step` of each step; ends with the last.
    ///
    /// # Errors
    /// When the catalogue lacks a thing.
    pub async fn play(
        &self,
        room: &Room,
        mut on_step: impl FnMut(&Step) + Send,
    ) -> Result<(), KitError> {
        let start = tokio::time::Instant::now();
        for (at, step) in &self.steps {
            tokio::time::sleep_until(start + *at).await;
            step.take(room)?;
            on_step(step);
        }
        Ok(())
    }

    fn with(mut self, at: Duration, step: Step) -> Self {
        let place = self.steps.partition_point(|(before, _)| *before <= at);
        self.steps.insert(place, (at, step));
        self
    }
}

impl Step {
    /// Does it to a room.
    ///
    /// # Errors
    /// When the catalogue lacks the thing to leave.
    pub fn take(&self, room: &Room) -> Result<(), KitError> {
        match self {
            Self::Leave(id) => room.leave(id)?,
            Self::Tidy(id) => {
                room.tidy(id);
            }
            Self::TidyAll => room.tidy_all(),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn steps_happen_in_the_order_of_their_moments() {
        let room = Room::new("a", 1);
        let script = Script::new()
            .tidy(Duration::from_millis(2), "cup-on-desk")
            .leave(Duration::from_millis(1), "cup-on-desk")
            .leave(Duration::from_millis(3), "bag-on-sofa");
        let mut lying = Vec::new();

        let played = script.play(&room, |_| lying.push(room.truth().len())).await;

        assert!(played.is_ok());
        assert_eq!(lying, [1, 0, 1]);
    }

    #[tokio::test]
    async fn the_demo_ends_tidy_within_a_minute() {
        let room = Room::new("a", 1);
        let script = Script::within_a_minute();

        for (_, step) in script.steps() {
            step.take(&room).unwrap();
        }

        assert!(room.truth().is_empty());
        assert!(script.steps().last().unwrap().0 < Duration::from_secs(60));
    }
}
