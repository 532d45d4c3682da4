//! The beta-binomial model: the true proportions follow a beta distribution.
//!
//! xᵢ ~ Binomial(nᵢ, πᵢ), πᵢ ~ Beta(α, β), in terms of the mean proportion p = α/(α + β) and the intra-class
//! correlation ρ = 1/(α + β + 1): the variance of a true proportion is p(1 − p)ρ, and ρ = 0 is the plain
//! binomial. `y` is logit p; the interval of p is the transformed one of y.
//!
//! Source: Skellam 1948, doi:10.1111/j.2517-6161.1948.tb00014.x; Young-Xu & Chan 2008,
//! doi:10.1186/1471-2288-8-58, for its use in pooling.
//!
//! # Special cases
//!
//! - No events at all, or no non-events: `y` is `None`, the estimate 0 or 1, with a one-sided interval
//!   ([`one_sided`](super::one_sided)).
//! - One study, or one person in every study: ρ is not identified and is taken to be 0.
//! - Every study has 0 or n events, and both occur: the likelihood is largest at ρ = 1, where all persons of
//!   a study have the same outcome; p is the proportion of the studies with n events.

mod likelihood;

use likelihood::BetaBinomialLikelihood;

use crate::data::Counts;
use crate::error::Error;
use crate::model::likelihood::binomial::{Homogeneity, boundary_p_value, spread_is_unidentified};
use crate::model::likelihood::interval::{self, Limits, chi_squared_quantile};
use crate::model::likelihood::link::Link;
use crate::model::likelihood::maximum::Maximum;
use crate::model::likelihood::search::maximise;
use crate::model::likelihood::surface::Surface;
use crate::numeric::beta;
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::{expit, ln, logit};
use crate::numeric::sum::fractions;

/// A fitted beta-binomial model.
#[derive(Debug, Clone, PartialEq)]
pub struct BetaBinomialFit {
    /// The number of studies.
    pub k: usize,
    /// The logit of the mean proportion; `None` where the likelihood has no finite maximum.
    pub y: Option<f64>,
    /// Its standard error, from the observed information in (y, ρ); at ρ = 0 from that in y alone.
    pub se: Option<f64>,
    /// The mean proportion p; at ρ = 0 it is exactly Σx/Σn.
    pub estimate: f64,
    /// The intra-class correlation ρ.
    pub rho: f64,
    /// Its standard error; `None` at the boundaries.
    pub rho_se: Option<f64>,
    /// α = p(1 − ρ)/ρ; `None` at the boundaries.
    pub alpha: Option<f64>,
    /// β = (1 − p)(1 − ρ)/ρ; `None` at the boundaries.
    pub beta: Option<f64>,
    /// The log-likelihood, with the binomial coefficients.
    pub log_likelihood: f64,
    /// 4 − 2 ℓ.
    pub aic: f64,
    /// 2 ln k − 2 ℓ.
    pub bic: f64,
    /// The fit with one common proportion, and its tests against one proportion for each study.
    pub common: Homogeneity,
    /// The likelihood ratio against ρ = 0: 2 (ℓ − ℓ₀), at least 0.
    pub lrt_rho: f64,
    /// Its p-value: half the upper tail of χ²₁, because ρ = 0 is at the boundary, and 1 for a ratio of 0
    /// (Self & Liang 1987, doi:10.1080/01621459.1987.10478472).
    pub lrt_rho_p: f64,
    /// nᵢ/(1 + (nᵢ − 1)ρ) as fractions that sum to 1: the inverse variances of the xᵢ/nᵢ, up to p(1 − p)
    /// (Kleinman 1973, doi:10.1080/01621459.1973.10481332). They depend on the sizes alone; the observed
    /// information of a study may be negative here.
    pub weights: Vec<f64>,
    /// How p and ρ were found.
    pub convergence: Convergence,
    /// The maximum with its certificate, in logit p and θ = ρ/(1 − ρ); `None` at a boundary of the parameter
    /// space other than ρ = 0.
    pub maximum: Option<Maximum>,
}

