//! From looks to figures: what was noticed, what it cost, and what the least would have been.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use aicleaner::model::Area;
use aicleaner_testkit::KitError;
use aicleaner_testkit::report::{Better, Figure, Report};
use aicleaner_testkit::scene::RelativeBox;
use aicleaner_testkit::scene::day::{Day, Event, Happening, Tempo};

use crate::causes::Cause;
use crate::simulation::{Call, Rules, Seen};

const HOUR: Duration = Duration::from_secs(3600);
/// What a look takes until the gate is sure.
const SURE: Duration = Duration::from_secs(60);

/// How soon an event was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    InTime,
    Late,
    /// Not within an hour, or never while it lasted.
    Missed,
}

/// When an event was noticed: by an assessment while the thing lay there (or, once tidied, was gone).
pub fn notice(event: &Event, day: &Seen, interval: Duration) -> Notice {
    let until = day
        .events
        .iter()
        .map(|(other, _)| other)
        .find(|other| other.thing == event.thing && other.at > event.at)
        .map_or(Day::LENGTH, |other| other.at);
    let noticed = day.looks.iter().find_map(|look| {
        let (at, _) = look.call?;
        (at >= event.at && at < until).then_some(at)
    });
    match noticed {
        Some(at) if at <= event.at + interval * 2 + SURE => Notice::InTime,
        Some(at) if at <= event.at + HOUR => Notice::Late,
        _ => Notice::Missed,
    }
}

/// The calls that a gate would need that knows everything: one for each look at which what lies about is not
/// what lay about at its last call.
pub fn least(day: &Seen) -> usize {
    let mut last = day.looks.first().map(|look| &look.lying);
    let mut calls = 0;
    for look in day.counted() {
        if last != Some(&look.lying) {
            calls += 1;
            last = Some(&look.lying);
        }
    }
    calls
}

#[derive(Default)]
struct Sums {
    days: usize,
    looks: usize,
    frames: usize,
    unusable: usize,
    calls: usize,
    due: usize,
    least: usize,
    wrong: BTreeMap<&'static str, usize>,
    skipped: BTreeMap<&'static str, usize>,
    notices: BTreeMap<(&'static str, &'static str), usize>,
}

impl Sums {
    fn of<'a>(days: impl Iterator<Item = &'a Seen>, interval: Duration) -> Self {
        let mut sums = Self::default();
        for day in days {
            sums.days += 1;
            sums.least += least(day);
            for look in day.counted() {
                sums.looks += 1;
                sums.frames += look.frames;
                sums.unusable += look.unusable;
                match look.call {
                    Some((_, call)) => {
                        sums.calls += 1;
                        match call {
                            Call::False(cause) => {
                                *sums.wrong.entry(cause.as_str()).or_default() += 1
                            }
                            Call::Due => sums.due += 1,
                            Call::Right => {}
                        }
                    }
                    None => *sums.skipped.entry(look.ended).or_default() += 1,
                }
            }
            for (event, _) in &day.events {
                let what = match event.happening {
                    Happening::Left => "left",
                    Happening::Tidied => "tidied",
                };
                let how = match notice(event, day, interval) {
                    Notice::InTime => "in time",
                    Notice::Late => "late",
                    Notice::Missed => "missed",
                };
                *sums.notices.entry((what, how)).or_default() += 1;
            }
        }
        sums
    }

    fn noticed(&self, what: &str, how: &str) -> usize {
        self.notices
            .iter()
            .filter(|((w, h), _)| *w == what && *h == how)
            .map(|(_, n)| n)
            .sum()
    }

    fn share_in_time(&self, what: &str) -> f64 {
        let all = ["in time", "late", "missed"]
            .map(|how| self.noticed(what, how))
            .iter()
            .sum();
        100.0 * ratio(self.noticed(what, "in time"), all)
    }

    fn a_day(&self, count: usize) -> f64 {
        ratio(count, self.days)
    }
}

