//! The budget: reserves the worst case of a call before it is made and settles it after. The ledger in the
//! store is the only truth; nothing is spent that it did not take.

mod forecast;
mod period;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::model::{Cap, Caps, Price, Spending, Totals, Usage, Usd};
use crate::providers::Charge;
use crate::store::{Admission, LedgerEntry, LedgerId, Settlement, Store, StoreError};

use forecast::forecast;
use period::{periods, until_next_day};

/// Tells the home's time zone, in which days and months are counted.
pub type ZoneSource = Arc<dyn Fn() -> TimeZone + Send + Sync>;

/// How often what is shown is looked after although nothing was spent: the forecast falls, the zone may change.
const REFRESH: Duration = Duration::from_secs(900);

/// Guards the caps. Cheap to clone.
#[derive(Clone)]
pub struct Budget {
    store: Store,
    caps: Arc<watch::Sender<Caps>>,
    clock: Clock,
    zone: ZoneSource,
    restored_at: Option<Timestamp>,
    shown: Arc<watch::Sender<Spending>>,
}

/// Money and calls that are set aside for one call. Left alone, the worst case stays in the ledger.
#[must_use]
#[derive(Debug)]
pub struct Reservation {
    id: LedgerId,
    price: Option<Price>,
    worst: Usage,
}

/// Why nothing was reserved.
#[derive(Debug, thiserror::Error)]
pub enum NotReserved {
    /// The call would pass a cap.
    #[error("the budget is used up ({})", .0.as_str())]
    Cap(Cap),
    /// The ledger did not take it.
    #[error("the ledger can't be written: {0}")]
    Store(#[from] StoreError),
}

impl Budget {
    /// A budget with `caps`. Calls that ran when the program last ended are settled at their worst case. On a day on
    /// which the database was restored from a copy, what is capped counts as spent.
    ///
    /// # Errors
    /// When the ledger can't be used.
    pub async fn open(
        store: Store,
        caps: Caps,
        clock: Clock,
        zone: ZoneSource,
    ) -> Result<Self, StoreError> {
        let left_over = store.settle_left_over(clock.now()).await?;
        if left_over > 0 {
            tracing::info!(
                calls = left_over,
                "calls that ran at the last end count with the most they can have cost"
            );
        }
        let restored_at = store.restored_at().await?;
        let budget = Self {
            store,
            caps: Arc::new(watch::Sender::new(caps)),
            clock,
            zone,
            restored_at,
            shown: Arc::new(watch::Sender::new(Spending {
                caps,
                ..Spending::default()
            })),
        };
        let now = budget.clock.now();
        let totals = budget.store.spent(periods(now, &(budget.zone)())).await?;
        budget.show(totals);
        Ok(budget)
    }

    /// Has other caps from now on. What is set aside stays so.
    pub fn set_caps(&self, caps: Caps) {
        self.caps.send_replace(caps);
        self.shown.send_if_modified(|shown| {
            let changed = shown.caps != caps;
            shown.caps = caps;
            changed
        });
    }

    /// Sets the worst case of `entry` aside.
    ///
    /// # Errors
    /// When it would pass a cap, or the ledger does not take it.
    pub async fn reserve(&self, entry: LedgerEntry) -> Result<Reservation, NotReserved> {
        let (price, worst) = (entry.price, entry.worst);
        let periods = periods(entry.at, &(self.zone)());
        let restored_today = self.restored_at.is_some_and(|at| at >= periods.day);
        let caps = *self.caps.borrow();
        if restored_today && caps.any() && !price.is_some_and(|price| price.is_free()) {
            return Err(NotReserved::Cap(Cap::Restored));
        }
        let (admission, totals) = self.store.reserve(entry, caps, periods).await?;
        self.show(totals);
        match admission {
            Admission::Reserved(id) => Ok(Reservation { id, price, worst }),
            Admission::Refused(cap) => Err(NotReserved::Cap(cap)),
        }
    }

    /// Puts what the call was in the place of `reservation`. Returns what it cost.
    ///
    /// # Errors
    /// When the ledger does not take it; then the worst case stays.
    pub async fn settle(
        &self,
        reservation: Reservation,
        charge: Charge,
        outcome: &'static str,
        model: Option<String>,
    ) -> Result<Usd, StoreError> {
        let usage = match charge {
            // A call that was made is a call, also when it cost nothing.
            Charge::Nothing => Usage::ONE_CALL,
            Charge::Known(usage) => usage,
            Charge::Worst => reservation.worst,
        };
        let cost = match (charge, reservation.price) {
            (Charge::Nothing, _) | (_, None) => Usd::ZERO,
            (_, Some(price)) => price.of(usage),
        };
        let settlement = Settlement {
            usage,
            cost,
            outcome,
            model,
        };
        let periods = periods(self.clock.now(), &(self.zone)());
        let totals = self
            .store
            .settle(reservation.id, settlement, periods)
            .await?;
        self.show(totals);
        Ok(cost)
    }

    /// What is shown of it, kept up to date.
    pub fn spending(&self) -> watch::Receiver<Spending> {
        self.shown.subscribe()
    }

    /// Begins new days and months until `stop`.
    pub async fn follow(self, stop: CancellationToken) {
        loop {
            let zone = (self.zone)();
            let rest = until_next_day(self.clock.now(), &zone).min(REFRESH);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(rest) => {}
            }
            match self.store.spent(periods(self.clock.now(), &zone)).await {
                Ok(totals) => self.show(totals),
                Err(error) => {
                    tracing::warn!(code = %error.code(), "the ledger can't be read: {error}")
                }
            }
        }
    }

    fn show(&self, totals: Totals) {
        let spending = Spending {
            totals,
            forecast: forecast(totals, self.clock.now(), &(self.zone)()),
            caps: *self.caps.borrow(),
        };
        self.shown.send_if_modified(|shown| {
            let changed = *shown != spending;
            *shown = spending;
            changed
        });
    }
}
