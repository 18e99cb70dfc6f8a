//! The table `ledger`: what every call to a provider cost, or can cost at most as long as it runs. Checks the
//! caps and reserves in one step, so that no interleaving passes a cap. Written by the budget alone.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::{Store, StoreError, rows};
use crate::model::{Cap, Caps, Price, Spent, Totals, Usage, Usd, ZoneId};

/// Rows older than this are dropped at the start.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);
const RESERVED: &str = "reserved";
/// The outcome of a call that was running when the program ended.
const LEFT_OVER: &str = "left_over";

/// A call that is to be made.
#[derive(Debug, Clone)]
pub struct LedgerEntry {
    /// When.
    pub at: Timestamp,
    /// For which zone; none for the test picture.
    pub zone: Option<ZoneId>,
    /// The provider's name.
    pub provider: String,
    /// Its kind.
    pub kind: &'static str,
    /// The model as it is asked for.
    pub model: String,
    /// What it costs; none if nobody knows.
    pub price: Option<Price>,
    /// The most that it can use.
    pub worst: Usage,
}

/// How a call ended.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// What it used.
    pub usage: Usage,
    /// What that costs.
    pub cost: Usd,
    /// `answered`, or the class of the fault.
    pub outcome: &'static str,
    /// The model that answered.
    pub model: Option<String>,
}

/// The number of a row of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerId(i64);

/// Since when a day and a month count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// The last midnight.
    pub day: Timestamp,
    /// The first midnight of the month.
    pub month: Timestamp,
}

/// What came of a wish to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// The worst case is reserved.
    Reserved(LedgerId),
    /// It would pass a cap.
    Refused(Cap),
}

impl Store {
    /// Reserves the worst case of a call, if it fits into `caps`.
    ///
    /// # Errors
    /// When the database does not take it; then nothing may be spent.
    pub async fn reserve(
        &self,
        entry: LedgerEntry,
        caps: Caps,
        periods: Periods,
    ) -> Result<(Admission, Totals), StoreError> {
        self.thread
            .call(move |connection| {
                let transaction = connection.transaction()?;
                let before = totals(&transaction, periods)?;
                if let Err(cap) = caps.admit(&before, entry.price.as_ref(), entry.worst) {
                    return Ok((Admission::Refused(cap), before));
                }
                let id = insert(&transaction, &entry)?;
                let after = totals(&transaction, periods)?;
                transaction.commit()?;
                Ok((Admission::Reserved(id), after))
            })
            .await
    }

    /// Puts what a call really was in the place of its reservation.
    ///
    /// # Errors
    /// When the database does not take it; then the worst case stays.
    pub async fn settle(
        &self,
        id: LedgerId,
        settlement: Settlement,
        periods: Periods,
    ) -> Result<Totals, StoreError> {
        self.thread
            .call(move |connection| {
                settle(connection, id, &settlement)?;
                totals(connection, periods)
            })
            .await
    }

    /// Keeps the worst case of calls that were running when the program last ended: they may have been paid.
    /// Returns how many there were. Also drops rows that no sum needs any more.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn settle_left_over(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.thread
            .call(move |connection| {
                let oldest = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
                connection.execute(
                    "DELETE FROM ledger WHERE at < ?1",
                    [oldest.as_millisecond()],
                )?;
                let sql = "UPDATE ledger SET outcome = ?1 WHERE outcome = ?2";
                Ok(connection.execute(sql, [LEFT_OVER, RESERVED])?)
            })
            .await
    }

    /// What was spent and is reserved.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn spent(&self, periods: Periods) -> Result<Totals, StoreError> {
        self.thread
            .call(move |connection| totals(connection, periods))
            .await
    }

    /// When `provider` was called since `since`, oldest first; a call that took several counts as often.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn calls_of(&self, provider: String, since: Timestamp) -> Result<u64, StoreError> {
        self.thread
            .call(move |connection| {
                let sql =
                    "SELECT coalesce(sum(calls), 0) FROM ledger WHERE provider = ?1 AND at >= ?2";
                let count: i64 = connection
                    .prepare_cached(sql)?
                    .query_row(params![provider, since.as_millisecond()], |row| row.get(0))?;
                Ok(u64::try_from(count).unwrap_or(0))
            })
            .await
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn insert(connection: &Connection, entry: &LedgerEntry) -> Result<LedgerId, StoreError> {
    let price = entry
        .price
        .map(|price| rows::to_json("a price", &price))
        .transpose()?;
    let worst = entry.worst;
    let cost = entry.price.map_or(Usd::ZERO, |price| price.of(worst));
    connection
        .prepare_cached(
            "INSERT INTO ledger (at, zone, provider, kind, model, outcome, price, is_free, cost, calls, tokens_in, tokens_out, images)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            entry.at.as_millisecond(),
            entry.zone.as_ref().map(ZoneId::as_str),
            entry.provider,
            entry.kind,
            entry.model,
            RESERVED,
            price,
            entry.price.is_some_and(|price| price.is_free()),
            number(cost.micros()),
            worst.calls,
            number(worst.tokens_in),
            number(worst.tokens_out),
            worst.images,
        ])?;
    Ok(LedgerId(connection.last_insert_rowid()))
}

