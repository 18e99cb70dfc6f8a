//! The websocket's messages as types, borrowed from the text they came in
//! (`homeassistant/components/websocket_api/messages.py` and `auth.py`). What is unknown is passed over.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// What Home Assistant says before it lets us in.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum AuthMessage {
    /// It wants the token.
    AuthRequired,
    /// We are in.
    AuthOk,
    /// We are not.
    AuthInvalid {
        /// Its own words.
        #[serde(default)]
        message: String,
    },
    /// Something else.
    #[serde(other)]
    Other,
}

/// Any message after that.
#[derive(Debug, Deserialize)]
pub(super) struct Incoming<'a> {
    /// The id of the command that it belongs to.
    #[serde(default)]
    pub(super) id: Option<u64>,
    /// `result`, `event`, `pong`, or something newer.
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    /// Of a result.
    #[serde(default)]
    pub(super) success: bool,
    /// Of a result that succeeded.
    #[serde(default, borrow)]
    pub(super) result: Option<&'a RawValue>,
    /// Of a result that failed.
    #[serde(default, borrow)]
    pub(super) error: Option<WireError<'a>>,
    /// Of an event.
    #[serde(default, borrow)]
    pub(super) event: Option<&'a RawValue>,
}

/// Why a command failed.
#[derive(Debug, Deserialize)]
pub(super) struct WireError<'a> {
    /// One of `websocket_api/const.py`'s `ERR_…`, or a command's own. Some send a number.
    #[serde(borrow)]
    code: &'a RawValue,
    #[serde(default, borrow)]
    pub(super) message: Cow<'a, str>,
}

impl WireError<'_> {
    pub(super) fn code(&self) -> &str {
        self.code.get().trim_matches('"')
    }

    /// In bytes.
    pub(super) fn size(&self) -> usize {
        self.message.len()
    }
}

/// The messages in one frame: one, or several in a list once we said that we take them so (`coalesce_messages`).
pub(super) fn read_frame(frame: &str) -> Result<Vec<Incoming<'_>>, serde_json::Error> {
    if frame.trim_start().starts_with('[') {
        serde_json::from_str(frame)
    } else {
        serde_json::from_str(frame).map(|message| vec![message])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_result_is_read() {
        let frame = r#"{"id":7,"type":"result","success":false,"error":{"code":"not_found","message":"Service todo.x not found.","translation_key":"service_not_found","translation_domain":"homeassistant","translation_placeholders":{"domain":"todo","service":"x"}}}"#;

        let messages = read_frame(frame).unwrap();

        assert_eq!(messages[0].id, Some(7));
        let error = messages[0].error.as_ref().unwrap();
        assert_eq!(
            (error.code(), &*error.message),
            ("not_found", "Service todo.x not found.")
        );
    }

    #[test]
    fn messages_in_a_list_are_read_one_by_one() {
        let frame = r#"[{"type":"event","event":{"r":["todo.a"]},"id":4},{"id":5,"type":"result","success":true,"result":null},{"id":6,"type":"something_new","more":[1]}]"#;

        let messages = read_frame(frame).unwrap();

        assert_eq!(messages.len(), 3);
        assert_eq!(messages[0].event.unwrap().get(), r#"{"r":["todo.a"]}"#);
        assert!(messages[1].success && messages[1].result.is_none());
    }

    #[test]
    fn auth_messages_are_read() {
        let read = |text| serde_json::from_str::<AuthMessage>(text).unwrap();

        assert_eq!(
            read(r#"{"type":"auth_required","ha_version":"2026.11.0"}"#),
            AuthMessage::AuthRequired
        );
        assert_eq!(
            read(r#"{"type":"auth_invalid","message":"Invalid access token or password"}"#),
            AuthMessage::AuthInvalid {
                message: "Invalid access token or password".into()
            }
        );
        assert_eq!(read(r#"{"type":"news"}"#), AuthMessage::Other);
    }
}
