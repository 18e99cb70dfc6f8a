//! How alike two wordings are: texts to words, words compared as sets.

use std::collections::BTreeSet;

/// 0 (no word in common) to 1 (the same words), regardless of case, order and punctuation, in any script
/// that separates words.
pub fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    let either = a.union(&b).count();
    if either == 0 {
        return 1.0;
    }
    let both = a.intersection(&b).count();
    // A task has far fewer words than 2^52.
    #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
    let share = both as f64 / either as f64;
    share
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_case_and_punctuation_do_not_count() {
        assert!((similarity("Put away the cup!", "the cup: put AWAY") - 1.0).abs() < 1e-9);
        assert!((similarity("Tasse wegräumen", "wegräumen, Tasse") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn other_words_make_it_less() {
        assert!(similarity("Put away the cup", "Vacuum under sofa") < 0.01);
        assert!(similarity("Straighten the left chair", "Straighten the right chair") < 0.8);
    }

    proptest::proptest! {
        #[test]
        fn it_is_symmetric_and_between_zero_and_one(a in "\\PC{0,60}", b in "\\PC{0,60}") {
            let there = similarity(&a, &b);

            proptest::prop_assert!((0.0..=1.0).contains(&there));
            proptest::prop_assert!((there - similarity(&b, &a)).abs() < 1e-12);
        }
    }
}
