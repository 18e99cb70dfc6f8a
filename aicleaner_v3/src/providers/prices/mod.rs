//! The price table: data with date and source, for the services' own addresses. What is not in it has no
//! known price, which is not the same as free.

use serde::Deserialize;

use crate::model::{Price, Usd};

const TABLE: &str = include_str!("prices.json");

#[derive(Deserialize)]
struct Table {
    services: Vec<Service>,
}

/// The prices of one service.
#[derive(Deserialize)]
struct Service {
    service: String,
    models: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    model: String,
    input: f64,
    output: f64,
}

/// What `model` costs at `service`, when it is asked at the service's own address; at home it is free.
pub fn known(service: &str, model: &str, is_original: bool, stays_home: bool) -> Option<Price> {
    match is_original {
        true => price(service, model),
        false => stays_home.then_some(Price::FREE),
    }
}

/// What a million tokens of `model` cost at `service` (`gemini`, `openai`, `anthropic`), if that is known. A
/// dated snapshot of a model costs what the model costs.
fn price(service: &str, model: &str) -> Option<Price> {
    let table: Table = serde_json::from_str(TABLE).ok()?;
    let rows = &table
        .services
        .iter()
        .find(|known| known.service == service)?
        .models;
    let row = rows
        .iter()
        .find(|row| row.model == model)
        .or_else(|| rows.iter().find(|row| row.model == undated(model)))?;
    Some(Price {
        input: Usd::from_dollars(row.input).ok()?,
        output: Usd::from_dollars(row.output).ok()?,
        call: Usd::ZERO,
    })
}

/// Without `-20250929` or `-2025-04-14` at its end.
fn undated(model: &str) -> &str {
    [9, 11]
        .iter()
        .filter_map(|length| model.split_at_checked(model.len().checked_sub(*length)?))
        .find(|(_, date)| is_date(date))
        .map_or(model, |(name, _)| name)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    (parts == [0, 8] || parts == [0, 4, 2, 2])
        && text.chars().all(|c| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_every_row_has_a_price() {
        let table: Table = serde_json::from_str(TABLE).unwrap();

        for service in &table.services {
            assert!(service.models.len() > 5);
            for row in &service.models {
                let price = price(&service.service, &row.model).unwrap();
                assert!(
                    !price.is_free() && price.output > price.input,
                    "{}",
                    row.model
                );
            }
        }
    }

    #[test]
    fn a_dated_snapshot_costs_what_its_model_costs() {
        assert_eq!(
            price("anthropic", "claude-sonnet-4-5-20250929"),
            price("anthropic", "claude-sonnet-4-5")
        );
        assert_eq!(
            price("openai", "gpt-4.1-mini-2025-04-14"),
            price("openai", "gpt-4.1-mini")
        );
        assert!(price("anthropic", "claude-sonnet-4-5-20250929").is_some());
        assert!(price("openai", "gpt-4.1-mini-2025-04-14").is_some());
    }

    #[test]
    fn what_is_not_in_the_table_has_no_known_price() {
        assert_eq!(price("openai", "gpt-99"), None);
        assert_eq!(price("ollama", "gemma3:4b"), None);
        assert_eq!(price("gemini", ""), None);
    }
}
