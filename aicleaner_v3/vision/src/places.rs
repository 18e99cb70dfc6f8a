//! Connected places of a map of cells, and their parts. Knows nothing of what the cells mean.

/// The connected places of a map; cells up to `reach` cells apart belong together.
pub(super) fn places(map: &[bool], width: usize, reach: usize) -> Vec<Vec<usize>> {
    let everywhere = (0..map.len()).filter(|&at| map[at]);
    grown(everywhere, map.len(), width, reach, |_, next| map[next])
}

/// The connected parts of a place that are of one kind.
pub(super) fn parts(place: &[usize], kinds: &[i8], width: usize) -> Vec<Vec<usize>> {
    let mut inside = vec![false; kinds.len()];
    for &at in place {
        inside[at] = true;
    }
    grown(place.iter().copied(), kinds.len(), width, 1, |at, next| {
        inside[next] && kinds[next] == kinds[at]
    })
}

fn grown(
    starts: impl Iterator<Item = usize>,
    length: usize,
    width: usize,
    reach: usize,
    belongs: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    let height = length / width.max(1);
    let mut seen = vec![false; length];
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for start in starts {
        if seen[start] {
            continue;
        }
        let mut cells = Vec::new();
        seen[start] = true;
        waiting.push(start);
        while let Some(at) = waiting.pop() {
            cells.push(at);
            let (x, y) = (at % width, at / width);
            for next_y in y.saturating_sub(reach)..(y + reach + 1).min(height) {
                for next_x in x.saturating_sub(reach)..(x + reach + 1).min(width) {
                    let next = next_y * width + next_x;
                    if !seen[next] && belongs(at, next) {
                        seen[next] = true;
                        waiting.push(next);
                    }
                }
            }
        }
        found.push(cells);
    }
    found
}
