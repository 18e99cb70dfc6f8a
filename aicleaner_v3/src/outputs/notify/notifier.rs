//! One notification: its words, in the household's language and tone, its buttons and picture, and how each kind of
//! target takes it. A zone's notification replaces the one before.
//!
//! What a phone takes is described in the companion apps' documentation: `tag` replaces, the message
//! `clear_notification` takes away, `actions` come back as `mobile_app_notification_action`. A picture's address is
//! one of Home Assistant's own, which the app asks for with its login: `/api/image_proxy/…`
//! (`homeassistant/components/image/__init__.py`). It shows the zone's picture entity, so what is masked is masked.

use serde_json::{Value, json};
use tokio::sync::watch;

use super::super::ids::IdOf;
use crate::home_assistant::{HomeAssistant, HomeError};
use crate::i18n::{Locale, Message, Texts, messages};
use crate::model::{
    InstanceName, Job, JobId, JobKind, Notification, Target, TaskLine, ZoneId, ZoneLine,
};
use crate::settings::{Notifications, Tone};

/// Tasks that are named in one notification.
const MOST_TASKS: usize = 8;
/// Zones that are named in one digest.
const MOST_ZONES: usize = 30;
const APP: &str = "AICleaner";

/// What a person can press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Look again.
    AssessAgain,
    /// All of it is done.
    Done,
    /// None of it is to be done.
    Dismiss,
}

impl Button {
    const ALL: [Self; 3] = [Self::AssessAgain, Self::Done, Self::Dismiss];

    fn word(self) -> &'static str {
        match self {
            Self::AssessAgain => "assess",
            Self::Done => "done",
            Self::Dismiss => "dismiss",
        }
    }

    fn text(self) -> Message {
        match self {
            Self::AssessAgain => messages::notification_assess(),
            Self::Done => messages::notification_done(),
            Self::Dismiss => messages::notification_dismiss(),
        }
    }
}

/// A button that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// Which one.
    pub button: Button,
    /// Of which zone's notification.
    pub zone: ZoneId,
    /// Of which one.
    pub job: JobId,
}

/// `AICLEANER.<instance>.<button>.<zone>.<job>`: the job's id can't be guessed.
fn action(instance: &InstanceName, button: Button, zone: &ZoneId, job: JobId) -> String {
    format!("AICLEANER.{instance}.{}.{zone}.{job}", button.word())
}

/// Reads what [`action`] wrote for `instance`.
pub fn read_button(instance: &InstanceName, action: &str) -> Option<Pressed> {
    let mut parts = action.splitn(5, '.');
    let (app, ours) = (parts.next()?, parts.next()?);
    if app != "AICLEANER" || ours != instance.as_str() {
        return None;
    }
    let word = parts.next()?;
    Some(Pressed {
        button: Button::ALL
            .into_iter()
            .find(|button| button.word() == word)?,
        zone: ZoneId::parse(parts.next()?).ok()?,
        job: JobId::parse(parts.next()?).ok()?,
    })
}

/// Tells people.
pub struct Notifier {
    pub home: HomeAssistant,
    pub instance: InstanceName,
    pub locale: watch::Receiver<Locale>,
    pub picture: Option<IdOf>,
}

