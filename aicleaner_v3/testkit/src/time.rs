//! Instants in the two forms Home Assistant writes them: ISO 8601 and seconds since 1970.
//! It only formats; nothing here decides anything by the clock.

use jiff::Timestamp;

/// Now, for a simulation that runs in real time.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// `2026-11-20T06:25:42.123456+00:00`, as Python's `isoformat` writes an aware UTC time.
pub(crate) fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

/// Seconds since 1970 with microseconds.
pub(crate) fn seconds(at: Timestamp) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "microseconds since 1970 fit a double for 280 years"
    )]
    let micros = at.as_microsecond() as f64;
    micros / 1e6
}
