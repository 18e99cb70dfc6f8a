//! The start: builds every part from the settings, wires them, and sets them to work. Decides nothing that the parts
//! could decide.

use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::error::StartError;
use super::judging::Means;
use super::listening::{Bound, Serving};
use super::options::AppOptions;
use super::reload::{self, Reload};
use super::running::{App, Work};
use super::version::VERSION;
use super::{connections, degraded};
use crate::control::{Control, Queries, QuerySources};
use crate::engine::{Configuration, Engine, Services};
use crate::entities::{self, EntityOptions};
use crate::health::{self, Sources};
use crate::home_assistant::{self, HomeAssistant};
use crate::i18n::{Locale, english, error};
use crate::image_thread::ImageThread;
use crate::model::{Code, Deployment, SystemView};
use crate::mqtt::{Incoming, Mqtt, MqttStatus};
use crate::outputs::{self, Dashboard, IdOf, JobParts, Lists, OwnIds, TodoSync};
use crate::router::Budget;
use crate::settings::{DeclaredState, Settings};
use crate::setup::{self, DeclaredWatch, InventorySource};
use crate::store::{self, Opening, Retention, Store, UpkeepOptions};
use crate::telemetry::Redactor;
use crate::web::Guard;

/// Rounds of snapshots at the same time: a camera that hangs must not hold up the others, and each picture may have
/// 24 MiB.
const CAPTURES_AT_A_TIME: usize = 3;

impl App {
    /// Starts all parts. Faulty settings keep the app up under Supervisor, so that the household is told.
    ///
    /// # Errors
    /// When the program can't run at all.
    pub async fn start(options: AppOptions, stop: CancellationToken) -> Result<Self, StartError> {
        match (options.settings.clone(), options.host.supervisor.clone()) {
            (Ok(settings), _) => {
                let redactor = &options.redactor;
                settings
                    .secrets()
                    .for_each(|secret| redactor.register(secret));
                Box::pin(start_work(options, settings, stop)).await
            }
            (Err(error), Some(access)) => {
                degraded::start(&options, &access, error, stop.child_token()).await
            }
            (Err(error), None) => Err(error.into()),
        }
    }
}

async fn start_work(
    options: AppOptions,
    settings: Settings,
    stop: CancellationToken,
) -> Result<App, StartError> {
    let health = (Ipv4Addr::LOCALHOST, settings.health_port).into();
    let bound = Bound::new(health, settings.web.listen).await?;
    let connection = connections::home_assistant(&options.host, &settings)?;
    let broker = connections::broker(&options.host, &settings, options.redactor.clone())?;
    let declared = declared(&options)?;
    let (store, opening) = Store::open(&options.data, options.clock).await?;
    let tracker = TaskTracker::new();
    let telemetry = options.telemetry.clone();
    let (home, session) = HomeAssistant::new(connection, options.clock, telemetry, stop.clone());
    tracker.spawn(Box::pin(session));
    let locale = watch::Sender::new(Locale::new(settings.language.as_deref(), None, None));
    let start = Start {
        deployment: options.host.deployment(),
        means: Means {
            home,
            store,
            clock: options.clock,
            telemetry: options.telemetry,
            images: ImageThread::default(),
            locale: locale.subscribe(),
        },
        settings,
        tracker,
        stop,
    };
    start.keep_store(opening);
    let broker = broker.map(|source| {
        Mqtt::new(
            start.entity_options().mqtt(),
            source,
            start.means.telemetry.clone(),
            start.stop.clone(),
        )
    });
    Box::pin(start.work(bound, broker, declared, options.redactor, locale)).await
}

/// What is followed for changed settings.
fn declared(options: &AppOptions) -> Result<DeclaredWatch, StartError> {
    let source = options.declared.clone();
    Ok(match &options.host.supervisor {
        Some(access) => DeclaredWatch::of_app(connections::supervisor(access)?, source),
        None => DeclaredWatch::of_file(source),
    })
}

/// What all parts are started with.
struct Start {
    deployment: Deployment,
    means: Means,
    settings: Settings,
    tracker: TaskTracker,
    stop: CancellationToken,
}

/// A broker's session that is to run: the handle, the messages to us, and the work.
type Session<F> = (Mqtt, mpsc::Receiver<Incoming>, F);

