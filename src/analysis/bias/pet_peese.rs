//! PET-PEESE.

use serde::Serialize;

use super::tested::{Regressed, Tested};
use crate::model::{Coefficient, RegressionFit};
use crate::numeric::student_t;

/// The expected estimate of an infinitely large study by two regressions, and which of them the rule takes (Stanley &
/// Doucouliagos 2014, doi:10.1002/jrsm.1095): PEESE where the estimate of PET differs from the value under test at
/// 10 %, two-sided, which is 5 % in one direction (Stanley 2017, doi:10.1177/1948550617693062), else PET.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct PetPeese {
    /// y on the standard error, weights 1/v.
    pub pet: Option<AtZero>,
    /// y on the variance, weights 1/v.
    pub peese: Option<AtZero>,
    /// Which of the two the rule takes; `None` where a number that it needs is missing.
    pub chosen: Option<WeightedLine>,
    /// Why numbers are missing; absent where they are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One of the two regressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum WeightedLine {
    /// The precision-effect test.
    Pet,
    /// The precision-effect estimate with standard error.
    Peese,
}

/// The estimate where the predictor is 0, with its test against the value under test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AtZero {
    /// On the analysis scale.
    pub y: f64,
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom of t, k − 2.
    pub df: Option<f64>,
    /// As it is shown.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// t against the value under test; `None` where that has no place on the analysis scale.
    pub statistic: Option<f64>,
    /// The two-sided p-value.
    pub p: Option<f64>,
}

/// Both regressions, in O(k).
pub(super) fn pet_peese(tested: &Tested<'_>) -> PetPeese {
    let regressed = |column| tested.regression(column, &tested.least_squares());
    let (pet, peese) =
        (at_zero(tested, regressed(tested.se())), at_zero(tested, regressed(tested.sizes.v.clone())));
    let reason = pet.as_ref().err().or(peese.as_ref().err()).cloned();
    let (pet, peese) = (pet.ok(), peese.ok());
    let p = pet.as_ref().and_then(|pet| pet.p);
    let chosen = p.map(|p| if p < 0.1 { WeightedLine::Peese } else { WeightedLine::Pet });
    PetPeese { pet, peese, chosen, reason }
}

fn at_zero(tested: &Tested<'_>, fit: Result<RegressionFit<'_>, String>) -> Result<AtZero, String> {
    let Regressed { intercept, .. } = Regressed::new(&fit?, &tested.least_squares())?;
    let Coefficient { estimate: y, se, df, lower, upper, .. } = intercept;
    let (scale, null) = (tested.scale(se), tested.null() + tested.sizes.origin());
    let statistic = Some((y - null) / se).filter(|t| t.is_finite());
    Ok(AtZero {
        y,
        se,
        df,
        estimate: scale.to_natural(y),
        lower: lower.map(|y| scale.to_natural(y)),
        upper: upper.map(|y| scale.to_natural(y)),
        statistic,
        p: statistic.zip(df).map(|(t, df)| student_t::two_sided_p(t, df)),
    })
}
