//! The residuals of a meta-regression, as the estimators of τ² see them.

use std::sync::{Arc, OnceLock};

use super::weighted::WeightedRegression;
use crate::error::Error;
use crate::model::likelihood::normal::Likelihood;
use crate::model::residuals::{Residuals, Unweighted, sum_of_squares};
use crate::model::tau2::score::{Score, ScoreTerms};
use crate::model::{ModelMatrix, ResidualSums};
use crate::numeric::elementary::ln;
use crate::numeric::linear::RowBasis;
use crate::numeric::sum::sum;

/// Estimates with their variances about the columns of a model matrix.
///
/// ```
/// use metaprop::model::{ModelMatrix, ResidualSums, Residuals, RegressionResiduals};
/// // The line through (0, 0), (1, 1), (2, 5) with equal weights: the residuals are ½, −1, ½.
/// let matrix = ModelMatrix::with_intercept([("x", vec![0.0, 1.0, 2.0])])?;
/// let residuals = RegressionResiduals::new(&matrix, &[0.0, 1.0, 5.0], &[1.0; 3])?;
/// let fit = residuals.at(0.0);
/// assert!((fit.q() - 1.5).abs() < 1e-15 && (fit.trace() - 1.0).abs() < 1e-15);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RegressionResiduals {
    cells: Vec<f64>,
    columns: usize,
    intercept: Option<usize>,
    y: Vec<f64>,
    v: Vec<f64>,
    /// The basis studies at τ² = 0, which serve for most other τ².
    basis: Arc<RowBasis>,
    /// The fit at τ² = 0, once it was asked for.
    at_zero: OnceLock<WeightedRegression>,
}

impl RegressionResiduals {
    /// Of a model matrix and as many estimates and variances as it has rows.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the numbers of rows differ; [`Error::Data`] where an estimate or a variance is no
    /// finite number, or a variance is not above 0.
    pub fn new(matrix: &ModelMatrix, y: &[f64], v: &[f64]) -> Result<Self, Error> {
        if matrix.rows() != y.len() || y.len() != v.len() {
            let what = format!(
                "the model matrix has {} rows, and there are {} effect sizes",
                matrix.rows(),
                y.len()
            );
            return Err(Error::usage(what));
        }
        let usable = |(y, v): (&f64, &f64)| y.is_finite() && v.is_finite() && *v > 0.0;
        if !y.iter().zip(v).all(usable) {
            let what =
                "the estimates of a meta-regression are finite, and their variances finite and above 0";
            return Err(Error::data(what));
        }
        let cells = matrix.cells().to_vec();
        let basis = choose_basis(&cells, matrix.columns(), matrix.intercept(), &weights(v, 0.0))
            .ok_or_else(|| Error::data("the columns of the model matrix depend on each other"))?;
        Ok(Self {
            cells,
            columns: matrix.columns(),
            intercept: matrix.intercept(),
            y: y.to_vec(),
            v: v.to_vec(),
            basis: Arc::new(basis),
            at_zero: OnceLock::new(),
        })
    }

    /// The estimates.
    #[must_use]
    pub fn estimates(&self) -> &[f64] {
        &self.y
    }

    /// A row of the model matrix.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns..(row + 1) * self.columns]
    }

    /// Whether the columns can add the same number to every fitted value: then the estimates may be taken from any
    /// origin.
    #[must_use]
    pub fn spans_constants(&self) -> bool {
        self.intercept.is_some()
            || (0..self.v.len()).all(|row| {
                let coordinates = self.basis.coordinates_of(row);
                let (total, size) =
                    (coordinates.iter().sum::<f64>(), sum(coordinates.iter().map(|n| n.abs())));
                (total - 1.0).abs() <= 4.0 * f64::EPSILON * size
            })
    }

    /// What a combination of the coefficients becomes more when 1 is added to every estimate; the columns span the
    /// constants.
    pub(super) fn constant_part(&self, combination: &[f64]) -> f64 {
        match self.intercept {
            Some(column) => combination[column] / self.cells[column],
            None => sum(self.basis.coordinates(combination)),
        }
    }

    fn fit(&self, w: Vec<f64>) -> WeightedRegression {
        if WeightedRegression::suits(&self.basis, &w) {
            return WeightedRegression::new(Arc::clone(&self.basis), &self.y, w);
        }
        let chosen = choose_basis(&self.cells, self.columns, self.intercept, &w);
        WeightedRegression::new(chosen.map_or_else(|| Arc::clone(&self.basis), Arc::new), &self.y, w)
    }

    /// The fit with equal weights.
    fn unweighted_fit(&self) -> WeightedRegression {
        self.fit(vec![1.0; self.v.len()])
    }
}

