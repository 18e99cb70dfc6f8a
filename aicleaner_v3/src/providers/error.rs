//! Why a provider gave no answer: a class that decides what to do next, what it may have cost, and the
//! service's own words for whoever runs it. Never holds a key.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::Usage;
use crate::telemetry::Code;

/// What went wrong. The class decides whether it is tried again, and whether a person must help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing to ask.
    Missing(String),
    /// The key is wrong, or may not do this.
    BadKey,
    /// The service does not have the model.
    NoSuchModel,
    /// The model takes no pictures, or does not see them.
    Blind,
    /// What may be used is used up.
    Quota {
        /// When there is more, if the service said or it is known.
        resets_at: Option<Timestamp>,
    },
    /// Too many calls in too short a time.
    RateLimited {
        /// How long to wait, if the service said.
        retry_after: Option<Duration>,
    },
    /// The service is there, but can't now.
    Overloaded {
        /// How long to wait, if the service said.
        retry_after: Option<Duration>,
    },
    /// The service will not judge this picture.
    Refused,
    /// The service does not take our request as it is.
    Rejected,
    /// An answer that is no verdict, and why.
    BadAnswer(String),
    /// The service can't be reached, or the connection broke.
    Network,
    /// No answer in time.
    Timeout(Duration),
    /// Our pictures can't be handed over.
    Upload(String),
    /// Home Assistant is away, or the call failed there.
    Failed(String),
    /// It failed before and is temporarily disabled (circuit open).
    CircuitOpen {
        /// When it is tried again.
        until: Timestamp,
    },
    /// We asked as often as the settings allow.
    Limited {
        /// When it may be asked again.
        until: Timestamp,
    },
    /// The assessment as a whole took too long.
    OutOfTime,
}

/// What a failed call may have cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// The service did no work for it.
    Nothing,
    /// The service said what it used.
    Known(Usage),
    /// Nobody knows: the most it can have been.
    Worst,
}

/// Why a provider gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderError {
    /// What went wrong.
    pub fault: Fault,
    /// What it may have cost.
    pub charge: Charge,
    /// The service's own words: cut, sanitised, and without keys; empty if there are none.
    pub details: String,
}

impl ProviderError {
    /// An error that cost nothing.
    pub fn unpaid(fault: Fault, details: impl Into<String>) -> Self {
        Self {
            fault,
            charge: Charge::Nothing,
            details: details.into(),
        }
    }

    /// An error whose cost nobody knows.
    pub fn perhaps_paid(fault: Fault, details: impl Into<String>) -> Self {
        Self {
            fault,
            charge: Charge::Worst,
            details: details.into(),
        }
    }

    /// An answer that can't be used, and what it used.
    pub fn bad_answer(reason: impl Into<String>, usage: Option<Usage>) -> Self {
        Self {
            fault: Fault::BadAnswer(reason.into()),
            charge: usage.map_or(Charge::Worst, Charge::Known),
            details: String::new(),
        }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.fault.code()
    }
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Missing(_) => Code::ProviderMissing,
            Self::BadKey => Code::ProviderKey,
            Self::NoSuchModel => Code::ProviderModel,
            Self::Blind => Code::ProviderBlind,
            Self::Quota { .. } => Code::ProviderQuota,
            Self::RateLimited { .. } | Self::Limited { .. } => Code::ProviderRateLimit,
            Self::Overloaded { .. } | Self::CircuitOpen { .. } => Code::ProviderOverloaded,
            Self::Refused => Code::ProviderRefused,
            Self::Rejected => Code::ProviderRejected,
            Self::BadAnswer(_) => Code::ProviderAnswer,
            Self::Network => Code::ProviderNetwork,
            Self::Timeout(_) | Self::OutOfTime => Code::ProviderTimeout,
            Self::Upload(_) => Code::ImageUpload,
            Self::Failed(_) => Code::ProviderFailed,
        }
    }

    /// The word that stands for the class in logs, counts and the database.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::BadKey => "bad_key",
            Self::NoSuchModel => "no_such_model",
            Self::Blind => "blind",
            Self::Quota { .. } => "quota",
            Self::RateLimited { .. } => "rate_limited",
            Self::Overloaded { .. } => "overloaded",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
            Self::BadAnswer(_) => "bad_answer",
            Self::Network => "network",
            Self::Timeout(_) => "timeout",
            Self::Upload(_) => "upload",
            Self::Failed(_) => "failed",
            Self::CircuitOpen { .. } => "resting",
            Self::Limited { .. } => "limited",
            Self::OutOfTime => "out_of_time",
        }
    }

    /// Whether it stays as it is until a person changes something.
    pub fn needs_a_person(&self) -> bool {
        matches!(
            self,
            Self::BadKey | Self::NoSuchModel | Self::Blind | Self::Rejected
        )
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl std::error::Error for ProviderError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(why) => write!(f, "there is no AI to ask: {why}"),
            Self::BadKey => f.write_str("the service does not accept the key"),
            Self::NoSuchModel => f.write_str("the service does not have the model"),
            Self::Blind => f.write_str("the model does not see pictures"),
            Self::Quota {
                resets_at: Some(at),
            } => write!(
                f,
                "what may be used of the service is used up until {}",
                at.strftime("%Y-%m-%d %H:%M UTC")
            ),
            Self::Quota { resets_at: None } => {
                f.write_str("what may be used of the service is used up")
            }
            Self::RateLimited { .. } => f.write_str("the service was asked too often"),
            Self::Overloaded { .. } => f.write_str("the service is overloaded or out of order"),
            Self::Refused => f.write_str("the service refused to judge the picture"),
            Self::Rejected => f.write_str("the service does not take the request"),
            Self::BadAnswer(why) => write!(f, "the AI's answer can't be used: {why}"),
            Self::Network => {
                f.write_str("the service can't be reached, or the connection to it broke")
            }
            Self::Timeout(after) => write!(
                f,
                "the AI did not answer within {} seconds",
                after.as_secs()
            ),
            Self::Upload(why) => write!(
                f,
                "the picture could not be handed to Home Assistant's AI Task: {why}"
            ),
            Self::Failed(why) => write!(f, "the AI could not be asked: {why}"),
            Self::CircuitOpen { until } => write!(
                f,
                "it failed before and is tried again at {}",
                until.strftime("%H:%M:%S UTC")
            ),
            Self::Limited { until } => write!(
                f,
                "it was asked as often as the settings allow until {}",
                until.strftime("%H:%M:%S UTC")
            ),
            Self::OutOfTime => f.write_str("the assessment took too long"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_must_change_is_told_apart_from_what_passes() {
        assert!(Fault::BadKey.needs_a_person());
        assert!(!Fault::Network.needs_a_person());
        assert!(!Fault::Quota { resets_at: None }.needs_a_person());
    }

    #[test]
    fn a_reset_time_is_told() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();

        let text = Fault::Quota {
            resets_at: Some(at),
        }
        .to_string();

        assert!(text.ends_with("until 2027-01-15 08:00 UTC"), "{text}");
    }
}
