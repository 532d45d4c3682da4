//! A meta-regression, written down.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::cells::{csv_numbers, p_cell, variances};
use super::csv::field;
use super::document::{Document, Format, displayed};
use super::further::Head;
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::advisory::Advisory;
use crate::analysis::{
    ClusterRobust, Formula, InflationFactor, MetaAnalysis, ModelFit, Permutation, PredictedAt, Regression,
    TermTest,
};
use crate::data::Excluded;
use crate::format::{
    NumberFormat, capitalised, counted, degrees, fixed, grouped, p_value, sanitize, significant, studies,
};
use crate::model::{Coefficient, Heterogeneity, HeterogeneityField, Omnibus, PredictedValue, Value};
use crate::options::Choice;

/// A meta-regression, with the pooled result of the same table.
#[derive(Debug, Clone, Serialize)]
pub struct RegressionReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    mods: &'a Formula,
    studies: usize,
    excluded: &'a [Excluded],
    coefficients: &'a [Coefficient],
    omnibus: &'a Omnibus,
    terms: &'a [TermTest],
    residual: Residual<'a>,
    r2: Option<f64>,
    r2_interval: Option<[f64; 2]>,
    tau2_without: Option<f64>,
    fit: &'a ModelFit,
    vif: &'a [InflationFactor],
    predictions: Vec<PredictionDocument<'a>>,
    permutation: Option<&'a Permutation>,
    robust: Option<&'a ClusterRobust>,
    advisories: &'a [Advisory],
    #[serde(skip)]
    analysis: &'a Regression,
    #[serde(skip)]
    result: &'a MetaAnalysis,
    #[serde(skip)]
    display: NumberFormat,
}

/// What is left of the heterogeneity.
#[derive(Debug, Clone, Serialize)]
struct Residual<'a> {
    #[serde(flatten)]
    heterogeneity: &'a Heterogeneity,
}

/// A predicted value with the values of the moderators as an object.
#[derive(Debug, Clone, Serialize)]
struct PredictionDocument<'a> {
    #[serde(serialize_with = "as_object")]
    at: &'a [(String, String)],
    #[serde(flatten)]
    value: &'a PredictedValue,
}

fn as_object<S: Serializer>(at: &&[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(at.len()))?;
    at.iter().try_for_each(|(column, value)| map.serialize_entry(column, value))?;
    map.end()
}

