//! Words of tidying in some languages: fillers, verbs, and words that tell like things apart. The words are in
//! `vocabulary.tsv`, which says how it is written.

use std::collections::HashMap;
use std::sync::LazyLock;

const VOCABULARY: &str = include_str!("vocabulary.tsv");
const VERB_WEIGHT: f64 = 0.35;

/// How much a word with this meaning says. Verbs weigh less than what is tidied.
pub fn weight(meaning: Option<&Meaning>) -> f64 {
    if meaning.is_some_and(|meaning| meaning.is_verb) {
        VERB_WEIGHT
    } else {
        1.0
    }
}

/// Whether the word says nothing by itself.
pub fn is_filler(word: &str) -> bool {
    MEANINGS.get(word).is_some_and(|meaning| meaning.is_filler)
}

/// What the vocabulary says of a word.
#[derive(Debug, Default)]
pub struct Meaning {
    /// It says nothing by itself.
    pub is_filler: bool,
    is_verb: bool,
    /// Which questions it answers and how, as numbers in the order of the vocabulary.
    pub answers: Vec<(usize, usize)>,
}

/// The vocabulary by word, so that a word is looked up once.
pub static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| meanings(VOCABULARY));

fn meanings(vocabulary: &str) -> HashMap<&str, Meaning> {
    let mut meanings: HashMap<&str, Meaning> = HashMap::new();
    let mut questions: Vec<(&str, usize)> = Vec::new();
    for (kind, words) in vocabulary.lines().filter_map(line) {
        let answer = match kind {
            "filler" | "verb" => None,
            question => Some(next_answer(&mut questions, question)),
        };
        for word in words {
            let meaning = meanings.entry(word).or_default();
            match answer {
                Some(answer) => meaning.answers.push(answer),
                None if kind == "filler" => meaning.is_filler = true,
                None => meaning.is_verb = true,
            }
        }
    }
    meanings
}

/// The kind and the words of a line, if it is no comment.
fn line(line: &str) -> Option<(&str, std::str::SplitWhitespace<'_>)> {
    let mut columns = line.split('\t');
    let (kind, _group, words) = (columns.next()?, columns.next()?, columns.next()?);
    Some((kind, words.split_whitespace()))
}

/// The numbers of a question and of its next answer.
fn next_answer<'a>(questions: &mut Vec<(&'a str, usize)>, question: &'a str) -> (usize, usize) {
    let known = questions.iter().position(|(known, _)| *known == question);
    let at = known.unwrap_or_else(|| {
        questions.push((question, 0));
        questions.len() - 1
    });
    let answer = questions[at].1;
    questions[at].1 += 1;
    (at, answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_comment_or_has_three_columns() {
        for text in VOCABULARY.lines() {
            let is_comment = text.is_empty() || text.starts_with('#');
            let columns = text.split('\t').count();
            assert!(is_comment != (columns == 3), "{text}");
        }
    }

    #[test]
    fn a_word_is_a_filler_a_verb_or_an_answer() {
        let meanings = meanings(
            "# none\nfiller\ten\tthe of\nverb\ten\tput\nside\tleft\tleft\nside\tright\tright put\n",
        );

        assert!(meanings["the"].is_filler && meanings["put"].is_verb);
        assert_eq!(meanings["left"].answers, [(0, 0)]);
        assert_eq!(meanings["put"].answers, [(0, 1)]);
        assert_eq!(meanings.len(), 5);
    }
}
