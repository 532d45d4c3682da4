//! The plain binomial with one common proportion, which both likelihood models are at spread 0, and its tests
//! against one proportion for each study.

use super::divergence::divergence;
use super::link::Link;
use crate::data::Counts;
use crate::effect::exact_difference::{CorrectedCounts, most_precise};
use crate::model::WeightedMean;
use crate::numeric::chi_squared;
use crate::numeric::elementary::ln;
use crate::numeric::gamma::stirling_error;
use crate::numeric::sum::{Sum, sum};

/// One common proportion, and the tests of homogeneity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homogeneity {
    /// Σ events / Σ total, the maximum-likelihood estimate.
    pub proportion: f64,
    /// The proportion on the link scale; `None` for 0 and 1.
    pub y: Option<f64>,
    /// The standard error of `y`, 1/√(N h′²/(p q)).
    pub se: Option<f64>,
    /// The log-likelihood with one common proportion, with the binomial coefficients.
    pub log_likelihood: f64,
    /// The log-likelihood of the saturated model, with one proportion for each study.
    pub saturated: f64,
    /// k − 1.
    pub df: f64,
    /// The likelihood-ratio statistic, twice the difference of the two: Σ 2 n KL(x/n, p).
    pub q_lrt: f64,
    /// P(χ²(k − 1) ≥ `q_lrt`); 1 for one study.
    pub p_lrt: f64,
    /// The Wald statistic for equal proportions in the saturated model: Σ w (y − ȳ)² over the studies with
    /// events and non-events, with w the inverse of the variance of y.
    ///
    /// It is the limit of `QE.Wld` of metafor's `rma.glmm`: for a study with 0 or n events y tends to
    /// infinity, but its weight tends to 0 faster, so the study adds nothing to Q although it counts in the
    /// degrees of freedom.
    pub q_wald: f64,
    /// P(χ²(k − 1) ≥ `q_wald`); 1 for one study.
    pub p_wald: f64,
}

impl Homogeneity {
    /// The common proportion and the tests for at least one study.
    ///
    /// Source: Stijnen, Hamza & Özdemir 2010, doi:10.1002/sim.4040; Wilks 1938,
    /// doi:10.1214/aoms/1177732360, for the likelihood ratio; Wald 1943 for the Wald test.
    ///
    /// ```
    /// use metaprop::Counts;
    /// use metaprop::model::likelihood::{Homogeneity, Link};
    ///
    /// let counts = [(3, 10), (6, 20)].map(|(events, total)| Counts::new(events, total).unwrap());
    /// let equal = Homogeneity::test(Link::Logit, &counts);
    /// assert_eq!((equal.proportion, equal.q_lrt, equal.df), (0.3, 0.0, 1.0));
    /// ```
    #[must_use]
    pub fn test(link: Link, counts: &[Counts]) -> Self {
        let (x, m) = totals(counts);
        let df = counts.len().saturating_sub(1) as f64;
        let saturated = sum(counts.iter().map(|&c| saturated_term(c)));
        let q_lrt = 2.0 * sum(counts.iter().map(|&c| deviance(c, x, m)));
        let q_wald = wald(link, counts);
        let p_value = |q| if df > 0.0 { chi_squared::sf(q, df) } else { 1.0 };
        let inside = x > 0.0 && m > 0.0;
        let information = (x + m) * link.density(x, m) * link.density(x, m) / (x / (x + m) * (m / (x + m)));
        Self {
            proportion: x / (x + m),
            y: inside.then(|| link.predictor(x, m)),
            se: inside.then(|| 1.0 / information.sqrt()),
            log_likelihood: saturated - 0.5 * q_lrt,
            saturated,
            df,
            q_lrt,
            p_lrt: p_value(q_lrt),
            q_wald,
            p_wald: p_value(q_wald),
        }
    }
}

/// Events and non-events of all studies together.
pub(super) fn totals(counts: &[Counts]) -> (f64, f64) {
    let total = |part: fn(&Counts) -> u64| sum(counts.iter().map(|c| part(c) as f64));
    (total(|c| c.events()), total(|c| c.total() - c.events()))
}

/// Whether the counts contain no information on heterogeneity: one study is fitted perfectly without it, and
/// if every study has one person, the likelihood depends on the mean proportion alone. The spread is then
/// taken to be 0.
pub(super) fn spread_is_unidentified(counts: &[Counts]) -> bool {
    counts.len() == 1 || counts.iter().all(|c| c.total() == 1)
}

