//! How much each study moves the result, written down.

use serde::Serialize;

use super::cells::{csv_numbers, percent, two_decimals, variances};
use super::csv::{cluster_field, cluster_head, field};
use super::document::{Document, Format, displayed};
use super::further::{Head, Unit, all_together};
use super::refits::stopped;
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::analysis::{Influence, MetaAnalysis, SmallestRemoval, StudyInfluence};
use crate::format::{NumberFormat, fixed, grouped, sanitize};

/// How much each study moves the result, with that result.
#[derive(Debug, Clone, Serialize)]
pub struct InfluenceReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    analysis: Influence,
    #[serde(skip_serializing_if = "Option::is_none")]
    smallest_removal: Option<SmallestRemoval>,
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
        let (head, display) = (Head::of(result, Self::SCHEMA), result.number_format());
        Self { head, analysis, smallest_removal: None, result, display }
    }

    /// With the smallest set of studies that a conclusion stands on.
    #[must_use]
    pub fn with_removal(self, removal: SmallestRemoval) -> Self {
        Self { smallest_removal: Some(removal), ..self }
    }

    /// Per how many proportions are written for people, and with how many decimals; documents and CSV have fractions.
    #[must_use]
    pub fn display(self, display: NumberFormat) -> Self {
        Self { display, ..self }
    }

    fn sentences(&self) -> Vec<String> {
        let all = format!("{}.", all_together(self.result, self.display));
        std::iter::once(all).chain(self.findings()).collect()
    }

    /// What it says beside the result of all studies.
    pub(super) fn findings(&self) -> Vec<String> {
        let unit = Unit::of(self.result);
        let marked: Vec<&str> =
            self.analysis.rows.iter().filter(|row| row.influential).map(|row| row.study.as_str()).collect();
        let found = match &marked[..] {
            [] => format!("No {} is beyond a cutoff.", unit.one),
            names => format!("Beyond a cutoff (marked *): {}.", names.join(", ")),
        };
        let mut sentences = vec![found];
        sentences.extend(self.smallest_removal.as_ref().map(|removal| removal_sentence(removal, unit)));
        sentences.extend(stopped(self.analysis.stopped, self.analysis.rows.len(), self.result.k()));
        sentences
    }

    pub(super) fn table(&self) -> Table {
        let unit = Unit::of(self.result);
        let columns = [
            (unit.head, Align::Left),
            ("Studentised\nresidual", Align::Right),
            ("DFFITS", Align::Right),
            ("Cook's\ndistance", Align::Right),
            ("Covariance\nratio", Align::Right),
            ("τ²\nwithout", Align::Right),
            ("Q\nwithout", Align::Right),
            ("Hat", Align::Right),
            ("Weight", Align::Right),
        ];
        let mut table = Table::new(format!("What changes when the {} is left out", unit.one), &columns);
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

/// On which studies a conclusion stands.
fn removal_sentence(removal: &SmallestRemoval, unit: Unit) -> String {
    let conclusion = &removal.conclusion;
    let every = |size: usize| match size {
        0 => String::new(),
        1 => format!(" Every {} was left out alone.", unit.one),
        size => format!(" Every set of up to {size} {} was left out.", unit.many),
    };
    let tried = every(removal.tried_up_to);
    match (removal.holds, removal.size, removal.found.first()) {
        (None, ..) => format!("\"{conclusion}\": the result has no such limit."),
        (Some(false), ..) => format!("\"{conclusion}\" does not hold with all {}.", unit.many),
        (_, Some(size), Some(first)) => {
            let without = first.omitted.join(", ");
            let others = if removal.sets > 1 {
                format!(", the first of {} such sets", grouped(removal.sets))
            } else {
                String::new()
            };
            let how = if removal.proved_smallest {
                "no smaller set does it"
            } else {
                "the smallest that was found; smaller ones may exist"
            };
            let stopped =
                if removal.stopped { " Stopped by Ctrl-C: there may be more sets of this size." } else { "" };
            format!(
                "\"{conclusion}\" does not hold without {} ({without}{others}): {how}.{stopped}",
                unit.count(size)
            )
        }
        _ if removal.stopped => format!("\"{conclusion}\": stopped by Ctrl-C; no set was found.{tried}"),
        _ => format!("\"{conclusion}\" holds without any set of {} that was tried.{tried}", unit.many),
    }
}

fn row(row: &StudyInfluence) -> Row {
    let mark = if row.influential { "\u{a0}*" } else { "" };
    let [tau2, _] = variances(row.tau2_deleted, None);
    Row::new(vec![
        format!("{}{mark}", sanitize(&row.study)),
        two_decimals(row.rstudent),
        two_decimals(row.dffits),
        two_decimals(row.cook),
        two_decimals(row.cov_ratio),
        tau2,
        two_decimals(row.q_deleted),
        two_decimals(row.hat),
        percent(row.weight.map(|weight| 100.0 * weight)),
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
        let mut text = format!(
            "study,rstudent,dffits,cook,cov_ratio,tau2_deleted,q_deleted,hat,weight,dfbetas,influential{}\n",
            cluster_head(self.result)
        );
        for (index, row) in self.analysis.rows.iter().enumerate() {
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
            let (numbers, cluster) = (csv_numbers(numbers), cluster_field(self.result, index));
            text.push_str(&format!("{},{numbers},{}{cluster}\n", field(&row.study), row.influential));
        }
        Some(text)
    }
}

displayed!(InfluenceReport<'_>);
