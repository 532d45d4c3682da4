//! The log-likelihood of the normal random-effects model, at the mean that maximises it.

use crate::model::WeightedMean;
use crate::numeric::elementary::ln;
use crate::numeric::sum::of_logs;

/// The full or the restricted likelihood, as a function of τ².
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likelihood {
    /// The full likelihood, at the mean that maximises it.
    Full,
    /// The restricted likelihood, that of the residual contrasts.
    Restricted,
}

impl Likelihood {
    /// The log-likelihood at τ².
    ///
    /// Full: −½[k ln 2π + Σ ln(v + τ²) + Q(τ²)]; restricted:
    /// −½[(k − 1) ln 2π − ln k + Σ ln(v + τ²) + ln S₁ + Q(τ²)]
    /// (Harville 1974, doi:10.1093/biomet/61.2.383, with the constant ½ ln|XᵀX|).
    #[must_use]
    pub fn log(self, y: &[f64], v: &[f64], tau2: f64) -> f64 {
        let w = WeightedMean::at(y, v, tau2);
        let k = w.k as f64;
        let ln_2pi = ln(std::f64::consts::TAU);
        let ln_variances = of_logs(v, tau2);
        match self {
            Self::Full => -0.5 * (k * ln_2pi + ln_variances + w.q),
            Self::Restricted => -0.5 * (w.df() * ln_2pi - ln(k) + ln_variances + ln(w.sum) + w.q),
        }
    }

    /// Twice its slope in τ²: Σ w²(y − μ)² − Σ w, plus S₂/S₁ for the restricted likelihood.
    #[must_use]
    pub fn score(self, y: &[f64], v: &[f64], tau2: f64) -> f64 {
        let w = WeightedMean::at(y, v, tau2);
        match self {
            Self::Full => w.q_slope - w.sum,
            Self::Restricted => w.q_slope - w.trace,
        }
    }
}

/// The log-likelihood of a fitted model and its information criteria.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// −2 ℓ + 2 p, p the number of parameters.
    pub aic: f64,
    /// −2 ℓ + p ln(observations), with k observations for the full and k − 1 (with moderators, k less the number of
    /// coefficients) for the restricted likelihood.
    pub bic: f64,
}

impl Criteria {
    /// For a model with this many parameters, at this τ².
    #[must_use]
    pub fn at(likelihood: Likelihood, y: &[f64], v: &[f64], tau2: f64, parameters: f64) -> Self {
        let observations = match likelihood {
            Likelihood::Full => y.len() as f64,
            Likelihood::Restricted => y.len() as f64 - 1.0,
        };
        Self::new(likelihood.log(y, v, tau2), observations, parameters)
    }

    /// For this log-likelihood of so many observations.
    #[must_use]
    pub fn new(log_likelihood: f64, observations: f64, parameters: f64) -> Self {
        Self {
            log_likelihood,
            aic: 2.0 * parameters - 2.0 * log_likelihood,
            bic: parameters * ln(observations) - 2.0 * log_likelihood,
        }
    }
}
