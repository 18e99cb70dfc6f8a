//! What notifications say: one table, each text in every language and, where people are spoken to, in every tone.
//! `{zone}` and `{count}` are put in.

use super::Text;

/// One text in every tone: plain, friendly, butler, coach.
pub type InTones = [Text; 4];

/// A mess was found; the tasks follow, one a line.
pub const MESS: InTones = [
    Text::new(
        "To tidy up: {count}.",
        "Aufzuräumen: {count}.",
        "À ranger : {count}.",
        "Por ordenar: {count}.",
        "Op te ruimen: {count}.",
    ),
    Text::new(
        "Hi! {zone} could use a hand. To do: {count}.",
        "Hallo! {zone} könnte etwas Hilfe brauchen. Zu tun: {count}.",
        "Coucou ! {zone} aurait besoin d'un coup de main. À faire : {count}.",
        "¡Hola! A {zone} le vendría bien una mano. Por hacer: {count}.",
        "Hoi! {zone} kan wat hulp gebruiken. Te doen: {count}.",
    ),
    Text::new(
        "If I may: {zone} awaits your kind attention. Matters at hand: {count}.",
        "Wenn ich darauf hinweisen darf: {zone} erwartet Ihre Aufmerksamkeit. Anliegen: {count}.",
        "Si je puis me permettre : {zone} attend votre attention. Points à régler : {count}.",
        "Si me permite: {zone} aguarda su amable atención. Asuntos: {count}.",
        "Als ik zo vrij mag zijn: {zone} vraagt om uw aandacht. Punten: {count}.",
    ),
    Text::new(
        "Let's go! Quick wins waiting in {zone}: {count}.",
        "Los geht's! Schnelle Erfolge in {zone}: {count}.",
        "C'est parti ! Victoires rapides à prendre, {zone} : {count}.",
        "¡Vamos! Logros rápidos te esperan en {zone}: {count}.",
        "Kom op! Snelle successen in {zone}: {count}.",
    ),
];

/// Nothing is left to do.
pub const TIDY: InTones = [
    Text::new(
        "All tidy.",
        "Alles aufgeräumt.",
        "Tout est rangé.",
        "Todo ordenado.",
        "Alles is opgeruimd.",
    ),
    Text::new(
        "All tidy. {zone} looks lovely, thank you!",
        "Alles aufgeräumt. {zone} sieht toll aus, danke!",
        "Tout est rangé. {zone} est superbe, merci !",
        "Todo ordenado. {zone} está precioso, ¡gracias!",
        "Alles opgeruimd. {zone} ziet er heerlijk uit, bedankt!",
    ),
    Text::new(
        "{zone} is in perfect order once more.",
        "{zone} ist wieder in bester Ordnung.",
        "{zone} est de nouveau en ordre parfait.",
        "{zone} vuelve a estar en perfecto orden.",
        "{zone} is weer volmaakt op orde.",
    ),
    Text::new(
        "Done! {zone} is all tidy. Great work!",
        "Geschafft! {zone} ist aufgeräumt. Starke Leistung!",
        "Bravo ! {zone} est rangé. Beau travail !",
        "¡Hecho! {zone} está en orden. ¡Gran trabajo!",
        "Gelukt! {zone} is opgeruimd. Goed gedaan!",
    ),
];

/// How all zones stand; one line each follows.
pub const DIGEST: InTones = [
    Text::new(
        "Still to do: {count}.",
        "Noch zu tun: {count}.",
        "Reste à faire : {count}.",
        "Queda por hacer: {count}.",
        "Nog te doen: {count}.",
    ),
    Text::new(
        "Here is how your home looks today. Still to do: {count}.",
        "So sieht es heute bei Ihnen aus. Noch zu tun: {count}.",
        "Voici où en est la maison aujourd'hui. Reste à faire : {count}.",
        "Así está hoy la casa. Queda por hacer: {count}.",
        "Zo staat het huis er vandaag voor. Nog te doen: {count}.",
    ),
    Text::new(
        "Your daily report, if you please. Outstanding: {count}.",
        "Ihr täglicher Bericht, wenn es beliebt. Offen: {count}.",
        "Votre rapport du jour, s'il vous plaît. En attente : {count}.",
        "Su informe diario, si le place. Pendiente: {count}.",
        "Uw dagelijkse verslag, als het u belieft. Openstaand: {count}.",
    ),
    Text::new(
        "Day's score! Still on the board: {count}.",
        "Tagesstand! Noch auf der Tafel: {count}.",
        "Le point du jour ! Encore au tableau : {count}.",
        "¡Marcador del día! Aún en la pizarra: {count}.",
        "De stand van de dag! Nog op het bord: {count}.",
    ),
];

