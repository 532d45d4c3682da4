//! What a report says, before it is put into a markup: the same for Markdown and for HTML.

use serde::Serialize;

use super::chapter::{Chapter, Place};
use super::one_result::Page;
use super::opening::Opening;
use super::references::{Reference, References};
use super::results;
use super::sentence::basis_of_rows;
use super::table::{Align, Table};
use super::{methods, reading, sentence, studies, subgroups};
use crate::analysis::MetaAnalysis;
use crate::error::{Error, Problem};
use crate::format::{NumberFormat, capitalised, grouped, sanitize};
use crate::options::analysis_file::is_folder_name;
use crate::options::{Model, Shown};
use crate::plot::{Appearance, Theme};

/// The largest page of a report, in bytes.
const LARGEST: usize = 300_000;

/// How much of a report a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// How many studies, and how many rows left out, of each outcome: the CSV table and the result document have
    /// them all. As many rows of the other tables, which files beside the page have.
    pub rows: usize,
    /// How many outcomes, and how many other chapters at each place.
    pub outcomes: usize,
}

impl Extent {
    /// What a page alone has: as many rows as a browser still opens at once.
    pub const FULL: Self = Self { rows: 2_000, outcomes: usize::MAX };

    /// The extents of the page of a report, each with less than the one before.
    fn smaller(outcomes: usize) -> impl Iterator<Item = Self> {
        let fewer_rows = [500, 100, 20].map(|rows| Self { rows, ..Self::FULL });
        let fewer_outcomes = std::iter::successors(Some(outcomes / 2), |outcomes| Some(outcomes / 2));
        let fewer_outcomes = fewer_outcomes.take_while(|outcomes| *outcomes > 0);
        std::iter::once(Self::FULL)
            .chain(fewer_rows)
            .chain(fewer_outcomes.map(|outcomes| Self { rows: 20, outcomes }))
    }

    /// As many of these chapters as there is room for, with as many rows.
    fn of_chapters(self, chapters: Vec<Chapter>) -> Vec<Chapter> {
        chapters.into_iter().take(self.outcomes).map(|chapter| chapter.with_at_most(self.rows)).collect()
    }
}

impl Report {
    /// The page as it is written with the first extent that leaves it at most [`LARGEST`], else with the last one. A
    /// page that stands alone, without files beside it, has everything.
    pub(super) fn page_within(&self, write: impl Fn(Content) -> String) -> String {
        if self.sections.first().is_some_and(|section| section.id.is_empty()) {
            return write(Content::of(self, Extent::FULL));
        }
        let mut page = String::new();
        for extent in Extent::smaller(self.sections.len().max(self.chapters.len())) {
            let content = Content::of(self, extent);
            page = write(content.clone());
            if let Some(excess) = page.len().checked_sub(LARGEST).filter(|excess| *excess > 0) {
                page = write(content.with_figures_linked(excess));
            }
            if page.len() <= LARGEST {
                break;
            }
        }
        page
    }
}

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
    opening: Option<Opening>,
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
    appearance: Appearance,
    /// The forest plot, as SVG text; empty where there is none.
    figure: String,
    /// Remarks of the author.
    notes: Vec<String>,
    /// Whether it stands at the end of the page.
    appendix: bool,
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
        let (figure, notes, appearance) = (String::new(), Vec::new(), Appearance::default());
        let section = Self { id, title, result, display, shown, appearance, figure, notes, appendix: false };
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

    /// The same with a figure that looks so.
    #[must_use]
    pub fn appearance(self, appearance: Appearance) -> Self {
        if appearance == self.appearance {
            return self;
        }
        let section = Self { appearance, ..self };
        Self { figure: section.drawn(), ..section }
    }

    /// The same with remarks of the author, which stand below its tables.
    #[must_use]
    pub fn with_notes(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// The same at the end of the page, if that is so.
    #[must_use]
    pub fn in_appendix(self, appendix: bool) -> Self {
        Self { appendix, ..self }
    }

    /// The forest plot, as SVG text.
    fn drawn(&self) -> String {
        let forest = self.result.forest().title(self.title.as_str()).display(self.display);
        let forest = forest.appearance(&self.appearance);
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
            appearance: page.appearance.clone(),
            figure,
            notes: Vec::new(),
            appendix: false,
        };
        Self::new(page.title.as_deref().unwrap_or(unnamed), vec![section])
    }

    /// A report of these outcomes, in this order.
    #[must_use]
    pub fn new(title: impl Into<String>, sections: Vec<Section>) -> Self {
        Self { title: title.into(), opening: None, sections, chapters: Vec::new() }
    }

    /// The same report with these chapters beside its outcomes.
    #[must_use]
    pub fn with_chapters(self, chapters: Vec<Chapter>) -> Self {
        Self { chapters, ..self }
    }

    /// The same report with what it opens with.
    #[must_use]
    pub fn with_opening(self, opening: Option<Opening>) -> Self {
        Self { opening, ..self }
    }

    /// What it opens with, before everything else.
    #[must_use]
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
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
    pub opening: Option<Opening>,
    pub first: Vec<Chapter>,
    pub chapters: Vec<ResultChapter>,
    pub last: Vec<Chapter>,
    /// Pooled outcomes at the end of the page, and what else stands there.
    pub appendix: Vec<ResultChapter>,
    pub appendix_chapters: Vec<Chapter>,
    /// What is said where not every outcome has room on the page.
    pub more_outcomes: Option<String>,
    pub methods: Vec<Methods>,
    pub references: Vec<Reference>,
    /// Whether every figure is in the plain theme, and may be in the dark one on a dark screen.
    #[serde(skip)]
    pub plain_figures: bool,
}

