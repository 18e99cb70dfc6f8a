use std::sync::Arc;

use super::client::TidyReference;
use crate::model::{
    LightMode, Mask, Presence, Priority, Score, Sensitivity, TaskId, Verdict, ZoneId,
};
use crate::providers::{
    Form, KnownTask, LocalView, Provider as _, ProviderError, Question, Request, verdict,
};
use crate::vision::{Grid, Raster, Reference, References};

const CUP: [u32; 4] = [120, 60, 30, 30];

/// A room of coloured stripes with a thing in it, or without.
fn room(thing: Option<[u32; 4]>) -> Raster {
    let (width, height) = (320, 180);
    let rgb = (0..width * height)
        .flat_map(|at| {
            let (x, y) = (at % width, at / width);
            let inside = thing.is_some_and(|[left, top, w, h]| {
                (left..left + w).contains(&x) && (top..top + h).contains(&y)
            });
            let wall = if (x / 20 + y / 30) % 2 == 0 {
                [150, 130, 100]
            } else {
                [90, 110, 140]
            };
            if inside { [230, 40, 40] } else { wall }
        })
        .map(|value: i32| u8::try_from(value).unwrap_or(u8::MAX))
        .collect();
    Raster::new(width, height, rgb).unwrap()
}

fn grid(thing: Option<[u32; 4]>) -> Grid {
    Grid::new(&room(thing), &[] as &[Mask], Grid::REFERENCE_SIDE)
}

fn request(now: Option<[u32; 4]>, references: References, tasks: Vec<KnownTask>) -> Request {
    Request {
        zone: ZoneId::parse("room").unwrap(),
        ignore: vec![],
        zone_name: "Kitchen".to_owned(),
        purpose: String::new(),
        pictures: Vec::new().into(),
        views: vec![LocalView {
            grids: vec![grid(now)],
            light: LightMode::Colour,
            references,
            regions: vec![],
        }],
        sensitivity: Sensitivity::Normal,
        tasks,
        language: "en".to_owned(),
    }
}

fn tidy() -> References {
    let mut references = References::default();
    references.add(Reference {
        light: LightMode::Colour,
        grid: grid(None),
    });
    references
}

#[derive(Debug)]
struct Answer {
    verdict: Verdict,
}

/// Asks, and reads the answer as any other.
async fn assess(request: Request) -> Result<Answer, ProviderError> {
    let request = Arc::new(request);
    let question = Question {
        title: String::new(),
        text: String::new(),
        pictures: vec![],
        form: Form::Verdict,
        request: Some(request.clone()),
    };
    let reply = TidyReference::new("reference".to_owned())
        .ask(&question)
        .await?;
    let read = verdict(&reply.content, &request.tasks).unwrap();
    assert!(read.repairs.is_empty(), "{:?}", read.repairs);
    Ok(Answer {
        verdict: read.value,
    })
}

#[tokio::test]
async fn a_tidy_room_has_no_findings() {
    let answer = assess(request(None, tidy(), vec![])).await.unwrap();

    assert_eq!(answer.verdict.score, Score::TIDY);
    assert!(answer.verdict.findings.is_empty());
}

#[tokio::test]
async fn a_thing_left_is_found_where_it_is_and_gone_when_it_is_gone() {
    let found = assess(request(Some(CUP), tidy(), vec![]))
        .await
        .unwrap()
        .verdict;
    assert_eq!(found.findings.len(), 1, "{found:?}");
    assert!(found.score < Score::TIDY);
    let task = KnownTask {
        id: TaskId::new(jiff::Timestamp::UNIX_EPOCH),
        title: found.findings[0].title.clone(),
        location: String::new(),
        area: found.findings[0].area,
    };

    let still = assess(request(Some(CUP), tidy(), vec![task.clone()]))
        .await
        .unwrap()
        .verdict;
    let gone = assess(request(None, tidy(), vec![task]))
        .await
        .unwrap()
        .verdict;

    assert_eq!(
        (still.findings.len(), still.judgements[0].presence),
        (0, Presence::Present)
    );
    assert_eq!(gone.judgements[0].presence, Presence::Gone);
    assert_eq!(found.findings[0].priority, Priority::Normal);
}

#[tokio::test]
async fn without_a_reference_it_says_what_to_do() {
    let refused = assess(request(None, References::default(), vec![]))
        .await
        .unwrap_err();

    assert!(
        refused.to_string().contains("show the room tidy once"),
        "{refused}"
    );
}
