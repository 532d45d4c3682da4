//! Which column is which: by the name given, or by the names people use.

use super::header::{Found, Header};
use super::roles::{AUTHOR, EVENTS, OUTCOME, PERCENT, Role, STUDY, TOTAL, YEAR, plain};
use super::text::quoted;
use crate::data::ColumnsRead;
use crate::data::cell::trim;
use crate::error::{Error, Problem};
use crate::options::{Filter, ReadOptions};

/// Where the cells of a row are that a study is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The cells that make the name, joined by a space; none: studies are numbered.
    pub study: Vec<usize>,
    /// The year that follows a name found as the author's, unless the name says it.
    pub year: Option<usize>,
    pub values: Values,
    /// A column, and what its cell has to be.
    pub filters: Vec<(usize, String)>,
}

/// Where the values of a study are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Events and their total.
    Counts { events: usize, total: usize },
    /// Percentages, from which the events are derived, and the total.
    Percentages { percent: usize, total: usize },
}

/// What a table is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Counts, or percentages where there are none.
    Studies,
    /// Its percentages, whatever counts stand beside them.
    Percentages,
}

impl Columns {
    /// The columns that the options name, and for the others those that the names give away.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every name that does not exist, [`Error::Data`] where columns are not found.
    pub(super) fn find(header: &Header<'_>, options: &ReadOptions, want: Want) -> Result<Self, Error> {
        let named = Named::find(header, options)?;
        let mut taken = named.study.clone();
        taken.extend(named.events.iter().chain(&named.total).chain(&named.percent));
        let mut settle = |given: Option<usize>, role: &Role| -> Found {
            let found = if given.is_some() { given } else { header.find(role, &taken)? };
            taken.extend(found);
            Ok(found)
        };
        let counted = if named.percent.is_some() || want == Want::Percentages {
            Ok(None)
        } else {
            settle(named.events, &EVENTS)
        };
        let total = settle(named.total, &TOTAL);
        let events = match counted {
            Ok(None) => settle(named.percent, &PERCENT).map(|found| found.map(Events::Percent)),
            counted => counted.map(|found| found.map(Events::Counted)),
        };
        let study = if named.study.is_empty() {
            settle(None, &STUDY).map(|found| found.into_iter().collect())
        } else {
            Ok(named.study)
        };
        match (events, total, study) {
            (Ok(Some(events)), Ok(Some(total)), Ok(study)) => {
                let values = events.with(total);
                let year = if options.study.is_empty() { year(header, &study, values) } else { None };
                Ok(Self { study, year, values, filters: named.filters })
            }
            (events, total, study) => {
                let missing = missing(header, &events, &total, want);
                let problems = [events.err(), total.err(), study.err(), missing];
                Err(Error::Data(problems.into_iter().flatten().collect()))
            }
        }
    }

    /// The same columns, by name.
    pub(super) fn names(&self, header: &Header<'_>) -> ColumnsRead {
        let name = |column: usize| header.names.get(column).cloned().unwrap_or_default();
        let study = self.study.iter().chain(&self.year).copied().map(name).collect();
        match self.values {
            Values::Counts { events, total } => {
                ColumnsRead { study, events: name(events), total: name(total), ..ColumnsRead::default() }
            }
            Values::Percentages { percent, total } => {
                ColumnsRead { study, percent: name(percent), total: name(total), ..ColumnsRead::default() }
            }
        }
    }

    /// The columns beside these, in the order of the table: the covariates. Where several columns make the name
    /// of a study, such as author and year, they are covariates too.
    pub(super) fn others(&self, header: &Header<'_>) -> Vec<usize> {
        let name = match (&self.study[..], self.year) {
            ([column], None) => Some(*column),
            _ => None,
        };
        let values = self.values.columns();
        (0..header.names.len()).filter(|column| Some(*column) != name && !values.contains(column)).collect()
    }
}

impl Values {
    /// The columns themselves.
    pub(super) const fn columns(self) -> [usize; 2] {
        match self {
            Self::Counts { events, total } => [events, total],
            Self::Percentages { percent, total } => [percent, total],
        }
    }
}

/// A column of events or of percentages.
#[derive(Debug, Clone, Copy)]
enum Events {
    Counted(usize),
    Percent(usize),
}

impl Events {
    const fn with(self, total: usize) -> Values {
        match self {
            Self::Counted(events) => Values::Counts { events, total },
            Self::Percent(percent) => Values::Percentages { percent, total },
        }
    }
}

