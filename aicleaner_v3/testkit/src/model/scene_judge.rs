//! A judge that knows what lay in a room when the picture before it was taken.
//! It believes only pictures it really received: undecodable or unknown ones are an error.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::prompt::{OpenTask, open_tasks};
use super::{Answer, Judge, canary, shape};
use crate::scene::{Mess, Room, likeness_of};

/// Points that each thing lying about costs.
const POINTS: u32 = 15;
/// How unlike its snapshot a picture may be (mean difference, 0 to 255) and still be known.
const KNOWN: f32 = 12.0;

/// The simulated model of the rooms it is bound to.
#[derive(Debug)]
pub struct SceneJudge {
    rooms: Vec<Arc<Room>>,
}

impl SceneJudge {
    /// A judge that knows these rooms.
    #[must_use]
    pub fn new(rooms: impl IntoIterator<Item = Arc<Room>>) -> Arc<Self> {
        Arc::new(Self {
            rooms: rooms.into_iter().collect(),
        })
    }

    /// What lay about in the snapshot that a picture comes from.
    fn recognise(&self, image: &[u8]) -> Result<Vec<Mess>, &'static str> {
        let likeness = likeness_of(image).ok_or("an image could not be decoded as JPEG")?;
        self.rooms
            .iter()
            .filter_map(|room| room.nearest(&likeness))
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .filter(|(distance, _)| *distance <= KNOWN)
            .map(|(_, truth)| truth)
            .ok_or("an image shows none of the rooms this model knows")
    }

    fn see(&self, images: &[Vec<u8>]) -> Result<Vec<Mess>, &'static str> {
        if images.is_empty() {
            return Err("no image was received");
        }
        let mut seen: Vec<Mess> = Vec::new();
        for image in images {
            for mess in self.recognise(image)? {
                if !seen.iter().any(|known| known.id == mess.id) {
                    seen.push(mess);
                }
            }
        }
        Ok(seen)
    }
}

impl Judge for SceneJudge {
    fn answer(&self, instructions: &str, structure: Option<&Value>, images: &[Vec<u8>]) -> Answer {
        if canary::is_asked(instructions) {
            return Answer::Text(shape::render(canary::read(images), structure));
        }
        match self.see(images) {
            Ok(seen) => {
                let verdict = verdict(&seen, &open_tasks(instructions));
                Answer::Text(shape::render(verdict, structure))
            }
            Err(reason) => Answer::Error {
                status: 400,
                body: json!({"error": reason}).to_string(),
            },
        }
    }
}

fn verdict(seen: &[Mess], open: &[OpenTask]) -> Map<String, Value> {
    let count = u32::try_from(seen.len()).unwrap_or(u32::MAX);
    let score = 100_u32.saturating_sub(count.saturating_mul(POINTS));
    let summary = match seen {
        [] => "The room is tidy.".to_owned(),
        [one] => format!("One thing lies about: {}.", one.location),
        many => format!("{} things lie about.", many.len()),
    };
    let tasks: Vec<Value> = open
        .iter()
        .map(|task| {
            let present = seen.iter().any(|mess| names(task, mess));
            let state = if present { "present" } else { "gone" };
            json!({"id": task.id, "state": state, "confidence": 0.95})
        })
        .collect();
    let findings: Vec<Value> = seen
        .iter()
        .filter(|mess| !open.iter().any(|task| names(task, mess)))
        .map(finding)
        .collect();
    let mut verdict = Map::new();
    verdict.insert("score".into(), score.into());
    verdict.insert("summary".into(), summary.into());
    verdict.insert("findings".into(), findings.into());
    verdict.insert("tasks".into(), tasks.into());
    verdict
}

fn finding(mess: &Mess) -> Value {
    let place = mess.place;
    let place = [place.x, place.y, place.w, place.h]
        .map(|share| (f64::from(share) * 1000.0).round() / 1000.0);
    json!({
        "title": mess.title,
        "location": mess.location,
        "priority": mess.priority(),
        "minutes": mess.minutes(),
        "confidence": 0.93,
        "box": place,
    })
}

/// Whether an open task speaks of a thing: by its title, and by its place where two share a title.
fn names(task: &OpenTask, mess: &Mess) -> bool {
    let same_place = task
        .location
        .as_ref()
        .is_none_or(|location| location.eq_ignore_ascii_case(&mess.location));
    same_place && task.title.eq_ignore_ascii_case(&mess.title)
}
