//! The marginal likelihood of studies with moderators, as a surface in one combination of the coefficients and τ.

use super::coordinates::Coordinates;
use super::integral::marginal;
use super::scan;
use super::study::StudyLikelihood;
use crate::model::likelihood::surface::{Accuracy, Derivatives, Surface, Work, ZeroSpread};
use crate::numeric::linear::{Gram, Square, Triangle, plain_dot as dot};
use crate::numeric::sum::Sum;

/// Newton steps in the other coordinates at one point of the surface.
const MAX_STEPS: u32 = 100;
/// How often a step is halved: where an integral of reduced accuracy says that no smaller one raises the likelihood, that is
/// its error.
const MAX_HALVED: u32 = 12;

/// The likelihood of studies whose expected values are linear in [`Coordinates`] γ: location is the last of them, and the
/// others are the best for it.
///
/// The log-likelihood is concave in γ at a given τ, as it is concave in the linear predictor of each study (Prékopa 1973),
/// so a Newton iteration that halves steps which lower it finds the best. What is left to the best after the last step
/// enters value and derivatives to second order.
#[derive(Debug, Clone)]
pub(super) struct ModeratedLikelihood {
    studies: Vec<OneStudy>,
    /// All but the last coordinate at the last point, where the next search starts.
    others: Vec<f64>,
    /// The best coordinates at τ = 0.
    common: Vec<f64>,
    scan_range: [f64; 2],
    accurate: bool,
    work: Work,
}

/// A study with its row of the model matrix.
#[derive(Debug, Clone)]
struct OneStudy {
    likelihood: StudyLikelihood,
    /// Its coordinates: η = rowᵀγ.
    row: Vec<f64>,
    /// The mode of the integrand at the last evaluation.
    mode: f64,
}

/// Value and derivatives of the log-likelihood in all coordinates and τ.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub value: f64,
    /// The gradient in γ.
    gradient: Vec<f64>,
    /// Minus the second derivatives in γ.
    pub information: Square,
    spread: f64,
    /// Mixed derivatives in γ and τ.
    pub cross: Vec<f64>,
    pub spread2: f64,
    /// −∂²ℓᵢ/∂ηᵢ² of each study.
    pub informations: Vec<f64>,
}

/// What is at the best others to second order, and the step to them.
struct Profiled {
    derivatives: Derivatives,
    step: Vec<f64>,
    /// gᵀA⁻¹g of the others: the square of the step in standard errors.
    decrement: f64,
}

impl ModeratedLikelihood {
    /// Of these studies with their rows; `start` are coordinates to start from.
    pub fn new(
        studies: &[StudyLikelihood],
        coordinates: &Coordinates,
        rows: &[&[f64]],
        start: &[f64],
    ) -> Self {
        let one = |(likelihood, row): (&StudyLikelihood, &&[f64])| OneStudy {
            mode: likelihood.typical,
            likelihood: likelihood.clone(),
            row: coordinates.of(row),
        };
        let (others, common) = (start[..start.len() - 1].to_vec(), start.to_vec());
        let mut surface = Self {
            studies: studies.iter().zip(rows).map(one).collect(),
            others,
            common,
            scan_range: [0.0; 2],
            accurate: true,
            work: Work::allowed_for(studies.len()),
        };
        surface.scan_range = surface.range_of_spread();
        surface
    }

    /// With the coordinates that are best at τ = 0.
    pub fn with_common(self, common: Vec<f64>) -> Self {
        let mut surface = Self { others: common[..common.len() - 1].to_vec(), common, ..self };
        surface.scan_range = surface.range_of_spread();
        surface
    }

    /// As [`Surface::scan_range`], about the fitted values at τ = 0.
    fn range_of_spread(&self) -> [f64; 2] {
        scan::range(self.studies.iter().map(|one| (&one.likelihood, one.eta(&self.common))))
    }

    /// The coordinates of the last point, with this location.
    pub fn coordinates(&self, location: f64) -> Vec<f64> {
        self.others.iter().copied().chain([location]).collect()
    }

    /// The log-likelihood at these coordinates.
    pub fn point(&mut self, gamma: &[f64], tau: f64, accuracy: Accuracy) -> Point {
        let mut sums = PointSums::new(gamma.len());
        for one in &mut self.studies {
            let integral = marginal(&one.likelihood, one.eta(gamma), tau, accuracy, one.mode);
            one.mode = integral.mode;
            self.accurate &= integral.converged;
            self.work.points += u64::from(integral.points);
            sums.add(&one.row, one.likelihood.saturated, &integral.derivatives);
        }
        sums.point()
    }

