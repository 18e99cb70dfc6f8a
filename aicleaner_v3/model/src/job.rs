//! What is to be done in the home because something happened, other than on a to-do list: telling people, sending the
//! robot. Each is stored with its cause and done afterwards.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EntityId, JobId, TaskId, ZoneId};

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Target {
    /// A notify service or a notify entity, such as `notify.mobile_app_phone`.
    Notify(EntityId),
    /// Home Assistant's own notification drawer.
    Drawer(Drawer),
}

/// The word that stands for Home Assistant's own notification drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Drawer {
    /// `persistent_notification`
    #[serde(rename = "persistent_notification")]
    Persistent,
}

impl Target {
    /// The target that `text` names.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "persistent_notification" {
            return Some(Self::Drawer(Drawer::Persistent));
        }
        let entity = EntityId::parse(text).ok()?;
        (entity.domain() == "notify").then_some(Self::Notify(entity))
    }

    /// Whether it is the companion app, which replaces a notification of the same tag and knows buttons
    /// (`homeassistant/components/mobile_app/notify.py`: its services are named so).
    pub fn is_phone(&self) -> bool {
        matches!(self, Self::Notify(entity) if entity.object_id().starts_with("mobile_app_"))
    }

    /// Whether what is told twice shows once.
    pub fn replaces(&self) -> bool {
        self.is_phone() || matches!(self, Self::Drawer(_))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notify(entity) => entity.fmt(f),
            Self::Drawer(Drawer::Persistent) => f.write_str("persistent_notification"),
        }
    }
}

/// An open task as a notification names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    /// The task.
    pub id: TaskId,
    /// What people call it.
    pub title: String,
    /// How long it takes, if that is known.
    pub minutes: Option<u16>,
}

/// A zone as the digest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneLine {
    /// What people call it.
    pub name: String,
    /// How many tasks are open.
    pub open: usize,
    /// Its score, if it has one.
    pub score: Option<u8>,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Notification {
    /// There is something new to do.
    Mess {
        /// All that is open, the new first.
        tasks: Vec<TaskLine>,
    },
    /// Nothing is left to do.
    Tidy,
    /// What was told of a mess is over; nobody wants to hear more.
    Over,
    /// How all zones stand.
    Digest {
        /// In the order of their ids.
        zones: Vec<ZoneLine>,
    },
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum JobKind {
    /// Tell somebody.
    #[serde(rename = "tell")]
    Notify {
        /// Whom.
        target: Target,
        /// The zone's name; empty for all zones.
        zone_name: String,
        /// What.
        #[serde(rename = "told")]
        notification: Notification,
    },
    /// Have the robot clean the zone's floor.
    Vacuum {
        /// Which robot.
        vacuum: EntityId,
        /// The zone's name.
        zone_name: String,
        /// A camera of the zone, which tells its area if nothing else does.
        camera: Option<EntityId>,
    },
}

impl JobKind {
    /// The word that stands for its kind in the database.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Notify { notification, .. } => match notification {
                Notification::Mess { .. } => "mess",
                Notification::Tidy => "tidy",
                Notification::Over => "over",
                Notification::Digest { .. } => "digest",
            },
            Self::Vacuum { .. } => "vacuum",
        }
    }

    /// The lane in which jobs follow one another.
    pub fn lane(&self) -> String {
        match self {
            Self::Notify { target, .. } => target.to_string(),
            Self::Vacuum { vacuum, .. } => vacuum.to_string(),
        }
    }
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The zone that caused it; none for all zones.
    pub zone: Option<ZoneId>,
    /// What is to be done.
    pub kind: JobKind,
    /// When it was caused.
    pub at: Timestamp,
}

impl Job {
    /// A new one.
    pub fn new(zone: Option<ZoneId>, kind: JobKind, at: Timestamp) -> Self {
        Self {
            id: JobId::new(at),
            zone,
            kind,
            at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_written_as_people_write_it() {
        for text in ["notify.mobile_app_phone", "persistent_notification"] {
            let target = Target::parse(text).unwrap();
            let stored = serde_json::to_string(&target).unwrap();

            assert_eq!(stored, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Target>(&stored).unwrap(), target);
            assert!(target.replaces());
        }
        assert!(!Target::parse("notify.family").unwrap().replaces());
        assert_eq!(Target::parse("light.kitchen"), None);
        assert_eq!(Target::parse("phone"), None);
    }
}