impl<'a> RegressionReport<'a> {
    /// Of the result whose studies it was made of.
    ///
    /// ```
    /// use metaprop::data::Covariates;
    /// use metaprop::prelude::*;
    /// use metaprop::report::RegressionReport;
    ///
    /// let data = Dataset::proportions([("A", 8, 32), ("B", 9, 30), ("C", 31, 66), ("D", 38, 60)])?;
    /// let data = data.with_covariates(Covariates::new([("weeks", ["12", "12", "24", "52"])])?)?;
    /// let result = fit(&data, &Spec::default())?;
    /// let regression = result.regress(&"weeks".parse()?, &Default::default())?;
    /// let page = RegressionReport::new(&result, &regression).text(false);
    /// assert!(page.contains("weeks") && page.contains("R²"), "{page}");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(result: &'a MetaAnalysis, analysis: &'a Regression) -> Self {
        let prediction = |PredictedAt { at, value, .. }: &'a PredictedAt| PredictionDocument { at, value };
        Self {
            head: Head::of(result, Self::SCHEMA),
            mods: &analysis.formula,
            studies: analysis.rows.len(),
            excluded: &analysis.excluded,
            coefficients: &analysis.coefficients,
            omnibus: &analysis.omnibus,
            terms: &analysis.terms,
            residual: Residual { heterogeneity: &analysis.residual },
            r2: analysis.r2,
            r2_interval: analysis.r2_interval,
            tau2_without: analysis.tau2_without,
            fit: &analysis.fit,
            vif: &analysis.vif,
            predictions: analysis.predictions.iter().map(prediction).collect(),
            permutation: analysis.permutation.as_ref(),
            robust: analysis.robust.as_ref(),
            advisories: &analysis.advisories,
            analysis,
            result,
            display: result.number_format(),
        }
    }

    /// Per how many proportions are written for people, and with how many decimals; documents and CSV have fractions.
    #[must_use]
    pub fn display(self, display: NumberFormat) -> Self {
        Self { display, ..self }
    }

    /// The moderators.
    pub(super) fn formula(&self) -> &Formula {
        self.mods
    }

    /// What it says, before its tables.
    pub(super) fn sentences(&self) -> Vec<String> {
        let analysis = self.analysis;
        let mut sentences = vec![format!(
            "Meta-regression of {} on {} ({}).",
            self.result.scale().noun(),
            analysis.formula,
            studies(analysis.rows.len())
        )];
        sentences.push(format!("Test of moderators: {}.", test(&analysis.omnibus)));
        sentences.push(self.heterogeneity());
        sentences.extend(self.comparison());
        sentences.extend(analysis.permutation.as_ref().map(permutation));
        sentences.extend(analysis.robust.as_ref().map(|robust| {
            format!(
                "Cluster-robust standard errors (CR2) with {} by {}.",
                counted(robust.clusters, "cluster", "clusters"),
                robust.cluster
            )
        }));
        sentences.extend(
            analysis.advisories.iter().map(|advisory| format!("{}.", capitalised(&advisory.message))),
        );
        sentences
    }

    fn heterogeneity(&self) -> String {
        let analysis = self.analysis;
        let number = |field| analysis.residual.get(field).and_then(Value::number);
        let [tau2, i2] = variances(number(HeterogeneityField::Tau2), number(HeterogeneityField::I2));
        let r2 = analysis.r2.map(|r2| {
            let limits = analysis.r2_interval.map(|[lower, upper]| {
                format!(" ({} interval {} to {})", self.result.spec.level(), fixed(lower, 1), fixed(upper, 1))
            });
            format!(", R² {}%{}", fixed(r2, 1), limits.unwrap_or_default())
        });
        let without = analysis
            .tau2_without
            .map(|without| format!("; τ² without moderators {}", significant(without, 3)));
        let test = analysis.residual.test().map(|test| {
            let (statistic, p) = (fixed(test.statistic, 2), p_value(test.p));
            format!(", {} {statistic}, df {}, p {p}", test.symbol, analysis.residual.df)
        });
        format!(
            "Residual heterogeneity: τ² {tau2}, I² {i2}{}{}{}.",
            test.unwrap_or_default(),
            r2.unwrap_or_default(),
            without.unwrap_or_default()
        )
    }

    fn comparison(&self) -> Option<String> {
        let fit = &self.analysis.fit;
        let (ratio, p) = fit.likelihood_ratio.zip(fit.likelihood_ratio_p)?;
        let df = self.analysis.coefficients.len() - 1;
        Some(format!(
            "Likelihood ratio against no moderators: {}, df {df}, p {}.",
            fixed(ratio, 2),
            p_value(p)
        ))
    }

    pub(super) fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.coefficients()];
        if self.analysis.terms.len() > 1 || self.analysis.coefficients.len() > 2 {
            tables.push(self.terms());
        }
        tables.extend(self.robust());
        tables.extend(self.predictions());
        tables.extend(self.left_out());
        tables
    }

    fn coefficients(&self) -> Table {
        let interval = format!("{} CI", self.result.spec.level());
        let permuted = self.analysis.permutation.as_ref();
        let mut columns = vec![
            ("Term", Align::Left),
            ("Coefficient", Align::Right),
            ("se", Align::Right),
            (interval.as_str(), Align::Interval),
            ("Test", Align::Left),
            ("p", Align::Right),
        ];
        if permuted.is_some() {
            columns.push(("p by\npermutation", Align::Right));
        }
        let caption = format!("Coefficients on the scale of the {}", self.result.spec.measure().title());
        let mut table = Table::new(caption, &columns);
        for (index, coefficient) in self.analysis.coefficients.iter().enumerate() {
            let mut cells = coefficient_cells(coefficient);
            if let Some(permuted) = permuted {
                cells.push(p_cell(permuted.coefficient_p[index]));
            }
            table.body.push(Row::new(cells));
        }
        table
    }

    fn terms(&self) -> Table {
        let mut columns = vec![("Term", Align::Left), ("Test", Align::Left), ("p", Align::Right)];
        let inflated = !self.analysis.vif.is_empty();
        if inflated {
            columns.push(("Variance\ninflation", Align::Right));
        }
        let mut table = Table::new("Tests of terms", &columns);
        for term in &self.analysis.terms {
            let mut cells =
                vec![sanitize(&term.term).into_owned(), statistic(&term.test), p_cell(term.test.p)];
            if inflated {
                let factor = self.analysis.vif.iter().find(|factor| factor.term == term.term);
                cells.push(factor.map_or_else(|| NONE.to_string(), |factor| fixed(factor.gvif, 2)));
            }
            table.body.push(Row::new(cells));
        }
        table
    }

    fn robust(&self) -> Option<Table> {
        let robust = self.analysis.robust.as_ref()?;
        let interval = format!("{} CI", self.result.spec.level());
        let columns = [
            ("Term", Align::Left),
            ("Coefficient", Align::Right),
            ("se", Align::Right),
            (interval.as_str(), Align::Interval),
            ("df", Align::Right),
            ("p", Align::Right),
        ];
        let mut table = Table::new(format!("Cluster-robust, by {}", sanitize(&robust.cluster)), &columns);
        for row in &robust.coefficients {
            let limits = limits(row.lower, row.upper);
            let df = row.df.map_or_else(|| NONE.to_string(), |df| fixed(df, 1));
            table.push([
                sanitize(&row.term).into_owned(),
                significant(row.estimate, 3),
                significant(row.se, 3),
                limits,
                df,
                p_cell(row.p),
            ]);
        }
        table.notes.push(
            "Degrees of freedom by Satterthwaite; below 4 the p-values are not to be relied on.".to_string(),
        );
        Some(table)
    }

    fn predictions(&self) -> Option<Table> {
        let first = self.analysis.predictions.first()?;
        let mut columns: Vec<(&str, Align)> =
            first.at.iter().map(|(column, _)| (column.as_str(), Align::Left)).collect();
        let interval = format!("{} CI", self.result.spec.level());
        let estimate = self.display.unit().unwrap_or_else(|| "Predicted".to_string());
        columns.extend([
            (estimate.as_str(), Align::Right),
            (interval.as_str(), Align::Interval),
            ("Prediction interval", Align::Interval),
        ]);
        let mut table = Table::new("Predicted values", &columns);
        for PredictedAt { at, value, .. } in &self.analysis.predictions {
            let mut cells: Vec<String> = at.iter().map(|(_, value)| sanitize(value).into_owned()).collect();
            let none = || NONE.to_string();
            let prediction = value.prediction.as_ref();
            cells.extend([
                self.display.with_sign(value.estimate),
                self.display.interval(value.lower, value.upper).unwrap_or_else(none),
                prediction
                    .and_then(|prediction| {
                        self.display.interval(Some(prediction.lower), Some(prediction.upper))
                    })
                    .unwrap_or_else(none),
            ]);
            table.body.push(Row::new(cells));
        }
        table.notes.push("A moderator that is not named is at its mean over the studies.".to_string());
        if self.result.spec.model.is_of_counts() {
            table.notes.push("Predicted values are medians of the true proportions.".to_string());
        }
        Some(table)
    }

    fn left_out(&self) -> Option<Table> {
        if self.analysis.excluded.is_empty() {
            return None;
        }
        let mut table =
            Table::new("Left out", &[("Study", Align::Left), ("Line", Align::Right), ("Why", Align::Left)]);
        for row in &self.analysis.excluded {
            let [study, reason] = [&row.study, &row.reason].map(|text| sanitize(text).into_owned());
            table.push([study, row.line.to_string(), reason]);
        }
        Some(table)
    }
}