    /// The same at τ = 0, where the derivative in τ² is ½ Σ (ℓ′² + ℓ″); it stands in place of that in τ.
    pub fn point_at_zero(&self, gamma: &[f64]) -> Point {
        let mut sums = PointSums::new(gamma.len());
        for one in &self.studies {
            let z = one.eta(gamma) - one.likelihood.origin;
            let slope = one.likelihood.slope(z);
            let derivatives = Derivatives {
                value: one.likelihood.value(z),
                location: slope.first,
                location2: slope.second,
                spread: 0.5 * (slope.first * slope.first + slope.second),
                ..Derivatives::default()
            };
            sums.add(&one.row, one.likelihood.saturated, &derivatives);
        }
        sums.point()
    }

    /// Σ −2 (ℓᵢ − ℓᵢ at its own proportion) at τ = 0, for these coordinates.
    pub fn deviance(&self, gamma: &[f64]) -> f64 {
        let mut sum = Sum::new();
        for one in &self.studies {
            sum.add(-2.0 * one.likelihood.value(one.eta(gamma) - one.likelihood.origin));
        }
        sum.value()
    }

    /// The least number of people, over the studies in which none or all have the event, that is expected in the other
    /// state at these coordinates and τ = 0; infinite where there is no such study.
    pub fn least_expected(&self, gamma: &[f64]) -> f64 {
        let expected = |one: &OneStudy| one.likelihood.expected_otherwise(one.eta(gamma));
        self.studies.iter().filter_map(expected).fold(f64::INFINITY, f64::min)
    }

    /// The coordinates that maximise the likelihood at τ = 0; `None` where the iteration for them fails.
    pub fn best_at_zero(&self, start: &[f64]) -> Option<Vec<f64>> {
        let (mut gamma, mut here) = (start.to_vec(), self.point_at_zero(start));
        for _ in 0..MAX_STEPS {
            let (mut step, decrement) = here.newton_step()?;
            if decrement < 1e-20 {
                return Some(gamma.iter().zip(&step).map(|(at, step)| at + step).collect());
            }
            self.shorten(&mut step, 1.0);
            loop {
                let next: Vec<f64> = gamma.iter().zip(&step).map(|(at, step)| at + step).collect();
                let there = self.point_at_zero(&next);
                if there.value >= here.value || decrement < 1e-6 || next == gamma {
                    (gamma, here) = (next, there);
                    break;
                }
                step.iter_mut().for_each(|step| *step *= 0.5);
            }
        }
        None
    }

    /// A step that changes no linear predictor by more than 4 units.
    fn shorten(&self, step: &mut [f64], unit: f64) {
        let longest = self.studies.iter().map(|one| one.eta(step).abs()).fold(0.0, f64::max);
        let shrink = (4.0 * unit / longest).min(1.0);
        step.iter_mut().for_each(|step| *step *= shrink);
    }

    /// The best others at this location, from where the last search ended; with the point there.
    fn best_others(
        &mut self,
        location: f64,
        unit: f64,
        tolerance: f64,
        point: impl Fn(&mut Self, &[f64]) -> Point,
    ) -> Option<Derivatives> {
        let mut gamma = self.coordinates(location);
        let mut here = point(self, &gamma);
        for _ in 0..MAX_STEPS {
            let Profiled { derivatives, mut step, decrement } = here.profiled()?;
            if decrement < tolerance {
                self.others = gamma[..step.len()].iter().zip(&step).map(|(at, step)| at + step).collect();
                return Some(derivatives);
            }
            self.shorten(&mut step, unit);
            let mut halved = 0;
            loop {
                let next: Vec<f64> =
                    gamma.iter().zip(step.iter().chain([&0.0])).map(|(at, step)| at + step).collect();
                let there = point(self, &next);
                if there.value >= here.value || decrement < 1e-6 {
                    (gamma, here) = (next, there);
                    break;
                }
                if halved == MAX_HALVED || self.work.is_used_up() {
                    return None;
                }
                step.iter_mut().for_each(|step| *step *= 0.5);
                halved += 1;
            }
        }
        None
    }
}

impl OneStudy {
    /// η at these coordinates, or its change by a step in all or all but the last of them.
    fn eta(&self, gamma: &[f64]) -> f64 {
        dot(&self.row, gamma)
    }
}

/// Sums over studies of their derivatives in γ and τ.
struct PointSums {
    scalars: [Sum; 3],
    gradient: Vec<Sum>,
    cross: Vec<Sum>,
    information: Gram,
    informations: Vec<f64>,
}

impl PointSums {
    fn new(columns: usize) -> Self {
        Self {
            scalars: [Sum::new(); 3],
            gradient: vec![Sum::new(); columns],
            cross: vec![Sum::new(); columns],
            information: Gram::new(columns),
            informations: Vec::new(),
        }
    }

