//! How alike two wordings are, in any language: texts to words, words compared as sets. The lists below only
//! sharpen the comparison where a language is in them; nothing depends on it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Words that say nothing by themselves.
const FILLERS: &[&str] = &[
    // English
    "the", "a", "an", "of", "on", "in", "at", "to", "from", "off", "up", "by", "and", "with", "for",
    "into", "onto", "out", "some", "all", "that", "is", "are", "it", "its", "under", "next",
    "near", "over", "away", "back", "lying", "around", "down", "them", "this", "there",
    // German
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "auf", "im",
    "am", "an", "in", "vom", "von", "zum", "zur", "und", "mit", "aus", "bei", "beim", "ins",
    "unter", "neben", "uber", "weg", // French
    "le", "la", "les", "un", "une", "des", "du", "de", "au", "aux", "sur", "dans", "sous", "et",
    "en", "l", "d", "pres", "sa", "son", // Spanish, Italian, Portuguese
    "el", "los", "las", "del", "al", "y", "con", "una", "il", "lo", "gli", "i", "della", "dello",
    "dal", "dalla", "nel", "nella", "sul", "sulla", "di", "e", "o", "os", "as", "do", "da", "dos",
    "no", "na", "nos", "nas", "um", "uma", "ao", "que", "por", "para", "che",
    // Dutch, Swedish, Polish
    "het", "een", "op", "van", "naar", "bij", "onder", "te", "och", "pa", "i", "till", "fran", "z",
    "ze", "w", "we", "do", "pod", "przy", "po",
];

/// Verbs of tidying: many of them mean the same, so they weigh less than what is tidied.
const VERBS: &[&str] = &[
    "put",
    "pick",
    "take",
    "bring",
    "tidy",
    "clear",
    "move",
    "place",
    "store",
    "remove",
    "collect",
    "gather",
    "return",
    "get",
    "clean",
    "wipe",
    "straighten",
    "throw",
    "hang",
    "raum",
    "raume",
    "raumen",
    "wegraumen",
    "aufraumen",
    "leg",
    "lege",
    "legen",
    "bring",
    "bringe",
    "bringen",
    "stell",
    "stelle",
    "stellen",
    "nimm",
    "heb",
    "hebe",
    "aufheben",
    "wisch",
    "wische",
    "wischen",
    "abwischen",
    "putzen",
    "reinigen",
    "saubern",
    "entfernen",
    "einsammeln",
    "weglegen",
    "wegbringen",
    "ranger",
    "ramasser",
    "mettre",
    "enlever",
    "nettoyer",
    "essuyer",
    "debarrasser",
    "rapporter",
    "retirer",
    "recoger",
    "guardar",
    "poner",
    "quitar",
    "limpiar",
    "llevar",
    "ordenar",
    "retirar",
    "pasar",
    "raccogliere",
    "mettere",
    "portare",
    "pulire",
    "riordinare",
    "sistemare",
    "togliere",
    "rimuovere",
    "arrumar",
    "limpar",
    "apanhar",
    "guardar",
    "levar",
    "tirar",
    "opruimen",
    "oprapen",
    "leg",
    "zet",
    "breng",
    "schoonmaken",
    "afvegen",
    "ruim",
    "pak",
    "plocka",
    "ställ",
    "stall",
    "lägg",
    "lagg",
    "torka",
    "stada",
    "sprzatnij",
    "podnies",
    "odloz",
    "wytrzyj",
    "posprzataj",
    "zabierz",
];
const VERB_WEIGHT: f64 = 0.35;

