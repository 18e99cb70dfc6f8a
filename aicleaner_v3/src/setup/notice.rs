//! Tells a household, in Home Assistant itself, that the settings can't be used or wait for a restart; takes it back
//! when that is over.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::DeclaredState;
use crate::home_assistant::HomeAssistant;
use crate::i18n::log_remedy;
use crate::settings::SettingsError;
use crate::telemetry::{Event, Telemetry};

const NOTIFICATION: &str = "aicleaner_settings";
const TITLE: &str = "AICleaner: check the settings";

/// Keeps the notification as it should be from when Home Assistant runs, also after each of its restarts
/// (notifications do not survive them). `fault` keeps the program from its work.
pub async fn settings_notice(
    home: HomeAssistant,
    fault: Option<SettingsError>,
    mut declared: watch::Receiver<DeclaredState>,
    telemetry: Telemetry,
    stop: CancellationToken,
) {
    let mut status = home.status();
    loop {
        let told = async {
            status.wait_for(|status| status.is_running()).await.ok()?;
            let text = text(fault.as_ref(), &declared.borrow_and_update().clone());
            let done = match &text {
                Some(message) => home.notify_persistent(NOTIFICATION, TITLE, message).await,
                None => home.dismiss_persistent(NOTIFICATION).await,
            };
            if let Err(error) = done {
                telemetry.emit(&NoticeFailed {
                    reason: error.to_string(),
                });
            }
            tokio::select! {
                gone = status.wait_for(|status| !status.is_running()) => gone.ok().map(drop),
                Ok(()) = declared.changed() => Some(()),
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            gone = told => if gone.is_none() { return },
        }
    }
}

/// Markdown; none if all is well.
fn text(fault: Option<&SettingsError>, declared: &DeclaredState) -> Option<String> {
    let quoted = |lead: &str, error: &SettingsError| {
        let code = error.code();
        format!(
            "{lead}\n\n```\n{error}\n```\n\n{} ({code})",
            log_remedy(code)
        )
    };
    if let Some(error) = fault {
        return Some(quoted("AICleaner can't start its work:", error));
    }
    if let Some(error) = &declared.refused {
        let lead = "The changed settings can't be used, so AICleaner goes on with the ones before:";
        return Some(quoted(lead, error));
    }
    declared.sentences().pop()
}

/// The notification could not be shown or taken back.
struct NoticeFailed {
    reason: String,
}

impl Event for NoticeFailed {
    const NAME: &'static str = "notice_failed";

    fn log(&self) {
        tracing::warn!(
            reason = self.reason,
            "the notification about the settings could not be changed"
        );
    }
}
