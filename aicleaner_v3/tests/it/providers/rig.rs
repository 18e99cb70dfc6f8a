//! A router made from settings, in front of a simulated service.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aicleaner::clock::Clock;
use aicleaner::home_assistant::{Connection, HomeAssistant};
use aicleaner::image_thread::ImageThread;
use aicleaner::model::{EntityId, Sensitivity, TaskId, ZoneId};
use aicleaner::providers::{BuildOptions, KnownTask, ProviderError, Request, build};
use aicleaner::router::{Budget, DEADLINE, RouteError, Router, RouterOptions};
use aicleaner::settings::{Deployment, Settings};
use aicleaner::store::Store;
use aicleaner::telemetry::Telemetry;
use aicleaner::vision::{DecodeLimits, Picture, decode};
use aicleaner_testkit::model::SceneJudge;
use aicleaner_testkit::providers::{Api, Service};
use aicleaner_testkit::scene::Room;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub const KEY: &str = "CANARY-SECRET-KEY";
pub const MODEL: &str = "eyes-1";
pub const ALL: [Api; 4] = [Api::Gemini, Api::OpenAi, Api::Anthropic, Api::Ollama];

pub struct Rig {
    pub router: Router,
    pub service: Service,
    pub room: Arc<Room>,
    pub telemetry: Telemetry,
    pub data: TempDir,
}

/// The settings of one provider of the service, and `more` fields of it.
pub fn provider(api: Api, base: &str, more: &str) -> String {
    let (kind, key) = match api {
        Api::Gemini => ("gemini", true),
        Api::OpenAi => ("openai", true),
        Api::Anthropic => ("anthropic", true),
        Api::Ollama => ("ollama", false),
    };
    let key = match key {
        true => format!("api_key: {KEY}, "),
        false => String::new(),
    };
    format!("{{kind: {kind}, {key}model: {MODEL}, base_url: '{base}', {more}}}")
}

pub fn settings(yaml: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.yaml");
    std::fs::write(&file, yaml).unwrap();
    Settings::load(
        Some(&file),
        &BTreeMap::new(),
        Deployment::App,
        &aicleaner::providers::Kinds,
    )
    .unwrap()
}

impl Rig {
    pub async fn new(api: Api) -> Self {
        Self::with(api, "", "check_sight: false", None).await
    }

    /// `more` fields of the provider, `top` settings, and another time limit than the settings allow.
    pub async fn with(api: Api, more: &str, top: &str, timeout: Option<Duration>) -> Self {
        let room = Room::new("kitchen", 7);
        let judge = SceneJudge::new([room.clone()]);
        let service = Service::start(api, KEY, MODEL, judge).await.unwrap();
        let provider = provider(api, &service.base_url(), more);
        let mut settings = settings(&format!("{top}\nproviders: [{provider}]"));
        if let Some(timeout) = timeout {
            settings.providers[0].timeout = timeout;
        }
        let data = tempfile::tempdir().unwrap();
        let telemetry = Telemetry::default();
        let router = router(&settings, &data, &telemetry).await;
        Self {
            router,
            service,
            room,
            telemetry,
            data,
        }
    }

    pub async fn assess(&self) -> Result<aicleaner::router::Judged, RouteError> {
        self.router
            .assess(&[], self.request(&["Fold the blanket"]))
            .await
    }

    /// An assessment of a picture that is the same for all, because drawing takes long.
    pub async fn judged(&self) -> Result<aicleaner::router::Judged, RouteError> {
        static STILL: OnceLock<Arc<Request>> = OnceLock::new();
        let request = STILL.get_or_init(|| self.request(&["Fold the blanket"]));
        self.router.assess(&[], request.clone()).await
    }

    /// Why an assessment failed.
    pub async fn error(&self) -> ProviderError {
        match self.judged().await {
            Err(RouteError::Provider { error, .. }) => error,
            other => panic!("{other:?}"),
        }
    }

    pub fn request(&self, tasks: &[&str]) -> Arc<Request> {
        let snapshot = self.room.snapshot(Duration::ZERO, (1280, 720)).unwrap();
        let raster = decode(&snapshot.jpeg, &DecodeLimits::default()).unwrap();
        let camera = EntityId::parse("camera.kitchen").unwrap();
        let picture = Picture::new(camera, Timestamp::now(), &raster).unwrap();
        let task = |title: &&str| KnownTask {
            id: TaskId::new(Timestamp::now()),
            title: (*title).to_owned(),
            location: "sofa".to_owned(),
            area: None,
        };
        Arc::new(Request {
            zone: ZoneId::parse("kitchen").unwrap(),
            zone_name: "Kitchen".to_owned(),
            purpose: "We cook here.".to_owned(),
            ignore: vec!["the toaster".to_owned()],
            pictures: vec![picture].into(),
            views: vec![],
            sensitivity: Sensitivity::Normal,
            tasks: tasks.iter().map(task).collect(),
            language: "en".to_owned(),
        })
    }
}

pub async fn router(settings: &Settings, data: &TempDir, telemetry: &Telemetry) -> Router {
    let clock = Clock::system();
    let token = "unused".to_owned().into();
    let connection = Connection::standalone("http://127.0.0.1:9", &token, None).unwrap();
    let stop = CancellationToken::new();
    // The session is never run: these providers do not go through Home Assistant.
    let (home, _session) = HomeAssistant::new(connection, clock, telemetry.clone(), stop);
    let options = BuildOptions {
        home: &home,
        telemetry,
        clock,
    };
    let providers = build(settings, &options).unwrap();
    let store = Store::open(data.path(), Clock::system()).await.unwrap().0;
    let zone = Arc::new(|| TimeZone::UTC);
    let budget = Budget::open(store.clone(), settings.caps, clock, zone)
        .await
        .unwrap();
    let options = RouterOptions {
        providers,
        budget,
        store,
        clock,
        telemetry: telemetry.clone(),
        check_sight: settings.check_sight,
        deadline: DEADLINE,
        images: ImageThread::default(),
    };
    Router::new(options).await.unwrap()
}
