//! The p-value functions of a pooled result: its limits at every level.

use super::MetaAnalysis;
use crate::error::Error;
use crate::model::{Design, Rows};
use crate::numeric::normal;
use crate::options::{Level, Spec};

/// So many steps of [`STEP`] are the levels apart.
const STEPS: u32 = 36;
/// In quantiles of the normal distribution.
const STEP: f64 = 0.1;

/// The limits of a pooled result at many levels, on the analysis scale (Rücker & Schwarzer 2021, doi:10.1002/jrsm.1481).
///
/// The p-value of a value θ is the p for which θ is a limit of the interval at the level 1 − p (Infanger & Schmidt-Trucksäss
/// 2019, doi:10.1002/sim.8293), so the limits are the p-value function whatever the interval: of Wald, by t, of a likelihood.
/// The levels are equally spaced in z, the normal quantile with p = 2(1 − Φ(z)).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Drapery {
    /// The quantile of each level, ascending from 0.
    pub z: Vec<f64>,
    /// The limits of the common-effect value at each level; `None` where there are none.
    pub common: Vec<Option<[f64; 2]>>,
    /// Those of the pooled value by the model and interval of the analysis; empty for the common-effect model.
    pub random: Vec<Option<[f64; 2]>>,
    /// Those of the prediction interval; empty where the analysis has none.
    pub prediction: Vec<Option<[f64; 2]>>,
}

impl Drapery {
    /// The quantile of a p-value: 1.96 of 0.05.
    ///
    /// ```
    /// use metaprop::analysis::Drapery;
    /// assert!((Drapery::quantile(0.05) - 1.959964).abs() < 1e-6);
    /// assert_eq!(Drapery::quantile(1.0), 0.0);
    /// ```
    #[must_use]
    pub fn quantile(p: f64) -> f64 {
        normal::upper_quantile(p / 2.0)
    }

    /// The p-value of each level.
    pub fn p(&self) -> impl Iterator<Item = f64> {
        self.z.iter().map(|z| normal::two_sided_p(*z))
    }
}

impl MetaAnalysis {
    /// The limits of the pooled result at many levels: a fit, and an interval a level.
    ///
    /// # Errors
    ///
    /// As [`fit`](super::fit).
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let curves = result.drapery_curves()?;
    /// // At p = 1 the limits are the pooled value, and they move apart as p falls.
    /// let y = result.pooled().y.unwrap();
    /// assert_eq!((curves.z[0], curves.random[0]), (0.0, Some([y, y])));
    /// assert!(curves.random[20].unwrap()[1] < curves.random[30].unwrap()[1]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn drapery_curves(&self) -> Result<Drapery, Error> {
        let prepared = self.prepared(&self.sizes);
        let fitted = prepared.fit(Rows::All, Design::Mean, &self.spec)?;
        let z: Vec<f64> = (0..=STEPS).map(|step| f64::from(step) * STEP).collect();
        let curve = |middle: Option<f64>, limits: &dyn Fn(&Spec) -> Option<[f64; 2]>| -> Vec<_> {
            z.iter()
                .map(|z| at_level(*z, &self.spec).map_or(middle.map(|y| [y, y]), |spec| limits(&spec)))
                .collect()
        };
        let common = curve(self.common.y, &|spec| fitted.common(spec)?.ci_y);
        let pooled = |spec: &Spec| fitted.pooled(spec).ok().flatten()?.ci_y;
        let random = self.random.as_ref().map_or_else(Vec::new, |random| curve(random.y, &pooled));
        // The intervals of weighted means have the pooled value in their middle.
        let middle = self.pooled().y.filter(|_| !self.spec.model.is_of_counts());
        let predicted = |spec: &Spec| fitted.prediction(spec).ok().flatten()?.ci_y;
        let prediction = self.prediction.as_ref().map_or_else(Vec::new, |_| curve(middle, &predicted));
        Ok(Drapery { z, common, random, prediction })
    }
}

/// The spec with the level that has this quantile; none for 0, whose level would be 0.
fn at_level(z: f64, spec: &Spec) -> Option<Spec> {
    let level = Level::try_from(100.0 * (1.0 - normal::two_sided_p(z))).ok()?;
    Some(Spec { level, ..spec.clone() })
}
