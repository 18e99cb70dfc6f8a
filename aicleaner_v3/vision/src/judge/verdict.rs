//! Judges a room against its references: what differs from the most similar one, in all the frames given, is out of
//! place. Knows where objects are, never what they are.

use super::references::References;
use crate::compare::changed_region::{ChangedRegion, Comparison};
use crate::compare::comparison::compare;
use crate::compare::thresholds::Thresholds;
use crate::measure::grid::Grid;
use aicleaner_model::{
    Area, Confidence, Finding, LightMode, Point, Priority, Region, Score, Sensitivity, Verdict,
};

/// Why a room can't be judged against its references.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotJudge {
    /// There is no frame to judge.
    #[error("there is no frame to judge")]
    NoFrame,
    /// Nobody approved the room as tidy in this light yet.
    #[error("no tidy reference in this light ({}): show the room tidy once", .0.as_str())]
    NoReference(LightMode),
    /// The camera's picture or its masks changed since the references were taken.
    #[error("the camera's picture or its masks changed: show the room tidy once more")]
    AnotherShape,
}

/// The most findings; smaller clusters beyond that are not worth an item each.
const MAX_FINDINGS: usize = 12;

/// A weighted share of the picture that leaves 100 / e² points, about 14.
const MESS_SHARE: f64 = 0.12;

/// Judges frames of one camera, taken within seconds in one light, against its references. A difference
/// counts only when all frames show it.
///
/// # Errors
/// When there is no frame, or no reference that it can be compared with.
pub fn judge(
    references: &References,
    frames: &[Grid],
    light: LightMode,
    regions: &[Region],
    sensitivity: Sensitivity,
) -> Result<Verdict, CannotJudge> {
    let (last, earlier) = frames.split_last().ok_or(CannotJudge::NoFrame)?;
    let thresholds = Thresholds::for_sensitivity(sensitivity);
    let mut own_light = references
        .all()
        .iter()
        .filter(|r| r.light == light)
        .peekable();
    if own_light.peek().is_none() {
        return Err(CannotJudge::NoReference(light));
    }
    let (reference, nearest) = own_light
        .filter_map(|r| compare(&r.grid, last, thresholds).map(|c| (r, c)))
        .min_by(|(_, a), (_, b)| share(a).total_cmp(&share(b)))
        .ok_or(CannotJudge::AnotherShape)?;
    let before: Vec<Comparison> = earlier
        .iter()
        .filter_map(|frame| compare(&reference.grid, frame, thresholds))
        .collect();
    // Between the frames themselves, too: a person who stays in one place still moves.
    let moves: Vec<Comparison> = earlier
        .iter()
        .filter_map(|frame| compare(frame, last, thresholds))
        .collect();
    let is_persistent = |region: &&ChangedRegion| {
        before.iter().all(|c| portion(region, c) >= 0.5)
            && moves.iter().all(|c| portion(region, c) <= 0.25)
    };
    let changed: Vec<&ChangedRegion> = nearest.regions.iter().filter(is_persistent).collect();
    Ok(verdict(&changed, regions))
}

fn share(comparison: &Comparison) -> f32 {
    comparison.regions.iter().map(|r| r.share).sum()
}

/// How much of a region differs in another comparison, 0 to 1.
fn portion(region: &ChangedRegion, comparison: &Comparison) -> f64 {
    let both = region
        .cells
        .iter()
        .filter(|&&at| comparison.differs[at])
        .count();
    both as f64 / region.cells.len().max(1) as f64
}

/// Regions near each other: the parts of an object, or a heap of objects.
struct Cluster {
    area: Area,
    weighted_share: f64,
    strength: f64,
    objects: usize,
    /// The name of the drawn region that they lie in.
    region: Option<String>,
}

