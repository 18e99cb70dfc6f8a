//! The settings as they are written: the shape of `options.json` and of the standalone file.
//! Unknown fields are refused, so that a typo is reported and not ignored.
//!
//! This is also where settings are documented for people: the first line of a field's comment (`# …`) is its name,
//! the rest says what it does. The app's options, their English texts and `docs/configuration.md` are generated from
//! here by `make generate`; `schema` checks them.

use serde::Deserialize;

#[cfg(test)]
use super::defaults;
use super::fields::{Dollars, Secret, Text, Whole};
use super::log_level::LogLevel;
use super::tone::Tone;
use crate::model::{AwayMode, DiscoveryPrefix, EntityId, InstanceName, Sensitivity, ZoneId};

pub type Port = Whole<1, 65_535>;

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// # Quiet hours
    /// Time range without checks, such as 22:00-07:00, for zones that set none.
    pub quiet_hours: Option<Text<20>>,
    /// # People
    /// Persons or device trackers that show who is home, such as person.anna. Empty = everyone Home Assistant knows.
    #[serde(default)]
    pub people: Vec<EntityId>,
    /// # Zones
    /// The places to keep tidy. A zone needs a name and at least one camera.
    pub zones: Vec<Zone>,
    /// # To-do list
    /// To-do list for the tasks of all zones that set none, such as todo.chores. Without a list, tasks are only shown
    /// on AICleaner's page and in its entities.
    #[cfg_attr(test, schemars(regex(pattern = r"^todo\.[a-z0-9_]+$")))]
    pub todo_list: Option<EntityId>,
    /// # Due dates
    /// Give to-do items a due date by priority: today for high, in two days for normal, none for low.
    pub due_dates: bool,
    /// # Page URL
    /// URL of AICleaner's page, such as http://192.168.1.5:8099. Adds a link to the zone to each to-do item.
    pub page_url: Option<Text<500>>,
    /// # Providers
    /// What judges the pictures, in order of preference. Empty = Home Assistant's AI Task with its preferred entity.
    pub providers: Option<Vec<Provider>>,
    /// # Local only
    /// No picture leaves the home. Cloud providers are rejected.
    pub local_only: bool,
    /// # Vision self-test
    /// Each provider must recognize a small test picture before it judges a room. Costs one small request per provider
    /// after a change.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub check_sight: Option<bool>,
    /// # Budget
    /// Spending limits. Empty = unlimited.
    pub budget: Budget,
    /// # Notifications
    /// Who is notified of what. Nothing is sent until a target is set.
    pub notifications: Notifications,
    /// # Language
    /// Language of findings and summaries, such as en, de or pt-BR. Empty = Home Assistant's language.
    pub language: Option<Text<35>>,
    /// # MQTT
    /// Connection to the broker, and what is published.
    pub mqtt: Mqtt,
    /// # Instance
    /// Name of this AICleaner: lowercase letters, digits and _. Only change it when two share a broker.
    #[cfg_attr(test, schemars(extend("default" = InstanceName::default().as_str())))]
    pub instance: InstanceName,
    /// # CA certificates
    /// Additional certificate authorities to trust, in PEM format, with or without line breaks. For connections to the
    /// broker, to providers and to Home Assistant.
    pub ca_certificates: Option<Text<65_536>>,
    /// # Log level
    /// Level of detail in the log.
    #[cfg_attr(test, schemars(extend("default" = "info")))]
    pub log_level: LogLevel,
    /// # Home Assistant
    /// Connection to Home Assistant.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub home_assistant: Option<HomeAssistant>,
    /// # Web
    /// AICleaner's page.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub web: Web,
    /// # Health
    /// Health checks and metrics, on loopback only.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub health: Health,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HomeAssistant {
    /// # URL
    /// URL of Home Assistant, such as http://homeassistant.local:8123.
    pub url: Text<500>,
    /// # Token
    /// Long-lived access token from your Home Assistant profile.
    pub token: Secret,
    /// # CA file
    /// PEM file with Home Assistant's own certificate authority, for https.
    pub ca_file: Option<Text<4096>>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Mqtt {
    /// # Host
    /// Host name or IP address of the broker. In the app, empty = the broker that Home Assistant knows.
    pub host: Option<Text<255>>,
    /// # Port
    /// Port of the broker. Default: 1883, or 8883 with TLS.
    pub port: Option<Port>,
    /// # Username
    /// Username for the broker.
    pub username: Option<Text<255>>,
    /// # Password
    /// Password for the broker.
    pub password: Option<Secret>,
    /// # TLS
    /// Encrypt the connection.
    pub tls: bool,
    /// # CA file
    /// PEM file with the broker's own certificate authority. Requires TLS.
    #[cfg_attr(test, schemars(extend("x-standalone" = true)))]
    pub ca_file: Option<Text<4096>>,
    /// # Discovery prefix
    /// Home Assistant's MQTT discovery prefix, if it was changed there.
    #[cfg_attr(test, schemars(extend("default" = DiscoveryPrefix::default().as_str())))]
    pub discovery_prefix: DiscoveryPrefix,
    /// # Publish pictures
    /// Publish each zone's picture. Every client of the broker can see it.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub publish_pictures: Option<bool>,
}

