//! The global maximum of a likelihood in location and spread, with its certificate.

use super::profile::ScanPoint;
use super::surface::{Derivatives, ZeroSpread};
use crate::numeric::convergence::Convergence;

/// The tolerance of the search: a Newton step in standard errors, or relative to the spread. The derivatives
/// at the maximum are those one step before.
pub(super) const TOLERANCE: f64 = 1e-13;

const ALGORITHM: &str = "profile scan, then Newton with observed information";

/// The global maximum and how it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum {
    /// The location.
    pub location: f64,
    /// The spread; 0 at the boundary.
    pub spread: f64,
    /// The log-likelihood.
    pub value: f64,
    /// Value and derivatives at the maximum; only those in the location where the spread is 0.
    pub derivatives: Derivatives,
    /// Newton steps, summed over all local maxima.
    pub iterations: u32,
    /// The evidence that it is the global maximum.
    pub certificate: Certificate,
    /// The scan along the spread, from which profile intervals start.
    pub(super) scan: Vec<ScanPoint>,
}

/// A local maximum along the spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMaximum {
    /// The spread; 0 at the boundary.
    pub spread: f64,
    /// The log-likelihood.
    pub value: f64,
}

/// The evidence that a maximum is the global one.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// √(gᵀ J⁻¹ g), with g the gradient and J the observed information: the gradient in standard errors.
    pub gradient: f64,
    /// The eigenvalues of the observed information, the smaller first; at spread 0 both are that of the
    /// location.
    pub eigenvalues: [f64; 2],
    /// Two spreads between which the profile likelihood changes from increasing to decreasing; both 0 at the
    /// boundary.
    pub bracket: [f64; 2],
    /// The slopes of the profile log-likelihood at the ends of the bracket.
    pub slopes: [f64; 2],
    /// The log-likelihood at spread 0.
    pub value_at_zero: f64,
    /// The one-sided derivative at spread 0, in τ² or in θ.
    pub slope_at_zero: f64,
    /// Every local maximum that was found, the global one included, by spread.
    pub maxima: Vec<LocalMaximum>,
    /// The number of spreads in the scan, and the largest.
    pub scanned: (usize, f64),
}

impl Maximum {
    /// The maximum at spread 0 and the best location there. The certificate lists no local maxima yet.
    pub(super) fn at_zero_spread(location: f64, zero: &ZeroSpread) -> Self {
        let derivatives = Derivatives {
            value: zero.value,
            location: zero.location,
            location2: zero.location2,
            ..Derivatives::default()
        };
        let certificate = Certificate {
            gradient: zero.location.abs() / (-zero.location2).sqrt(),
            eigenvalues: [-zero.location2; 2],
            bracket: [0.0; 2],
            slopes: [zero.inward; 2],
            value_at_zero: zero.value,
            slope_at_zero: zero.inward,
            maxima: Vec::new(),
            scanned: (0, 0.0),
        };
        let value = zero.value;
        Self { location, spread: 0.0, value, derivatives, iterations: 0, certificate, scan: Vec::new() }
    }

    /// The maximum where the likelihood rises with the spread without end: its value in the limit, where the second
    /// derivative in the location is `location2`.
    pub(super) fn at_infinite_spread(location: f64, value: f64, location2: f64) -> Self {
        let zero = ZeroSpread { value, location: 0.0, location2, inward: 0.0 };
        Self { spread: f64::INFINITY, ..Self::at_zero_spread(location, &zero) }
    }

    /// The maximum where the counts do not identify a spread, which is then taken to be 0.
    pub(super) fn without_spread(location: f64, zero: &ZeroSpread) -> Self {
        let mut maximum = Self::at_zero_spread(location, zero);
        maximum.certificate.maxima.push(LocalMaximum { spread: 0.0, value: zero.value });
        maximum
    }

    /// The convergence record, in the parameter that the model reports: `transform` computes it from the
    /// spread and `derivative` is the derivative of that. The slopes are those of the profile log-likelihood.
    pub(super) fn record(&self, transform: fn(f64) -> f64, derivative: fn(f64) -> f64) -> Convergence {
        let Certificate { bracket, slopes, maxima, .. } = &self.certificate;
        // At 0 the slope is already in the reported parameter: see `ZeroSpread::inward`.
        let slope = |end: usize| match bracket[end] {
            0.0 => slopes[end],
            spread => slopes[end] / derivative(spread),
        };
        let others = maxima.iter().filter(|other| other.spread != self.spread);
        Convergence::of_iteration(ALGORITHM, self.iterations, TOLERANCE, true).certified(
            bracket.map(transform),
            [slope(0), slope(1)],
            others.map(|other| transform(other.spread)).collect(),
        )
    }
}
