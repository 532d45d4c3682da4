//! What a report says, before it is put into a markup: the same for Markdown and for HTML.

use serde::Serialize;

use super::chapter::{Chapter, Place};
use super::references::{Reference, References};
use super::results;
use super::table::{Align, Table};
use super::{methods, sentence, studies};
use crate::analysis::MetaAnalysis;
use crate::format::{Display, capitalised, grouped, sanitize};
use crate::options::Spec;

/// How many studies, and how many rows left out, a page shows at most: what a browser still opens
/// at once. The CSV table and the result document have them all.
const MOST: usize = 2_000;

/// Everything a report is made of.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its outcomes, in the order of the analysis file.
    pub sections: Vec<Section<'a>>,
    /// Its other chapters.
    pub extras: Vec<Chapter>,
}

/// One outcome of a report.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// The folder of its files, and its anchor in the page; empty where it stands alone.
    pub id: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// The result.
    pub outcome: &'a MetaAnalysis,
    /// How proportions are written.
    pub display: Display,
    /// The forest plot, as SVG text; empty where there is none.
    pub figure: &'a str,
}

/// How one result is shown as a page of its own.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The title; the name of the data where there is none.
    pub title: Option<String>,
    /// How proportions are written.
    pub display: Display,
}

impl<'a> Report<'a> {
    /// The report of one result.
    #[must_use]
    pub fn of_one(outcome: &'a MetaAnalysis, page: &'a Page, figure: &'a str) -> Self {
        let data = outcome.data.provenance.data.as_str();
        let unnamed = if data.is_empty() { "Pooled proportion" } else { data };
        let title = page.title.as_deref().unwrap_or(unnamed);
        let section = Section { id: "", title: "", outcome, display: page.display, figure };
        Self { title, sections: vec![section], extras: Vec::new() }
    }
}

/// The words and tables of a report.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Content {
    pub title: String,
    pub first: Vec<Chapter>,
    pub chapters: Vec<ResultChapter>,
    pub last: Vec<Chapter>,
    pub methods: Vec<Methods>,
    pub references: Vec<Reference>,
}

/// The words and tables of one outcome.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ResultChapter {
    pub id: String,
    pub title: String,
    pub headline: Headline,
    pub summary: Vec<String>,
    pub studies: Table,
    pub pooled: Table,
    pub heterogeneity: Table,
    pub left_out: Option<Table>,
    pub advisories: Vec<String>,
    pub provenance: Vec<[String; 2]>,
    pub figure: String,
    pub extras: Vec<Chapter>,
}

/// The number a reader came for.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Headline {
    pub estimate: String,
    pub interval: Option<String>,
    pub basis: String,
}

/// What was done, for the outcomes that share it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Methods {
    /// The titles of the outcomes, where not all share it.
    pub outcomes: Vec<String>,
    pub statements: Vec<methods::Statement>,
    pub choices: Table,
}

impl Content {
    pub fn of(report: &Report<'_>) -> Self {
        let mut references = References::default();
        let methods = methods(&report.sections, &mut references);
        Self {
            title: sanitize(report.title).into_owned(),
            first: at(report, &Place::First),
            chapters: report
                .sections
                .iter()
                .map(|section| ResultChapter {
                    extras: at(report, &Place::After(section.id.to_string())),
                    ..ResultChapter::of(section)
                })
                .collect(),
            last: at(report, &Place::Last),
            methods,
            references: references.list().to_vec(),
        }
    }
}

/// The chapters that stand at a place.
fn at(report: &Report<'_>, place: &Place) -> Vec<Chapter> {
    report.extras.iter().filter(|extra| extra.place == *place).cloned().collect()
}

impl ResultChapter {
    fn of(section: &Section<'_>) -> Self {
        let Section { outcome, display, .. } = *section;
        Self {
            id: section.id.to_string(),
            title: sanitize(section.title).into_owned(),
            headline: Headline::of(outcome, display),
            summary: sentence::summary(outcome, display),
            studies: studies::table(outcome, display, MOST),
            pooled: results::pooled(outcome, display),
            heterogeneity: results::heterogeneity(outcome, display),
            left_out: left_out(outcome),
            advisories: outcome
                .advisories
                .iter()
                .map(|advisory| sanitize(&advisory.message).into_owned())
                .collect(),
            provenance: provenance(outcome),
            figure: section.figure.to_string(),
            extras: Vec::new(),
        }
    }
}

impl Headline {
    fn of(outcome: &MetaAnalysis, display: Display) -> Self {
        let summary = outcome.pooled();
        let counts = outcome.sums();
        let counts =
            counts.map(|(events, total)| format!(", {} of {} people", grouped(events), grouped(total)));
        let studies = if outcome.k() == 1 { "study" } else { "studies" };
        let interval = display.interval(summary.lower, summary.upper);
        Self {
            estimate: display.proportion(summary.estimate),
            interval: interval.map(|interval| format!("{} CI {interval}", outcome.spec.level)),
            basis: format!("{} {studies}{}", grouped(outcome.k() as u64), counts.unwrap_or_default()),
        }
    }
}

/// One paragraph for each spec that occurs.
fn methods(sections: &[Section<'_>], references: &mut References) -> Vec<Methods> {
    let mut specs: Vec<&Spec> = Vec::new();
    for section in sections {
        if !specs.contains(&&section.outcome.spec) {
            specs.push(&section.outcome.spec);
        }
    }
    let several = specs.len() > 1;
    let paragraph = |spec: &Spec| {
        let sharing: Vec<&Section<'_>> =
            sections.iter().filter(|section| section.outcome.spec == *spec).collect();
        let outcomes =
            sharing.iter().filter(|_| several).map(|section| sanitize(section.title).into_owned()).collect();
        Methods {
            outcomes,
            statements: methods::statements(spec, references),
            choices: methods::choices(spec),
        }
    };
    specs.into_iter().map(paragraph).collect()
}

/// The rows that were not pooled, with their reasons.
fn left_out(outcome: &MetaAnalysis) -> Option<Table> {
    let excluded = &outcome.excluded;
    let mut table = Table::new(
        "Rows left out",
        &[("Study", Align::Left), ("Line", Align::Right), ("Reason", Align::Left)],
    );
    for row in excluded.iter().take(MOST) {
        let study = sanitize(&row.study).into_owned();
        table.push([study, row.line.to_string(), capitalised(&sanitize(&row.reason))]);
    }
    if let Some(more) = excluded.len().checked_sub(MOST).filter(|more| *more > 0) {
        table.notes.push(format!("… {} more rows (the result document has them all)", grouped(more as u64)));
    }
    (!excluded.is_empty()).then_some(table)
}

/// Where the numbers come from.
fn provenance(outcome: &MetaAnalysis) -> Vec<[String; 2]> {
    let source = &outcome.data.provenance;
    let lines = [
        ("Data", source.data.as_str()),
        ("SHA-256", source.sha256.as_str()),
        ("τ² found by", &methods::convergence(outcome)),
        (
            "Freeman-Tukey inverse",
            &outcome.scale.inverse_n().map(|n| format!("n = {n:.3}")).unwrap_or_default(),
        ),
    ];
    let given = lines.into_iter().filter(|(_, text)| !text.is_empty());
    given.map(|(label, text)| [label.to_string(), sanitize(text).into_owned()]).collect()
}