/// Fits the model by maximum likelihood.
///
/// The log-likelihood is Σ ln [C(nᵢ, xᵢ) B(xᵢ + α, nᵢ − xᵢ + β)/B(α, β)].
///
/// # Errors
///
/// [`Error::Data`] without studies; [`Error::NoConvergence`] where no maximum can be certified.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::beta_binomial;
///
/// let counts = [(5, 20), (30, 60)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = beta_binomial::fit(&counts)?;
/// assert!((fit.rho - 0.02779233626069333).abs() < 1e-12);
/// assert!((fit.estimate - 0.40816030550768123).abs() < 1e-12);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit(counts: &[Counts]) -> Result<BetaBinomialFit, Error> {
    if counts.is_empty() {
        return Err(Error::data("no study to pool"));
    }
    let common = Homogeneity::test(Link::Logit, counts);
    if common.y.is_none() {
        return Ok(BetaBinomialFit::at_boundary(counts, common, common.proportion, 0.0, 0.0));
    }
    if spread_is_unidentified(counts) {
        let surface = BetaBinomialLikelihood::new(counts, &common);
        let location = surface.common_location();
        let maximum = Maximum::without_spread(location, &surface.at_zero_spread(location));
        return Ok(BetaBinomialFit::at_maximum(counts, common, maximum));
    }
    if counts.iter().all(|c| c.at_boundary()) {
        let full = counts.iter().filter(|c| c.events() > 0).count() as f64;
        let k = counts.len() as f64;
        let log_likelihood = full * ln(full / k) + (k - full) * ln((k - full) / k);
        return Ok(BetaBinomialFit::at_boundary(counts, common, full / k, 1.0, log_likelihood));
    }
    let maximum =
        maximise(&mut BetaBinomialLikelihood::new(counts, &common)).map_err(Error::NoConvergence)?;
    Ok(BetaBinomialFit::at_maximum(counts, common, maximum))
}

impl BetaBinomialFit {
    /// The fit from a maximum at a finite logit p and θ ≥ 0.
    fn at_maximum(counts: &[Counts], common: Homogeneity, maximum: Maximum) -> Self {
        let theta = maximum.spread;
        let inside = theta > 0.0;
        let rho = theta / (1.0 + theta);
        let [variance, theta_variance, _] = maximum.derivatives.covariance();
        let (p, q) = (expit(maximum.location), expit(-maximum.location));
        let log_likelihood = maximum.value;
        let lrt_rho = if inside { (2.0 * (log_likelihood - common.log_likelihood)).max(0.0) } else { 0.0 };
        Self {
            y: Some(maximum.location),
            se: if inside { Some(variance.sqrt()) } else { common.se },
            estimate: if inside { p } else { common.proportion },
            // ρ = θ/(1 + θ), so that dρ = dθ/(1 + θ)².
            rho_se: inside.then(|| theta_variance.sqrt() / ((1.0 + theta) * (1.0 + theta))),
            alpha: inside.then(|| p / theta),
            beta: inside.then(|| q / theta),
            lrt_rho,
            lrt_rho_p: boundary_p_value(lrt_rho),
            convergence: if spread_is_unidentified(counts) {
                Convergence::closed_form("common proportion; rho is not identified")
            } else {
                maximum.record(|theta| theta / (1.0 + theta), |theta| 1.0 / ((1.0 + theta) * (1.0 + theta)))
            },
            maximum: Some(maximum),
            ..Self::at_boundary(counts, common, common.proportion, rho, log_likelihood)
        }
    }

    /// The fit without such a maximum: no events, no non-events, or ρ = 1.
    fn at_boundary(
        counts: &[Counts],
        common: Homogeneity,
        estimate: f64,
        rho: f64,
        log_likelihood: f64,
    ) -> Self {
        let k = counts.len();
        let inside = 0.0 < estimate && estimate < 1.0;
        let lrt_rho = if rho > 0.0 { 2.0 * (log_likelihood - common.log_likelihood) } else { 0.0 };
        Self {
            k,
            y: inside.then(|| logit(estimate)),
            // At ρ = 1 each study is a single observation.
            se: inside.then(|| 1.0 / (k as f64 * estimate * (1.0 - estimate)).sqrt()),
            estimate,
            rho,
            rho_se: None,
            alpha: None,
            beta: None,
            log_likelihood,
            aic: 4.0 - 2.0 * log_likelihood,
            bic: 2.0 * ln(k as f64) - 2.0 * log_likelihood,
            common,
            lrt_rho,
            lrt_rho_p: boundary_p_value(lrt_rho),
            weights: fractions(counts.iter().map(|c| {
                let n = c.total() as f64;
                n / (1.0 + (n - 1.0) * rho)
            })),
            convergence: Convergence::closed_form("boundary of the parameter space"),
            maximum: None,
        }
    }

    /// The prediction interval for the true proportion of a new study: the `tail` quantiles of the beta
    /// distribution with mean p and variance p(1 − p)ρ + (1 − ρ)(p(1 − p) se)², the sum of the variance
    /// between studies and that of the estimate of p (own derivation, by matching moments).
    ///
    /// At ρ = 0 it is the interval of p, expit(y ± quantile × se). `None` for one study and where y is not
    /// finite.
    #[must_use]
    pub fn prediction(&self, tail: f64, quantile: f64) -> Option<[f64; 2]> {
        Some(self.prediction_limits(tail, quantile)?.map(|[proportion, _]| proportion))
    }

