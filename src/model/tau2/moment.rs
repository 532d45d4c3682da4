//! Moment estimators of τ² in closed form.
//!
//! All but Hedges' are functions of Q = yᵀPy = Σ w r², r the residuals. In the formulas S₁ = Σ w, S₂ = Σ w² and
//! P = W − WX(XᵀWX)⁻¹XᵀW, which for one mean is W − wwᵀ/S₁; p is the number of coefficients, 1 for one mean.

use super::estimate::Tau2Fit;
use crate::model::{ResidualSums, Residuals};
use crate::options::Tau2Method;

/// DerSimonian & Laird 1986, eq. 8, doi:10.1016/0197-2456(86)90046-2: (Q − (k − p))/tr P, truncated at 0; with
/// moderators Raudenbush 2009, eq. 16.28 (Handbook of Research Synthesis, 2nd ed.).
#[must_use]
pub fn der_simonian_laird(residuals: &impl Residuals) -> Tau2Fit {
    let w = residuals.at(0.0);
    let tau2 = ((w.q() - w.df()) / w.trace()).max(0.0);
    Tau2Fit::closed_form("DerSimonian-Laird", tau2)
}

/// Two-step DerSimonian-Laird, DerSimonian & Kacker 2007, eq. 6 and 10, doi:10.1016/j.cct.2006.04.004:
/// the generalised moment estimator (Q_a − tr PV)/tr P, truncated at 0, with the weights a = 1/(v + τ²_DL) in P
/// and V = diag(v).
///
/// With these weights tr PV = (k − p) − τ²_DL tr P, so the estimate equals τ²_DL + (Q_a − (k − p))/tr P: one step
/// of the iteration that converges to Paule-Mandel.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::moment::{der_simonian_laird, two_step};
/// // With equal variances the weights make no difference.
/// let residuals = MeanResiduals::new(&[1.0, 2.0, 6.0], &[0.5; 3]);
/// assert!((two_step(&residuals).tau2 - der_simonian_laird(&residuals).tau2).abs() < 1e-14);
/// ```
#[must_use]
pub fn two_step(residuals: &impl Residuals) -> Tau2Fit {
    let start = der_simonian_laird(residuals).tau2;
    let a = residuals.at(start);
    Tau2Fit::closed_form("two-step DerSimonian-Laird", (start + (a.q() - a.df()) / a.trace()).max(0.0))
}

/// Hunter & Schmidt 2004: (Q − k)/S₁, truncated at 0.
#[must_use]
pub fn hunter_schmidt(residuals: &impl Residuals) -> Tau2Fit {
    let w = residuals.at(0.0);
    let tau2 = ((w.q() - w.k()) / w.sum()).max(0.0);
    Tau2Fit::closed_form("Hunter-Schmidt", tau2)
}

/// Hunter-Schmidt with the small-sample factor of Brannick et al. 2019, doi:10.1177/1094428117741966:
/// (Q k/(k − p) − k)/S₁, truncated at 0.
#[must_use]
pub fn hunter_schmidt_corrected(residuals: &impl Residuals) -> Tau2Fit {
    let w = residuals.at(0.0);
    let k = w.k();
    let factor = k / w.df();
    let tau2 = ((factor * w.q() - k) / w.sum()).max(0.0);
    Tau2Fit::closed_form("Hunter-Schmidt with the small-sample correction", tau2)
}

/// Hedges & Olkin 1985: (yᵀPy − tr PV)/(k − p), truncated at 0, with the P of the unweighted fit; for one mean
/// Σ(y − ȳ)²/(k − 1) − v̄.
#[must_use]
pub fn hedges(residuals: &impl Residuals) -> Tau2Fit {
    let (df, unweighted) = (residuals.df(), residuals.unweighted());
    let tau2 = (unweighted.sum_of_squares / df - unweighted.mean_variance).max(0.0);
    Tau2Fit::closed_form("Hedges", tau2)
}

/// Sidik & Jonkman 2005, eq. 5, doi:10.1111/j.1467-9876.2005.00489.x:
/// τ² = τ₀² Q(τ₀²)/(k − p) with τ₀² = Σ(y − ȳ)²/k, with moderators too, and weights 1/(v + τ₀²)
/// (Sidik & Jonkman 2005, doi:10.1081/BIP-200067915, for meta-regression).
///
/// It is above 0 unless all residuals are 0.
#[must_use]
pub fn sidik_jonkman(residuals: &impl Residuals) -> Tau2Fit {
    let start = residuals.spread();
    let w = residuals.at(start);
    Tau2Fit::closed_form("Sidik-Jonkman", start * w.q() / w.df())
}

/// The standard error of an estimate by one of these methods, for normal estimates with variances v + τ²; `None` for
/// other methods. The weights of the two-step estimators are held fixed.
pub(super) fn standard_error<R: Residuals>(method: Tau2Method, residuals: &R, tau2: f64) -> Option<f64> {
    let of_common_q = |at_zero: &R::At| variance_of_common_q(residuals, at_zero, tau2).sqrt();
    Some(match method {
        Tau2Method::Dl => {
            let w = residuals.at(0.0);
            of_common_q(&w) / w.trace()
        }
        Tau2Method::Dl2 => {
            let start = der_simonian_laird(residuals).tau2;
            let a = residuals.at(start);
            residuals.variance_of_q(&a, start, tau2).sqrt() / a.trace()
        }
        Tau2Method::Hs => {
            let w = residuals.at(0.0);
            of_common_q(&w) / w.sum()
        }
        Tau2Method::Hsk => {
            let w = residuals.at(0.0);
            w.k() / w.df() * of_common_q(&w) / w.sum()
        }
        Tau2Method::He => {
            // The variance of yᵀPy for normal y with variances v + τ²: 2 tr(PVPV) + 4 τ² tr(PV) + 2 τ⁴ (k − p).
            let (df, unweighted) = (residuals.df(), residuals.unweighted());
            let of_v = 2.0 * unweighted.trace_of_square + 4.0 * tau2 * unweighted.mean_variance * df;
            (of_v + 2.0 * tau2 * tau2 * df).sqrt() / df
        }
        Tau2Method::Sj => {
            let start = residuals.spread();
            let w = residuals.at(start);
            start / w.df() * residuals.variance_of_q(&w, start, tau2).sqrt()
        }
        _ => return None,
    })
}

/// The variance of Q with the weights w = 1/v, for normal y with variances v + τ²:
/// 2(k − p) + 4 τ² tr P + 2 τ⁴ tr P²
/// (Biggerstaff & Tweedie 1997, doi:10.1002/(SICI)1097-0258(19970415)16:7<753::AID-SIM494>3.0.CO;2-G).
fn variance_of_common_q<R: Residuals>(residuals: &R, at_zero: &R::At, tau2: f64) -> f64 {
    2.0 * at_zero.df()
        + 4.0 * tau2 * at_zero.trace()
        + 2.0 * tau2 * tau2 * residuals.trace_of_square(at_zero, 0.0)
}
