//! The binomial-normal model: exact binomial likelihoods with a normal random effect on the link scale.
//!
//! xᵢ ~ Binomial(nᵢ, h(μ + τ uᵢ)), uᵢ ~ N(0, 1): no study needs an estimate, a variance or a correction.
//! Each study's marginal likelihood is an integral, computed to rounding (see `integral`); μ and τ are
//! its global maximum (see [`exact::maximum`](super::exact::maximum)).
//!
//! Source: Hamza, van Houwelingen & Stijnen 2008, doi:10.1016/j.jclinepi.2007.03.016; Stijnen, Hamza &
//! Özdemir 2010, doi:10.1002/sim.4040.
//!
//! # What is done at the edges
//!
//! - No events at all, or no non-events: the likelihood has no finite maximum. `y` is `None`, the
//!   estimate 0 or 1, with a one-sided limit ([`one_sided`](super::exact::one_sided)).
//! - One study, or one person a study: τ² cannot be told from 0 (the likelihood is flat in it, or
//!   highest at 0), and is 0.
//! - Every study at 0 or n, of both kinds: the likelihood rises for ever in τ, which is
//!   [`Error::NoConvergence`].

mod integral;
mod likelihood;
mod study;
mod sums;

use likelihood::MarginalLikelihood;

use crate::data::Counts;
use crate::error::Error;
use crate::model::likelihood::maximum::{Maximum, at_edge, maximise};
use crate::model::likelihood::{
    Accuracy, Derivatives, Homogeneity, Link, Local, Surface, boundary, interval,
};
use crate::numeric::convergence::Convergence;
use crate::numeric::elementary::{expit, ln};

const SEPARATED: &str = "every study has either no events or nothing but events, so that the likelihood rises \
    without end as tau2 grows; model = beta-binomial has an answer for such data";

/// A fitted binomial-normal model.
#[derive(Debug, Clone, PartialEq)]
pub struct GlmmFit {
    /// The scale of `y` and `tau2`.
    pub link: Link,
    /// The number of studies.
    pub k: usize,
    /// μ: the median proportion on the link scale; `None` where the likelihood has no finite maximum.
    pub y: Option<f64>,
    /// Its standard error, from the observed information in (μ, τ); at τ² = 0 from that in μ alone.
    pub se: Option<f64>,
    /// The median proportion h(μ); at τ² = 0 it is Σx/Σn to the last bit.
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
    /// One proportion for all, and the tests of it against one proportion a study.
    pub common: Homogeneity,
    /// The likelihood ratio against τ² = 0: 2 (ℓ − ℓ₀), at least 0.
    pub lrt_tau2: f64,
    /// Its p-value: half the upper tail of χ²₁, τ² = 0 being at the boundary, and 1 where it is 0 (Self &
    /// Liang 1987, doi:10.1080/01621459.1987.10478472).
    pub lrt_tau2_p: f64,
    /// What each study adds to the observed information on μ, as fractions that sum to 1: see [`fit`].
    pub weights: Vec<f64>,
    /// The mean proportion of the population of studies; `None` where μ is not finite.
    pub population: Option<PopulationMean>,
    /// How μ and τ were found.
    pub convergence: Convergence,
    /// The maximum with its certificate; `None` where none is finite.
    pub maximum: Option<Maximum>,
}

/// The mean proportion E h(μ + τu) over the population of studies, on the logit scale; unlike the median
/// h(μ), it is what a survey of many such studies would count.
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
/// wᵢ = −∂²ℓᵢ/∂μ² / Σ −∂²ℓⱼ/∂μ² at the estimate: none is negative, since ℓᵢ is concave in μ (Prékopa
/// 1973), and in the normal model the same formula gives 1/(vᵢ + τ²) (own derivation).
///
/// # Errors
///
/// [`Error::Data`] without studies; [`Error::NoConvergence`] where the likelihood has no maximum at a
/// finite τ, or none that can be certified.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::likelihood::Link;
/// use metaprop::model::likelihood::glmm;
///
/// let counts = [(8, 12), (9, 13), (21, 66), (8, 18)].map(|(events, total)| Counts::new(events, total).unwrap());
/// let fit = glmm::fit(Link::Logit, &counts)?;
/// assert!(fit.tau2 > 0.0 && fit.se.is_some());
/// // All studies at 10 %: no heterogeneity, and the estimate is the pooled proportion.
/// let counts = [1, 2, 3, 4].map(|tens| Counts::new(tens, 10 * tens).unwrap());
/// let fit = glmm::fit(Link::Logit, &counts)?;
/// assert_eq!((fit.tau2, fit.estimate), (0.0, 0.1));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit(link: Link, counts: &[Counts]) -> Result<GlmmFit, Error> {
    if counts.is_empty() {
        return Err(Error::data("no study to pool"));
    }
    let common = Homogeneity::of(link, counts);
    if common.y.is_none() {
        return Ok(without_maximum(link, counts, common));
    }
    if counts.iter().all(|c| c.at_boundary()) && !boundary::tells_no_spread(counts) {
        return Err(Error::NoConvergence(SEPARATED.into()));
    }
    let mut surface = MarginalLikelihood::new(link, counts, &common);
    let maximum = if boundary::tells_no_spread(counts) {
        let location = surface.edge_location();
        let edge = surface.edge(location);
        let mut maximum = at_edge(location, &edge);
        maximum.certificate.maxima.push(Local { spread: 0.0, value: edge.value });
        maximum
    } else {
        maximise(&mut surface).map_err(Error::NoConvergence)?
    };
    if !surface.is_settled() {
        return Err(Error::NoConvergence(
            "the quadrature of a study's marginal likelihood does not settle".into(),
        ));
    }
    let informations = surface.informations(maximum.location, maximum.spread);
    Ok(assemble(link, counts, common, maximum, &informations))
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
    let convergence = if boundary::tells_no_spread(counts) {
        Convergence::closed_form("no spread to be told")
    } else {
        maximum.record(|tau| tau * tau, |tau| 2.0 * tau)
    };
    GlmmFit {
        link,
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
        lrt_tau2_p: boundary::half_chi_squared(lrt_tau2),
        weights: boundary::fractions(informations.iter().copied()),
        population: Some(population(link, maximum.location, tau, [variance, tau_variance, covariance])),
        convergence,
        maximum: Some(maximum),
    }
}

