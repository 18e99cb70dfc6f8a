//! What happens between us and providers: each a struct that is logged and counted in one place. The services'
//! own words go to the debug log alone.

use std::time::Duration;

use jiff::Timestamp;

use crate::i18n::log_remedy;
use crate::model::{Cap, Usd};
use crate::providers::{ProviderError, Repair};
use crate::telemetry::{Code, Event};

/// A provider was asked once.
pub struct ProviderAsked<'a> {
    pub provider: &'a str,
    pub outcome: &'static str,
    pub cost: Usd,
    pub took: Duration,
}

impl Event for ProviderAsked<'_> {
    const NAME: &'static str = "provider_asked";

    fn kind(&self) -> &'static str {
        self.outcome
    }

    fn log(&self) {
        tracing::debug!(provider = self.provider, outcome = self.outcome, cost = %self.cost, seconds = self.took.as_secs_f32(), "provider asked");
    }
}

/// A provider gave no answer.
pub struct ProviderFailed<'a> {
    pub provider: &'a str,
    pub error: &'a ProviderError,
}

impl Event for ProviderFailed<'_> {
    const NAME: &'static str = "provider_failed";

    fn kind(&self) -> &'static str {
        self.error.fault.class()
    }

    fn log(&self) {
        tracing::debug!(provider = self.provider, code = %self.error.code(), details = self.error.details, "provider failed: {}", self.error);
    }
}

/// A provider is disabled after failures.
pub struct CircuitOpened<'a> {
    pub provider: &'a str,
    pub error: &'a ProviderError,
    pub until: Timestamp,
}

impl Event for CircuitOpened<'_> {
    const NAME: &'static str = "provider_rests";

    fn kind(&self) -> &'static str {
        self.error.fault.class()
    }

    fn log(&self) {
        let code = self.error.code();
        tracing::warn!(provider = self.provider, %code, remedy = log_remedy(code), until = %self.until, "provider temporarily disabled (circuit open): {}", self.error);
    }
}

/// A provider that was disabled answers again.
pub struct CircuitClosed<'a> {
    pub provider: &'a str,
}

impl Event for CircuitClosed<'_> {
    const NAME: &'static str = "provider_is_back";

    fn log(&self) {
        tracing::info!(provider = self.provider, "provider answers again");
    }
}

/// An answer had to be put right before it could be read.
pub struct AnswerRepaired<'a> {
    pub provider: &'a str,
    pub repair: Repair,
}

impl Event for AnswerRepaired<'_> {
    const NAME: &'static str = "answer_repaired";

    fn kind(&self) -> &'static str {
        self.repair.as_str()
    }

    fn log(&self) {
        tracing::debug!(
            provider = self.provider,
            repair = self.repair.as_str(),
            "answer repaired"
        );
    }
}

/// An answer could not be read, and is asked for once more.
pub struct AskedAgain<'a> {
    pub provider: &'a str,
    pub reason: &'a str,
}

impl Event for AskedAgain<'_> {
    const NAME: &'static str = "asked_again";

    fn log(&self) {
        tracing::debug!(
            provider = self.provider,
            reason = self.reason,
            "answer can't be read; asked again"
        );
    }
}

/// A call was not made, because it could have passed a cap.
pub struct CapMet<'a> {
    pub provider: &'a str,
    pub cap: Cap,
}

impl Event for CapMet<'_> {
    const NAME: &'static str = "cap_met";

    fn kind(&self) -> &'static str {
        self.cap.as_str()
    }

    fn log(&self) {
        tracing::info!(provider = self.provider, cap = self.cap.as_str(), code = %Code::CapReached, remedy = log_remedy(Code::CapReached), "not asked: the budget is used up");
    }
}

/// A test picture was shown to a provider.
pub struct SelfTestDone<'a> {
    pub provider: &'a str,
    pub right: usize,
    pub of: usize,
    pub sees: bool,
}

impl Event for SelfTestDone<'_> {
    const NAME: &'static str = "sight_checked";

    fn kind(&self) -> &'static str {
        match self.sees {
            true => "sees",
            false => "blind",
        }
    }

    fn log(&self) {
        match self.sees {
            true => tracing::info!(
                provider = self.provider,
                right = self.right,
                of = self.of,
                "the provider sees our pictures"
            ),
            false => {
                let code = Code::ProviderBlind;
                tracing::error!(provider = self.provider, right = self.right, of = self.of, %code, remedy = log_remedy(code), "the provider does not see our pictures: it is not used");
            }
        }
    }
}

/// What was learned of a provider could not be stored. It is learned again after a restart.
pub struct NotRemembered {
    pub reason: String,
}

impl Event for NotRemembered {
    const NAME: &'static str = "provider_state_not_stored";

    fn log(&self) {
        tracing::warn!(code = %Code::Database, "a provider's state could not be stored: {}", self.reason);
    }
}
