//! Any text as a model's answer: a verdict within its limits, or a reason; never a panic, and the same each time.

#![no_main]

use aicleaner::model::TaskId;
use aicleaner::providers::{KnownTask, verdict};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &str| {
    let id = |number: u8| TaskId::parse(&format!("01a1f80b-2b49-756d-9fa7-5c3a2a5d8b{number:02x}"));
    let tasks: Vec<KnownTask> = (0..3)
        .filter_map(|number| id(number).ok())
        .map(|id| KnownTask {
            id,
            title: "Wipe the table".to_owned(),
            location: "kitchen".to_owned(),
            area: None,
        })
        .collect();
    let answer = serde_json::Value::String(answer.to_owned());
    let read = verdict(&answer, &tasks);
    assert_eq!(read, verdict(&answer, &tasks));
    let Ok(read) = read else { return };
    let verdict = read.value;
    assert!(verdict.findings.len() <= 50 && verdict.judgements.len() <= tasks.len());
    for judged in &verdict.judgements {
        assert!(tasks.iter().any(|task| task.id == judged.task));
    }
    for finding in &verdict.findings {
        assert!(!finding.title.is_empty() && finding.title.chars().count() <= 120);
        assert!(!finding.title.chars().any(char::is_control));
    }
});
