//! The session: connects, reads at once, and connects again, for ever, until it is told to stop.
//! Never does work of its own on what it reads: others hear of it through watches and replies.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::telemetry::Telemetry;

use super::connection::Connection;
use super::event_types::HomeEvent;
use super::events::{Connected, Disconnected, Running, Starting, TokenRefused};
use super::outgoing::OutgoingCommand;
use super::protocol::{HomeReport, Protocol};
use super::socket::{Setback, Socket, open};
use super::states::States;
use super::status::{HomeInfo, HomeStatus};
use super::text::chain;
use super::wanted::Wanted;

/// After this long without a word we ask for one.
const QUIET: Duration = Duration::from_secs(30);
/// And then wait this long.
const PONG_TIMEOUT: Duration = Duration::from_secs(10);
/// Between questions whether Home Assistant is ready; its event usually comes first.
const STARTING_POLL: Duration = Duration::from_secs(5);
/// Between tries to subscribe to a list that refused.
const RETRY: Duration = Duration::from_secs(5);
/// The most commands that wait to be sent.
const COMMANDS: usize = 64;
/// The most texts that wait for the socket. More than the commands that may be pending, with what we send ourselves.
const OUTGOING: usize = 256;
/// Events that may wait at a slow receiver.
const EVENTS: usize = 256;
/// A socket that takes a text for longer is broken.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// What the session and its handles share.
#[derive(Clone)]
pub(super) struct Channels {
    pub(super) status: watch::Sender<HomeStatus>,
    pub(super) home: watch::Sender<Option<HomeInfo>>,
    pub(super) states: watch::Sender<Arc<States>>,
    pub(super) wanted: watch::Sender<Wanted>,
    pub(super) events: broadcast::Sender<HomeEvent>,
    /// Where commands go while there is a connection.
    pub(super) commands: watch::Sender<Option<mpsc::Sender<OutgoingCommand>>>,
}

impl Default for Channels {
    fn default() -> Self {
        Self {
            status: watch::Sender::new(HomeStatus::Connecting { why: None }),
            home: watch::Sender::default(),
            states: watch::Sender::default(),
            wanted: watch::Sender::default(),
            events: broadcast::Sender::new(EVENTS),
            commands: watch::Sender::default(),
        }
    }
}

/// The session.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) telemetry: Telemetry,
    pub(super) stop: CancellationToken,
    pub(super) channels: Channels,
}

impl Session {
    /// Runs until it is told to stop.
    pub(super) async fn run(self) {
        let stop = self.stop.clone();
        stop.run_until_cancelled(self.connect_for_ever()).await;
        self.forget();
        self.channels
            .status
            .send_replace(HomeStatus::Connecting { why: None });
    }

    async fn connect_for_ever(&self) {
        let mut backoff = Backoff::default();
        loop {
            let setback = match open(&self.connection).await {
                Ok(socket) => self.converse(socket, &mut backoff).await,
                Err(setback) => setback,
            };
            self.forget();
            self.tell(&setback);
            sleep(setback.met().wait(&mut backoff)).await;
        }
    }

    /// Talks until the connection ends, and returns why.
    async fn converse(&self, socket: Socket, backoff: &mut Backoff) -> Setback {
        let (sink, stream) = socket.split();
        let (outgoing, texts) = mpsc::channel(OUTGOING);
        tokio::select! {
            setback = write(sink, texts) => setback,
            setback = self.read(stream, &outgoing, backoff) => setback,
        }
    }

    async fn read(
        &self,
        mut stream: SplitStream<Socket>,
        outgoing: &mpsc::Sender<String>,
        backoff: &mut Backoff,
    ) -> Setback {
        let (commands_in, mut commands) = mpsc::channel(COMMANDS);
        let mut wanted = self.channels.wanted.subscribe();
        let mut protocol =
            Protocol::new(self.channels.states.clone(), self.channels.events.clone());
        protocol.want(&wanted.borrow_and_update());
        protocol.ask_config();
        self.channels.commands.send_replace(Some(commands_in));

        let mut heard = Instant::now();
        let mut pinged = false;
        let mut greeted = false;
        let mut retry_at = heard + RETRY;
        let mut poll_at = Some(heard + STARTING_POLL);
        loop {
            for text in protocol.take_outgoing() {
                if outgoing.try_send(text).is_err() {
                    return Setback::lost("it no longer takes what is sent");
                }
            }
            let silence_at = heard + if pinged { QUIET + PONG_TIMEOUT } else { QUIET };
            let wake_at = [Some(silence_at), Some(retry_at), poll_at]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(silence_at);
            tokio::select! {
                frame = stream.next() => {
                    heard = Instant::now();
                    pinged = false;
                    let text = match frame {
                        Some(Ok(Message::Text(text))) => text,
                        Some(Ok(Message::Close(_))) | None => return Setback::lost("it closed the connection"),
                        Some(Ok(_)) => continue,
                        Some(Err(e)) => return Setback::lost(chain(&e)),
                    };
                    match protocol.frame(&text) {
                        Ok(None) => {}
                        Ok(Some(told)) => {
                            backoff.reset();
                            poll_at = (!told.running).then(|| heard + STARTING_POLL);
                            self.hear(told, !greeted);
                            greeted = true;
                        }
                        Err(e) => return Setback::strange(chain(&e)),
                    }
                }
                Some(command) = commands.recv() => protocol.command(command),
                changed = wanted.changed() => {
                    if changed.is_ok() {
                        protocol.want(&wanted.borrow_and_update());
                    }
                }
                () = sleep_until(wake_at) => {
                    let now = Instant::now();
                    if now >= silence_at {
                        if pinged {
                            return Setback::lost("it no longer answers");
                        }
                        pinged = true;
                        protocol.ping();
                    }
                    if now >= retry_at {
                        retry_at = now + RETRY;
                        protocol.retry();
                    }
                    if poll_at.is_some_and(|at| now >= at) {
                        poll_at = Some(now + STARTING_POLL);
                        protocol.ask_config();
                    }
                }
            }
        }
    }

