//! The plain binomial with one proportion, against one proportion a study: the tests of heterogeneity
//! of the likelihood models, and their answer where no spread is found.

pub use super::link::Link;

use super::deviance::divergence;
use crate::data::Counts;
use crate::effect::exact_difference::{CorrectedCounts, most_precise};
use crate::model::WeightedMean;
use crate::numeric::chi_squared;
use crate::numeric::elementary::ln;
use crate::numeric::gamma::stirling_error;
use crate::numeric::sum::{Sum, sum};

/// One proportion for all studies, and what speaks against it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homogeneity {
    /// Σ events / Σ total, the maximum-likelihood estimate.
    pub proportion: f64,
    /// It on the scale of the link; `None` at 0 and 1.
    pub y: Option<f64>,
    /// The standard error of `y`, 1/√(N h′²/(p q)).
    pub se: Option<f64>,
    /// The log-likelihood of one proportion, with the binomial coefficients.
    pub log_likelihood: f64,
    /// The log-likelihood of one proportion a study.
    pub saturated: f64,
    /// k − 1.
    pub df: f64,
    /// Twice the difference of the two: Σ 2 n KL(x/n, p).
    pub q_lrt: f64,
    /// P(χ²(k − 1) ≥ `q_lrt`); 1 for one study.
    pub p_lrt: f64,
    /// Wald's test that the saturated model's studies are equal: Σ w (y − ȳ)² over the studies with
    /// events and non-events, w the inverse of the variance of y.
    ///
    /// The limit of `QE.Wld` of metafor's `rma.glmm`: at 0 or n events y runs to infinity and its
    /// weight to 0 faster, so that the study adds nothing to Q but keeps its degree of freedom.
    pub q_wald: f64,
    /// P(χ²(k − 1) ≥ `q_wald`); 1 for one study.
    pub p_wald: f64,
}

impl Homogeneity {
    /// Of at least one study.
    ///
    /// Source: Stijnen, Hamza & Özdemir 2010, doi:10.1002/sim.4040; Wilks 1938,
    /// doi:10.1214/aoms/1177732360, for the ratio; Wald 1943 for the other test.
    ///
    /// ```
    /// use metaprop::Counts;
    /// use metaprop::model::likelihood::{Homogeneity, Link};
    ///
    /// let counts = [(3, 10), (6, 20)].map(|(events, total)| Counts::new(events, total).unwrap());
    /// let equal = Homogeneity::of(Link::Logit, &counts);
    /// assert_eq!((equal.proportion, equal.q_lrt, equal.df), (0.3, 0.0, 1.0));
    /// ```
    #[must_use]
    pub fn of(link: Link, counts: &[Counts]) -> Self {
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
pub(in crate::model) fn totals(counts: &[Counts]) -> (f64, f64) {
    let of = |f: fn(&Counts) -> u64| sum(counts.iter().map(|c| f(c) as f64));
    (of(|c| c.events()), of(|c| c.total() - c.events()))
}

/// The log-probability of x of n events at the proportion x/n:
/// δ(n) − δ(x) − δ(n − x) + ½ ln(n/(2π x (n − x))), and 0 at the ends; δ is Stirling's error.
///
/// Loader 2000, *Fast and accurate computation of binomial probabilities*, eq. 2: what is large has
/// cancelled before it is computed.
pub(in crate::model) fn saturated_term(counts: Counts) -> f64 {
    let (x, n) = counts.as_reals();
    let m = n - x;
    if x == 0.0 || m == 0.0 {
        return 0.0;
    }
    let stirling = stirling_error(n) - stirling_error(x) - stirling_error(m);
    stirling - 0.5 * ln(std::f64::consts::TAU * x * (m / n))
}

/// n KL(x/n, X/N): how much log-likelihood one study loses to the common proportion.
fn deviance(counts: Counts, events: f64, others: f64) -> f64 {
    let (x, n) = counts.as_reals();
    let m = n - x;
    let total = events + others;
    let difference = (events * m - others * x) / (total * n);
    n * divergence([x / n, m / n], [events / total, others / total], difference)
}

/// Over the studies that have a finite estimate, from the most precise of them: a difference of two studies is
/// more exact than their estimates.
fn wald(link: Link, counts: &[Counts]) -> f64 {
    let cells = counts.iter().filter(|c| !c.at_boundary());
    let cells: Vec<CorrectedCounts> =
        cells.map(|&c| CorrectedCounts::of_counts(c, 0.0, link.predictor_of(c))).collect();
    let v: Vec<f64> = cells.iter().map(|cell| variance(link, cell.events, cell.rest)).collect();
    let Some(centre) = most_precise(&v).map(|index| cells[index]) else { return 0.0 };
    let deviations: Vec<f64> = cells.iter().map(|&cell| link.difference(cell, centre)).collect();
    WeightedMean::at(&deviations, &v, 0.0).q
}

/// The variance p q/(n h′²) of the estimate from x events and m non-events, by the delta method.
pub(in crate::model) fn variance(link: Link, x: f64, m: f64) -> f64 {
    let n = x + m;
    let density = link.density(x, m);
    (x / n) * (m / n) / (n * density * density)
}

/// The typical within-study variance ṽ = (k − 1)/(S₁ − S₂/S₁) of Higgins & Thompson 2002, eq. 9,
/// doi:10.1002/sim.1186, with w = 1/v and ½ added to both cells of a study that lacks one, as metafor
/// does for `rma.glmm`: then I² = 100 τ²/(τ² + ṽ) and H² = 1 + τ²/ṽ. `None` for one study.
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
