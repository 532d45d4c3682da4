//! τ² where the iteration of the R package metafor stops before it has converged.

use crate::model::{ResidualSums, Residuals};
use crate::options::Tau2Method;

/// metafor's `control$threshold` and `control$maxiter`.
const THRESHOLD: f64 = 1e-5;
const MOST_ITERATIONS: u32 = 100;

/// Where an iteration stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlyStop {
    /// τ² at the stop.
    pub tau2: f64,
    /// How many steps were made.
    pub iterations: u32,
}

/// τ² where `rma.uni` of metafor stops with its default control values (compared with version 3.8-1): the first iterate that differs from the
/// one before by at most 10⁻⁵, on the squared analysis scale, whatever size τ² is. Where τ² itself is near 10⁻⁵, as
/// that of proportions near 0 or 1 on the raw scale, it is far from the estimate that the method defines.
///
/// `ml`, `reml` and `eb` are Fisher scoring from the Hedges estimate (Viechtbauer 2005,
/// doi:10.3102/10769986030003261), a step to below 0 halved until it is not; `dlit` iterates DerSimonian and Laird from
/// 0, `sjit` Sidik and Jonkman from Σ(y − ȳ)²/k. `None` for the other methods, for one study, and where 100 steps do
/// not suffice, with which metafor gives up.
///
/// ```
/// use metaprop::model::MeanResiduals;
/// use metaprop::model::tau2::early_stop;
/// use metaprop::options::Tau2Method;
///
/// let residuals = MeanResiduals::new(&[0.1, 0.5, 0.9, 0.2, 1.4, -0.3], &[0.02, 0.05, 0.04, 0.01, 0.3, 0.1]);
/// // metafor 3.8-1: 0.16124105465856914 after 8 iterations.
/// let stop = early_stop(Tau2Method::Reml, &residuals).unwrap();
/// assert!((stop.tau2 - 0.161_241_054_658_569).abs() < 1e-14 && stop.iterations == 8);
/// assert!(early_stop(Tau2Method::Dl, &residuals).is_none());
/// ```
#[must_use]
pub fn early_stop(method: Tau2Method, residuals: &impl Residuals) -> Option<EarlyStop> {
    if residuals.df() < 1.0 {
        return None;
    }
    let mut tau2 = start(method, residuals)?;
    for iterations in 1..=MOST_ITERATIONS {
        let next = next(method, residuals, tau2)?;
        let change = (next - tau2).abs();
        tau2 = next;
        if change <= THRESHOLD {
            return Some(EarlyStop { tau2, iterations });
        }
    }
    None
}

fn start(method: Tau2Method, residuals: &impl Residuals) -> Option<f64> {
    match method {
        Tau2Method::Ml | Tau2Method::Reml | Tau2Method::Eb => Some(super::moment::hedges(residuals).tau2),
        Tau2Method::Dlit => Some(0.0),
        Tau2Method::Sjit => Some(residuals.spread()),
        _ => None,
    }
}

fn next(method: Tau2Method, residuals: &impl Residuals, tau2: f64) -> Option<f64> {
    let at = residuals.at(tau2);
    let step = match method {
        Tau2Method::Reml => (at.q_slope() - at.trace()) / residuals.trace_of_square(&at, tau2),
        Tau2Method::Ml => {
            let squares: f64 = residuals.variances().iter().map(|v| 1.0 / ((v + tau2) * (v + tau2))).sum();
            (at.q_slope() - at.sum()) / squares
        }
        Tau2Method::Eb => (at.q() * at.k() / at.df() - at.k()) / at.sum(),
        Tau2Method::Dlit => return Some(((at.q() - at.df()) / at.trace()).max(0.0)),
        Tau2Method::Sjit => return Some(tau2 * at.q() / at.df()),
        _ => return None,
    };
    halved_to_positive(tau2, step)
}

/// `tau2` and the step, which is halved until their sum is not below 0; `None` where the step is not finite.
fn halved_to_positive(tau2: f64, mut step: f64) -> Option<f64> {
    if !step.is_finite() {
        return None;
    }
    while tau2 + step < 0.0 {
        step /= 2.0;
    }
    Some(tau2 + step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MeanResiduals;

    const Y: [f64; 6] = [0.1, 0.5, 0.9, 0.2, 1.4, -0.3];
    const V: [f64; 6] = [0.02, 0.05, 0.04, 0.01, 0.3, 0.1];

    /// What metafor 3.8-1 gives, by tests/reference/early_stop.R.
    #[test]
    fn stops_where_metafor_stops() {
        let residuals = MeanResiduals::new(&Y, &V);
        for (method, tau2, iterations) in [
            (Tau2Method::Reml, 0.161_241_054_658_569_14, 8),
            (Tau2Method::Ml, 0.109_355_843_977_374_86, 10),
            (Tau2Method::Eb, 0.220_098_981_967_990_74, 6),
            (Tau2Method::Dlit, 0.094_806_631_037_321_37, 19),
            (Tau2Method::Sjit, 0.220_099_953_399_518_88, 10),
        ] {
            let stop = early_stop(method, &residuals).unwrap();
            assert!((stop.tau2 / tau2 - 1.0).abs() < 1e-12, "{method:?} {}", stop.tau2);
            assert_eq!(stop.iterations, iterations, "{method:?}");
        }
    }

    #[test]
    fn a_step_below_zero_is_halved_and_nothing_hangs() {
        let residuals = MeanResiduals::new(&[1.0, 0.0, 0.5, 0.6, 3.0], &[1.0, 0.001, 2.0, 2.0, 6.0]);
        let stop = early_stop(Tau2Method::Reml, &residuals).unwrap();
        assert!((stop.tau2 / 0.081_572_165_003_460_96 - 1.0).abs() < 1e-10, "{}", stop.tau2);
        assert_eq!(early_stop(Tau2Method::Ml, &residuals).unwrap().tau2, 0.0);
        assert!(early_stop(Tau2Method::Reml, &MeanResiduals::new(&[1.0], &[1.0])).is_none());
    }
}