    /// Home Assistant said how it is; `first`: for the first time in this connection.
    fn hear(&self, told: HomeReport, first: bool) {
        let status = if told.running {
            HomeStatus::Running
        } else {
            HomeStatus::Starting
        };
        let before = self.channels.status.borrow().clone();
        if first {
            self.telemetry.emit(&Connected {
                version: &told.info.version,
            });
        }
        if status != before {
            match status {
                HomeStatus::Running => self.telemetry.emit(&Running),
                _ => self.telemetry.emit(&Starting),
            }
        }
        let info = Some(told.info);
        self.channels.home.send_if_modified(|seen| {
            let changed = *seen != info;
            *seen = info;
            changed
        });
        self.channels.status.send_replace(status);
    }

    /// There is no connection: tells it if it is news.
    fn tell(&self, setback: &Setback) {
        let status = match setback {
            Setback::TokenRefused { .. } => HomeStatus::TokenRefused,
            Setback::Starting => HomeStatus::Starting,
            Setback::Unavailable { unavailable, .. } => HomeStatus::Connecting {
                why: Some(unavailable.clone()),
            },
        };
        if *self.channels.status.borrow() == status {
            return;
        }
        match setback {
            Setback::TokenRefused { message } => self.telemetry.emit(&TokenRefused { message }),
            Setback::Starting => self.telemetry.emit(&Starting),
            Setback::Unavailable { unavailable, .. } => {
                self.telemetry.emit(&Disconnected { unavailable })
            }
        }
        self.channels.status.send_replace(status);
    }

    /// Nothing is known of entities and lists any more, and nothing can be ordered.
    fn forget(&self) {
        self.channels.commands.send_replace(None);
        self.channels.states.send_replace(Arc::default());
        self.channels.wanted.borrow().forget_lists();
    }
}

/// Sends what there is to send, until that fails.
async fn write(mut sink: SplitSink<Socket, Message>, mut texts: mpsc::Receiver<String>) -> Setback {
    while let Some(text) = texts.recv().await {
        match timeout(SEND_TIMEOUT, sink.send(Message::text(text))).await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => return Setback::lost(chain(&e)),
            Err(_) => return Setback::lost("it no longer takes what is sent"),
        }
    }
    Setback::lost("the session ended")
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use crate::telemetry::Code;

    use super::*;

    fn session() -> Session {
        let token = SecretString::from("token");
        Session {
            connection: Connection::standalone("http://127.0.0.1:9", &token, None).unwrap(),
            telemetry: Telemetry::default(),
            stop: CancellationToken::new(),
            channels: Channels::default(),
        }
    }

    fn count(session: &Session, name: &str, kind: &str) -> u64 {
        session.telemetry.metrics().get(name, kind)
    }

    #[test]
    fn a_wrong_token_is_told_once() {
        let session = session();
        let refused = Setback::TokenRefused {
            message: "Invalid access token or password".to_owned(),
        };

        session.tell(&refused);
        session.tell(&refused);

        assert_eq!(count(&session, "home_assistant_token_refused", ""), 1);
        assert_eq!(*session.channels.status.borrow(), HomeStatus::TokenRefused);
    }

    #[test]
    fn an_absence_is_told_once_and_again_after_a_return() {
        let session = session();
        let told = HomeReport {
            info: HomeInfo {
                location_name: "Home".to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
                language: "de".to_owned(),
                version: "2026.11.0".to_owned(),
            },
            running: true,
        };

        for _ in 0..2 {
            session.tell(&Setback::lost("gone"));
            session.tell(&Setback::lost("gone"));
            session.hear(told.clone(), true);
            session.hear(told.clone(), false);
        }

        let code = Code::HomeAssistantUnreachable.as_str();
        assert_eq!(count(&session, "home_assistant_disconnected", code), 2);
        assert_eq!(count(&session, "home_assistant_connected", ""), 2);
        assert_eq!(count(&session, "home_assistant_running", ""), 2);
    }
}