    /// The limits of [`prediction`](Self::prediction), each with its complement: the logit of a proportion that is 1 to
    /// all digits is that of its complement.
    pub(in crate::model) fn prediction_limits(&self, tail: f64, quantile: f64) -> Option<[[f64; 2]; 2]> {
        let (y, se) = (self.y?, self.se?);
        if self.k < 2 {
            return None;
        }
        if self.rho == 0.0 {
            return Some([y - quantile * se, y + quantile * se].map(|y| [expit(y), expit(-y)]));
        }
        let (p, q) = (expit(y), expit(-y));
        let rho = self.rho + (1.0 - self.rho) * p * q * se * se;
        let size = (1.0 - rho) / rho;
        if size <= 0.0 {
            return Some([[0.0, 1.0], [1.0, 0.0]]);
        }
        let (alpha, beta) = (p * size, q * size);
        Some([
            beta::quantile_and_complement(tail, alpha, beta),
            beta::upper_quantile_and_complement(tail, alpha, beta),
        ])
    }
}

/// The profile-likelihood interval of y = logit p; where ρ is not identified, the likelihood interval at
/// ρ = 0.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the fit has no maximum, or where a limit cannot be found.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::beta_binomial;
///
/// let counts = [(5, 20), (30, 60)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = beta_binomial::fit(&counts)?;
/// let [lower, upper] = beta_binomial::profile_mean(&counts, &fit, 0.025)?;
/// assert!(lower < fit.y.unwrap() && fit.y.unwrap() < upper);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile_mean(counts: &[Counts], fit: &BetaBinomialFit, tail: f64) -> Result<[f64; 2], Error> {
    let [lower, upper] = profile_limits(counts, fit, tail)?;
    Ok([lower?, upper?])
}

/// The lower and the upper limit of [`profile_mean`], each with its own reason where it was not found.
pub(in crate::model) fn profile_limits(
    counts: &[Counts],
    fit: &BetaBinomialFit,
    tail: f64,
) -> Result<Limits, Error> {
    let quantile = chi_squared_quantile(tail);
    if let (None, Some(location), Some(se)) = (&fit.maximum, fit.y, fit.se) {
        let mut surface = BetaBinomialLikelihood::new(counts, &fit.common);
        let maximum = Maximum::at_infinite_spread(location, fit.log_likelihood, -1.0 / (se * se));
        return Ok(interval::location(&mut surface, &maximum, quantile));
    }
    let (mut surface, maximum) = surface_of(counts, fit)?;
    Ok(if spread_is_unidentified(counts) {
        interval::location_at_zero_spread(&surface, maximum, quantile)
    } else {
        interval::location(&mut surface, maximum, quantile)
    })
}

/// The profile-likelihood interval of ρ. The lower limit is 0 if the deviance at 0 does not exceed the χ²₁
/// quantile; the upper limit is 1 if the likelihood never decreases far enough. `None` where ρ is not
/// identified: one study, or one person in every study.
///
/// # Errors
///
/// [`Error::NoConvergence`] where the fit has no maximum, or where a limit cannot be found.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::beta_binomial;
///
/// let counts = [(5, 20), (30, 60)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = beta_binomial::fit(&counts)?;
/// let [lower, upper] = beta_binomial::profile_rho(&counts, &fit, 0.025)?.unwrap();
/// assert!(lower == 0.0 && fit.rho < upper && upper < 1.0);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile_rho(counts: &[Counts], fit: &BetaBinomialFit, tail: f64) -> Result<Option<[f64; 2]>, Error> {
    if spread_is_unidentified(counts) {
        return Ok(None);
    }
    let (mut surface, maximum) = surface_of(counts, fit)?;
    let limits = interval::spread(&mut surface, maximum, chi_squared_quantile(tail));
    let (lower, upper) = limits.map_err(Error::NoConvergence)?;
    let rho = |theta: f64| theta / (1.0 + theta);
    Ok(Some([rho(lower), upper.map_or(1.0, rho)]))
}

fn surface_of<'a>(
    counts: &[Counts],
    fit: &'a BetaBinomialFit,
) -> Result<(BetaBinomialLikelihood, &'a Maximum), Error> {
    let none =
        || Error::NoConvergence("the likelihood has no finite maximum; only a one-sided limit exists".into());
    let maximum = fit.maximum.as_ref().ok_or_else(none)?;
    Ok((BetaBinomialLikelihood::new(counts, &fit.common), maximum))
}
