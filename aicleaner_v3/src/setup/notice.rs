//! Tells a household, in Home Assistant itself, that the settings can't be used or wait for a restart; takes it back
//! when that is over.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::home_assistant::HomeAssistant;
use crate::i18n::messages::{notice_not_started, notice_title};
use crate::i18n::{Locale, Texts};
use crate::model::{Code, Deployment, Reason};
use crate::settings::{DeclaredState, SettingsError};
use crate::telemetry::{Event, Telemetry};

const NOTIFICATION: &str = "aicleaner_settings";

/// Keeps the notification as it should be from when Home Assistant runs, also after each of its restarts
/// (notifications do not survive them). `fault` keeps the program from its work.
pub async fn settings_notice(
    home: HomeAssistant,
    fault: Option<SettingsError>,
    mut declared: watch::Receiver<DeclaredState>,
    mut locale: watch::Receiver<Locale>,
    deployment: Deployment,
    telemetry: Telemetry,
    stop: CancellationToken,
) {
    let mut status = home.status();
    loop {
        let told = async {
            status.wait_for(|status| status.is_running()).await.ok()?;
            let texts = locale.borrow_and_update().texts.clone();
            let state = declared.borrow_and_update().clone();
            let done = match &text(&texts, deployment, fault.as_ref(), &state) {
                Some(message) => {
                    let title = texts.render(&notice_title());
                    home.notify_persistent(NOTIFICATION, &title, message).await
                }
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
                Ok(()) = locale.changed() => Some(()),
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            gone = told => if gone.is_none() { return },
        }
    }
}

/// Markdown; none if all is well.
fn text(
    texts: &Texts,
    deployment: Deployment,
    fault: Option<&SettingsError>,
    declared: &DeclaredState,
) -> Option<String> {
    let quoted = |lead: String, error: &SettingsError| {
        let reason = Reason::new(error.code());
        let remedy = texts.remedy(&reason, deployment);
        format!("{lead}\n\n```\n{error}\n```\n\n{remedy} ({})", reason.code)
    };
    if let Some(error) = fault {
        return Some(quoted(texts.render(&notice_not_started()), error));
    }
    if let Some(error) = &declared.refused {
        let lead = texts.reason(&Reason::new(Code::SettingsRefused));
        return Some(quoted(lead, error));
    }
    (!declared.needs_restart.is_empty()).then(|| {
        let reason = Reason {
            name: Some(declared.needs_restart.join(", ")),
            ..Reason::new(Code::RestartNeeded)
        };
        let remedy = texts.remedy(&reason, deployment);
        format!("{} {remedy}", texts.reason(&reason))
    })
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
