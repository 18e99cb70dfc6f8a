//! The composition root: builds every part, wires them, owns start and stop. The only file that knows all
//! others. Decides nothing that the parts could decide.

mod reload;

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::engine::{Engine, EngineCommand, Parts, ZoneViews};
use crate::entities::{self, EntityOptions};
use crate::health::{self, Sources};
use crate::home_assistant::{Connection, ConnectionError, HomeAssistant, HomeStatus, Supervisor};
use crate::i18n::log_remedy;
use crate::image_thread::ImageThread;
use crate::model::{Actor, Command, EntityId, SystemView, Zone};
use crate::mqtt::{Broker, BrokerSource, BrokerUnknown, Mqtt};
use crate::outputs::{self, Dashboard, IdOf, JobParts, OwnIds, TodoSync};
use crate::router::{
    self, Budget, BuildError, BuildOptions, Checked, LastRequests, Router, RouterOptions,
    ZoneSource,
};
use crate::settings::{BrokerSettings, Deployment, Listeners, Settings, SettingsError};
use crate::setup::{self, DeclaredSource, DeclaredState, DeclaredWatch, InventorySource};
use crate::store::{self, Retention, Store, StoreError, UpkeepOptions};
use crate::telemetry::{Code, Redactor, Telemetry};
use crate::tls::{self, TlsError};
use crate::web::{self, Guard, ListenError, Listener, Shown};

/// Our own version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Commands that may wait between entities and engine.
const COMMANDS: usize = 64;
/// Rounds of snapshots at the same time: a camera that hangs must not hold up the others, and each picture may have
/// 24 MiB.
const ROUNDS_AT_A_TIME: usize = 3;
/// The parts' time to end after the stop, within the 2 s that the whole program has.
const GRACE: Duration = Duration::from_millis(1500);

/// What a run needs to know.
pub struct AppOptions {
    /// The settings, or why there are none.
    pub settings: Result<Settings, SettingsError>,
    /// Where to listen when there are none.
    pub listeners: Listeners,
    /// Where we run; the app knows Supervisor.
    pub place: Place,
    /// The data folder.
    pub data: PathBuf,
    /// The time.
    pub clock: Clock,
    /// Logs and counts.
    pub telemetry: Telemetry,
    /// Learns the secrets.
    pub redactor: Redactor,
    /// What is followed for changes.
    pub declared: DeclaredSource,
}

/// Where we run.
#[derive(Clone)]
pub enum Place {
    /// As an app under Supervisor.
    App {
        /// Supervisor's address.
        supervisor: String,
        /// `SUPERVISOR_TOKEN`.
        token: SecretString,
    },
    /// By itself.
    Standalone,
}

impl Place {
    /// The way that settings are checked for.
    pub fn deployment(&self) -> Deployment {
        match self {
            Self::App { .. } => Deployment::App,
            Self::Standalone => Deployment::Standalone,
        }
    }
}

/// Why the program can't start at all.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings can't be used, and there is no Supervisor to tell a household so.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The data folder or the database can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A port is taken.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A file named in the settings can't be used.
    #[error("{path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The address of Home Assistant can't be used.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// TLS can't be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A provider can't be set up.
    #[error(transparent)]
    Provider(#[from] BuildError),
}

impl StartError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Settings(e) => e.code(),
            Self::Store(e) => e.code(),
            Self::Listen(e) => e.code(),
            Self::Connection(e) => e.code(),
            Self::File { .. } | Self::Tls(_) | Self::Provider(_) => Code::SettingsInvalid,
        }
    }
}

