//! Which way a zone's score goes. Pure.

use serde::{Deserialize, Serialize};

use super::Score;

/// So many scores before the last one are what it is compared with.
const MOST: usize = 6;
/// A smaller difference, in points, is none.
const NOTICEABLE: i32 = 5;

/// Which way the score goes. The words are the states of an enum entity: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Tidier than before.
    Improving,
    /// About the same.
    Steady,
    /// Less tidy than before.
    Worsening,
}

impl Trend {
    /// All of them, in the order of the enum entity's options.
    pub const ALL: [Self; 3] = [Self::Improving, Self::Steady, Self::Worsening];

    /// The word that stands for it in entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Improving => "improving",
            Self::Steady => "steady",
            Self::Worsening => "worsening",
        }
    }
}

/// The last scores that were shown, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scores(Vec<Score>);

impl Scores {
    /// With one more.
    #[must_use]
    pub fn and(&self, score: Score) -> Self {
        let kept = self.0.len().saturating_sub(MOST);
        let mut scores = self.0[kept..].to_vec();
        scores.push(score);
        Self(scores)
    }

    /// Where the last one lies against the average of those before; none when there are none.
    pub fn trend(&self) -> Option<Trend> {
        let (last, before) = self.0.split_last()?;
        let count = i32::try_from(before.len())
            .ok()
            .filter(|count| *count > 0)?;
        let sum: i32 = before.iter().map(|score| i32::from(score.get())).sum();
        let difference = i32::from(last.get()) * count - sum;
        Some(if difference >= NOTICEABLE * count {
            Trend::Improving
        } else if difference <= -NOTICEABLE * count {
            Trend::Worsening
        } else {
            Trend::Steady
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(scores: &[u8]) -> Option<Trend> {
        let scores = scores.iter().fold(Scores::default(), |all, score| {
            all.and(Score::new(*score).unwrap())
        });
        assert!(scores.0.len() <= MOST + 1);
        scores.trend()
    }

    #[test]
    fn the_last_score_is_compared_with_those_before() {
        assert_eq!(trend(&[]), None);
        assert_eq!(trend(&[80]), None);
        assert_eq!(trend(&[80, 83]), Some(Trend::Steady));
        assert_eq!(trend(&[80, 82, 60]), Some(Trend::Worsening));
        assert_eq!(trend(&[40, 45, 90]), Some(Trend::Improving));
    }

    #[test]
    fn what_was_long_ago_does_not_count() {
        assert_eq!(
            trend(&[0, 0, 0, 90, 90, 90, 90, 90, 90, 90]),
            Some(Trend::Steady)
        );
    }
}