fn weights(v: &[f64], tau2: f64) -> Vec<f64> {
    v.iter().map(|v| 1.0 / (v + tau2)).collect()
}

fn choose_basis(cells: &[f64], columns: usize, intercept: Option<usize>, w: &[f64]) -> Option<RowBasis> {
    let root_w: Vec<f64> = w.iter().map(|w| w.sqrt()).collect();
    RowBasis::choose(cells, columns, &root_w, intercept)
}

impl Residuals for RegressionResiduals {
    type At = WeightedRegression;

    fn at(&self, tau2: f64) -> WeightedRegression {
        let at = |tau2| self.fit(weights(&self.v, tau2));
        if tau2 == 0.0 { self.at_zero.get_or_init(|| at(0.0)).clone() } else { at(tau2) }
    }

    fn variances(&self) -> &[f64] {
        &self.v
    }

    fn trace_of_square(&self, at: &WeightedRegression, _: f64) -> f64 {
        at.trace_of_square(|_| 1.0)
    }

    fn variance_of_q(&self, at: &WeightedRegression, _: f64, tau2: f64) -> f64 {
        2.0 * at.trace_of_square(|row| self.v[row] + tau2)
    }

    fn log_determinant_ratio(&self, at: &WeightedRegression, other: &WeightedRegression) -> f64 {
        at.ln_determinant() - other.ln_determinant()
    }

    fn unweighted(&self) -> Unweighted {
        let fit = self.unweighted_fit();
        Unweighted {
            sum_of_squares: fit.q(),
            mean_variance: fit.trace_with(&self.v) / fit.df(),
            trace_of_square: fit.trace_of_square(|row| self.v[row]),
        }
    }

    fn spread(&self) -> f64 {
        sum_of_squares(&self.y) / self.y.len() as f64
    }

    /// Full: −½[k ln 2π + Σ ln(v + τ²) + Q(τ²)]; restricted:
    /// −½[(k − p) ln 2π − ln|XᵀX| + Σ ln(v + τ²) + ln|XᵀWX| + Q(τ²)]
    /// (Harville 1974, doi:10.1093/biomet/61.2.383, eq. 2, with the constant ½ ln|XᵀX|).
    fn log_likelihood(&self, likelihood: Likelihood, tau2: f64) -> f64 {
        let fit = self.at(tau2);
        let ln_2pi = ln(std::f64::consts::TAU);
        let ln_variances = sum(self.v.iter().map(|v| ln(v + tau2)));
        match likelihood {
            Likelihood::Full => -0.5 * (fit.k() * ln_2pi + ln_variances + fit.q()),
            Likelihood::Restricted => {
                let ln_determinants = fit.ln_determinant() - self.unweighted_fit().ln_determinant();
                -0.5 * (fit.df() * ln_2pi + ln_variances + ln_determinants + fit.q())
            }
        }
    }

    fn score(&self, likelihood: Likelihood) -> impl Score {
        RegressionScore { residuals: self, likelihood, sum_of_squares: self.unweighted_fit().q() }
    }

    fn df(&self) -> f64 {
        (self.v.len() - self.columns) as f64
    }
}

/// The score of one likelihood of a meta-regression.
struct RegressionScore<'a> {
    residuals: &'a RegressionResiduals,
    likelihood: Likelihood,
    sum_of_squares: f64,
}

impl Score for RegressionScore<'_> {
    fn terms(&self, tau2: f64) -> ScoreTerms {
        let fit = self.residuals.at(tau2);
        let [quadratic, cubic] = fit.second_and_third_forms();
        let (trace, square) = match self.likelihood {
            Likelihood::Full => (fit.sum(), fit.squares()),
            Likelihood::Restricted => (fit.trace(), fit.trace_of_square(|_| 1.0)),
        };
        ScoreTerms { quadratic, quadratic_slope: -2.0 * cubic, trace, trace_slope: -square }
    }

    fn variances(&self) -> [f64; 2] {
        let v = &self.residuals.v;
        [v.iter().copied().fold(f64::INFINITY, f64::min), v.iter().copied().fold(0.0, f64::max)]
    }

    fn k(&self) -> f64 {
        self.residuals.v.len() as f64
    }

    fn sum_of_squares(&self) -> f64 {
        self.sum_of_squares
    }

    fn bounds(&self) -> (f64, f64) {
        let terms = match self.likelihood {
            Likelihood::Full => self.k(),
            Likelihood::Restricted => self.residuals.df(),
        };
        (self.sum_of_squares, terms)
    }
}
