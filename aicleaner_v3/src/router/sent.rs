//! What was sent: the exact pictures and text of each zone's last request, in memory alone. Never holds a key:
//! keys are in headers, which are not kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;

use crate::model::ZoneId;

/// The last request of a zone.
#[derive(Clone)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// To which provider.
    pub provider: String,
    /// To which model.
    pub model: String,
    /// The instructions.
    pub text: String,
    /// The JPEGs.
    pub pictures: Vec<Bytes>,
}

impl std::fmt::Debug for Sent {
    /// Never the pictures: they are private, and large.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Sent({} to {}, {} pictures)",
            self.at,
            self.provider,
            self.pictures.len()
        )
    }
}

/// The last request of each zone. Cheap to clone; all clones share one memory.
#[derive(Debug, Clone, Default)]
pub struct LastRequests(Arc<Mutex<BTreeMap<ZoneId, Arc<Sent>>>>);

impl LastRequests {
    /// The last request of `zone`, if there was one since the start.
    pub fn of(&self, zone: &ZoneId) -> Option<Arc<Sent>> {
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.get(zone).cloned()
    }

    /// Takes the place of the zone's last one. Zones are few, so this is bounded.
    pub(super) fn put(&self, zone: ZoneId, request: Sent) {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.insert(zone, Arc::new(request));
    }
}