/// The figures of many days.
pub fn report(days: &[Seen], rules: &Rules) -> Report {
    let mut report = Report::new("gate");
    let all = Sums::of(days.iter(), rules.interval);
    report.add(Figure::at_least(
        "mess events noticed within two intervals",
        all.share_in_time("left"),
        "%",
        99.0,
    ));
    report.add(Figure::at_most(
        "mess events missed for more than an hour",
        float(all.noticed("left", "missed")),
        "",
        0.0,
    ));
    report.add(Figure::plain(
        "tidied things noticed within two intervals",
        all.share_in_time("tidied"),
        "%",
        Better::Higher,
    ));
    report.add(Figure::at_most(
        "calls against the clairvoyant least",
        ratio(all.calls, all.least),
        "times",
        1.3,
    ));
    let wrong: usize = all.wrong.values().sum();
    report.add(Figure::at_most(
        "false assessments a day",
        all.a_day(wrong),
        "",
        1.0,
    ));
    for cause in Cause::ALL {
        let count = all.wrong.get(cause.as_str()).copied().unwrap_or(0);
        report.add(Figure::plain(
            &format!("- by {}", cause.as_str()),
            all.a_day(count),
            "",
            Better::Lower,
        ));
    }
    for (tempo, name) in [(Tempo::Busy, "busy"), (Tempo::Quiet, "quiet")] {
        let sums = Sums::of(days.iter().filter(|day| day.tempo == tempo), rules.interval);
        if sums.days > 0 {
            add_tempo(&mut report, &sums, name, tempo);
        }
    }
    report.add(Figure::plain(
        "further pictures a day, taken to be sure",
        all.a_day(all.frames - all.looks),
        "",
        Better::Lower,
    ));
    report.add(Figure::plain(
        "pictures a day that could not be used",
        all.a_day(all.unusable),
        "",
        Better::Lower,
    ));
    for (reason, count) in &all.skipped {
        report.add(Figure::plain(
            &format!("looks a day skipped: {reason}"),
            all.a_day(*count),
            "",
            Better::Higher,
        ));
    }
    let worked: Duration = days.iter().map(|day| day.worked.0).sum();
    let frames: usize = days.iter().map(|day| day.worked.1).sum();
    report.add(Figure::plain(
        "decoding and deciding, a picture",
        worked.as_secs_f64() * 1000.0 / float(frames.max(1)),
        "ms",
        Better::Lower,
    ));
    report
}

fn add_tempo(report: &mut Report, sums: &Sums, name: &str, tempo: Tempo) {
    let saved = 100.0 * (1.0 - ratio(sums.calls, sums.looks));
    let what = format!("{name} days: calls saved against the fixed interval");
    report.add(match tempo {
        Tempo::Busy => Figure::plain(&what, saved, "%", Better::Higher),
        Tempo::Quiet => Figure::at_least(&what, saved, "%", 95.0),
    });
    let mut plain = |text: &str, value: f64, unit| {
        report.add(Figure::plain(
            &format!("{name} days: {text}"),
            value,
            unit,
            Better::Lower,
        ));
    };
    plain("assessments asked for, a day", sums.a_day(sums.calls), "");
    plain("- because the last was a day ago", sums.a_day(sums.due), "");
    plain("clairvoyant least, a day", sums.a_day(sums.least), "");
    plain("calls against that", ratio(sums.calls, sums.least), "times");
    plain(
        "false assessments, a day",
        sums.a_day(sums.wrong.values().sum()),
        "",
    );
}

/// Prints a report and writes it as JSON.
///
/// # Errors
/// When the file can't be written.
pub fn publish(report: &Report, home: &Path) -> Result<(), KitError> {
    println!("{}", report.table());
    let file = report.write(home, env!("CARGO_PKG_VERSION"))?;
    println!("{}", file.display());
    Ok(())
}

/// Tells each wrong assessment and each event that was noticed late or not at all.
pub fn print_log(day: &Seen, interval: Duration) {
    let name = format!("{} {:?}", day.seed, day.tempo);
    for look in day.counted() {
        if let Some((at, Call::False(cause))) = look.call {
            let places: Vec<_> = look.places.iter().map(place).collect();
            println!(
                "{name}: {} false, {}: {}",
                clock(at),
                cause.as_str(),
                places.join(", ")
            );
        }
    }
    for (event, mess) in &day.events {
        let how = notice(event, day, interval);
        if how != Notice::InTime {
            let RelativeBox { x, y, w, h } = mess.place;
            let (kind, when) = (mess.kind, clock(event.at));
            println!(
                "{name}: {when} {kind:?} {x:.2} {y:.2} ({w:.2} x {h:.2}) {:?} {how:?}",
                event.happening
            );
        }
    }
}

fn place(area: &Area) -> String {
    format!(
        "{:.2} {:.2} ({:.2} x {:.2})",
        area.x(),
        area.y(),
        area.width(),
        area.height()
    )
}

/// Hours and minutes of a simulated day.
pub fn clock(at: Duration) -> String {
    let minutes = (at.as_secs() / 60 + 18 * 60) % (24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn ratio(part: usize, whole: usize) -> f64 {
    float(part) / float(whole.max(1))
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
