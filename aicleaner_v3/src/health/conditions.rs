//! What is not as it should be, gathered from those who know. Pure: reads what it is given, and makes no sentence.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::vitals::Vitals;
use crate::home_assistant::HomeStatus;
use crate::model::{Code, Condition, ConditionState, Dependency, EntityId, Reason, Subject};
use crate::mqtt::MqttStatus;
use crate::settings::{DeclaredState, SettingsError};

/// Conditions as they are found; since when is not known yet.
#[derive(Debug, Default)]
pub(super) struct Gathered(Vec<Found>);

#[derive(Debug)]
struct Found {
    subject: Subject,
    state: ConditionState,
    is_blocking: bool,
    reason: Reason,
}

impl Gathered {
    fn add(&mut self, subject: Subject, state: ConditionState, is_blocking: bool, reason: Reason) {
        self.0.push(Found {
            subject,
            state,
            is_blocking,
            reason,
        });
    }

    /// The settings can't be used at all.
    pub(super) fn settings(&mut self, error: &SettingsError) {
        let reason = Reason {
            details: error.to_string(),
            ..Reason::new(error.code())
        };
        let subject = Subject::Dependency(Dependency::Settings);
        self.add(subject, ConditionState::NeedsAttention, true, reason);
    }

    /// How we stand with Home Assistant.
    pub(super) fn home_assistant(&mut self, status: &HomeStatus) {
        let (state, reason) = match status {
            HomeStatus::Running => return,
            HomeStatus::Connecting { why: None } => (
                ConditionState::Waiting,
                Reason::new(Code::HomeAssistantConnecting),
            ),
            HomeStatus::Connecting { why: Some(why) } => (
                ConditionState::Waiting,
                Reason {
                    details: why.details.clone(),
                    ..Reason::new(why.code)
                },
            ),
            HomeStatus::TokenRefused => (
                ConditionState::NeedsAttention,
                Reason::new(Code::HomeAssistantToken),
            ),
            HomeStatus::Starting => (
                ConditionState::Waiting,
                Reason::new(Code::HomeAssistantStarting),
            ),
        };
        let subject = Subject::Dependency(Dependency::HomeAssistant);
        self.add(subject, state, true, reason);
    }

    /// How we stand with the broker.
    pub(super) fn mqtt(&mut self, status: &MqttStatus) {
        let reason = match status {
            MqttStatus::Connected => return,
            MqttStatus::Connecting { why: None } => Reason::new(Code::MqttConnecting),
            MqttStatus::Connecting { why: Some(why) } => Reason {
                details: why.details.clone(),
                ..Reason::new(why.code)
            },
        };
        let state = match reason.code {
            Code::MqttConnecting | Code::MqttUnreachable => ConditionState::Waiting,
            _ => ConditionState::NeedsAttention,
        };
        let subject = Subject::Dependency(Dependency::Mqtt);
        self.add(subject, state, true, reason);
    }

    /// Lists that can't be used.
    pub(super) fn lists(&mut self, lists: &BTreeMap<EntityId, Reason>) {
        for (list, reason) in lists {
            let subject = Subject::List(list.clone());
            self.add(subject, ConditionState::Degraded, false, reason.clone());
        }
    }

    /// What is measured of the program itself.
    pub(super) fn vitals(&mut self, vitals: &Vitals) {
        for name in &vitals.disabled {
            let reason = Reason {
                name: Some(name.clone()),
                ..Reason::new(Code::ProviderDisabled)
            };
            let subject = Subject::Provider(name.clone());
            self.add(subject, ConditionState::Degraded, false, reason);
        }
        if let Some(fault) = &vitals.store_fault {
            let reason = Reason {
                details: fault.clone(),
                ..Reason::new(Code::Database)
            };
            let subject = Subject::Dependency(Dependency::Store);
            self.add(subject, ConditionState::NeedsAttention, false, reason);
        }
    }

    /// How changed settings stand.
    pub(super) fn declared(&mut self, declared: &DeclaredState) {
        let subject = Subject::Dependency(Dependency::Settings);
        if let Some(error) = &declared.refused {
            let reason = Reason {
                details: error.to_string(),
                ..Reason::new(Code::SettingsRefused)
            };
            self.add(
                subject.clone(),
                ConditionState::NeedsAttention,
                false,
                reason,
            );
        }
        if !declared.needs_restart.is_empty() {
            let reason = Reason {
                name: Some(declared.needs_restart.join(", ")),
                ..Reason::new(Code::RestartNeeded)
            };
            self.add(subject, ConditionState::Waiting, false, reason);
        }
    }

    /// There is nothing to look at.
    pub(super) fn no_zones(&mut self) {
        let subject = Subject::Dependency(Dependency::Settings);
        let reason = Reason::new(Code::NoZones);
        self.add(subject, ConditionState::Waiting, false, reason);
    }

    /// The conditions as they stand `now`: what stood so `before` keeps its time.
    pub(super) fn since(self, before: &[Condition], now: Timestamp) -> Vec<Condition> {
        let since = |found: &Found| {
            let known = before.iter().find(|known| {
                known.subject == found.subject && known.reason.code == found.reason.code
            });
            known.map_or(now, |known| known.since)
        };
        let mut conditions: Vec<Condition> = self
            .0
            .into_iter()
            .map(|found| Condition {
                since: since(&found),
                subject: found.subject,
                state: found.state,
                is_blocking: found.is_blocking,
                reason: found.reason,
            })
            .collect();
        conditions.sort_by_key(|known| !known.is_blocking);
        conditions
    }
}