/// The running program.
pub struct App {
    /// Where health is served.
    pub health: SocketAddr,
    /// Where the page is served.
    pub page: SocketAddr,
    /// The system as it stands.
    pub system: watch::Receiver<Arc<SystemView>>,
    /// What is followed while the settings can't be used.
    faulty: Option<DeclaredWatch>,
    engine: Option<Engine>,
    store: Option<Store>,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl App {
    /// Starts all parts. Faulty settings keep the app up under Supervisor, so that the household is told.
    ///
    /// # Errors
    /// When the program can't run at all.
    pub async fn start(options: AppOptions, stop: CancellationToken) -> Result<Self, StartError> {
        match options.settings.clone() {
            Ok(settings) => {
                settings
                    .secrets()
                    .for_each(|secret| options.redactor.register(secret));
                Self::start_work(options, settings, stop).await
            }
            Err(error) => match &options.place {
                Place::App { supervisor, token } => {
                    let connection = Connection::supervisor_at(supervisor, token)?;
                    let supervisor = Supervisor::at(supervisor, token)?;
                    let declared = DeclaredWatch::of_app(supervisor, options.declared.clone());
                    let stop = stop.child_token();
                    let app = Self::start_to_tell(&options, connection, error, stop).await?;
                    Ok(Self {
                        faulty: Some(declared),
                        ..app
                    })
                }
                Place::Standalone => Err(error.into()),
            },
        }
    }

    /// Only what it takes to show what is wrong with the settings.
    async fn start_to_tell(
        options: &AppOptions,
        connection: Connection,
        error: SettingsError,
        stop: CancellationToken,
    ) -> Result<Self, StartError> {
        tracing::error!(code = %error.code(), remedy = log_remedy(error.code()), "the settings can't be used: {error}");
        let health =
            Listener::bind((Ipv4Addr::LOCALHOST, options.listeners.health_port).into()).await?;
        let page = Listener::bind(options.listeners.page).await?;
        let tracker = TaskTracker::new();
        let (home, session) = HomeAssistant::new(
            connection,
            options.clock,
            options.telemetry.clone(),
            stop.clone(),
        );
        tracker.spawn(Box::pin(session));
        let sources = Sources {
            settings: Some(error.clone()),
            home: Some(home.status()),
            ..Sources::new(options.clock.now(), VERSION)
        };
        let (system, follow) = health::follow(sources, stop.clone());
        tracker.spawn(follow);
        tracker.spawn(setup::settings_notice(
            home,
            Some(error),
            watch::channel(DeclaredState::default()).1,
            options.telemetry.clone(),
            stop.clone(),
        ));
        let shown = Shown {
            system: system.clone(),
            zones: watch::channel(ZoneViews::default()).1,
            sent: LastRequests::default(),
            inventory: None,
            dashboard: None,
            store: None,
        };
        let health_routes =
            web::health_routes(shown.clone(), web::rendered(options.telemetry.clone()));
        let page_routes = web::page_routes(shown, None, Guard::Ingress);
        let (health, page) = serve(
            &tracker,
            (health, health_routes),
            (page, page_routes),
            &stop,
        );
        Ok(Self {
            health,
            page,
            system,
            faulty: None,
            engine: None,
            store: None,
            tracker,
            stop,
        })
    }

    async fn start_work(
        options: AppOptions,
        settings: Settings,
        stop: CancellationToken,
    ) -> Result<Self, StartError> {
        let AppOptions {
            place,
            data,
            clock,
            telemetry,
            redactor,
            declared,
            ..
        } = options;
        let health = Listener::bind((Ipv4Addr::LOCALHOST, settings.health_port).into()).await?;
        let page = Listener::bind(settings.web.listen).await?;
        let connection = connection(&place, &settings)?;
        let broker = broker_source(&place, &settings, redactor.clone())?;
        let declared = match &place {
            Place::App { supervisor, token } => {
                DeclaredWatch::of_app(Supervisor::at(supervisor, token)?, declared)
            }
            Place::Standalone => DeclaredWatch::of_file(declared),
        };
        let (store, opening) = Store::open(&data, clock).await?;

        let tracker = TaskTracker::new();
        let (home, session) =
            HomeAssistant::new(connection, clock, telemetry.clone(), stop.clone());
        tracker.spawn(Box::pin(session));
        follow_zones(&home, &settings);

        let making = Making {
            home: home.clone(),
            store: store.clone(),
            clock,
            telemetry: telemetry.clone(),
            images: ImageThread::default(),
        };
        let budget = budget(&settings, &making).await?;
        let router = Arc::new(router_of(&settings, &making, budget.clone()).await?);
        tracker.spawn(budget.clone().follow(stop.clone()));
        let sent = router.last_requests();
        let router = watch::Sender::new(router);
        let language = watch::Sender::new(settings.language.clone());
        let notifications = watch::Sender::new(Arc::new(settings.notifications.clone()));
        let items = watch::Sender::new(settings.items.clone());
        let parts = Parts {
            clock,
            home: home.clone(),
            router: router.subscribe(),
            language: language.subscribe(),
            notifications: notifications.subscribe(),
            items: items.subscribe(),
            store: store.clone(),
            telemetry: telemetry.clone(),
            images: making.images.clone(),
            rounds: Arc::new(Semaphore::new(ROUNDS_AT_A_TIME)),
        };
        let engine = Engine::start(settings.zones.clone(), parts, &tracker, &stop).await?;

        let mut wanted = lists(&settings);
        // Lists that are no longer in the settings still get what was decided for them.
        wanted.extend(store.lists_in_use().await?);
        let sync = TodoSync {
            home: home.clone(),
            store: store.clone(),
            engine: engine.clone(),
            clock,
            telemetry: telemetry.clone(),
        };
        let lists = sync.start(&tracker, &stop);
        lists.follow(wanted);
        let state = watch::Sender::new(DeclaredState::default());
        let upkeep = UpkeepOptions {
            opening,
            retention: Retention::default(),
        };
        tracker.spawn(store::upkeep(
            store.clone(),
            upkeep,
            clock,
            telemetry.clone(),
            stop.clone(),
        ));

        let entity_options = EntityOptions {
            instance: settings.instance.clone(),
            prefix: settings.mqtt.discovery_prefix.clone(),
            publish_pictures: settings.mqtt.publish_pictures,
            version: VERSION,
        };
        let own_ids = own_ids(&entity_options, broker.is_some());
        let (commands, received) = mpsc::channel(COMMANDS);
        let dashboard = Dashboard::new(
            home.clone(),
            engine.clone(),
            store.clone(),
            settings.instance.clone(),
            telemetry.clone(),
        );
        let obey = obey(engine.clone(), dashboard.clone(), received, tracker.clone());
        tracker.spawn(stop.clone().run_until_cancelled_owned(obey));
        let mqtt = broker.map(|source| {
            Mqtt::new(
                entity_options.mqtt(),
                source,
                telemetry.clone(),
                stop.clone(),
            )
        });
        let (vitals, measure) = health::measure(
            store.clone(),
            router.subscribe(),
            engine.outbox_changed(),
            stop.clone(),
        );
        tracker.spawn(measure);
        let sources = Sources {
            zones: Some(engine.views()),
            home: Some(home.status()),
            mqtt: mqtt.as_ref().map(|(mqtt, ..)| mqtt.status()),
            lists: Some(lists.troubles()),
            declared: Some(state.subscribe()),
            spending: Some(budget.spending()),
            paused: Some(engine.paused()),
            vitals: Some(vitals),
            ..Sources::new(clock.now(), VERSION)
        };
        let (system, follow) = health::follow(sources, stop.clone());
        tracker.spawn(follow);
        if let Some((mqtt, incoming, session)) = mqtt {
            tracker.spawn(Box::pin(session));
            let wiring = entities::Wiring {
                mqtt,
                incoming,
                zones: engine.views(),
                system: system.clone(),
                events: engine.events(),
                language: settings.language.clone(),
                home: home.home(),
                commands: commands.clone(),
                telemetry: telemetry.clone(),
            };
            tracker.spawn(entities::run(wiring, entity_options, stop.clone()));
        }
        tracker.spawn(setup::settings_notice(
            home.clone(),
            None,
            state.subscribe(),
            telemetry.clone(),
            stop.clone(),
        ));
        let job_parts = JobParts {
            home: home.clone(),
            store: making.store.clone(),
            engine: engine.clone(),
            clock,
            telemetry: telemetry.clone(),
            rules: notifications.subscribe(),
            language: language.subscribe(),
            instance: settings.instance.clone(),
            ids: own_ids,
        };
        let reload = reload::Reload {
            making,
            engine: engine.clone(),
            lists,
            budget,
            router,
            language,
            notifications,
            items,
            redactor,
            telemetry: telemetry.clone(),
            state,
            at_start: settings.sections.clone(),
            applied: settings.sections.clone(),
        };
        tracker.spawn(Box::pin(outputs::jobs(job_parts, stop.clone())));
        tracker.spawn(reload.run(declared, stop.clone()));
        let guard = match (place.deployment(), settings.web.password) {
            (Deployment::App, _) => Guard::Ingress,
            (_, Some(password)) => Guard::Password(password),
            (_, None) => Guard::Loopback,
        };
        let shown = Shown {
            system: system.clone(),
            zones: engine.views(),
            sent,
            inventory: Some(InventorySource::new(home, settings.instance.clone())),
            dashboard: Some(dashboard),
            store: Some(store.clone()),
        };
        let health_routes = web::health_routes(shown.clone(), web::rendered(telemetry));
        let page_routes = web::page_routes(shown, Some(commands), guard);
        let (health, page) = serve(
            &tracker,
            (health, health_routes),
            (page, page_routes),
            &stop,
        );
        tracing::info!(version = VERSION, zones = settings.zones.len(), %page, %health, "AICleaner has started");
        if settings.zones.is_empty() {
            tracing::info!("{}", health::NO_ZONES);
        }
        Ok(Self {
            health,
            page,
            system,
            faulty: None,
            engine: Some(engine),
            store: Some(store),
            tracker,
            stop,
        })
    }

    /// Where people's commands can be handed in; none when the settings can't be used.
    pub fn engine(&self) -> Option<Engine> {
        self.engine.clone()
    }

    /// As [`Self::run`]; where the settings can't be used, only until they can: these are returned, to start with.
    pub async fn run_until_mended(mut self) -> Option<Settings> {
        let mut mended = None;
        if let Some(mut declared) = self.faulty.take() {
            let stop = self.stop.clone();
            let usable = async {
                loop {
                    if let Ok(settings) = declared.next().await {
                        return settings;
                    }
                }
            };
            mended = stop.run_until_cancelled(usable).await;
            stop.cancel();
        }
        self.run().await;
        mended
    }

    /// Waits for the stop, then until all parts have ended, at most 1.5 s.
    pub async fn run(self) {
        self.stop.cancelled().await;
        self.tracker.close();
        let in_time = timeout(GRACE, self.tracker.wait()).await.is_ok();
        drop(self.engine);
        if let Some(store) = self.store
            && in_time
        {
            store.close().await;
        }
        tracing::info!(in_time, "AICleaner has stopped");
    }
}

/// Hands commands on, from the entities and from the API.
async fn obey(
    engine: Engine,
    dashboard: Dashboard,
    mut commands: mpsc::Receiver<Command>,
    tracker: TaskTracker,
) {
    while let Some(command) = commands.recv().await {
        let Some(command) = EngineCommand::of(command) else {
            let dashboard = dashboard.clone();
            tracker.spawn(async move { dashboard.make_and_tell().await });
            continue;
        };
        // A refusal is counted by the engine.
        let _ = engine.command(command, Actor::Mqtt).await;
    }
}

fn serve(
    tracker: &TaskTracker,
    (health, health_routes): (Listener, axum::Router),
    (page, page_routes): (Listener, axum::Router),
    stop: &CancellationToken,
) -> (SocketAddr, SocketAddr) {
    let addresses = (health.address(), page.address());
    tracker.spawn(health.serve(health_routes, stop.clone()));
    tracker.spawn(page.serve(page_routes, stop.clone()));
    addresses
}

/// What providers, and the budget, are made with.
struct Making {
    home: HomeAssistant,
    store: Store,
    clock: Clock,
    telemetry: Telemetry,
    images: ImageThread,
}

/// How our own things are called in Home Assistant's registries.
fn own_ids(options: &EntityOptions, is_published: bool) -> OwnIds {
    let (of_device, of_picture) = (options.clone(), options.clone());
    let picture: IdOf = Arc::new(move |zone| of_picture.picture_id(zone));
    OwnIds {
        device: Arc::new(move |zone| of_device.zone_device(zone)),
        picture: (is_published && options.publish_pictures).then_some(picture),
    }
}

/// Follows what matters to the zones, and nothing else.
fn follow_zones(home: &HomeAssistant, settings: &Settings) {
    let zones = settings.zones.iter();
    home.watch_entities("zones", zones.clone().flat_map(Zone::entities).collect());
    let events = zones.flat_map(|zone| &zone.wake_by_events);
    home.watch_events(
        "zones",
        events.map(|event| event.event_type.clone()).collect(),
    );
}

/// The lists on which tasks belong.
fn lists(settings: &Settings) -> BTreeSet<EntityId> {
    let lists = settings
        .zones
        .iter()
        .filter_map(|zone| zone.todo_list.clone());
    lists.collect()
}

async fn budget(settings: &Settings, making: &Making) -> Result<Budget, StartError> {
    let zone = home_zone(&making.home);
    Ok(Budget::open(making.store.clone(), settings.caps, making.clock, zone).await?)
}

async fn router_of(
    settings: &Settings,
    making: &Making,
    budget: Budget,
) -> Result<Router, StartError> {
    let providers = router::build(
        settings,
        &BuildOptions {
            home: &making.home,
            telemetry: &making.telemetry,
            clock: making.clock,
        },
    )?;
    let options = RouterOptions {
        providers,
        budget,
        store: making.store.clone(),
        clock: making.clock,
        telemetry: making.telemetry.clone(),
        check_sight: settings.check_sight,
        deadline: router::DEADLINE,
        images: making.images.clone(),
    };
    Ok(Router::new(options).await?)
}

/// Shows each provider a test picture, without the data folder: another AICleaner may be using it. Waits for Home
/// Assistant first if a provider goes through it.
///
/// # Errors
/// When the settings can't be used for that.
pub async fn check_providers(
    settings: &Settings,
    place: &Place,
    patience: Duration,
) -> Result<Vec<Checked>, StartError> {
    let (clock, telemetry) = (Clock::system(), Telemetry::default());
    let stop = CancellationToken::new();
    let connection = connection(place, settings)?;
    let (home, session) = HomeAssistant::new(connection, clock, telemetry.clone(), stop.clone());
    let session = tokio::spawn(session);
    if settings.asks_home_assistant() {
        let mut status = home.status();
        // If it does not come, the provider's own answer says why.
        let _ = timeout(patience, status.wait_for(HomeStatus::is_running)).await;
    }
    let store = Store::in_memory(clock).await?;
    let making = Making {
        home,
        store,
        clock,
        telemetry,
        images: ImageThread::default(),
    };
    let budget = budget(settings, &making).await?;
    let router = router_of(settings, &making, budget).await?;
    let checked = router.check_providers().await;
    stop.cancel();
    let _ = timeout(GRACE, session).await;
    Ok(checked)
}

/// Home Assistant's time zone; UTC as long as it is not known.
fn home_zone(home: &HomeAssistant) -> ZoneSource {
    let info = home.home();
    Arc::new(move || {
        let info = info.borrow();
        let name = info.as_ref().map(|info| info.time_zone.as_str());
        name.and_then(|name| TimeZone::get(name).ok())
            .unwrap_or(TimeZone::UTC)
    })
}

fn connection(place: &Place, settings: &Settings) -> Result<Connection, StartError> {
    match (place, &settings.home_assistant) {
        (Place::App { supervisor, token }, _) => Ok(Connection::supervisor_at(supervisor, token)?),
        (Place::Standalone, Some(access)) => {
            let ca = own_ca(settings, access.ca_file.as_ref())?;
            Ok(Connection::standalone(
                &access.url,
                &access.token,
                ca.as_deref(),
            )?)
        }
        // Settings without an address do not pass their check.
        (Place::Standalone, None) => Err(StartError::File {
            path: "home_assistant".to_owned(),
            reason: "no address is set".to_owned(),
        }),
    }
}

/// The certificates of the settings, and those in a file of one connection.
fn own_ca(settings: &Settings, file: Option<&PathBuf>) -> Result<Option<Vec<u8>>, StartError> {
    let mut pem = settings.own_ca.clone().unwrap_or_default().into_bytes();
    if let Some(path) = file {
        pem.extend(std::fs::read(path).map_err(|e| StartError::File {
            path: path.display().to_string(),
            reason: e.to_string(),
        })?);
    }
    Ok((settings.own_ca.is_some() || file.is_some()).then_some(pem))
}

/// None when no broker is wanted: standalone, without one in the settings.
fn broker_source(
    place: &Place,
    settings: &Settings,
    redactor: Redactor,
) -> Result<Option<AnyBroker>, StartError> {
    match (&settings.mqtt.broker, place) {
        (Some(declared), _) => {
            let ca = own_ca(settings, declared.ca_file.as_ref())?;
            Ok(Some(AnyBroker::Declared(declared_broker(
                declared,
                ca.as_deref(),
            )?)))
        }
        (None, Place::App { supervisor, token }) => Ok(Some(AnyBroker::Supervisor {
            supervisor: Supervisor::at(supervisor, token)?,
            own_ca: settings.own_ca.clone(),
            redactor,
        })),
        (None, Place::Standalone) => Ok(None),
    }
}

fn declared_broker(declared: &BrokerSettings, ca: Option<&[u8]>) -> Result<Broker, StartError> {
    let tls = match declared.tls {
        true => Some(tls::client_config(ca)?),
        false => None,
    };
    Ok(Broker {
        host: declared.host.clone(),
        port: declared.port,
        username: declared.username.clone(),
        password: declared.password.clone(),
        tls,
    })
}

/// The broker of the settings, or the one that Supervisor names at each connection.
enum AnyBroker {
    Declared(Broker),
    Supervisor {
        supervisor: Supervisor,
        own_ca: Option<String>,
        redactor: Redactor,
    },
}

impl BrokerSource for AnyBroker {
    fn broker(&self) -> BoxFuture<'_, Result<Broker, BrokerUnknown>> {
        Box::pin(async move {
            match self {
                Self::Declared(broker) => Ok(broker.clone()),
                Self::Supervisor {
                    supervisor,
                    own_ca,
                    redactor,
                } => supervisors_broker(supervisor, own_ca.as_deref(), redactor).await,
            }
        })
    }
}

async fn supervisors_broker(
    supervisor: &Supervisor,
    own_ca: Option<&str>,
    redactor: &Redactor,
) -> Result<Broker, BrokerUnknown> {
    let unknown = |code, sentence: String| BrokerUnknown { code, sentence };
    let service = supervisor
        .mqtt()
        .await
        .map_err(|e| {
            unknown(
                e.code(),
                format!("Supervisor does not name the MQTT broker: {e}"),
            )
        })?
        .ok_or_else(|| {
            unknown(
                Code::MqttMissing,
                "There is no MQTT broker in this home.".to_owned(),
            )
        })?;
    if let Some(password) = &service.password {
        redactor.register(password);
    }
    let tls = if service.ssl {
        Some(
            tls::client_config(own_ca.map(str::as_bytes))
                .map_err(|e| unknown(Code::MqttRefused, e.to_string()))?,
        )
    } else {
        None
    };
    Ok(Broker {
        host: service.host,
        port: service.port,
        username: service.username,
        password: service.password,
        tls,
    })
}
