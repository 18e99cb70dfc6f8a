//! What can go wrong between us and Home Assistant: one plain sentence for the household, a code, and
//! details for the person who runs it. Never holds the token.

use std::time::Duration;

use serde_json::error::Category;

use crate::model::EntityId;
use crate::telemetry::Code;

use super::text::{LONGEST_MESSAGE, plain};

/// Why Home Assistant refused a command, from the `code` of its error
/// (`homeassistant/components/websocket_api/const.py`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The command, service or thing does not exist (`not_found`, `unknown_command`, `invalid_entity_id`).
    NotFound,
    /// The token's user may not do it (`unauthorized`, `not_allowed`).
    NotAllowed,
    /// What was asked is not valid (`invalid_format`, `service_validation_error`, `not_supported`).
    Invalid,
    /// It was tried and failed (`home_assistant_error`, `timeout`, `unknown_error`, anything else).
    Failed,
}

impl Refusal {
    pub(super) fn from_wire(code: &str) -> Self {
        match code {
            "not_found" | "unknown_command" | "invalid_entity_id" => Self::NotFound,
            "unauthorized" | "not_allowed" => Self::NotAllowed,
            "invalid_format" | "service_validation_error" | "not_supported" => Self::Invalid,
            _ => Self::Failed,
        }
    }
}

