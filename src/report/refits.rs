//! The pooled value without each study, and of the first studies, written down.

use serde::Serialize;

use super::cells::{cells, csv_numbers, variances};
use super::csv::{cluster_field, cluster_head, field};
use super::document::{Document, Format, displayed};
use super::further::{Head, Unit, all_together};
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::analysis::{Cumulative, LeaveOneOut, MetaAnalysis, Refit};
use crate::format::{NumberFormat, sanitize};

/// The pooled value without each study in turn, with the result that it belongs to.
#[derive(Debug, Clone, Serialize)]
pub struct LeaveOneOutReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    analysis: LeaveOneOut,
    #[serde(skip)]
    result: &'a MetaAnalysis,
    #[serde(skip)]
    display: NumberFormat,
}

/// The pooled value of the first study, of the first two, and so on, with the result of all.
#[derive(Debug, Clone, Serialize)]
pub struct CumulativeReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    analysis: Cumulative,
    #[serde(skip)]
    result: &'a MetaAnalysis,
    #[serde(skip)]
    display: NumberFormat,
}

macro_rules! report {
    ($report:ident of $analysis:ident, $method:literal) => {
        impl<'a> $report<'a> {
            /// Of the result that it was computed from.
            ///
            /// ```
            #[doc = concat!("use metaprop::report::", stringify!($report), ";")]
            /// use metaprop::prelude::*;
            ///
            /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
            /// let result = fit(&data, &Spec::default())?;
            #[doc = concat!("let report = ", stringify!($report), "::new(&result, result.", $method, "?);")]
            /// assert_eq!(report.csv().unwrap().lines().count(), 4);
            /// # Ok::<(), Error>(())
            /// ```
            #[must_use]
            pub fn new(result: &'a MetaAnalysis, analysis: $analysis) -> Self {
                let head = Head::of(result, Self::SCHEMA);
                Self { head, analysis, result, display: result.number_format() }
            }

            /// Per how many proportions are written for people, and with how many decimals; documents and CSV have
            /// fractions.
            #[must_use]
            pub fn display(self, display: NumberFormat) -> Self {
                Self { display, ..self }
            }
        }

        displayed!($report<'_>);
    };
}

report!(LeaveOneOutReport of LeaveOneOut, "leave_one_out()");
report!(CumulativeReport of Cumulative, "cumulative(None)");

const FORMATS: &[Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

/// A refit and the row that it is without, or that is new in it.
struct Named<'a> {
    name: &'a str,
    /// The row's place, counted from 0.
    row: usize,
    refit: &'a Refit,
}

impl LeaveOneOutReport<'_> {
    fn rows(&self) -> Vec<Named<'_>> {
        let rows = self.analysis.rows.iter().enumerate();
        rows.map(|(row, one)| Named { name: &one.omitted, row, refit: &one.result }).collect()
    }

    /// What leaving one study out does.
    pub(super) fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![format!("{}.", all_together(self.result, self.display))];
        let rows = self.rows();
        let estimates = rows.iter().filter_map(|row| Some((row.name, row.refit.estimate?)));
        let least = estimates.clone().min_by(|a, b| a.1.total_cmp(&b.1));
        let most = estimates.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some(((low, least), (high, most))) = least.zip(most) {
            sentences.push(format!(
                "With one {} left out the pooled {} is from {} (without {}) to {} (without {}).",
                Unit::of(self.result).one,
                self.result.scale().noun(),
                self.display.with_sign(least),
                sanitize(low),
                self.display.with_sign(most),
                sanitize(high),
            ));
        }
        sentences.extend(stopped(self.analysis.stopped, self.analysis.rows.len(), self.result.k()));
        sentences
    }

    pub(super) fn table(&self) -> Table {
        let caption = format!("The pooled value without each {}", Unit::of(self.result).one);
        table(&caption, "Left out", &self.rows(), self.result, self.display)
    }
}

