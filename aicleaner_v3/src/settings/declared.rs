//! The settings as they are written: the shape of `options.json` and of the standalone file.
//! Unknown fields are refused, so that a slip of the pen is told and not ignored.
//!
//! This is also where settings are described for people: the first line of a field's comment (`# …`) is its name,
//! the rest says what it does. The app's options, their English texts and `docs/configuration.md` are written from
//! here by `make papers`; `described` checks them.

use serde::Deserialize;

use super::LogLevel;
#[cfg(test)]
use super::check;
use super::fields::{Dollars, Secret, Text, Whole};
use super::notifications::Tone;
use crate::model::{AwayMode, DiscoveryPrefix, EntityId, InstanceName, Sensitivity, ZoneId};

pub type Port = Whole<1, 65_535>;

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// # Quiet hours
    /// Hours without looks, such as 22:00-07:00, for zones without their own.
    pub quiet_hours: Option<Text<20>>,
    /// # People
    /// Who tells whether somebody is at home, such as person.anna. Otherwise everybody that Home Assistant knows.
    #[serde(default)]
    pub people: Vec<EntityId>,
    /// # Zones
    /// The places to keep tidy. A zone needs a name and at least one camera.
    pub zones: Vec<Zone>,
    /// # To-do list
    /// The to-do list for the tasks of all zones that name none, such as todo.chores. Without any list, tasks show on
    /// AICleaner's page and in its entities only.
    #[cfg_attr(test, schemars(regex(pattern = r"^todo\.[a-z0-9_]+$")))]
    pub todo_list: Option<EntityId>,
    /// # Due dates
    /// Give items a due date by their priority: today for what gets worse, in two days for what should be done soon, none
    /// for what can wait.
    pub due_dates: bool,
    /// # Address of the page
    /// Where people reach AICleaner's page, such as http://192.168.1.5:8099. Then each item has a link to its zone.
    pub page_url: Option<Text<500>>,
    /// # Providers
    /// What judges the pictures, in the order in which to try. Without any, Home Assistant's AI Task does, with the
    /// entity that is preferred there.
    pub providers: Option<Vec<Provider>>,
    /// # Local only
    /// No picture may leave the house: providers elsewhere are refused.
    pub local_only: bool,
    /// # Check sight
    /// Each provider must show on a small test picture that it sees, before it judges a room. It costs one small call
    /// for each provider after a change.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub check_sight: Option<bool>,
    /// # Budget
    /// The most that may be spent. What is not limited here is not limited.
    pub budget: Budget,
    /// # Notifications
    /// Whom to tell what. Nobody is told anything until somebody is named.
    pub notifications: Notifications,
    /// # Language
    /// The language of findings and summaries, such as en, de or pt-BR. Otherwise Home Assistant's.
    pub language: Option<Text<35>>,
    /// # MQTT
    /// The broker, and what is published there.
    pub mqtt: Mqtt,
    /// # Instance
    /// The name of this AICleaner, in lower case letters, digits and _. Another one is needed only when two share a
    /// broker.
    #[cfg_attr(test, schemars(extend("default" = InstanceName::default().as_str())))]
    pub instance: InstanceName,
    /// # CA certificates
    /// The certificates of the house's own authorities, in PEM form, line breaks or not. They are trusted besides the
    /// public ones by connections to the broker, to providers and to Home Assistant.
    pub ca_certificates: Option<Text<65_536>>,
    /// # Log level
    /// How much is logged.
    #[cfg_attr(test, schemars(extend("default" = "info")))]
    pub log_level: LogLevel,
    /// # Home Assistant
    /// How Home Assistant is reached.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub home_assistant: Option<HomeAssistant>,
    /// # Web
    /// AICleaner's page.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub web: Web,
    /// # Health
    /// The listener for health checks and metrics, on loopback only.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub health: Health,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HomeAssistant {
    /// # URL
    /// Where it is, such as http://homeassistant.local:8123.
    pub url: Text<500>,
    /// # Token
    /// A long-lived access token from a profile in Home Assistant.
    pub token: Secret,
    /// # CA file
    /// A PEM file with the certificate authority of the home's own, for https.
    pub ca_file: Option<Text<4096>>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Mqtt {
    /// # Host
    /// The broker's host name or address. As an app it may be left out: the broker that Home Assistant knows is used.
    pub host: Option<Text<255>>,
    /// # Port
    /// The broker's port. Otherwise 1883, or 8883 with TLS.
    pub port: Option<Port>,
    /// # User name
    /// The user name for the broker.
    pub username: Option<Text<255>>,
    /// # Password
    /// The password for the broker.
    pub password: Option<Secret>,
    /// # TLS
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// # CA file
    /// A PEM file with the certificate authority of the broker's own. Needs TLS.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub ca_file: Option<Text<4096>>,
    /// # Discovery prefix
    /// Where Home Assistant looks for discovery messages, if that was changed there.
    #[cfg_attr(test, schemars(extend("default" = DiscoveryPrefix::default().as_str())))]
    pub discovery_prefix: DiscoveryPrefix,
    /// # Publish pictures
    /// Whether each zone's picture is published. Every client of the broker can see it.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub publish_pictures: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    AiTask,
    Gemini,
    #[serde(rename = "openai")]
    OpenAi,
    Anthropic,
    Ollama,
    Reference,
}

