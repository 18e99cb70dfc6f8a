//! What misled the gate, by what went on in the room and the camera since the look before.

use aicleaner_testkit::scene::day::Conditions;

/// What a false assessment came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Restart,
    Person,
    Infrared,
    Curtain,
    Shake,
    Light,
    Noise,
}

impl Cause {
    pub const ALL: [Self; 7] = [
        Self::Restart,
        Self::Person,
        Self::Infrared,
        Self::Curtain,
        Self::Shake,
        Self::Light,
        Self::Noise,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Person => "person",
            Self::Infrared => "infrared switch",
            Self::Curtain => "curtain",
            Self::Shake => "shake",
            Self::Light => "light",
            Self::Noise => "noise",
        }
    }
}

/// The likeliest cause, what is rarest first: by what was different at the last assessment, at the look before, and
/// now. By day the light never stays, so noise is what remains at night.
pub fn cause(reference: &Conditions, before: &Conditions, now: &Conditions) -> Cause {
    if reference.trouble.is_some() || now.trouble.is_some() {
        Cause::Restart
    } else if reference.people > 0 || now.people > 0 {
        Cause::Person
    } else if now.infrared != before.infrared {
        Cause::Infrared
    } else if now.curtains != reference.curtains {
        Cause::Curtain
    } else if now.knocked != reference.knocked {
        Cause::Shake
    } else if now.lamps != before.lamps || !now.infrared {
        Cause::Light
    } else {
        Cause::Noise
    }
}
