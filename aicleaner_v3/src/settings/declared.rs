//! The settings as they are written: the shape of `options.json` and of the standalone file.
//! Unknown fields are refused, so that a slip of the pen is told and not ignored.

use serde::Deserialize;

use super::LogLevel;
use super::fields::{Dollars, Secret, Text, Whole};
use crate::model::{DiscoveryPrefix, EntityId, InstanceName, Sensitivity, ZoneId};

pub type Port = Whole<1, 65_535>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    pub instance: InstanceName,
    pub home_assistant: Option<HomeAssistant>,
    pub mqtt: Mqtt,
    pub providers: Option<Vec<Provider>>,
    pub local_only: bool,
    pub check_sight: Option<bool>,
    pub budget: Budget,
    pub language: Option<Text<35>>,
    pub todo_list: Option<EntityId>,
    pub zones: Vec<Zone>,
    pub web: Web,
    pub health: Health,
    pub log_level: LogLevel,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeAssistant {
    pub url: Text<500>,
    pub token: Secret,
    pub ca_file: Option<Text<4096>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mqtt {
    pub host: Option<Text<255>>,
    pub port: Option<Port>,
    pub username: Option<Text<255>>,
    pub password: Option<Secret>,
    pub tls: bool,
    pub ca_file: Option<Text<4096>>,
    pub discovery_prefix: DiscoveryPrefix,
    pub publish_pictures: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub kind: ProviderKind,
    pub name: Option<Text<40>>,
    pub api_key: Option<Secret>,
    pub model: Option<Text<200>>,
    pub base_url: Option<Text<500>>,
    pub entity: Option<EntityId>,
    #[serde(default)]
    pub own_camera_source: bool,
    #[serde(default)]
    pub local: bool,
    pub timeout_seconds: Option<Whole<5, 1800>>,
    pub max_side: Option<Whole<256, 3840>>,
    pub quality: Option<Whole<30, 95>>,
    pub price_input: Option<Dollars>,
    pub price_output: Option<Dollars>,
    pub price_per_call: Option<Dollars>,
    pub max_answer_tokens: Option<Whole<500, 65_536>>,
    pub keep_alive: Option<Text<20>>,
    pub context_tokens: Option<Whole<2048, 1_048_576>>,
    pub requests_per_minute: Option<Whole<1, 10_000>>,
    pub requests_per_day: Option<Whole<1, 1_000_000>>,
    pub max_concurrent: Option<Whole<1, 16>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    pub usd_per_day: Option<Dollars>,
    pub usd_per_month: Option<Dollars>,
    pub calls_per_day: Option<Whole<0, 1_000_000>>,
    pub calls_per_month: Option<Whole<0, 10_000_000>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    pub id: Option<ZoneId>,
    pub name: Text<60>,
    pub cameras: Vec<EntityId>,
    #[serde(default)]
    pub purpose: Text<1000>,
    pub todo_list: Option<EntityId>,
    pub interval_minutes: Option<Whole<1, 10_080>>,
    pub threshold: Option<Whole<0, 100>>,
    pub providers: Option<Vec<Text<40>>>,
    #[serde(default)]
    pub ignore: Vec<Text<120>>,
    pub max_open_tasks: Option<Whole<1, 100>>,
    pub dismissed_for_days: Option<Whole<1, 3650>>,
    #[serde(default)]
    pub sensitivity: Sensitivity,
    pub reassess_after_hours: Option<Whole<1, 8760>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    pub listen: Option<Text<100>>,
    pub password: Option<Secret>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    pub port: Option<Whole<0, 65_535>>,
}
