//! The Home Assistant client against the simulated home and Supervisor's simulated front.

mod cameras;
mod connecting;
mod lists;
mod real;
mod services;
mod supervisor;

use std::time::Duration;

use aicleaner::clock::Clock;
use aicleaner::home_assistant::{Connection, HomeAssistant, HomeStatus};
use aicleaner::model::EntityId;
use aicleaner::telemetry::Telemetry;
use aicleaner_testkit::home::Home;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(15);
const LIST: &str = "todo.chores";
const CAMERA: &str = "camera.study";

/// A client whose session runs; it ends when dropped.
struct Client {
    home: HomeAssistant,
    telemetry: Telemetry,
    stop: CancellationToken,
    session: JoinHandle<()>,
}

impl Client {
    fn start(connection: Connection) -> Self {
        let telemetry = Telemetry::default();
        let stop = CancellationToken::new();
        let (home, session) =
            HomeAssistant::new(connection, Clock::system(), telemetry.clone(), stop.clone());
        let session = tokio::spawn(session);
        Self {
            home,
            telemetry,
            stop,
            session,
        }
    }

    /// A client of `home`, with its token.
    fn of(home: &Home) -> Self {
        let token = SecretString::from(home.token().unwrap());
        Self::start(Connection::standalone(&home.url(), &token, None).unwrap())
    }

    /// A client of `home` that is connected to a running home.
    async fn running(home: &Home) -> Self {
        let client = Self::of(home);
        client.reaches(HomeStatus::is_running).await;
        client
    }

    async fn reaches(&self, wanted: impl FnMut(&HomeStatus) -> bool) -> HomeStatus {
        until(&mut self.home.status(), wanted).await
    }

    fn count(&self, event: &str, kind: &str) -> u64 {
        self.telemetry.metrics().get(event, kind)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop.cancel();
        self.session.abort();
    }
}

/// Waits until the watched value is as wanted, and returns it.
async fn until<T: Clone + std::fmt::Debug>(
    watched: &mut watch::Receiver<T>,
    wanted: impl FnMut(&T) -> bool,
) -> T {
    let found = timeout(LIMIT, watched.wait_for(wanted)).await;
    let found = found.ok().map(|value| value.unwrap().clone());
    found.unwrap_or_else(|| panic!("waited in vain; the last was {:?}", watched.borrow()))
}

fn entity(text: &str) -> EntityId {
    EntityId::parse(text).unwrap()
}
