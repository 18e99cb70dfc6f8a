//! The status page: plain HTML that works without scripts, under any prefix (all links are relative), and
//! says in the home's language how things stand. All text is escaped.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::time::timeout;

use crate::control::Queries;
use crate::i18n::messages as text;
use crate::i18n::{self, Locale, Message};
use crate::model::{Condition, Deployment, SystemStatus, SystemView, ZoneView};
use crate::setup::{as_yaml, propose};

/// Nothing but our own style and pictures is loaded.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// How long the page waits to learn what the home has.
const PATIENCE: Duration = Duration::from_secs(3);

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:0}\
.zone{border:1px solid #8884;border-radius:.75rem;padding:1rem;margin:1rem 0;display:flex;flex-wrap:wrap;gap:1rem}\
.zone img{width:16rem;max-width:100%;border-radius:.5rem;align-self:flex-start}\
.zone div{flex:1 1 16rem}\
.score{font-size:2rem;font-weight:600}\
.warn{border-left:4px solid #c60;padding:.25rem .75rem;white-space:pre-wrap}\
.quiet{opacity:.75}";

/// The page at `/`, and the pictures that it shows.
pub fn routes(queries: Queries) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/zones/{zone}/frame.jpg", get(frame))
        .with_state(queries)
}

async fn page(State(queries): State<Queries>) -> Response {
    let zones = queries.zones();
    let proposal = match zones.is_empty() {
        true => proposal(&queries).await,
        false => String::new(),
    };
    let reader = Reader {
        locale: queries.locale(),
        deployment: queries.deployment(),
    };
    let page = reader.html(&queries.system(), &zones, &proposal);
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Html(page)).into_response()
}

async fn frame(State(queries): State<Queries>, Path(zone): Path<String>) -> Response {
    let view = queries.zone(&zone);
    match view.and_then(|view| view.frame.clone()) {
        Some(frame) => {
            let headers = [
                (header::CONTENT_TYPE, "image/jpeg"),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, frame.jpeg).into_response()
        }
        None => (StatusCode::NOT_FOUND, "There is no picture yet.").into_response(),
    }
}

/// What to paste into the settings; empty if nothing can be proposed now.
async fn proposal(queries: &Queries) -> String {
    match timeout(PATIENCE, queries.inventory()).await {
        Ok(Ok(Some(inventory))) => as_yaml(&propose(&inventory)),
        // Home Assistant is away or slow, which the page says already.
        Ok(Ok(None) | Err(_)) | Err(_) => String::new(),
    }
}

/// Who reads the page: in which language, by which clocks, and how the program was installed for them.
struct Reader {
    locale: Locale,
    deployment: Deployment,
}

impl Reader {
    /// The message in the reader's language, as markup.
    fn say(&self, message: &Message) -> String {
        escaped(&self.locale.texts.render(message))
    }

    fn html(&self, system: &SystemView, zones: &[Arc<ZoneView>], proposal: &str) -> String {
        let language = escaped(self.locale.texts.language().tag());
        let status = match system.status {
            SystemStatus::Running if system.conditions.iter().any(Condition::is_problem) => {
                text::page_degraded()
            }
            SystemStatus::Running => text::page_running(),
            SystemStatus::NoZones => text::page_no_zones(),
            SystemStatus::Paused => text::page_paused(),
            SystemStatus::Waiting => text::page_waiting(),
        };
        let mut out = format!(
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta http-equiv=\"refresh\" content=\"5\"><title>AICleaner</title><style>{STYLE}</style></head><body>\
             <h1>AICleaner</h1><p>{}</p>",
            self.say(&status)
        );
        for condition in &system.conditions {
            self.condition(&mut out, condition);
        }
        for zone in zones {
            self.zone(&mut out, zone);
        }
        if !proposal.is_empty() {
            let _ = write!(
                out,
                "<h2>{}</h2><p>{}</p><pre>{}</pre>",
                self.say(&text::page_proposal()),
                self.say(&text::page_proposal_hint()),
                escaped(proposal)
            );
        }
        let version = self.say(&text::page_version(system.version));
        let _ = write!(out, "<p class=\"quiet\">{version}</p></body></html>");
        out
    }

    /// What is wrong, the details, what to do, and the code to look it up by.
    fn condition(&self, out: &mut String, condition: &Condition) {
        let (texts, reason) = (&self.locale.texts, &condition.reason);
        let _ = write!(
            out,
            "<p class=\"warn\">{}\n<span class=\"quiet\">{} ({})</span></p>",
            escaped(&texts.explanation(reason)),
            escaped(&texts.remedy(reason, self.deployment)),
            reason.code
        );
    }

