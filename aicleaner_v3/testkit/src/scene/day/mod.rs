//! A whole day in the drawn room, as a camera sees it: sun, clouds, lamps, infrared, noise, people,
//! curtains, a camera that shakes and restarts, and things that are left and tidied, with the truth about them.
//! A seed decides everything: the same moment of the same day is the same picture.

mod camera;
mod curtains;
mod exposure;
mod light;
mod maps;
mod people;
mod plan;
mod random;
mod sensor;
mod things;

use std::collections::BTreeSet;
use std::time::Duration;

use self::camera::Camera;
pub use self::camera::CameraFault;
use self::curtains::Curtains;
use self::light::Lighting;
use self::maps::Maps;
use self::people::Visit;
pub use self::plan::Tempo;
use self::plan::{Lying, Plan};
use super::canvas::Canvas;
use super::{Mess, encode};
use crate::KitError;

/// What happened to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It was left lying about: a mess event.
    Left,
    /// It was tidied away.
    Tidied,
}

/// One thing that was left or tidied.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, counted from the day's start.
    pub at: Duration,
    /// What was done.
    pub happening: Happening,
    /// The thing's id.
    pub thing: String,
}

/// What else a picture shows besides things: whatever may be taken for a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// The camera sees by infrared.
    pub infrared: bool,
    /// Which lamps are on.
    pub lamps: [bool; 2],
    /// People in the picture.
    pub people: usize,
    /// How far the curtains are drawn, 0 to 1.
    pub curtains: f32,
    /// How far the camera was knocked, in shares of the picture's width and height.
    pub knocked: (f32, f32),
    /// What is wrong with the camera.
    pub trouble: Option<CameraFault>,
}

/// A day in a room, with the evening before it.
#[derive(Debug)]
pub struct Day {
    seed: u64,
    maps: Maps,
    lighting: Lighting,
    curtains: Curtains,
    camera: Camera,
    visits: Vec<Visit>,
    things: Vec<Lying>,
    events: Vec<Event>,
}

impl Day {
    /// The evening before, from 18:00: time to get to know the room by each light. Nothing is left or tidied then.
    pub const LEAD_IN: Duration = Duration::from_secs(6 * 3600);
    /// The evening before and the day.
    pub const LENGTH: Duration = plan::LENGTH;

    /// Plans a day, drawn at a size in pixels.
    #[must_use]
    pub fn new(seed: u64, tempo: Tempo, size: (u16, u16)) -> Self {
        let maps = Maps::new(seed, size);
        let Plan {
            lighting,
            curtains,
            camera,
            visits,
            things,
        } = Plan::new(seed, tempo, &maps);
        let events = events_of(&things);
        Self {
            seed,
            maps,
            lighting,
            curtains,
            camera,
            visits,
            things,
            events,
        }
    }

    /// What was left and tidied, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The ids of what lies about at a moment.
    #[must_use]
    pub fn lying(&self, at: Duration) -> BTreeSet<&str> {
        self.things_at(at).map(|mess| mess.id.as_str()).collect()
    }

    /// What lies about at a moment.
    pub fn things_at(&self, at: Duration) -> impl Iterator<Item = &Mess> {
        let now = at.as_secs_f32();
        self.things
            .iter()
            .filter(move |thing| thing.from <= now && now < thing.until)
            .map(|thing| &thing.mess)
    }

    /// The thing of an id, whenever it lies about.
    #[must_use]
    pub fn thing(&self, id: &str) -> Option<&Mess> {
        let found = self.things.iter().find(|thing| thing.mess.id == id);
        found.map(|thing| &thing.mess)
    }

    /// What else goes on at a moment.
    #[must_use]
    pub fn conditions(&self, at: Duration) -> Conditions {
        let now = at.as_secs_f32();
        let light = self.lighting.at(now);
        Conditions {
            infrared: light.infrared,
            lamps: light.lamps.map(|lamp| lamp > 0.0),
            people: self.visits.iter().filter(|visit| visit.covers(now)).count(),
            curtains: self.curtains.drawn(now),
            knocked: self.camera.knocked(now),
            trouble: self.camera.trouble(now),
        }
    }

    /// The picture of a moment, as the sensor gives it: with light, noise, shake and a camera's troubles.
    #[must_use]
    pub fn frame(&self, at: Duration) -> Canvas {
        let now = at.as_secs_f32();
        let mut scene = self.maps.tidy.clone();
        self.curtains.draw(&mut scene, now);
        for mess in self.things_at(at) {
            mess.draw(&mut scene);
        }
        for visit in &self.visits {
            visit.draw(&mut scene, now);
        }
        let shift = self.camera.shift(now);
        let mut picture = sensor::expose(&self.maps, &scene, &self.lighting, now, shift);
        sensor::grain(
            &mut picture,
            self.lighting.noise(&self.maps, now),
            self.seed,
            at,
        );
        self.camera.spoil(&mut picture, now);
        picture
    }

    /// The JPEG of a moment, as the camera sends it; while it restarts, it may be cut off.
    ///
    /// # Errors
    /// When the encoder refuses the size.
    pub fn jpeg(&self, at: Duration) -> Result<Vec<u8>, KitError> {
        let mut bytes = encode(&self.frame(at), self.camera.quality())?;
        if self.camera.trouble(at.as_secs_f32()) == Some(CameraFault::CutOff) {
            bytes.truncate(bytes.len() / 2);
        }
        Ok(bytes)
    }
}

fn events_of(things: &[Lying]) -> Vec<Event> {
    let end = Day::LENGTH.as_secs_f32();
    let mut events = Vec::new();
    for thing in things {
        for (seconds, happening) in [
            (thing.from, Happening::Left),
            (thing.until, Happening::Tidied),
        ] {
            if seconds > 0.0 && seconds < end {
                events.push(Event {
                    at: Duration::from_secs_f32(seconds),
                    happening,
                    thing: thing.mess.id.clone(),
                });
            }
        }
    }
    events.sort_by_key(|event| event.at);
    events
}

#[cfg(test)]
mod tests;
