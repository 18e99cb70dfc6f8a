//! An answer as a verdict. The answer is hostile: limits first, text sanitised, numbers checked.
//! What a verdict can't do without fails the answer; what it can do without is left out.

use serde_json::Value;

use super::prompt::short_id;
use super::{KnownTask, ProviderError};
use crate::model::{Area, Confidence, Finding, Presence, Priority, Score, TaskJudgement, Verdict};

/// The longest answer that is read, in bytes.
pub const LARGEST_ANSWER: usize = 256 * 1024;
const MOST_FINDINGS: usize = 50;
const LONGEST_TITLE: usize = 120;
const LONGEST_LOCATION: usize = 80;
const LONGEST_SUMMARY: usize = 300;

/// Reads `answer`, which may be an object or text that holds one.
///
/// # Errors
/// When it is too large or no verdict.
pub fn verdict(answer: &Value, tasks: &[KnownTask]) -> Result<Verdict, ProviderError> {
    let unusable = |reason: String| ProviderError::Answer(reason);
    let parsed;
    let answer = match answer {
        Value::String(text) if text.len() > LARGEST_ANSWER => {
            return Err(unusable(format!(
                "it has {} bytes, more than {LARGEST_ANSWER}",
                text.len()
            )));
        }
        Value::String(text) if text.trim().is_empty() => {
            return Err(unusable("it is empty".to_owned()));
        }
        Value::String(text) => {
            parsed = serde_json::from_str(text).map_err(|_| {
                unusable(format!(
                    "expected JSON, found text that begins with {:?}",
                    start(text)
                ))
            })?;
            &parsed
        }
        other => other,
    };
    let Value::Object(fields) = answer else {
        return Err(unusable(format!(
            "expected an object with `score` and `findings`, found {}",
            kind(answer)
        )));
    };
    let score = fields
        .get("score")
        .and_then(number)
        .filter(|score| (0.0..=100.0).contains(score))
        .and_then(whole)
        .and_then(|score| Score::new(score).ok())
        .ok_or_else(|| {
            unusable(format!(
                "expected `score` from 0 to 100, found {}",
                shown(fields.get("score"))
            ))
        })?;
    let findings = list(fields.get("findings"), "findings")?;
    if findings.len() > MOST_FINDINGS {
        return Err(unusable(format!(
            "it has {} findings, more than {MOST_FINDINGS}",
            findings.len()
        )));
    }
    let judgements = list(fields.get("tasks"), "tasks")?;
    Ok(Verdict {
        score,
        summary: plain(
            fields
                .get("summary")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            LONGEST_SUMMARY,
        ),
        findings: findings.iter().map(finding).collect::<Result<_, _>>()?,
        judgements: judgements
            .iter()
            .filter_map(|judgement| self::judgement(judgement, tasks))
            .collect(),
    })
}

/// A list, or text that holds one, as some services give nested structures. None is an empty list.
fn list(value: Option<&Value>, name: &str) -> Result<Vec<Value>, ProviderError> {
    let wrong = |found: &Value| {
        ProviderError::Answer(format!(
            "expected `{name}` to be a list, found {}",
            kind(found)
        ))
    };
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => Ok(list.clone()),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Vec::new()),
        Some(found @ Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Array(list)) => Ok(list),
            _ => Err(wrong(found)),
        },
        Some(found) => Err(wrong(found)),
    }
}

fn finding(value: &Value) -> Result<Finding, ProviderError> {
    let text = |name: &str, longest| {
        plain(
            value.get(name).and_then(Value::as_str).unwrap_or_default(),
            longest,
        )
    };
    let title = text("title", LONGEST_TITLE);
    if title.is_empty() {
        return Err(ProviderError::Answer(format!(
            "a finding has no `title`: {}",
            shown(Some(value))
        )));
    }
    Ok(Finding {
        title,
        location: text("location", LONGEST_LOCATION),
        area: value.get("box").and_then(area),
        priority: match value
            .get("priority")
            .and_then(Value::as_str)
            .map(str::to_lowercase)
            .as_deref()
        {
            Some("low") => Priority::Low,
            Some("high") => Priority::High,
            _ => Priority::Normal,
        },
        minutes: value
            .get("minutes")
            .and_then(number)
            .filter(|minutes| (1.0..=600.0).contains(minutes))
            .and_then(whole),
        confidence: value
            .get("confidence")
            .and_then(confidence)
            .ok_or_else(|| {
                ProviderError::Answer(format!(
                    "a finding has no `confidence` from 0 to 1: {}",
                    shown(Some(value))
                ))
            })?,
    })
}

/// A judgement of a task that the provider was not told of, or that can't be read, says nothing.
fn judgement(value: &Value, tasks: &[KnownTask]) -> Option<TaskJudgement> {
    let id = value.get("id")?.as_str()?.trim();
    let index = (0..tasks.len()).find(|index| short_id(*index) == id)?;
    let presence = match value.get("state")?.as_str()?.to_lowercase().as_str() {
        "present" => Presence::Present,
        "gone" => Presence::Gone,
        "unclear" => Presence::Unclear,
        _ => return None,
    };
    Some(TaskJudgement {
        task: tasks.get(index)?.id,
        presence,
        confidence: value.get("confidence").and_then(confidence)?,
    })
}

