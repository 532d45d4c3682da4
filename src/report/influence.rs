//! How much each study moves the result, written down.

use serde::Serialize;

use super::csv::field;
use super::document::{Document, Format, displayed};
use super::further::{Head, all_together, csv_numbers, two_decimals, variances};
use super::refits::stopped;
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::analysis::{Influence, MetaAnalysis, StudyInfluence};
use crate::format::{NumberFormat, fixed, sanitize};

/// How much each study moves the result, with that result.
#[derive(Debug, Clone, Serialize)]
pub struct InfluenceReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    analysis: Influence,
    #[serde(skip)]
    result: &'a MetaAnalysis,
    #[serde(skip)]
    display: NumberFormat,
}

impl<'a> InfluenceReport<'a> {
    /// Of the result that it was computed from.
    ///
    /// ```
    /// use metaprop::prelude::*;
    /// use metaprop::report::InfluenceReport;
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let report = InfluenceReport::new(&result, result.influence()?);
    /// assert!(report.text(false).contains("Cook's distance"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(result: &'a MetaAnalysis, analysis: Influence) -> Self {
        Self { head: Head::of(result, Self::SCHEMA), analysis, result, display: result.number_format() }
    }

    /// Per how many proportions are written for people, and with how many decimals; documents and CSV have fractions.
    #[must_use]
    pub fn display(self, display: NumberFormat) -> Self {
        Self { display, ..self }
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let marked: Vec<&str> =
            self.analysis.rows.iter().filter(|row| row.influential).map(|row| row.study.as_str()).collect();
        let found = match &marked[..] {
            [] => "No study is beyond a cutoff.".to_string(),
            names => format!("Beyond a cutoff (marked *): {}.", names.join(", ")),
        };
        let mut sentences = vec![format!("{}.", all_together(self.result, self.display)), found];
        sentences.extend(stopped(self.analysis.stopped, self.analysis.rows.len(), self.result.k()));
        sentences
    }

    pub(super) fn table(&self) -> Table {
        let columns = [
            ("Study", Align::Left),
            ("Studentised\nresidual", Align::Right),
            ("DFFITS", Align::Right),
            ("Cook's\ndistance", Align::Right),
            ("Covariance\nratio", Align::Right),
            ("τ²\nwithout", Align::Right),
            ("Q\nwithout", Align::Right),
            ("Hat", Align::Right),
            ("Weight", Align::Right),
        ];
        let mut table = Table::new("What changes when the study is left out", &columns);
        table.body = self.analysis.rows.iter().map(row).collect();
        let cutoffs = &self.analysis.cutoffs;
        table.notes = vec![format!(
            "* |DFFITS| above {}, Cook's distance above {}, hat above {} or |DFBETAS| above {}: \
             conventions for a closer look, no test.",
            fixed(cutoffs.dffits, 2),
            fixed(cutoffs.cook, 2),
            fixed(cutoffs.hat, 2),
            fixed(cutoffs.dfbetas, 0),
        )];
        table
    }
}

fn row(row: &StudyInfluence) -> Row {
    let mark = if row.influential { "\u{a0}*" } else { "" };
    let [tau2, _] = variances(row.tau2_deleted, None);
    let percent = |value: Option<f64>| {
        value.map_or_else(|| NONE.to_string(), |value| format!("{}%", fixed(100.0 * value, 1)))
    };
    Row::new(vec![
        format!("{}{mark}", sanitize(&row.study)),
        two_decimals(row.rstudent),
        two_decimals(row.dffits),
        two_decimals(row.cook),
        two_decimals(row.cov_ratio),
        tau2,
        two_decimals(row.q_deleted),
        two_decimals(row.hat),
        percent(row.weight),
    ])
}

impl Document for InfluenceReport<'_> {
    const SCHEMA: &'static str = "metaprop/influence/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &[self.table()], color)
    }

    fn markdown(&self) -> String {
        markdown::page("Influence".to_string(), &self.sentences(), &[self.table()])
    }

    fn csv(&self) -> Option<String> {
        let mut text =
            "study,rstudent,dffits,cook,cov_ratio,tau2_deleted,q_deleted,hat,weight,dfbetas,influential\n"
                .to_string();
        for row in &self.analysis.rows {
            let numbers = [
                row.rstudent,
                row.dffits,
                row.cook,
                row.cov_ratio,
                row.tau2_deleted,
                row.q_deleted,
                row.hat,
                row.weight,
                row.dfbetas,
            ];
            text.push_str(&format!("{},{},{}\n", field(&row.study), csv_numbers(numbers), row.influential));
        }
        Some(text)
    }
}

displayed!(InfluenceReport<'_>);
