//! Numbers as models write them. What could mean two things is no number.

use serde_json::Value;

use super::repair::{Repair, Repairs};

/// A number, or text that spells one: `"85"`, `"0,9"`.
pub fn number(value: &Value, repairs: &mut Repairs) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let number = spelled(text)?;
            repairs.note(Repair::NumberAsText);
            Some(number)
        }
        _ => None,
    }
}

/// 0 to 100: also `"85 %"`, `"85/100"` and `"8/10"`. Between 0 and 1 it could be a share, and is refused.
pub fn score(value: &Value, repairs: &mut Repairs) -> Option<u8> {
    let number = match value {
        Value::String(text) => match percent(text).or_else(|| fraction(text)) {
            Some(number) => {
                repairs.note(Repair::Percentage);
                number
            }
            None => number(value, repairs)?,
        },
        _ => number(value, repairs)?,
    };
    let is_share = number > 0.0 && number < 1.0;
    ((0.0..=100.0).contains(&number) && !is_share)
        .then(|| whole(number))
        .flatten()
}

/// 0 to 1: also `"90 %"`, and whole numbers from 2 to 100, which can only be percent.
pub fn share(value: &Value, repairs: &mut Repairs) -> Option<f64> {
    let (number, in_percent) = match value {
        Value::String(text) => match percent(text) {
            Some(number) => (number, true),
            None => (number(value, repairs)?, false),
        },
        _ => (number(value, repairs)?, false),
    };
    let in_percent = in_percent || number >= 2.0 && number.fract() == 0.0;
    let share = match in_percent {
        true => {
            repairs.note(Repair::Percentage);
            number / 100.0
        }
        false => number,
    };
    (0.0..=1.0).contains(&share).then_some(share)
}

/// 1 to 600: also `"5 min"`.
pub fn minutes(value: &Value, repairs: &mut Repairs) -> Option<u16> {
    let number = match value {
        Value::String(text) => {
            let digits = text
                .trim()
                .trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace() || c == '.');
            let number = spelled(digits)?;
            repairs.note(Repair::NumberAsText);
            number
        }
        _ => number(value, repairs)?,
    };
    (number > 0.0 && number <= 600.0)
        .then(|| whole::<u16>(number).map(|minutes| minutes.max(1)))
        .flatten()
}

fn percent(text: &str) -> Option<f64> {
    spelled(text.trim().strip_suffix('%')?)
}

fn fraction(text: &str) -> Option<f64> {
    let (part, of) = text.split_once('/')?;
    let (part, of) = (spelled(part)?, spelled(of)?);
    (of == 10.0 || of == 100.0).then(|| part / of * 100.0)
}

/// Digits with at most one point or comma, as people write numbers.
fn spelled(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    if text.is_empty() || text.len() > 20 || !text.chars().all(plain) {
        return None;
    }
    text.replacen(',', ".", 1).parse().ok()
}

/// The nearest whole number, if it fits.
fn whole<T: TryFrom<i64>>(value: f64) -> Option<T> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the callers have checked the range"
    )]
    let rounded = value.round() as i64;
    T::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scores_are_read_as_models_write_them() {
        let read = |value: &Value| score(value, &mut Repairs::default());

        for value in [
            json!(85),
            json!(85.4),
            json!("85"),
            json!("85 %"),
            json!("85/100"),
            json!("8.5/10"),
        ] {
            assert_eq!(read(&value), Some(85), "{value}");
        }
        assert_eq!(read(&json!(0)), Some(0));
        for value in [
            json!(0.85),
            json!(101),
            json!(-1),
            json!("tidy"),
            json!("4/5"),
            json!(null),
            json!("1.2.3"),
            json!("inf"),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn shares_are_read_as_models_write_them() {
        let read = |value: &Value| share(value, &mut Repairs::default());

        for value in [
            json!(0.9),
            json!("0.9"),
            json!("0,9"),
            json!("90%"),
            json!(90),
        ] {
            assert_eq!(read(&value), Some(0.9), "{value}");
        }
        assert_eq!(read(&json!(1)), Some(1.0));
        for value in [json!(1.5), json!(101), json!(-0.1), json!("high")] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn minutes_may_have_their_unit() {
        let read = |value: &Value| minutes(value, &mut Repairs::default());

        assert_eq!(read(&json!("5 min.")), Some(5));
        assert_eq!(read(&json!(0.5)), Some(1));
        assert_eq!(read(&json!("5-10 minutes")), None);
        assert_eq!(read(&json!(601)), None);
    }
}
