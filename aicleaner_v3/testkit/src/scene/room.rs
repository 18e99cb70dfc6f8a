//! A room: its furniture, what lies about, and the snapshots lately taken of it.
//! It keeps what was true when each snapshot was taken, so that a model can be asked about that picture.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::canvas::Canvas;
use super::fingerprint::Fingerprint;
use super::furniture::{Furniture, Palette, Shell, Window};
use super::layer::Layer;
use super::light::{Grain, Light};
use super::mess::Mess;
use super::{decode_luma, encode};
use crate::KitError;

/// Snapshots remembered, newest last.
const REMEMBERED: usize = 64;
/// Sizes of the empty room kept ready.
const BACKDROPS: usize = 4;
/// JPEG quality of the cameras.
const QUALITY: u8 = 88;
/// Levels of grain.
const GRAIN: f32 = 2.5;

/// A picture of a room as a camera sends it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The JPEG.
    pub jpeg: Vec<u8>,
    /// What lay about when it was taken.
    pub truth: Vec<Mess>,
}

/// A snapshot that was taken, as the room remembers it.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The likeness of the picture.
    pub likeness: Fingerprint,
    /// What lay about when it was taken.
    pub truth: Vec<Mess>,
}

/// A drawn room.
pub struct Room {
    name: String,
    seed: u64,
    light: Light,
    grain: Grain,
    still: Vec<Box<dyn Layer>>,
    catalogue: Vec<Mess>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    lying: Vec<Mess>,
    sightings: VecDeque<Sighting>,
    backdrops: VecDeque<Arc<Canvas>>,
}

impl std::fmt::Debug for Room {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Room")
            .field("name", &self.name)
            .field("lying", &self.lock().lying)
            .finish_non_exhaustive()
    }
}

impl Room {
    /// A tidy, furnished room. The seed decides its colours, its light and its grain.
    #[must_use]
    pub fn new(name: &str, seed: u64) -> Arc<Self> {
        Self::with_light(name, seed, Light::default())
    }

    /// A tidy, furnished room in a light of its own.
    #[must_use]
    pub fn with_light(name: &str, seed: u64, light: Light) -> Arc<Self> {
        let palette = Palette::of(seed);
        Arc::new(Self {
            name: name.to_owned(),
            seed,
            light,
            grain: Grain::new(seed, GRAIN),
            still: vec![
                Box::new(Shell(palette)),
                Box::new(Window),
                Box::new(Furniture(palette)),
            ],
            catalogue: Mess::catalogue(),
            inner: Mutex::default(),
        })
    }

    /// The room's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Leaves a thing of the catalogue lying about. Leaving it twice changes nothing.
    ///
    /// # Errors
    /// When the catalogue has no such thing.
    pub fn leave(&self, id: &str) -> Result<(), KitError> {
        let mess = self.catalogue.iter().find(|mess| mess.id == id);
        let mess = mess.ok_or_else(|| KitError::Unknown {
            what: "thing to leave about",
            name: id.to_owned(),
        })?;
        self.leave_mess(mess.clone());
        Ok(())
    }

    /// Leaves any thing lying about, in place of one with the same id.
    pub fn leave_mess(&self, mess: Mess) {
        let mut inner = self.lock();
        inner.lying.retain(|lying| lying.id != mess.id);
        inner.lying.push(mess);
    }

    /// Tidies one thing away. Says whether it lay there.
    pub fn tidy(&self, id: &str) -> bool {
        let mut inner = self.lock();
        let before = inner.lying.len();
        inner.lying.retain(|mess| mess.id != id);
        inner.lying.len() < before
    }

    /// Tidies everything away.
    pub fn tidy_all(&self) {
        self.lock().lying.clear();
    }

    /// What lies about now.
    #[must_use]
    pub fn truth(&self) -> Vec<Mess> {
        self.lock().lying.clone()
    }

    /// Draws the room at a moment of the scene.
    #[must_use]
    pub fn draw(&self, at: Duration, size: (u16, u16)) -> Canvas {
        self.draw_with(&self.truth(), at, size)
    }

    /// Takes a snapshot at a moment of the scene, and remembers what was true then.
    ///
    /// # Errors
    /// When the encoder refuses the size.
    pub fn snapshot(&self, at: Duration, size: (u16, u16)) -> Result<Snapshot, KitError> {
        let truth = self.truth();
        let canvas = self.draw_with(&truth, at, size);
        let jpeg = encode(&canvas, QUALITY)?;
        if let Some(likeness) = likeness_of(&jpeg) {
            let sighting = Sighting {
                likeness,
                truth: truth.clone(),
            };
            let mut inner = self.lock();
            if inner.sightings.len() >= REMEMBERED {
                inner.sightings.pop_front();
            }
            inner.sightings.push_back(sighting);
        }
        Ok(Snapshot { jpeg, truth })
    }

    /// The snapshot lately taken that is most like the given picture, and how unlike it still is.
    #[must_use]
    pub fn nearest(&self, likeness: &Fingerprint) -> Option<(f32, Vec<Mess>)> {
        let inner = self.lock();
        inner
            .sightings
            .iter()
            .rev()
            .map(|sighting| (sighting.likeness.distance(likeness), sighting))
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(distance, sighting)| (distance, sighting.truth.clone()))
    }

    fn draw_with(&self, lying: &[Mess], at: Duration, size: (u16, u16)) -> Canvas {
        let mut canvas = Canvas::clone(&self.backdrop(size));
        for mess in lying {
            mess.draw(&mut canvas);
        }
        self.light.shine(&mut canvas, self.seed, at);
        self.grain.sprinkle(&mut canvas, at);
        canvas
    }

    /// The empty room, drawn once a size.
    fn backdrop(&self, size: (u16, u16)) -> Arc<Canvas> {
        let fits = |canvas: &&Arc<Canvas>| (canvas.width(), canvas.height()) == size;
        if let Some(ready) = self.lock().backdrops.iter().find(fits) {
            return Arc::clone(ready);
        }
        let mut canvas = Canvas::new(size.0, size.1);
        for layer in &self.still {
            layer.draw(&mut canvas, Duration::ZERO);
        }
        let ready = Arc::new(canvas);
        let mut inner = self.lock();
        if inner.backdrops.len() >= BACKDROPS {
            inner.backdrops.pop_front();
        }
        inner.backdrops.push_back(Arc::clone(&ready));
        ready
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The likeness of a JPEG, if it is one.
pub(crate) fn likeness_of(jpeg: &[u8]) -> Option<Fingerprint> {
    let (width, height, luma) = decode_luma(jpeg)?;
    Fingerprint::of_luma(width, height, &luma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_room_is_drawn_once_a_size() {
        let room = Room::new("a", 1);

        let (first, again) = (room.backdrop((320, 180)), room.backdrop((320, 180)));
        let other = room.backdrop((160, 90));

        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!((other.width(), other.height()), (160, 90));
    }
}
