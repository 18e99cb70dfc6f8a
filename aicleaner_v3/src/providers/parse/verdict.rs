//! An answer as a verdict. The answer is hostile: limits first, text sanitised, numbers checked.
//! What a verdict can't do without fails the answer; what it can do without is left out, and noted.

use serde_json::{Map, Value};

use super::json::shown;
use super::repair::{Read, Repair, Repairs};
use super::{area, json, number};
use crate::model::{
    Category, Confidence, Finding, Presence, Priority, Score, TaskId, TaskJudgement, Verdict,
};
use crate::providers::prompt::short_id;
use crate::providers::request::KnownTask;
use crate::providers::text::plain;

const MOST_FINDINGS: usize = 50;
/// A model that judges many more tasks than it was told of has lost the thread.
const MOST_JUDGEMENTS: usize = 200;
const LONGEST_TITLE: usize = 120;
const LONGEST_LOCATION: usize = 80;
const LONGEST_SUMMARY: usize = 300;

/// Reads `answer`, which may be an object or text that holds one.
///
/// # Errors
/// Why it is no verdict, in words that also help the model.
pub fn verdict(answer: &Value, tasks: &[KnownTask]) -> Result<Read<Verdict>, String> {
    let mut repairs = Repairs::default();
    let fields = json::object(answer, "score", &mut repairs)?;
    let score = fields
        .get("score")
        .and_then(|value| number::score(value, &mut repairs))
        .and_then(|score| Score::new(score).ok())
        .ok_or_else(|| {
            format!(
                "expected `score` from 0 to 100, found {}",
                shown(fields.get("score"))
            )
        })?;
    let findings = list(&fields, "findings", MOST_FINDINGS, &mut repairs)?;
    let judgements = list(&fields, "tasks", MOST_JUDGEMENTS, &mut repairs)?;
    let verdict = Verdict {
        score,
        summary: text(fields.get("summary"), LONGEST_SUMMARY),
        findings: all_findings(&findings, tasks, &mut repairs)?,
        judgements: all_judgements(&judgements, tasks, &mut repairs),
    };
    Ok(repairs.done(verdict))
}

/// A list, or text that holds one, as some services give nested structures. None is an empty list.
fn list(
    fields: &Map<String, Value>,
    name: &str,
    most: usize,
    repairs: &mut Repairs,
) -> Result<Vec<Value>, String> {
    let wrong = |found: &Value| {
        format!(
            "expected `{name}` to be a list, found {}",
            shown(Some(found))
        )
    };
    let list = match fields.get(name) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.clone(),
        Some(Value::String(text)) if text.trim().is_empty() => Vec::new(),
        Some(found @ Value::String(text)) => match json::value(text, repairs) {
            Some(Value::Array(list)) => {
                repairs.note(Repair::NestedText);
                list
            }
            _ => return Err(wrong(found)),
        },
        Some(found) => return Err(wrong(found)),
    };
    if list.len() > most {
        return Err(format!("it has {} {name}, more than {most}", list.len()));
    }
    Ok(list)
}

fn all_findings(
    values: &[Value],
    tasks: &[KnownTask],
    repairs: &mut Repairs,
) -> Result<Vec<Finding>, String> {
    let mut findings: Vec<Finding> = Vec::with_capacity(values.len());
    for value in values {
        let finding = finding(value, tasks, repairs)?;
        let same = |known: &Finding| {
            known.title == finding.title
                && known.location == finding.location
                && known.area == finding.area
        };
        match findings.iter().any(same) {
            true => repairs.note(Repair::DuplicateFinding),
            false => findings.push(finding),
        }
    }
    Ok(findings)
}

