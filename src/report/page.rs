//! What a report says, before it is put into a markup: the same for Markdown and for HTML.

use serde::Serialize;

use super::chapter::{Chapter, Place};
use super::one_result::Page;
use super::references::{Reference, References};
use super::results;
use super::table::{Align, Table};
use super::{methods, reading, sentence, studies};
use crate::analysis::MetaAnalysis;
use crate::error::{Error, Problem};
use crate::format::{NumberFormat, capitalised, grouped, sanitize};
use crate::options::Shown;
use crate::options::analysis_file::is_folder_name;

/// How many studies, and how many rows left out, a page shows at most: what a browser still opens
/// at once. The CSV table and the result document have them all.
const MOST: usize = 2_000;

/// Everything a report is made of: pooled outcomes, and chapters of another kind beside them.
///
/// ```
/// use metaprop::format::NumberFormat;
/// use metaprop::report::{Report, Section};
/// use metaprop::{Dataset, Spec, fit};
///
/// let data = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13)])?;
/// let result = fit(&data, &Spec::default())?;
/// let section = Section::new("good", "Good response", result, NumberFormat::default())?;
/// let report = Report::new("Two series", vec![section]);
/// let paths: Vec<String> = report.files().into_iter().map(|file| file.path).collect();
/// assert_eq!(paths[..3], ["good/forest.svg", "good/result.json", "good/studies.csv"]);
/// assert!(report.markdown().starts_with("# Two series\n"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Report {
    title: String,
    sections: Vec<Section>,
    chapters: Vec<Chapter>,
}

/// One outcome of a report.
#[derive(Debug, Clone)]
pub struct Section {
    /// The folder of its files, and its anchor in the page; empty where it stands alone.
    id: String,
    title: String,
    result: MetaAnalysis,
    display: NumberFormat,
    shown: Shown,
    /// The forest plot, as SVG text; empty where there is none.
    figure: String,
}

impl Section {
    /// A result under a title, with its forest plot; `display` says how proportions are written.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the id is no plain name of a folder: letters, digits, `-` and `_`, at most 64.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        result: MetaAnalysis,
        display: NumberFormat,
    ) -> Result<Self, Error> {
        let (id, title) = (id.into(), title.into());
        if !is_folder_name(&id) {
            let problem = Problem::new(format!("the id '{id}' is not a plain name of a folder"));
            return Err(Error::Usage(vec![problem.help("use letters, digits, - and _ alone, at most 64")]));
        }
        let shown = Shown::of(&result.spec);
        let section = Self { id, title, result, display, shown, figure: String::new() };
        Ok(Self { figure: section.drawn(), ..section })
    }

    /// The same with these parts of the result, and with what its totals count.
    #[must_use]
    pub fn shown(self, shown: Shown) -> Self {
        if shown == self.shown {
            return self;
        }
        let section = Self { shown, ..self };
        Self { figure: section.drawn(), ..section }
    }

    /// The forest plot, as SVG text.
    fn drawn(&self) -> String {
        let forest = self.result.forest().title(self.title.as_str()).display(self.display);
        forest.shown(self.shown.clone()).id(format!("forest-{}", self.id)).svg()
    }

    /// The folder of its files.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The result.
    #[must_use]
    pub fn result(&self) -> &MetaAnalysis {
        &self.result
    }

    /// The forest plot, as the text of an SVG file.
    #[must_use]
    pub fn figure(&self) -> &str {
        &self.figure
    }
}

impl Report {
    /// The report of one result, with this figure or, where it is empty, none.
    pub(super) fn of_one(page: &Page<'_>, figure: String) -> Self {
        let data = page.result.data.provenance.data.as_str();
        let unnamed = format!("Pooled {}", page.result.scale.noun());
        let unnamed = if data.is_empty() { unnamed.as_str() } else { data };
        let section = Section {
            id: String::new(),
            title: String::new(),
            result: page.result.clone(),
            display: page.display,
            shown: page.shown.clone(),
            figure,
        };
        Self::new(page.title.as_deref().unwrap_or(unnamed), vec![section])
    }