fn settle(
    connection: &Connection,
    id: LedgerId,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    let usage = settlement.usage;
    connection
        .prepare_cached(
            "UPDATE ledger SET outcome = ?2, cost = ?3, calls = ?4, tokens_in = ?5, tokens_out = ?6, images = ?7, model = coalesce(?8, model)
             WHERE id = ?1 AND outcome = ?9",
        )?
        .execute(params![
            id.0,
            settlement.outcome,
            number(settlement.cost.micros()),
            usage.calls,
            number(usage.tokens_in),
            number(usage.tokens_out),
            usage.images,
            settlement.model,
            RESERVED,
        ])?;
    Ok(())
}

fn totals(connection: &Connection, periods: Periods) -> Result<Totals, StoreError> {
    let since = |start: Timestamp| -> Result<Spent, StoreError> {
        let sums: [i64; 4] = connection
            .prepare_cached(
                "SELECT coalesce(sum(cost), 0), coalesce(sum(calls), 0),
                        coalesce(sum(calls) FILTER (WHERE NOT is_free), 0), coalesce(sum(calls) FILTER (WHERE price IS NULL), 0)
                 FROM ledger WHERE at >= ?1",
            )?
            .query_row([start.as_millisecond()], |row| {
                Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
            })?;
        let [cost, calls, charged_calls, unpriced_calls] =
            sums.map(|sum| u64::try_from(sum).unwrap_or(0));
        Ok(Spent {
            cost: Usd::from_micros(cost),
            calls,
            charged_calls,
            unpriced_calls,
        })
    };
    let first: Option<i64> = connection
        .prepare_cached("SELECT min(at) FROM ledger WHERE at >= ?1")?
        .query_row([periods.month.as_millisecond()], |row| row.get(0))?;
    Ok(Totals {
        day: since(periods.day)?,
        month: since(periods.month)?,
        first_of_month: first.map(rows::timestamp).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price = Price::per_call(Usd::from_micros(10));

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn periods() -> Periods {
        Periods {
            day: now() - SignedDuration::from_hours(5),
            month: now() - SignedDuration::from_hours(200),
        }
    }

    fn entry(price: Option<Price>) -> LedgerEntry {
        LedgerEntry {
            at: now(),
            zone: None,
            provider: "p".to_owned(),
            kind: "openai",
            model: "m".to_owned(),
            price,
            worst: Usage::ONE_CALL,
        }
    }

    fn reserved(admission: Admission) -> LedgerId {
        match admission {
            Admission::Reserved(id) => id,
            Admission::Refused(cap) => panic!("{cap:?}"),
        }
    }

    async fn opened(folder: &std::path::Path) -> Store {
        Store::open(folder, crate::clock::Clock::system())
            .await
            .unwrap()
            .0
    }

    #[tokio::test]
    async fn a_reservation_counts_until_it_is_settled_for_less() {
        let data = tempfile::tempdir().unwrap();
        let store = opened(data.path()).await;
        let caps = Caps {
            cost_per_day: Some(Usd::from_micros(15)),
            ..Caps::default()
        };

        let (first, after) = store
            .reserve(entry(Some(PRICE)), caps, periods())
            .await
            .unwrap();
        let (second, _) = store
            .reserve(entry(Some(PRICE)), caps, periods())
            .await
            .unwrap();
        assert_eq!(after.day.cost, Usd::from_micros(10));
        assert_eq!(second, Admission::Refused(Cap::CostPerDay));

        let settlement = Settlement {
            usage: Usage::ONE_CALL,
            cost: Usd::from_micros(3),
            outcome: "answered",
            model: None,
        };
        let totals = store
            .settle(reserved(first), settlement, periods())
            .await
            .unwrap();
        let (third, _) = store
            .reserve(entry(Some(PRICE)), caps, periods())
            .await
            .unwrap();

        assert_eq!(totals.day.cost, Usd::from_micros(3));
        reserved(third);
    }

    #[tokio::test]
    async fn a_call_that_ran_when_the_program_ended_keeps_its_worst_case() {
        let data = tempfile::tempdir().unwrap();
        let store = opened(data.path()).await;
        let (admission, _) = store
            .reserve(entry(Some(PRICE)), Caps::default(), periods())
            .await
            .unwrap();
        store.close().await;

        let store = opened(data.path()).await;
        assert_eq!(store.settle_left_over(now()).await.unwrap(), 1);
        let late = Settlement {
            usage: Usage::default(),
            cost: Usd::ZERO,
            outcome: "answered",
            model: None,
        };
        let totals = store
            .settle(reserved(admission), late, periods())
            .await
            .unwrap();

        assert_eq!(totals.month.cost, Usd::from_micros(10), "settled once only");
        assert_eq!(store.settle_left_over(now()).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn free_calls_and_calls_of_unknown_price_are_told_apart() {
        let data = tempfile::tempdir().unwrap();
        let store = opened(data.path()).await;
        for price in [Some(Price::FREE), None, Some(PRICE)] {
            store
                .reserve(entry(price), Caps::default(), periods())
                .await
                .unwrap();
        }

        let day = store.spent(periods()).await.unwrap().day;

        assert_eq!(
            (day.calls, day.charged_calls, day.unpriced_calls),
            (3, 2, 1)
        );
        assert_eq!(store.calls_of("p".to_owned(), now()).await.unwrap(), 3);
        assert_eq!(store.calls_of("q".to_owned(), now()).await.unwrap(), 0);
    }
}
