//! One simulated day through the real decoder and gate, looked at as a zone's schedule does.
//! Only the gate decides here; the truth is read off afterwards.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aicleaner::engine::after_passing;
use aicleaner::model::Area;
use aicleaner::vision::{
    AssessReason, AssessmentOutcome, Decision, DecodeLimits, Frame, GatePolicy, Grid, History,
    Skip, decide, decode_for,
};
use aicleaner_testkit::KitError;
use aicleaner_testkit::scene::Mess;
use aicleaner_testkit::scene::day::{Conditions, Day, Event, Tempo};
use jiff::{SignedDuration, Timestamp};

use crate::arguments::Arguments;
use crate::causes::{Cause, cause};

/// The usual time between looks.
const QUARTER: Duration = Duration::from_secs(900);
/// A picture that can't be used is asked for again after this time, as a failed look is.
const RETRY: Duration = Duration::from_secs(30);
/// The most pictures of one planned look.
const MOST_FRAMES: usize = 40;

/// What the gate goes by, and when it looks.
pub struct Rules {
    pub policy: GatePolicy,
    pub interval: Duration,
    /// Whether the interval was asked for.
    pub every: Option<Duration>,
}

impl Rules {
    pub fn new(arguments: &Arguments) -> Self {
        Self {
            policy: GatePolicy {
                sensitivity: arguments.sensitivity,
                ..GatePolicy::default()
            },
            interval: arguments.interval.unwrap_or(QUARTER),
            every: arguments.interval,
        }
    }
}

/// Why an assessment was asked for, by the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// What lies about is not what lay about at the last assessment.
    Right,
    /// It is; something else misled the gate.
    False(Cause),
    /// It was the first look, or the last assessment was a day ago.
    Due,
}

/// One planned look.
pub struct Look {
    /// When it was planned.
    pub planned: Duration,
    /// How many pictures were taken.
    pub frames: usize,
    /// Pictures that were no pictures.
    pub unusable: usize,
    /// How it ended: `assess` or the reason for skipping.
    pub ended: &'static str,
    /// The assessment, and the moment of its picture.
    pub call: Option<(Duration, Call)>,
    /// The share of the first usable picture that differs from what the gate remembers.
    pub measure: Option<f32>,
    /// What lay about when it was planned.
    pub lying: BTreeSet<String>,
    /// What else there was at its last picture.
    pub conditions: Conditions,
    /// Where the gate says that the room changed.
    pub places: Vec<Area>,
}

/// A day that was looked at. Looks of the evening before are there too, but count for nothing.
pub struct Seen {
    pub seed: u64,
    pub tempo: Tempo,
    /// What was left and tidied, and what each thing looks like.
    pub events: Vec<(Event, Mess)>,
    pub looks: Vec<Look>,
    /// Time for decoding and deciding, in all, and for how many pictures.
    pub worked: (Duration, usize),
}

impl Seen {
    /// The looks of the day itself.
    pub fn counted(&self) -> impl Iterator<Item = &Look> {
        self.looks
            .iter()
            .filter(|look| look.planned >= Day::LEAD_IN)
    }
}

/// The moment of a simulated day as a point in time.
pub fn timestamp(at: Duration) -> Timestamp {
    Timestamp::UNIX_EPOCH
        + SignedDuration::from_secs(1_800_000_000)
        + SignedDuration::try_from(at).unwrap_or_default()
}

/// Looks at a whole day.
///
/// # Errors
/// When a picture can't be drawn.
pub fn look_at_day(
    seed: u64,
    tempo: Tempo,
    size: (u16, u16),
    rules: &Rules,
) -> Result<Seen, KitError> {
    let day = Day::new(seed, tempo, size);
    let mut eye = Eye {
        day: &day,
        rules,
        history: History::default(),
        assessed: None,
        before: day.conditions(Duration::ZERO),
        reference: day.conditions(Duration::ZERO),
        passing: 0,
        worked: (Duration::ZERO, 0),
    };
    let mut looks = Vec::new();
    let mut planned = Duration::ZERO;
    while planned < Day::LENGTH {
        looks.push(eye.look(planned)?);
        planned += rules.interval;
    }
    Ok(Seen {
        seed,
        tempo,
        events: day
            .events()
            .iter()
            .filter_map(|event| Some((event.clone(), day.thing(&event.thing)?.clone())))
            .collect(),
        looks,
        worked: eye.worked,
    })
}

