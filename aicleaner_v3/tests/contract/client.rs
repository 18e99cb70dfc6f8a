//! The program's own client of Home Assistant, with its session running.

use aicleaner::clock::Clock;
use aicleaner::home_assistant::{Connection, HomeAssistant, HomeStatus};
use aicleaner::telemetry::Telemetry;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{LIMIT, Place};

/// Its session ends when it is dropped.
pub struct Client {
    pub home: HomeAssistant,
    stop: CancellationToken,
    session: JoinHandle<()>,
}

impl Client {
    /// A client that is connected to the running home.
    pub async fn of(place: &Place) -> Self {
        let token = SecretString::from(place.token.clone());
        let connection = Connection::standalone(&place.url, &token, None).unwrap();
        let stop = CancellationToken::new();
        let (home, session) = HomeAssistant::new(
            connection,
            Clock::system(),
            Telemetry::default(),
            stop.clone(),
        );
        let client = Self {
            home,
            stop,
            session: tokio::spawn(session),
        };
        until(&mut client.home.status(), HomeStatus::is_running).await;
        client
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop.cancel();
        self.session.abort();
    }
}

/// Waits until the watched value is as wanted, and returns it.
pub async fn until<T: Clone + std::fmt::Debug>(
    watched: &mut watch::Receiver<T>,
    wanted: impl FnMut(&T) -> bool,
) -> T {
    let found = timeout(LIMIT, watched.wait_for(wanted)).await;
    let found = found.ok().map(|value| value.unwrap().clone());
    found.unwrap_or_else(|| panic!("waited in vain; the last was {:?}", watched.borrow()))
}
