//! Who is there: in the room by its sensors, and in the home by its people. Pure: states come in as words.

use serde::{Deserialize, Serialize};

/// When a zone may be looked at, by who is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AwayMode {
    /// Whoever is at home.
    #[default]
    Always,
    /// Only while somebody is at home.
    OnlyWhenHome,
    /// Only while nobody is at home.
    OnlyWhenAway,
}

/// What some entities tell together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupancy {
    /// At least one says that somebody is there.
    Present,
    /// Those that tell anything say that nobody is there.
    Clear,
    /// None of them tells anything.
    Unknown,
}

impl Occupancy {
    /// What the states of these entities tell together; none is an entity that is not there.
    pub fn of<'a>(states: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut together = Self::Unknown;
        for state in states {
            match state.and_then(is_somebody_there) {
                Some(true) => return Self::Present,
                Some(false) => together = Self::Clear,
                None => {}
            }
        }
        together
    }

    /// As an entity shows it.
    pub fn as_known(self) -> Option<bool> {
        match self {
            Self::Present => Some(true),
            Self::Clear => Some(false),
            Self::Unknown => None,
        }
    }
}

/// What one state tells: of a sensor or a switch, of a person, or as a number of people. A person in another place that
/// the home knows by name is not at home; that name is no word that is known here.
fn is_somebody_there(state: &str) -> Option<bool> {
    match state {
        "on" | "home" | "playing" | "occupied" => Some(true),
        "unavailable" | "unknown" | "" => None,
        number if number.parse::<f64>().is_ok() => {
            number.parse().ok().map(|count: f64| count > 0.0)
        }
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(states: &[&str]) -> Occupancy {
        Occupancy::of(states.iter().map(|state| Some(*state)))
    }

    #[test]
    fn one_that_says_somebody_is_there_is_enough() {
        assert_eq!(of(&["off", "unavailable", "on"]), Occupancy::Present);
        assert_eq!(of(&["not_home", "home"]), Occupancy::Present);
        assert_eq!(of(&["0", "2"]), Occupancy::Present);
    }

    #[test]
    fn one_that_tells_nobody_is_there_is_enough_when_others_tell_nothing() {
        assert_eq!(of(&["off", "unavailable"]), Occupancy::Clear);
        assert_eq!(of(&["School", "0"]), Occupancy::Clear);
    }

    #[test]
    fn silence_is_not_absence() {
        assert_eq!(of(&["unavailable", "unknown"]), Occupancy::Unknown);
        assert_eq!(Occupancy::of([None].into_iter()), Occupancy::Unknown);
        assert_eq!(Occupancy::Unknown.as_known(), None);
    }
}
