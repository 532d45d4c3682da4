//! A pooled value with its interval and test.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::likelihood::normal::Criteria;
use super::statistic::fields;
use super::{Inference, Pooled};
use crate::effect::Scale;

/// A pooled value with its interval and test. `y`, `se` and `ci_y` are on the analysis scale; `estimate`,
/// `lower` and `upper` on the one that is shown: fractions clipped to [0, 1] for proportions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The method, where the value is a random-effects one.
    pub method: Option<&'static str>,
    /// The pooled value; `None` where a likelihood has no finite maximum.
    pub y: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// Its interval, never clipped; `None` where there are no degrees of freedom.
    pub ci_y: Option<[f64; 2]>,
    /// The pooled proportion, or the estimate on the table's scale.
    pub estimate: f64,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
    /// The test of `y` against the value at the null proportion.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the t quantile; `None` for the normal.
    pub df: Option<f64>,
    /// The two-sided p-value of the test.
    pub p: Option<f64>,
    /// The (restricted) log-likelihood at the fit.
    pub log_likelihood: Option<f64>,
    /// Akaike's criterion.
    pub aic: Option<f64>,
    /// The Bayesian (Schwarz) criterion.
    pub bic: Option<f64>,
    /// The mean proportion over the population of studies, where the model gives it beside the median.
    pub population: Option<Population>,
    /// Why a limit was not found, where one is missing that should be there.
    pub(crate) missing: Option<String>,
}

/// The mean proportion over the population of studies: what a count of many such studies would find,
/// where `estimate` is the median study's. Fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Population {
    /// The mean proportion.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: f64,
    /// Its upper limit.
    pub upper: f64,
}

fields! {
    /// A number of a pooled value.
    SummaryField of Summary {
        document {
            Y "y", "The pooled value on the analysis scale" => |s| s.y;
            Se "se", "Its standard error" => |s| s.se;
            CiY "ci_y", "Its interval on the analysis scale" => |s| s.ci_y;
            Estimate "estimate", "The pooled value as it is shown" => |s| s.estimate;
            Lower "lower", "The lower limit as it is shown" => |s| s.lower;
            Upper "upper", "The upper limit as it is shown" => |s| s.upper;
            Statistic "statistic", "The test against the null value" => |s| s.statistic;
            Df "df", "The degrees of freedom of t" => |s| s.df;
            P "p", "The p-value of the test" => |s| s.p;
            LogLikelihood "log_likelihood", "The log-likelihood" => |s| s.log_likelihood;
            Aic "aic", "Akaike's criterion" => |s| s.aic;
            Bic "bic", "The Bayesian criterion" => |s| s.bic;
        }
        derived {
            Ci "ci", "Both limits as they are shown" => |s| s.limits();
            PopulationEstimate "population.estimate", "The mean proportion over the population" => |s| s.population.map(|mean| mean.estimate);
            PopulationLower "population.lower", "Its lower limit" => |s| s.population.map(|mean| mean.lower);
            PopulationUpper "population.upper", "Its upper limit" => |s| s.population.map(|mean| mean.upper);
        }
    }
}

impl Summary {
    /// Of a pooled value with its interval and test.
    pub(super) fn new(
        method: Option<&'static str>,
        pooled: &Pooled,
        inference: &Inference,
        scale: &Scale,
        criteria: Option<&Criteria>,
    ) -> Self {
        let limit = |end: usize| inference.ci_y.map(|ci_y| scale.to_natural(ci_y[end]));
        Self {
            method,
            y: Some(pooled.y),
            se: Some(pooled.se),
            ci_y: inference.ci_y,
            estimate: scale.to_natural(pooled.y),
            lower: limit(0),
            upper: limit(1),
            statistic: inference.statistic,
            df: pooled.df.filter(|df| *df > 0.0),
            p: inference.p,
            log_likelihood: criteria.map(|criteria| criteria.log_likelihood),
            aic: criteria.map(|criteria| criteria.aic),
            bic: criteria.map(|criteria| criteria.bic),
            population: None,
            missing: None,
        }
    }

    /// Value and limits alone.
    pub(crate) fn of_limits(pooled: &Pooled, inference: &Inference, scale: &Scale) -> Self {
        Self::new(None, pooled, inference, scale, None)
    }

    /// Whether its limits are the pooled value itself, and so no interval: all estimates are equal and the standard error
    /// is made of their differences.
    #[must_use]
    pub fn has_no_width(&self) -> bool {
        self.ci_y.is_some_and(|[lower, upper]| lower == upper)
    }

    /// The lower and the upper limit as people are shown them: none where there is no interval, or one without width.
    #[must_use]
    pub fn shown_limits(&self) -> [Option<f64>; 2] {
        if self.has_no_width() { [None; 2] } else { [self.lower, self.upper] }
    }

    /// Both limits as they are shown.
    #[must_use]
    pub fn limits(&self) -> Option<[f64; 2]> {
        self.lower.zip(self.upper).map(<[f64; 2]>::from)
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if let Some(method) = self.method {
            map.serialize_entry("method", method)?;
        }
        self.write_fields(&mut map)?;
        if let Some(population) = &self.population {
            map.serialize_entry("population", population)?;
        }
        map.end()
    }
}
