//! Which studies make the heterogeneity, and which move the result.

use serde::Serialize;

use super::MetaAnalysis;
use crate::error::{Error, Problem};
use crate::options::{Choice, Model};

/// What each study adds to the heterogeneity and how far it moves the result (Baujat et al. 2002,
/// doi:10.1002/sim.1221).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Baujat {
    /// A row a study.
    pub rows: Vec<StudyInBaujat>,
}

/// The place of one study. On the analysis scale m is the pooled value, τ² the between-study variance, (−i) marks what
/// is fitted without the study, and s its standard error; as R metafor's `baujat`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StudyInBaujat {
    /// The study.
    pub study: String,
    /// (y − m)²/(v + τ²): with the common-effect model its part of Cochran's Q.
    pub heterogeneity: f64,
    /// (m − m(−i))²/s(−i)²; `None` where the others cannot be fitted.
    pub influence: Option<f64>,
}

impl MetaAnalysis {
    /// What each study adds to the heterogeneity and how far it moves the result.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for models of the counts, which have no residuals on the analysis scale, and [`Error::Data`]
    /// where there is one study alone.
    ///
    /// ```
    /// use metaprop::options::{Model, Request};
    /// use metaprop::{Dataset, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let result = fit(&data, &Request { model: Some(Model::Common), ..Request::default() }.resolve()?)?;
    /// let rows = result.baujat()?.rows;
    /// let q: f64 = rows.iter().map(|row| row.heterogeneity).sum();
    /// assert!((q - result.heterogeneity.test().unwrap().statistic).abs() < 1e-9);
    /// assert!(rows[2].influence > rows[3].influence);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn baujat(&self) -> Result<Baujat, Error> {
        let tau2 = self.tau2_of_residuals("a Baujat plot")?;
        let without = self.leave_one_out()?;
        let mean = self.pooled().y.unwrap_or(f64::NAN);
        let row = |(index, row): (usize, super::WithoutStudy)| {
            let (y, v) = (self.sizes.y[index], self.sizes.v[index]);
            let change = row.result.y.zip(row.result.se).map(|(y, se)| (mean - y) * (mean - y) / (se * se));
            StudyInBaujat {
                study: row.omitted,
                heterogeneity: (y - mean) * (y - mean) / (v + tau2),
                influence: change.filter(|change| change.is_finite()),
            }
        };
        Ok(Baujat { rows: without.rows.into_iter().enumerate().map(row).collect() })
    }

    /// The τ² in the weights of the model; refused where it is of the counts.
    pub(super) fn tau2_of_residuals(&self, what: &str) -> Result<f64, Error> {
        let model = self.spec.model;
        if !model.weights_rows() {
            let has = match model {
                Model::ThreeLevel => "those of a three-level model are not independent".to_string(),
                _ => format!("model = {} has none", model.key()),
            };
            let problem = Problem::new(format!("{what} needs residuals of independent studies, and {has}"));
            return Err(Error::Usage(vec![problem.help("use model = random or common")]));
        }
        let tau2 = self.heterogeneity.tau2.filter(|_| model == Model::Random);
        Ok(tau2.map_or(0.0, |tau2| tau2.estimate))
    }
}
