//! Validates what types alone can't express: domains, combinations, duplicates. Reports all faults at once, and never
//! changes a value to make it valid.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::declared::{Budget, Declared, HomeAssistant, Mqtt, Web};
use super::fault::{Faults, SettingsError};
use super::fields::{Text, Whole};
use super::triggers::{self, parsed};
use super::{
    BrokerSettings, HomeAssistantAccess, Items, MqttSettings, ProviderKinds, Sections, Settings,
    WebSettings, defaults, notifications, providers, zones,
};
use crate::model::{Caps, Deployment};
use crate::tls;

const SHORTEST_PASSWORD: usize = 8;

pub fn check(
    declared: Declared,
    deployment: Deployment,
    kinds: &dyn ProviderKinds,
) -> Result<Settings, SettingsError> {
    let mut faults = Faults::default();
    if let Some(list) = &declared.todo_list {
        faults.expect_domain("todo_list".to_owned(), list, "todo");
    }
    let health_port = health_port(&declared).unwrap_or(defaults::HEALTH_PORT);
    let caps = caps(&declared.budget);
    let providers = providers::check(
        declared.providers.unwrap_or_default(),
        declared.local_only,
        &caps,
        kinds,
        &mut faults,
    );
    let names: Vec<&str> = providers
        .iter()
        .map(|provider| provider.name.as_str())
        .collect();
    let settings = Settings {
        home_assistant: access(declared.home_assistant, deployment, &mut faults),
        mqtt: mqtt(declared.mqtt, &mut faults),
        zones: zones::check(
            declared.zones,
            &zones::General {
                todo_list: declared.todo_list,
                quiet_hours: parsed(
                    declared.quiet_hours.as_ref(),
                    || "quiet_hours".to_owned(),
                    &mut faults,
                ),
                people: triggers::people(declared.people, &mut faults),
            },
            &names,
            &mut faults,
        ),
        providers,
        local_only: declared.local_only,
        check_sight: declared.check_sight.unwrap_or(true),
        caps,
        language: language(declared.language, &mut faults),
        items: Items {
            due_dates: declared.due_dates,
            page_url: page_url(declared.page_url, &mut faults),
        },
        notifications: notifications::check(declared.notifications, &mut faults),
        web: web(declared.web, deployment, &mut faults),
        health_port,
        own_ca: own_ca(declared.ca_certificates, &mut faults),
        log_level: declared.log_level,
        sections: Sections::default(),
        instance: declared.instance,
    };
    faults.none_or_error().map(|()| settings)
}

/// A one-line text field loses the line breaks of PEM: they are put back.
fn own_ca(declared: Option<Text<65_536>>, faults: &mut Faults) -> Option<String> {
    let text = declared?.0;
    if text.is_empty() {
        return None;
    }
    let pem = tls::with_line_breaks(&text);
    if tls::client_config(Some(pem.as_bytes())).is_err() {
        faults.add(
            "ca_certificates",
            "found no usable certificate, expected PEM: -----BEGIN CERTIFICATE-----, base64, -----END CERTIFICATE-----",
        );
    }
    Some(pem)
}

/// The type has checked the range.
fn port<const LEAST: u32>(port: Whole<LEAST, 65_535>) -> u16 {
    u16::try_from(port.0).unwrap_or(u16::MAX)
}

fn path(text: Text<4096>) -> PathBuf {
    PathBuf::from(text.0)
}

fn access(
    declared: Option<HomeAssistant>,
    deployment: Deployment,
    faults: &mut Faults,
) -> Option<HomeAssistantAccess> {
    match (declared, deployment) {
        (None, Deployment::App) => None,
        (Some(_), Deployment::App) => {
            faults.add("home_assistant", "found an address, expected none: as an app, Supervisor connects AICleaner to Home Assistant");
            None
        }
        (None, Deployment::Container | Deployment::Standalone) => {
            faults.add(
                "home_assistant",
                "found nothing, expected `url` and `token` of Home Assistant",
            );
            None
        }
        (Some(declared), Deployment::Container | Deployment::Standalone) => {
            let url = declared.url.0.trim_end_matches('/').to_owned();
            let rest = url
                .strip_prefix("http://")
                .or_else(|| url.strip_prefix("https://"));
            match rest {
                Some(rest) if rest.contains('@') => {
                    faults.add("home_assistant.url", "found a user name in the URL, expected it without: the token is enough");
                }
                Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', ' ']) => {}
                _ => faults.add(
                    "home_assistant.url",
                    format!("found {url:?}, expected http:// or https://, a host and a port if needed, such as http://homeassistant.local:8123"),
                ),
            }
            Some(HomeAssistantAccess {
                url,
                token: declared.token.0,
                ca_file: declared.ca_file.map(path),
            })
        }
    }
}

