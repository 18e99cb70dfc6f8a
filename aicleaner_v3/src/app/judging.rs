//! What judges, put together: the budget, the providers and their router. Also the providers' self-test, which needs
//! no data folder.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::connections;
use super::error::StartError;
use super::options::Host;
use super::running::GRACE;
use crate::clock::Clock;
use crate::home_assistant::{HomeAssistant, HomeStatus};
use crate::i18n::Locale;
use crate::image_thread::ImageThread;
use crate::providers::{self, BuildOptions};
use crate::router::{self, Budget, Router, RouterOptions, SelfTestReport, ZoneSource};
use crate::settings::Settings;
use crate::store::Store;
use crate::telemetry::Telemetry;

/// What providers, their router and the budget are made with.
pub(super) struct Means {
    pub(super) home: HomeAssistant,
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) telemetry: Telemetry,
    pub(super) images: ImageThread,
    pub(super) locale: watch::Receiver<Locale>,
}

impl Means {
    /// The budget with what was spent so far.
    pub(super) async fn budget(&self, settings: &Settings) -> Result<Budget, StartError> {
        let locale = self.locale.clone();
        let zone: ZoneSource = Arc::new(move || locale.borrow().clocks());
        Ok(Budget::open(self.store.clone(), settings.caps, self.clock, zone).await?)
    }

    /// The providers of the settings behind one router.
    pub(super) async fn router(
        &self,
        settings: &Settings,
        budget: Budget,
    ) -> Result<Router, StartError> {
        let providers = providers::build(
            settings,
            &BuildOptions {
                home: &self.home,
                telemetry: &self.telemetry,
                clock: self.clock,
            },
        )?;
        let options = RouterOptions {
            providers,
            budget,
            store: self.store.clone(),
            clock: self.clock,
            telemetry: self.telemetry.clone(),
            check_sight: settings.check_sight,
            deadline: router::DEADLINE,
            images: self.images.clone(),
        };
        Ok(Router::new(options).await?)
    }
}

/// Shows each provider a test picture, without the data folder: another AICleaner may be using it. Waits for Home
/// Assistant first if a provider goes through it, `patience` at most.
///
/// # Errors
/// When the settings can't be used for that.
pub async fn check_providers(
    settings: &Settings,
    host: &Host,
    patience: Duration,
) -> Result<Vec<SelfTestReport>, StartError> {
    let (clock, telemetry) = (Clock::system(), Telemetry::default());
    let stop = CancellationToken::new();
    let connection = connections::home_assistant(host, settings)?;
    let (home, session) = HomeAssistant::new(connection, clock, telemetry.clone(), stop.clone());
    let session = tokio::spawn(session);
    let locale =
        watch::Sender::new(Locale::new(settings.language.as_deref(), None, None)).subscribe();
    if settings.asks_home_assistant() {
        let mut status = home.status();
        // If it does not come, the provider's own answer says why.
        let _ = timeout(patience, status.wait_for(HomeStatus::is_running)).await;
    }
    let means = Means {
        home,
        store: Store::in_memory(clock).await?,
        clock,
        telemetry,
        images: ImageThread::default(),
        locale,
    };
    let budget = means.budget(settings).await?;
    let checked = means.router(settings, budget).await?.self_test().await;
    stop.cancel();
    let _ = timeout(GRACE, session).await;
    Ok(checked)
}
