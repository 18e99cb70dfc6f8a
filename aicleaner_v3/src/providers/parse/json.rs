//! Finds the one JSON object in what a model wrote. Refuses what is cut off, and what can be read in more
//! than one way.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::repair::{Repair, Repairs};
use crate::providers::text::plain;

/// The longest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 256 * 1024;

/// The one JSON object that `answer` is or holds, with `key` in it.
///
/// # Errors
/// Why there is none.
pub fn json_object(answer: &Value, key: &str) -> Result<Map<String, Value>, String> {
    object(answer, key, &mut Repairs::default())
}

/// The object that `answer` is or holds; `key` must be in it.
pub fn object(
    answer: &Value,
    key: &str,
    repairs: &mut Repairs,
) -> Result<Map<String, Value>, String> {
    let parsed = match answer {
        Value::String(text) => from_text(text, key, repairs)?,
        other => other.clone(),
    };
    unwrapped(parsed, key, repairs)
}

/// Text as a JSON value, strict but for what [`tree`] allows.
pub fn value(text: &str, repairs: &mut Repairs) -> Option<Value> {
    tree(text, repairs).ok()
}

fn from_text(text: &str, key: &str, repairs: &mut Repairs) -> Result<Value, String> {
    if text.len() > LARGEST_ANSWER {
        return Err(format!(
            "it has {} bytes, more than {LARGEST_ANSWER}",
            text.len()
        ));
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let fault = match tree(text, repairs) {
        Ok(Value::String(inner)) => {
            repairs.note(Repair::NestedText);
            return tree(inner.trim(), repairs);
        }
        Ok(value) => return Ok(value),
        Err(fault) => fault,
    };
    if fault.contains(DUPLICATE) {
        return Err(fault);
    }
    let answer = after_thoughts(text, repairs);
    let (candidates, open) = objects(answer);
    let mut found: Vec<Value> = Vec::new();
    let mut fault = None;
    for candidate in &candidates {
        match tree(candidate, repairs) {
            Ok(value) if holds(&value, key) => {
                if !found.contains(&value) {
                    found.push(value);
                }
            }
            Ok(_) => {}
            Err(reason) => fault = fault.or(Some(reason)),
        }
    }
    match (found.len(), open) {
        (1, _) => {
            let fenced = answer.contains("```");
            let bare = candidates
                .first()
                .is_some_and(|first| first.len() == answer.len());
            if fenced {
                repairs.note(Repair::Fence);
            }
            if !fenced && !bare || fenced && !is_only_fence(answer) {
                repairs.note(Repair::Prose);
            }
            found.pop().ok_or_else(String::new)
        }
        (0, true) => Err("it ends in the middle".to_owned()),
        (0, false) => Err(fault.unwrap_or_else(|| {
            format!(
                "expected JSON, found text that begins with {:?}",
                plain(text, 60)
            )
        })),
        _ => Err("it holds more than one answer".to_owned()),
    }
}

/// The object itself, if it is the only thing in a list or in another object.
fn unwrapped(value: Value, key: &str, repairs: &mut Repairs) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(fields) if fields.contains_key(key) || fields.len() != 1 => Ok(fields),
        Value::Object(mut fields) => {
            let inner = fields.values_mut().next().map(Value::take);
            match inner {
                Some(Value::Object(inner)) if inner.contains_key(key) => {
                    repairs.note(Repair::Wrapped);
                    Ok(inner)
                }
                _ => Ok(fields),
            }
        }
        Value::Array(mut list) if list.len() == 1 && holds(&list[0], key) => {
            repairs.note(Repair::Wrapped);
            unwrapped(list.remove(0), key, repairs)
        }
        other => Err(format!(
            "expected an object with `{key}`, found {}",
            shown(Some(&other))
        )),
    }
}

fn holds(value: &Value, key: &str) -> bool {
    let has = |value: &Value| value.get(key).is_some();
    match value {
        Value::Object(fields) => has(value) || fields.len() == 1 && fields.values().all(has),
        Value::Array(list) => list.len() == 1 && has(&list[0]),
        _ => false,
    }
}