/// One flat form for all kinds: Supervisor's options know no lists of lists.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// # Kind
    /// ai_task is Home Assistant's own, openai also what speaks its API, reference compares with how the room looked
    /// when it was tidy, without any AI.
    pub kind: ProviderKind,
    /// # Name
    /// A name of its own, needed when two are of one kind. Otherwise the kind.
    pub name: Option<Text<40>>,
    /// # API key
    /// The service's key. Needed for gemini, anthropic and OpenAI's own service.
    pub api_key: Option<Secret>,
    /// # Model
    /// The name of a model that takes pictures, such as gemini-2.5-flash-lite. Not for ai_task and reference.
    pub model: Option<Text<200>>,
    /// # Base URL
    /// Where the service is, up to the version, such as http://192.168.1.5:1234/v1. Needed for ollama.
    pub base_url: Option<Text<500>>,
    /// # Entity
    /// The AI Task entity to ask, for ai_task. Otherwise the preferred one.
    #[cfg_attr(test, schemars(regex(pattern = r"^ai_task\.[a-z0-9_]+$")))]
    pub entity: Option<EntityId>,
    /// # Own camera source
    /// Whether Home Assistant may take a picture of its own when ours can't be given to it, for ai_task. Masks are not
    /// on such a picture.
    #[serde(default)]
    pub own_camera_source: bool,
    /// # Local
    /// You know that pictures stay in the house for this provider, though its address does not show it.
    #[serde(default)]
    pub local: bool,
    /// # Timeout
    /// How long an answer may take, in seconds. Otherwise 300 for ai_task and ollama, 90 for the others.
    pub timeout_seconds: Option<Whole<5, 1800>>,
    /// # Longest side
    /// The longest side of pictures for this provider, in pixels. Larger pictures cost more.
    pub max_side: Option<Whole<256, 3840>>,
    /// # JPEG quality
    /// The quality of pictures for this provider.
    pub quality: Option<Whole<30, 95>>,
    /// # Price of input
    /// US dollars for a million tokens of input, if AICleaner does not know it.
    pub price_input: Option<Dollars>,
    /// # Price of output
    /// US dollars for a million tokens of output, if AICleaner does not know it.
    pub price_output: Option<Dollars>,
    /// # Price of a call
    /// US dollars for each call, if that is how it is charged. 0 is free.
    pub price_per_call: Option<Dollars>,
    /// # Longest answer
    /// The most tokens of an answer.
    pub max_answer_tokens: Option<Whole<500, 65_536>>,
    /// # Keep alive
    /// How long ollama keeps the model loaded, such as 10m. 0 unloads it at once, -1 never.
    #[cfg_attr(test, schemars(extend("default" = "10m")))]
    pub keep_alive: Option<Text<20>>,
    /// # Context
    /// The size of ollama's context, in tokens.
    #[cfg_attr(test, schemars(extend("default" = super::providers::DEFAULT_CONTEXT)))]
    pub context_tokens: Option<Whole<2048, 1_048_576>>,
    /// # Requests a minute
    /// The most requests a minute. Otherwise there is no limit of ours.
    pub requests_per_minute: Option<Whole<1, 10_000>>,
    /// # Requests a day
    /// The most requests a day. Otherwise there is no limit of ours.
    pub requests_per_day: Option<Whole<1, 1_000_000>>,
    /// # At the same time
    /// The most requests at the same time. Otherwise 1 for ai_task and ollama, 2 for the others.
    pub max_concurrent: Option<Whole<1, 16>>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// # Dollars a day
    /// The most that may be spent a day, in US dollars.
    pub usd_per_day: Option<Dollars>,
    /// # Dollars a month
    /// The most that may be spent a month, in US dollars.
    pub usd_per_month: Option<Dollars>,
    /// # Calls a day
    /// The most calls a day to providers that are not free.
    pub calls_per_day: Option<Whole<0, 1_000_000>>,
    /// # Calls a month
    /// The most calls a month to providers that are not free.
    pub calls_per_month: Option<Whole<0, 10_000_000>>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Notifications {
    /// # To
    /// Whom: notify services or entities such as notify.mobile_app_phone, or persistent_notification.
    pub to: Vec<Text<255>>,
    /// # Mess found
    /// Tell when there is something new to do.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub mess_found: Option<bool>,
    /// # All tidy
    /// Tell when nothing is left to do.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub all_tidy: Option<bool>,
    /// # Daily digest
    /// When to tell how all zones stand, such as 18:30. Otherwise never.
    pub digest_at: Option<Text<5>>,
    /// # Quiet hours
    /// When not to disturb, such as 22:00-07:00. What is still true is told after them.
    pub quiet_hours: Option<Text<11>>,
    /// # Most an hour
    /// The most notifications an hour for each target.
    #[cfg_attr(test, schemars(extend("default" = super::notifications::DEFAULT_MOST_PER_HOUR)))]
    pub most_per_hour: Option<Whole<1, 60>>,
    /// # Tone
    /// How notifications speak.
    pub tone: Tone,
    /// # Picture
    /// Show the zone's picture on phones, where pictures are published over MQTT.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub picture: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// # Name
    /// What the zone is called, such as Kitchen.
    pub name: Text<60>,
    /// # Cameras
    /// The cameras that see it, such as camera.kitchen.
    #[cfg_attr(test, schemars(inner(regex(pattern = r"^camera\.[a-z0-9_]+$"))))]
    pub cameras: Vec<EntityId>,
    /// # To-do list
    /// The to-do list for its tasks, such as todo.chores. Otherwise the one above.
    #[cfg_attr(test, schemars(regex(pattern = r"^todo\.[a-z0-9_]+$")))]
    pub todo_list: Option<EntityId>,
    /// # Robot vacuum
    /// The robot that may clean here when something lies on the floor and nobody is there, such as vacuum.robot. It is
    /// sent at most once an hour.
    #[cfg_attr(test, schemars(regex(pattern = r"^vacuum\.[a-z0-9_]+$")))]
    pub vacuum: Option<EntityId>,
    /// # Purpose
    /// What the zone is for and what tidy means there, in your own words. The provider reads it.
    #[serde(default)]
    pub purpose: Text<1000>,
    /// # Interval
    /// The minutes between two looks.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_INTERVAL_MINUTES)))]
    pub interval_minutes: Option<Whole<1, 10_080>>,
    /// # Timetable
    /// A cron expression such as 0 9,18 * * mon-fri, in the home's time zone, instead of an interval.
    pub cron: Option<Text<100>>,
    /// # States that wake it
    /// An entity and its state on each line, such as binary_sensor.kitchen_motion to off for 5 min, or vacuum.robby docked.
    #[serde(default)]
    pub trigger_entities: Vec<Text<250>>,
    /// # Events that wake it
    /// The type of a Home Assistant event and what its data says on each line, such as doorbell_pressed door=front.
    #[serde(default)]
    pub trigger_events: Vec<Text<250>>,
    /// # Occupancy
    /// What tells that somebody is there, such as binary_sensor.kitchen_motion or person.anna. Then no picture is taken.
    #[serde(default)]
    pub occupancy_entities: Vec<EntityId>,
    /// # Minutes of absence
    /// How many minutes nobody must have been there before a look.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_CLEAR_MINUTES)))]
    pub clear_minutes: Option<Whole<0, 240>>,
    /// # Quiet hours
    /// Hours without looks, such as 22:00-07:00. Assess now still looks. Otherwise the ones above.
    pub quiet_hours: Option<Text<20>>,
    /// # Away
    /// Whether it matters that somebody is at home.
    #[serde(default)]
    pub away_mode: AwayMode,
    /// # Threshold
    /// The score from which the zone counts as tidy.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_THRESHOLD)))]
    pub threshold: Option<Whole<0, 100>>,
    /// # Sensitivity
    /// How small a change is noticed. high costs more.
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// # Ignore
    /// What is never a task, such as the guitar on the sofa.
    #[serde(default)]
    pub ignore: Vec<Text<120>>,
    /// # Providers
    /// The names of the providers for this zone, in the order in which to try. Otherwise all.
    pub providers: Option<Vec<Text<40>>>,
    /// # Most open tasks
    /// The most tasks that are open at the same time.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_MAX_OPEN_TASKS)))]
    pub max_open_tasks: Option<Whole<1, 100>>,
    /// # Dismissed for
    /// The days for which a task that you dismissed does not come back.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_DISMISSED_DAYS)))]
    pub dismissed_for_days: Option<Whole<1, 3650>>,
    /// # Judge anew after
    /// The hours after which a zone is judged again although nothing changed.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_REASSESS_HOURS)))]
    pub reassess_after_hours: Option<Whole<1, 8760>>,
    /// # ID
    /// What stands for the zone in topics and entities, in lower case letters, digits and _. Otherwise made from the
    /// name. It must stay when the name changes.
    pub id: Option<ZoneId>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// # Listen
    /// The address and port of the page. Wider than loopback needs a password.
    #[cfg_attr(test, schemars(extend("default" = check::default_page(super::Deployment::Standalone).to_string())))]
    pub listen: Option<Text<100>>,
    /// # Password
    /// The page's password, at least 8 characters.
    pub password: Option<Secret>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// # Port
    /// The port on loopback; 0 takes any free one.
    #[cfg_attr(test, schemars(extend("default" = check::DEFAULT_HEALTH_PORT)))]
    pub port: Option<Whole<0, 65_535>>,
}