impl Start {
    async fn work(
        self,
        bound: Bound,
        broker: Option<Session<impl Future<Output = ()> + Send + 'static>>,
        declared: DeclaredWatch,
        redactor: Redactor,
        locale: watch::Sender<Locale>,
    ) -> Result<App, StartError> {
        let budget = self.means.budget(&self.settings).await?;
        self.spawn(budget.clone().follow(self.stop.clone()));
        let router = self.means.router(&self.settings, budget.clone()).await?;
        let sent = router.last_requests();
        let configuration =
            watch::Sender::new(reload::configuration(&self.settings, Arc::new(router)));
        let watched = configuration.subscribe();
        self.follow_locale(locale, watched.clone());
        reload::follow_zones(&self.means.home, &self.settings);
        let engine = self.engine(watched.clone()).await?;
        let lists = self.lists(&engine).await?;
        let dashboard = self.dashboard(&engine);
        let control = Control::new(engine.clone(), dashboard);
        let state = watch::Sender::new(DeclaredState::default());
        let mqtt = broker.as_ref().map(|(mqtt, ..)| mqtt.status());
        let system = self.health(&engine, watched.clone(), &budget, &lists, &state, mqtt);
        let is_published = broker.is_some();
        if let Some(broker) = broker {
            self.entities(broker, &engine, &control, system.clone());
        }
        self.tell_of_settings(&state);
        self.jobs(&engine, watched, &control, is_published);
        let queries = Queries::new(QuerySources {
            system: system.clone(),
            zones: engine.views(),
            sent,
            inventory: Some(InventorySource::new(
                self.means.home.clone(),
                self.settings.instance.clone(),
            )),
            store: Some(self.means.store.clone()),
            locale: self.means.locale.clone(),
            deployment: self.deployment,
        });
        let serving = Serving {
            queries,
            control: Some(control.clone()),
            guard: guard(self.deployment, &self.settings),
            telemetry: self.means.telemetry.clone(),
        };
        let (health, page) = bound.serve(serving, &self.tracker, &self.stop);
        let zones = self.settings.zones.len();
        tracing::info!(version = VERSION, zones, %page, %health, "AICleaner has started");
        if zones == 0 {
            tracing::info!("{}", english(&error(Code::NoZones)));
        }
        let Self {
            deployment: _,
            means,
            settings,
            tracker,
            stop,
        } = self;
        let store = means.store.clone();
        let reload = Reload {
            means,
            engine: engine.clone(),
            lists,
            budget,
            configuration,
            redactor,
            state,
            at_start: settings.sections.clone(),
            applied: settings.sections,
        };
        tracker.spawn(reload.run(declared, stop.clone()));
        Ok(App {
            health,
            page,
            system,
            faulty: None,
            work: Some(Work {
                engine,
                control,
                store,
            }),
            tracker,
            stop,
        })
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(work);
    }

    fn keep_store(&self, opening: Opening) {
        let options = UpkeepOptions {
            opening,
            retention: Retention::default(),
        };
        self.spawn(store::upkeep(
            self.means.store.clone(),
            options,
            self.means.clock,
            self.means.telemetry.clone(),
            self.stop.clone(),
        ));
    }

    /// The home's language and clocks, from the settings and from Home Assistant.
    fn follow_locale(
        &self,
        locale: watch::Sender<Locale>,
        configuration: watch::Receiver<Configuration>,
    ) {
        self.spawn(home_assistant::follow_locale(
            locale,
            configuration,
            |configuration| configuration.language.as_deref(),
            self.means.home.home(),
            self.stop.clone(),
        ));
    }

    async fn engine(
        &self,
        configuration: watch::Receiver<Configuration>,
    ) -> Result<Engine, StartError> {
        let services = Services {
            clock: self.means.clock,
            home: self.means.home.clone(),
            configuration,
            locale: self.means.locale.clone(),
            store: self.means.store.clone(),
            telemetry: self.means.telemetry.clone(),
            images: self.means.images.clone(),
            captures: Arc::new(Semaphore::new(CAPTURES_AT_A_TIME)),
        };
        let zones = self.settings.zones.clone();
        Ok(Engine::start(zones, services, &self.tracker, &self.stop).await?)
    }

