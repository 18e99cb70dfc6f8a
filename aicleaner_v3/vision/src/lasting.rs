//! What came between two looks and is still there at the next one: by its own structure, in light that stayed even
//! around it, on ground that is plain, or by itself, as no edge of light is. A small plate has a bright rim, a dark
//! middle and a shadow, whose mean may well be that of its ground, and its rim over a dark edge looks like an edge that
//! moved on; and what was overlooked once fades from a reference that follows the light. Light that falls in suddenly is
//! uneven around its edges, and has moved on by the next look.

use std::ops::Range;

use super::Grid;
use super::align::shift_between;
use super::change::{Clarity, around};
use super::contrast::{levels, logarithm};
use super::evidence::median;
use super::field::{Field, as_f32};
use super::grid::Brightness;
use super::places::places;
use aicleaner_model::Area;

/// Structure is what differs from the mean over so many cells to each side.
const FINE: usize = 4;
/// How strong it must be, as a share of the least difference of brightness: less, as all of it counts.
const SHARE: f32 = 0.6;
/// How far around a place the light and the ground are looked at, in cells.
const AROUND: usize = 3;
/// The longest side, in cells: what is larger is noticed without this.
const LONGEST: usize = 20;

/// The places in which something came between the looks `before` and `then` and still is `now`.
pub(super) fn lasting(
    before: &Brightness,
    then: &Brightness,
    now: &Grid,
    clarity: Clarity,
) -> Vec<Area> {
    if !before.fits(now) || !then.fits(now) {
        return Vec::new();
    }
    let looks = Looks::new(before, then, now);
    let found = alike_in_even_light(&looks, clarity);
    if found.is_empty() {
        the_very_same(&looks, clarity)
    } else {
        found
    }
}

/// What is much alike at both later looks, where the light changed evenly or the ground is plain.
fn alike_in_even_light(looks: &Looks, clarity: Clarity) -> Vec<Area> {
    /// How much of the steepness around a cell may be shake.
    const SHAKE: f32 = 1.0;
    /// How clear each of its cells must be, and it where it is clearest; 1 is as strong as it must be.
    const CLEAR: (f32, f32) = (0.8, 1.05);
    /// How much alike what changed must be, around each of its cells and in the place; -1 to 1.
    const ALIKE: (f32, f32) = (0.6, 0.8);
    /// How much of the place's structure, before and after, must be new, 0 to 1: it is not what was uncovered.
    const NEW: f32 = 0.5;
    /// How unevenly the light around the place may have changed; a logarithm.
    const UNEVEN: f32 = 0.08;
    /// Where it changed more, how uneven the ground around the place may look at both later looks (a logarithm), how
    /// clear the place's own structure must be, and how much alike what was there before may be, -1 to 1.
    const PLAIN: f32 = 0.25;
    const OWN: f32 = 2.0;
    const FAMILIAR: f32 = 0.4;
    let map = Map::new(looks, clarity, (SHAKE, CLEAR.0), |cell| {
        looks.alike(cell) >= ALIKE.0
    });
    map.things(clarity.cells, |place| {
        let around = map.around(place);
        map.clearest(place) >= CLEAR.1
            && looks.alike(place) >= ALIKE.1
            && looks.newness(place) >= NEW
            && (looks.unevenness(&around) < UNEVEN
                || (looks.roughness(&around) < PLAIN
                    && map.own(place) >= OWN
                    && looks.familiarity(place) < FAMILIAR))
    })
}