/// The digest of a home where nothing is open.
pub const DIGEST_TIDY: InTones = [
    Text::new(
        "Nothing to do.",
        "Nichts zu tun.",
        "Rien à faire.",
        "Nada que hacer.",
        "Niets te doen.",
    ),
    Text::new(
        "Nothing to do today. Enjoy it!",
        "Heute ist nichts zu tun. Viel Freude damit!",
        "Rien à faire aujourd'hui. Profitez-en !",
        "Hoy no hay nada que hacer. ¡A disfrutar!",
        "Vandaag niets te doen. Geniet ervan!",
    ),
    Text::new(
        "I am pleased to report that all is in order.",
        "Ich darf melden, dass alles in Ordnung ist.",
        "J'ai le plaisir de vous annoncer que tout est en ordre.",
        "Me complace informarle de que todo está en orden.",
        "Ik meld met genoegen dat alles op orde is.",
    ),
    Text::new(
        "Perfect score: nothing to do. Keep it up!",
        "Volle Punktzahl: nichts zu tun. Weiter so!",
        "Score parfait : rien à faire. Continuez !",
        "Puntuación perfecta: nada que hacer. ¡Sigue así!",
        "Perfecte score: niets te doen. Hou vol!",
    ),
];

/// After a task's title: how long it takes, in `{count}` minutes.
pub const MINUTES: Text = Text::new(
    "{count} min",
    "{count} Min.",
    "{count} min",
    "{count} min",
    "{count} min",
);

/// After the tasks that are named: how many more there are.
pub const MORE: Text = Text::new(
    "and {count} more",
    "und {count} weitere",
    "et {count} de plus",
    "y {count} más",
    "en nog {count}",
);

/// The button that asks for a check.
pub const ASSESS_AGAIN: Text = Text::new(
    "Assess again",
    "Noch einmal ansehen",
    "Réévaluer",
    "Evaluar otra vez",
    "Opnieuw bekijken",
);
/// The button that says that all of it is done.
pub const DONE: Text = Text::new("Done", "Erledigt", "Fait", "Hecho", "Klaar");
/// The button that says that none of it is to be done.
pub const DISMISS: Text = Text::new("Dismiss", "Verwerfen", "Ignorer", "Descartar", "Negeren");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    const LANGUAGES: [Language; 5] = [
        Language::English,
        Language::German,
        Language::French,
        Language::Spanish,
        Language::Dutch,
    ];

    #[test]
    fn each_text_has_its_places_in_every_language_and_tone() {
        for (texts, places) in [
            (MESS, &["{count}"][..]),
            (DIGEST, &["{count}"]),
            (TIDY, &[]),
            (DIGEST_TIDY, &[]),
            ([MINUTES, MORE, MINUTES, MORE], &["{count}"]),
        ] {
            for language in LANGUAGES {
                for text in texts {
                    let text = text.in_language(language);
                    for place in places {
                        assert!(text.contains(place), "{text}");
                    }
                    let rest = text.replace("{count}", "").replace("{zone}", "");
                    assert!(!rest.contains(['{', '}']) && !rest.is_empty(), "{text}");
                }
            }
        }
    }

    #[test]
    fn each_tone_speaks_in_its_own_way() {
        for language in LANGUAGES {
            for texts in [MESS, TIDY, DIGEST, DIGEST_TIDY] {
                let said: std::collections::BTreeSet<_> = texts
                    .iter()
                    .map(|text| text.in_language(language))
                    .collect();
                assert_eq!(said.len(), 4);
            }
        }
    }
}
