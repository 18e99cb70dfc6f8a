//! One provider with all that guards it: breaker, rate, call slots, and how its vision self-test ended. Decides nothing
//! about order and money.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use super::breaker::{Breaker, Pass, State};
use super::rate::{Rate, day_start};
use crate::providers::{Facts, Provider, ProviderError};
use crate::store::{BreakerRecord, SelfTestRecord, Store, StoreError};

/// A provider that was found blind is tried again after a day: integrations are mended.
const BLIND_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A provider, guarded.
pub struct Guarded {
    pub provider: Arc<dyn Provider>,
    /// One for each call that may be made at the same time.
    pub call_slots: Semaphore,
    breaker: Mutex<Breaker>,
    rate: Mutex<Rate>,
    self_test: Mutex<Option<SelfTestRecord>>,
}

/// A pass through the breaker. If nobody tells how the call ended, it counts as broken off.
pub struct Admitted<'g> {
    guarded: &'g Guarded,
    pass: Pass,
    now: Timestamp,
    is_told: bool,
}

impl Guarded {
    pub fn new(provider: Arc<dyn Provider>) -> Self {
        let limits = provider.facts().limits;
        Self {
            call_slots: Semaphore::new(limits.at_a_time.max(1)),
            breaker: Mutex::new(Breaker::closed()),
            rate: Mutex::new(Rate::new(limits)),
            self_test: Mutex::new(None),
            provider,
        }
    }

    pub fn facts(&self) -> &Facts {
        self.provider.facts()
    }

    /// Takes up what earlier runs learned.
    pub async fn restore(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let facts = self.facts();
        if let Some(record) = store.breaker(facts.name.clone()).await? {
            *lock(&self.breaker) =
                Breaker::restored(record.until, record.failures, &record.class, now);
        }
        *lock(&self.self_test) = store
            .self_test(facts.name.clone(), facts.model.clone())
            .await?
            // A start is a good moment to test it again.
            .filter(|record| record.sees);
        if facts.limits.per_day.is_some() {
            let since = day_start(now, facts.limits.day);
            let calls = store.calls_of(facts.name.clone(), since).await?;
            lock(&self.rate).resume(calls, now);
        }
        Ok(())
    }

    /// A pass through the breaker.
    pub fn admit(&self, now: Timestamp) -> Result<Admitted<'_>, Timestamp> {
        let pass = lock(&self.breaker).admit(now)?;
        Ok(Admitted {
            guarded: self,
            pass,
            now,
            is_told: false,
        })
    }

    /// Counts a call against the rate.
    pub fn take(&self, now: Timestamp) -> Result<(), Timestamp> {
        lock(&self.rate).take(now)
    }

    /// Whether it passed its self-test; none if that is to be found out.
    pub fn passed_self_test(&self, now: Timestamp) -> Option<bool> {
        let known = *lock(&self.self_test);
        known
            .filter(|record| record.sees || now.duration_since(record.at) < BLIND_FOR)
            .map(|record| record.sees)
    }

    pub fn set_self_test(&self, record: SelfTestRecord) {
        *lock(&self.self_test) = Some(record);
    }

    /// How the breaker is to be remembered.
    pub fn breaker_record(&self) -> Option<BreakerRecord> {
        match lock(&self.breaker).state() {
            State::Open {
                until,
                failures,
                class,
            } => Some(BreakerRecord {
                until: *until,
                failures: *failures,
                class: class.clone(),
            }),
            State::Closed { .. } | State::HalfOpen { .. } => None,
        }
    }
}

impl Admitted<'_> {
    pub fn is_probe(&self) -> bool {
        self.pass == Pass::Probe
    }

    /// True if that closed the circuit.
    pub fn succeeded(mut self) -> bool {
        self.is_told = true;
        lock(&self.guarded.breaker).succeeded(self.pass)
    }

    /// True if the circuit is open from now on, or for longer.
    pub fn failed(mut self, error: &ProviderError, now: Timestamp) -> bool {
        self.is_told = true;
        lock(&self.guarded.breaker).failed(self.pass, error, now)
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if !self.is_told {
            lock(&self.guarded.breaker).abandoned(self.pass, self.now);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
