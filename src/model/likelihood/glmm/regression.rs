//! The binomial-normal model with moderators, by its exact likelihood.
//!
//! xᵢ ~ Binomial(nᵢ, h(Xᵢb + τuᵢ)), uᵢ ~ N(0, 1). As without moderators ([`fit`](super::fit)) the marginal likelihood of a
//! study is an integral computed to rounding accuracy, and coefficients and τ maximise the product globally: τ is
//! scanned, with the best coefficients at each.
//!
//! Source: Stijnen, Hamza & Özdemir 2010, doi:10.1002/sim.4040, section 3; Turner, Omar, Yang, Goldstein & Thompson
//! 2000, doi:10.1002/1097-0258(20001230)19:24<3417::AID-SIM614>3.0.CO;2-L, for moderators.

use super::coordinates::Coordinates;
use super::moderated::{ModeratedLikelihood, Point};
use super::study::StudyLikelihood;
use crate::data::Counts;
use crate::error::Error;
use crate::model::ModelMatrix;
use crate::model::likelihood::binomial::{boundary_p_value, saturated_term, spread_is_unidentified};
use crate::model::likelihood::interval::{self, Limits, chi_squared_quantile};
use crate::model::likelihood::link::Link;
use crate::model::likelihood::maximum::Maximum;
use crate::model::likelihood::search::maximise;
use crate::model::likelihood::surface::{Accuracy, Surface};
use crate::numeric::chi_squared;
use crate::numeric::convergence::Convergence;
use crate::numeric::linear::{Square, Triangle, dependences, plain_dot as dot, unit_vector};
use crate::numeric::sum::{fractions, sum};

/// A fitted binomial-normal model with moderators.
#[derive(Debug, Clone)]
pub struct GlmmRegression {
    /// The scale of the coefficients and of `tau2`.
    pub link: Link,
    /// The coefficients, in the order of the columns.
    pub coefficients: Vec<f64>,
    /// The residual variance τ² of the random effect, on the squared link scale.
    pub tau2: f64,
    /// Its standard error by the delta method, 2 τ se(τ); `None` at τ² = 0.
    pub tau2_se: Option<f64>,
    /// The marginal log-likelihood, with the binomial coefficients.
    pub log_likelihood: f64,
    /// The log-likelihood at τ² = 0: that of a logistic (probit, complementary log-log) regression.
    pub common_log_likelihood: f64,
    /// The coefficients at τ² = 0.
    pub common_coefficients: Vec<f64>,
    /// The likelihood ratio of one proportion a study against the model at τ² = 0, on k − p degrees of freedom.
    pub residual_lrt: f64,
    /// Its p-value; 1 with no degrees of freedom.
    pub residual_lrt_p: f64,
    /// The likelihood ratio against τ² = 0, at least 0.
    pub lrt_tau2: f64,
    /// Its p-value: half the upper tail of χ²₁, and 1 for a ratio of 0 (Self & Liang 1987,
    /// doi:10.1080/01621459.1987.10478472).
    pub lrt_tau2_p: f64,
    /// The contributions of the studies to the observed information on the linear predictors, as fractions.
    pub weights: Vec<f64>,
    /// How coefficients and τ were found.
    pub convergence: Convergence,
    maximum: Maximum,
    coordinates: Coordinates,
    /// R of the observed information on the coordinates, τ eliminated: RᵀR.
    information: Triangle,
    studies: Vec<StudyLikelihood>,
    unidentified: bool,
}