/// What is the very same at both later looks, by any light: in light that stays as it is, by itself, or on bare ground. It
/// shows on the edge of a desk too, and where a patch of sun was before.
fn the_very_same(looks: &Looks, clarity: Clarity) -> Vec<Area> {
    /// Shake would not be the same at both looks, so that little is left to it.
    const SHAKE: f32 = 0.2;
    /// How clear each of its cells must be, and it where it is clearest.
    const CLEAR: (f32, f32) = (0.65, 0.9);
    /// How much alike what changed must be, around each of its cells and in the place; -1 to 1.
    const ALIKE: (f32, f32) = (0.8, 0.985);
    /// How much of the structure must be new, around each of its cells and in the place; 0 to 1.
    const NEW: (f32, f32) = (0.35, 0.42);
    /// Light that stays: how unevenly it may change around the place from look to look (a logarithm), how much alike what
    /// changed must be then, how much may have changed likewise around it, as a share of what changed in it, and how much
    /// alike what was there before may be, -1 to 1.
    const STAYS: f32 = 0.025;
    const STAYS_ALIKE: f32 = 0.96;
    const STAYS_SPREAD: f32 = 0.5;
    const STAYS_FAMILIAR: f32 = 0.92;
    /// By itself: how much may have changed likewise around it, as an edge of light runs on; how much where the light
    /// changed no more unevenly than this; and how much alike what was there before may be: curtains and window frames are,
    /// whatever light falls on them.
    const SPREAD: f32 = 0.2;
    const UNEVEN: (f32, f32) = (0.05, 0.3);
    const FAMILIAR: f32 = 0.82;
    /// On bare ground: how uneven that may look (a logarithm), how clear the place's own structure must be, and how much
    /// alike what was there before may be.
    const BARE: f32 = 0.15;
    const BARE_OWN: f32 = 1.2;
    const BARE_FAMILIAR: f32 = 0.3;
    let map = Map::new(looks, clarity, (SHAKE, CLEAR.0), |cell| {
        looks.alike(cell) >= ALIKE.0 && looks.newness(cell) >= NEW.0
    });
    map.things(clarity.cells, |place| {
        if map.clearest(place) < CLEAR.1 || looks.newness(place) < NEW.1 {
            return false;
        }
        let around = map.around(place);
        let (alike, familiarity) = (looks.alike(place), looks.familiarity(place));
        let (spread, uneven) = (map.spread(place), looks.unevenness(&around));
        let is_in_light_that_stays = uneven.max(looks.unevenness_now(&around)) < STAYS
            && alike >= STAYS_ALIKE
            && spread < STAYS_SPREAD
            && familiarity < STAYS_FAMILIAR;
        let most = if uneven < UNEVEN.0 { UNEVEN.1 } else { SPREAD };
        let stands_by_itself = spread < most && familiarity < FAMILIAR;
        let is_on_bare_ground = familiarity < BARE_FAMILIAR
            && looks.roughness(&around) < BARE
            && map.own(place) >= BARE_OWN;
        is_in_light_that_stays || alike >= ALIKE.1 && (stands_by_itself || is_on_bare_ground)
    })
}

/// The cells in which something came and lasts.
struct Map<'a> {
    looks: &'a Looks,
    /// How strong each cell's structure must be; endless where it can't be told.
    needed: Vec<f32>,
    marked: Vec<bool>,
}

impl<'a> Map<'a> {
    /// Marks the cells that are so clear at least and meet a condition. `shake` says how much of the steepness around a
    /// cell may be shake, as a share of it.
    fn new(
        looks: &'a Looks,
        clarity: Clarity,
        (shake, clear): (f32, f32),
        is_met: impl Fn(&[usize]) -> bool,
    ) -> Self {
        let mut map = Self {
            looks,
            needed: looks.needed(clarity, shake),
            marked: Vec::new(),
        };
        let cells = 0..map.needed.len();
        map.marked = cells
            .map(|at| map.clear(&looks.both, at) >= clear && is_met(&[at]))
            .collect();
        map
    }

    /// The places of so many cells at least that may be things and meet a condition.
    fn things(&self, cells: usize, is_met: impl Fn(&[usize]) -> bool) -> Vec<Area> {
        let width = self.looks.before.width;
        places(&self.marked, width, 1)
            .into_iter()
            .filter(|place| place.len() >= cells && is_compact(place, width) && is_met(place))
            .filter_map(|place| around(&place, width, self.looks.before.height))
            .collect()
    }

    /// How clear a structure is, by the sum of its squares over the 3 x 3 cells around one: 1 is as strong as it must be.
    fn clear(&self, squares: &Field, at: usize) -> f32 {
        (squares.values[at].max(0.0) / 9.0).sqrt() / self.needed[at]
    }

