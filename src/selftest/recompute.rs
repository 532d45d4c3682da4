//! Every case of the certified sets analysed again and compared value by value.

use rayon::prelude::*;

use super::digits::{Scale, agreed};
use super::set::{Case, Certified, CertifiedSet, Kind};
use crate::analysis::{MetaAnalysis, Statistic, StudyRow, fit};
use crate::model::Value;
use crate::numeric::elementary::sin;
use crate::options::{Measure, StudyCi};

/// How well one value agrees with the certified one.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement<'a> {
    /// The data set.
    pub set: &'a str,
    /// The choices.
    pub words: &'a str,
    /// The path of the value in the result document.
    pub path: &'a str,
    /// How the value is computed.
    pub kind: Kind,
    /// The computed value; of a list, the entry that agrees least.
    pub got: Option<f64>,
    /// The certified value.
    pub want: Option<f64>,
    /// The digits that agree.
    pub digits: f64,
    /// Every value computed at the path.
    pub all: Vec<Option<f64>>,
}

/// Runs every case of these sets and compares every value, in the order of the files.
///
/// Where an analysis fails although values are certified, these count with 0 digits.
#[must_use]
pub fn recompute(sets: &[CertifiedSet]) -> Vec<Agreement<'_>> {
    let jobs: Vec<_> = sets.iter().flat_map(|set| set.cases.iter().map(move |case| (set, case))).collect();
    jobs.par_iter().flat_map_iter(|(set, case)| case_agreements(set, case)).collect()
}

fn case_agreements<'a>(set: &'a CertifiedSet, case: &'a Case) -> Vec<Agreement<'a>> {
    let result = case.request.resolve().and_then(|spec| fit(&set.table, &spec));
    let values = result.as_ref().ok().map(Values::new);
    case.values.iter().map(|certified| agreement(set, case, certified, values.as_ref())).collect()
}

fn agreement<'a>(
    set: &'a CertifiedSet,
    case: &'a Case,
    certified: &'a Certified,
    values: Option<&Values<'_>>,
) -> Agreement<'a> {
    let mut got = values.map(|values| values.at(&certified.path)).unwrap_or_default();
    if certified.path.starts_with("studies.") {
        // Of a long column only the first entries are certified.
        got.truncate(certified.want.len());
    }
    let mut worst = Agreement {
        set: &set.name,
        words: &case.words,
        path: &certified.path,
        kind: certified.kind,
        got: None,
        want: None,
        digits: f64::INFINITY,
        all: Vec::new(),
    };
    let length = got.len().max(certified.want.len());
    for index in 0..length {
        let (got, want) = (got.get(index).copied().flatten(), certified.want.get(index).copied().flatten());
        let scale = values.map_or(Scale::Itself, |values| values.scale(&certified.path, index));
        let digits = match (got, want) {
            (None, None) if values.is_some() => super::digits::MOST,
            (Some(got), Some(want)) => agreed(got, want, scale),
            _ => 0.0,
        };
        if digits < worst.digits {
            (worst.got, worst.want, worst.digits) = (got, want, digits);
        }
    }
    worst.all = got;
    worst
}

/// The values of a result and its studies by their paths in the result document.
struct Values<'a> {
    result: &'a MetaAnalysis,
    studies: Vec<StudyRow<'a>>,
}

impl<'a> Values<'a> {
    fn new(result: &'a MetaAnalysis) -> Self {
        Self { result, studies: result.rows().collect() }
    }

    /// The number, limits or, under `studies.`, column at a path.
    fn at(&self, path: &str) -> Vec<Option<f64>> {
        if let Some(key) = path.strip_prefix("studies.") {
            return self.studies.iter().map(|row| study_value(row, key)).collect();
        }
        match Statistic::at(path).and_then(|statistic| self.result.get(statistic)) {
            Some(Value::Limits(limits)) => limits.map(Some).to_vec(),
            value => vec![value.and_then(Value::number)],
        }
    }

