//! How much correlated moderators inflate the variances of coefficients.

use serde::Serialize;

use crate::numeric::elementary::exp;
use crate::numeric::linear::{Square, Triangle};

/// The generalised variance inflation factor of a term: det R₁ det R₂/det R, with the correlations R of all
/// coefficients but the intercept, R₁ of the term's and R₂ of the others' (Fox & Monette 1992,
/// doi:10.1080/01621459.1992.10475190). For one coefficient it is 1/(1 − R²).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InflationFactor {
    /// The term.
    pub term: String,
    /// The number of its coefficients m.
    pub df: u64,
    /// The factor; 1 where the term is not correlated with others.
    pub gvif: f64,
    /// gvif^(1/(2m)), which compares terms of different m.
    pub scaled: f64,
}

impl InflationFactor {
    /// Of every term, from the covariance of all coefficients.
    pub(super) fn of_terms(covariance: &Square, terms: &[(String, Vec<usize>)]) -> Vec<Self> {
        let all: Vec<usize> = terms.iter().flat_map(|(_, columns)| columns).copied().collect();
        let factor = |(term, columns): &(String, Vec<usize>)| {
            let others: Vec<usize> = all.iter().filter(|column| !columns.contains(column)).copied().collect();
            let of = |columns: &[usize]| ln_determinant(covariance, columns);
            let ln = of(columns)? + of(&others)? - of(&all)?;
            let df = columns.len() as f64;
            let (gvif, scaled) = (exp(ln).max(1.0), exp(ln.max(0.0) / (2.0 * df)));
            Some(Self { term: term.clone(), df: columns.len() as u64, gvif, scaled })
        };
        terms.iter().filter_map(factor).collect()
    }
}

/// ln det of the correlations of these coefficients; `None` where they have none.
fn ln_determinant(covariance: &Square, columns: &[usize]) -> Option<f64> {
    if columns.is_empty() {
        return Some(0.0);
    }
    let sd: Vec<f64> = columns.iter().map(|column| covariance.get(*column, *column).sqrt()).collect();
    let correlations = Square::from_fn(columns.len(), |row, column| {
        covariance.get(columns[row], columns[column]) / (sd[row] * sd[column])
    });
    Some(2.0 * Triangle::of_symmetric(&correlations)?.ln_determinant()).filter(|ln| ln.is_finite())
}
