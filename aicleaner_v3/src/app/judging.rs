//! What judges, put together: the budget, the providers and their router. Also the providers' self-test, which needs
//! no data folder.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::connections;
use super::error::StartError;
use super::options::Host;
use super::running::GRACE;
use crate::clock::Clock;
use crate::home_assistant::{HomeAssistant, HomeStatus};
use crate::image_thread::ImageThread;
use crate::router::{self, Budget, BuildOptions, Checked, Router, RouterOptions, ZoneSource};
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
}

impl Means {
    /// The budget with what was spent so far.
    pub(super) async fn budget(&self, settings: &Settings) -> Result<Budget, StartError> {
        let zone = home_zone(&self.home);
        Ok(Budget::open(self.store.clone(), settings.caps, self.clock, zone).await?)
    }

    /// The providers of the settings behind one router.
    pub(super) async fn router(
        &self,
        settings: &Settings,
        budget: Budget,
    ) -> Result<Router, StartError> {
        let providers = router::build(
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

/// Shows each provider a test picture, without the data folder: another AICleaner may be using it. Waits for Home
/// Assistant first if a provider goes through it, `patience` at most.
///
/// # Errors
/// When the settings can't be used for that.
pub async fn check_providers(
    settings: &Settings,
    host: &Host,
    patience: Duration,
) -> Result<Vec<Checked>, StartError> {
    let (clock, telemetry) = (Clock::system(), Telemetry::default());
    let stop = CancellationToken::new();
    let connection = connections::home_assistant(host, settings)?;
    let (home, session) = HomeAssistant::new(connection, clock, telemetry.clone(), stop.clone());
    let session = tokio::spawn(session);
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
    };
    let budget = means.budget(settings).await?;
    let checked = means
        .router(settings, budget)
        .await?
        .check_providers()
        .await;
    stop.cancel();
    let _ = timeout(GRACE, session).await;
    Ok(checked)
}
