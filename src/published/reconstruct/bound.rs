//! A bound that shows that no table completes a selection of known rows, without examining the tables.
//!
//! Q of all rows is at least Q of the known ones, and the unknown rows can have at most the sum of weights
//! that the best distribution of their people gives. Together they give a lower bound of τ². If with that τ²
//! the standard error is already larger than the printed interval allows, no table exists.

use super::query::PreparedQuery;
use super::selection::{Remainder, Selection};
use crate::data::Counts;
use crate::published::search::{Screen, Sums};

/// The bound is not computed if its tables take more steps than this.
const MOST_STEPS: usize = 4_000_000;

/// Whether no table with these known rows can give the printed figures; false where the bound cannot show it.
pub(super) fn rules_out(query: &PreparedQuery<'_>, selection: &Selection, remainder: Remainder) -> bool {
    let Some(screen) = query.screen else { return false };
    let known: Option<Vec<[f64; 2]>> =
        selection.rows(&query.query.known).map(|(_, counts)| query.screened_row(screen, counts)).collect();
    let (Some(known), Some(variances)) = (known, least_variances(query, screen, remainder)) else {
        return false;
    };
    let sums = known.iter().fold(Sums::default(), |sums, &row| sums.with(row));
    let most_weight = |tau2: f64| largest_sum(remainder, query.sizes(), |n| 1.0 / (variances[n] + tau2));
    let tau2 = screen.least_tau2(&sums, most_weight(0.0), remainder.rows as f64, query.k as f64);
    // With this τ² or a larger one the weights sum to at most this.
    let weight = known.iter().map(|[_, v]| 1.0 / (v + tau2)).sum::<f64>() + most_weight(tau2);
    screen.is_too_wide(weight)
}

/// For each n up to the people left, the least variance of a row of n; infinite where no unknown row can have
/// that n. `None` where the table would take too many steps, or a row could be left out.
fn least_variances(query: &PreparedQuery<'_>, screen: Screen, remainder: Remainder) -> Option<Vec<f64>> {
    let people = usize::try_from(remainder.people).ok()?;
    if people.checked_mul(people)?.checked_mul(remainder.rows.max(1))? > MOST_STEPS {
        return None;
    }
    let least_variance = |n: u64| {
        let rows = (0..=n).map(|events| query.screened_row(screen, Counts::new(events, n)?));
        rows.collect::<Option<Vec<_>>>()?.iter().map(|row| row[1]).reduce(f64::min)
    };
    let [first, last] = query.sizes();
    (0..=remainder.people)
        .map(|n| if n < first || n > last || n == 0 { Some(f64::INFINITY) } else { least_variance(n) })
        .collect()
}

/// The largest sum of `weight(n)` over all ways in which the unknown rows can divide the people among them.
fn largest_sum(remainder: Remainder, [first, last]: [u64; 2], weight: impl Fn(usize) -> f64) -> f64 {
    let Ok(people) = usize::try_from(remainder.people) else { return f64::INFINITY };
    let (first, last) =
        (usize::try_from(first).unwrap_or(people + 1), usize::try_from(last).unwrap_or(people).min(people));
    let weights: Vec<f64> =
        (0..=people).map(|n| if n < first { f64::NEG_INFINITY } else { weight(n) }).collect();
    let mut best = vec![f64::NEG_INFINITY; people + 1];
    best[0] = 0.0;
    for _ in 0..remainder.rows {
        let with_one_row_more = (0..=people).map(|sum| {
            (first..=last.min(sum)).map(|n| best[sum - n] + weights[n]).fold(f64::NEG_INFINITY, f64::max)
        });
        best = with_one_row_more.collect();
    }
    best[people]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_sum_by_hand() {
        let remainder = Remainder { rows: 2, people: 7 };
        assert_eq!(largest_sum(remainder, [1, 7], |n| (n * n) as f64), 37.0); // 1 + 6
        assert_eq!(largest_sum(remainder, [2, 7], |n| (n * n) as f64), 29.0); // 2 + 5
        assert_eq!(largest_sum(remainder, [1, 7], |n| (n as f64).sqrt()), 3.0_f64.sqrt() + 2.0); // 3 + 4
        assert_eq!(largest_sum(Remainder { rows: 0, people: 0 }, [1, 7], |n| n as f64), 0.0);
    }
}
