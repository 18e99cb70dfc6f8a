//! One day as a picture (SVG): how much differed, what was left and tidied, when was called, what else went on.

use std::fmt::Write as _;
use std::time::Duration;

use aicleaner_testkit::scene::day::{Day, Happening};

use crate::figures::{Notice, notice};
use crate::simulation::{Call, Look, Seen};

const WIDTH: f32 = 1440.0;
const LEFT: f32 = 90.0;
const TOP: f32 = 60.0;
const CHART: f32 = 240.0;

/// A row below the chart: its name, its colour, and at which looks it is filled.
type Row<'a> = (&'a str, &'a str, &'a dyn Fn(&Look) -> bool);

/// Draws a day.
pub fn svg(day: &Seen, interval: Duration) -> String {
    let mut out = String::new();
    // Writing to a string never fails.
    let _ = draw(&mut out, day, interval);
    out
}

fn draw(out: &mut String, day: &Seen, interval: Duration) -> std::fmt::Result {
    let bottom = TOP + CHART;
    writeln!(
        out,
        "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='460' font-family='sans-serif' font-size='12'>\n\
         <rect width='100%' height='100%' fill='white'/>\n\
         <text x='{LEFT}' y='24' font-size='16'>The gate on one {:?} day (seed {})</text>\n\
         <text x='{LEFT}' y='44' fill='#555'>share of the picture that differs from what the gate remembers, at each look; \
         lines: assessments (green right, red false, grey due)</text>",
        day.tempo, day.seed
    )?;
    let wide = x_of(Day::LEAD_IN + interval) - x_of(Day::LEAD_IN);
    let rows: [Row; 5] = [
        ("infrared", "#8a7fb8", &|look| look.conditions.infrared),
        ("lamps", "#e6b93c", &|look| {
            look.conditions.lamps.contains(&true)
        }),
        ("people", "#4d8fc9", &|look| look.conditions.people > 0),
        ("curtains", "#7fae8a", &|look| {
            look.conditions.curtains > 0.0
        }),
        ("restart", "#c05050", &|look| {
            look.conditions.trouble.is_some()
        }),
    ];
    for (row, (name, colour, test)) in (0_u8..).zip(rows) {
        let y = bottom + 76.0 + f32::from(row) * 16.0;
        writeln!(out, "<text x='20' y='{}'>{name}</text>", y + 10.0)?;
        for look in day.counted().filter(|look| test(look)) {
            writeln!(
                out,
                "<rect x='{:.1}' y='{y}' width='{wide:.1}' height='12' fill='{colour}'/>",
                x_of(look.planned)
            )?;
        }
    }
    axes(out, bottom)?;
    let mut points = String::new();
    for look in day.counted() {
        let x = x_of(look.planned);
        if let Some((_, call)) = look.call {
            let colour = match call {
                Call::Right => "#2a9d4a",
                Call::False(_) => "#d62828",
                Call::Due => "#888",
            };
            writeln!(
                out,
                "<line x1='{x:.1}' y1='{TOP}' x2='{x:.1}' y2='{bottom}' stroke='{colour}' stroke-width='2' opacity='0.5'/>"
            )?;
        }
        if let Some(measure) = look.measure {
            write!(points, "{x:.1},{:.1} ", y_of(measure))?;
        }
    }
    writeln!(
        out,
        "<polyline points='{points}' fill='none' stroke='#222' stroke-width='1.5'/>"
    )?;
    for (event, _) in &day.events {
        let x = x_of(event.at);
        let (name, y, colour) = match event.happening {
            Happening::Left => ("left", bottom + 34.0, "#b5541c"),
            Happening::Tidied => ("tidied", bottom + 56.0, "#1c7ab5"),
        };
        let in_time = notice(event, day, interval) == Notice::InTime;
        let fill = if in_time { colour } else { "white" };
        writeln!(
            out,
            "<circle cx='{x:.1}' cy='{y}' r='5' fill='{fill}' stroke='{colour}' stroke-width='2'><title>{} {name}</title></circle>",
            event.thing
        )?;
    }
    for (name, y) in [("left", 38.0), ("tidied", 60.0)] {
        writeln!(out, "<text x='20' y='{}'>{name}</text>", bottom + y)?;
    }
    writeln!(
        out,
        "<text x='{LEFT}' y='{}' fill='#555'>an empty circle was not noticed within two intervals</text>",
        bottom + 172.0
    )?;
    writeln!(out, "</svg>")
}

fn axes(out: &mut String, bottom: f32) -> std::fmt::Result {
    for percent in [0_u8, 1, 4, 9, 16, 25] {
        let y = y_of(f32::from(percent) / 100.0);
        writeln!(
            out,
            "<line x1='{LEFT}' y1='{y:.1}' x2='{}' y2='{y:.1}' stroke='#ddd'/>",
            WIDTH - 20.0
        )?;
        writeln!(
            out,
            "<text x='{}' y='{:.1}' text-anchor='end'>{percent} %</text>",
            LEFT - 8.0,
            y + 4.0
        )?;
    }
    for hour in (0_u32..=24).step_by(2) {
        let x = x_of(Day::LEAD_IN + Duration::from_secs(3600) * hour);
        writeln!(
            out,
            "<line x1='{x:.1}' y1='{TOP}' x2='{x:.1}' y2='{bottom}' stroke='#eee'/>"
        )?;
        writeln!(
            out,
            "<text x='{x:.1}' y='{}' text-anchor='middle'>{hour}:00</text>",
            bottom + 16.0
        )?;
    }
    Ok(())
}

fn x_of(at: Duration) -> f32 {
    let seconds = at.as_secs_f32() - Day::LEAD_IN.as_secs_f32();
    LEFT + seconds / 86_400.0 * (WIDTH - LEFT - 30.0)
}

/// By the square root, so that small things are seen beside large ones; 30 % and more is at the top.
fn y_of(share: f32) -> f32 {
    TOP + CHART * (1.0 - (share.clamp(0.0, 0.3) / 0.3).sqrt())
}