/// Words that tell like things apart. Each row is one question; each group in it one answer to it.
const TELLING: &[&[&[&str]]] = &[
    &[
        &[
            "left",
            "links",
            "linke",
            "linken",
            "linker",
            "linkes",
            "gauche",
            "izquierda",
            "izquierdo",
            "sinistra",
            "sinistro",
            "esquerda",
            "esquerdo",
            "linker",
            "vanster",
            "vanstra",
            "lewy",
            "lewa",
            "lewe",
            "lewej",
            "左",
        ],
        &[
            "right", "rechts", "rechte", "rechten", "rechter", "rechtes", "droite", "droit",
            "derecha", "derecho", "destra", "destro", "direita", "direito", "hoger", "hogra",
            "prawy", "prawa", "prawe", "prawej", "右",
        ],
    ],
    &[
        &[
            "upper",
            "top",
            "obere",
            "oberen",
            "oberer",
            "oberes",
            "haut",
            "superior",
            "superiore",
            "bovenste",
            "ovre",
            "gorny",
            "gorna",
            "上",
        ],
        &[
            "lower",
            "bottom",
            "untere",
            "unteren",
            "unterer",
            "unteres",
            "bas",
            "inferior",
            "inferiore",
            "onderste",
            "nedre",
            "dolny",
            "dolna",
            "下",
        ],
        &[
            "middle",
            "mittlere",
            "mittleren",
            "milieu",
            "medio",
            "mezzo",
            "middelste",
            "mitten",
        ],
    ],
    &[
        &[
            "front",
            "vordere",
            "vorderen",
            "devant",
            "delantera",
            "delantero",
            "anteriore",
            "voorste",
            "framre",
        ],
        &[
            "rear",
            "hintere",
            "hinteren",
            "arriere",
            "trasera",
            "trasero",
            "posteriore",
            "achterste",
            "bakre",
        ],
    ],
    &[
        &[
            "first", "erste", "ersten", "premier", "premiere", "primero", "primera", "primo",
            "prima", "primeiro", "eerste",
        ],
        &[
            "second", "zweite", "zweiten", "deuxieme", "segundo", "segunda", "secondo", "seconda",
            "tweede",
        ],
        &[
            "third",
            "dritte",
            "dritten",
            "troisieme",
            "tercero",
            "tercera",
            "terzo",
            "terza",
            "derde",
        ],
    ],
    &[
        &[
            "red", "rot", "rote", "roten", "rotes", "roter", "rouge", "rouges", "rojo", "roja",
            "rojos", "rojas", "rosso", "rossa", "rood", "rode", "rod", "roda", "vermelho",
            "vermelha", "czerwony", "czerwona",
        ],
        &[
            "blue",
            "blau",
            "blaue",
            "blauen",
            "blaues",
            "blauer",
            "bleu",
            "bleue",
            "bleus",
            "azul",
            "azules",
            "blu",
            "blauw",
            "blauwe",
            "bla",
            "niebieski",
            "niebieska",
        ],
        &[
            "green", "grun", "grune", "grunen", "grunes", "vert", "verte", "verts", "verde",
            "verdes", "verdi", "groen", "groene", "gron", "grona", "zielony", "zielona",
        ],
        &[
            "white", "weiss", "weisse", "weissen", "weisses", "weiße", "weißen", "weiß", "blanc",
            "blanche", "blanco", "blanca", "bianco", "bianca", "wit", "witte", "vit", "vita",
            "branco", "branca", "bialy", "biala",
        ],
        &[
            "black",
            "schwarz",
            "schwarze",
            "schwarzen",
            "schwarzes",
            "noir",
            "noire",
            "negro",
            "negra",
            "nero",
            "nera",
            "zwart",
            "zwarte",
            "svart",
            "svarta",
            "preto",
            "preta",
            "czarny",
            "czarna",
        ],
        &[
            "yellow", "gelb", "gelbe", "gelben", "gelbes", "jaune", "amarillo", "amarilla",
            "giallo", "gialla", "geel", "gele", "gul", "gula", "amarelo", "amarela",
        ],
        &[
            "brown", "braun", "braune", "braunen", "marron", "marrone", "bruin", "bruine", "brun",
            "bruna",
        ],
        &[
            "grey", "gray", "grau", "graue", "grauen", "gris", "grigio", "grigia", "grijs",
            "grijze", "gra", "graa", "cinzento",
        ],
    ],
    &[
        &[
            "big", "large", "grosse", "grossen", "großen", "große", "grand", "grande", "groot",
            "grote", "stor", "stora",
        ],
        &[
            "small", "little", "kleine", "kleinen", "petit", "petite", "pequeno", "pequena",
            "piccolo", "piccola", "klein", "liten", "lilla",
        ],
    ],
];

/// A text as words, made once and compared often.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The words that say something, each once; all words, if none does.
    telling: Vec<String>,
    /// What the text answers to the questions of [`TELLING`]: question and answer.
    answers: Vec<(usize, usize)>,
    /// The numbers that name something.
    numbers: Vec<String>,
}