impl Content {
    /// The figures that are on the page, as SVG text.
    pub fn figures(&self) -> impl Iterator<Item = &str> {
        let outcomes = self.chapters.iter().chain(&self.appendix);
        let own = self.first.iter().chain(&self.last).chain(&self.appendix_chapters);
        let extras = outcomes.clone().flat_map(|outcome| &outcome.extras).chain(own);
        let drawn = extras.flat_map(|extra| &extra.figures).map(|figure| figure.svg.as_str());
        outcomes.map(|outcome| outcome.figure.as_str()).chain(drawn)
    }
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
    pub subgroups: Vec<Table>,
    pub notes: Vec<String>,
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
    /// As much of a report as the extent allows.
    pub fn of(report: &Report, extent: Extent) -> Self {
        let mut references = References::default();
        let sections = &report.sections[..extent.outcomes.min(report.sections.len())];
        let methods = methods(sections, &mut references);
        let chapters = |appendix: bool| {
            let sections = sections.iter().filter(move |section| section.appendix == appendix);
            let chapter = |section: &Section| ResultChapter {
                extras: extent.of_chapters(at(report, &Place::After(section.id.clone()))),
                ..ResultChapter::of(section, extent.rows)
            };
            sections.map(chapter).collect::<Vec<_>>()
        };
        let left = report.sections.len() - sections.len();
        let places = [Place::First, Place::Last, Place::Appendix];
        let left_chapters =
            places.iter().map(|place| at(report, place).len().saturating_sub(extent.outcomes));
        let [first, last, appendix_chapters] =
            places.each_ref().map(|place| extent.of_chapters(at(report, place)));
        Self {
            opening: report.opening.clone(),
            appendix: chapters(true),
            appendix_chapters,
            more_outcomes: more(left, left_chapters.sum()),
            title: sanitize(&report.title).into_owned(),
            first,
            chapters: chapters(false),
            last,
            methods,
            references: references.list().to_vec(),
            plain_figures: report
                .sections
                .iter()
                .all(|section| *section.appearance.theme() == Theme::DEFAULT),
        }
    }
}

impl Content {
    /// Whether anything stands at the end of the page.
    pub fn has_appendix(&self) -> bool {
        !self.appendix.is_empty() || !self.appendix_chapters.is_empty()
    }

    /// The same with the largest figures linked and not drawn, until so many bytes are saved.
    fn with_figures_linked(mut self, excess: usize) -> Self {
        let mut figures: Vec<&mut String> = Vec::new();
        for chapter in self.chapters.iter_mut().chain(&mut self.appendix) {
            figures.push(&mut chapter.figure);
            figures
                .extend(chapter.extras.iter_mut().flat_map(|extra| &mut extra.figures).map(|of| &mut of.svg));
        }
        let extras = self.first.iter_mut().chain(&mut self.last).chain(&mut self.appendix_chapters);
        figures.extend(extras.flat_map(|extra| &mut extra.figures).map(|of| &mut of.svg));
        // Of equal ones the last first: what stands at the end of the page.
        figures.reverse();
        figures.sort_by_key(|figure| std::cmp::Reverse(figure.len()));
        // A link in its place takes some bytes too.
        const LINK: usize = 200;
        let mut saved = 0;
        for figure in figures {
            if saved >= excess {
                break;
            }
            saved += figure.len().saturating_sub(LINK);
            figure.clear();
        }
        self
    }
}

/// What is said where not every outcome, and not every chapter, has room on the page.
fn more(outcomes: usize, chapters: usize) -> Option<String> {
    let count =
        |count: usize, what: &str| (count > 0).then(|| format!("{} more {what}", grouped(count as u64)));
    let left: Vec<String> =
        [count(outcomes, "outcomes"), count(chapters, "chapters")].into_iter().flatten().collect();
    (!left.is_empty())
        .then(|| format!("… {}: each has its files in the folder of its id", left.join(" and ")))
}

/// The chapters that stand at a place.
fn at(report: &Report, place: &Place) -> Vec<Chapter> {
    report.chapters.iter().filter(|extra| extra.place == *place).cloned().collect()
}

impl ResultChapter {
    fn of(section: &Section, rows: usize) -> Self {
        let (outcome, display, shown) = (&section.result, section.display, &section.shown);
        Self {
            id: section.id.clone(),
            title: sanitize(&section.title).into_owned(),
            headline: Headline::of(outcome, display, shown),
            summary: sentence::summary(outcome, display, shown),
            studies: match shown.studies {
                true => studies::table(outcome, display, shown, &section.appearance.drawing().columns, rows),
                false => Table::default(),
            },
            pooled: results::pooled(outcome, display, shown),
            heterogeneity: results::heterogeneity(outcome, display),
            subgroups: subgroups::tables(outcome, display)
                .into_iter()
                .map(|table| table.with_at_most(rows, "the result document has"))
                .collect(),
            notes: section.notes.iter().map(|note| sanitize(note).into_owned()).collect(),
            left_out: left_out(outcome, rows),
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
            basis: match outcome.spec.model {
                Model::ThreeLevel => basis_of_rows(outcome, outcome.k()),
                _ => format!("{} {studies}{}", grouped(outcome.k() as u64), counts.unwrap_or_default()),
            },
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
fn left_out(outcome: &MetaAnalysis, rows: usize) -> Option<Table> {
    let excluded = &outcome.excluded;
    let mut table = Table::new(
        "Rows left out",
        &[("Study", Align::Left), ("Line", Align::Right), ("Reason", Align::Left)],
    );
    for row in excluded.iter().take(rows) {
        let study = sanitize(&row.study).into_owned();
        table.push([study, row.line.to_string(), capitalised(&sanitize(&row.reason))]);
    }
    if let Some(more) = excluded.len().checked_sub(rows).filter(|more| *more > 0) {
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
