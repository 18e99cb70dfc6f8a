//! Tells a household, in Home Assistant itself, that the settings can't be used; takes it back when they can.

use tokio_util::sync::CancellationToken;

use crate::home_assistant::HomeAssistant;
use crate::settings::SettingsError;
use crate::telemetry::{Event, Telemetry};

const NOTIFICATION: &str = "aicleaner_settings";

/// Shows or takes back the notification as soon as Home Assistant runs, again after each of its restarts
/// (notifications do not survive them).
pub async fn settings_notice(
    home: HomeAssistant,
    error: Option<SettingsError>,
    telemetry: Telemetry,
    stop: CancellationToken,
) {
    let mut status = home.status();
    loop {
        let told = async {
            status.wait_for(|status| status.is_running()).await.ok()?;
            let done = match &error {
                Some(error) => {
                    let message = format!(
                        "AICleaner can't start its work:\n\n```\n{error}\n```\n\n{} ({})",
                        error.code().remedy(),
                        error.code()
                    );
                    home.notify_persistent(NOTIFICATION, "AICleaner: check the settings", &message)
                        .await
                }
                None => home.dismiss_persistent(NOTIFICATION).await,
            };
            if let Err(error) = done {
                telemetry.emit(&NoticeFailed {
                    reason: error.to_string(),
                });
            }
            status.wait_for(|status| !status.is_running()).await.ok()
        };
        tokio::select! {
            () = stop.cancelled() => return,
            gone = told => if gone.is_none() { return },
        }
    }
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
