//! A provider and its kind, as the settings know them. Checks nothing: the kinds and `providers` do.

use std::time::Duration;

use secrecy::SecretString;

use super::declared::Provider;
use super::fault::Faults;
use crate::model::Price;

/// The kinds of providers that there are.
pub trait ProviderKinds {
    /// All, in the order in which people are told of them; at least one. The first is used when no provider is
    /// declared.
    fn all(&self) -> Vec<&'static ProviderKind>;
}

/// What the settings must know of a kind of provider.
#[derive(Debug)]
pub struct ProviderKind {
    /// Its name in the settings, unique.
    pub name: &'static str,
    /// What it is, in a few words within a sentence.
    pub title: &'static str,
    /// How long an answer may take, unless a person says otherwise.
    pub timeout: Duration,
    /// Calls at the same time, unless a person says otherwise.
    pub at_a_time: usize,
    /// How it is charged.
    pub pricing: Pricing,
    /// Whether it goes through Home Assistant.
    pub asks_home_assistant: bool,
    /// Checks the settings of its own, those of the provider at the path. None if they can't be used; then there is a
    /// fault.
    pub check: fn(&Provider, &str, &mut Faults) -> Option<ProviderCheck>,
}

/// How a kind of provider is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pricing {
    /// By the call, if at all.
    Calls,
    /// By the token.
    Tokens,
}

impl Pricing {
    /// The settings that say what it costs, in words.
    pub(super) fn settings(self) -> &'static str {
        match self {
            Self::Calls => "price_per_call",
            Self::Tokens => "price_input and price_output (US dollars for a million tokens)",
        }
    }
}

/// What a kind's own check tells of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderCheck {
    /// Whether its pictures are known to stay in the house.
    pub stays_home: bool,
    /// What it costs when a person does not say; none if nobody knows.
    pub price: Option<Price>,
}

/// One provider, checked.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Unique; the kind's name unless a person chose another.
    pub name: String,
    /// Which kind.
    pub kind: &'static ProviderKind,
    /// As declared; it passed the kind's check.
    pub declared: Provider,
    /// How long an answer may take.
    pub timeout: Duration,
    /// The longest side of pictures for it, in pixels; none is the usual one.
    pub max_side: Option<u32>,
    /// JPEG quality of pictures for it, 1 to 100; none is the usual one.
    pub quality: Option<u8>,
    /// What it costs; none if nobody knows.
    pub price: Option<Price>,
    /// The most tokens of an answer; none is the usual number.
    pub most_tokens_out: Option<u32>,
    /// Calls a minute; none is no limit.
    pub per_minute: Option<u32>,
    /// Calls a day; none is no limit.
    pub per_day: Option<u32>,
    /// Calls at the same time.
    pub at_a_time: usize,
}

impl ProviderSettings {
    /// The key, if it has one.
    pub fn key(&self) -> Option<&SecretString> {
        self.declared.api_key.as_ref().map(|key| &key.0)
    }
}