/// The name of a kind of provider. Which there are, the table of kinds knows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct KindName(pub String);

/// A provider as declared. One flat form for all kinds: Supervisor's options know no lists of lists.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// # Kind
    /// ai_task is Home Assistant's own, openai includes compatible services, reference compares with an approved tidy
    /// picture, without AI.
    pub kind: KindName,
    /// # Name
    /// Unique name, required for a second provider of the same kind. Default: the kind.
    pub name: Option<Text<40>>,
    /// # API key
    /// API key of the service. Required for gemini, anthropic and OpenAI itself.
    pub api_key: Option<Secret>,
    /// # Model
    /// Name of a model with vision support, such as gemini-2.5-flash-lite. Not for ai_task and reference.
    pub model: Option<Text<200>>,
    /// # Base URL
    /// URL of the service, up to the API version, such as http://192.168.1.5:1234/v1. Required for ollama.
    pub base_url: Option<Text<500>>,
    /// # Entity
    /// AI Task entity, for ai_task. Empty = the preferred one.
    #[cfg_attr(test, schemars(regex(pattern = r"^ai_task\.[a-z0-9_]+$")))]
    pub entity: Option<EntityId>,
    /// # Unmasked fallback
    /// Allow an unmasked Home Assistant snapshot as fallback when the masked picture can't be passed on, for ai_task.
    #[serde(default)]
    pub own_camera_source: bool,
    /// # Local
    /// Treat this provider as local although its address does not look local. Only if its pictures stay in your home.
    #[serde(default)]
    pub local: bool,
    /// # Timeout
    /// Timeout for an answer in seconds. Default: 300 for ai_task and ollama, 90 for the others.
    pub timeout_seconds: Option<Whole<5, 1800>>,
    /// # Maximum picture size
    /// Longest side of pictures in pixels. Larger pictures cost more.
    pub max_side: Option<Whole<256, 3840>>,
    /// # JPEG quality
    /// JPEG quality of pictures.
    pub quality: Option<Whole<30, 95>>,
    /// # Input price
    /// US dollars per million input tokens, if AICleaner does not know the price.
    pub price_input: Option<Dollars>,
    /// # Output price
    /// US dollars per million output tokens, if AICleaner does not know the price.
    pub price_output: Option<Dollars>,
    /// # Price per request
    /// US dollars per request, if the service charges that way. 0 = free.
    pub price_per_call: Option<Dollars>,
    /// # Maximum answer length
    /// Maximum tokens per answer.
    pub max_answer_tokens: Option<Whole<500, 65_536>>,
    /// # Keep alive
    /// How long ollama keeps the model loaded, such as 10m. 0 = unload immediately, -1 = never unload.
    #[cfg_attr(test, schemars(extend("default" = "10m")))]
    pub keep_alive: Option<Text<20>>,
    /// # Context size
    /// Context size in tokens, for ollama.
    #[cfg_attr(test, schemars(extend("default" = crate::providers::DEFAULT_CONTEXT)))]
    pub context_tokens: Option<Whole<2048, 1_048_576>>,
    /// # Requests per minute
    /// Maximum requests per minute. Empty = unlimited.
    pub requests_per_minute: Option<Whole<1, 10_000>>,
    /// # Requests per day
    /// Maximum requests per day. Empty = unlimited.
    pub requests_per_day: Option<Whole<1, 1_000_000>>,
    /// # Concurrent requests
    /// Maximum concurrent requests. Default: 1 for ai_task and ollama, 2 for the others.
    pub max_concurrent: Option<Whole<1, 16>>,
}