impl Notifier {
    /// Tells what `job` says. Anything but a notification is passed over.
    pub async fn tell(&self, job: &Job, rules: &Notifications) -> Result<(), HomeError> {
        let JobKind::Notify {
            target,
            zone_name,
            notification,
        } = &job.kind
        else {
            return Ok(());
        };
        let texts = self.locale.borrow().texts.clone();
        let words = words(zone_name, notification, rules.tone, &texts);
        let about = job.zone.as_ref().map_or("digest", |zone| zone.as_str());
        let is_over = *notification == Notification::Over;
        match target {
            Target::Drawer(_) => {
                let id = format!("{}_{about}", self.instance);
                match is_over {
                    true => self.home.dismiss_persistent(&id).await,
                    false => {
                        let message = words.message(&escaped);
                        self.home
                            .notify_persistent(&id, &words.title, &message)
                            .await
                    }
                }
            }
            Target::Notify(entity) if target.is_phone() => {
                let tag = format!("{}-{about}", self.instance);
                if is_over {
                    let data = json!({ "tag": tag });
                    return self
                        .home
                        .notify(entity, APP, "clear_notification", Some(data))
                        .await;
                }
                let mut data = json!({"tag": tag, "group": APP, "channel": APP});
                if let (Notification::Mess { .. }, Some(zone)) = (notification, &job.zone) {
                    data["actions"] = self.buttons(zone, job.id, &texts);
                    if rules.picture
                        && let Some(picture) = self.picture(zone).await
                    {
                        data["image"] = picture.into();
                    }
                }
                let message = words.message(&str::to_owned);
                self.home
                    .notify(entity, &words.title, &message, Some(data))
                    .await
            }
            // What such a target was told can't be taken back.
            Target::Notify(_) if is_over => Ok(()),
            Target::Notify(entity) => {
                let message = words.message(&str::to_owned);
                self.home.notify(entity, &words.title, &message, None).await
            }
        }
    }

    fn buttons(&self, zone: &ZoneId, job: JobId, texts: &Texts) -> Value {
        let button = |button: Button| {
            json!({
                "action": action(&self.instance, button, zone, job),
                "title": texts.render(&button.text()),
            })
        };
        Button::ALL.map(button).as_slice().into()
    }

    /// Where the phone finds the zone's picture. A notification goes without rather than not at all.
    async fn picture(&self, zone: &ZoneId) -> Option<String> {
        let unique_id = self.picture.as_ref()?(zone);
        let entity = self.home.entity_of("mqtt", &unique_id).await.ok()??;
        Some(format!("/api/image_proxy/{entity}"))
    }
}

/// A notification's words.
struct Words {
    title: String,
    lead: String,
    lines: Vec<String>,
}

impl Words {
    /// `escape` makes text that came from elsewhere plain for the target.
    fn message(&self, escape: &dyn Fn(&str) -> String) -> String {
        let mut message = escape(&self.lead);
        for line in &self.lines {
            message.push_str("\n• ");
            message.push_str(&escape(line));
        }
        message
    }
}

/// Home Assistant's drawer takes Markdown.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if "\\`*_[]<>#|~!".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

fn words(zone: &str, notification: &Notification, tone: Tone, texts: &Texts) -> Words {
    let tone = tone.as_str();
    let (lead, mut lines, left) = match notification {
        Notification::Mess { tasks } => (
            messages::notification_mess(tone, zone, tasks.len()),
            tasks
                .iter()
                .take(MOST_TASKS)
                .map(|task| task_line(task, texts))
                .collect::<Vec<_>>(),
            tasks.len().saturating_sub(MOST_TASKS),
        ),
        Notification::Tidy | Notification::Over => {
            (messages::notification_tidy(tone, zone), Vec::new(), 0)
        }
        Notification::Digest { zones } => (
            match zones.iter().map(|zone| zone.open).sum::<usize>() {
                0 => messages::notification_digest_tidy(tone),
                open => messages::notification_digest(tone, open),
            },
            zones
                .iter()
                .take(MOST_ZONES)
                .map(|zone| zone_line(zone, texts))
                .collect(),
            zones.len().saturating_sub(MOST_ZONES),
        ),
    };
    if left > 0 {
        lines.push(texts.render(&messages::notification_more(left)));
    }
    Words {
        title: match zone {
            "" => APP.to_owned(),
            zone => zone.to_owned(),
        },
        lead: texts.render(&lead),
        lines,
    }
}

fn task_line(task: &TaskLine, texts: &Texts) -> String {
    match task.minutes {
        Some(minutes) => texts.render(&messages::notification_task(&task.title, minutes)),
        None => task.title.clone(),
    }
}

