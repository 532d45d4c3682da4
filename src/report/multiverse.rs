//! Every defensible specification, as text, Markdown, CSV and a document.

use serde::Serialize;

use super::document::{Document, Format, displayed};
use super::markdown;
use super::table::{Align, Table};
use super::text::{Paint, table_text};
use crate::data::{Dataset, Provenance};
use crate::format::{NumberFormat, grouped, sanitize};
use crate::options::Spec;
use crate::published::multiverse::{CHOICES, Multiverse, choice_keys};

/// Every specification of one analysis, and where its data come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/multiverse/1")]
pub struct MultiverseReport {
    provenance: Provenance,
    /// What every specification starts from: the explicit choices, and the defaults of the others.
    spec: Spec,
    #[serde(flatten)]
    all: Multiverse,
    /// How proportions are written for people.
    #[serde(skip)]
    display: NumberFormat,
}

impl MultiverseReport {
    /// Every specification of these data; `spec` is what each of them starts from: the explicit choices, and the
    /// defaults of the others.
    ///
    /// ```
    /// use metaprop::prelude::*;
    /// use metaprop::published::multiverse::multiverse;
    /// use metaprop::report::MultiverseReport;
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let all = multiverse(&data, &Request::default(), None, |_, _| true)?;
    /// let report = MultiverseReport::new(&data, Spec::default(), all);
    /// assert_eq!(report.csv().unwrap().lines().count(), 1 + report.all().rows.len());
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(data: &Dataset, spec: Spec, all: Multiverse) -> Self {
        let display = all.number_format();
        Self { provenance: data.provenance().clone(), spec, all, display }
    }

    /// Per how many proportions are written for people, and with how many decimals; documents and CSV have fractions.
    #[must_use]
    pub fn display(mut self, display: NumberFormat) -> Self {
        self.display = display;
        self
    }

    /// What they say together.
    pub(super) fn sentence(&self) -> String {
        self.all.sentence_in(self.display)
    }

    /// The specifications.
    #[must_use]
    pub fn all(&self) -> &Multiverse {
        &self.all
    }
}

impl Document for MultiverseReport {
    const SCHEMA: &'static str = "metaprop/multiverse/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    /// What they say together; the rows are in the other formats.
    fn text(&self, color: bool) -> String {
        let mut page = format!("{}\n\n", sanitize(&self.sentence()));
        page.push_str(&table_text(&sway(self), Paint { color }));
        page
    }

    fn markdown(&self) -> String {
        let title = format!("# Every specification of {}", markdown::escaped(&self.provenance.data));
        let mut blocks = vec![title, markdown::escaped(&self.sentence())];
        blocks.extend(markdown::captioned(&sway(self)));
        blocks.extend(markdown::captioned(&rows(self)));
        blocks.join("\n\n") + "\n"
    }

    /// A row a specification: its choices, then its numbers with all their digits; empty where there is none.
    fn csv(&self) -> Option<String> {
        let mut text = format!("{},estimate,lower,upper,tau2\n", CHOICES.join(","));
        for row in &self.all.rows {
            let choices = choice_keys(&row.spec).map(Option::unwrap_or_default);
            let numbers = [Some(row.estimate), row.lower, row.upper, row.tau2]
                .map(|number| number.map(|number| number.to_string()).unwrap_or_default());
            text.push_str(&format!("{},{}\n", choices.join(","), numbers.join(",")));
        }
        Some(text)
    }
}

displayed!(MultiverseReport);

/// How far each choice moves the estimate.
pub(super) fn sway(surveyed: &MultiverseReport) -> Table {
    let display = surveyed.display;
    // A difference, with one decimal more than a proportion.
    let finer = NumberFormat { digits: display.digits + 1, ..display };
    let unit = display.unit().unwrap_or_else(|| "in points".to_string());
    let (mean, largest) = (format!("mean range\n{unit}"), format!("largest\n{unit}"));
    let columns = [
        ("choice", Align::Left),
        (mean.as_str(), Align::Right),
        (largest.as_str(), Align::Right),
        ("comparisons", Align::Right),
    ];
    let mut table = Table::new(
        "How far each choice moves the estimate by inverse variance, the others held fixed",
        &columns,
    );
    for effect in &surveyed.all.summary.choice_effects {
        table.push([
            effect.choice.to_string(),
            finer.number(effect.mean),
            finer.number(effect.largest),
            grouped(effect.comparisons),
        ]);
    }
    table
}

fn rows(surveyed: &MultiverseReport) -> Table {
    let columns = [("specification", Align::Left), ("estimate", Align::Right), ("interval", Align::Interval)];
    let (mut table, display) = (Table::new("The specifications", &columns), surveyed.display);
    for row in &surveyed.all.rows {
        let limits = display.interval(row.lower, row.upper).unwrap_or_default();
        table.push([row.label(), display.with_sign(row.estimate), limits]);
    }
    table
}
