//! The session and the entities of one instance, wired up as the program does.

use std::sync::Arc;

use aicleaner::engine::ZoneEvent;
use aicleaner::engine::ZoneViews;
use aicleaner::entities::{self, EntityOptions, Wiring};
use aicleaner::home_assistant::{HomeInfo, follow_locale};
use aicleaner::i18n::Locale;
use aicleaner::model::{
    Actor, Command, CommandAnswer, CommandRefusal, Commands, DiscoveryPrefix, InstanceName,
    RefusedCommand, Score, SystemView, Zone, ZoneId, ZoneView,
};
use aicleaner::mqtt::{Broker, BrokerSource, BrokerUnknown, Mqtt, MqttStatus, Unavailable};
use aicleaner::telemetry::Telemetry;
use aicleaner_testkit::real::Mosquitto;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::soon;

/// A broker source that tests can change, and that counts how often it was asked.
#[derive(Clone)]
pub struct Source {
    pub broker: watch::Sender<Broker>,
    pub asked: watch::Sender<u32>,
}

impl Source {
    pub fn new(port: u16) -> Self {
        let broker = Broker {
            host: "127.0.0.1".to_owned(),
            port,
            username: None,
            password: None,
            tls: None,
        };
        Self {
            broker: watch::Sender::new(broker),
            asked: watch::Sender::new(0),
        }
    }

    pub fn log_in(&self, username: &str, password: &str) {
        self.broker.send_modify(|broker| {
            broker.username = Some(username.to_owned());
            broker.password = Some(SecretString::from(password));
        });
    }
}

impl BrokerSource for Source {
    fn broker(&self) -> BoxFuture<'_, Result<Broker, BrokerUnknown>> {
        self.asked.send_modify(|asked| *asked += 1);
        let broker = self.broker.borrow().clone();
        Box::pin(async move { Ok(broker) })
    }
}

/// Takes eight commands and refuses the rest, and tells of it as `control` does.
struct Taker {
    taken: mpsc::Sender<Command>,
    refused: broadcast::Sender<RefusedCommand>,
}

impl Commands for Taker {
    fn command(&self, actor: Actor, command: Command) -> CommandAnswer {
        let refusal = CommandRefusal::Busy;
        let refused = RefusedCommand {
            actor,
            command: command.name(),
            zone: command.zone().cloned(),
            refusal: refusal.clone(),
        };
        let answer = self.taken.try_send(command).map_err(|_| {
            let _ = self.refused.send(refused);
            refusal
        });
        Box::pin(std::future::ready(answer))
    }
}

pub struct App {
    pub mqtt: Mqtt,
    pub zone: watch::Sender<Arc<ZoneView>>,
    pub zones: watch::Sender<ZoneViews>,
    pub system: watch::Sender<Arc<SystemView>>,
    pub events: broadcast::Sender<ZoneEvent>,
    pub home: watch::Sender<Option<HomeInfo>>,
    pub language: watch::Sender<Option<String>>,
    pub commands: mpsc::Receiver<Command>,
    pub telemetry: Telemetry,
    pub stop: CancellationToken,
    pub session: JoinHandle<()>,
    pub entities: JoinHandle<()>,
}

impl App {
    /// One zone, `kitchen`, that may publish its pictures.
    pub fn start(source: Source) -> Self {
        Self::start_as("aicleaner", source)
    }

    pub fn start_as(instance: &str, source: Source) -> Self {
        Self::start_with(instance, source, Some("en"), "homeassistant")
    }

    /// With a declared language, or without.
    pub fn start_speaking(source: Source, language: Option<&str>) -> Self {
        Self::start_with("aicleaner", source, language, "homeassistant")
    }

    /// With another discovery prefix.
    pub fn start_under(prefix: &str, source: Source) -> Self {
        Self::start_with("aicleaner", source, Some("en"), prefix)
    }

    fn start_with(instance: &str, source: Source, language: Option<&str>, prefix: &str) -> Self {
        let options = EntityOptions {
            instance: InstanceName::parse(instance).unwrap(),
            prefix: DiscoveryPrefix::parse(prefix).unwrap(),
            publish_pictures: true,
            version: "1.2.3",
        };
        let telemetry = Telemetry::default();
        let stop = CancellationToken::new();
        let (mqtt, incoming, session) =
            Mqtt::new(options.mqtt(), source, telemetry.clone(), stop.clone());
        let (taken, commands) = mpsc::channel(8);
        let refused = broadcast::Sender::new(64);
        let zone = watch::Sender::new(Arc::new(kitchen()));
        let view = SystemView::running(jiff::Timestamp::UNIX_EPOCH, "1.2.3");
        let system = watch::Sender::new(Arc::new(view));
        let zones = watch::Sender::new(Arc::new(vec![zone.subscribe()]));
        let events = broadcast::Sender::new(8);
        let home = watch::Sender::new(None);
        let known = watch::Sender::new(Locale::new(language, None, None));
        let declared = watch::Sender::new(language.map(str::to_owned));
        let locale = known.subscribe();
        tokio::spawn(follow_locale(
            known,
            declared.subscribe(),
            |language: &Option<String>| language.as_deref(),
            home.subscribe(),
            stop.clone(),
        ));
        let wiring = Wiring {
            mqtt: mqtt.clone(),
            incoming,
            zones: zones.subscribe(),
            system: system.subscribe(),
            events: events.subscribe(),
            locale,
            refused: refused.subscribe(),
            commands: Arc::new(Taker { taken, refused }),
            telemetry: telemetry.clone(),
        };
        let entities = tokio::spawn(entities::run(wiring, options, stop.clone()));
        let session = tokio::spawn(session);
        Self {
            mqtt,
            zone,
            zones,
            system,
            events,
            home,
            language: declared,
            commands,
            telemetry,
            stop,
            session,
            entities,
        }
    }

    pub async fn start_online(broker: &Mosquitto) -> Self {
        let app = Self::start(Source::new(broker.port()));
        app.wait_online().await;
        app
    }

    pub async fn wait_online(&self) {
        soon(
            "being online",
            self.mqtt.online().wait_for(|online| *online),
        )
        .await
        .unwrap();
    }

    /// Waits until the session says that it is in unavailable, and says which.
    pub async fn wait_unavailable(&self, wanted: impl Fn(&Unavailable) -> bool) -> Unavailable {
        let mut status = self.mqtt.status();
        let is_wanted = |status: &MqttStatus| matches!(status, MqttStatus::Connecting { why: Some(why) } if wanted(why));
        let found = soon("unavailable", status.wait_for(is_wanted))
            .await
            .unwrap()
            .clone();
        match found {
            MqttStatus::Connecting { why: Some(why) } => why,
            other => panic!("{other:?}"),
        }
    }

    pub fn count(&self, event: &str, kind: &str) -> u64 {
        self.telemetry.metrics().get(event, kind)
    }

    pub fn change(&self, change: impl FnOnce(&mut ZoneView)) {
        self.zone.send_modify(|view| change(Arc::make_mut(view)));
    }

    pub async fn next_command(&mut self) -> Command {
        soon("a command", self.commands.recv()).await.unwrap()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.session.abort();
        self.entities.abort();
    }
}

pub fn kitchen_id() -> ZoneId {
    ZoneId::parse("kitchen").unwrap()
}

pub fn kitchen() -> ZoneView {
    ZoneView {
        score: Some(Score::new(62).unwrap()),
        needs_cleaning: Some(true),
        ..ZoneView::new(Zone::new(kitchen_id(), "Kitchen"))
    }
}
