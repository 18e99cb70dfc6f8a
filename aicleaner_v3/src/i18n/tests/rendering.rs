//! Texts as people read them: plurals, English for what is missing, no mark or argument left over.

use crate::i18n::messages;
use crate::i18n::texts::in_language;
use crate::i18n::{Language, Message, Texts, error, log_remedy, refusal, skip};
use crate::model::{Code, CommandRefusal, Deployment, EntityId, Reason, SkipReason};

const DEPLOYMENTS: [Deployment; 3] = [
    Deployment::App,
    Deployment::Container,
    Deployment::Standalone,
];

/// The languages of the product.
fn languages() -> impl Iterator<Item = Language> {
    Language::ALL.iter().copied().take(5)
}

#[test]
fn counts_follow_the_plural_rules_of_each_language() {
    let expected = [
        (
            Language::English,
            ["0 zones", "1 zone", "1.5 zones", "2 zones"],
        ),
        (
            Language::German,
            ["0 zones", "1 zone", "1,5 zones", "2 zones"],
        ),
        // In French, all below two is singular.
        (
            Language::French,
            ["0 zone", "1 zone", "1,5 zone", "2 zones"],
        ),
        (
            Language::Spanish,
            ["0 zones", "1 zone", "1,5 zones", "2 zones"],
        ),
        (
            Language::Dutch,
            ["0 zones", "1 zone", "1,5 zones", "2 zones"],
        ),
    ];
    let source = "zones =\n    { $count ->\n        [one] { $count } zone\n       *[other] { $count } zones\n    }\n";

    for (language, expected) in expected {
        let texts = Texts::from_source(language, source);
        let read = |count: f64| texts.render(&Message::of("zones").number("count", count));

        assert_eq!([0.0, 1.0, 1.5, 2.0].map(read), expected, "{language:?}");
    }
}

#[test]
fn minutes_of_items_are_counted_in_every_language() {
    let expected = [
        (Language::English, "About 1 minute.", "About 5 minutes."),
        (Language::German, "Etwa 1 Minute.", "Etwa 5 Minuten."),
        (Language::French, "Environ 1 minute.", "Environ 5 minutes."),
        (
            Language::Spanish,
            "Aproximadamente 1 minuto.",
            "Aproximadamente 5 minutos.",
        ),
        (Language::Italian, "Circa 1 minuto.", "Circa 5 minuti."),
        (Language::Dutch, "Ongeveer 1 minuut.", "Ongeveer 5 minuten."),
        (
            Language::Portuguese,
            "Cerca de 1 minuto.",
            "Cerca de 5 minutos.",
        ),
        (Language::Swedish, "Ungefär 1 minut.", "Ungefär 5 minuter."),
        (Language::Danish, "Cirka 1 minut.", "Cirka 5 minutter."),
        (Language::Polish, "Około 1 min.", "Około 5 min."),
    ];

    for (language, one, five) in expected {
        let read =
            |count: u16| in_language(language, &messages::item_minutes(count), None).unwrap();

        assert_eq!((read(1).as_str(), read(5).as_str()), (one, five));
    }
}

#[test]
fn what_a_language_lacks_is_read_in_english() {
    let texts = Texts::from_source(Language::German, "entity-trend = Tendenz\n");

    assert_eq!(texts.render(&messages::entity_trend()), "Tendenz");
    assert_eq!(texts.render(&messages::entity_status()), "Status");
    assert_eq!(
        texts.render(&messages::notification_more(3_usize)),
        "and 3 more"
    );
    assert_eq!(texts.render(&Message::of("no-such-key")), "no-such-key");
}

#[test]
fn what_is_put_in_bears_no_marks() {
    let message = messages::notification_tidy("coach", "Küche");

    let text = Texts::new(Language::German).render(&message);

    assert_eq!(text, "Geschafft! Küche ist aufgeräumt. Starke Leistung!");
}

#[test]
fn each_tone_speaks_in_its_own_way() {
    for texts in languages().map(Texts::new) {
        let of = |tone: &str| {
            [
                messages::notification_mess(tone, "Kitchen", 2_usize),
                messages::notification_tidy(tone, "Kitchen"),
                messages::notification_digest(tone, 2_usize),
                messages::notification_digest_tidy(tone),
            ]
            .map(|message| texts.render(&message))
        };
        let said = ["plain", "friendly", "butler", "coach"].map(of);

        for at in 0..4 {
            let different: std::collections::BTreeSet<_> =
                said.iter().map(|texts| &texts[at]).collect();
            assert_eq!(different.len(), 4, "{different:?}");
        }
    }
}

#[test]
fn every_code_has_a_sentence_and_a_remedy_for_each_way_it_runs() {
    for texts in languages().map(Texts::new) {
        for code in Code::ALL {
            let bare = Reason::new(*code);
            let known = Reason {
                entity: Some(EntityId::parse("todo.chores").unwrap()),
                name: Some("gemini".to_owned()),
                ..bare.clone()
            };
            for reason in [&bare, &known] {
                let sentence = texts.reason(reason);
                assert!(
                    is_whole(&sentence) && !sentence.contains("none"),
                    "{code}: {sentence}"
                );
                for deployment in DEPLOYMENTS {
                    let remedy = texts.remedy(reason, deployment);
                    assert!(is_whole(&remedy), "{code}: {remedy}");
                }
            }
        }
    }
}

#[test]
fn a_reason_names_its_entity_and_the_remedy_fits_the_way_it_runs() {
    let reason = Reason {
        entity: Some(EntityId::parse("todo.chores").unwrap()),
        ..Reason::new(Code::TodoListMissing)
    };
    let texts = Texts::default();

    assert_eq!(
        texts.reason(&reason),
        "The to-do list todo.chores does not exist."
    );
    let [app, container, standalone] =
        DEPLOYMENTS.map(|deployment| texts.remedy(&reason, deployment));
    assert!(
        app.contains("Settings > Apps > AICleaner > Configuration"),
        "{app}"
    );
    assert_eq!(container, standalone);
    assert_eq!(log_remedy(Code::TodoListMissing), standalone);
    assert_eq!(
        texts.render(&error(Code::TodoListMissing)),
        "The to-do list does not exist."
    );
}

#[test]
fn every_skip_reason_and_every_refusal_has_a_sentence() {
    let refusals = [
        CommandRefusal::UnknownZone,
        CommandRefusal::UnknownCamera,
        CommandRefusal::UnknownTask,
        CommandRefusal::CheckForbidden(SkipReason::Occupied),
        CommandRefusal::Busy,
        CommandRefusal::Stopping,
        CommandRefusal::NotStored(Code::DiskFull),
        CommandRefusal::Failed {
            code: Code::HomeAssistantUnreachable,
            details: String::new(),
        },
    ];
    let texts = Texts::default();

    let skips = SkipReason::ALL.into_iter().map(skip);
    for message in skips.chain(refusals.iter().map(refusal)) {
        let sentence = texts.render(&message);
        assert!(
            is_whole(&sentence) && sentence != message.key(),
            "{sentence}"
        );
    }
}

/// Whether it is a sentence with nothing left open.
fn is_whole(text: &str) -> bool {
    text.ends_with('.') && !text.contains(['{', '}', '$', '\u{2068}'])
}
