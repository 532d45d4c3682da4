//! Why two analyses of the same table differ: the gap between their numbers, split by convention.
//!
//! The two specs differ in some conventions. Each is given the share of the gap that Shapley's value gives
//! it: what switching it moves, averaged over all orders in which the conventions can be switched (Shapley
//! 1953, doi:10.1515/9781400881970-018; Shorrocks 2013, doi:10.1007/s10888-011-9214-z, for splitting a
//! statistic). No order is preferred, and the shares add up to the gap. Every mixture is computed: with m
//! conventions 2ᵐ analyses, and m is at most 9.
//!
//! | file | noun |
//! |---|---|
//! | `convention` | one thing in which two specs can differ, and how a spec takes it over |
//! | `mixture` | the analyses between the two, and which conventions cannot be parted |

mod convention;
mod mixture;

use serde::Serialize;

use crate::analysis::{Statistic, fit};
use crate::data::Dataset;
use crate::error::Error;
use crate::model::{HeterogeneityField, PredictionField, SummaryField};
use crate::options::Spec;
use mixture::Mixtures;

/// What is explained, by its key in the result document: fractions; I² in percent; τ² on the analysis scale.
pub const QUANTITIES: [(&str, Statistic); 7] = [
    ("estimate", Statistic::Pooled(SummaryField::Estimate)),
    ("lower", Statistic::Pooled(SummaryField::Lower)),
    ("upper", Statistic::Pooled(SummaryField::Upper)),
    ("tau2", Statistic::Heterogeneity(HeterogeneityField::Tau2)),
    ("i2", Statistic::Heterogeneity(HeterogeneityField::I2)),
    ("prediction_lower", Statistic::Prediction(PredictionField::Lower)),
    ("prediction_upper", Statistic::Prediction(PredictionField::Upper)),
];

/// One number of both analyses, and why they differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap {
    /// One of [`QUANTITIES`].
    pub quantity: &'static str,
    /// What the first analysis says.
    pub a: Option<f64>,
    /// What the second one says.
    pub b: Option<f64>,
    /// b − a; `None` where one of them has no such number, and for τ² on two scales.
    pub gap: Option<f64>,
    /// The share of each convention, in the order of [`Explained::conventions`]; they add up to the gap.
    /// `None` where some mixture of the two has no such number.
    pub shares: Option<Vec<f64>>,
}

/// One convention, or several that cannot be parted, and what each side has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Switched {
    /// What it is called.
    pub convention: String,
    /// What the first analysis does.
    pub a: String,
    /// What the second one does.
    pub b: String,
}

/// The gap between two analyses, split.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The conventions in which they differ, as far as these numbers can see it.
    pub conventions: Vec<Switched>,
    /// How many studies each of the two pools.
    pub studies: [usize; 2],
    /// How many analyses were computed.
    pub analyses: usize,
    /// Each quantity, in the order of [`QUANTITIES`].
    pub gaps: Vec<Gap>,
}

/// Splits the gap between the analyses of a table by two specs.
///
/// # Errors
///
/// Those of [`run`](fn@crate::run), of either of the two.
///
/// ```
/// use metaprop::published::explain::explain;
/// use metaprop::options::Request;
/// use metaprop::options::Profile;
/// use metaprop::Dataset;
///
/// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let spec = |profile| Request { profile: Some(profile), ..Request::default() }.resolve();
/// let explained = explain(&table, &spec(Profile::Meta)?, &spec(Profile::DlWald)?)?;
/// let estimate = &explained.gaps[0];
/// assert_eq!(explained.conventions[0].convention, "tau2");
/// assert!((estimate.shares.as_ref().unwrap()[0] - estimate.gap.unwrap()).abs() < 1e-15);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn explain(table: &Dataset, a: &Spec, b: &Spec) -> Result<Explained, Error> {
    let mut mixtures = Mixtures::new(table, a, b)?;
    let groups = mixtures.groups();
    let gaps = (0..QUANTITIES.len()).map(|index| gap(index, &groups, &mut mixtures)).collect();
    let conventions = groups.iter().map(|group| mixtures.switched(*group)).collect();
    let studies = [fit(table, a)?.k(), fit(table, b)?.k()];
    Ok(Explained { conventions, studies, analyses: mixtures.computed(), gaps })
}

fn gap(index: usize, groups: &[u32], mixtures: &mut Mixtures<'_>) -> Gap {
    let mut value = |groups: u32| mixtures.value(groups, index);
    let all = groups.iter().fold(0, |all, group| all | group);
    let (a, b) = (value(0), value(all));
    let comparable = QUANTITIES[index].0 != "tau2" || mixtures.is_one_scale();
    let gap = a.zip(b).filter(|_| comparable).map(|(a, b)| b - a);
    let shares = gap.and_then(|_| shapley(groups, |mask| mixtures.value(mask, index)));
    Gap { quantity: QUANTITIES[index].0, a, b, gap, shares }
}

/// Shapley's value of each group: Σ over the sets S without it of |S|! (m − |S| − 1)!/m! times what it adds
/// to S. `None` where a set has no value.
fn shapley(groups: &[u32], mut value: impl FnMut(u32) -> Option<f64>) -> Option<Vec<f64>> {
    let m = groups.len();
    let mut shares = vec![0.0; m];
    for set in 0u32..1 << m {
        let mask = members(groups, set);
        let before = value(mask)?;
        for (index, group) in groups.iter().enumerate().filter(|(index, _)| set & (1 << index) == 0) {
            shares[index] += weight(set.count_ones(), m) * (value(mask | group)? - before);
        }
    }
    Some(shares)
}

/// The conventions of a set of groups.
fn members(groups: &[u32], set: u32) -> u32 {
    let inside = groups.iter().enumerate().filter(|(index, _)| set & (1 << index) != 0);
    inside.fold(0, |mask, (_, group)| mask | group)
}

/// |S|! (m − |S| − 1)!/m! = 1/(m C(m − 1, |S|)).
fn weight(size: u32, m: usize) -> f64 {
    let choose = (0..size).fold(1.0, |product, taken| {
        let taken = f64::from(taken);
        product * (m as f64 - 1.0 - taken) / (taken + 1.0)
    });
    1.0 / (m as f64 * choose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapley_of_a_product() {
        // v(S) = Π of (1 + i) over S: the shares of {1, 2} are (1 + (6 − 3))/2 and (2 + (6 − 2))/2 …
        let value = |mask: u32| {
            Some((0..3).filter(|i| mask & (1 << i) != 0).fold(1.0, |p, i| p * (1.0 + f64::from(i))))
        };
        let shares = shapley(&[2, 4], value).unwrap();
        // v(∅) = 1, v(1) = 2, v(2) = 3, v(12) = 6.
        assert_eq!(shares, [0.5 * (1.0 + 3.0), 0.5 * (2.0 + 4.0)]);
        assert_eq!(shapley(&[], value), Some(Vec::new()));
    }

    #[test]
    fn weights_of_all_orders_add_up_to_one() {
        for m in 1..=9usize {
            let total: f64 = (0..1u32 << (m - 1)).map(|set| weight(set.count_ones(), m)).sum();
            assert!((total - 1.0).abs() < 1e-14);
        }
    }
}
