//! A chapter of a report that is no pooled outcome: claims with their verdicts, every specification, the
//! nearest to what was printed, a reconstruction.

use serde::Serialize;

use super::bias::BiasReport;
use super::check::{self, CheckReport};
use super::document::Document;
use super::gosh::GoshReport;
use super::influence::InfluenceReport;
use super::joint::{self, JointReport};
use super::multiverse::{self, MultiverseReport};
use super::reconstruct::{self, ReconstructReport};
use super::refits::LeaveOneOutReport;
use super::regression::RegressionReport;
use super::reproduce::{self, ReproduceReport};
use super::table::Table;
use crate::format::{capitalised, grouped, sanitize};
use crate::plot::Figure;

/// The anchor of the chapter that has everything side by side.
const OVERVIEW: &str = "overview";

/// Where in the report a chapter stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Before all outcomes.
    First,
    /// After the outcome of this id.
    After(String),
    /// After all outcomes.
    Last,
    /// At the end of the page.
    Appendix,
}

/// A figure of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Its file, from the folder of the report.
    pub path: String,
    /// What it shows.
    pub title: String,
    /// The text of the file.
    pub svg: String,
}

/// A chapter that is no pooled outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Chapter {
    /// Where it stands.
    #[serde(skip)]
    pub place: Place,
    /// Its anchor in the page.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it says, in sentences.
    pub sentences: Vec<String>,
    /// What it draws.
    pub figures: Vec<Picture>,
    /// What it lists.
    pub tables: Vec<Table>,
    /// Its files beside the figures: where each stands, and what is in it.
    #[serde(skip)]
    pub files: Vec<(String, String)>,
}

fn sanitized(sentences: Vec<String>) -> Vec<String> {
    sentences.iter().map(|sentence| sanitize(sentence).into_owned()).collect()
}

impl Chapter {
    fn new(place: Place, id: &str, title: &str) -> Self {
        Self {
            place,
            id: id.to_string(),
            title: sanitize(title).into_owned(),
            sentences: Vec::new(),
            figures: Vec::new(),
            tables: Vec::new(),
            files: Vec::new(),
        }
    }

    /// One table alone, before everything else.
    #[must_use]
    pub fn overview(title: &str, table: Table) -> Self {
        Self { tables: vec![table], ..Self::new(Place::First, OVERVIEW, title) }
    }

    /// The claims of the file and their verdicts, with `check.json` and `check.md`.
    #[must_use]
    pub fn claims(checked: &CheckReport) -> Self {
        let advisories =
            checked.advisories().iter().map(|advisory| format!("{}.", sanitize(&advisory.message)));
        Self {
            sentences: [format!("{}.", capitalised(&checked.summary()))]
                .into_iter()
                .chain(advisories)
                .collect(),
            tables: vec![check::table(checked)],
            files: vec![
                ("check.json".to_string(), checked.json()),
                ("check.md".to_string(), checked.markdown()),
            ],
            ..Self::new(Place::First, "claims", "What is printed, and whether it holds")
        }
    }

    /// Every specification of an outcome, with the specification curve and its rows as CSV.
    #[must_use]
    pub fn survey(outcome: &str, title: &str, surveyed: &MultiverseReport, curve: String) -> Self {
        let picture = Picture {
            path: format!("{outcome}/specification.svg"),
            title: format!("Specification curve: {}", sanitize(title)),
            svg: curve,
        };
        Self {
            sentences: vec![sanitize(&surveyed.sentence()).into_owned()],
            figures: vec![picture],
            tables: vec![multiverse::sway(surveyed)],
            files: vec![(format!("{outcome}/specification.csv"), surveyed.csv().unwrap_or_default())],
            ..Self::new(
                Place::After(outcome.to_string()),
                &format!("{outcome}.specifications"),
                &format!("{title}: every specification"),
            )
        }
    }

    /// A meta-regression of an outcome, with its document. `number` is its place among several, from 1.
    #[must_use]
    pub fn regression(outcome: &str, title: &str, number: usize, report: &RegressionReport<'_>) -> Self {
        let place = if number == 1 { String::new() } else { format!("-{number}") };
        Self {
            sentences: sanitized(report.sentences()),
            tables: report.tables(),
            files: vec![(format!("{outcome}/regress{place}.json"), report.json())],
            ..Self::new(
                Place::After(outcome.to_string()),
                &format!("{outcome}.regress{place}"),
                &format!("{title}: meta-regression on {}", report.formula()),
            )
        }
    }

    /// What drives the result of an outcome, with a document each: without each study, influence, and, where they
    /// were fitted, the subsets.
    #[must_use]
    pub fn sensitivity(
        outcome: &str,
        title: &str,
        without: &LeaveOneOutReport<'_>,
        influence: &InfluenceReport<'_>,
        gosh: Option<&GoshReport<'_>>,
    ) -> Self {
        let (mut sentences, mut tables) = (without.sentences(), vec![without.table(), influence.table()]);
        sentences.extend(influence.findings());
        let mut files = vec![
            (format!("{outcome}/leave-one-out.json"), without.json()),
            (format!("{outcome}/influence.json"), influence.json()),
        ];
        if let Some(gosh) = gosh {
            sentences.extend(gosh.findings());
            tables.extend(gosh.tables());
            files.push((format!("{outcome}/gosh.json"), gosh.json()));
        }
        Self {
            sentences: sanitized(sentences),
            tables,
            files,
            ..Self::new(
                Place::After(outcome.to_string()),
                &format!("{outcome}.sensitivity"),
                &format!("{title}: what drives the result"),
            )
        }
    }