impl Provider {
    /// A provider of the kind `name`, and nothing else said.
    pub fn of_kind(name: &str) -> Self {
        Self {
            kind: KindName(name.to_owned()),
            name: None,
            api_key: None,
            model: None,
            base_url: None,
            entity: None,
            own_camera_source: false,
            local: false,
            timeout_seconds: None,
            max_side: None,
            quality: None,
            price_input: None,
            price_output: None,
            price_per_call: None,
            max_answer_tokens: None,
            keep_alive: None,
            context_tokens: None,
            requests_per_minute: None,
            requests_per_day: None,
            max_concurrent: None,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// # US dollars per day
    /// Maximum spending per day in US dollars.
    pub usd_per_day: Option<Dollars>,
    /// # US dollars per month
    /// Maximum spending per month in US dollars.
    pub usd_per_month: Option<Dollars>,
    /// # Requests per day
    /// Maximum requests per day to providers that are not free.
    pub calls_per_day: Option<Whole<0, 1_000_000>>,
    /// # Requests per month
    /// Maximum requests per month to providers that are not free.
    pub calls_per_month: Option<Whole<0, 10_000_000>>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Notifications {
    /// # Targets
    /// Notify services or entities such as notify.mobile_app_phone, or persistent_notification.
    pub to: Vec<Text<255>>,
    /// # Mess found
    /// Notify when there are new tasks.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub mess_found: Option<bool>,
    /// # All tidy
    /// Notify when no tasks are left.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub all_tidy: Option<bool>,
    /// # Daily digest
    /// Time of the daily summary of all zones, such as 18:30. Empty = never.
    pub digest_at: Option<Text<5>>,
    /// # Quiet hours
    /// Time range without notifications, such as 22:00-07:00. What still applies is sent afterwards.
    pub quiet_hours: Option<Text<11>>,
    /// # Maximum per hour
    /// Maximum notifications per hour for each target.
    #[cfg_attr(test, schemars(extend("default" = defaults::MOST_PER_HOUR)))]
    pub most_per_hour: Option<Whole<1, 60>>,
    /// # Tone
    /// Style of the notifications.
    pub tone: Tone,
    /// # Picture
    /// Show the zone's picture on phones, if pictures are published over MQTT.
    #[cfg_attr(test, schemars(extend("default" = true)))]
    pub picture: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// # Name
    /// Name of the zone, such as Kitchen.
    pub name: Text<60>,
    /// # Cameras
    /// Cameras that show the zone, such as camera.kitchen.
    #[cfg_attr(test, schemars(inner(regex(pattern = r"^camera\.[a-z0-9_]+$"))))]
    pub cameras: Vec<EntityId>,
    /// # To-do list
    /// To-do list for the zone's tasks, such as todo.chores. Empty = the general to-do list.
    #[cfg_attr(test, schemars(regex(pattern = r"^todo\.[a-z0-9_]+$")))]
    pub todo_list: Option<EntityId>,
    /// # Robot vacuum
    /// Robot vacuum to send when something is on the floor and nobody is there, such as vacuum.robot. At most once per
    /// hour.
    #[cfg_attr(test, schemars(regex(pattern = r"^vacuum\.[a-z0-9_]+$")))]
    pub vacuum: Option<EntityId>,
    /// # Purpose
    /// What the zone is for and what tidy means there, in your own words. The provider reads it.
    #[serde(default)]
    pub purpose: Text<1000>,
    /// # Interval
    /// Check interval in minutes.
    #[cfg_attr(test, schemars(extend("default" = defaults::INTERVAL_MINUTES)))]
    pub interval_minutes: Option<Whole<1, 10_080>>,
    /// # Cron schedule
    /// Cron expression such as 0 9,18 * * mon-fri, in the home's time zone, instead of an interval.
    pub cron: Option<Text<100>>,
    /// # State triggers
    /// One entity and its state per line, such as binary_sensor.kitchen_motion to off for 5 min, or vacuum.robby
    /// docked.
    #[serde(default)]
    pub trigger_entities: Vec<Text<250>>,
    /// # Event triggers
    /// One Home Assistant event type and its data per line, such as doorbell_pressed door=front.
    #[serde(default)]
    pub trigger_events: Vec<Text<250>>,
    /// # Occupancy
    /// Entities that show that someone is there, such as binary_sensor.kitchen_motion or person.anna. No picture is
    /// taken then.
    #[serde(default)]
    pub occupancy_entities: Vec<EntityId>,
    /// # Clear for (minutes)
    /// How long nobody must have been there before a check.
    #[cfg_attr(test, schemars(extend("default" = defaults::CLEAR_MINUTES)))]
    pub clear_minutes: Option<Whole<0, 240>>,
    /// # Quiet hours
    /// Time range without checks, such as 22:00-07:00. Assess now still works. Empty = the general quiet hours.
    pub quiet_hours: Option<Text<20>>,
    /// # Away mode
    /// When to check, depending on who is home.
    #[serde(default)]
    pub away_mode: AwayMode,
    /// # Threshold
    /// Score from which the zone counts as tidy.
    #[cfg_attr(test, schemars(extend("default" = defaults::THRESHOLD)))]
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
    /// Names of the providers for this zone, in order of preference. Empty = all.
    pub providers: Option<Vec<Text<40>>>,
    /// # Maximum open tasks
    /// Maximum number of open tasks.
    #[cfg_attr(test, schemars(extend("default" = defaults::MAX_OPEN_TASKS)))]
    pub max_open_tasks: Option<Whole<1, 100>>,
    /// # Dismissed for (days)
    /// How long a dismissed task does not come back.
    #[cfg_attr(test, schemars(extend("default" = defaults::DISMISSED_DAYS)))]
    pub dismissed_for_days: Option<Whole<1, 3650>>,
    /// # Maximum assessment age (hours)
    /// A zone is assessed again after this time even if nothing has changed.
    #[cfg_attr(test, schemars(extend("default" = defaults::REASSESS_HOURS)))]
    pub reassess_after_hours: Option<Whole<1, 8760>>,
    /// # ID
    /// Unique ID: lowercase letters, digits and _. Empty = made from the name. Do not change after set-up.
    pub id: Option<ZoneId>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// # Listen
    /// Address and port of the page. Anything but loopback requires a password.
    #[cfg_attr(test, schemars(extend("default" = defaults::page(crate::model::Deployment::Standalone).to_string())))]
    pub listen: Option<Text<100>>,
    /// # Password
    /// Password for the page, at least 8 characters.
    pub password: Option<Secret>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// # Port
    /// Port on loopback. 0 = any free port.
    #[cfg_attr(test, schemars(extend("default" = defaults::HEALTH_PORT)))]
    pub port: Option<Whole<0, 65_535>>,
}
