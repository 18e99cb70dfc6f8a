//! The settings, checked: what the program runs with. Holds them; reads and checks nothing.

use secrecy::SecretString;

use super::connections::{HomeAssistantAccess, MqttSettings, WebSettings};
use super::log_level::LogLevel;
use super::notifications::Notifications;
use super::provider::ProviderSettings;
use super::sections::Sections;
use crate::model::{Caps, InstanceName, Zone};

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

impl Settings {
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
