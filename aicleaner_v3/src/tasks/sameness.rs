//! Whether a finding is a task that is known already. One rule:
//!
//! `0.60 wording + 0.30 place + 0.10 category (+ 0.65 if the provider says it is this task)`, same from 0.70 on.
//!
//! Each part is 0 (speaks against) to 1 (speaks for), 0.5 when it is not known. So the same words alone are
//! enough, but not against a place that speaks otherwise; half of the words are enough at the same place; and
//! the provider's word is enough unless place and category both speak against it. Two things never pass,
//! whatever else is said: words that tell like things apart ("left" and "right", "red" and "blue", "2" and
//! "3"), and a provider that says it is another task.

use crate::model::{Category, Finding, TaskId};

use super::words::{Words, alikeness};

/// From this sameness on, a finding is the task.
pub const SAME_FROM: f64 = 0.70;
const WORDING: f64 = 0.60;
const PLACE: f64 = 0.30;
const CATEGORY: f64 = 0.10;
const TOLD: f64 = 0.65;
const UNKNOWN: f64 = 0.5;

/// What the provider itself says of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notification {
    /// That they are the same.
    Same,
    /// That the finding is another task.
    Another,
    /// Nothing.
    Nothing,
}

impl Notification {
    /// What `finding` says about being `task`.
    pub fn of(finding: &Finding, task: TaskId) -> Self {
        match finding.task {
            None => Self::Nothing,
            Some(told) if told == task => Self::Same,
            Some(_) => Self::Another,
        }
    }
}

/// A finding with its words, made once and compared often.
#[derive(Debug)]
pub struct Described<'a> {
    finding: &'a Finding,
    title: Words,
    location: Words,
}

impl<'a> Described<'a> {
    /// The finding by its own title.
    pub fn new(finding: &'a Finding) -> Self {
        Self::named(finding, &finding.title)
    }

    /// The finding by another title.
    pub fn named(finding: &'a Finding, title: &str) -> Self {
        Self {
            finding,
            title: Words::of(title),
            location: Words::of(&finding.location),
        }
    }

    /// [`sameness`] of the two.
    pub fn sameness(&self, found: &Self, told: Notification) -> f64 {
        if told == Notification::Another || self.title.opposes(&found.title) {
            return 0.0;
        }
        let said = if told == Notification::Same {
            TOLD
        } else {
            0.0
        };
        let rest = PLACE * self.place(found)
            + CATEGORY * category(self.finding.category, found.finding.category)
            + said;
        // Where the best wording could not make it, it need not be looked at.
        if rest + WORDING < SAME_FROM {
            return rest;
        }
        let words = alikeness(
            (&self.title, &self.location),
            (&found.title, &found.location),
        );
        rest + WORDING * words
    }

    /// Where it is: the box counts twice as much as the words, since the same place has many names. Boxes in
    /// pictures of different cameras say nothing.
    fn place(&self, other: &Self) -> f64 {
        let (a, b) = (self.finding, other.finding);
        let same_picture = a.camera.is_none() || b.camera.is_none() || a.camera == b.camera;
        let boxes = match (&a.area, &b.area) {
            (Some(a), Some(b)) if same_picture => Some(a.nearness(b)),
            _ => None,
        };
        match (boxes, self.same_location(other)) {
            (Some(boxes), Some(words)) => (2.0 * boxes + words) / 3.0,
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => UNKNOWN,
        }
    }

    fn same_location(&self, other: &Self) -> Option<f64> {
        if self.finding.location.is_empty() || other.finding.location.is_empty() {
            return None;
        }
        if self.location.opposes(&other.location) {
            return Some(0.0);
        }
        let nowhere = Words::default();
        let alike = alikeness((&self.location, &nowhere), (&other.location, &nowhere));
        Some(if alike >= 0.5 { 1.0 } else { 0.1 + alike })
    }
}

/// How sure it is that `known` and `found` are one thing; from [`SAME_FROM`] on they are.
pub fn sameness(known: &Finding, found: &Finding, told: Notification) -> f64 {
    Described::new(known).sameness(&Described::new(found), told)
}

fn category(a: Option<Category>, b: Option<Category>) -> f64 {
    match (a, b) {
        (Some(Category::Other) | None, _) | (_, Some(Category::Other) | None) => UNKNOWN,
        (Some(a), Some(b)) if a == b => 1.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Area, Confidence};

    fn finding(title: &str, location: &str) -> Finding {
        Finding {
            location: location.to_owned(),
            ..Finding::new(title, Confidence::CERTAIN)
        }
    }

    fn at(mut finding: Finding, x: f64, y: f64) -> Finding {
        finding.area = Some(Area::new(x, y, 0.1, 0.1).unwrap());
        finding
    }

    fn same(a: &Finding, b: &Finding, told: Notification) -> bool {
        sameness(a, b, told) >= SAME_FROM
    }

    #[test]
    fn the_same_words_are_enough_but_not_at_another_place() {
        let sock = finding("Pick up the sock", "");
        let on_bed = finding("Pick up the sock", "bed");
        let by_door = finding("Pick up the sock", "by the door");

        assert!(same(&sock, &sock, Notification::Nothing));
        assert!(same(&sock, &on_bed, Notification::Nothing));
        assert!(!same(&on_bed, &by_door, Notification::Nothing));
    }

    #[test]
    fn half_of_the_words_are_enough_in_the_same_box() {
        let one = at(finding("Take the coffee cup away", ""), 0.4, 0.4);
        let two = at(finding("Put the cup into the dishwasher", ""), 0.41, 0.4);
        let far = at(finding("Put the coffee cup away", ""), 0.41, 0.4);

        assert!(
            same(&one, &far, Notification::Nothing),
            "{}",
            sameness(&one, &far, Notification::Nothing)
        );
        assert!(!same(&one, &two, Notification::Nothing));
    }

    #[test]
    fn the_providers_word_is_enough_for_other_words() {
        let one = finding("Wipe the counter", "counter");
        let two = finding("Clean coffee stains off the worktop", "worktop");

        assert!(!same(&one, &two, Notification::Nothing));
        assert!(same(&one, &two, Notification::Same));
        assert!(!same(&one, &one, Notification::Another));
    }

    #[test]
    fn left_and_right_are_never_the_same_even_if_the_provider_says_so() {
        let left = finding("Straighten the left chair", "table");
        let right = finding("Straighten the right chair", "table");

        assert!(!same(&left, &right, Notification::Same));
    }

    #[test]
    fn boxes_of_different_cameras_say_nothing() {
        let mut one = at(finding("Pick up the sock", ""), 0.1, 0.1);
        let mut two = at(finding("Pick up the sock", ""), 0.8, 0.8);
        assert!(!same(&one, &two, Notification::Nothing));

        one.camera = Some(crate::model::EntityId::parse("camera.a").unwrap());
        two.camera = Some(crate::model::EntityId::parse("camera.b").unwrap());

        assert!(same(&one, &two, Notification::Nothing));
    }
}