/// Fits the model by maximum likelihood.
///
/// Standard errors are from the observed information in coefficients and τ; at τ² = 0 from that in the coefficients.
///
/// # Errors
///
/// [`Error::Usage`] where the model matrix has not a row for each study; [`Error::NoConvergence`] where a combination of
/// the moderators separates studies with no events from studies with events only, so that the likelihood has no
/// maximum at finite coefficients, where it rises with τ without end, or where no maximum can be certified.
///
/// ```
/// use metaprop::Counts;
/// use metaprop::model::ModelMatrix;
/// use metaprop::model::likelihood::{Link, glmm};
///
/// let rows = [(8, 32), (9, 30), (31, 66), (38, 60), (17, 40)];
/// let counts = rows.map(|(events, total)| Counts::new(events, total).unwrap());
/// let weeks = ModelMatrix::with_intercept([("weeks", vec![12.0, 12.0, 24.0, 52.0, 24.0])])?;
/// let with = glmm::fit_moderated(Link::Logit, &counts, &weeks)?;
/// let without = glmm::fit(Link::Logit, &counts)?;
/// assert!(with.coefficients[1] > 0.0 && with.tau2 < without.tau2);
/// assert!(with.log_likelihood > without.log_likelihood);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit_moderated(link: Link, counts: &[Counts], matrix: &ModelMatrix) -> Result<GlmmRegression, Error> {
    if matrix.rows() != counts.len() {
        let what =
            format!("the model matrix has {} rows, and there are {} studies", matrix.rows(), counts.len());
        return Err(Error::usage(what));
    }
    let studies: Vec<StudyLikelihood> =
        counts.iter().map(|&counts| StudyLikelihood::new(link, counts)).collect();
    let coordinates = Coordinates::new(matrix, &unit_vector(matrix.columns(), 0));
    let rows: Vec<&[f64]> = (0..matrix.rows()).map(|row| matrix.row(row)).collect();
    let start = vec![0.0; matrix.columns()];
    let surface = ModeratedLikelihood::new(&studies, &coordinates, &rows, &start);
    let common = common_fit(&surface, &start, counts, matrix)?;
    let mut surface = surface.with_common(common.clone());
    // With as many coefficients as studies nothing is left that could tell τ² from 0.
    let unidentified = spread_is_unidentified(counts) || matrix.columns() == matrix.rows();
    let maximum = if unidentified {
        let location = surface.common_location();
        Maximum::without_spread(location, &surface.at_zero_spread(location))
    } else {
        let found = maximise(&mut surface);
        surface.finished(found)?
    };
    let (gamma, point) = at_maximum(&mut surface, &maximum, &common)?;
    if !surface.is_accurate() {
        return Err(Error::NoConvergence(
            "the quadrature for the marginal likelihood of a study does not converge".into(),
        ));
    }
    let tau = maximum.spread;
    let (information, tau_variance) = eliminated(&point, tau).ok_or_else(singular)?;
    let coefficients = |gamma: &[f64]| -> Vec<f64> {
        (0..matrix.columns())
            .map(|column| dot(&coordinates.of(&unit_vector(matrix.columns(), column)), gamma))
            .collect()
    };
    let residual_lrt = surface.deviance(&common);
    let df = (matrix.rows() - matrix.columns()) as f64;
    let common_log_likelihood = sum(counts.iter().map(|&counts| saturated_term(counts))) - 0.5 * residual_lrt;
    let log_likelihood = if tau == 0.0 { common_log_likelihood } else { maximum.value };
    let lrt_tau2 = (2.0 * (log_likelihood - common_log_likelihood)).max(0.0);
    let convergence = if unidentified {
        Convergence::closed_form("regression without a random effect; tau2 is not identified")
    } else {
        maximum.record(|tau| tau * tau, |tau| 2.0 * tau)
    };
    Ok(GlmmRegression {
        link,
        coefficients: coefficients(&gamma),
        tau2: tau * tau,
        tau2_se: tau_variance.map(|variance| 2.0 * tau * variance.sqrt()),
        log_likelihood,
        common_log_likelihood,
        common_coefficients: coefficients(&common),
        residual_lrt,
        residual_lrt_p: if df > 0.0 { chi_squared::sf(residual_lrt, df) } else { 1.0 },
        lrt_tau2,
        lrt_tau2_p: boundary_p_value(lrt_tau2),
        weights: fractions(point.informations.iter().map(|information| information.max(0.0))),
        convergence,
        maximum,
        coordinates,
        information,
        studies,
        unidentified,
    })
}

impl GlmmRegression {
    /// z with zᵀz the variance of this combination of the coefficients, and the product of two such the covariance.
    #[must_use]
    pub fn standardised(&self, combination: &[f64]) -> Vec<f64> {
        let mut factors = self.coordinates.of(combination);
        self.information.solve_row(&mut factors);
        factors
    }

    /// The profile-likelihood limits of a combination of the coefficients, each with its own reason where it was not
    /// found: where the log-likelihood, maximised over everything else, is ½ χ²₁ below its maximum.
    pub(in crate::model) fn profile_limits(
        &self,
        matrix: &ModelMatrix,
        combination: &[f64],
        tail: f64,
    ) -> Limits {
        let coordinates = Coordinates::new(matrix, combination);
        let (mut surface, maximum) = self.surface(matrix, &coordinates);
        let quantile = chi_squared_quantile(tail);
        let limits = if self.unidentified {
            interval::location_at_zero_spread(&surface, &maximum, quantile)
        } else {
            interval::location(&mut surface, &maximum, quantile)
        };
        limits.map(|limit| limit.map(|limit| limit / coordinates.unit()))
    }

    /// The profile-likelihood interval of τ², as [`profile_tau2`](super::profile_tau2).
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit cannot be found.
    pub(in crate::model) fn profile_tau2(
        &self,
        matrix: &ModelMatrix,
        tail: f64,
    ) -> Result<Option<(f64, Option<f64>)>, Error> {
        if self.unidentified {
            return Ok(None);
        }
        let (mut surface, _) = self.surface(matrix, &self.coordinates);
        let found = interval::spread(&mut surface, &self.maximum, chi_squared_quantile(tail));
        let (lower, upper) = surface.finished(found)?;
        Ok(Some((lower * lower, upper.map(|upper| upper * upper))))
    }

