//! Selections of known rows that no table can complete, shown by a bound instead of table by table.
//!
//! Q of all rows is at least Q of the known ones, and the weights of the unknown rows are at most what
//! the best sharing of their people gives. So τ² is at least something; and at that τ² the standard
//! error may already be larger than the printed interval allows.

use super::puzzle::Plan;
use super::selection::{Left, Selection};
use crate::data::Counts;
use crate::published::search::{Screen, Sums};

/// Steps of the table of best sharings beyond which the bound is not worth its time.
const MOST_STEPS: usize = 4_000_000;

/// Whether no table with these known rows can give the printed figures.
pub(super) fn rules_out(plan: &Plan<'_>, selection: &Selection, left: Left) -> bool {
    let Some(quick) = plan.quick else { return false };
    let known: Option<Vec<[f64; 2]>> =
        selection.rows(&plan.puzzle.known).map(|(_, counts)| cell(plan, quick, counts)).collect();
    let (Some(known), Some(least)) = (known, least_variances(plan, left)) else { return false };
    let sums = known.iter().fold(Sums::default(), |sums, &row| sums.with(row));
    let rest = heaviest(left, plan.sizes(), |n| 1.0 / least[n]);
    let tau2 = quick.least_tau2(&sums, rest, left.rows as f64, plan.k as f64);
    // At that τ² or more the weights are at most this.
    let weight = known.iter().map(|[_, v]| 1.0 / (v + tau2)).sum::<f64>()
        + heaviest(left, plan.sizes(), |n| 1.0 / (least[n] + tau2));
    quick.is_too_light(weight)
}

/// A row on the analysis scale, y from the origin.
pub(super) fn cell(plan: &Plan<'_>, quick: Screen, counts: Counts) -> Option<[f64; 2]> {
    let [y, v] = plan.evaluator.effect(counts, plan.evaluator.amount(counts)?)?;
    Some([y - quick.origin, v])
}

/// By n, the least variance a row of n can have; `None` where that is too much to tabulate or a row
/// could be left out.
fn least_variances(plan: &Plan<'_>, left: Left) -> Option<Vec<f64>> {
    let people = usize::try_from(left.people).ok()?;
    let quick = plan.quick?;
    if people.checked_mul(people)?.checked_mul(left.rows.max(1))? > MOST_STEPS {
        return None;
    }
    let of = |n: u64| {
        let cells = (0..=n).map(|events| cell(plan, quick, Counts::new(events, n)?));
        cells.collect::<Option<Vec<_>>>()?.iter().map(|cell| cell[1]).reduce(f64::min)
    };
    let [first, last] = plan.sizes();
    // What no unknown row can have weighs nothing.
    (0..=left.people)
        .map(|n| if n < first || n > last || n == 0 { Some(f64::INFINITY) } else { of(n) })
        .collect()
}

/// The largest sum of weights over all ways in which the rows can share the people.
fn heaviest(left: Left, [first, last]: [u64; 2], weight: impl Fn(usize) -> f64) -> f64 {
    let Ok(people) = usize::try_from(left.people) else { return f64::INFINITY };
    let (first, last) =
        (usize::try_from(first).unwrap_or(people + 1), usize::try_from(last).unwrap_or(people).min(people));
    let weights: Vec<f64> =
        (0..=people).map(|n| if n < first { f64::NEG_INFINITY } else { weight(n) }).collect();
    let mut best = vec![f64::NEG_INFINITY; people + 1];
    best[0] = 0.0;
    for _ in 0..left.rows {
        let more = (0..=people).map(|sum| {
            (first..=last.min(sum)).map(|n| best[sum - n] + weights[n]).fold(f64::NEG_INFINITY, f64::max)
        });
        best = more.collect();
    }
    best[people]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_sharing() {
        let left = Left { rows: 2, people: 7 };
        assert_eq!(heaviest(left, [1, 7], |n| (n * n) as f64), 37.0); // 1 + 6
        assert_eq!(heaviest(left, [2, 7], |n| (n * n) as f64), 29.0); // 2 + 5
        assert_eq!(heaviest(left, [1, 7], |n| (n as f64).sqrt()), 3.0_f64.sqrt() + 2.0); // 3 + 4
        assert_eq!(heaviest(Left { rows: 0, people: 0 }, [1, 7], |n| n as f64), 0.0);
    }
}
