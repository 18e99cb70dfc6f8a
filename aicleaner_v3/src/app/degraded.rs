//! A degraded start: the settings can't be used, so only what shows a household what is wrong with them is started.

use std::net::Ipv4Addr;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connections;
use super::error::StartError;
use super::listening::{Bound, Serving};
use super::options::{AppOptions, SupervisorAccess};
use super::running::App;
use super::version::VERSION;
use crate::control::{Queries, QuerySources};
use crate::engine::ZoneViews;
use crate::health::{self, Sources};
use crate::home_assistant::{self, Connection, HomeAssistant};
use crate::i18n::{Locale, log_remedy};
use crate::model::Deployment;
use crate::router::LastRequests;
use crate::settings::{DeclaredState, SettingsError};
use crate::setup::{self, DeclaredWatch};
use crate::web::Guard;

/// Starts what it takes to show `error` on the page and in Home Assistant, and follows the options until they are
/// mended.
pub(super) async fn start(
    options: &AppOptions,
    access: &SupervisorAccess,
    error: SettingsError,
    stop: CancellationToken,
) -> Result<App, StartError> {
    tracing::error!(code = %error.code(), remedy = log_remedy(error.code()), "the settings can't be used: {error}");
    let connection = Connection::supervisor_at(&access.url, &access.token)?;
    let supervisor = connections::supervisor(access)?;
    let declared = DeclaredWatch::of_app(supervisor, options.declared.clone());
    let health = (Ipv4Addr::LOCALHOST, options.listeners.health_port).into();
    let bound = Bound::new(health, options.listeners.page).await?;

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
    let (system, follow) = health::follow(
        sources,
        options.clock,
        options.telemetry.clone(),
        stop.clone(),
    );
    tracker.spawn(follow);
    let known = watch::Sender::new(Locale::default());
    let locale = known.subscribe();
    tracker.spawn(home_assistant::follow_locale(
        known,
        watch::channel(()).1,
        |()| None,
        home.home(),
        stop.clone(),
    ));
    tracker.spawn(setup::settings_notice(
        home,
        Some(error),
        watch::channel(DeclaredState::default()).1,
        locale.clone(),
        Deployment::App,
        options.telemetry.clone(),
        stop.clone(),
    ));
    let queries = Queries::new(QuerySources {
        system: system.clone(),
        zones: watch::channel(ZoneViews::default()).1,
        sent: LastRequests::default(),
        inventory: None,
        store: None,
        locale,
        deployment: Deployment::App,
    });
    let (health, page) = bound.serve(
        Serving {
            queries,
            control: None,
            guard: Guard::Ingress,
            telemetry: options.telemetry.clone(),
        },
        &tracker,
        &stop,
    );
    Ok(App {
        health,
        page,
        system,
        faulty: Some(declared),
        work: None,
        tracker,
        stop,
    })
}
