//! The two-step moment estimator.

use super::Tau2Fit;
use super::moment::der_simonian_laird;
use super::sidik_jonkman::spread;
use crate::model::WeightedMean;
use crate::numeric::convergence::Convergence;

/// Two-step DerSimonian-Laird, DerSimonian & Kacker 2007, eq. 6 and 10, doi:10.1016/j.cct.2006.04.004:
/// the generalised moment estimator (Q_a − Σ a v + Σ a² v/Σ a)/(Σ a − Σ a²/Σ a), cut at 0, with the
/// weights a = 1/(v + τ²_DL).
///
/// With these weights Σ a v − Σ a² v/Σ a = (k − 1) − τ²_DL (Σ a − Σ a²/Σ a), so the estimate is one
/// step τ²_DL + (Q_a − (k − 1))/(Σ a − Σ a²/Σ a) of the iteration that ends at Paule-Mandel. The
/// standard error is that of Q_a with its weights held fixed.
///
/// ```
/// use metaprop::model::tau2::{moment::der_simonian_laird, two_step::two_step};
/// // Equal variances: the weights do not matter.
/// let (y, v) = ([1.0, 2.0, 6.0], [0.5; 3]);
/// assert!((two_step(&y, &v).tau2 - der_simonian_laird(&y, &v).tau2).abs() < 1e-14);
/// ```
#[must_use]
pub fn two_step(y: &[f64], v: &[f64]) -> Tau2Fit {
    let start = der_simonian_laird(y, v).tau2;
    let a = WeightedMean::at(y, v, start);
    let trace = a.trace;
    let tau2 = (start + (a.q - a.df()) / trace).max(0.0);
    let se = spread(&a, v, start, tau2).sqrt() / trace;
    Tau2Fit { tau2, se: Some(se), convergence: Convergence::closed_form("two-step DerSimonian-Laird") }
}