/// The p-value of a likelihood ratio against spread 0, which is at the boundary of the parameter space: half
/// the upper tail of χ²₁, and 1 for a ratio of 0 (Self & Liang 1987, doi:10.1080/01621459.1987.10478472).
pub(super) fn boundary_p_value(ratio: f64) -> f64 {
    if ratio > 0.0 { 0.5 * chi_squared::sf(ratio, 1.0) } else { 1.0 }
}

/// The log-probability of x of n events at the proportion x/n:
/// δ(n) − δ(x) − δ(n − x) + ½ ln(n/(2π x (n − x))), and 0 for x = 0 and x = n; δ is the error of Stirling's
/// formula.
///
/// Loader 2000, *Fast and accurate computation of binomial probabilities*, eq. 2, in which the large terms
/// have been cancelled algebraically.
pub(super) fn saturated_term(counts: Counts) -> f64 {
    let (x, n) = counts.as_reals();
    let m = n - x;
    if x == 0.0 || m == 0.0 {
        return 0.0;
    }
    let stirling = stirling_error(n) - stirling_error(x) - stirling_error(m);
    stirling - 0.5 * ln(std::f64::consts::TAU * x * (m / n))
}

/// n KL(x/n, X/N): the log-likelihood of one study at its own proportion minus that at the common proportion.
fn deviance(counts: Counts, events: f64, others: f64) -> f64 {
    let (x, n) = counts.as_reals();
    let m = n - x;
    let total = events + others;
    let difference = (events * m - others * x) / (total * n);
    n * divergence([x / n, m / n], [events / total, others / total], difference)
}

/// The Wald statistic, over the studies with a finite estimate. The estimates enter as differences from the
/// most precise study, which are more accurate than the estimates themselves.
fn wald(link: Link, counts: &[Counts]) -> f64 {
    let cells = counts.iter().filter(|c| !c.at_boundary());
    let cells: Vec<CorrectedCounts> =
        cells.map(|&c| CorrectedCounts::of_counts(c, 0.0, link.predictor_of(c))).collect();
    let v: Vec<f64> = cells.iter().map(|cell| variance(link, cell.events, cell.rest)).collect();
    let Some(centre) = most_precise(&v).map(|index| cells[index]) else { return 0.0 };
    let deviations: Vec<f64> = cells.iter().map(|&cell| link.difference(cell, centre)).collect();
    WeightedMean::at(&deviations, &v, 0.0).q
}

/// The estimate of each study on the link scale with its variance, as Wald's tests and the typical variance have them: ½ is
/// added to the events and non-events of a study with no events or no non-events.
pub(in crate::model) fn wald_rows(link: Link, counts: &[Counts]) -> Vec<[f64; 2]> {
    let row = |c: &Counts| {
        let (x, n) = c.as_reals();
        let add = if c.at_boundary() { 0.5 } else { 0.0 };
        let (events, others) = (x + add, n - x + add);
        [link.predictor(events, others), variance(link, events, others)]
    };
    counts.iter().map(row).collect()
}

/// The variance p q/(n h′²) of the estimate from x events and m non-events, by the delta method.
fn variance(link: Link, x: f64, m: f64) -> f64 {
    let n = x + m;
    let density = link.density(x, m);
    (x / n) * (m / n) / (n * density * density)
}

/// The typical within-study variance ṽ = (k − 1)/(S₁ − S₂/S₁) of Higgins & Thompson 2002, eq. 9,
/// doi:10.1002/sim.1186, with w = 1/v; I² = 100 τ²/(τ² + ṽ) and H² = 1 + τ²/ṽ. As in metafor's `rma.glmm`, ½
/// is added to the events and non-events of a study with no events or no non-events. `None` for one study.
#[must_use]
pub fn typical_variance(link: Link, counts: &[Counts]) -> Option<f64> {
    let (mut first, mut second) = (Sum::new(), Sum::new());
    for &c in counts {
        let (x, n) = c.as_reals();
        let add = if c.at_boundary() { 0.5 } else { 0.0 };
        let w = 1.0 / variance(link, x + add, n - x + add);
        first.add(w);
        second.add(w * w);
    }
    let (first, second) = (first.value(), second.value());
    (counts.len() > 1).then(|| (counts.len() as f64 - 1.0) / (first - second / first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::gamma::ln_choose;

    #[test]
    fn saturated_terms_are_binomial_probabilities() {
        for (x, n) in [(1, 2), (3, 10), (40, 100), (1, 1_000_000)] {
            let got = saturated_term(Counts::new(x, n).unwrap());
            let (x, n) = (x as f64, n as f64);
            let want = ln_choose(n, x) + x * (x / n).ln() + (n - x) * (-x / n).ln_1p();
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
    }
}
