//! Messages that belong to a type of the model: the sentence and the remedy of each error code, skip reason and
//! refusal. Decides nothing; that each has its message is tested.

use super::message::Message;
use super::texts::{Texts, in_english};
use crate::model::{Code, CommandRefusal, Deployment, Reason, SkipReason};

/// What an argument says that is not known, for texts to select on.
const NOT_KNOWN: &str = "none";

/// The sentence of a code, of which nothing more is known.
pub fn error(code: Code) -> Message {
    reason(&Reason::new(code))
}

/// One sentence on why a check was not made or went no further.
pub fn skip(reason: SkipReason) -> Message {
    Message::of_made(format!("skip-{}", kebab(reason.as_str())))
}

/// One sentence on why a command was not done.
pub fn refusal(refusal: &CommandRefusal) -> Message {
    match refusal {
        CommandRefusal::CheckForbidden(reason) => skip(*reason),
        CommandRefusal::Failed { code, .. } => error(*code),
        CommandRefusal::UnknownZone
        | CommandRefusal::UnknownCamera
        | CommandRefusal::UnknownTask
        | CommandRefusal::Busy
        | CommandRefusal::Stopping
        | CommandRefusal::TooManyShapes
        | CommandRefusal::DashboardNotOurs(_)
        | CommandRefusal::NotStored(_) => {
            Message::of_made(format!("refusal-{}", kebab(refusal.as_str())))
        }
    }
}

/// The message in English, for logs and the API.
pub fn english(message: &Message) -> String {
    in_english(message, None).unwrap_or_else(|| message.key().to_owned())
}

/// Why something stands as it does, in English: the sentence and the details, for whoever watches over the program.
pub fn reason_in_english(why: &Reason) -> String {
    with_details(english(&reason(why)), why)
}

/// The sentence, and after it the details if there are any.
fn with_details(sentence: String, reason: &Reason) -> String {
    match reason.details.as_str() {
        "" => sentence,
        details => format!("{sentence} ({details})"),
    }
}

/// What can be done about `code`, in English, for log lines: the same for all ways the program runs.
pub fn log_remedy(code: Code) -> String {
    in_english(&error(code), Some("remedy")).unwrap_or_default()
}

impl Texts {
    /// One plain sentence on why something stands as it does.
    pub fn reason(&self, reason: &Reason) -> String {
        self.render(&self::reason(reason))
    }

    /// As [`Self::reason`], and after it the service's own words.
    pub fn explanation(&self, reason: &Reason) -> String {
        with_details(self.reason(reason), reason)
    }

    /// What a person can do about it, where the program runs in this way.
    pub fn remedy(&self, reason: &Reason, deployment: Deployment) -> String {
        let message = self::reason(reason);
        let own = match deployment {
            Deployment::App => "remedy-app",
            Deployment::Container => "remedy-container",
            Deployment::Standalone => "remedy-standalone",
        };
        self.attribute(&message, own)
            .or_else(|| self.attribute(&message, "remedy"))
            .unwrap_or_default()
    }
}

fn reason(reason: &Reason) -> Message {
    let entity = reason.entity.as_ref().map(|entity| entity.as_str());
    let name = reason.name.as_deref();
    Message::of_made(reason.code.as_str().to_ascii_lowercase())
        .text("entity", entity.unwrap_or(NOT_KNOWN))
        .text("name", name.unwrap_or(NOT_KNOWN))
}

fn kebab(word: &str) -> String {
    word.replace('_', "-")
}