    /// Whether small studies of an outcome differ from large ones, with the document.
    #[must_use]
    pub fn bias(outcome: &str, title: &str, report: &BiasReport<'_>) -> Self {
        Self {
            sentences: sanitized(report.sentences()),
            tables: vec![report.tests(), report.adjusted()],
            files: vec![(format!("{outcome}/bias.json"), report.json())],
            ..Self::new(
                Place::After(outcome.to_string()),
                &format!("{outcome}.bias"),
                &format!("{title}: do small studies differ from large ones?"),
            )
        }
    }

    /// A figure of an outcome that is no forest plot: the name of its file, and what it shows.
    #[must_use]
    pub fn plot(outcome: &str, name: &str, figure: &Figure) -> Self {
        let picture = Picture {
            path: format!("{outcome}/{name}.svg"),
            title: sanitize(&figure.title).into_owned(),
            svg: figure.to_svg(),
        };
        Self {
            sentences: sanitized(vec![figure.description.clone()]),
            figures: vec![picture],
            ..Self::new(Place::After(outcome.to_string()), &format!("{outcome}.{name}"), &figure.title)
        }
    }

    /// How near the specifications of an outcome come to what was printed.
    #[must_use]
    pub fn nearest(outcome: &str, title: &str, searched: &ReproduceReport) -> Self {
        Self {
            sentences: [
                reproduce::sentences(searched),
                vec!["Where these are not the studies that were pooled, this says how near they come and no more.".to_string()],
            ]
            .concat(),
            tables: reproduce::tables(searched),
            files: vec![(format!("{outcome}/reproduce.json"), searched.json())],
            ..Self::new(
                Place::Appendix,
                &format!("{outcome}.nearest"),
                &format!("{title}: how near it comes to what is printed"),
            )
        }
    }

    /// What tables a printed summary may have come from, with one of them drawn where there is one.
    #[must_use]
    pub fn reconstruction(id: &str, title: &str, made: &ReconstructReport, drawn: Option<String>) -> Self {
        let picture = |svg| Picture {
            path: format!("{id}/forest.svg"),
            title: "A reconstruction, not the data".to_string(),
            svg,
        };
        Self {
            sentences: reconstruct::sentences(made),
            figures: drawn.into_iter().map(picture).collect(),
            tables: reconstruct::tables(made).into_iter().take(1).collect(),
            files: vec![(format!("{id}/reconstruct.json"), made.json())],
            ..Self::new(Place::Last, id, title)
        }
    }

    /// What tables the printed figures of two outcomes may have come from.
    #[must_use]
    pub fn joint(id: &str, title: &str, made: &JointReport) -> Self {
        Self {
            sentences: joint::sentences(made),
            tables: joint::tables(made).into_iter().take(1).collect(),
            files: vec![(format!("{id}/reconstruct.json"), made.json())],
            ..Self::new(Place::Last, id, title)
        }
    }

    /// Where each row of an outcome comes from.
    #[must_use]
    pub fn sources(outcome: &str, title: &str, table: Table) -> Self {
        let title = format!("Where the rows come from: {title}");
        Self { tables: vec![table], ..Self::new(Place::First, &format!("{outcome}.sources"), &title) }
    }

    /// The same with tables of at most so many rows, and as many sentences; what is left out stands in its files, and
    /// that is said.
    pub(super) fn with_at_most(mut self, rows: usize) -> Self {
        let has = self.what_has_all();
        self.tables = self.tables.into_iter().map(|table| table.with_at_most(rows, &has)).collect();
        let more = self.sentences.len().saturating_sub(rows);
        if more > 0 {
            self.sentences.truncate(rows);
            self.sentences.push(format!("… {} more remarks ({has} them all).", grouped(more as u64)));
        }
        self
    }

    /// Which files have all rows of its tables: its own, else those that they were made from.
    fn what_has_all(&self) -> String {
        let files: Vec<&str> = self.files.iter().map(|(path, _)| path.as_str()).collect();
        match &files[..] {
            [] if self.id == OVERVIEW => "check.json and the result documents have".to_string(),
            [] => "the file of the data has".to_string(),
            [one] => format!("{one} has"),
            several => format!("{} have", several.join(", ")),
        }
    }

    /// The same at the end of the page, if that is so.
    #[must_use]
    pub fn in_appendix(mut self, appendix: bool) -> Self {
        if appendix {
            self.place = Place::Appendix;
        }
        self
    }

    /// The same with one more table in front.
    #[must_use]
    pub fn with(mut self, table: Table) -> Self {
        self.tables.insert(0, table);
        self
    }
}
