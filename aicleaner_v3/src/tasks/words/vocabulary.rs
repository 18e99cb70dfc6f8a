//! Words of tidying in some languages: fillers, verbs, and words that tell like things apart. They only sharpen the
//! comparison where a language is in them; nothing depends on it.

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

/// How much a word with this meaning says.
pub fn weight(meaning: Option<&Meaning>) -> f64 {
    if meaning.is_some_and(|meaning| meaning.is_verb) {
        VERB_WEIGHT
    } else {
        1.0
    }
}

pub fn is_filler(word: &str) -> bool {
    MEANINGS.get(word).is_some_and(|meaning| meaning.is_filler)
}

/// What the lists above say of a word.
#[derive(Debug, Default)]
pub struct Meaning {
    /// It says nothing by itself.
    pub is_filler: bool,
    is_verb: bool,
    /// Question and answer, as places in [`TELLING`].
    pub answers: Vec<(usize, usize)>,
}

/// The lists above by word, so that a word is looked up once.
pub static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
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
