//! `aicleaner run`: the program itself.

use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::{BAD_SETTINGS, Environment, FAILURE, SUCCESS, data_folder, host, load};
use crate::app::{App, AppOptions, StartError};
use crate::cli::RunArguments;
use crate::clock::Clock;
use crate::i18n::log_remedy;
use crate::settings::{Listeners, LogLevel};
use crate::setup::DeclaredSource;
use crate::telemetry::{RedactingWriter, Redactor, Telemetry};

/// Runs until SIGTERM or SIGINT.
pub async fn run(arguments: RunArguments, environment: &Environment) -> u8 {
    let host = host(environment);
    let redactor = Redactor::default();
    if let Some(access) = &host.supervisor {
        redactor.register(&access.token);
    }
    let file = arguments.settings.settings;
    let settings = load(file.clone(), &host, environment);
    log(
        settings
            .as_ref()
            .map_or(LogLevel::default(), |settings| settings.log_level),
        &redactor,
    );
    let data = data_folder(arguments.data, &host);
    let stop = CancellationToken::new();
    if let Err(error) = stop_on_signals(&stop) {
        tracing::error!("signals can't be received: {error}");
        return FAILURE;
    }
    let listeners = Listeners::without_file(environment, host.deployment());
    let declared = DeclaredSource {
        file,
        environment: environment.clone(),
        nudge: nudge_on_hangup(),
    };
    let telemetry = Telemetry::default();
    let mut settings = settings;
    loop {
        let options = AppOptions {
            settings,
            listeners,
            host: host.clone(),
            data: data.clone(),
            clock: Clock::system(),
            telemetry: telemetry.clone(),
            redactor: redactor.clone(),
            declared: declared.clone(),
        };
        let ended = match start(options, stop.clone()).await {
            Ok(app) => app.run_until_mended().await,
            Err(error) => return refused(&error),
        };
        match ended {
            Some(mended) => settings = Ok(mended),
            None => return SUCCESS,
        }
    }
}

/// Starts on a thread of its own: starting takes a deep stack, whose pages would stay with any other thread.
async fn start(options: AppOptions, stop: CancellationToken) -> Result<App, StartError> {
    let runtime = Handle::current();
    let (ends, ended) = oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        let _ends = ends;
        runtime.block_on(App::start(options, stop))
    });
    // Nothing is ever sent: it ends with the thread.
    let _ = ended.await;
    thread
        .join()
        .unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
}

/// Says why the program can't start; returns the exit code.
fn refused(error: &StartError) -> u8 {
    tracing::error!(code = %error.code(), remedy = log_remedy(error.code()), "AICleaner can't start: {error}");
    match error {
        StartError::Settings(_)
        | StartError::File { .. }
        | StartError::Connection(_)
        | StartError::Provider(_)
        | StartError::Tls(_) => BAD_SETTINGS,
        StartError::Store(_) | StartError::Listen(_) => FAILURE,
    }
}

fn log(level: LogLevel, redactor: &Redactor) {
    // What libraries say below a warning is of no use to those who run it.
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("aicleaner", level_filter(level));
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .with_writer(RedactingWriter::stderr(redactor.clone()));
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
}

fn level_filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warning => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    }
}

/// SIGHUP asks to read the settings again.
fn nudge_on_hangup() -> Option<watch::Receiver<u64>> {
    let mut hangups = signal(SignalKind::hangup()).ok()?;
    let (nudge, nudged) = watch::channel(0);
    tokio::spawn(async move {
        while hangups.recv().await.is_some() && !nudge.is_closed() {
            nudge.send_modify(|count: &mut u64| *count = count.wrapping_add(1));
        }
    });
    Some(nudged)
}

fn stop_on_signals(stop: &CancellationToken) -> std::io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut signals = signal(kind)?;
        let stop = stop.clone();
        tokio::spawn(async move {
            if signals.recv().await.is_some() {
                stop.cancel();
            }
        });
    }
    Ok(())
}
