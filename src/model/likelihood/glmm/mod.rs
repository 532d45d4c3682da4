//! The binomial-normal model: exact binomial likelihoods with a normal random effect on the link scale.
//!
//! xᵢ ~ Binomial(nᵢ, h(μ + τ uᵢ)), uᵢ ~ N(0, 1): no study needs an estimate, a variance or a zero-cell
//! correction. Each study's marginal likelihood is an integral, computed to rounding accuracy; μ and τ
//! maximise the product globally.
//!
//! Source: Hamza, van Houwelingen & Stijnen 2008, doi:10.1016/j.jclinepi.2007.03.016; Stijnen, Hamza &
//! Özdemir 2010, doi:10.1002/sim.4040.
//!
//! # Special cases
//!
//! - No events at all, or no non-events: the likelihood has no finite maximum. `y` is `None`, the estimate 0
//!   or 1, with a one-sided interval ([`one_sided`](super::one_sided)).
//! - One study, or one person in every study: τ² is not identified (the likelihood is constant in it, or
//!   largest at 0), and is taken to be 0.
//! - Every study has 0 or n events, and both occur: the likelihood increases without bound in τ, which is
//!   [`Error::NoConvergence`].

mod approximate;
mod coordinates;
mod integral;
mod jet;
mod likelihood;
mod mode;
mod moderated;
mod panels;
mod posterior;
mod regression;
mod scan;
mod study;

use likelihood::MarginalLikelihood;
pub use regression::{GlmmRegression, fit_moderated};

use crate::data::Counts;
use crate::error::Error;
use crate::model::likelihood::binomial::{Homogeneity, boundary_p_value, spread_is_unidentified};
use crate::model::likelihood::interval::{self, Limits, chi_squared_quantile};
use crate::model::likelihood::link::Link;
use crate::model::likelihood::maximum::Maximum;
use crate::model::likelihood::search::maximise;
use crate::model::likelihood::surface::{Accuracy, Derivatives, Surface};
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::{expit, ln};
use crate::numeric::sum::fractions;
use crate::options::Quadrature;

const SEPARATED: &str = "every study has either no events or events only, so that the likelihood rises without end \
    as tau2 increases; model = beta-binomial can be fitted to such data";

/// A fitted binomial-normal model.
#[derive(Debug, Clone, PartialEq)]
pub struct GlmmFit {
    /// The scale of `y` and `tau2`.
    pub link: Link,
    /// How the integral of each study was computed.
    pub quadrature: Quadrature,
    /// The number of studies.
    pub k: usize,
    /// μ: the median proportion on the link scale; `None` where the likelihood has no finite maximum.
    pub y: Option<f64>,
    /// Its standard error, from the observed information in (μ, τ); at τ² = 0 from that in μ alone.
    pub se: Option<f64>,
    /// The median proportion h(μ); at τ² = 0 it is exactly Σx/Σn.
    pub estimate: f64,
    /// The variance of the random effect, on the squared link scale.
    pub tau2: f64,
    /// Its standard error by the delta method, 2 τ se(τ); `None` at τ² = 0.
    pub tau2_se: Option<f64>,
    /// The marginal log-likelihood, with the binomial coefficients.
    pub log_likelihood: f64,
    /// 4 − 2 ℓ.
    pub aic: f64,
    /// 2 ln k − 2 ℓ.
    pub bic: f64,
    /// The fit with one common proportion, and its tests against one proportion for each study.
    pub common: Homogeneity,
    /// The likelihood ratio against τ² = 0: 2 (ℓ − ℓ₀), at least 0.
    pub lrt_tau2: f64,
    /// Its p-value: half the upper tail of χ²₁, because τ² = 0 is at the boundary, and 1 for a ratio of 0
    /// (Self & Liang 1987, doi:10.1080/01621459.1987.10478472).
    pub lrt_tau2_p: f64,
    /// The contributions of the studies to the observed information on μ, as fractions that sum to 1: see
    /// [`fit`].
    pub weights: Vec<f64>,
    /// The mean of the true proportions over the population of studies; `None` where μ is not finite.
    pub population: Option<PopulationMean>,
    /// How μ and τ were found.
    pub convergence: Convergence,
    /// The maximum with its certificate; `None` where there is no finite one.
    pub maximum: Option<Maximum>,
}