fn finding(value: &Value, tasks: &[KnownTask], repairs: &mut Repairs) -> Result<Finding, String> {
    let title = text(value.get("title"), LONGEST_TITLE);
    if title.is_empty() {
        return Err(format!("a finding has no `title`: {}", shown(Some(value))));
    }
    let confidence = value
        .get("confidence")
        .and_then(|value| confidence(value, repairs))
        .ok_or_else(|| {
            format!(
                "a finding has no `confidence` from 0 to 1: {}",
                shown(Some(value))
            )
        })?;
    Ok(Finding {
        title,
        location: text(value.get("location"), LONGEST_LOCATION),
        area: area::area(value, repairs),
        category: category(value),
        priority: priority(value, repairs),
        minutes: value
            .get("minutes")
            .and_then(|value| number::minutes(value, repairs)),
        confidence,
        task: value
            .get("task")
            .and_then(Value::as_str)
            .and_then(|id| known(id, tasks)),
        camera: None,
    })
}

/// The task that was told under this short id.
fn known(id: &str, tasks: &[KnownTask]) -> Option<TaskId> {
    let id = id.trim().to_lowercase();
    let index = (0..tasks.len()).find(|index| short_id(*index) == id)?;
    tasks.get(index).map(|task| task.id)
}

fn word(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.trim().to_lowercase())
}

fn category(value: &Value) -> Option<Category> {
    Category::parse(&word(value, "category")?)
}

fn priority(value: &Value, repairs: &mut Repairs) -> Priority {
    let Some(word) = word(value, "priority") else {
        return Priority::Normal;
    };
    let (priority, exact) = match word.as_str() {
        "low" => (Priority::Low, true),
        "normal" => (Priority::Normal, true),
        "high" => (Priority::High, true),
        "urgent" | "critical" => (Priority::High, false),
        "minor" => (Priority::Low, false),
        _ => (Priority::Normal, false),
    };
    if !exact {
        repairs.note(Repair::Word);
    }
    priority
}

/// Judgements of tasks that the provider was told of. One of an unknown task, or one that can't be read, says
/// nothing; two that contradict each other mean that it can't be told.
fn all_judgements(
    values: &[Value],
    tasks: &[KnownTask],
    repairs: &mut Repairs,
) -> Vec<TaskJudgement> {
    let mut judgements: Vec<TaskJudgement> = Vec::new();
    for value in values {
        let Some(judgement) = judgement(value, tasks, repairs) else {
            repairs.note(Repair::JudgementDropped);
            continue;
        };
        match judgements
            .iter_mut()
            .find(|known| known.task == judgement.task)
        {
            None => judgements.push(judgement),
            Some(known) if known.presence == judgement.presence => {}
            Some(known) => {
                known.presence = Presence::Unclear;
                repairs.note(Repair::JudgementDropped);
            }
        }
    }
    judgements
}

fn judgement(value: &Value, tasks: &[KnownTask], repairs: &mut Repairs) -> Option<TaskJudgement> {
    let task = known(value.get("id")?.as_str()?, tasks)?;
    let word = word(value, "state")?;
    let (presence, exact) = match word.as_str() {
        "present" => (Presence::Present, true),
        "gone" => (Presence::Gone, true),
        "unclear" => (Presence::Unclear, true),
        "still present" | "still there" => (Presence::Present, false),
        "done" | "completed" | "resolved" => (Presence::Gone, false),
        "unknown" | "uncertain" | "not visible" | "can't tell" | "hidden" => {
            (Presence::Unclear, false)
        }
        _ => return None,
    };
    let confidence = value
        .get("confidence")
        .and_then(|value| confidence(value, repairs))?;
    if !exact {
        repairs.note(Repair::Word);
    }
    Some(TaskJudgement {
        task,
        presence,
        confidence,
    })
}

fn confidence(value: &Value, repairs: &mut Repairs) -> Option<Confidence> {
    number::share(value, repairs).and_then(|share| Confidence::new(share).ok())
}

fn text(value: Option<&Value>, longest: usize) -> String {
    plain(value.and_then(Value::as_str).unwrap_or_default(), longest)
}