fn zone_line(zone: &ZoneLine, texts: &Texts) -> String {
    let message = match zone.score {
        Some(score) => messages::notification_zone_scored(&zone.name, zone.open, score),
        None => messages::notification_zone(&zone.name, zone.open),
    };
    texts.render(&message)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::i18n::Language;
    use crate::model::TaskId;

    fn mess(titles: &[&str]) -> Notification {
        let line = |title: &&str| TaskLine {
            id: TaskId::new(Timestamp::UNIX_EPOCH),
            title: (*title).to_owned(),
            minutes: Some(5),
        };
        Notification::Mess {
            tasks: titles.iter().map(line).collect(),
        }
    }

    #[test]
    fn a_mess_names_what_is_to_do_in_the_language_and_tone() {
        let notification = mess(&["Tasse wegräumen"]);

        let plain = words(
            "Küche",
            &notification,
            Tone::Plain,
            &Texts::new(Language::German),
        );
        let butler = words(
            "Küche",
            &notification,
            Tone::Butler,
            &Texts::new(Language::German),
        );

        assert_eq!(
            (plain.title.as_str(), plain.message(&str::to_owned).as_str()),
            ("Küche", "Aufzuräumen: 1.\n• Tasse wegräumen (5 Min.)")
        );
        assert!(butler.lead.contains("Küche") && butler.lead != plain.lead);
    }

    #[test]
    fn each_tone_has_words_of_its_own() {
        let of = |tone| words("Kitchen", &mess(&["Cup"]), tone, &Texts::default()).lead;

        let said = std::collections::BTreeSet::from(Tone::ALL.map(of));

        assert_eq!(said.len(), Tone::ALL.len());
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let titles = vec!["Cup"; 11];
        let text = words("Kitchen", &mess(&titles), Tone::Plain, &Texts::default());

        assert_eq!(text.lines.len(), 9);
        assert_eq!(text.lines[8], "and 3 more");
    }

    #[test]
    fn a_digest_counts_all_zones() {
        let zone = |open| ZoneLine {
            name: "Kitchen".to_owned(),
            open,
            score: Some(85),
        };
        let of = |zones| {
            words(
                "",
                &Notification::Digest { zones },
                Tone::Plain,
                &Texts::default(),
            )
        };

        let busy = of(vec![zone(2), zone(1)]);
        let tidy = of(vec![zone(0)]);

        assert_eq!(
            busy.message(&str::to_owned),
            "Still to do: 3.\n• Kitchen: 2 (85 %)\n• Kitchen: 1 (85 %)"
        );
        assert_eq!(
            (tidy.title.as_str(), tidy.lead.as_str()),
            ("AICleaner", "Nothing to do.")
        );
    }

    #[test]
    fn what_a_model_wrote_is_no_markup_in_the_drawer() {
        let notification = mess(&["[click](http://evil) **now** <b>"]);

        let text =
            words("Kitchen", &notification, Tone::Plain, &Texts::default()).message(&escaped);

        assert!(
            text.contains("\\[click\\](http") && text.contains("\\*\\*now"),
            "{text}"
        );
    }

    #[test]
    fn only_a_button_of_ours_is_understood() {
        let (ours, other) = (
            InstanceName::default(),
            InstanceName::parse("other").unwrap(),
        );
        let zone = ZoneId::parse("living_room").unwrap();
        let job = JobId::new(Timestamp::UNIX_EPOCH);

        let written = action(&ours, Button::Done, &zone, job);

        let pressed = Pressed {
            button: Button::Done,
            zone,
            job,
        };
        assert_eq!(read_button(&ours, &written), Some(pressed));
        assert_eq!(read_button(&other, &written), None);
        for wrong in [
            "",
            "DONE",
            "AICLEANER.aicleaner.done.kitchen",
            "AICLEANER.aicleaner.burn.kitchen.x",
        ] {
            assert_eq!(read_button(&ours, wrong), None, "{wrong}");
        }
    }
}
