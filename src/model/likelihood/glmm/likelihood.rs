//! The marginal likelihood of all studies, as a surface in μ (location) and τ (spread).

use super::integral::marginal;
use super::study::StudyLikelihood;
use crate::data::Counts;
use crate::model::likelihood::binomial::{Homogeneity, totals};
use crate::model::likelihood::link::Link;
use crate::model::likelihood::surface::{Accuracy, Derivatives, Surface, ZeroSpread};
use crate::numeric::sum::Sum;

/// The binomial-normal likelihood of studies with at least one event and one non-event in total.
#[derive(Debug, Clone)]
pub(super) struct MarginalLikelihood {
    studies: Vec<StudyLikelihood>,
    /// The mode of each study's integrand at the last evaluation, where the next search for it starts.
    modes: Vec<f64>,
    /// The contribution of each study to the observed information on μ at the last evaluation.
    informations: Vec<f64>,
    /// The μ and τ of the last evaluation at full accuracy; NaN if the last one was at another.
    last: [f64; 2],
    /// g(Σx/Σn), and the log-likelihood there at τ = 0.
    common: (f64, f64),
    scan_range: [f64; 2],
    accurate: bool,
}

impl MarginalLikelihood {
    /// `common` must have a finite y.
    pub fn new(link: Link, counts: &[Counts], common: &Homogeneity) -> Self {
        let studies: Vec<_> = counts.iter().map(|&c| StudyLikelihood::new(link, c)).collect();
        let (x, m) = totals(counts);
        let centre = common.y.unwrap_or_else(|| link.predictor(x + 0.5, m + 0.5));
        let (mut information, mut distance) = (0.0_f64, 0.0_f64);
        for study in &studies {
            let own = -study.slope(study.typical).second;
            let shared = -study.slope(centre - study.origin).second;
            information = information.max(own).max(shared);
            distance = distance.max((study.origin + study.typical - centre).abs());
        }
        let scan_range = [0.2 / information.sqrt(), 1.5 * distance + 1.5];
        let modes = studies.iter().map(|study| study.typical).collect();
        let informations = vec![0.0; counts.len()];
        let (last, common) = ([f64::NAN; 2], (centre, common.log_likelihood));
        Self { studies, modes, informations, last, common, scan_range, accurate: true }
    }

    /// The observed information on μ of each study at (μ, τ), at least 0.
    pub fn informations(&mut self, mu: f64, tau: f64) -> Vec<f64> {
        if tau == 0.0 {
            return self.studies.iter().map(|study| -study.slope(mu - study.origin).second).collect();
        }
        // Usually the last evaluation was at the maximum, unless a lower maximum was searched after it.
        let [last_mu, last_tau] = self.last;
        let near = (mu - last_mu).abs() <= 1e-9 * tau && (tau - last_tau).abs() <= 1e-9 * tau;
        if !near {
            self.at(mu, tau, Accuracy::Full);
        }
        self.informations.iter().map(|information| information.max(0.0)).collect()
    }
}

impl Surface for MarginalLikelihood {
    fn at(&mut self, mu: f64, tau: f64, accuracy: Accuracy) -> Derivatives {
        let mut sums = [Sum::new(); 6];
        self.last = if accuracy == Accuracy::Full { [mu, tau] } else { [f64::NAN; 2] };
        let kept = self.modes.iter_mut().zip(&mut self.informations);
        for (study, (mode, information)) in self.studies.iter().zip(kept) {
            let integral = marginal(study, mu, tau, accuracy, *mode);
            *mode = integral.mode;
            *information = -integral.derivatives.location2;
            self.accurate &= integral.converged;
            let d = integral.derivatives;
            let terms = [study.saturated + d.value, d.location, d.spread, d.location2, d.cross, d.spread2];
            for (sum, term) in sums.iter_mut().zip(terms) {
                sum.add(term);
            }
        }
        let [value, location, spread, location2, cross, spread2] = sums.map(|sum| sum.value());
        Derivatives { value, location, spread, location2, cross, spread2 }
    }

    /// At τ = 0 the plain binomial; the slope in τ² is ½ Σ (ℓ′² + ℓ″).
    fn at_zero_spread(&self, mu: f64) -> ZeroSpread {
        let mut sums = [Sum::new(); 4];
        for study in &self.studies {
            let z = mu - study.origin;
            let slope = study.slope(z);
            let inward = 0.5 * (slope.first * slope.first + slope.second);
            for (sum, term) in
                sums.iter_mut().zip([study.saturated + study.value(z), slope.first, slope.second, inward])
            {
                sum.add(term);
            }
        }
        let [value, location, location2, inward] = sums.map(|sum| sum.value());
        // At the common estimate the value from `Homogeneity` is more accurate.
        let value = if mu == self.common.0 { self.common.1 } else { value };
        ZeroSpread { value, location, location2, inward }
    }

    fn common_location(&self) -> f64 {
        self.common.0
    }

    fn scan_range(&self) -> [f64; 2] {
        self.scan_range
    }

    fn max_spread(&self) -> f64 {
        // All but one in ten thousand of the true proportions are then 0 or 1 to all digits.
        1e5
    }

    fn scan_factor(&self) -> f64 {
        2.0
    }

    fn is_accurate(&self) -> bool {
        self.accurate
    }
}