    async fn lists(&self, engine: &Engine) -> Result<Lists, StartError> {
        let mut wanted = reload::lists(&self.settings);
        // Lists that are no longer in the settings still get what was decided for them.
        wanted.extend(self.means.store.lists_in_use().await?);
        let sync = TodoSync {
            home: self.means.home.clone(),
            store: self.means.store.clone(),
            engine: engine.clone(),
            clock: self.means.clock,
            telemetry: self.means.telemetry.clone(),
        };
        let lists = sync.start(&self.tracker, &self.stop);
        lists.follow(wanted);
        Ok(lists)
    }

    fn dashboard(&self, engine: &Engine) -> Dashboard {
        Dashboard::new(
            self.means.home.clone(),
            engine.clone(),
            self.means.store.clone(),
            self.settings.instance.clone(),
            self.means.locale.clone(),
            self.deployment,
            self.means.telemetry.clone(),
        )
    }

    fn health(
        &self,
        engine: &Engine,
        configuration: watch::Receiver<Configuration>,
        budget: &Budget,
        lists: &Lists,
        state: &watch::Sender<DeclaredState>,
        mqtt: Option<watch::Receiver<MqttStatus>>,
    ) -> watch::Receiver<Arc<SystemView>> {
        let (vitals, measure) = health::measure(
            self.means.store.clone(),
            configuration,
            engine.outbox_changed(),
            self.stop.clone(),
        );
        self.spawn(measure);
        let sources = Sources {
            zones: Some(engine.views()),
            home: Some(self.means.home.status()),
            mqtt,
            lists: Some(lists.troubles()),
            declared: Some(state.subscribe()),
            spending: Some(budget.spending()),
            paused: Some(engine.paused()),
            vitals: Some(vitals),
            ..Sources::new(self.means.clock.now(), VERSION)
        };
        let (system, follow) = health::follow(
            sources,
            self.means.clock,
            self.means.telemetry.clone(),
            self.stop.clone(),
        );
        self.spawn(follow);
        system
    }

    fn entity_options(&self) -> EntityOptions {
        EntityOptions {
            instance: self.settings.instance.clone(),
            prefix: self.settings.mqtt.discovery_prefix.clone(),
            publish_pictures: self.settings.mqtt.publish_pictures,
            version: VERSION,
        }
    }

    fn entities(
        &self,
        (mqtt, incoming, session): Session<impl Future<Output = ()> + Send + 'static>,
        engine: &Engine,
        control: &Control,
        system: watch::Receiver<Arc<SystemView>>,
    ) {
        self.tracker.spawn(Box::pin(session));
        let wiring = entities::Wiring {
            mqtt,
            incoming,
            zones: engine.views(),
            system,
            events: engine.events(),
            locale: self.means.locale.clone(),
            commands: Arc::new(control.clone()),
            refused: control.refused(),
            telemetry: self.means.telemetry.clone(),
        };
        self.spawn(entities::run(
            wiring,
            self.entity_options(),
            self.stop.clone(),
        ));
    }

    fn tell_of_settings(&self, state: &watch::Sender<DeclaredState>) {
        self.spawn(setup::settings_notice(
            self.means.home.clone(),
            None,
            state.subscribe(),
            self.means.locale.clone(),
            self.deployment,
            self.means.telemetry.clone(),
            self.stop.clone(),
        ));
    }

    fn jobs(
        &self,
        engine: &Engine,
        configuration: watch::Receiver<Configuration>,
        control: &Control,
        is_published: bool,
    ) {
        let parts = JobParts {
            home: self.means.home.clone(),
            store: self.means.store.clone(),
            engine: engine.clone(),
            commands: Arc::new(control.clone()),
            clock: self.means.clock,
            telemetry: self.means.telemetry.clone(),
            configuration,
            locale: self.means.locale.clone(),
            instance: self.settings.instance.clone(),
            ids: own_ids(&self.entity_options(), is_published),
        };
        self.tracker
            .spawn(Box::pin(outputs::jobs(parts, self.stop.clone())));
    }
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

/// Who may open the page.
fn guard(deployment: Deployment, settings: &Settings) -> Guard {
    match (deployment, &settings.web.password) {
        (Deployment::App, _) => Guard::Ingress,
        (_, Some(password)) => Guard::Password(password.clone()),
        (_, None) => Guard::Loopback,
    }
}