fn area(value: &Value) -> Option<Area> {
    let side = |index: usize, name: &str| {
        value
            .get(index)
            .or_else(|| value.get(name))
            .and_then(number)
    };
    Area::new(
        side(0, "x")?,
        side(1, "y")?,
        side(2, "width")?,
        side(3, "height")?,
    )
    .ok()
}

fn confidence(value: &Value) -> Option<Confidence> {
    number(value).and_then(|value| Confidence::new(value).ok())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
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

/// Text as plain words: no control characters, no markup, one space between words, at most `longest` characters.
fn plain(text: &str, longest: usize) -> String {
    let mut tag_depth = 0_usize;
    let without_markup: String = text
        .chars()
        .filter(|c| match c {
            '<' => {
                tag_depth += 1;
                false
            }
            '>' => {
                tag_depth = tag_depth.saturating_sub(1);
                false
            }
            _ => tag_depth == 0,
        })
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words = without_markup
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    words
        .chars()
        .take(longest)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn start(text: &str) -> String {
    plain(text, 60)
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| start(&value.to_string()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::TaskId;

    fn tasks() -> Vec<KnownTask> {
        vec![KnownTask {
            id: TaskId::new(jiff::Timestamp::UNIX_EPOCH),
            title: "Put away the cup".to_owned(),
            location: String::new(),
            area: None,
        }]
    }

    fn good() -> Value {
        json!({
            "score": 62, "summary": "A cup is out.",
            "findings": [{"title": "Pick up the sock", "location": "on the floor", "priority": "low", "minutes": 1, "confidence": 0.9, "box": [0.1, 0.2, 0.1, 0.1]}],
            "tasks": [{"id": "t1", "state": "gone", "confidence": 0.8}],
        })
    }

    #[test]
    fn a_good_answer_is_read_whole() {
        let verdict = verdict(&good(), &tasks()).unwrap();

        assert_eq!(verdict.score.get(), 62);
        assert_eq!(verdict.findings[0].title, "Pick up the sock");
        assert!(verdict.findings[0].area.is_some());
        assert_eq!(verdict.judgements[0].presence, Presence::Gone);
    }

    #[test]
    fn no_findings_is_a_valid_answer() {
        let verdict = verdict(
            &json!({"score": 100, "summary": "Tidy.", "findings": [], "tasks": []}),
            &[],
        )
        .unwrap();

        assert!(verdict.findings.is_empty());
    }

    #[test]
    fn text_that_holds_the_object_and_lists_in_text_are_read_too() {
        let mut answer = good();
        answer["findings"] = Value::String(answer["findings"].to_string());
        answer["tasks"] = Value::String("".to_owned());

        let verdict = verdict(&Value::String(answer.to_string()), &tasks()).unwrap();

        assert_eq!(verdict.findings.len(), 1);
        assert!(verdict.judgements.is_empty());
    }

    #[test]
    fn what_is_no_verdict_is_refused_with_a_reason() {
        let many: Vec<_> = (0..5_000)
            .map(|n| json!({"title": format!("thing {n}"), "confidence": 1}))
            .collect();
        let cases = [
            (json!(""), "it is empty"),
            (
                json!("I am sorry, I can't see any picture."),
                "expected JSON",
            ),
            (json!("x".repeat(10_000_000)), "bytes, more than"),
            (json!([1, 2]), "found a list"),
            (json!({}), "found nothing"),
            (json!({"score": 150, "findings": []}), "found 150"),
            (json!({"score": -1, "findings": []}), "found -1"),
            (json!({"score": "tidy", "findings": []}), "tidy"),
            (
                json!({"score": 50, "findings": {"a": 1}}),
                "`findings` to be a list",
            ),
            (
                json!({"score": 50, "findings": [{"confidence": 1}]}),
                "no `title`",
            ),
            (
                json!({"score": 50, "findings": [{"title": "a"}]}),
                "no `confidence`",
            ),
            (json!({"score": 50, "findings": many}), "5000 findings"),
        ];
        for (answer, reason) in cases {
            let error = verdict(&answer, &[]).unwrap_err();
            assert!(
                matches!(&error, ProviderError::Answer(told) if told.contains(reason)),
                "{error}"
            );
            assert!(error.to_string().len() < 300);
        }
    }

    #[test]
    fn markup_and_control_characters_do_not_pass() {
        let answer = json!({"score": 50, "summary": "a\u{0}b\u{1b}[31m", "findings": [{"title": "Wipe <script>alert(1)</script>the\ntable", "confidence": 1}]});

        let verdict = verdict(&answer, &[]).unwrap();

        assert_eq!(verdict.findings[0].title, "Wipe alert(1)the table");
        assert_eq!(verdict.summary, "a b [31m");
    }

    #[test]
    fn judgements_of_unknown_tasks_say_nothing() {
        let answer = json!({"score": 50, "findings": [], "tasks": [{"id": "t9", "state": "gone", "confidence": 1}, {"id": "all", "state": "gone", "confidence": 1}]});

        assert!(verdict(&answer, &tasks()).unwrap().judgements.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_verdict_or_a_reason(text in "\\PC{0,300}") {
            let _ = verdict(&Value::String(text), &tasks());
        }
    }
}