impl CumulativeReport<'_> {
    fn rows(&self) -> Vec<Named<'_>> {
        let rows = self.analysis.rows.iter();
        rows.map(|one| Named { name: &one.added, row: one.row as usize, refit: &one.result }).collect()
    }

    fn sentences(&self) -> Vec<String> {
        let order = match &self.analysis.sort {
            Some(order) => format!("in the order of {order}"),
            None => "in the order of the table".to_string(),
        };
        let mut sentences = vec![
            format!("{}.", all_together(self.result, self.display)),
            format!("{} are added one at a time, {order}.", Unit::of(self.result).heads),
        ];
        sentences.extend(stopped(self.analysis.stopped, self.analysis.rows.len(), self.result.k()));
        sentences
    }

    fn table(&self) -> Table {
        let caption = format!("The pooled value as {} are added", Unit::of(self.result).many);
        table(&caption, "Added", &self.rows(), self.result, self.display)
    }
}

impl Document for LeaveOneOutReport<'_> {
    const SCHEMA: &'static str = "metaprop/leave-one-out/1";
    const FORMATS: &'static [Format] = FORMATS;

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &[self.table()], color)
    }

    fn markdown(&self) -> String {
        markdown::page("Without each study".to_string(), &self.sentences(), &[self.table()])
    }

    fn csv(&self) -> Option<String> {
        Some(csv("omitted", &self.rows(), self.result))
    }
}

impl Document for CumulativeReport<'_> {
    const SCHEMA: &'static str = "metaprop/cumulative/1";
    const FORMATS: &'static [Format] = FORMATS;

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &[self.table()], color)
    }

    fn markdown(&self) -> String {
        markdown::page("As studies are added".to_string(), &self.sentences(), &[self.table()])
    }

    fn csv(&self) -> Option<String> {
        Some(csv("added", &self.rows(), self.result))
    }
}

/// What is said of a computation that Ctrl-C stopped.
pub(super) fn stopped(stopped: bool, done: usize, of: usize) -> Option<String> {
    stopped.then(|| format!("Stopped by Ctrl-C: {done} of {of} are computed."))
}

fn table(caption: &str, of: &str, rows: &[Named<'_>], result: &MetaAnalysis, display: NumberFormat) -> Table {
    let (interval, unit) =
        (format!("{} CI", result.spec.level), display.unit().unwrap_or_else(|| "Estimate".to_string()));
    let columns = [
        (of, Align::Left),
        (Unit::of(result).heads, Align::Right),
        (unit.as_str(), Align::Right),
        (interval.as_str(), Align::Interval),
        ("τ²", Align::Right),
        ("I²", Align::Right),
    ];
    let mut table = Table::new(caption, &columns);
    table.body = rows.iter().map(|row| cells_of(row.name, row.refit, display)).collect();
    table.notes = notes(rows);
    table
}

fn cells_of(name: &str, row: &Refit, display: NumberFormat) -> Row {
    let [estimate, limits] = cells(row, display);
    let [tau2, i2] = variances(row.tau2, row.i2);
    Row::new(vec![sanitize(name).into_owned(), row.k.to_string(), estimate, limits, tau2, i2])
}

/// Why rows have no numbers.
fn notes(rows: &[Named<'_>]) -> Vec<String> {
    let failed = rows.iter().filter_map(|row| Some((row.name, row.refit.reason.as_ref()?)));
    failed.map(|(name, reason)| format!("{name}: {reason}")).collect()
}

fn csv(of: &str, rows: &[Named<'_>], result: &MetaAnalysis) -> String {
    let mut text = format!("{of},k,y,se,estimate,lower,upper,q,p_q,tau2,i2{}\n", cluster_head(result));
    for Named { name, row, refit } in rows {
        let Refit { y, se, estimate, lower, upper, q, p_q, tau2, i2, .. } = **refit;
        let numbers = csv_numbers([y, se, estimate, lower, upper, q, p_q, tau2, i2]);
        let cluster = cluster_field(result, *row);
        text.push_str(&format!("{},{},{numbers}{cluster}\n", field(name), refit.k));
    }
    text
}
