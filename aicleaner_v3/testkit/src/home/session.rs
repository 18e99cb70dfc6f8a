//! A client that is logged in over the websocket, and the results that it gets.

use std::sync::Arc;

use serde_json::{Value, json};

use super::inner::Inner;

/// A logged-in client.
pub(super) struct Session {
    pub(super) inner: Arc<Inner>,
    pub(super) number: u64,
    pub(super) last_id: u64,
}

impl Session {
    pub(super) fn refuse(&self, id: &Value, code: &str, message: &str) {
        self.fail(id, &json!({"code": code, "message": message}));
    }

    pub(super) fn fail(&self, id: &Value, error: &Value) {
        let message = json!({"id": id, "type": "result", "success": false, "error": error});
        self.inner.world().bus.send(self.number, &message);
    }
}

/// The message of a success.
pub(super) fn result(id: u64, result: &Value) -> Value {
    json!({"id": id, "type": "result", "success": true, "result": result})
}