fn mqtt(declared: Mqtt, faults: &mut Faults) -> MqttSettings {
    let has_details = declared.port.is_some()
        || declared.username.is_some()
        || declared.password.is_some()
        || declared.tls
        || declared.ca_file.is_some();
    let host = declared
        .host
        .map(|host| host.0)
        .filter(|host| !host.is_empty());
    if host.is_none() && has_details {
        faults.add("mqtt.host", "found nothing, expected the broker's host name, since other details of the broker are given");
    }
    if let Some(host) = &host
        && host.contains(['/', ' ', '@'])
    {
        faults.add(
            "mqtt.host",
            format!(
                "found {host:?}, expected a host name or an address, without scheme, user or port"
            ),
        );
    }
    if declared.ca_file.is_some() && !declared.tls {
        faults.add(
            "mqtt.ca_file",
            "found a certificate file, expected `tls: true` with it",
        );
    }
    let default_port = if declared.tls { 8883 } else { 1883 };
    MqttSettings {
        broker: host.map(|host| BrokerSettings {
            host,
            port: declared.port.map_or(default_port, port),
            username: declared.username.map(|name| name.0),
            password: declared.password.map(|password| password.0),
            tls: declared.tls,
            ca_file: declared.ca_file.map(path),
        }),
        discovery_prefix: declared.discovery_prefix,
        publish_pictures: declared.publish_pictures.unwrap_or(true),
    }
}

fn caps(declared: &Budget) -> Caps {
    Caps {
        cost_per_day: declared.usd_per_day.map(|amount| amount.0),
        cost_per_month: declared.usd_per_month.map(|amount| amount.0),
        calls_per_day: declared.calls_per_day.map(|calls| calls.0.into()),
        calls_per_month: declared.calls_per_month.map(|calls| calls.0.into()),
    }
}

fn page_url(declared: Option<Text<500>>, faults: &mut Faults) -> Option<String> {
    let url = declared?.0;
    let url = url.trim_end_matches('/');
    if url.is_empty() {
        return None;
    }
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.contains([' ', '@', '#', '\n'])) {
        faults.add(
            "page_url",
            format!("found {url:?}, expected an address such as http://192.168.1.5:8099"),
        );
    }
    Some(url.to_owned())
}

fn language(declared: Option<Text<35>>, faults: &mut Faults) -> Option<String> {
    let language = declared?.0;
    let tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(2..=35).contains(&language.len()) || !language.chars().all(tag) {
        faults.add(
            "language",
            format!("found {language:?}, expected a language such as en, de or pt-BR"),
        );
    }
    Some(language)
}

/// The declared port of the health listener, if one is.
pub fn health_port(declared: &Declared) -> Option<u16> {
    declared.health.port.map(port)
}

/// The declared address of the page, if it is one.
pub fn page(declared: &Declared) -> Option<SocketAddr> {
    declared
        .web
        .listen
        .as_ref()
        .and_then(|text| text.0.parse().ok())
}

fn web(declared: Web, deployment: Deployment, faults: &mut Faults) -> WebSettings {
    let default = defaults::page(deployment);
    let listen = match declared
        .listen
        .map(|text| (text.0.parse::<SocketAddr>(), text.0))
    {
        None => default,
        Some((Ok(address), _)) => address,
        Some((Err(_), text)) => {
            faults.add(
                "web.listen",
                format!("found {text:?}, expected an address and a port such as 127.0.0.1:8099"),
            );
            default
        }
    };
    let password = declared.password.map(|password| password.0);
    if password
        .as_ref()
        .is_some_and(|password| password.expose_secret().len() < SHORTEST_PASSWORD)
    {
        faults.add(
            "web.password",
            format!("found a short password, expected at least {SHORTEST_PASSWORD} characters"),
        );
    }
    if deployment == Deployment::Standalone && !is_loopback(listen.ip()) && password.is_none() {
        faults.add(
            "web.password",
            format!(
                "found none, expected a password: {listen} can be reached from outside this machine"
            ),
        );
    }
    WebSettings { listen, password }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
