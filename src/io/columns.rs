//! Which column is which: by the name given, or by the names people use.

use super::estimates::{EstimateColumns, Precision};
use super::header::{Found, Header};
use super::roles::{AUTHOR, EVENTS, OUTCOME, PERCENT, Role, STUDY, TOTAL, YEAR, plain};
use super::text::quoted;
use crate::data::ColumnsRead;
use crate::data::cell::trim;
use crate::error::{Error, Problem};
use crate::options::{Filter, Level, ReadOptions};

/// Where the cells of a row are that a study is made of.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Values {
    /// Events and their total.
    Counts { events: usize, total: usize },
    /// Percentages, from which the events are derived, and the total.
    Percentages { percent: usize, total: usize },
    /// Estimates and how precise they are.
    Estimates(EstimateColumns),
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
        let mut taken = named.taken();
        let values = match named.estimates {
            Some(_) if want == Want::Percentages => {
                let problem = header.problem("estimates are no percentages of a total".to_owned());
                return Err(Error::Usage(vec![
                    problem.help("name the column of percentages: --percent COL"),
                ]));
            }
            Some(estimates) => Ok(Values::Estimates(estimates)),
            None => counts_or_percentages(header, &named, &mut taken, want),
        };
        let study = if named.study.is_empty() {
            header.find(&STUDY, &taken).map(|found| found.into_iter().collect())
        } else {
            Ok(named.study)
        };
        match (values, study) {
            (Ok(values), Ok(study)) => {
                let year = if options.study.is_empty() { year(header, &study, values) } else { None };
                Ok(Self { study, year, values, filters: named.filters })
            }
            (values, study) => {
                let problems = values.err().into_iter().flatten().chain(study.err());
                Err(Error::Data(problems.collect()))
            }
        }
    }

    /// The same columns, by name.
    pub(super) fn names(&self, header: &Header<'_>) -> ColumnsRead {
        let name = |column: usize| header.names.get(column).cloned().unwrap_or_default();
        let study = self.study.iter().chain(&self.year).copied().map(name).collect();
        let mut read = ColumnsRead { study, ..ColumnsRead::default() };
        match self.values {
            Values::Counts { events, total } => (read.events, read.total) = (name(events), name(total)),
            Values::Percentages { percent, total } => {
                (read.percent, read.total) = (name(percent), name(total))
            }
            Values::Estimates(EstimateColumns { estimate, precision, .. }) => {
                read.estimate = name(estimate);
                match precision {
                    Precision::Se(column) => read.se = name(column),
                    Precision::Variance(column) => read.variance = name(column),
                    Precision::Limits { lower, upper, .. } => {
                        (read.lower, read.upper) = (name(lower), name(upper))
                    }
                }
            }
        }
        read
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
    pub(super) fn columns(self) -> Vec<usize> {
        match self {
            Self::Counts { events, total } => vec![events, total],
            Self::Percentages { percent, total } => vec![percent, total],
            Self::Estimates(estimates) => estimates.columns().collect(),
        }
    }
}

/// The columns of counts, or of percentages and totals: named, or found by the names people use.
fn counts_or_percentages(
    header: &Header<'_>,
    named: &Named,
    taken: &mut Vec<usize>,
    want: Want,
) -> Result<Values, Vec<Problem>> {
    let mut settle = |given: Option<usize>, role: &Role| -> Found {
        let found = if given.is_some() { given } else { header.find(role, taken)? };
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
    match (events, total) {
        (Ok(Some(events)), Ok(Some(total))) => Ok(events.with(total)),
        (events, total) => {
            let missing = missing(header, &events, &total, want);
            Err([events.err(), total.err(), missing].into_iter().flatten().collect())
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
    estimates: Option<EstimateColumns>,
    filters: Vec<(usize, String)>,
}

impl Named {
    /// The columns that are no candidates any more.
    fn taken(&self) -> Vec<usize> {
        let mut taken = self.study.clone();
        taken.extend(self.events.iter().chain(&self.total).chain(&self.percent));
        taken.extend(self.estimates.into_iter().flat_map(EstimateColumns::columns));
        taken
    }

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
            estimates: estimates(options, &mut place),
        };
        if let Some(value) = &options.outcome {
            let column = noted(outcome(header, value));
            named.filters.extend(column.map(|column| (column, trim(value).to_owned())));
        }
        problems.extend(one_column_twice(header, options));
        problems.extend(options.problems().into_iter().map(|problem| problem.at(header.file, None)));
        if problems.is_empty() { Ok(named) } else { Err(Error::Usage(problems)) }
    }
}

/// The columns of estimates that the options name, where all that are needed are found.
fn estimates(
    options: &ReadOptions,
    place: &mut impl FnMut(&str, &str) -> Option<usize>,
) -> Option<EstimateColumns> {
    let mut column = |name: &Option<String>, flag: &str| name.as_ref().and_then(|name| place(name, flag));
    let estimate = column(&options.estimate, "--estimate");
    let (se, variance) = (column(&options.se, "--se"), column(&options.variance, "--variance"));
    let (lower, upper) = (column(&options.lower, "--lower"), column(&options.upper, "--upper"));
    let limits = lower.zip(upper).map(|(lower, upper)| Precision::Limits {
        lower,
        upper,
        level: options.input_level.unwrap_or(Level::DEFAULT),
    });
    let precision = se.map(Precision::Se).or(variance.map(Precision::Variance)).or(limits)?;
    Some(EstimateColumns { estimate: estimate?, precision, scale: options.scale_of_estimates()? })
}

/// The problems where two options name one column.
fn one_column_twice(header: &Header<'_>, options: &ReadOptions) -> Vec<Problem> {
    let named = [
        ("--events", &options.events),
        ("--percent", &options.percent),
        ("--total", &options.total),
        ("--estimate", &options.estimate),
        ("--se", &options.se),
        ("--variance", &options.variance),
        ("--lower", &options.lower),
        ("--upper", &options.upper),
    ];
    let place = |(flag, name): (&'static str, &Option<String>)| {
        name.as_ref().and_then(|name| Some((flag, header.place(name, flag).ok()?)))
    };
    let named: Vec<(&str, usize)> = named.into_iter().filter_map(place).collect();
    let twice = named.iter().enumerate().filter_map(|(at, (flag, column))| {
        let (first, _) = named[..at].iter().find(|(_, other)| other == column)?;
        let what = format!("{first} and {flag} both name the column {}", header.quoted(*column));
        Some(header.problem(what).help("name two columns"))
    });
    twice.collect()
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
