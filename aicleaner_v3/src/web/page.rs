//! The status page: plain HTML that works without scripts, under any prefix (all links are relative), and
//! says in plain sentences how things stand. All text is escaped.

use std::fmt::Write as _;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::time::timeout;

use super::Shown;
use super::last_request;
use crate::model::{SystemStatus, SystemView, ZoneView};
use crate::setup::{InventorySource, as_yaml, propose};

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

pub fn routes(shown: Shown) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/zones/{zone}/frame.jpg", get(frame))
        .merge(last_request::routes())
        .with_state(shown)
}

async fn page(State(shown): State<Shown>) -> Response {
    let system = shown.system.borrow().clone();
    let zones = shown.views();
    let proposal = match (&shown.inventory, zones.is_empty()) {
        (Some(inventory), true) => proposal(inventory).await,
        _ => String::new(),
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (
        headers,
        Html(html(&system, zones.iter().map(AsRef::as_ref), &proposal)),
    )
        .into_response()
}

async fn frame(State(shown): State<Shown>, Path(zone): Path<String>) -> Response {
    let view = shown
        .views()
        .into_iter()
        .find(|view| view.zone.id.as_str() == zone);
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
async fn proposal(inventory: &InventorySource) -> String {
    match timeout(PATIENCE, inventory.inventory()).await {
        Ok(Ok(inventory)) => as_yaml(&propose(&inventory)),
        // Home Assistant is away or slow, which the page says already.
        Ok(Err(_)) | Err(_) => String::new(),
    }
}

fn html<'a>(
    system: &SystemView,
    zones: impl Iterator<Item = &'a ZoneView>,
    proposal: &str,
) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta http-equiv=\"refresh\" content=\"5\"><title>AICleaner</title><style>{STYLE}</style></head><body>\
         <h1>AICleaner</h1><p>{}</p>",
        match system.status {
            SystemStatus::Running => "All is well: connected and watching.",
            SystemStatus::NoZones => "Connected.",
            SystemStatus::Paused => "Everything is paused.",
            SystemStatus::Waiting => "Waiting for what is named here:",
        }
    );
    let troubles = system
        .missing
        .iter()
        .map(|(_, sentence)| sentence)
        .chain(&system.troubles);
    for sentence in troubles {
        let _ = write!(out, "<p class=\"warn\">{}</p>", escaped(sentence));
    }
    for zone in zones {
        zone_html(&mut out, zone);
    }
    if !proposal.is_empty() {
        let _ = write!(
            out,
            "<h2>Zones that your home could have</h2><p>Made from the areas that have cameras. Copy what you like into the settings:</p><pre>{}</pre>",
            escaped(proposal)
        );
    }
    let _ = write!(
        out,
        "<p class=\"quiet\">Version {}</p></body></html>",
        escaped(system.version)
    );
    out
}

fn zone_html(out: &mut String, view: &ZoneView) {
    let _ = write!(out, "<section class=\"zone\" id=\"zone-{}\">", view.zone.id);
    if let Some(frame) = &view.frame {
        let _ = write!(
            out,
            "<img src=\"zones/{}/frame.jpg?at={}\" alt=\"Last picture of {}\">",
            view.zone.id,
            frame.taken_at.as_millisecond(),
            escaped(&view.zone.name)
        );
    }
    let _ = write!(out, "<div><h2>{}</h2>", escaped(&view.zone.name));
    match view.score {
        Some(score) => {
            let _ = write!(
                out,
                "<p class=\"score\">{score}</p><p>{}</p>",
                escaped(&view.summary)
            );
        }
        None => out.push_str("<p>Not assessed yet.</p>"),
    }
    if !view.watching {
        out.push_str("<p class=\"quiet\">Watching is switched off.</p>");
    }
    if let Some(failure) = &view.last_failure {
        let _ = write!(
            out,
            "<p class=\"warn\">The last look failed: {}</p>",
            escaped(failure)
        );
    }
    if let Some(reason) = view.last_skip {
        let _ = write!(
            out,
            "<p class=\"quiet\">The last look was skipped: {}.</p>",
            reason.as_str().replace('_', " ")
        );
    }
    if view.open_tasks.is_empty() {
        if view.score.is_some() {
            out.push_str("<p>Nothing to do.</p>");
        }
    } else {
        out.push_str("<ul>");
        for task in &view.open_tasks {
            let _ = write!(out, "<li>{}", escaped(&task.finding.title));
            if !task.finding.location.is_empty() {
                let _ = write!(
                    out,
                    " <span class=\"quiet\">{}</span>",
                    escaped(&task.finding.location)
                );
            }
            out.push_str("</li>");
        }
        out.push_str("</ul>");
    }
    if let Some(at) = view.last_assessed {
        let _ = write!(
            out,
            "<p class=\"quiet\">Last assessed {}</p>",
            at.strftime("%Y-%m-%d %H:%M:%S UTC")
        );
    }
    out.push_str("</div></section>");
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
    use crate::model::Dependency;

    #[test]
    fn text_from_outside_can_not_become_markup() {
        let system = SystemView {
            status: SystemStatus::Waiting,
            missing: vec![(
                Dependency::Settings,
                "zones[0].name: found \"<script>alert('x')</script>\"".to_owned(),
            )],
            ..SystemView::running(jiff::Timestamp::UNIX_EPOCH, "1.2.3")
        };

        let page = html(&system, std::iter::empty(), "<script>");

        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }
}