impl Words {
    /// The words of `text`.
    pub fn of(text: &str) -> Self {
        let raw = raw_words(text);
        let mut answers: Vec<_> = raw
            .iter()
            .filter_map(|word| MEANINGS.get(word.as_str()))
            .flat_map(|meaning| meaning.answers.iter().copied())
            .collect();
        answers.sort_unstable();
        answers.dedup();
        let numbers = raw
            .iter()
            .filter(|word| word.chars().all(char::is_numeric))
            .cloned()
            .collect();
        Self {
            telling: telling(raw),
            answers,
            numbers,
        }
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
    let is_place = |word: &str| {
        place_a.iter().any(|other| alike(word, other) >= 0.75)
            && place_b.iter().any(|other| alike(word, other) >= 0.75)
    };
    let (title_a, title_b) = (thing(a.0, is_place), thing(b.0, is_place));
    let (alike_a, missing_a) = compare(&title_a, &title_b, place_b);
    let (alike_b, missing_b) = compare(&title_b, &title_a, place_a);
    let whole = alike_a.sum + alike_b.sum + missing_a.sum + missing_b.sum;
    if whole <= 0.0 {
        return if title_a == title_b { 1.0 } else { 0.0 };
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
fn thing(title: &Words, is_place: impl Fn(&str) -> bool) -> Vec<&str> {
    let all = || title.telling.iter().map(String::as_str);
    let things: Vec<_> = all().filter(|word| !is_place(word)).collect();
    if things.iter().any(|word| weight(word) >= 1.0) {
        things
    } else {
        all().collect()
    }
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
        .filter(|word| weight(word) >= 1.0)
        .collect();
    !named.is_empty()
        && named
            .iter()
            .all(|word| text.telling.iter().any(|other| alike(word, other) >= 0.75))
}

#[derive(Default)]
struct Weighed {
    sum: f64,
    most: f64,
}

/// How much of `words` is in `others`, and how much is neither there nor in `place`.
fn compare(words: &[&str], others: &[&str], place: &[String]) -> (Weighed, Weighed) {
    let (mut there, mut missing) = (Weighed::default(), Weighed::default());
    for word in words {
        let weight = weight(word);
        let found = others
            .iter()
            .map(|other| alike(word, other))
            .fold(0.0, f64::max);
        there.sum += weight * found;
        if found < 0.5 && place.iter().any(|other| alike(word, other) >= 0.75) {
            continue;
        }
        missing.sum += weight * (1.0 - found);
        if found < 0.5 {
            missing.most = missing.most.max(weight);
        }
    }
    (there, missing)
}

fn weight(word: &str) -> f64 {
    if MEANINGS.get(word).is_some_and(|meaning| meaning.is_verb) {
        VERB_WEIGHT
    } else {
        1.0
    }
}

fn is_filler(word: &str) -> bool {
    MEANINGS.get(word).is_some_and(|meaning| meaning.is_filler)
}

/// What the lists above say of a word.
#[derive(Debug, Default)]
struct Meaning {
    is_filler: bool,
    is_verb: bool,
    answers: Vec<(usize, usize)>,
}

/// The lists above by word, so that a word is looked up once.
static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
    let mut meanings: HashMap<&str, Meaning> = HashMap::new();
    for word in FILLERS {
        meanings.entry(word).or_default().is_filler = true;
    }
    for word in VERBS {
        meanings.entry(word).or_default().is_verb = true;
    }
    for (question, groups) in TELLING.iter().enumerate() {
        for (answer, group) in groups.iter().enumerate() {
            for word in *group {
                meanings
                    .entry(word)
                    .or_default()
                    .answers
                    .push((question, answer));
            }
        }
    }
    meanings
});

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

fn telling(raw: Vec<String>) -> Vec<String> {
    let mut telling: Vec<_> = raw
        .iter()
        .filter(|word| !is_filler(word))
        .cloned()
        .collect();
    if telling.is_empty() {
        telling = raw;
    }
    telling.sort();
    telling.dedup();
    telling
}

/// Lower case, without accents; scripts without spaces are cut into pairs of characters.
fn raw_words(text: &str) -> Vec<String> {
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
    without_counts(&found)
}

/// A number before a word says how many there are ("2 things"), which may change; one that ends a thought names
/// a thing ("shelf 2").
fn without_counts(words: &[String]) -> Vec<String> {
    let is_number = |word: &str| word.chars().all(char::is_numeric);
    let mut rest = words.iter().peekable();
    let mut kept = Vec::with_capacity(words.len());
    while let Some(word) = rest.next() {
        let counts = rest
            .peek()
            .is_some_and(|next| !is_number(next) && !is_filler(next));
        if !(is_number(word) && counts) {
            kept.push(word.clone());
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
