//! How alike two wordings are, in any language: texts to words, words compared as sets.

mod cut;
mod vocabulary;

use cut::raw_words;
use vocabulary::{MEANINGS, weight};

/// A word and how much it says.
#[derive(Debug, Clone)]
struct Word {
    text: String,
    weight: f64,
}

/// A text as words, made once and compared often.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The words that say something, each once; all words, if none does.
    telling: Vec<Word>,
    /// What the text answers to the questions of the vocabulary: question and answer.
    answers: Vec<(usize, usize)>,
    /// The numbers that name something.
    numbers: Vec<String>,
}

impl Words {
    /// The words of `text`.
    pub fn of(text: &str) -> Self {
        let (mut words, mut fillers) = (Self::default(), Vec::new());
        for text in raw_words(text) {
            let meaning = MEANINGS.get(text.as_str());
            words
                .answers
                .extend(meaning.iter().flat_map(|meaning| &meaning.answers));
            if text.chars().all(char::is_numeric) {
                words.numbers.push(text.clone());
            }
            let word = Word {
                weight: weight(meaning),
                text,
            };
            match meaning.is_some_and(|meaning| meaning.is_filler) {
                true => fillers.push(word),
                false => words.telling.push(word),
            }
        }
        if words.telling.is_empty() {
            words.telling = fillers;
        }
        words.telling.sort_by(|a, b| a.text.cmp(&b.text));
        words.telling.dedup_by(|a, b| a.text == b.text);
        words.answers.sort_unstable();
        words.answers.dedup();
        words
    }

    /// Whether a word of each says, by itself, that they are about different things of one kind.
    pub fn opposes(&self, other: &Self) -> bool {
        if !self.numbers.is_empty() && !other.numbers.is_empty() && self.numbers != other.numbers {
            return true;
        }
        let to = |words: &Self, question: usize| -> Vec<usize> {
            words
                .answers
                .iter()
                .filter(|(asked, _)| *asked == question)
                .map(|(_, answer)| *answer)
                .collect()
        };
        self.answers.iter().any(|(question, _)| {
            let (mine, theirs) = (to(self, *question), to(other, *question));
            !theirs.is_empty() && mine.iter().all(|answer| !theirs.contains(answer))
        })
    }
}

/// 0 (nothing in common) to 1 (the same words), regardless of case, order, punctuation and endings. Each text
/// is a title and a location: a word that the other's location explains does not speak against it, and a word
/// that both locations have counts as place, not as wording.
pub fn alikeness(a: (&Words, &Words), b: (&Words, &Words)) -> f64 {
    let (place_a, place_b) = (&a.1.telling, &b.1.telling);
    let is_place = |word: &str| is_among(word, place_a) && is_among(word, place_b);
    let (title_a, title_b) = (thing(a.0, is_place), thing(b.0, is_place));
    let (alike_a, missing_a) = compare(&title_a, &title_b, place_b);
    let (alike_b, missing_b) = compare(&title_b, &title_a, place_a);
    let whole = alike_a.sum + alike_b.sum + missing_a.sum + missing_b.sum;
    if whole <= 0.0 {
        let is_same = title_a
            .iter()
            .map(|word| &word.text)
            .eq(title_b.iter().map(|word| &word.text));
        return if is_same { 1.0 } else { 0.0 };
    }
    let share = (alike_a.sum + alike_b.sum) / whole;
    // When each names a thing that the other does not, they are about different things.
    if missing_a.most >= 1.0 && missing_b.most >= 1.0 {
        share.min(0.5)
    } else {
        share
    }
}

/// The words of a title that are not its place; all, if nothing is left.
fn thing(title: &Words, is_place: impl Fn(&str) -> bool) -> Vec<&Word> {
    let things: Vec<_> = title
        .telling
        .iter()
        .filter(|word| !is_place(&word.text))
        .collect();
    if things.iter().any(|word| word.weight >= 1.0) {
        things
    } else {
        title.telling.iter().collect()
    }
}

fn is_among(word: &str, words: &[Word]) -> bool {
    words.iter().any(|other| alike(word, &other.text) >= 0.75)
}

/// [`alikeness`] of texts: titles and locations.
pub fn wording(a: (&str, &str), b: (&str, &str)) -> f64 {
    alikeness(
        (&Words::of(a.0), &Words::of(a.1)),
        (&Words::of(b.0), &Words::of(b.1)),
    )
}

/// [`Words::opposes`] of texts.
pub fn opposed(a: &str, b: &str) -> bool {
    Words::of(a).opposes(&Words::of(b))
}

/// Whether all things that `rule` names are in `text`; an empty rule names nothing and is in no text.
pub fn contains(text: &str, rule: &str) -> bool {
    let (text, rule) = (Words::of(text), Words::of(rule));
    let named: Vec<_> = rule
        .telling
        .iter()
        .filter(|word| word.weight >= 1.0)
        .collect();
    !named.is_empty() && named.iter().all(|word| is_among(&word.text, &text.telling))
}

