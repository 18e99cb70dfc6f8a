//! Validates what types alone can't express: domains, combinations, duplicates. Reports all faults at once, and never
//! changes a value to make it valid.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::declared::{Budget, Declared, HomeAssistant, Mqtt, Web};
use super::fault::{Faults, SettingsError};
use super::fields::{Text, Whole};
use super::providers::ProviderKinds;
use super::triggers::{self, parsed};
use super::{
    BrokerSettings, Deployment, HomeAssistantAccess, Items, MqttSettings, Sections, Settings,
    WebSettings, notifications, providers,
};
use crate::model::{Caps, EntityId, QuietHours, Score, Zone, ZoneId};
use crate::tls;

pub const DEFAULT_CLEAR_MINUTES: u32 = 5;
pub const DEFAULT_INTERVAL_MINUTES: u32 = 15;
pub const DEFAULT_THRESHOLD: u8 = 70;
pub const DEFAULT_MAX_OPEN_TASKS: usize = 12;
pub const DEFAULT_DISMISSED_DAYS: u32 = 30;
const MOST_IGNORED: usize = 30;
pub const DEFAULT_REASSESS_HOURS: u32 = 24;
pub const DEFAULT_HEALTH_PORT: u16 = 8098;
const DEFAULT_WEB_PORT: u16 = 8099;
const MOST_ZONES: usize = 100;
const MOST_CAMERAS: usize = 8;
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
    let health_port = health_port(&declared).unwrap_or(DEFAULT_HEALTH_PORT);
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
        zones: zones(
            declared.zones,
            &Usual {
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

/// What holds for zones that do not say otherwise.
struct Usual {
    todo_list: Option<EntityId>,
    quiet_hours: Option<QuietHours>,
    people: Vec<EntityId>,
}

fn zones(
    declared: Vec<super::declared::Zone>,
    usual: &Usual,
    providers: &[&str],
    faults: &mut Faults,
) -> Vec<Zone> {
    if declared.len() > MOST_ZONES {
        faults.add(
            "zones",
            format!(
                "found {} zones, expected at most {MOST_ZONES}",
                declared.len()
            ),
        );
    }
    let mut taken = BTreeSet::new();
    let mut zones = Vec::new();
    for (at, zone) in declared.into_iter().enumerate().take(MOST_ZONES) {
        let name = zone.name.0;
        if name.is_empty() || name.contains('\n') {
            faults.add(
                format!("zones[{at}].name"),
                "found no name, expected one line of text",
            );
        }
        if zone.cameras.is_empty() || zone.cameras.len() > MOST_CAMERAS {
            faults.add(
                format!("zones[{at}].cameras"),
                format!(
                    "found {} cameras, expected 1 to {MOST_CAMERAS}",
                    zone.cameras.len()
                ),
            );
        }
        for (index, camera) in zone.cameras.iter().enumerate() {
            faults.expect_domain(format!("zones[{at}].cameras[{index}]"), camera, "camera");
            if zone.cameras[..index].contains(camera) {
                faults.add(
                    format!("zones[{at}].cameras[{index}]"),
                    format!("found {camera} twice, expected each camera once"),
                );
            }
        }
        if let Some(list) = &zone.todo_list {
            faults.expect_domain(format!("zones[{at}].todo_list"), list, "todo");
        }
        if let Some(vacuum) = &zone.vacuum {
            faults.expect_domain(format!("zones[{at}].vacuum"), vacuum, "vacuum");
        }
        let id = match zone.id.map_or_else(|| ZoneId::from_name(&name), Ok) {
            Ok(id) => id,
            Err(e) => {
                faults.add(format!("zones[{at}].name"), e.to_string());
                continue;
            }
        };
        if id.as_str() == "system" {
            faults.add(
                format!("zones[{at}].id"),
                "found \"system\", expected another id: it stands for AICleaner itself",
            );
        }
        if !taken.insert(id.clone()) {
            faults.add(
                format!("zones[{at}]"),
                format!("found the id {id} twice, expected another name, or an `id` of its own"),
            );
        }
        for (index, name) in zone.providers.iter().flatten().enumerate() {
            if !providers.contains(&name.0.as_str()) {
                faults.add(
                    format!("zones[{at}].providers[{index}]"),
                    format!(
                        "found {:?}, expected the name of a provider: {}",
                        name.0,
                        providers.join(", ")
                    ),
                );
            }
        }
        if zone.cron.is_some() && zone.interval_minutes.is_some() {
            faults.add(
                format!("zones[{at}].cron"),
                "found `interval_minutes` too, expected one of them: a zone is checked either by a schedule or at an interval",
            );
        }
        let path = |name: &'static str| move || format!("zones[{at}].{name}");
        zones.push(Zone {
            id,
            name,
            cameras: zone.cameras,
            purpose: zone.purpose.0,
            todo_list: zone.todo_list.or_else(|| usual.todo_list.clone()),
            vacuum: zone.vacuum,
            interval: Duration::from_secs(
                u64::from(
                    zone.interval_minutes
                        .map_or(DEFAULT_INTERVAL_MINUTES, |m| m.0),
                ) * 60,
            ),
            cron: parsed(zone.cron.as_ref(), path("cron"), faults),
            wake_by_states: triggers::lines(
                &zone.trigger_entities,
                path("trigger_entities"),
                faults,
            ),
            wake_by_events: triggers::lines(&zone.trigger_events, path("trigger_events"), faults),
            occupancy: triggers::occupancy(
                zone.occupancy_entities,
                path("occupancy_entities"),
                faults,
            ),
            clear_for: Duration::from_secs(
                u64::from(zone.clear_minutes.map_or(DEFAULT_CLEAR_MINUTES, |m| m.0)) * 60,
            ),
            quiet_hours: parsed(zone.quiet_hours.as_ref(), path("quiet_hours"), faults)
                .or(usual.quiet_hours),
            away_mode: zone.away_mode,
            people: usual.people.clone(),
            threshold: threshold(zone.threshold),
            providers: zone
                .providers
                .unwrap_or_default()
                .into_iter()
                .map(|name| name.0)
                .collect(),
            ignore: ignore(zone.ignore, at, faults),
            max_open_tasks: zone
                .max_open_tasks
                .and_then(|most| usize::try_from(most.0).ok())
                .unwrap_or(DEFAULT_MAX_OPEN_TASKS),
            dismissed_for: Duration::from_secs(
                u64::from(
                    zone.dismissed_for_days
                        .map_or(DEFAULT_DISMISSED_DAYS, |days| days.0),
                ) * 24
                    * 3600,
            ),
            sensitivity: zone.sensitivity,
            reassess_after: Duration::from_secs(
                u64::from(
                    zone.reassess_after_hours
                        .map_or(DEFAULT_REASSESS_HOURS, |hours| hours.0),
                ) * 3600,
            ),
        });
    }
    zones
}

fn ignore(declared: Vec<Text<120>>, at: usize, faults: &mut Faults) -> Vec<String> {
    if declared.len() > MOST_IGNORED {
        faults.add(
            format!("zones[{at}].ignore"),
            format!(
                "found {} rules, expected at most {MOST_IGNORED}",
                declared.len()
            ),
        );
    }
    for (index, rule) in declared.iter().enumerate() {
        if rule.0.is_empty() {
            faults.add(
                format!("zones[{at}].ignore[{index}]"),
                "found no words, expected what to ignore, such as \"the guitar on the sofa\"",
            );
        }
    }
    declared.into_iter().map(|rule| rule.0).collect()
}

/// The type has checked the range.
fn threshold(declared: Option<Whole<0, 100>>) -> Score {
    let value = declared.map_or(DEFAULT_THRESHOLD, |value| {
        u8::try_from(value.0).unwrap_or(DEFAULT_THRESHOLD)
    });
    Score::new(value).unwrap_or(Score::TIDY)
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

/// Where the page is when nothing else is declared.
pub fn default_page(deployment: Deployment) -> SocketAddr {
    match deployment {
        // Supervisor's ingress comes from outside the container; who may come in is checked for each request.
        Deployment::App => SocketAddr::from((Ipv4Addr::UNSPECIFIED, DEFAULT_WEB_PORT)),
        Deployment::Container | Deployment::Standalone => {
            SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_WEB_PORT))
        }
    }
}

fn web(declared: Web, deployment: Deployment, faults: &mut Faults) -> WebSettings {
    let default = default_page(deployment);
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