struct Eye<'a> {
    day: &'a Day,
    rules: &'a Rules,
    history: History,
    /// What lay about at the last assessment.
    assessed: Option<BTreeSet<String>>,
    /// What else there was at the last look.
    before: Conditions,
    /// What else there was at the last assessment.
    reference: Conditions,
    /// How many looks in a row were spoiled by what passes.
    passing: u32,
    worked: (Duration, usize),
}

impl Eye<'_> {
    fn look(&mut self, planned: Duration) -> Result<Look, KitError> {
        let mut at = planned;
        let mut look = Look {
            planned,
            frames: 0,
            unusable: 0,
            ended: "unusable",
            call: None,
            measure: None,
            lying: self.lying(planned),
            conditions: self.day.conditions(planned),
            places: Vec::new(),
        };
        while look.frames < MOST_FRAMES {
            look.frames += 1;
            look.conditions = self.day.conditions(at);
            let jpeg = self.day.jpeg(at)?;
            let start = Instant::now();
            let Ok(decoded) = decode_for(&jpeg, &DecodeLimits::default(), Grid::REFERENCE_SIDE)
            else {
                look.unusable += 1;
                at += RETRY;
                continue;
            };
            let frame = Frame::new(&decoded.raster, &[], timestamp(at));
            let history = std::mem::take(&mut self.history);
            if look.measure.is_none() {
                look.measure = history.difference(&frame, self.rules.policy.sensitivity);
            }
            let (decision, history) = decide(&frame, history, &self.rules.policy, false);
            self.history = history;
            self.worked.0 += start.elapsed();
            self.worked.1 += 1;
            match decision {
                Decision::Recapture(after) => {
                    look.ended = Skip::Moving(0.0).as_str();
                    at += after;
                }
                Decision::Skip(skip) => {
                    look.ended = skip.as_str();
                    match skip {
                        Skip::Unchanged => self.passing = 0,
                        Skip::Moving(_) | Skip::Faulty(_) => self.passing += 1,
                        Skip::Frozen(..) => break,
                    }
                    match after_passing(self.passing, self.rules.interval) {
                        Some(wait) if at + wait < planned + self.rules.interval => at += wait,
                        _ => break,
                    }
                }
                Decision::Assess(why) => {
                    self.passing = 0;
                    look.ended = "assess";
                    let found = if self.assessed.as_ref() == Some(&self.lying(at)) {
                        AssessmentOutcome::Unchanged
                    } else {
                        AssessmentOutcome::Changed
                    };
                    self.history = std::mem::take(&mut self.history).assessed(&frame, found);
                    look.call = Some((at, self.judge(at, &why, &look.conditions)));
                    self.assessed = Some(self.lying(at));
                    self.reference = look.conditions.clone();
                    if let AssessReason::Changed(places) = why {
                        look.places = places;
                    }
                    break;
                }
            }
        }
        self.before = look.conditions.clone();
        Ok(look)
    }

    fn judge(&self, at: Duration, why: &AssessReason, now: &Conditions) -> Call {
        if matches!(why, AssessReason::First | AssessReason::Due(_)) {
            Call::Due
        } else if self.assessed.as_ref() == Some(&self.lying(at)) {
            Call::False(cause(&self.reference, &self.before, now))
        } else {
            Call::Right
        }
    }

    fn lying(&self, at: Duration) -> BTreeSet<String> {
        self.day.lying(at).into_iter().map(str::to_owned).collect()
    }
}