/// The columns that the options name.
struct Named {
    study: Vec<usize>,
    events: Option<usize>,
    total: Option<usize>,
    percent: Option<usize>,
    filters: Vec<(usize, String)>,
}

impl Named {
    /// The columns that the options name; every name that does not exist is a problem of usage.
    fn find(header: &Header<'_>, options: &ReadOptions) -> Result<Self, Error> {
        let mut problems = Vec::new();
        let mut noted = |found: Result<usize, Problem>| found.map_err(|problem| problems.push(problem)).ok();
        let mut place = |name: &str, flag: &str| noted(header.place(name, flag));
        let filter =
            |Filter { column, value }: &Filter| Some((place(column, "--where")?, trim(value).to_owned()));
        let mut named = Self {
            filters: options.filters.iter().filter_map(filter).collect(),
            study: options.study.iter().filter_map(|name| place(name, "--study")).collect(),
            events: options.events.as_ref().and_then(|name| place(name, "--events")),
            total: options.total.as_ref().and_then(|name| place(name, "--total")),
            percent: options.percent.as_ref().and_then(|name| place(name, "--percent")),
        };
        if let Some(value) = &options.outcome {
            let column = noted(outcome(header, value));
            named.filters.extend(column.map(|column| (column, trim(value).to_owned())));
        }
        for (column, flag) in [(named.events, "--events"), (named.percent, "--percent")] {
            if let (Some(column), Some(total)) = (column, named.total)
                && column == total
            {
                let what = format!("{flag} and --total both name the column {}", header.quoted(column));
                problems.push(header.problem(what).help("name two columns"));
            }
        }
        if options.events.is_some() && options.percent.is_some() {
            let problem = header.problem("--events and --percent both say where the events are".to_owned());
            problems.push(problem.help("name one of them; metaprop grim holds percentages against totals"));
        }
        if problems.is_empty() { Ok(named) } else { Err(Error::Usage(problems)) }
    }
}

/// The column that says which outcome a row of a long table is of.
fn outcome(header: &Header<'_>, value: &str) -> Result<usize, Problem> {
    header.find(&OUTCOME, &[])?.ok_or_else(|| {
        let what = format!(
            "no column of outcomes is found to look for {} in; the columns are {}",
            quoted(value),
            header.list()
        );
        header.problem(what).help("name the column with --where COL=VALUE")
    })
}

/// The year beside a column of authors.
fn year(header: &Header<'_>, study: &[usize], values: Values) -> Option<usize> {
    let author = header.among(AUTHOR, &[]).iter().any(|column| study == [*column]);
    let years = if author { header.among(YEAR, &values.columns()) } else { Vec::new() };
    if let [year] = years[..] { Some(year) } else { None }
}

/// The problem where no column of events or of totals is found.
fn missing(
    header: &Header<'_>,
    events: &Result<Option<Events>, Problem>,
    total: &Found,
    want: Want,
) -> Option<Problem> {
    let (what, role, flags) = match (events, total) {
        (Ok(None), _) if want == Want::Percentages => {
            ("no column of percentages is".to_owned(), &PERCENT, "--percent COL")
        }
        (Ok(None), Ok(None)) => (
            "no columns of events and totals are".to_owned(),
            &EVENTS,
            "--events COL --total COL, or --percent COL",
        ),
        (Ok(None), _) => ("no column of events is".to_owned(), &EVENTS, "--events COL or --percent COL"),
        (Ok(Some(events)), Ok(None)) => {
            let (what, column) = match events {
                Events::Percent(column) => ("percentages", column),
                Events::Counted(column) => ("events", column),
            };
            let what = format!("no column of totals beside the {what} ({}) is", header.quoted(*column));
            (what, &TOTAL, "--total COL")
        }
        (Err(_), Ok(None)) => ("no column of totals is".to_owned(), &TOTAL, "--total COL"),
        _ => return None,
    };
    let similar = |name: &&String| {
        let mut known = role.names.iter().copied().flatten().filter(|known| known.len() > 3);
        known.any(|known| strsim::jaro_winkler(known, &plain(name)) > 0.88)
    };
    let help = match (header.names, header.names.iter().find(similar)) {
        ([only], _) if only.contains(char::is_whitespace) => {
            "separate the columns with commas, semicolons or tabs".to_owned()
        }
        (_, Some(name)) => format!("name what is missing: {flags} (is it {}?)", quoted(name)),
        _ => format!("name what is missing: {flags}"),
    };
    Some(header.problem(format!("{what} found; the columns are {}", header.list())).help(help))
}
