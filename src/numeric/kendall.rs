//! Kendall's rank correlation of two columns.

/// The score S of Kendall's rank correlation with its variance under independence.
///
/// ```
/// let rank = metaprop::numeric::kendall::Kendall::new(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
/// assert_eq!((rank.score, rank.variance, rank.tied), (4.0, 26.0 / 3.0, false));
/// assert!((rank.exact_p() - 1.0 / 3.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Kendall {
    /// The number of pairs.
    pub n: usize,
    /// Pairs that are ordered alike, less those that are ordered against each other.
    pub score: f64,
    /// The variance of the score, for the ties that there are.
    pub variance: f64,
    /// τ-b: the score over √((N − Tx)(N − Ty)), N = n(n − 1)/2 and T the tied pairs of a column.
    pub tau: f64,
    /// Whether a column has ties.
    pub tied: bool,
}

/// Values that differ by less than this part of themselves differ by rounding alone, and are ties.
const TIED: f64 = 1e-13;

impl Kendall {
    /// Of two columns of the same length; `None` where a column has one value alone, or there are fewer than two rows.
    ///
    /// S is counted in O(n log n) by a merge sort (Knight 1966, doi:10.1080/01621459.1966.10480879); its variance with
    /// ties is that of Kendall (1970, *Rank Correlation Methods*, 4th edition, equation 4.4).
    #[must_use]
    pub fn new(x: &[f64], y: &[f64]) -> Option<Self> {
        let n = x.len();
        let (x, y) = (ranks(x), ranks(y));
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|row| (x[*row], y[*row]));
        let joint = ties(order.iter().map(|row| (x[*row], y[*row])));
        let of_x = ties(order.iter().map(|row| x[*row]));
        let mut sorted: Vec<u32> = order.iter().map(|row| y[*row]).collect();
        let against = inversions(&mut sorted);
        let of_y = ties(sorted.iter().copied());
        let [pairs, tied_x, tied_y, tied_both] =
            [n as f64 * (n as f64 - 1.0) / 2.0, pairs(&of_x), pairs(&of_y), pairs(&joint)];
        if n < 2 || tied_x == pairs || tied_y == pairs {
            return None;
        }
        let score = pairs - tied_x - tied_y + tied_both - 2.0 * against as f64;
        Some(Self {
            n,
            score,
            variance: variance(n as f64, &of_x, &of_y),
            tau: score / ((pairs - tied_x).sqrt() * (pairs - tied_y).sqrt()),
            tied: !(of_x.is_empty() && of_y.is_empty()),
        })
    }

    /// The two-sided p of the exact distribution of S without ties: twice the smaller tail, at most 1. The number of
    /// permutations with each count of inversions is found row by row (Kendall 1938, doi:10.1093/biomet/30.1-2.81), in
    /// O(n³).
    #[must_use]
    pub fn exact_p(&self) -> f64 {
        let pairs = self.n * (self.n - 1) / 2;
        // Of the two tails the one beyond the score.
        let tail = ((pairs as f64 - self.score.abs()) / 2.0).round() as usize;
        let mut chances = vec![1.0];
        for row in 2..=self.n {
            let most = (chances.len() - 1 + row - 1).min(tail);
            let mut running = 0.0;
            let mut next = Vec::with_capacity(most + 1);
            for count in 0..=most {
                running += chances.get(count).copied().unwrap_or(0.0);
                if count >= row {
                    running -= chances.get(count - row).copied().unwrap_or(0.0);
                }
                next.push(running / row as f64);
            }
            chances = next;
        }
        (2.0 * chances.iter().take(tail + 1).sum::<f64>()).min(1.0)
    }
}

/// The rank of each value, ties with the same one, from 0 without gaps.
fn ranks(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (mut ranks, mut rank, mut before) = (vec![0; values.len()], 0, None);
    for row in order {
        let value = values[row];
        if before.is_some_and(|before: f64| (value - before).abs() > TIED * value.abs().max(before.abs())) {
            rank += 1;
        }
        ranks[row] = rank;
        before = Some(value);
    }
    ranks
}

/// The sizes of the groups of equal neighbours that have more than one member.
fn ties<T: PartialEq>(sorted: impl Iterator<Item = T>) -> Vec<f64> {
    let (mut sizes, mut last, mut size) = (Vec::new(), None, 0.0);
    for value in sorted {
        if last.as_ref() == Some(&value) {
            size += 1.0;
        } else {
            sizes.push(size);
            size = 1.0;
        }
        last = Some(value);
    }
    sizes.push(size);
    sizes.retain(|size| *size > 1.0);
    sizes
}