    /// A report of these outcomes, in this order.
    #[must_use]
    pub fn new(title: impl Into<String>, sections: Vec<Section>) -> Self {
        Self { title: title.into(), sections, chapters: Vec::new() }
    }

    /// The same report with these chapters beside its outcomes.
    #[must_use]
    pub fn with_chapters(self, chapters: Vec<Chapter>) -> Self {
        Self { chapters, ..self }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its outcomes.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// What it has beside the outcomes.
    #[must_use]
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
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
    pub fn of(report: &Report) -> Self {
        let mut references = References::default();
        let methods = methods(&report.sections, &mut references);
        Self {
            title: sanitize(&report.title).into_owned(),
            first: at(report, &Place::First),
            chapters: report
                .sections
                .iter()
                .map(|section| ResultChapter {
                    extras: at(report, &Place::After(section.id.clone())),
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
fn at(report: &Report, place: &Place) -> Vec<Chapter> {
    report.chapters.iter().filter(|extra| extra.place == *place).cloned().collect()
}

impl ResultChapter {
    fn of(section: &Section) -> Self {
        let (outcome, display, shown) = (&section.result, section.display, &section.shown);
        Self {
            id: section.id.clone(),
            title: sanitize(&section.title).into_owned(),
            headline: Headline::of(outcome, display, shown),
            summary: sentence::summary(outcome, display, shown),
            studies: studies::table(outcome, display, shown, MOST),
            pooled: results::pooled(outcome, display, shown),
            heterogeneity: results::heterogeneity(outcome, display),
            left_out: left_out(outcome),
            advisories: outcome
                .advisories_in(display)
                .iter()
                .map(|advisory| sanitize(&advisory.message).into_owned())
                .collect(),
            provenance: provenance(outcome),
            figure: section.figure.clone(),
            extras: Vec::new(),
        }
    }
}

impl Headline {
    fn of(outcome: &MetaAnalysis, display: NumberFormat, shown: &Shown) -> Self {
        let summary = outcome.pooled();
        let counts = outcome.sums();
        let unit = sanitize(shown.unit());
        let counts =
            counts.map(|(events, total)| format!(", {} of {} {unit}", grouped(events), grouped(total)));
        let studies = if outcome.k() == 1 { "study" } else { "studies" };
        let [lower, upper] = summary.shown_limits();
        let interval = display.interval(lower, upper);
        Self {
            estimate: display.with_sign(summary.estimate),
            interval: interval.map(|interval| format!("{} CI {interval}", outcome.spec.level)),
            basis: format!("{} {studies}{}", grouped(outcome.k() as u64), counts.unwrap_or_default()),
        }
    }
}

/// One paragraph for each way of pooling that occurs.
fn methods(sections: &[Section], references: &mut References) -> Vec<Methods> {
    let mut ways: Vec<&MetaAnalysis> = Vec::new();
    for section in sections {
        if !ways.iter().any(|way| methods::are_the_same(way, &section.result)) {
            ways.push(&section.result);
        }
    }
    let several = ways.len() > 1;
    let paragraph = |way: &MetaAnalysis| {
        let sharing = sections.iter().filter(|section| methods::are_the_same(way, &section.result));
        let outcomes =
            sharing.filter(|_| several).map(|section| sanitize(&section.title).into_owned()).collect();
        Methods { outcomes, statements: methods::statements(way, references), choices: methods::choices(way) }
    };
    ways.into_iter().map(paragraph).collect()
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
    let mut lines: Vec<[String; 2]> =
        given.map(|(label, text)| [label.to_string(), sanitize(text).into_owned()]).collect();
    // Behind the name and the digest of the data.
    let at = lines.iter().take_while(|[label, _]| ["Data", "SHA-256"].contains(&&**label)).count();
    lines.splice(at..at, reading::lines(outcome));
    lines
}
