//! Texts to words, in any script: lower case, without accents; scripts without spaces are cut where they can be.

use super::vocabulary::is_filler;

/// Lower case, without accents; scripts without spaces are cut into pairs of characters.
pub fn raw_words(text: &str) -> Vec<String> {
    // Most texts are plain, and this is done for every task at every assessment.
    if text.is_ascii() {
        let lower = text.to_ascii_lowercase();
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        let found: Vec<_> = words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        return without_counts(found);
    }
    let folded: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(fold)
        .collect();
    let mut found = Vec::new();
    for piece in folded.split(|c: char| !c.is_alphanumeric()) {
        let mut spaced = String::new();
        let mut dense: Vec<char> = Vec::new();
        for c in piece.chars() {
            if is_dense(c) {
                if !spaced.is_empty() {
                    found.push(std::mem::take(&mut spaced));
                }
                dense.push(c);
            } else {
                cut(&mut dense, &mut found);
                spaced.push(c);
            }
        }
        cut(&mut dense, &mut found);
        if !spaced.is_empty() {
            found.push(spaced);
        }
    }
    without_counts(found)
}

/// A number before a word says how many there are ("2 things"), which may change; one that ends a thought names
/// a thing ("shelf 2").
fn without_counts(words: Vec<String>) -> Vec<String> {
    let is_number = |word: &str| word.chars().all(char::is_numeric);
    if !words.iter().any(|word| is_number(word)) {
        return words;
    }
    let mut rest = words.into_iter().peekable();
    let mut kept = Vec::new();
    while let Some(word) = rest.next() {
        let counts = rest
            .peek()
            .is_some_and(|next| !is_number(next) && !is_filler(next));
        if !(is_number(&word) && counts) {
            kept.push(word);
        }
    }
    kept
}

/// Text without spaces as words: where the script changes, a word ends. Kana that only bind words together are
/// left out; long runs, whose words can't be told apart, are cut into pairs of characters.
fn cut(dense: &mut Vec<char>, found: &mut Vec<String>) {
    for run in dense.chunk_by(|a, b| Script::of(*a) == Script::of(*b)) {
        let script = run.first().map(|c| Script::of(*c));
        let run = if script == Some(Script::Hiragana) {
            bare(run)
        } else {
            run
        };
        match (script, run.len()) {
            (Some(Script::Hiragana), 0..=2) | (_, 0) => {}
            (Some(Script::Katakana | Script::Hiragana), _) | (_, 1..=3) => {
                found.push(run.iter().collect());
            }
            _ => found.extend(run.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    dense.clear();
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Hiragana,
    Katakana,
    Other,
}

impl Script {
    fn of(c: char) -> Self {
        match c {
            '\u{3040}'..='\u{309F}' => Self::Hiragana,
            '\u{30A0}'..='\u{30FF}' => Self::Katakana,
            _ => Self::Other,
        }
    }
}

/// Hiragana without the particles at its ends.
fn bare(run: &[char]) -> &[char] {
    const PARTICLES: [char; 9] = ['の', 'を', 'に', 'が', 'は', 'で', 'と', 'へ', 'も'];
    let mut run = run;
    while let [first, rest @ ..] = run
        && PARTICLES.contains(first)
    {
        run = rest;
    }
    while let [rest @ .., last] = run
        && PARTICLES.contains(last)
    {
        run = rest;
    }
    run
}

/// Han, kana, Thai, Lao, Khmer: scripts that do not put spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// The letter without its accent; none for a combining accent.
fn fold(c: char) -> Option<char> {
    Some(match c {
        '\u{0300}'..='\u{036F}' => return None,
        'à'..='å' | 'ą' | 'ā' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ę' | 'ė' | 'ē' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ő' => 'o',
        'ś' | 'š' => 's',
        'ù'..='ü' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    })
}