#[derive(Default)]
struct Weighed {
    sum: f64,
    most: f64,
}

/// How much of `words` is in `others`, and how much is neither there nor in `place`.
fn compare(words: &[&Word], others: &[&Word], place: &[Word]) -> (Weighed, Weighed) {
    let (mut there, mut missing) = (Weighed::default(), Weighed::default());
    for Word { text, weight } in words {
        let found = others
            .iter()
            .map(|other| alike(text, &other.text))
            .fold(0.0, f64::max);
        there.sum += weight * found;
        if found < 0.5 && is_among(text, place) {
            continue;
        }
        missing.sum += weight * (1.0 - found);
        if found < 0.5 {
            missing.most = missing.most.max(*weight);
        }
    }
    (there, missing)
}

/// 1 for the same word; less for one with another ending ("cup", "cups") or before it ("Kaffeetasse",
/// "Tasse"); 0 for another word.
#[expect(clippy::cast_precision_loss, reason = "lengths of words are small")]
fn alike(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    // Neither another ending nor another beginning.
    let (first_a, first_b) = (a.chars().next(), b.chars().next());
    let (last_a, last_b) = (a.chars().next_back(), b.chars().next_back());
    if first_a != first_b && last_a != last_b {
        return 0.0;
    }
    let (length_a, length_b) = (a.chars().count(), b.chars().count());
    let (shorter, longer) = (length_a.min(length_b), length_a.max(length_b));
    let prefix = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let share = prefix as f64 / longer as f64;
    if prefix >= 3 && share >= 0.6 {
        return if share >= 0.7 { 0.9 } else { share };
    }
    let (short, long) = if length_a < length_b { (a, b) } else { (b, a) };
    if shorter >= 5 && long.ends_with(short) {
        return 0.75;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(a: &str, b: &str) -> f64 {
        wording((a, ""), (b, ""))
    }

    #[test]
    fn order_case_punctuation_accents_and_small_words_do_not_count() {
        assert!((titles("Put away the cup!", "a cup: put AWAY") - 1.0).abs() < 1e-9);
        assert!((titles("Tasse wegräumen", "die Tasse wegraumen") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn other_things_are_other_words() {
        assert!(titles("Put away the cup", "Vacuum under sofa") < 0.01);
        assert!(titles("Pick up the socks", "Pick up the book") < 0.5);
        assert!(titles("Wash the dishes", "Wash the sink") <= 0.5);
    }

    #[test]
    fn endings_and_verbs_count_little() {
        assert!(titles("Put away the cups", "Take the cup away") > 0.6);
        assert!(titles("Tasse wegräumen", "Kaffeetassen wegräumen") < 0.9);
    }

    #[test]
    fn what_tells_like_things_apart_is_known_in_some_languages() {
        assert!(opposed("the left chair", "the right chair"));
        assert!(opposed("den linken Stuhl", "den rechten Stuhl"));
        assert!(opposed("Wipe shelf 2", "Wipe shelf 3"));
        assert!(opposed("Wipe shelf 2 in the pantry", "Wipe shelf 3"));
        assert!(!opposed(
            "Tidy the desk: 2 things",
            "Tidy the desk: 3 things"
        ));
        assert!(opposed("左の椅子を直す", "右の椅子を直す"));
        assert!(!opposed("the left chair", "the chair"));
        assert!(!opposed("red and blue cup", "blue cup"));
    }

    #[test]
    fn a_word_of_the_place_is_no_wording() {
        let dishes = ("Wash the dishes in the sink", "sink");
        let sink = ("Scrub the sink", "sink");
        let told = ("Pick up the toys from the rug", "");

        assert!(wording(dishes, sink) < 0.5);
        assert!(wording(told, ("Pick up the toys", "rug")) > 0.9);
    }

    #[test]
    fn how_many_there_are_makes_no_other_thing() {
        assert!((titles("Tidy the desk: 2 things", "Tidy the desk: 3 things") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn scripts_without_spaces_are_compared_too() {
        assert!(titles("床の靴下を拾う", "床の靴下を拾って") > 0.6);
        assert!(titles("床の靴下を拾う", "机の本を片付ける") < 0.3);
    }

    proptest::proptest! {
        #[test]
        fn it_is_symmetric_and_between_zero_and_one(a in "\\PC{0,60}", b in "\\PC{0,60}", c in "\\PC{0,20}", d in "\\PC{0,20}") {
            let there = wording((&a, &c), (&b, &d));

            proptest::prop_assert!((0.0..=1.0 + 1e-9).contains(&there));
            proptest::prop_assert!((there - wording((&b, &d), (&a, &c))).abs() < 1e-9);
            proptest::prop_assert!(wording((&a, &c), (&a, &c)) > 1.0 - 1e-9);
            proptest::prop_assert_eq!(opposed(&a, &b), opposed(&b, &a));
        }
    }
}