    /// The likelihood in these coordinates, and its maximum there.
    fn surface(&self, matrix: &ModelMatrix, coordinates: &Coordinates) -> (ModeratedLikelihood, Maximum) {
        let rows: Vec<&[f64]> = (0..matrix.rows()).map(|row| matrix.row(row)).collect();
        let start = coordinates.place(&self.coefficients);
        let common = coordinates.place(&self.common_coefficients);
        let surface = ModeratedLikelihood::new(&self.studies, coordinates, &rows, &start);
        let (location, spread) = (start[start.len() - 1], self.maximum.spread);
        let mut surface = surface.with_common(common);
        let derivatives = if spread > 0.0 {
            surface.at(location, spread, Accuracy::Full)
        } else {
            Maximum::without_spread(location, &surface.at_zero_spread(location)).derivatives
        };
        (surface, Maximum { location, derivatives, ..self.maximum.clone() })
    }
}

/// The coefficients at τ² = 0, as coordinates.
fn common_fit(
    surface: &ModeratedLikelihood,
    start: &[f64],
    counts: &[Counts],
    matrix: &ModelMatrix,
) -> Result<Vec<f64>, Error> {
    let loose = undecided(counts, matrix);
    let Some(gamma) = surface.best_at_zero(start) else {
        return Err(if loose.is_empty() { singular() } else { separated(&loose) });
    };
    // Studies with events and without, whose rows have full rank, leave no direction without end.
    if !loose.is_empty() && surface.least_expected(&gamma) < NOTHING {
        return Err(separated(&loose));
    }
    Ok(gamma)
}

/// A study with none or all of the events, of which so few people are expected in the other state, is fitted by
/// coefficients without end.
const NOTHING: f64 = 1e-9;

/// The columns that studies with both events and non-events do not decide on: where only the others can.
fn undecided(counts: &[Counts], matrix: &ModelMatrix) -> Vec<String> {
    let inside: Vec<&[f64]> =
        (0..matrix.rows()).filter(|row| !counts[*row].at_boundary()).map(|row| matrix.row(row)).collect();
    let columns: Vec<Vec<f64>> =
        (0..matrix.columns()).map(|column| inside.iter().map(|row| row[column]).collect()).collect();
    let names: Vec<&str> = matrix.names().collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let dependent = dependences(&slices);
    (0..names.len())
        .filter(|column| dependent.iter().any(|one| one.column == *column || one.of.contains(column)))
        .map(|column| names[column].to_string())
        .collect()
}

fn separated(columns: &[String]) -> Error {
    let columns: Vec<String> = columns.iter().map(|column| format!("'{column}'")).collect();
    Error::NoConvergence(format!(
        "no finite maximum of the likelihood was found: studies with no events, or with events only, alone decide on \
         {}, whose coefficients rise without end; leave such a moderator out, join its levels, or use \
         model = random, which adds to zero cells",
        columns.join(", ")
    ))
}

fn singular() -> Error {
    Error::NoConvergence("the iteration for the coefficients at tau2 = 0 does not converge".into())
}

/// The coordinates at the maximum, and the likelihood there.
fn at_maximum(
    surface: &mut ModeratedLikelihood,
    maximum: &Maximum,
    common: &[f64],
) -> Result<(Vec<f64>, Point), Error> {
    if maximum.spread == 0.0 {
        return Ok((common.to_vec(), surface.point_at_zero(common)));
    }
    let derivatives = surface.at(maximum.location, maximum.spread, Accuracy::Full);
    if !derivatives.value.is_finite() {
        return Err(singular());
    }
    let gamma = surface.coordinates(maximum.location);
    let point = surface.point(&gamma, maximum.spread, Accuracy::Full);
    Ok((gamma, point))
}

/// R of the observed information on the coordinates with τ eliminated, A − cc′/d = RᵀR, and the variance of τ,
/// 1/(d − c′A⁻¹c); c and d are minus the second derivatives with τ. At τ = 0 that of A alone.
fn eliminated(point: &Point, tau: f64) -> Option<(Triangle, Option<f64>)> {
    let own = Triangle::of_symmetric(&point.information)?;
    if tau == 0.0 {
        return Some((own, None));
    }
    let mut solved = point.cross.clone();
    own.solve_row(&mut solved);
    let variance = 1.0 / (-point.spread2 - dot(&solved, &solved));
    let joint = Square::from_fn(point.cross.len(), |row, column| {
        point.information.get(row, column) + point.cross[row] * point.cross[column] / point.spread2
    });
    Some((Triangle::of_symmetric(&joint)?, Some(variance).filter(|variance| *variance > 0.0)))
}