fn verdict(changed: &[&ChangedRegion], regions: &[Region]) -> Verdict {
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut weighted = 0.0;
    for part in changed {
        let region = region_of(&part.area, regions);
        let weight = region.map_or(1.0, Region::weight);
        if weight <= 0.0 {
            continue;
        }
        let share = f64::from(part.share) * weight;
        weighted += share;
        let name = region.map(|r| r.name().to_owned());
        let near = clusters.iter_mut().find(|cluster| {
            cluster.region == name && (name.is_some() || gap(&cluster.area, &part.area) < 0.03)
        });
        match near {
            Some(cluster) => {
                cluster.area = union(&cluster.area, &part.area).unwrap_or(cluster.area);
                cluster.weighted_share += share;
                cluster.strength = cluster.strength.max(part.strength.into());
                cluster.objects += 1;
            }
            None => clusters.push(Cluster {
                area: part.area,
                weighted_share: share,
                strength: part.strength.into(),
                objects: 1,
                region: name,
            }),
        }
    }
    clusters.sort_by(|a, b| b.weighted_share.total_cmp(&a.weighted_share));
    let total: usize = clusters.iter().map(|cluster| cluster.objects).sum();
    let findings: Vec<Finding> = clusters.iter().take(MAX_FINDINGS).map(finding).collect();
    Verdict {
        score: score(weighted),
        summary: summary(total, findings.len()),
        findings,
        judgements: Vec::new(),
    }
}

/// 100 for nothing; each further bit of disorder costs less than the one before.
fn score(weighted_share: f64) -> Score {
    let points = 100.0 * (-weighted_share / MESS_SHARE * 2.0).exp();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range first"
    )]
    let points = points.round().clamp(0.0, 100.0) as u8;
    Score::new(points).unwrap_or(Score::TIDY)
}

fn summary(objects: usize, clusters: usize) -> String {
    match objects {
        0 => "The room looks as it does when it is tidy.".to_owned(),
        1 => "1 thing is out of place.".to_owned(),
        n => format!("{n} things are out of place, in {clusters} places."),
    }
}

fn finding(cluster: &Cluster) -> Finding {
    let objects = match cluster.objects {
        1 => "1 thing out of place".to_owned(),
        n => format!("{n} things out of place"),
    };
    let location = cluster
        .region
        .clone()
        .unwrap_or_else(|| position(&cluster.area).to_owned());
    let title = match &cluster.region {
        Some(region) => format!("Tidy the {region}: {objects}"),
        None => format!("Tidy up {location}: {objects}"),
    };
    // A strength of 1 is just enough; from 3 on there is no doubt.
    let confidence = (0.5 + 0.2 * (cluster.strength - 1.0)).clamp(0.5, 0.95);
    Finding {
        task: None,
        category: None,
        camera: None,
        title,
        location,
        area: Some(cluster.area),
        priority: if cluster.weighted_share > 0.03 {
            Priority::High
        } else {
            Priority::Normal
        },
        minutes: None,
        confidence: Confidence::new(confidence).unwrap_or(Confidence::CERTAIN),
    }
}

/// The region that holds the middle of `area`; of several, the one drawn first.
fn region_of<'a>(area: &Area, regions: &'a [Region]) -> Option<&'a Region> {
    let middle = middle(area);
    regions
        .iter()
        .find(|region| region.outline().contains(middle))
}

fn middle(area: &Area) -> Point {
    Point {
        x: area.x() + area.width() / 2.0,
        y: area.y() + area.height() / 2.0,
    }
}

/// Where something is, in words, by thirds of the picture.
fn position(area: &Area) -> &'static str {
    let middle = middle(area);
    let third = |at: f64| {
        if at < 1.0 / 3.0 {
            0
        } else if at < 2.0 / 3.0 {
            1
        } else {
            2
        }
    };
    match (third(middle.y), third(middle.x)) {
        (0, 0) => "at the back on the left",
        (0, 1) => "at the back",
        (0, _) => "at the back on the right",
        (1, 0) => "on the left",
        (1, 1) => "in the middle",
        (1, _) => "on the right",
        (_, 0) => "at the front on the left",
        (_, 1) => "at the front",
        (_, _) => "at the front on the right",
    }
}

/// The distance between two boxes, in shares of the picture; 0 when they touch.
fn gap(a: &Area, b: &Area) -> f64 {
    let across = (a.x().max(b.x()) - (a.x() + a.width()).min(b.x() + b.width())).max(0.0);
    let down = (a.y().max(b.y()) - (a.y() + a.height()).min(b.y() + b.height())).max(0.0);
    across.max(down)
}