/// What follows the last closed block of thoughts, as reasoning models write them without a template.
fn after_thoughts<'t>(text: &'t str, repairs: &mut Repairs) -> &'t str {
    for end in ["</think>", "</thinking>", "</reasoning>"] {
        if let Some(at) = text.rfind(end) {
            repairs.note(Repair::Thoughts);
            return text[at + end.len()..].trim();
        }
    }
    text
}

fn is_only_fence(text: &str) -> bool {
    let inner = text
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"));
    inner.is_some_and(|inner| !inner.contains("```") && inner.find('{').is_some_and(|at| at <= 16))
}

/// The outermost `{…}` of a text, and whether one at the end stays open. Braces in strings don't count.
fn objects(text: &str) -> (Vec<&str>, bool) {
    const MOST: usize = 50;
    let mut found = Vec::new();
    let (mut start, mut depth, mut in_string, mut escaped) = (0, 0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' if depth > 0 => in_string = !in_string,
            _ if in_string => {}
            b'{' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            b'}' if depth > 0 => {
                depth -= 1;
                if depth == 0 && found.len() < MOST {
                    found.push(&text[start..=at]);
                }
            }
            _ => {}
        }
    }
    (found, depth > 0)
}

const DUPLICATE: &str = "stands there twice";

/// `text` as a tree, also with commas before closing brackets. A field that stands there twice with two
/// values fails it.
fn tree(text: &str, repairs: &mut Repairs) -> Result<Value, String> {
    let mut read = |text: &str| {
        let doubled = Cell::new(false);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = Tree { doubled: &doubled }
            .deserialize(&mut deserializer)
            .and_then(|value| deserializer.end().map(|()| value));
        if doubled.get() && value.is_ok() {
            repairs.note(Repair::DuplicateKey);
        }
        value.map_err(|e| {
            let told = e.to_string();
            match (told.contains(DUPLICATE), e.is_eof()) {
                (true, _) => told,
                (_, true) => "it ends in the middle".to_owned(),
                _ => format!(
                    "expected JSON, found a fault in line {}, column {}",
                    e.line(),
                    e.column()
                ),
            }
        })
    };
    match read(text) {
        Ok(value) => Ok(value),
        Err(fault) => {
            let mended = without_trailing_commas(text);
            match mended.map(|text| read(&text)) {
                Some(Ok(value)) => {
                    repairs.note(Repair::TrailingComma);
                    Ok(value)
                }
                _ => Err(fault),
            }
        }
    }
}

/// None if there are no such commas.
fn without_trailing_commas(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped, mut changed) = (false, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            ',' if !in_string => {
                let next = text[at + 1..].bytes().find(|b| !b.is_ascii_whitespace());
                if matches!(next, Some(b'}' | b']')) {
                    changed = true;
                    continue;
                }
            }
            _ => {}
        }
        out.push(c);
    }
    changed.then_some(out)
}

/// A JSON value that notices fields that stand there twice.
struct Tree<'c> {
    doubled: &'c Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Tree {
            doubled: self.doubled,
        })? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            let value = fields.next_value_seed(Tree {
                doubled: self.doubled,
            })?;
            match object.get(&key) {
                None => {
                    object.insert(key, value);
                }
                Some(first) if *first == value => self.doubled.set(true),
                Some(_) => {
                    return Err(A::Error::custom(format_args!(
                        "`{}` {DUPLICATE}, with two values",
                        plain(&key, 40)
                    )));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// The beginning of a value, for a message.
pub fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::Array(list)) if list.len() > 3 => format!("a list of {}", list.len()),
        Some(Value::Array(_)) => "a list".to_owned(),
        Some(Value::Object(_)) => plain(&value.map(Value::to_string).unwrap_or_default(), 60),
        Some(Value::String(text)) => format!("{:?}", plain(text, 60)),
        Some(other) => other.to_string(),
    }
}