/// The mean E h(μ + τu) of the true proportions over the population of studies, on the logit scale. It
/// differs from the median h(μ): it is the overall proportion in a large number of such studies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PopulationMean {
    /// The proportion.
    pub proportion: f64,
    /// Its logit.
    pub logit: f64,
    /// The standard error of the logit, by the delta method from the covariance of (μ, τ).
    pub logit_se: f64,
}

impl PopulationMean {
    /// The interval logit ± quantile × se, as proportions.
    #[must_use]
    pub fn interval(&self, quantile: f64) -> [f64; 2] {
        let margin = quantile * self.logit_se;
        [expit(self.logit - margin), expit(self.logit + margin)]
    }
}

/// Fits the model by maximum likelihood.
///
/// The log-likelihood is Σ ln ∫ Binomial(xᵢ; nᵢ, h(μ + τu)) φ(u) du. The weights are
/// wᵢ = −∂²ℓᵢ/∂μ² / Σ −∂²ℓⱼ/∂μ² at the estimate. They are not negative, since ℓᵢ is concave in μ (Prékopa 1973), and in the
/// normal model the same formula gives weights proportional to 1/(vᵢ + τ²) (own derivation).
///
/// # Errors
///
/// [`Error::Data`] without studies; [`Error::NoConvergence`] where the likelihood has no maximum at a finite
/// τ, or none can be certified.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::Link;
/// use metaprop::model::likelihood::glmm;
///
/// let counts = [(8, 12), (9, 13), (21, 66), (8, 18)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = glmm::fit(Link::Logit, &counts)?;
/// assert!(fit.tau2 > 0.0 && fit.se.is_some());
/// // 10 % in all studies: no heterogeneity, and the estimate is the pooled proportion.
/// let counts = [1, 2, 3, 4].map(|tens| Counts::new(tens, 10 * tens).unwrap());
/// let fit = glmm::fit(Link::Logit, &counts)?;
/// assert_eq!((fit.tau2, fit.estimate), (0.0, 0.1));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit(link: Link, counts: &[Counts]) -> Result<GlmmFit, Error> {
    fit_by(link, counts, Quadrature::Exact)
}

/// [`fit`] with the integral of each study as a package approximates it.
///
/// An approximation is ln s + ln Σ wⱼ exp(½ tⱼ² + ℓ(μ + τuⱼ) − ½ uⱼ²), uⱼ = û + s tⱼ, with û the mode of the integrand,
/// s = 1/√(1 + τ² w(û)), and w the expected information of the study on the link scale; t and w are the points and weights
/// of a Gauss-Hermite rule, one point for `laplace` and seven for `aghq-7`. Source: Liu & Pierce 1994,
/// doi:10.1093/biomet/81.3.624; Pinheiro & Chao 2006, doi:10.1198/106186006X96962; with the expected information as lme4
/// has it (compared with version 1.1-31). At τ = 0 there is nothing to integrate, and all agree; whatever has no likelihood
/// with a maximum has none by an approximation.
///
/// An approximated likelihood need not be concave in μ at a given τ as the exact one is. The maximum is then the highest of
/// those that the scan from τ = 0 leads to; where the approximation is far from the integral (a large τ, many studies
/// with none or all of the events) none may be found.
///
/// The log-likelihood is that of the approximation with the binomial coefficients, the standard errors are from its
/// observed information in (μ, τ), and intervals by the profile likelihood are of the approximated one.
///
/// # Errors
///
/// As [`fit`].
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::{Link, glmm};
/// use metaprop::options::Quadrature;
///
/// let rows = [(8, 12), (9, 13), (21, 66), (8, 18), (0, 10), (3, 30)];
/// let counts = rows.map(|(events, total)| Counts::new(events, total).unwrap());
/// let by = |quadrature| glmm::fit_by(Link::Logit, &counts, quadrature).map(|fit| fit.tau2);
/// // rma.glmm(measure = "PLO"), and glmer with tolPwrss = 1e-12: 1.6019 and 1.5692.
/// assert!((by(Quadrature::Aghq7)? - 1.6019).abs() < 1e-4);
/// assert!((by(Quadrature::Laplace)? - 1.5692).abs() < 1e-4);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit_by(link: Link, counts: &[Counts], quadrature: Quadrature) -> Result<GlmmFit, Error> {
    if counts.is_empty() {
        return Err(Error::data("no study to pool"));
    }
    let common = Homogeneity::test(link, counts);
    if common.y.is_none() {
        return Ok(GlmmFit { quadrature, ..without_maximum(link, counts, common) });
    }
    let unidentified = spread_is_unidentified(counts);
    if counts.iter().all(|c| c.at_boundary()) && !unidentified {
        return Err(Error::NoConvergence(SEPARATED.into()));
    }
    let mut surface = MarginalLikelihood::new(link, counts, &common, quadrature);
    let maximum = if unidentified {
        let location = surface.common_location();
        Maximum::without_spread(location, &surface.at_zero_spread(location))
    } else {
        let found = maximise(&mut surface);
        surface.finished(found)?
    };
    if !surface.is_accurate() {
        return Err(Error::NoConvergence(
            "the quadrature for the marginal likelihood of a study does not converge".into(),
        ));
    }
    let informations = surface.informations(maximum.location, maximum.spread);
    Ok(GlmmFit { quadrature, ..assemble(link, counts, common, maximum, &informations) })
}

