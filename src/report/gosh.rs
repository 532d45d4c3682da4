//! The pooled value of every subset of the studies, written down.

use serde::{Serialize, Serializer};

use super::cells::{csv_numbers, percent};
use super::document::{Document, Format, displayed};
use super::further::{Head, Unit, all_together};
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::analysis::{
    Gosh, GoshClusters, GoshSummary, MetaAnalysis, OutlierSet, Refit, StudyInSubsets, Subset,
};
use crate::format::{NumberFormat, counted, fixed, grouped, sanitize};

/// The pooled value of every subset of the studies, or of drawn ones, with the result of all.
#[derive(Debug, Clone, Serialize)]
pub struct GoshReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    subsets: u64,
    exhaustive: bool,
    failed: u64,
    stopped: bool,
    summary: GoshSummary,
    by_study: Vec<StudyInSubsets>,
    clusters: GoshClusters,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Rows<'a>>,
    #[serde(skip)]
    analysis: &'a Gosh,
    #[serde(skip)]
    result: &'a MetaAnalysis,
    #[serde(skip)]
    display: NumberFormat,
}

/// The subsets, one after the other.
#[derive(Debug, Clone, Copy)]
struct Rows<'a>(&'a Gosh);

/// A subset, with its studies counted from 0.
#[derive(Serialize)]
struct OneSubset {
    studies: Vec<u32>,
    k: usize,
    y: Option<f64>,
    estimate: f64,
    tau2: Option<f64>,
    i2: Option<f64>,
    q: Option<f64>,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.rows.iter().map(|row| {
            let Subset { k, y, estimate, tau2, i2, q, .. } = *row;
            OneSubset { studies: self.0.studies(row), k, y, estimate, tau2, i2, q }
        }))
    }
}

