//! Declared settings: what a person wrote, merged (defaults < file < environment), typed strictly, validated.
//! Nothing may run with settings that were not validated here.

mod check;
mod declared;
mod fault;
mod fields;
mod locality;
mod merge;
mod notifications;
mod providers;
mod sections;
mod state;
mod triggers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::model::{Caps, DiscoveryPrefix, InstanceName, Zone};

pub use declared::Provider as DeclaredProvider;
pub use fault::{Fault, Faults, SettingsError};
pub use locality::is_at_home;
pub use merge::ENVIRONMENT_PREFIX;
pub use notifications::{Hours, Notifications, Tone};
pub use providers::{Pricing, ProviderCheck, ProviderKind, ProviderKinds, ProviderSettings};
pub use sections::Sections;
pub use state::DeclaredState;

pub use crate::model::Deployment;

/// All that a person declared, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The name of this instance.
    pub instance: InstanceName,
    /// How to reach Home Assistant; none as an app, where Supervisor says.
    pub home_assistant: Option<HomeAssistantAccess>,
    /// The broker and what is published there.
    pub mqtt: MqttSettings,
    /// What judges frames, in the order in which to try.
    pub providers: Vec<ProviderSettings>,
    /// Whether no picture may leave the home.
    pub local_only: bool,
    /// Whether a provider must show first, on a test picture, that it sees.
    pub check_sight: bool,
    /// The most that may be spent.
    pub caps: Caps,
    /// The language of answers, as a BCP 47 tag; none is Home Assistant's.
    pub language: Option<String>,
    /// How items on to-do lists are written.
    pub items: Items,
    /// Whom to tell what.
    pub notifications: Notifications,
    /// The places to keep tidy; may be empty.
    pub zones: Vec<Zone>,
    /// The page.
    pub web: WebSettings,
    /// Port of the health listener on loopback; 0 takes any free one.
    pub health_port: u16,
    /// Additional certificate authorities to trust, PEM.
    pub own_ca: Option<String>,
    /// How much is logged.
    pub log_level: LogLevel,
    /// What changed between two versions of the settings.
    pub sections: Sections,
}

/// How items on to-do lists are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Items {
    /// Whether they get a due date by their priority.
    pub due_dates: bool,
    /// Where people reach the page, for a link to the zone; without a slash at the end.
    pub page_url: Option<String>,
}

/// A Home Assistant that is reached by URL.
#[derive(Debug, Clone)]
pub struct HomeAssistantAccess {
    /// `http://` or `https://`, without a path.
    pub url: String,
    /// A long-lived access token.
    pub token: SecretString,
    /// PEM file of the home's own certificate authority.
    pub ca_file: Option<PathBuf>,
}

/// The broker and what is published there.
#[derive(Debug, Clone)]
pub struct MqttSettings {
    /// A broker of the user's own; as an app, Supervisor's is used when there is none.
    pub broker: Option<BrokerSettings>,
    /// Home Assistant's discovery prefix.
    pub discovery_prefix: DiscoveryPrefix,
    /// Whether frames are published: every client of the broker can see them.
    pub publish_pictures: bool,
}

/// A broker of the user's own.
#[derive(Debug, Clone)]
pub struct BrokerSettings {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User name, if the broker wants one.
    pub username: Option<String>,
    /// Password, if the broker wants one.
    pub password: Option<SecretString>,
    /// Whether to speak TLS.
    pub tls: bool,
    /// PEM file of the broker's own certificate authority.
    pub ca_file: Option<PathBuf>,
}

/// The page.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// The address to listen on.
    pub listen: std::net::SocketAddr,
    /// Needed to listen wider than loopback when standalone.
    pub password: Option<SecretString>,
}

/// Where the program listens when the settings can't say so: as the environment says, or else the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listeners {
    /// Port of the health listener on loopback.
    pub health_port: u16,
    /// Address of the page.
    pub page: std::net::SocketAddr,
}

impl Listeners {
    /// Of an environment, for settings whose file has faults.
    pub fn without_file(environment: &BTreeMap<String, String>, deployment: Deployment) -> Self {
        let mut listeners = Self {
            health_port: check::DEFAULT_HEALTH_PORT,
            page: check::default_page(deployment),
        };
        if let Ok(declared) = merge::merge(None, environment).and_then(merge::typed) {
            listeners.health_port = check::health_port(&declared).unwrap_or(listeners.health_port);
            listeners.page = check::page(&declared).unwrap_or(listeners.page);
        }
        listeners
    }
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum LogLevel {
    /// Only what stops the work.
    Error,
    /// What needs attention.
    Warning,
    /// What happens.
    #[default]
    Info,
    /// And why.
    Debug,
}

impl Settings {
    /// Reads, merges and checks. `file` may be missing only if it is none; `environment` is the whole
    /// environment, of which the variables that start with [`ENVIRONMENT_PREFIX`] count. `kinds` are the kinds of
    /// providers that there are.
    ///
    /// # Errors
    /// When the file can't be read or parsed, or a value is not allowed: one fault for each.
    pub fn load(
        file: Option<&Path>,
        environment: &BTreeMap<String, String>,
        deployment: Deployment,
        kinds: &dyn ProviderKinds,
    ) -> Result<Self, SettingsError> {
        Self::of(merge::merge(file, environment)?, deployment, kinds)
    }

    /// As [`Self::load`], of a tree in the place of a file: the options that Supervisor hands out.
    ///
    /// # Errors
    /// When a value is not allowed: one fault for each.
    pub fn of_options(
        options: serde_json::Value,
        environment: &BTreeMap<String, String>,
        deployment: Deployment,
        kinds: &dyn ProviderKinds,
    ) -> Result<Self, SettingsError> {
        Self::of(merge::lay_over(options, environment)?, deployment, kinds)
    }

    fn of(
        tree: merge::Tree,
        deployment: Deployment,
        kinds: &dyn ProviderKinds,
    ) -> Result<Self, SettingsError> {
        let sections = Sections::of(tree.root());
        let declared = merge::typed(tree)?;
        let settings = check::check(declared, deployment, kinds)?;
        Ok(Self {
            sections,
            ..settings
        })
    }

    /// Whether a provider goes through Home Assistant.
    pub fn asks_home_assistant(&self) -> bool {
        self.providers
            .iter()
            .any(|provider| provider.kind.asks_home_assistant)
    }

    /// All secrets in them, for the redactor.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.home_assistant
            .iter()
            .map(|access| &access.token)
            .chain(
                self.mqtt
                    .broker
                    .iter()
                    .filter_map(|broker| broker.password.as_ref()),
            )
            .chain(self.web.password.iter())
            .chain(self.providers.iter().filter_map(ProviderSettings::key))
    }
}

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
