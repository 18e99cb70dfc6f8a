use serde_json::json;

use serde_json::Value;

use super::*;
use crate::model::{Category, Presence, TaskId};
use crate::providers::KnownTask;

fn tasks() -> Vec<KnownTask> {
    ["Put away the cup", "Fold the blanket"]
        .map(|title| KnownTask {
            id: TaskId::new(jiff::Timestamp::UNIX_EPOCH),
            title: title.to_owned(),
            location: String::new(),
            area: None,
        })
        .to_vec()
}

fn good() -> Value {
    json!({
        "score": 62, "summary": "A cup is out.",
        "findings": [{
            "title": "Pick up the sock", "location": "on the floor", "category": "laundry", "priority": "low",
            "minutes": 1, "confidence": 0.9, "box": {"x": 0.1, "y": 0.2, "width": 0.1, "height": 0.1},
        }],
        "tasks": [{"id": "t1", "state": "gone", "confidence": 0.8}],
    })
}

#[test]
fn a_good_answer_is_read_whole_without_repairs() {
    let read = verdict(&good(), &tasks()).unwrap();

    let finding = &read.value.findings[0];
    assert_eq!(read.value.score.get(), 62);
    assert_eq!(finding.title, "Pick up the sock");
    assert_eq!(finding.category, Some(Category::Laundry));
    assert!(finding.area.is_some());
    assert_eq!(read.value.judgements[0].presence, Presence::Gone);
    assert!(read.repairs.is_empty(), "{:?}", read.repairs);
}

#[test]
fn no_findings_is_a_valid_answer() {
    let answer = json!({"score": 100, "summary": "Tidy.", "findings": [], "tasks": []});

    assert!(verdict(&answer, &[]).unwrap().value.findings.is_empty());
}

#[test]
fn what_is_no_verdict_is_refused_with_a_reason() {
    let many = |count: usize| -> Vec<_> {
        (0..count)
            .map(|n| json!({"title": format!("thing {n}"), "confidence": 1}))
            .collect()
    };
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
        (json!({"score": 0.62, "findings": []}), "found 0.62"),
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
        (
            json!({"score": 50, "findings": many(5_000)}),
            "5000 findings",
        ),
        (
            json!({"score": 50, "findings": [], "tasks": many(5_000)}),
            "5000 tasks",
        ),
        (
            json!(r#"{"score": 50, "findings": [{"title": "Wi"#),
            "ends in the middle",
        ),
        (
            json!(r#"{"score": 50, "score": 90, "findings": []}"#),
            "`score` stands there twice",
        ),
        (
            json!(r#"{"score": 50, "findings": []} or {"score": 60, "findings": []}"#),
            "more than one answer",
        ),
    ];
    for (answer, expected) in cases {
        let reason = verdict(&answer, &[]).unwrap_err();
        assert!(reason.contains(expected), "{reason}");
        assert!(reason.len() < 300);
    }
}

#[test]
fn markup_and_control_characters_do_not_pass() {
    let answer = json!({"score": 50, "summary": "a\u{0}b\u{1b}[31m", "findings": [{"title": "Wipe <script>alert(1)</script>the\ntable", "confidence": 1}]});

    let verdict = verdict(&answer, &[]).unwrap().value;

    assert_eq!(verdict.findings[0].title, "Wipe alert(1)the table");
    assert_eq!(verdict.summary, "a b [31m");
}

#[test]
fn an_answer_can_not_end_tasks_that_it_was_not_told_of() {
    let answer = json!({"score": 50, "findings": [], "tasks": [
        {"id": "t9", "state": "gone", "confidence": 1}, {"id": "all", "state": "gone", "confidence": 1},
        {"id": "*", "state": "gone", "confidence": 1}, {"id": "t2", "state": "do it", "confidence": 1},
    ]});

    let read = verdict(&answer, &tasks()).unwrap();

    assert!(read.value.judgements.is_empty());
    assert!(read.repairs.contains(&Repair::JudgementDropped));
}

#[test]
fn judgements_that_contradict_each_other_say_that_it_can_not_be_told() {
    let answer = json!({"score": 50, "findings": [], "tasks": [
        {"id": "t1", "state": "gone", "confidence": 1}, {"id": "T1", "state": "present", "confidence": 1},
    ]});

    let judgements = verdict(&answer, &tasks()).unwrap().value.judgements;

    assert_eq!(judgements.len(), 1);
    assert_eq!(judgements[0].presence, Presence::Unclear);
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_verdict_or_a_reason(text in "\\PC{0,300}") {
        let _ = verdict(&Value::String(text), &tasks());
    }

    #[test]
    fn a_good_answer_is_read_the_same_whatever_stands_around_it(before in "[a-zA-Z .,:\n]{0,80}", after in "[a-zA-Z .,:\n]{0,80}") {
        let text = format!("{before}{}{after}", good());
        let tasks = tasks();

        let read = verdict(&Value::String(text), &tasks).unwrap();

        proptest::prop_assert_eq!(read.value, verdict(&good(), &tasks).unwrap().value);
    }

    #[test]
    fn a_good_answer_cut_off_anywhere_is_refused(at in 1_usize..10_000) {
        let whole = good().to_string();
        let mut at = at % whole.len();
        while !whole.is_char_boundary(at) { at -= 1; }

        proptest::prop_assert!(verdict(&Value::String(whole[..at].to_owned()), &tasks()).is_err());
    }
}

/// Answers as models really return them, one file each, written after the services' documented behaviours. What is
/// made of each stands in one snapshot, so that a change of the parser shows what it changes.
#[test]
fn the_corpus_of_answers_is_read_as_it_always_was() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/providers/parse/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 60, "{}", files.len());
    let tasks = tasks();
    let told: Vec<String> = files
        .iter()
        .map(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            let name = file.file_stem().unwrap().to_string_lossy();
            format!("{name}: {}", outcome(&text, &tasks))
        })
        .collect();

    insta::assert_snapshot!("corpus", told.join("\n"));
}

/// One line on what was made of an answer.
fn outcome(text: &str, tasks: &[KnownTask]) -> String {
    let read = match verdict(&Value::String(text.to_owned()), tasks) {
        Ok(read) => read,
        Err(reason) => return format!("refused, {reason}"),
    };
    let position = |id: TaskId| tasks.iter().position(|task| task.id == id).map(|at| at + 1);
    let findings: Vec<String> = read
        .value
        .findings
        .iter()
        .map(|finding| {
            let area = finding.area.map(|area| {
                <[f64; 4]>::from(area)
                    .map(|side| format!("{side:.2}"))
                    .join(" ")
            });
            format!(
                "[{:?} at {:?}, {:?} {} {:?} min {} box {:?} task {:?}]",
                finding.title,
                finding.location,
                finding.category,
                finding.priority.as_str(),
                finding.minutes,
                finding.confidence.get(),
                area,
                finding.task.and_then(position),
            )
        })
        .collect();
    let judged: Vec<String> = read
        .value
        .judgements
        .iter()
        .map(|judged| {
            format!(
                "t{:?} {:?}",
                position(judged.task).unwrap_or(0),
                judged.presence
            )
        })
        .collect();
    let repairs: Vec<_> = read.repairs.iter().map(|repair| repair.as_str()).collect();
    format!(
        "score {}, summary {:?}, findings {}, tasks {judged:?}, repaired {repairs:?}",
        read.value.score.get(),
        read.value.summary,
        findings.join(" "),
    )
}