fn assemble(
    link: Link,
    counts: &[Counts],
    common: Homogeneity,
    maximum: Maximum,
    informations: &[f64],
) -> GlmmFit {
    let k = counts.len();
    let (tau, d) = (maximum.spread, maximum.derivatives);
    let homogeneous = tau == 0.0;
    let [variance, tau_variance, covariance] =
        if homogeneous { [-1.0 / d.location2, 0.0, 0.0] } else { d.covariance() };
    let log_likelihood = maximum.value;
    let lrt_tau2 = if homogeneous { 0.0 } else { (2.0 * (log_likelihood - common.log_likelihood)).max(0.0) };
    let convergence = if spread_is_unidentified(counts) {
        Convergence::closed_form("common proportion; tau2 is not identified")
    } else {
        maximum.record(|tau| tau * tau, |tau| 2.0 * tau)
    };
    GlmmFit {
        link,
        quadrature: Quadrature::Exact,
        k,
        y: Some(maximum.location),
        se: if homogeneous { common.se } else { Some(variance.sqrt()) },
        estimate: if homogeneous { common.proportion } else { link.proportion(maximum.location) },
        tau2: tau * tau,
        tau2_se: (!homogeneous).then(|| 2.0 * tau * tau_variance.sqrt()),
        log_likelihood,
        aic: 4.0 - 2.0 * log_likelihood,
        bic: 2.0 * ln(k as f64) - 2.0 * log_likelihood,
        common,
        lrt_tau2,
        lrt_tau2_p: boundary_p_value(lrt_tau2),
        weights: fractions(informations.iter().copied()),
        population: Some(population(link, maximum.location, tau, [variance, tau_variance, covariance])),
        convergence,
        maximum: Some(maximum),
    }
}

/// The population mean is the probability of the event in one person of a new study. Its logarithm and that
/// of its complement are log marginal likelihoods of studies with one person.
fn population(
    link: Link,
    mu: f64,
    tau: f64,
    [variance, tau_variance, covariance]: [f64; 3],
) -> PopulationMean {
    let log_probability = |events: f64| -> Derivatives {
        let study = study::StudyLikelihood::one_person(link, events);
        if tau == 0.0 {
            let slope = study.slope(mu);
            return Derivatives { value: study.value(mu), location: slope.first, ..Derivatives::default() };
        }
        integral::marginal(&study, mu, tau, Accuracy::Full, study.typical).derivatives
    };
    let (event, none) = (log_probability(1.0), log_probability(0.0));
    let (by_mu, by_tau) = (event.location - none.location, event.spread - none.spread);
    let logit_variance =
        by_mu * by_mu * variance + 2.0 * by_mu * by_tau * covariance + by_tau * by_tau * tau_variance;
    let logit = event.value - none.value;
    PopulationMean { proportion: expit(logit), logit, logit_se: logit_variance.sqrt() }
}