    /// How clear the change is where it is clearest.
    fn clearest(&self, place: &[usize]) -> f32 {
        self.clearest_of(&self.looks.both, place)
    }

    /// How clear the structure at both later looks is where it is clearest.
    fn own(&self, place: &[usize]) -> f32 {
        self.clearest_of(&self.looks.came, place)
    }

    fn clearest_of(&self, squares: &Field, place: &[usize]) -> f32 {
        let clear = place.iter().map(|&at| self.clear(squares, at));
        clear.fold(0.0, f32::max)
    }

    /// How much changed likewise up to two cells around a place, as a share of what changed in it.
    fn spread(&self, place: &[usize]) -> f32 {
        let mut inside = vec![false; self.marked.len()];
        place.iter().for_each(|&at| inside[at] = true);
        let changed = &self.looks.both;
        sum(changed, &self.looks.around(place, 2, &inside)) / sum(changed, place).max(1e-12)
    }

    /// The open cells around a place that are not marked.
    fn around(&self, place: &[usize]) -> Vec<usize> {
        self.looks.around(place, AROUND, &self.marked)
    }
}

/// Three looks, laid over each other. Fields of products are sums over the 3 x 3 cells around each.
struct Looks {
    hidden: Vec<bool>,
    /// Brightness as logarithms.
    before: Field,
    then: Field,
    now: Field,
    /// How much of the picture's border, in cells, not all of them show.
    border: (f32, f32),
    noise: f32,
    /// How steep both earlier looks are, summed up likewise.
    steep: Field,
    /// How the structure changed until both later looks, multiplied with each other and with themselves.
    both: Field,
    once: Field,
    twice: Field,
    /// The structure of both later looks multiplied, that of the first two, and each of these with itself.
    came: Field,
    stayed: Field,
    went: Field,
    own: Field,
}

impl Looks {
    fn new(before: &Brightness, then: &Brightness, now: &Grid) -> Self {
        let hidden = now.hidden();
        let open = hidden.iter().map(|&hidden| f32::from(u8::from(!hidden)));
        let open = Field::of(now.width, now.height, open);
        let before = before.levels().map(logarithm);
        let outlines = before.detail(&open, 6);
        let mut border = (0.0_f32, 0.0_f32);
        let mut aligned = |levels: &Field| {
            let light = levels.map(logarithm);
            let (dx, dy) = shift_between(&outlines, &light.detail(&open, 6));
            if dx.abs().max(dy.abs()) <= 0.05 {
                return light;
            }
            border = (border.0.max(dx.abs().ceil()), border.1.max(dy.abs().ceil()));
            levels.shifted(dx, dy).map(logarithm)
        };
        let then = aligned(&then.levels());
        let now = aligned(&levels(now));
        let [first, second, third] = [&before, &then, &now].map(|look| look.detail(&open, FINE));
        let change = second.with(&first, |new, old| new - old);
        let change_now = third.with(&first, |new, old| new - old);
        let product = |a: &Field, b: &Field| a.with(b, |a, b| a * b).window_sum(1);
        Self {
            steep: before.steepness_of_both(&then),
            hidden,
            border,
            noise: change.spread(&open).max(0.004),
            both: product(&change, &change_now),
            once: product(&change, &change),
            twice: product(&change_now, &change_now),
            came: product(&second, &third),
            stayed: product(&first, &second),
            went: product(&first, &first),
            own: product(&second, &second),
            before,
            then,
            now,
        }
    }

    /// How strong each cell's structure must be, besides so much of the steepness around it; endless where it can't be
    /// told.
    fn needed(&self, clarity: Clarity, shake: f32) -> Vec<f32> {
        let (width, height) = (self.before.width, self.before.height);
        let is_shown = |at: usize, length: usize, border: f32| {
            as_f32(at) > border && as_f32(at) + border + 1.0 < as_f32(length)
        };
        let needed = |at: usize| {
            let is_shown = is_shown(at % width, width, self.border.0)
                && is_shown(at / width, height, self.border.1);
            if self.hidden[at] || !is_shown {
                return f32::INFINITY;
            }
            let dim = self.before.values[at].min(self.then.values[at]).exp();
            let shaken = shake * self.steep.values[at] / 9.0;
            SHARE * clarity.brightness + 1.5 * self.noise + 1.2 / dim + shaken
        };
        (0..width * height).map(needed).collect()
    }

