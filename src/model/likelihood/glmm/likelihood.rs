//! The marginal likelihood of all studies, as a surface in μ (location) and τ (spread).

use std::collections::HashMap;

use super::approximate::{PointRule, approximate};
use super::integral::marginal;
use super::scan;
use super::study::StudyLikelihood;
use crate::data::Counts;
use crate::model::likelihood::binomial::{Homogeneity, totals};
use crate::model::likelihood::link::Link;
use crate::model::likelihood::surface::{Accuracy, Derivatives, Surface, Work, ZeroSpread};
use crate::numeric::sum::Sum;
use crate::options::Quadrature;

/// The binomial-normal likelihood of studies with at least one event and one non-event in total.
#[derive(Debug, Clone)]
pub(super) struct MarginalLikelihood {
    /// One for studies with the same counts, whose integrals are the same.
    distinct: Vec<DistinctStudy>,
    /// The index in `distinct` of each study.
    studies: Vec<usize>,
    /// The μ and τ of the last evaluation at full accuracy; NaN if the last one was at another.
    last: [f64; 2],
    /// g(Σx/Σn), and the log-likelihood there at τ = 0.
    common: (f64, f64),
    scan_range: [f64; 2],
    accurate: bool,
    work: Work,
    /// The points of an approximation; `None` for the integral itself.
    rule: Option<PointRule>,
    quadrature: Quadrature,
}

/// The studies with the same counts.
#[derive(Debug, Clone)]
struct DistinctStudy {
    study: StudyLikelihood,
    /// The mode of the integrand at the last evaluation, where the next search for it starts.
    mode: f64,
    /// The log marginal likelihood at the last evaluation.
    derivatives: Derivatives,
}

impl DistinctStudy {
    fn new(link: Link, counts: Counts) -> Self {
        let study = StudyLikelihood::new(link, counts);
        Self { mode: study.typical, study, derivatives: Derivatives::default() }
    }
}

impl MarginalLikelihood {
    /// `common` must have a finite y.
    pub fn new(link: Link, counts: &[Counts], common: &Homogeneity, quadrature: Quadrature) -> Self {
        let (mut distinct, mut indices) = (Vec::new(), HashMap::new());
        let index = |&counts: &Counts| {
            *indices.entry(counts).or_insert_with(|| {
                distinct.push(DistinctStudy::new(link, counts));
                distinct.len() - 1
            })
        };
        let studies = counts.iter().map(index).collect();
        let (x, m) = totals(counts);
        let centre = common.y.unwrap_or_else(|| link.predictor(x + 0.5, m + 0.5));
        let scan_range = scan::range(distinct.iter().map(|one| (&one.study, centre)));
        let (last, common) = ([f64::NAN; 2], (centre, common.log_likelihood));
        Self {
            distinct,
            studies,
            last,
            common,
            scan_range,
            accurate: true,
            work: Work::allowed_for(counts.len()),
            rule: PointRule::of(quadrature),
            quadrature,
        }
    }

    /// The studies in their order, equal ones as often as they are there.
    fn in_order(&self) -> impl Iterator<Item = &DistinctStudy> {
        self.studies.iter().map(|&index| &self.distinct[index])
    }

    /// The observed information on μ of each study at (μ, τ), at least 0.
    pub fn informations(&mut self, mu: f64, tau: f64) -> Vec<f64> {
        if tau == 0.0 {
            return self.in_order().map(|one| -one.study.slope(mu - one.study.origin).second).collect();
        }
        // Usually the last evaluation was at the maximum, unless a lower maximum was searched after it.
        let [last_mu, last_tau] = self.last;
        let near = (mu - last_mu).abs() <= 1e-9 * tau && (tau - last_tau).abs() <= 1e-9 * tau;
        if !near {
            self.at(mu, tau, Accuracy::Full);
        }
        self.in_order().map(|one| (-one.derivatives.location2).max(0.0)).collect()
    }
}

impl Surface for MarginalLikelihood {
    fn at(&mut self, mu: f64, tau: f64, accuracy: Accuracy) -> Derivatives {
        if self.work.is_used_up() {
            return Derivatives::NONE;
        }
        self.last = if accuracy == Accuracy::Full { [mu, tau] } else { [f64::NAN; 2] };
        for one in &mut self.distinct {
            let integral = match self.rule {
                None => marginal(&one.study, mu, tau, accuracy, one.mode),
                Some(rule) => approximate(&one.study, mu, tau, rule, one.mode),
            };
            (one.mode, one.derivatives) = (integral.mode, integral.derivatives);
            self.accurate &= integral.converged;
            self.work.points += u64::from(integral.points);
        }
        let mut sums = [Sum::new(); 6];
        for DistinctStudy { study, derivatives: d, .. } in self.in_order() {
            let terms = [study.saturated + d.value, d.location, d.spread, d.location2, d.cross, d.spread2];
            for (sum, term) in sums.iter_mut().zip(terms) {
                sum.add(term);
            }
        }
        let [value, location, spread, location2, cross, spread2] = sums.map(|sum| sum.value());
        Derivatives { value, location, spread, location2, cross, spread2 }
    }

    /// At τ = 0 the plain binomial; the slope in τ² is ½ Σ (ℓ′² + ℓ″), and that of Laplace's approximation
    /// ½ Σ (ℓ′² − w) with the expected information w, which differs where the link is not the logit.
    fn at_zero_spread(&self, mu: f64) -> ZeroSpread {
        let mut sums = [Sum::new(); 4];
        for DistinctStudy { study, .. } in self.in_order() {
            let z = mu - study.origin;
            let slope = study.slope(z);
            let curvature = match self.quadrature {
                Quadrature::Laplace => -study.expected_information(z)[0],
                _ => slope.second,
            };
            let inward = 0.5 * (slope.first * slope.first + curvature);
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

    fn location_unit(&self, tau: f64) -> f64 {
        scan::location_unit(tau)
    }

    fn max_spread(&self) -> f64 {
        scan::MAX_SPREAD
    }

    fn scan_factor(&self) -> f64 {
        scan::FACTOR
    }

    fn is_accurate(&self) -> bool {
        self.accurate
    }

    fn work(&self) -> Work {
        self.work
    }
}
