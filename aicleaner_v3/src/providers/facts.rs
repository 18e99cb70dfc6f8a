//! What is known of a provider before it is asked: prices, limits, the pictures it wants. Plain data.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::model::Price;

/// What is known of a provider before it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Its name in the settings, unique.
    pub name: String,
    /// Which kind it is, such as `ai_task`.
    pub kind: &'static str,
    /// The model or entity that was asked for; part of what the canary's result is remembered under.
    pub model: String,
    /// How long an answer may take.
    pub timeout: Duration,
    /// The pictures it wants.
    pub picture: PictureForm,
    /// What its calls cost; none if that is not known.
    pub price: Option<Price>,
    /// The most tokens that one picture may count for.
    pub tokens_per_picture: u64,
    /// The most tokens that an answer may have.
    pub most_tokens_out: u64,
    /// The most calls to the service that one question takes.
    pub calls_per_question: u32,
    /// How often it may be asked.
    pub limits: RateLimits,
    /// How many frames of each camera it wants, a few seconds apart.
    pub frames_wanted: usize,
    /// Whether it shows pictures to a model: only then can it be blind, and only then does something leave us.
    pub asks_a_model: bool,
}

/// The pictures that a provider wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureForm {
    /// The longest side in pixels.
    pub longest_side: u32,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
}

impl PictureForm {
    /// Enough to see a sock, and cheap with every service.
    pub const USUAL: Self = Self {
        longest_side: 1024,
        quality: 82,
    };
}

/// How often a provider may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Calls a minute; none is no limit.
    pub per_minute: Option<u32>,
    /// Calls a day; none is no limit.
    pub per_day: Option<u32>,
    /// Whose midnight starts the day.
    pub day: QuotaDay,
    /// Calls at the same time, at least 1.
    pub at_a_time: usize,
}

/// Whose midnight starts the day of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaDay {
    /// UTC.
    Utc,
    /// Pacific time: Gemini's daily quotas (ai.google.dev/gemini-api/docs/rate-limits).
    Pacific,
}

impl QuotaDay {
    /// The IANA name of the time zone.
    pub fn time_zone(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Pacific => "America/Los_Angeles",
        }
    }
    /// The next midnight after `now`; none at the end of time.
    pub fn next_midnight(self, now: Timestamp) -> Option<Timestamp> {
        let zone = TimeZone::get(self.time_zone()).ok()?;
        let tomorrow = now
            .to_zoned(zone.clone())
            .date()
            .checked_add(1.day())
            .ok()?;
        Some(tomorrow.to_zoned(zone).ok()?.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_quota_ends_at_midnight_in_california_also_when_clocks_change() {
        let next = |text: &str| {
            QuotaDay::Pacific
                .next_midnight(text.parse().unwrap())
                .unwrap()
                .to_string()
        };

        assert_eq!(next("2026-11-20T07:59:00Z"), "2026-11-20T08:00:00Z");
        assert_eq!(next("2026-11-20T08:00:00Z"), "2026-11-21T08:00:00Z");
        assert_eq!(next("2026-03-08T09:00:00Z"), "2026-03-09T07:00:00Z");
    }
}
