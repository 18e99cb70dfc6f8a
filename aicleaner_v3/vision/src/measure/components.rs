//! Connected components of a mask of cells, and the boxes around them. Never looks at what the cells show.

use super::field::as_f32;
use aicleaner_model::Area;

use std::ops::Range;

/// The connected components of a mask; cells up to `reach` cells apart are connected.
pub(crate) fn connected_components(mask: &[bool], width: usize, reach: usize) -> Vec<Vec<usize>> {
    let set = (0..mask.len()).filter(|&at| mask[at]);
    flood_fill(set, mask.len(), width, reach, |_, next| mask[next])
}

/// The connected parts of a component whose cells have one label.
pub(crate) fn parts_by_label(component: &[usize], labels: &[i8], width: usize) -> Vec<Vec<usize>> {
    let mut inside = vec![false; labels.len()];
    for &at in component {
        inside[at] = true;
    }
    let starts = component.iter().copied();
    flood_fill(starts, labels.len(), width, 1, |at, next| {
        inside[next] && labels[next] == labels[at]
    })
}

fn flood_fill(
    starts: impl Iterator<Item = usize>,
    length: usize,
    width: usize,
    reach: usize,
    connects: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    let height = length / width.max(1);
    let mut seen = vec![false; length];
    let mut components = Vec::new();
    let mut stack = Vec::new();
    for start in starts {
        if seen[start] {
            continue;
        }
        let mut cells = Vec::new();
        seen[start] = true;
        stack.push(start);
        while let Some(at) = stack.pop() {
            cells.push(at);
            let (x, y) = (at % width, at / width);
            for next_y in y.saturating_sub(reach)..(y + reach + 1).min(height) {
                for next_x in x.saturating_sub(reach)..(x + reach + 1).min(width) {
                    let next = next_y * width + next_x;
                    if !seen[next] && connects(at, next) {
                        seen[next] = true;
                        stack.push(next);
                    }
                }
            }
        }
        components.push(cells);
    }
    components
}

/// The columns and rows of the box around some cells; empty for none.
pub(crate) fn bounds(cells: &[usize], width: usize) -> (Range<usize>, Range<usize>) {
    let span = |of: &dyn Fn(usize) -> usize| {
        let low = cells.iter().map(|&at| of(at)).min().unwrap_or(0);
        low..cells.iter().map(|&at| of(at) + 1).max().unwrap_or(low)
    };
    (span(&|at| at % width), span(&|at| at / width))
}

/// The box around some cells, in shares of the picture. None for no cells.
pub(crate) fn bounding_box(cells: &[usize], width: usize, height: usize) -> Option<Area> {
    let columns = cells.iter().map(|at| at % width);
    let rows = cells.iter().map(|at| at / width);
    let (left, right) = (columns.clone().min()?, columns.max()? + 1);
    let (top, bottom) = (rows.clone().min()?, rows.max()? + 1);
    let (w, h) = (f64::from(as_f32(width)), f64::from(as_f32(height)));
    let length = |from: usize, to: usize| f64::from(as_f32(to - from));
    Area::new(
        f64::from(as_f32(left)) / w,
        f64::from(as_f32(top)) / h,
        length(left, right) / w,
        length(top, bottom) / h,
    )
    .ok()
}
