//! The words of the product as plain types: what a zone, a finding, an assessment and a task are.
//! Nothing here does I/O, awaits, or reads a clock; time comes in as an argument.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod assessment;
mod caps;
mod code;
mod command;
mod condition;
mod cost;
mod cron;
mod dependency;
mod discovery_prefix;
mod drawn;
mod effect;
mod entity_id;
mod ids;
mod job;
mod live;
mod measures;
mod place;
mod presence;
mod quiet_hours;
#[cfg(feature = "schema")]
mod schema;
mod sensitivity;
mod task;
mod trend;
mod trigger;
mod user_action;
mod verdict;
mod view;
mod wake;
mod zone;

pub use assessment::Assessment;
pub use caps::{Cap, Caps, Spending, Spent, Totals};
pub use code::Code;
pub use command::{
    Actor, Command, CommandAnswer, CommandRefusal, Commands, Ending, MOST_SHAPES, RefusedCommand,
};
pub use condition::{Condition, ConditionState, Deployment, Reason, Subject};
pub use cost::{Price, Usage, Usd};
pub use cron::{CronSchedule, InvalidCron};
pub use dependency::Dependency;
pub use discovery_prefix::{DiscoveryPrefix, InvalidPrefix};
pub use drawn::{InvalidShape, LightMode, Mask, Polygon, Region};
pub use effect::{Effect, Item, ItemAction};
pub use entity_id::EntityId;
pub use ids::{AssessmentId, InstanceName, InvalidId, ItemUid, JobId, TaskId, ZoneId};
pub use job::{Drawer, Job, JobKind, Notification, Target, TaskLine, ZoneLine};
pub use live::{INTERVAL_MINUTES, LiveChange, LiveValues};
pub use measures::{Confidence, OutOfRange, Priority, Score};
pub use place::{Area, Point};
pub use presence::{AwayMode, Occupancy};
pub use quiet_hours::{InvalidHours, QuietHours};
pub use sensitivity::Sensitivity;
pub use task::{Sightings, Task, TaskState};
pub use trend::{Scores, Trend};
pub use trigger::{SkipReason, Trigger};
pub use user_action::{ItemSeen, UserAction, UserActionKind};
pub use verdict::{Category, Finding, Presence, TaskJudgement, Verdict};
pub use view::{LastFrame, SystemStatus, SystemView, ZoneView};
pub use wake::{EventTrigger, InvalidWake, StateTrigger};
pub use zone::Zone;