fn union(a: &Area, b: &Area) -> Option<Area> {
    let (x, y) = (a.x().min(b.x()), a.y().min(b.y()));
    let right = (a.x() + a.width()).max(b.x() + b.width());
    let bottom = (a.y() + a.height()).max(b.y() + b.height());
    Area::new(x, y, right - x, bottom - y).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::references::Reference;
    use crate::test_room::Room;
    use aicleaner_model::Polygon;

    fn grid(room: &Room) -> Grid {
        Grid::new(&room.picture(), &[], Grid::REFERENCE_SIDE)
    }

    fn tidy() -> References {
        let mut references = References::default();
        references.add(Reference {
            light: LightMode::Colour,
            grid: grid(&Room::tidy(1)),
        });
        references
    }

    fn judged(frames: &[Grid], regions: &[Region]) -> Verdict {
        judge(
            &tidy(),
            frames,
            LightMode::Colour,
            regions,
            Sensitivity::Normal,
        )
        .unwrap()
    }

    #[test]
    fn a_tidy_room_has_a_full_score_and_no_findings() {
        let verdict = judged(&[grid(&Room::tidy(2).lit(0.85, 6.0))], &[]);

        assert_eq!(verdict.score, Score::TIDY);
        assert!(verdict.findings.is_empty(), "{:?}", verdict.findings);
    }

    #[test]
    fn things_out_of_place_are_boxed_and_named_by_their_region() {
        let messy = Room::tidy(2)
            .with([0.20, 0.62, 0.06, 0.08])
            .with([0.31, 0.70, 0.05, 0.06]);
        let corner = |x, y| Point { x, y };
        let floor = Polygon::new(vec![
            corner(0.0, 0.5),
            corner(1.0, 0.5),
            corner(1.0, 1.0),
            corner(0.0, 1.0),
        ])
        .unwrap();
        let floor = [Region::new("floor", floor, 1.0).unwrap()];

        let verdict = judged(&[grid(&messy)], &floor);

        assert_eq!(verdict.findings.len(), 1, "{:?}", verdict.findings);
        assert_eq!(
            verdict.findings[0].title,
            "Tidy the floor: 2 things out of place"
        );
        let area = verdict.findings[0].area.unwrap();
        let truth = Area::new(0.20, 0.62, 0.16, 0.14).unwrap();
        assert!(area.overlap(&truth) > 0.6, "{area:?}");
        assert!(verdict.score < Score::TIDY);
    }

    #[test]
    fn without_regions_a_position_names_the_place() {
        let verdict = judged(&[grid(&Room::tidy(2).with([0.05, 0.75, 0.06, 0.08]))], &[]);

        assert_eq!(
            verdict.findings[0].title,
            "Tidy up at the front on the left: 1 thing out of place"
        );
    }

    #[test]
    fn what_only_one_of_two_frames_shows_is_no_finding() {
        let passing = grid(&Room::tidy(2).with([0.4, 0.3, 0.1, 0.5]));

        let verdict = judged(&[passing, grid(&Room::tidy(3))], &[]);

        assert!(verdict.findings.is_empty(), "{:?}", verdict.findings);
    }

    #[test]
    fn a_region_without_weight_is_not_judged() {
        let corner = |x, y| Point { x, y };
        let all = Polygon::new(vec![
            corner(0.0, 0.0),
            corner(1.0, 0.0),
            corner(1.0, 1.0),
            corner(0.0, 1.0),
        ])
        .unwrap();
        let ignored = [Region::new("play corner", all, 0.0).unwrap()];

        let verdict = judged(&[grid(&Room::tidy(2).with([0.2, 0.6, 0.1, 0.1]))], &ignored);

        assert_eq!(verdict.score, Score::TIDY);
    }

    #[test]
    fn there_is_no_verdict_without_a_reference_in_this_light() {
        let frame = [grid(&Room::tidy(1))];

        let refused = judge(
            &tidy(),
            &frame,
            LightMode::Infrared,
            &[],
            Sensitivity::Normal,
        );

        assert_eq!(refused, Err(CannotJudge::NoReference(LightMode::Infrared)));
    }

    #[test]
    fn of_six_references_the_oldest_goes() {
        let mut references = References::default();
        for seed in 0..6 {
            references.add(Reference {
                light: LightMode::Colour,
                grid: grid(&Room::tidy(seed)),
            });
        }

        assert_eq!(references.count(LightMode::Colour), 5);
        assert_eq!(references.all()[0].grid, grid(&Room::tidy(1)));
    }
}
