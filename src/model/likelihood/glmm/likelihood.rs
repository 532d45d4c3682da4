//! The marginal likelihood of all studies, as a surface in μ and τ.

use super::integral::marginal;
use super::study::StudyLikelihood;
use crate::data::Counts;
use crate::model::likelihood::binomial::{Homogeneity, totals};
use crate::model::likelihood::{Accuracy, Derivatives, Edge, Link, Surface};
use crate::numeric::sum::Sum;

/// The binomial-normal likelihood of some studies, some of which have events and some not.
#[derive(Debug, Clone)]
pub(super) struct MarginalLikelihood {
    studies: Vec<StudyLikelihood>,
    /// Where each study's integrand was last seen to have its mode.
    modes: Vec<f64>,
    /// What each study added to the observed information on μ at the last evaluation.
    informations: Vec<f64>,
    /// Where that was.
    last: [f64; 2],
    /// g(Σx/Σn), and the log-likelihood there.
    common: (f64, f64),
    range: [f64; 2],
    settled: bool,
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
        let range = [0.2 / information.sqrt(), 1.5 * distance + 1.5];
        let modes = studies.iter().map(|study| study.typical).collect();
        let informations = vec![0.0; counts.len()];
        let last = [f64::NAN; 2];
        Self {
            studies,
            modes,
            informations,
            last,
            common: (centre, common.log_likelihood),
            range,
            settled: true,
        }
    }

    /// Each study's observed information on μ at (μ, τ); never negative.
    pub fn informations(&mut self, mu: f64, tau: f64) -> Vec<f64> {
        if tau == 0.0 {
            return self.studies.iter().map(|study| -study.slope(mu - study.origin).second).collect();
        }
        // The search ends where it last looked, unless a later maximum was the lower one.
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
            self.settled &= integral.agreed;
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
    fn edge(&self, mu: f64) -> Edge {
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
        // At the common estimate the value is known better: from differences of proportions.
        let value = if mu == self.common.0 { self.common.1 } else { value };
        Edge { value, location, location2, inward }
    }

    fn edge_location(&self) -> f64 {
        self.common.0
    }

    fn scan_range(&self) -> [f64; 2] {
        self.range
    }

    fn farthest_spread(&self) -> f64 {
        // All but one proportion in ten thousand are 0 or 1 by then, in any digits.
        1e5
    }

    fn scan_factor(&self) -> f64 {
        2.0
    }

    fn is_settled(&self) -> bool {
        self.settled
    }
}