/// Why something could not be done in Home Assistant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HomeError {
    /// There is no connection, so nothing was sent.
    #[error("Home Assistant is not connected.")]
    NotConnected,
    /// The connection was lost before the answer came: it may have been done or not.
    #[error("The connection to Home Assistant was lost before it answered.")]
    ConnectionLost,
    /// Home Assistant can't be reached by HTTP.
    #[error("Home Assistant can't be reached.")]
    Unreachable {
        /// What the network said.
        details: String,
    },
    /// Home Assistant is not ready yet.
    #[error("Home Assistant is still starting.")]
    Starting,
    /// The token is wrong.
    #[error("Home Assistant does not accept the access token.")]
    TokenRefused,
    /// Too much waits for an answer already; nothing was sent.
    #[error("Too many requests to Home Assistant are waiting for an answer.")]
    Busy,
    /// No answer in time: it may have been done or not.
    #[error("Home Assistant did not answer within {} seconds ({what}).", after.as_secs())]
    TimedOut {
        /// What was asked.
        what: String,
        /// The time limit.
        after: Duration,
    },
    /// Home Assistant said no.
    #[error("Home Assistant refused: {message} ({what})")]
    Refused {
        /// What was asked.
        what: String,
        /// The kind of refusal.
        refusal: Refusal,
        /// Home Assistant's own words, at most 300 characters.
        message: String,
    },
    /// The answer is not of the form it should have.
    #[error("Home Assistant answered in a form that was not expected ({what}).")]
    Unexpected {
        /// What was asked.
        what: String,
        /// What is wrong with the answer.
        details: String,
    },
    /// The answer is larger than it may be.
    #[error("The answer is larger than {limit} bytes ({what}).")]
    AnswerTooLarge {
        /// What was asked.
        what: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// What we would have to send is larger than it may be.
    #[error("The request is larger than {limit} bytes ({what}).")]
    RequestTooLarge {
        /// What was to be asked.
        what: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The to-do list does not exist.
    #[error("The to-do list {list} does not exist.")]
    ListMissing {
        /// The list.
        list: EntityId,
    },
    /// The to-do list is unavailable, or nothing was heard of it yet. Nothing was sent: Home Assistant would pass
    /// over the list without a word.
    #[error("The to-do list {list} is not available now.")]
    ListUnavailable {
        /// The list.
        list: EntityId,
    },
    /// The to-do list did not do what it was asked.
    #[error("The to-do list {list} refused: {message}")]
    ListRefused {
        /// The list.
        list: EntityId,
        /// Home Assistant's own words, at most 300 characters.
        message: String,
    },
    /// The camera does not exist.
    #[error("The camera {camera} does not exist.")]
    CameraMissing {
        /// The camera.
        camera: EntityId,
    },
    /// The camera is off, or gave no picture.
    #[error("The camera {camera} gives no picture now.")]
    CameraUnavailable {
        /// The camera.
        camera: EntityId,
        /// What Home Assistant answered.
        details: String,
    },
    /// The camera's answer is no picture.
    #[error("The camera {camera} answered with something that is not a picture.")]
    NotAPicture {
        /// The camera.
        camera: EntityId,
        /// What it is instead.
        found: String,
    },
    /// The camera's picture is too large.
    #[error("The picture of {camera} is larger than {limit} bytes.")]
    PictureTooLarge {
        /// The camera.
        camera: EntityId,
        /// The limit in bytes.
        limit: usize,
    },
    /// The camera took too long.
    #[error("The camera {camera} did not answer within {} seconds.", after.as_secs())]
    CameraTimeout {
        /// The camera.
        camera: EntityId,
        /// The time limit.
        after: Duration,
    },
    /// Pictures can't be handed to Home Assistant.
    #[error("Home Assistant takes no uploaded pictures.")]
    UploadRefused {
        /// What Home Assistant answered.
        details: String,
    },
}

impl HomeError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::NotConnected | Self::ConnectionLost | Self::Unreachable { .. } => {
                Code::HomeAssistantUnreachable
            }
            Self::Starting => Code::HomeAssistantStarting,
            Self::TokenRefused => Code::HomeAssistantToken,
            Self::Busy
            | Self::TimedOut { .. }
            | Self::Refused { .. }
            | Self::Unexpected { .. }
            | Self::AnswerTooLarge { .. }
            | Self::RequestTooLarge { .. } => Code::HomeAssistantAnswer,
            Self::ListMissing { .. } => Code::TodoListMissing,
            Self::ListUnavailable { .. } | Self::ListRefused { .. } => Code::TodoListRefused,
            Self::CameraMissing { .. } => Code::CameraMissing,
            Self::CameraUnavailable { .. } => Code::CameraUnavailable,
            Self::NotAPicture { .. } => Code::CameraPicture,
            Self::PictureTooLarge { .. } => Code::CameraTooLarge,
            Self::CameraTimeout { .. } => Code::CameraTimeout,
            Self::UploadRefused { .. } => Code::ImageUpload,
        }
    }

    /// What the person who runs it may want to know besides the sentence.
    pub fn details(&self) -> Option<&str> {
        match self {
            Self::Unreachable { details }
            | Self::Unexpected { details, .. }
            | Self::CameraUnavailable { details, .. }
            | Self::UploadRefused { details } => Some(details),
            Self::NotAPicture { found, .. } => Some(found),
            _ => None,
        }
    }

    /// Whether what was asked may have been done in spite of the error.
    pub fn may_have_happened(&self) -> bool {
        matches!(
            self,
            Self::ConnectionLost
                | Self::TimedOut { .. }
                | Self::Unexpected { .. }
                | Self::AnswerTooLarge { .. }
        )
    }

    /// Whether it is only that Home Assistant or the list is away, so that the same request may work later unchanged.
    pub fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::NotConnected
                | Self::ConnectionLost
                | Self::Unreachable { .. }
                | Self::Starting
                | Self::TokenRefused
                | Self::Busy
                | Self::ListUnavailable { .. }
        )
    }

    pub(super) fn refused(what: &str, code: &str, message: &str) -> Self {
        Self::Refused {
            what: what.to_owned(),
            refusal: Refusal::from_wire(code),
            message: plain(message, LONGEST_MESSAGE),
        }
    }

    /// An answer that serde could not read. Its values are left out: they may be private.
    pub(super) fn unreadable(what: &str, error: &serde_json::Error) -> Self {
        let kind = match error.classify() {
            Category::Data => plain(&without_values(&error.to_string()), LONGEST_MESSAGE),
            _ => format!("no JSON (line {}, column {})", error.line(), error.column()),
        };
        Self::Unexpected {
            what: what.to_owned(),
            details: kind,
        }
    }
}

/// serde quotes the value that it did not expect.
fn without_values(text: &str) -> String {
    match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            format!(
                "{}\"…{}",
                &text[..=first].trim_end_matches('"'),
                &text[last..]
            )
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_assistants_own_words_are_kept_cut_and_clean() {
        let error = HomeError::refused(
            "todo.add_item",
            "service_validation_error",
            &format!("Validation error:\u{7} {}", "x".repeat(400)),
        );

        let HomeError::Refused {
            refusal, message, ..
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!(*refusal, Refusal::Invalid);
        assert!(message.starts_with("Validation error: x"));
        assert_eq!(message.chars().count(), 300);
    }

    #[test]
    fn an_unreadable_answer_tells_the_fault_without_the_value() {
        let fault = serde_json::from_str::<u16>(r#""hid\"den""#).unwrap_err();

        let error = HomeError::unreadable("port", &fault);

        assert_eq!(
            error.details(),
            Some("invalid type: string \"…\", expected u16 at line 1 column 10")
        );
    }

    #[test]
    fn only_what_was_sent_may_have_happened() {
        assert!(HomeError::ConnectionLost.may_have_happened());
        assert!(!HomeError::NotConnected.may_have_happened());
        assert!(!HomeError::Busy.may_have_happened());
    }
}
