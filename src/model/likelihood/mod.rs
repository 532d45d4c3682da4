//! The likelihood of the normal random-effects model, and the two models with an exact binomial likelihood.
//!
//! The binomial-normal and the beta-binomial model have a location on the whole line (the median or the mean
//! proportion, transformed) and a spread ≥ 0 (τ, or the beta-binomial's θ = 1/(α + β)); at spread 0 both are
//! the plain binomial. They share the search for the global maximum, its certificate and the profile
//! intervals.
//!
//! At a given spread both likelihoods have only one maximum in the location:
//!
//! - binomial-normal: each study's likelihood is the integral over u of a function that is log-concave in
//!   (μ, u) jointly, hence log-concave in μ (Prékopa 1973, Acta Sci. Math. 34, 335–343);
//! - beta-binomial: the log-likelihood is a sum of ln(p + jθ) and ln(1 − p + jθ), concave in p.
//!
//! So several maxima can only lie at different spreads, and a scan of the slope of the profile likelihood
//! along the spread finds all of them, down to the resolution of the scan.

pub mod beta_binomial;
pub mod binomial;
mod divergence;
pub mod glmm;
mod interval;
mod link;
mod maximum;
pub mod normal;
mod profile;
mod search;
mod surface;

pub use binomial::Homogeneity;
pub(in crate::model) use interval::Limits;
pub use interval::one_sided;
pub use link::Link;
pub use maximum::{Certificate, LocalMaximum, Maximum};
pub use surface::Derivatives;
