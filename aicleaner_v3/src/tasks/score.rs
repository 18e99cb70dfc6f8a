//! The score that people are shown: it follows at once what is explained by tasks that came or went, and only
//! slowly what is not, since a model gives the same room a slightly different score each time.

use crate::model::Score;

/// The share of an unexplained difference that is taken over at one check.
const SLOWLY: f64 = 0.34;

/// The score to show after `raw`, where `shown` was shown before.
pub fn shown_score(shown: Option<Score>, raw: Score, is_explained: bool) -> Score {
    let Some(shown) = shown.filter(|_| !is_explained && raw != Score::TIDY) else {
        return raw;
    };
    let (from, to) = (f64::from(shown.get()), f64::from(raw.get()));
    let step = (to - from) * SLOWLY;
    // Always at least one point, so that it arrives.
    let step = if step > 0.0 {
        step.ceil()
    } else {
        step.floor()
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two scores, so 0 to 100"
    )]
    let next = (from + step).clamp(0.0, 100.0) as u8;
    Score::new(next).unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(value: u8) -> Score {
        Score::new(value).unwrap()
    }

    #[test]
    fn an_explained_change_is_shown_at_once() {
        assert_eq!(shown_score(Some(score(90)), score(40), true), score(40));
        assert_eq!(shown_score(None, score(40), false), score(40));
        assert_eq!(
            shown_score(Some(score(90)), Score::TIDY, false),
            Score::TIDY
        );
    }

    #[test]
    fn noise_is_damped_and_a_lasting_change_arrives() {
        let mut shown = score(80);
        shown = shown_score(Some(shown), score(70), false);
        assert_eq!(shown, score(76));

        for _ in 0..12 {
            shown = shown_score(Some(shown), score(70), false);
        }
        assert_eq!(shown, score(70));
    }
}