    /// How much alike what changed is at both later looks, -1 to 1.
    fn alike(&self, place: &[usize]) -> f32 {
        alike(&self.both, [&self.once, &self.twice], place)
    }

    /// How much alike what is there now and what was there before are, -1 to 1.
    fn familiarity(&self, place: &[usize]) -> f32 {
        alike(&self.stayed, [&self.went, &self.own], place)
    }

    /// How much of the place's structure is new, up to 1.
    fn newness(&self, place: &[usize]) -> f32 {
        let (came, went) = (sum(&self.came, place), sum(&self.went, place));
        came / (came.abs() + went).max(1e-6)
    }

    /// The open cells up to so far around a place that are not on the map.
    fn around(&self, place: &[usize], far: usize, map: &[bool]) -> Vec<usize> {
        let (columns, rows) = bounds(place, self.before.width);
        let wider = |range: Range<usize>, length: usize| {
            range.start.saturating_sub(far)..(range.end + far).min(length)
        };
        let columns = wider(columns, self.before.width);
        wider(rows, self.before.height)
            .flat_map(|y| columns.clone().map(move |x| y * self.before.width + x))
            .filter(|&at| !map[at] && !self.hidden[at])
            .collect()
    }

    /// How unevenly the light of some cells changed between the first two looks, as a logarithm.
    fn unevenness(&self, cells: &[usize]) -> f32 {
        apart(cells, |at| self.then.values[at] - self.before.values[at])
    }

    /// The same between the last two.
    fn unevenness_now(&self, cells: &[usize]) -> f32 {
        apart(cells, |at| self.now.values[at] - self.then.values[at])
    }

    /// How uneven some cells look at the later looks, as a logarithm.
    fn roughness(&self, cells: &[usize]) -> f32 {
        let of = |look: &Field| apart(cells, |at| look.values[at]);
        of(&self.then).max(of(&self.now))
    }
}

/// How much alike two things are, -1 to 1: by the sums of their products with each other and with themselves.
fn alike(both: &Field, [one, other]: [&Field; 2], place: &[usize]) -> f32 {
    sum(both, place) / (sum(one, place) * sum(other, place)).max(1e-12).sqrt()
}

/// How far nine tenths of some cells' numbers are from their middle at most. Endless for no cells.
fn apart(cells: &[usize], of: impl Fn(usize) -> f32) -> f32 {
    let middle = median(cells.iter().map(|&at| of(at)).collect());
    let mut far: Vec<f32> = cells.iter().map(|&at| (of(at) - middle).abs()).collect();
    if far.is_empty() {
        return f32::INFINITY;
    }
    let most = far.len() * 9 / 10;
    *far.select_nth_unstable_by(most, f32::total_cmp).1
}

fn sum(field: &Field, place: &[usize]) -> f32 {
    place.iter().map(|&at| field.values[at]).sum()
}

/// The columns and rows of the box around a place.
fn bounds(place: &[usize], width: usize) -> (Range<usize>, Range<usize>) {
    let span = |of: &dyn Fn(usize) -> usize| {
        let low = place.iter().map(|&at| of(at)).min().unwrap_or(0);
        low..place.iter().map(|&at| of(at) + 1).max().unwrap_or(low)
    };
    (span(&|at| at % width), span(&|at| at / width))
}

/// Whether it is small, and neither a line nor an outline.
fn is_compact(place: &[usize], width: usize) -> bool {
    let (columns, rows) = bounds(place, width);
    let long = columns.len().max(rows.len());
    long <= LONGEST && as_f32(place.len()) >= 0.3 * as_f32(long * long)
}
