//! Shapley values: a difference split over the things that make it.

/// A set of conventions: bit i stands for the i-th.
pub(super) type Set = u32;

/// The union of those groups whose bit is set in `chosen`.
pub(super) fn union(groups: &[Set], chosen: Set) -> Set {
    let members = groups.iter().enumerate().filter(|(index, _)| chosen & (1 << index) != 0);
    members.fold(0, |union, (_, group)| union | group)
}

/// The Shapley value of each group: Σ over the sets S of the other groups of |S|! (m − |S| − 1)!/m! times
/// value(S ∪ group) − value(S) (Shapley 1953, doi:10.1515/9781400881970-018). `None` where a set has no
/// value.
pub(super) fn shapley(groups: &[Set], mut value: impl FnMut(Set) -> Option<f64>) -> Option<Vec<f64>> {
    let m = groups.len();
    let mut shares = vec![0.0; m];
    for chosen in 0..1 << m {
        let set = union(groups, chosen);
        let before = value(set)?;
        for (index, group) in groups.iter().enumerate().filter(|(index, _)| chosen & (1 << index) == 0) {
            shares[index] += weight(chosen.count_ones(), m) * (value(set | group)? - before);
        }
    }
    Some(shares)
}

/// |S|! (m − |S| − 1)!/m! = 1/(m C(m − 1, |S|)), for a set of this size.
fn weight(size: u32, m: usize) -> f64 {
    let binomial = (0..size).fold(1.0, |product, taken| {
        let taken = f64::from(taken);
        product * (m as f64 - 1.0 - taken) / (taken + 1.0)
    });
    1.0 / (m as f64 * binomial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapley_values_of_a_product_by_hand() {
        // v(S) = Π (1 + i) over S: v(∅) = 1, v({1}) = 2, v({2}) = 3, v({1, 2}) = 6.
        let value = |set: Set| {
            Some((0..3).filter(|i| set & (1 << i) != 0).fold(1.0, |p, i| p * (1.0 + f64::from(i))))
        };
        let shares = shapley(&[2, 4], value).unwrap();
        assert_eq!(shares, [0.5 * (1.0 + 3.0), 0.5 * (2.0 + 4.0)]);
        assert_eq!(shapley(&[], value), Some(Vec::new()));
    }

    #[test]
    fn the_weights_of_all_sets_add_up_to_one() {
        for m in 1..=9usize {
            let total: f64 = (0..1 << (m - 1)).map(|set: Set| weight(set.count_ones(), m)).sum();
            assert!((total - 1.0).abs() < 1e-14);
        }
    }
}
