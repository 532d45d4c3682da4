//! What a radial plot shows.

use super::MetaAnalysis;
use crate::error::Error;
use crate::numeric::normal;

/// Every study by its precision and its standardised estimate: a line from the origin has the estimate as its slope
/// (Galbraith 1988, doi:10.1002/sim.4780070807).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Radial {
    /// 1/√(v + τ²) of each study.
    pub precision: Vec<f64>,
    /// y/√(v + τ²) of each study.
    pub standardised: Vec<f64>,
    /// The pooled value on the analysis scale, the slope of the line.
    pub y: Option<f64>,
    /// Half the height of the band around it: the normal quantile of the level.
    pub z: f64,
}

impl MetaAnalysis {
    /// Every study by its precision and its standardised estimate.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for models of the counts, which have no residuals on the analysis scale.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?, &Spec::default())?;
    /// let radial = result.radial_points()?;
    /// assert!((radial.standardised[2] / radial.precision[2] - result.y()[2]).abs() < 1e-12);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn radial_points(&self) -> Result<Radial, Error> {
        let tau2 = self.tau2_of_residuals("a radial plot")?;
        let precision: Vec<f64> = self.v().iter().map(|v| 1.0 / (v + tau2).sqrt()).collect();
        let standardised = self.y().iter().zip(&precision).map(|(y, precision)| y * precision).collect();
        let z = normal::upper_quantile(self.spec.level.tail());
        Ok(Radial { precision, standardised, y: self.pooled().y, z })
    }
}
