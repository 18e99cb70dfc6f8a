//! What became of a dashboard, for the log and the counts.

use super::error::DashboardError;
use super::made::Made;
use crate::i18n::log_remedy;
use crate::telemetry::Event;

/// The dashboard is made, or up to date.
pub struct DashboardMade<'a> {
    pub made: &'a Made,
}

impl Event for DashboardMade<'_> {
    const NAME: &'static str = "dashboard_made";

    fn log(&self) {
        let Made { url_path, is_new } = self.made;
        tracing::info!(url_path, is_new, "the dashboard is up to date");
    }
}

/// There is no dashboard.
pub struct DashboardFailed<'a> {
    pub error: &'a DashboardError,
}

impl Event for DashboardFailed<'_> {
    const NAME: &'static str = "dashboard_failed";

    fn kind(&self) -> &'static str {
        self.error.code().as_str()
    }

    fn log(&self) {
        let code = self.error.code();
        tracing::warn!(%code, remedy = log_remedy(code), "no dashboard: {}", self.error);
    }
}
