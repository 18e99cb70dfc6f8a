//! Boxes as models give them: what was asked for, thousandths, or corners. A box that could mean two places
//! is left out; a finding can do without.

use serde_json::Value;

use super::number::number;
use super::repair::{Repair, Repairs};
use crate::model::Area;

/// Beyond this a side is no share of the picture, but a count of thousandths.
const SHARE: f64 = 1.001;
const THOUSANDTHS: f64 = 1000.0;

/// The box of a finding; none if there is none or it can't be understood.
pub fn area(finding: &Value, repairs: &mut Repairs) -> Option<Area> {
    let given = ["box", "box_2d", "bbox", "bounding_box"]
        .iter()
        .filter_map(|name| finding.get(name).map(|value| (*name, value)))
        .find(|(_, value)| !value.is_null());
    let (name, value) = given?;
    let found = match value {
        Value::Object(_) => by_name(value, repairs),
        Value::Array(sides) if sides.len() == 4 => {
            let sides: Option<Vec<f64>> = sides.iter().map(|side| number(side, repairs)).collect();
            match (sides.as_deref(), name) {
                // Gemini's own form: top, left, bottom, right in thousandths (ai.google.dev/gemini-api/docs/image-understanding).
                (Some(&[top, left, bottom, right]), "box_2d") => {
                    corners([left, top, right, bottom], THOUSANDTHS, repairs)
                }
                (Some(&[a, b, c, d]), _) => by_order([a, b, c, d], repairs),
                _ => None,
            }
        }
        _ => None,
    };
    if found.is_none() {
        repairs.note(Repair::BoxDropped);
    }
    found
}

fn by_name(value: &Value, repairs: &mut Repairs) -> Option<Area> {
    let mut sides = |names: [&[&str]; 4]| -> Option<[f64; 4]> {
        let mut sides = [0.0; 4];
        for (side, names) in sides.iter_mut().zip(names) {
            *side = names
                .iter()
                .find_map(|name| value.get(name))
                .and_then(|value| number(value, repairs))?;
        }
        Some(sides)
    };
    let sized = sides([
        &["x", "left"],
        &["y", "top"],
        &["width", "w"],
        &["height", "h"],
    ]);
    if let Some([x, y, width, height]) = sized {
        let unit = unit([x, y, width, height])?;
        if unit > 1.0 {
            repairs.note(Repair::BoxScaled);
        }
        return Area::new(x / unit, y / unit, width / unit, height / unit).ok();
    }
    let found = sides([
        &["x1", "xmin", "x_min", "left"],
        &["y1", "ymin", "y_min", "top"],
        &["x2", "xmax", "x_max", "right"],
        &["y2", "ymax", "y_max", "bottom"],
    ])?;
    corners(found, unit(found)?, repairs)
}

/// Four numbers without names: size or corners, whichever alone is possible.
fn by_order([a, b, c, d]: [f64; 4], repairs: &mut Repairs) -> Option<Area> {
    let unit = unit([a, b, c, d])?;
    let sized = Area::new(a / unit, b / unit, c / unit, d / unit).ok();
    let can_be_corners = c > a && d > b;
    match (sized, can_be_corners) {
        (Some(area), false) => {
            if unit > 1.0 {
                repairs.note(Repair::BoxScaled);
            }
            Some(area)
        }
        (None, true) => corners([a, b, c, d], unit, repairs),
        _ => None,
    }
}

fn corners([left, top, right, bottom]: [f64; 4], unit: f64, repairs: &mut Repairs) -> Option<Area> {
    let area = Area::new(
        left / unit,
        top / unit,
        (right - left) / unit,
        (bottom - top) / unit,
    )
    .ok()?;
    repairs.note(Repair::BoxCorners);
    if unit > 1.0 {
        repairs.note(Repair::BoxScaled);
    }
    Some(area)
}

/// 1 for shares, 1000 for thousandths; none if it can be neither, such as pixels of a large picture.
fn unit(sides: [f64; 4]) -> Option<f64> {
    let largest = sides.into_iter().fold(0.0, f64::max);
    // 1 < n < 2 is a share gone wrong or a box of two thousandths: neither can be told.
    if largest <= SHARE {
        Some(1.0)
    } else if (2.0..=THOUSANDTHS).contains(&largest) {
        Some(THOUSANDTHS)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(finding: &Value) -> Option<[f64; 4]> {
        let area = area(finding, &mut Repairs::default())?;
        Some(<[f64; 4]>::from(area).map(|side| (side * 1e6).round() / 1e6))
    }

    #[test]
    fn one_box_in_all_the_forms_that_are_plain() {
        let expected = Some([0.5, 0.6, 0.2, 0.1]);

        for finding in [
            json!({"box": {"x": 0.5, "y": 0.6, "width": 0.2, "height": 0.1}}),
            json!({"box": {"x": 500, "y": 600, "width": 200, "height": 100}}),
            json!({"box": {"x": "0.5", "y": "0.6", "w": "0.2", "h": "0.1"}}),
            json!({"box": {"x1": 0.5, "y1": 0.6, "x2": 0.7, "y2": 0.7}}),
            json!({"box": {"xmin": 500, "ymin": 600, "xmax": 700, "ymax": 700}}),
            json!({"box": [0.5, 0.6, 0.2, 0.1]}),
            json!({"box": [500, 600, 700, 700]}),
            json!({"box_2d": [600, 500, 700, 700]}),
        ] {
            assert_eq!(read(&finding), expected, "{finding}");
        }
    }

    #[test]
    fn a_box_that_could_mean_two_places_is_left_out() {
        for finding in [
            json!({"box": [0.1, 0.1, 0.3, 0.3]}),
            json!({"box": [1200, 300, 1500, 700]}),
            json!({"box": [0.5, 0.5, 1.5, 0.6]}),
            json!({"box": {"x": 0.9, "y": 0.9, "width": 0.5, "height": 0.5}}),
            json!({"box": "top left"}),
            json!({"box": [1, 2, 3]}),
            json!({"box": null}),
            json!({}),
        ] {
            assert_eq!(read(&finding), None, "{finding}");
        }
    }
}