    fn zone(&self, out: &mut String, view: &ZoneView) {
        let _ = write!(out, "<section class=\"zone\" id=\"zone-{}\">", view.zone.id);
        if let Some(frame) = &view.frame {
            let _ = write!(
                out,
                "<img src=\"zones/{}/frame.jpg?at={}\" alt=\"{}\">",
                view.zone.id,
                frame.taken_at.as_millisecond(),
                self.say(&text::page_last_picture(&view.zone.name))
            );
        }
        let _ = write!(out, "<div><h2>{}</h2>", escaped(&view.zone.name));
        match view.score {
            Some(score) => {
                let summary = escaped(&view.summary);
                let _ = write!(out, "<p class=\"score\">{score}</p><p>{summary}</p>");
            }
            None => self.line(out, "", &text::page_not_assessed()),
        }
        self.last_check(out, view);
        tasks(out, view);
        if view.open_tasks.is_empty() && view.score.is_some() {
            self.line(out, "", &text::page_nothing_to_do());
        }
        if let Some(at) = view.last_assessed {
            let at = at.to_zoned(self.locale.clocks());
            let at = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
            self.line(out, "quiet", &text::page_last_assessed(&at));
        }
        out.push_str("</div></section>");
    }

    fn last_check(&self, out: &mut String, view: &ZoneView) {
        if !view.watching {
            self.line(out, "quiet", &text::page_monitoring_off());
        }
        if let Some(failure) = &view.last_failure {
            let reason = self.locale.texts.explanation(failure);
            self.line(out, "warn", &text::page_check_failed(&reason));
        }
        if let Some(reason) = view.last_skip {
            let reason = self.locale.texts.render(&i18n::skip(reason));
            self.line(out, "quiet", &text::page_check_skipped(&reason));
        }
    }

    fn line(&self, out: &mut String, class: &str, message: &Message) {
        let _ = write!(out, "<p class=\"{class}\">{}</p>", self.say(message));
    }
}

fn tasks(out: &mut String, view: &ZoneView) {
    if view.open_tasks.is_empty() {
        return;
    }
    out.push_str("<ul>");
    for task in &view.open_tasks {
        let _ = write!(out, "<li>{}", escaped(&task.finding.title));
        if !task.finding.location.is_empty() {
            let location = escaped(&task.finding.location);
            let _ = write!(out, " <span class=\"quiet\">{location}</span>");
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
}

fn escaped(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                _ => out.push(c),
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, ConditionState, Dependency, Reason, Subject};

    fn reader() -> Reader {
        Reader {
            locale: Locale::default(),
            deployment: Deployment::App,
        }
    }

    fn faulty(details: &str) -> SystemView {
        let condition = Condition {
            subject: Subject::Dependency(Dependency::Settings),
            state: ConditionState::NeedsAttention,
            reason: Reason {
                details: details.to_owned(),
                ..Reason::new(Code::SettingsInvalid)
            },
            is_blocking: true,
            since: jiff::Timestamp::UNIX_EPOCH,
        };
        SystemView {
            status: SystemStatus::Waiting,
            conditions: vec![condition],
            ..SystemView::running(jiff::Timestamp::UNIX_EPOCH, "1.2.3")
        }
    }

    #[test]
    fn text_from_outside_can_not_become_markup() {
        let system = faulty("zones[0].name: found \"<script>alert('x')</script>\"");

        let page = reader().html(&system, &[], "<script>");

        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }

    #[test]
    fn all_is_well_is_only_said_where_nothing_is_wrong() {
        let well = SystemView::running(jiff::Timestamp::UNIX_EPOCH, "1.2.3");
        let mut degraded = faulty("");
        degraded.status = SystemStatus::Running;
        degraded.conditions[0].is_blocking = false;

        assert!(reader().html(&well, &[], "").contains("All is well"));
        assert!(!reader().html(&degraded, &[], "").contains("All is well"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_remedy_for_the_way_it_runs() {
        let page = reader().html(&faulty("zones[0].name: found nothing"), &[], "");

        assert!(page.contains("zones[0].name: found nothing"), "{page}");
        assert!(page.contains("Settings &gt; Apps &gt; AICleaner"), "{page}");
        assert!(page.contains("AIC-SET-002"), "{page}");
    }
}