fn coefficient_cells(coefficient: &Coefficient) -> Vec<String> {
    let statistic = coefficient.statistic.map(|statistic| match coefficient.df {
        Some(df) => format!("t {}, df {}", fixed(statistic, 2), degrees(df)),
        None => format!("z {}", fixed(statistic, 2)),
    });
    vec![
        sanitize(&coefficient.term).into_owned(),
        significant(coefficient.estimate, 3),
        significant(coefficient.se, 3),
        limits(coefficient.lower, coefficient.upper),
        statistic.unwrap_or_else(|| NONE.to_string()),
        p_cell(coefficient.p),
    ]
}

fn limits(lower: Option<f64>, upper: Option<f64>) -> String {
    let limits = lower.zip(upper);
    limits.map_or_else(
        || NONE.to_string(),
        |(lower, upper)| format!("{} to {}", significant(lower, 3), significant(upper, 3)),
    )
}

/// `F 3.20 on 2 and 11 df, p = 0.080`
fn test(omnibus: &Omnibus) -> String {
    match omnibus.p {
        Some(p) => format!("{}, p {}", statistic(omnibus), p_value(p)),
        None => "none, for there are no degrees of freedom or the standard errors are 0".to_string(),
    }
}

fn statistic(omnibus: &Omnibus) -> String {
    match (omnibus.statistic, omnibus.df2) {
        (None, _) => NONE.to_string(),
        (Some(f), Some(df2)) => format!("F {} on {} and {} df", fixed(f, 2), omnibus.df1, degrees(df2)),
        (Some(q), None) => format!("χ² {}, df {}", fixed(q, 2), omnibus.df1),
    }
}

fn permutation(permutation: &Permutation) -> String {
    let drawn = permutation.permutations.saturating_sub(1);
    let which = match (permutation.exact, permutation.stopped) {
        (true, _) => format!("all {}", counted(permutation.permutations, "permutation", "permutations")),
        (false, false) => format!("{} drawn at random, and the observed order itself", grouped(drawn)),
        (false, true) => format!("{} done until Ctrl-C", grouped(permutation.permutations)),
    };
    let p = permutation.omnibus_p.map_or_else(|| NONE.to_string(), p_value);
    format!("Permutation test of moderators ({which}): p {p}.")
}

impl Document for RegressionReport<'_> {
    const SCHEMA: &'static str = "metaprop/regress/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &self.tables(), color)
    }

    fn markdown(&self) -> String {
        markdown::page("Meta-regression".to_string(), &self.sentences(), &self.tables())
    }

    fn csv(&self) -> Option<String> {
        let mut text = "term,estimate,se,statistic,df,p,lower,upper\n".to_string();
        for row in &self.analysis.coefficients {
            let numbers =
                [Some(row.estimate), Some(row.se), row.statistic, row.df, row.p, row.lower, row.upper];
            text.push_str(&format!("{},{}\n", field(&row.term), csv_numbers(numbers)));
        }
        Some(text)
    }
}

displayed!(RegressionReport<'_>);