/// No events at all, or no non-events: the likelihood increases to 1 as μ tends to ∓∞, whatever τ² is.
fn without_maximum(link: Link, counts: &[Counts], common: Homogeneity) -> GlmmFit {
    GlmmFit {
        link,
        quadrature: Quadrature::Exact,
        k: counts.len(),
        y: None,
        se: None,
        estimate: common.proportion,
        tau2: 0.0,
        tau2_se: None,
        log_likelihood: 0.0,
        aic: 4.0,
        bic: 2.0 * ln(counts.len() as f64),
        common,
        lrt_tau2: 0.0,
        lrt_tau2_p: 1.0,
        // The limit of the weights at τ² = 0.
        weights: fractions(counts.iter().map(|c| c.total() as f64)),
        population: None,
        convergence: Convergence::closed_form("boundary of the parameter space"),
        maximum: None,
    }
}

impl GlmmFit {
    /// The prediction interval y ± quantile × √(se² + τ²) for the link-scale value of a new study; `None` for
    /// one study and where y is not finite.
    #[must_use]
    pub fn prediction(&self, quantile: f64) -> Option<[f64; 2]> {
        let (y, se) = (self.y?, self.se?);
        let margin = quantile * (se * se + self.tau2).sqrt();
        (self.k > 1).then_some([y - margin, y + margin])
    }
}

/// The profile-likelihood interval of μ, on the link scale; where τ² is not identified, the likelihood
/// interval at τ² = 0.
///
/// # Errors
///
/// [`Error::NoConvergence`] where μ is not finite or a limit cannot be found.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::Link;
/// use metaprop::model::likelihood::glmm;
///
/// let counts = [(5, 20), (30, 60)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = glmm::fit(Link::Logit, &counts)?;
/// let [lower, upper] = glmm::profile_mean(&counts, &fit, 0.025)?;
/// assert!((lower + 1.8797886749794168).abs() < 1e-9 && (upper - 0.7773949715879386).abs() < 1e-9);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile_mean(counts: &[Counts], fit: &GlmmFit, tail: f64) -> Result<[f64; 2], Error> {
    let [lower, upper] = profile_limits(counts, fit, tail)?;
    Ok([lower?, upper?])
}

/// The lower and the upper limit of [`profile_mean`], each with its own reason where it was not found.
pub(in crate::model) fn profile_limits(counts: &[Counts], fit: &GlmmFit, tail: f64) -> Result<Limits, Error> {
    let (mut surface, maximum) = surface_of(counts, fit)?;
    let quantile = chi_squared_quantile(tail);
    Ok(if spread_is_unidentified(counts) {
        interval::location_at_zero_spread(&surface, maximum, quantile)
    } else {
        interval::location(&mut surface, maximum, quantile)
    })
}

/// The profile-likelihood interval of τ². The lower limit is 0 if the deviance at 0 does not exceed the χ²₁
/// quantile; there is no upper limit if the likelihood never decreases far enough. `None` where τ² is not
/// identified: one study, or one person in every study.
///
/// # Errors
///
/// [`Error::NoConvergence`] where μ is not finite, or where a limit cannot be found.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::Link;
/// use metaprop::model::likelihood::glmm;
///
/// let counts = [(5, 20), (30, 60)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = glmm::fit(Link::Logit, &counts)?;
/// let (lower, upper) = glmm::profile_tau2(&counts, &fit, 0.025)?.unwrap();
/// assert!(lower == 0.0 && (upper.unwrap() - 5.198413625216861).abs() < 1e-8);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn profile_tau2(
    counts: &[Counts],
    fit: &GlmmFit,
    tail: f64,
) -> Result<Option<(f64, Option<f64>)>, Error> {
    if spread_is_unidentified(counts) {
        return Ok(None);
    }
    let (mut surface, maximum) = surface_of(counts, fit)?;
    let found = interval::spread(&mut surface, maximum, chi_squared_quantile(tail));
    let (lower, upper) = surface.finished(found)?;
    Ok(Some((lower * lower, upper.map(|upper| upper * upper))))
}

fn surface_of<'a>(counts: &[Counts], fit: &'a GlmmFit) -> Result<(MarginalLikelihood, &'a Maximum), Error> {
    let maximum = fit.maximum.as_ref().ok_or_else(|| {
        Error::NoConvergence("the likelihood has no finite maximum; only a one-sided limit exists".into())
    })?;
    Ok((MarginalLikelihood::new(fit.link, counts, &fit.common, fit.quadrature), maximum))
}