/// The population mean is the probability of one event in one person: its logarithm and that of the
/// complement are marginal likelihoods of studies of one, with derivatives.
fn population(
    link: Link,
    mu: f64,
    tau: f64,
    [variance, tau_variance, covariance]: [f64; 3],
) -> PopulationMean {
    let of = |events: f64| -> Derivatives {
        let study = study::StudyLikelihood::of_one(link, events);
        if tau == 0.0 {
            let slope = study.slope(mu);
            return Derivatives { value: study.value(mu), location: slope.first, ..Derivatives::default() };
        }
        integral::marginal(&study, mu, tau, Accuracy::Full, study.typical).derivatives
    };
    let (event, none) = (of(1.0), of(0.0));
    let (by_mu, by_tau) = (event.location - none.location, event.spread - none.spread);
    let of_logit =
        by_mu * by_mu * variance + 2.0 * by_mu * by_tau * covariance + by_tau * by_tau * tau_variance;
    let logit = event.value - none.value;
    PopulationMean { proportion: expit(logit), logit, logit_se: of_logit.sqrt() }
}

/// All zero or all full: the likelihood rises to 1 as μ runs to infinity, whatever τ² is.
fn without_maximum(link: Link, counts: &[Counts], common: Homogeneity) -> GlmmFit {
    GlmmFit {
        link,
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
        weights: boundary::fractions(counts.iter().map(|c| c.total() as f64)),
        population: None,
        convergence: Convergence::closed_form("boundary of the parameter space"),
        maximum: None,
    }
}

impl GlmmFit {
    /// y ± quantile × √(se² + τ²): where the link-scale value of another study is expected; `None` for one
    /// study and where y is not finite.
    #[must_use]
    pub fn prediction(&self, quantile: f64) -> Option<[f64; 2]> {
        let (y, se) = (self.y?, self.se?);
        let margin = quantile * (se * se + self.tau2).sqrt();
        (self.k > 1).then_some([y - margin, y + margin])
    }
}

/// The profile-likelihood interval of μ, on the link scale; with one study, or one person a study, that at
/// τ² = 0.
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
    let (mut surface, maximum) = surface_of(counts, fit)?;
    let limits = if boundary::tells_no_spread(counts) {
        interval::edge_location(&surface, maximum, boundary::drop(tail))
    } else {
        interval::location(&mut surface, maximum, boundary::drop(tail))
    };
    limits.map_err(Error::NoConvergence)
}

/// The profile-likelihood interval of τ²: 0 below where the likelihood ratio at 0 stays within χ²₁, and no
/// upper limit where the likelihood never falls far enough. `None` with one study or one person a study,
/// whose counts do not tell one τ² from another.
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
    if boundary::tells_no_spread(counts) {
        return Ok(None);
    }
    let (mut surface, maximum) = surface_of(counts, fit)?;
    let (lower, upper) =
        interval::spread(&mut surface, maximum, boundary::drop(tail)).map_err(Error::NoConvergence)?;
    Ok(Some((lower * lower, upper.map(|upper| upper * upper))))
}

fn surface_of<'a>(counts: &[Counts], fit: &'a GlmmFit) -> Result<(MarginalLikelihood, &'a Maximum), Error> {
    let maximum = fit.maximum.as_ref().ok_or_else(|| {
        Error::NoConvergence("the likelihood has no finite maximum: the limit is one-sided".into())
    })?;
    Ok((MarginalLikelihood::new(fit.link, counts, &fit.common), maximum))
}