    /// The number at a path; 0 where there is none.
    fn number(&self, part: &str, key: &str) -> f64 {
        self.at(&format!("{part}.{key}")).first().copied().flatten().unwrap_or(0.0)
    }

    /// What a deviation at this path is divided by; `index` is that of the entry in a list.
    fn scale(&self, path: &str, index: usize) -> Scale {
        let (part, key) = path.split_once('.').unwrap_or(("", path));
        let se = |part: &str| Scale::AtLeast(self.number(part, "se"));
        match (part, key) {
            ("studies", "y") => Scale::AtLeast(self.studies.get(index).map_or(0.0, |row| row.v.sqrt())),
            ("common" | "random", "y" | "ci_y") => se(part),
            ("prediction", "ci_y") => se("random"),
            (_, "statistic") => Scale::AtLeast(self.standardised_y(part).max(1.0)),
            // Of log-likelihoods only differences matter.
            (_, "log_likelihood" | "aic" | "bic") => Scale::AtLeast(1.0),
            ("common" | "random", "p") => {
                let statistic = self.number(part, "statistic");
                Scale::OfTail((self.standardised_y(part) / statistic.abs().max(1.0)).max(1.0))
            }
            (_, "p" | "p_wald" | "p_lrt") => Scale::OfTail(1.0),
            ("heterogeneity", "tau2" | "tau2_lower" | "tau2_upper") => {
                Scale::AtLeast(self.number(part, "tau2_se"))
            }
            // I² = 100 (1 − df/Q) is a difference from 100.
            ("heterogeneity", "i2" | "i2_lower" | "i2_upper") => Scale::AtLeast(100.0),
            ("studies", "lower" | "upper") => self.study_limit_scale(index),
            (_, "estimate" | "lower" | "upper") => self.proportion_scale(part),
            _ => Scale::Itself,
        }
    }

    /// |y|/se, which bounds how exact the test statistic (y − y₀)/se can be.
    fn standardised_y(&self, part: &str) -> f64 {
        let [y, se] = ["y", "se"].map(|key| self.number(part, key));
        if se > 0.0 { y.abs() / se } else { 0.0 }
    }

    /// The accuracy of a limit near 0: on the raw and arcsine scales the limit is a difference, y − z·se,
    /// with the accuracy of the standard error times the slope of the back-transform at the estimate; on the
    /// logarithmic scales its logarithm is as accurate as y.
    fn proportion_scale(&self, part: &str) -> Scale {
        let model = if part == "prediction" { "random" } else { part };
        let [y, se] = ["y", "se"].map(|key| self.number(model, key));
        match self.result.spec.measure {
            Measure::Raw => Scale::AtLeast(se),
            Measure::Arcsine | Measure::FreemanTukey => Scale::AtLeast(se * sin(2.0 * y).abs()),
            _ => Scale::OfTail(1.0),
        }
    }

    /// Wald, Agresti-Coull and arcsine limits of a study are differences, as accurate as the width of the
    /// interval.
    fn study_limit_scale(&self, index: usize) -> Scale {
        match self.result.spec.study_ci {
            StudyCi::Wald | StudyCi::Arcsine | StudyCi::AgrestiCoull => self
                .studies
                .get(index)
                .map_or(Scale::Itself, |row| Scale::AtLeast(0.5 * (row.upper - row.lower))),
            _ => Scale::Itself,
        }
    }
}

/// A number of a study by its key in the result document; `None` where it is not finite.
fn study_value(row: &StudyRow<'_>, key: &str) -> Option<f64> {
    let finite = |value: f64| value.is_finite().then_some(value);
    match key {
        "events" => row.events.map(|events| events as f64),
        "total" => row.total.map(|total| total as f64),
        "proportion" => row.proportion,
        "lower" => finite(row.lower),
        "upper" => finite(row.upper),
        "y" => finite(row.y),
        "v" => finite(row.v),
        "weight_common" => row.weight_common,
        "weight_random" => row.weight_random,
        _ => None,
    }
}
