//! Lines through many points: without those that lie on the way, and cut at the frame.

use super::panel::Panel;
use crate::plot::figure::{Ink, Node};

/// A point that is nearer to the line between its neighbours is left out, in pixels.
const STRAIGHT: f64 = 0.05;

/// A line with what is beyond these ends moved to them, and with the places where it crosses them.
pub(super) fn held(line: &[[f64; 2]], [low, high]: [f64; 2]) -> Vec<[f64; 2]> {
    let mut held: Vec<[f64; 2]> = Vec::new();
    for (index, &[x, z]) in line.iter().enumerate() {
        if let Some([from, at]) = index.checked_sub(1).map(|before| line[before]) {
            let crossed = [low, high].into_iter().filter(|end| (from - end) * (x - end) < 0.0);
            held.extend(crossed.map(|end| [end, at + (end - from) / (x - from) * (z - at)]));
        }
        held.push([x.clamp(low, high), z]);
    }
    held
}

/// The curve of a pooled value: one line a run of levels that have limits.
pub(super) fn curves(z: &[f64], limits: &[Option<[f64; 2]>], panel: &Panel, ink: Ink) -> Vec<Node> {
    let places: Vec<Option<[[f64; 2]; 2]>> =
        limits.iter().zip(z).map(|(limits, z)| limits.map(|limits| limits.map(|y| [y, *z]))).collect();
    let runs = places.split(Option::is_none).filter(|run| run.len() > 1);
    let line = |run: &[Option<[[f64; 2]; 2]>]| {
        let side = |side: usize| run.iter().flatten().map(move |places| places[side]);
        // From one foot over the tip to the other, where there is a tip.
        let line: Vec<[f64; 2]> = side(0)
            .rev()
            .chain(side(1).skip(usize::from(run[0].is_some_and(|ends| ends[0] == ends[1]))))
            .collect();
        panel.path(&line, ink)
    };
    runs.flat_map(line)
        .map(|node| match node {
            Node::Path { points, closed, ink } => Node::Path { points: straightened(points), closed, ink },
            other => other,
        })
        .collect()
}

/// The line without the points that lie on it.
pub(super) fn straightened(points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    let mut passed: Vec<[f64; 2]> = Vec::new();
    for point in points {
        let is_on_the_way = |from: [f64; 2]| passed.iter().all(|middle| off(*middle, from, point) < STRAIGHT);
        match kept.last().copied() {
            Some(from) if !is_on_the_way(from) => {
                kept.extend(passed.last().copied());
                passed.clear();
            }
            None => {
                kept.push(point);
                continue;
            }
            Some(_) => {}
        }
        passed.push(point);
    }
    kept.extend(passed.last().copied());
    kept
}

/// How far a point is from the line between two others, in pixels.
fn off(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let long = (dx * dx + dy * dy).sqrt();
    let [px, py] = [point[0] - from[0], point[1] - from[1]];
    if long > 0.0 { (px * dy - py * dx).abs() / long } else { (px * px + py * py).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_keeps_its_ends_and_a_corner_stays() {
        let line = vec![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 1.0], [4.0, 0.0]];
        assert_eq!(straightened(line), [[0.0, 0.0], [2.0, 2.0], [4.0, 0.0]]);
        assert_eq!(straightened(vec![[1.0, 2.0]]), [[1.0, 2.0]]);
        assert_eq!(straightened(Vec::new()), Vec::<[f64; 2]>::new());
    }
}