impl<'a> GoshReport<'a> {
    /// Of the result that it was computed from.
    ///
    /// ```
    /// use metaprop::prelude::*;
    /// use metaprop::report::GoshReport;
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let gosh = result.gosh(&Default::default())?;
    /// assert!(GoshReport::new(&result, &gosh).text(false).contains("all 4 subsets"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(result: &'a MetaAnalysis, analysis: &'a Gosh) -> Self {
        Self {
            head: Head::of(result, Self::SCHEMA),
            subsets: analysis.rows.len() as u64,
            exhaustive: analysis.exhaustive,
            failed: analysis.failed,
            stopped: analysis.stopped,
            summary: analysis.summary(),
            by_study: analysis.by_study(),
            clusters: analysis.clusters(result),
            rows: None,
            analysis,
            result,
            display: result.number_format(),
        }
    }

    /// With a row a subset in the document.
    #[must_use]
    pub fn with_rows(self) -> Self {
        Self { rows: Some(Rows(self.analysis)), ..self }
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
        let which = match (self.exhaustive, self.subsets) {
            (true, 1) => "the one subset".to_string(),
            (true, n) => format!("all {} subsets", grouped(n)),
            (false, n) if self.stopped => {
                format!(
                    "{} of {}, until Ctrl-C",
                    grouped(n),
                    counted(self.analysis.asked, "subset", "subsets")
                )
            }
            (false, n) => format!("{} drawn at random", counted(n, "subset", "subsets")),
        };
        let mut sentences = Vec::new();
        let (summary, noun, unit) = (&self.summary, self.result.scale().noun(), Unit::of(self.result));
        if let Some((least, most)) = summary.estimate_min.zip(summary.estimate_max) {
            let [least, most] = [least, most].map(|value| self.display.with_sign(value));
            let reach = if self.subsets == 1 { least } else { format!("from {least} to {most}") };
            sentences.push(format!("The pooled {noun} of {which} of the {} is {reach}.", unit.many));
        }
        let means = self.summary.estimate_mean.zip(self.summary.estimate_sd);
        sentences.extend(means.map(|(mean, sd)| {
            let i2 = self.summary.i2_mean.map(|i2| format!("; the mean I² is {}%", fixed(i2, 1)));
            format!(
                "Their mean is {}, their standard deviation {}{}.",
                self.display.with_sign(mean),
                self.display.number(sd),
                i2.unwrap_or_default()
            )
        }));
        if self.failed > 0 {
            sentences.push(format!("The model could not be fitted to {} more.", grouped(self.failed)));
        }
        sentences.push(self.of_clusters());
        sentences
    }

    /// Which studies part the subsets into two clusters.
    fn of_clusters(&self) -> String {
        let unit = Unit::of(self.result);
        if let Some(reason) = &self.clusters.reason {
            return format!("Clusters of the subsets were not looked for: {reason}.");
        }
        let Some(first) = self.clusters.sets.first() else {
            return "k-means parts the subsets into two clusters by estimate and I²; which one a subset is in agrees with the \
                    presence of no "
                .to_string()
                + unit.one
                + ".";
        };
        format!(
            "k-means parts the subsets into two clusters by estimate and I²; which one a subset is in agrees with the presence \
             of {} (κ = {}). k-means parts any cloud: that says where to look, not what to leave out.",
            sanitize(&first.parting.join(" or ")),
            fixed(first.kappa, 2)
        )
    }

    /// The sets of studies that part the subsets, and what is pooled without each.
    fn sets(&self) -> Option<Table> {
        let unit = Unit::of(self.result);
        let columns = [
            ("Without", Align::Left),
            ("κ", Align::Right),
            (unit.heads, Align::Right),
            ("Estimate", Align::Left),
            ("I²", Align::Right),
        ];
        let mut table = Table::new(
            format!("Without the {} that part the subsets, one after the other", unit.many),
            &columns,
        );
        let row = |set: &OutlierSet| {
            let Refit { k, estimate, lower, upper, i2, .. } = set.result;
            let interval = self.display.interval(lower, upper).map(|interval| format!(" ({interval})"));
            let estimate =
                estimate.map_or_else(|| NONE.to_string(), |estimate| self.display.with_sign(estimate));
            Row::new(vec![
                sanitize(&set.studies.join(", ")).into_owned(),
                fixed(set.kappa, 2),
                k.to_string(),
                estimate + &interval.unwrap_or_default(),
                percent(i2),
            ])
        };
        table.body = self.clusters.sets.iter().map(row).collect();
        (!table.body.is_empty()).then_some(table)
    }

    /// What it lists.
    pub(super) fn tables(&self) -> Vec<Table> {
        std::iter::once(self.studies()).chain(self.sets()).collect()
    }

    fn studies(&self) -> Table {
        let unit = Unit::of(self.result);
        let columns = [
            (unit.head, Align::Left),
            ("Mean estimate\nwith it", Align::Right),
            ("without it", Align::Right),
            ("Mean I²\nwith it", Align::Right),
            ("without it", Align::Right),
        ];
        let mut table = Table::new(format!("Subsets with and without each {}", unit.one), &columns);
        let shown = |value: Option<f64>| {
            value.map_or_else(|| NONE.to_string(), |value| self.display.with_sign(value))
        };
        table.body = self
            .by_study
            .iter()
            .map(|row| {
                Row::new(vec![
                    sanitize(&row.study).into_owned(),
                    shown(row.estimate_with),
                    shown(row.estimate_without),
                    percent(row.i2_with),
                    percent(row.i2_without),
                ])
            })
            .collect();
        table
    }
}

impl Document for GoshReport<'_> {
    const SCHEMA: &'static str = "metaprop/gosh/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &self.tables(), color)
    }

    fn markdown(&self) -> String {
        markdown::page("Every subset of the studies".to_string(), &self.sentences(), &self.tables())
    }

    /// A row a subset; its studies are counted from 0 and joined by blanks.
    fn csv(&self) -> Option<String> {
        let mut text = "studies,k,y,estimate,tau2,i2,q\n".to_string();
        for row in &self.analysis.rows {
            let studies: Vec<String> = self.analysis.studies(row).iter().map(u32::to_string).collect();
            let numbers = csv_numbers([row.y, Some(row.estimate), row.tau2, row.i2, row.q]);
            text.push_str(&format!("{},{},{numbers}\n", studies.join(" "), row.k));
        }
        Some(text)
    }
}

displayed!(GoshReport<'_>);