fn pairs(ties: &[f64]) -> f64 {
    ties.iter().map(|size| size * (size - 1.0) / 2.0).sum()
}

fn variance(n: f64, x: &[f64], y: &[f64]) -> f64 {
    let over = |ties: &[f64], term: fn(f64) -> f64| -> f64 { ties.iter().map(|size| term(*size)).sum() };
    let main = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
    let threes = |t: f64| t * (t - 1.0) * (t - 2.0);
    let twos = |t: f64| t * (t - 1.0);
    let third = if n > 2.0 { over(x, threes) * over(y, threes) / (9.0 * threes(n)) } else { 0.0 };
    (main(n) - over(x, main) - over(y, main)) / 18.0 + third + over(x, twos) * over(y, twos) / (2.0 * twos(n))
}

/// How many pairs stand in descending order; the values are sorted on the way.
fn inversions(values: &mut [u32]) -> u64 {
    let middle = values.len() / 2;
    if middle == 0 {
        return 0;
    }
    let mut count = inversions(&mut values[..middle]) + inversions(&mut values[middle..]);
    let left = values[..middle].to_vec();
    let (mut next, mut right) = (0, middle);
    for place in 0..values.len() {
        if right == values.len() || (next < left.len() && left[next] <= values[right]) {
            if next == left.len() {
                break;
            }
            values[place] = left[next];
            next += 1;
        } else {
            count += (left.len() - next) as u64;
            values[place] = values[right];
            right += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every permutation of six ranks: the score by pairs, and the exact tail by counting.
    #[test]
    fn all_permutations_of_six() {
        let mut all = Vec::new();
        permute(&mut vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 0, &mut all);
        let x: Vec<f64> = (0..6).map(f64::from).collect();
        let found: Vec<Kendall> = all.iter().map(|y| Kendall::new(&x, y).unwrap()).collect();
        for (y, kendall) in all.iter().zip(&found) {
            assert_eq!(kendall.score, by_pairs(&x, y));
            let beyond =
                |tail: f64| found.iter().filter(|other| other.score * tail >= kendall.score * tail).count();
            let smaller = beyond(1.0).min(beyond(-1.0)) as f64 / 720.0;
            assert!((kendall.exact_p() - (2.0 * smaller).min(1.0)).abs() < 1e-14);
        }
    }

    fn permute(rest: &mut Vec<f64>, from: usize, into: &mut Vec<Vec<f64>>) {
        if from == rest.len() {
            into.push(rest.clone());
        }
        for other in from..rest.len() {
            rest.swap(from, other);
            permute(rest, from + 1, into);
            rest.swap(from, other);
        }
    }

    fn by_pairs(x: &[f64], y: &[f64]) -> f64 {
        let sign = |a: f64, b: f64| if a == b { 0.0 } else { (a - b).signum() };
        let pairs = (0..x.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        pairs.map(|(i, j)| sign(x[i], x[j]) * sign(y[i], y[j])).sum()
    }

    /// A hundred thousand rows in two falling halves: every pair of one half is against the order, every other with it. By
    /// pairs that would be five thousand million comparisons.
    #[test]
    fn a_hundred_thousand_rows() {
        let half = 50_000;
        let x: Vec<f64> = (0..2 * half).map(f64::from).collect();
        let y: Vec<f64> = (0..half).rev().chain((half..2 * half).rev()).map(f64::from).collect();
        let found = Kendall::new(&x, &y).unwrap();
        assert_eq!(found.score, f64::from(half));
    }

    #[test]
    fn ties_and_what_has_no_correlation() {
        let (x, y) = ([1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 4.0], [2.0, 2.0, 1.0, 5.0, 2.0, 5.0, 5.0]);
        let found = Kendall::new(&x, &y).unwrap();
        assert_eq!(found.score, by_pairs(&x, &y));
        assert!(found.tied && found.tau > 0.0);
        assert_eq!(Kendall::new(&[1.0], &[1.0]), None);
        assert_eq!(Kendall::new(&[1.0, 1.0], &[1.0, 2.0]), None);
        // 0.1 + 0.2 is 0.3.
        assert!(Kendall::new(&[0.1 + 0.2, 0.3, 1.0], &[1.0, 2.0, 3.0]).unwrap().tied);
    }
}