    fn add(&mut self, row: &[f64], saturated: f64, d: &Derivatives) {
        for (sum, term) in self.scalars.iter_mut().zip([saturated + d.value, d.spread, d.spread2]) {
            sum.add(term);
        }
        for (x, (gradient, cross)) in row.iter().zip(self.gradient.iter_mut().zip(&mut self.cross)) {
            gradient.add(x * d.location);
            cross.add(x * d.cross);
        }
        self.information.add(row, -d.location2);
        self.informations.push(-d.location2);
    }

    fn point(self) -> Point {
        let [value, spread, spread2] = self.scalars.map(|sum| sum.value());
        let values = |sums: Vec<Sum>| sums.iter().map(Sum::value).collect();
        Point {
            value,
            gradient: values(self.gradient),
            information: self.information.value(),
            spread,
            cross: values(self.cross),
            spread2,
            informations: self.informations,
        }
    }
}

impl Point {
    /// The Newton step A⁻¹g in all coordinates, and gᵀA⁻¹g: its square in standard errors.
    fn newton_step(&self) -> Option<(Vec<f64>, f64)> {
        let triangle = Triangle::of_symmetric(&self.information).filter(|_| self.value.is_finite())?;
        let mut step = self.gradient.clone();
        triangle.solve_row(&mut step);
        let decrement = dot(&step, &step);
        triangle.solve_column(&mut step);
        Some((step, decrement))
    }

    /// The profile over all but the last coordinate, to second order; `None` where the information on them is singular
    /// or something is no number.
    ///
    /// With A = RᵀR the information on the others, g their gradient, a and c their mixed derivatives with the last
    /// coordinate and with τ: u = R⁻ᵀg, s = R⁻ᵀa, t = R⁻ᵀc, the profile likelihood is ℓ + ½uᵀu, its first derivatives
    /// g_l − sᵀu and ℓ_τ + tᵀu, its second −A_ll + sᵀs, c_l − sᵀt and ℓ_ττ + tᵀt, where A_ll and a are of −ℓ″.
    fn profiled(&self) -> Option<Profiled> {
        let last = self.gradient.len() - 1;
        if !self.value.is_finite() {
            return None;
        }
        let others = Square::from_fn(last, |row, column| self.information.get(row, column));
        let triangle = Triangle::of_symmetric(&others)?;
        let solved = |values: &[f64]| {
            let mut values = values[..last].to_vec();
            triangle.solve_row(&mut values);
            values
        };
        let mixed: Vec<f64> = (0..last).map(|row| self.information.get(row, last)).collect();
        let (u, s, t) = (solved(&self.gradient), solved(&mixed), solved(&self.cross));
        let mut step = u.clone();
        triangle.solve_column(&mut step);
        let decrement = dot(&u, &u);
        let derivatives = Derivatives {
            value: self.value + 0.5 * decrement,
            location: self.gradient[last] - dot(&s, &u),
            spread: self.spread + dot(&t, &u),
            location2: dot(&s, &s) - self.information.get(last, last),
            cross: self.cross[last] - dot(&s, &t),
            spread2: self.spread2 + dot(&t, &t),
        };
        Some(Profiled { derivatives, step, decrement })
    }
}

impl Surface for ModeratedLikelihood {
    fn at(&mut self, location: f64, spread: f64, accuracy: Accuracy) -> Derivatives {
        if self.work.is_used_up() {
            return Derivatives::NONE;
        }
        let unit = self.location_unit(spread);
        let mut best = |accuracy| {
            let tolerance = match accuracy {
                // What is left is corrected to second order, and a smaller step would follow the error of the integrals.
                Accuracy::Coarse => 1e-3,
                Accuracy::Close => 1e-6,
                Accuracy::Full => 1e-18,
            };
            let point = |surface: &mut Self, gamma: &[f64]| surface.point(gamma, spread, accuracy);
            self.best_others(location, unit, tolerance, point)
        };
        best(accuracy).or_else(|| best(Accuracy::Full)).unwrap_or(Derivatives::NONE)
    }

    fn at_zero_spread(&self, location: f64) -> ZeroSpread {
        let mut surface = self.clone();
        let found = surface
            .best_others(location, 1.0, 1e-18, |surface: &mut Self, gamma| surface.point_at_zero(gamma));
        let d = found.unwrap_or(Derivatives::NONE);
        ZeroSpread { value: d.value, location: d.location, location2: d.location2, inward: d.spread }
    }

    fn common_location(&self) -> f64 {
        self.common[self.common.len() - 1]
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
