//! Which column is which: by the name given, by the names people use, and by what the cells hold.

use std::collections::BTreeSet;

use super::absent_columns::{OF_TIME, TO_POOL_RATES, missing};
use super::candidates::{self, Names};
use super::contents::Contents;
use super::estimates::{EstimateColumns, Precision};
use super::filter::RowFilter;
use super::header::Header;
use super::percent::Held;
use super::roles::{EVENTS, OUTCOME, PERCENT, Role, TOTAL, says_time};
use super::text::quoted;
use crate::data::ColumnsRead;
use crate::data::cell::{number, trim};
use crate::error::{Error, Problem};
use crate::options::{Decimal, Filter, Level, ReadOptions};

/// Where the cells of a row are that a study is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub names: Names,
    pub values: Values,
    /// The columns that tell groups of rows apart; empty where all rows are one analysis.
    pub keys: Vec<usize>,
    /// Other columns of words, which tell apart rows of one study.
    pub words: Vec<usize>,
    /// Printed percentages that are compared with the counts.
    pub held: Option<Held>,
    pub filters: Vec<RowFilter>,
    /// The columns that a flag names.
    pub named: BTreeSet<usize>,
}

/// Where the values of a study are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Values {
    /// Events and their total, which may stand in the same cell: `12/50`.
    Counts { events: usize, total: Option<usize> },
    /// Percentages, from which the events are derived, and the total.
    Percentages { percent: usize, total: usize },
    /// Estimates and how precise they are.
    Estimates(EstimateColumns),
}

/// What a table is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want<'a> {
    /// Counts, or percentages where there are none.
    Studies,
    /// Its percentages, whatever counts stand beside them.
    Percentages,
    /// The studies of each group of rows that have the same cells in these columns.
    Groups(&'a [String]),
}

impl<'a> Want<'a> {
    /// The columns that tell groups apart.
    fn keys(self) -> &'a [String] {
        match self {
            Self::Groups(by) => by,
            Self::Studies | Self::Percentages => &[],
        }
    }
}

impl Columns {
    /// The columns that the options name, and for the others those that names and cells give away.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every name that does not exist, [`Error::Data`] where columns are not found and where
    /// the table has several outcomes of which none was chosen.
    pub(super) fn find(contents: Contents<'_>, options: &ReadOptions, want: Want<'_>) -> Result<Self, Error> {
        let header = contents.header;
        let named = Named::find(header, options, want.keys())?;
        let mut taken = named.taken();
        let values = match named.estimates {
            Some(_) if want == Want::Percentages => {
                let problem = header.problem("estimates are no percentages of a total".to_owned());
                return Err(Error::Usage(vec![
                    problem.help("name the column of percentages: --percent COL"),
                ]));
            }
            Some(estimates) => Values::Estimates(estimates),
            None => counts_or_percentages(contents, &named, &taken, want).map_err(Error::Data)?,
        };
        taken.extend(values.columns());
        let names = match &named.study[..] {
            [] => candidates::names(contents, &taken),
            study => Names { study: study.to_vec(), year: None, by_content: false },
        };
        several_outcomes(contents, &named, &taken, &names)?;
        no_names(header, values)?;
        let mut words: Vec<usize> = (0..header.names.len()).collect();
        words.retain(|column| {
            (!taken.contains(column) || named.keys.contains(column))
                && !names.study.contains(column)
                && contents.is_of_labels(*column)
        });
        let held = named.percent.filter(|_| matches!(values, Values::Counts { .. }));
        let held = held.map(|column| Held::new(contents, column));
        Ok(Self {
            names,
            values,
            words,
            held,
            named: named.taken().into_iter().collect(),
            keys: named.keys,
            filters: named.filters,
        })
    }

    /// The same columns, by name; by position where that is what finds them again.
    pub(super) fn names(&self, header: &Header<'_>) -> ColumnsRead {
        let name = |column: usize| header.address(column);
        let study = self.names.study.iter().chain(&self.names.year).copied().map(name).collect();
        let mut read =
            ColumnsRead { study, study_by_content: self.names.by_content, ..ColumnsRead::default() };
        match self.values {
            Values::Counts { events, total } => {
                (read.events, read.total) = (name(events), total.map(name).unwrap_or_default());
                read.percent = self.held.map(|held| name(held.column)).unwrap_or_default();
            }
            Values::Percentages { percent, total } => {
                (read.percent, read.total) = (name(percent), name(total))
            }
            Values::Estimates(EstimateColumns { estimate, precision, .. }) => {
                read.estimate = name(estimate);
                match precision {
                    Precision::Se(column) => read.se = name(column),
                    Precision::Variance(column) => read.variance = name(column),
                    Precision::Limits { lower, upper, .. } => {
                        (read.lower, read.upper) = (name(lower), name(upper));
                    }
                }
            }
        }
        read
    }

    /// The flag that names this column, where none did and its name was enough.
    pub(super) fn guessed(&self, column: usize) -> Option<&'static str> {
        let flag = match self.values {
            Values::Counts { events, .. } if events == column => EVENTS.flag,
            Values::Counts { total, .. } if total == Some(column) => TOTAL.flag,
            Values::Percentages { percent, .. } if percent == column => PERCENT.flag,
            Values::Percentages { total, .. } if total == column => TOTAL.flag,
            _ => return None,
        };
        (!self.named.contains(&column)).then_some(flag)
    }

    /// The columns beside these, in the order of the table: the covariates. Where several columns make the name
    /// of a study, such as author and year, they are covariates too.
    pub(super) fn others(&self, header: &Header<'_>) -> Vec<usize> {
        let name = match (&self.names.study[..], self.names.year) {
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
            Self::Counts { events, total } => [Some(events), total].into_iter().flatten().collect(),
            Self::Percentages { percent, total } => vec![percent, total],
            Self::Estimates(estimates) => estimates.columns().collect(),
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
    keys: Vec<usize>,
    filters: Vec<RowFilter>,
    /// Whether an outcome was chosen.
    outcome: bool,
}

impl Named {
    /// The columns that are no candidates any more.
    fn taken(&self) -> Vec<usize> {
        let mut taken = self.study.clone();
        taken.extend(self.events.iter().chain(&self.total).chain(&self.percent));
        taken.extend(self.estimates.into_iter().flat_map(EstimateColumns::columns));
        taken.extend(&self.keys);
        taken
    }

    /// The columns that the options name; every name that does not exist is a problem of usage.
    fn find(header: &Header<'_>, options: &ReadOptions, keys: &[String]) -> Result<Self, Error> {
        let mut problems = Vec::new();
        let mut noted = |found: Result<usize, Problem>| found.map_err(|problem| problems.push(problem)).ok();
        let mut place = |name: &str, flag: &str| noted(header.place(name, flag));
        let filter = |filter: &Filter| Some(RowFilter::new(place(&filter.column, "--where")?, filter));
        let mut named = Self {
            filters: options.filters.iter().filter_map(filter).collect(),
            study: options.study.iter().filter_map(|name| place(name, "--study")).collect(),
            events: options.events.as_ref().and_then(|name| place(name, "--events")),
            total: options.total.as_ref().and_then(|name| place(name, "--total")),
            percent: options.percent.as_ref().and_then(|name| place(name, "--percent")),
            estimates: estimates(options, &mut place),
            keys: keys.iter().filter_map(|name| place(name, GROUP_BY)).collect(),
            outcome: options.outcome.is_some(),
        };
        if let Some(value) = &options.outcome {
            let column = noted(outcome(header, value));
            let filter = |column| RowFilter::equal(column, &header.shown(column), trim(value));
            named.filters.extend(column.map(filter));
        }
        problems.extend(named.filters.iter().filter_map(|filter| filter.problem(header)));
        problems.extend(one_column_twice(header, options, &named.keys));
        problems.extend(options.problems().into_iter().map(|problem| problem.at(header.file, None)));
        if problems.is_empty() { Ok(named) } else { Err(Error::Usage(problems)) }
    }
}

/// The columns of counts, or of percentages and totals: named, or found.
fn counts_or_percentages(
    contents: Contents<'_>,
    named: &Named,
    taken: &[usize],
    want: Want<'_>,
) -> Result<Values, Vec<Problem>> {
    if let Some(total) = named.total.filter(|column| says_time(&contents.header.names[*column])) {
        let what = format!("--total {}: {OF_TIME}", contents.header.quoted(total));
        return Err(vec![contents.header.problem(what).help(TO_POOL_RATES)]);
    }
    let candidates = |given: Option<usize>, role: &Role| match given {
        Some(column) => vec![column],
        None => candidates::counts(contents, role, taken),
    };
    // A percentage that is named beside no column of events is what the events are derived from.
    let derived = want == Want::Percentages || (named.percent.is_some() && named.events.is_none());
    let events = if derived { Vec::new() } else { candidates(named.events, &EVENTS) };
    let percent = if events.is_empty() { candidates(named.percent, &PERCENT) } else { Vec::new() };
    let totals = candidates(named.total, &TOTAL);
    let totals: Vec<usize> =
        totals.into_iter().filter(|total| events[..] != [*total] && percent[..] != [*total]).collect();
    if let ([], [], Some([events, total])) = (&events[..], &percent[..], small_and_capital(contents, &totals))
    {
        return Ok(Values::Counts { events, total: Some(total) });
    }
    match (&events[..], &percent[..], &totals[..]) {
        (&[events], _, &[total]) => Ok(Values::Counts { events, total: Some(total) }),
        (&[events], _, []) if contents.has_totals(events) => Ok(Values::Counts { events, total: None }),
        ([], &[percent], &[total]) => match other_totals(contents, named, taken, [percent, total]) {
            Some(totals) => Err(ambiguous(contents, &[(&totals, &TOTAL)])),
            None => Ok(Values::Percentages { percent, total }),
        },
        (events @ [_, ..], _, totals @ [_, ..]) => match candidates::only_pair(contents, events, totals) {
            Some([events, total]) => Ok(Values::Counts { events, total: Some(total) }),
            None => Err(ambiguous(contents, &[(events, &EVENTS), (totals, &TOTAL)])),
        },
        (events, percent, totals) if events.len() > 1 || percent.len() > 1 || totals.len() > 1 => {
            let mut problems =
                ambiguous(contents, &[(events, &EVENTS), (percent, &PERCENT), (totals, &TOTAL)]);
            if (events.is_empty() && percent.is_empty()) || totals.is_empty() {
                problems.push(missing(contents, [events, percent, totals], want == Want::Percentages));
            }
            Err(problems)
        }
        (events, percent, totals) => {
            Err(vec![missing(contents, [events, percent, totals], want == Want::Percentages)])
        }
    }
}

/// The columns `n` and `N`, of which the one has the events and the other the totals where no event is more than its total.
fn small_and_capital(contents: Contents<'_>, totals: &[usize]) -> Option<[usize; 2]> {
    let named = |name: &str| totals.iter().copied().find(|column| contents.header.names[*column] == name);
    let pair = [named("n")?, named("N")?];
    (totals.len() == 2 && contents.can_be_total(pair[0], pair[1])).then_some(pair)
}

/// Beside percentages the total that was found and the others of a known name: one of them may be the events.
fn other_totals(
    contents: Contents<'_>,
    named: &Named,
    taken: &[usize],
    [percent, total]: [usize; 2],
) -> Option<Vec<usize>> {
    let is_other = |column: &usize| {
        *column != percent
            && !taken.contains(column)
            && contents.header.is_of(*column, &TOTAL)
            && !contents.is_words(*column)
            && !contents.is_row_index(*column)
    };
    let others: Vec<usize> = (0..contents.header.names.len()).filter(is_other).collect();
    (named.total.is_none() && others.len() > 1 && others.contains(&total)).then_some(others)
}

/// The problems where several columns could play a part.
fn ambiguous(contents: Contents<'_>, parts: &[(&[usize], &Role)]) -> Vec<Problem> {
    let several = parts.iter().filter(|(columns, _)| columns.len() > 1);
    several.map(|(columns, role)| contents.header.several(columns, role)).collect()
}

/// The flag that names the columns which tell groups apart.
const GROUP_BY: &str = "--group-by";

/// How many outcomes an error lists.
const SHOWN_OUTCOMES: usize = 20;

/// Refuses a table of several outcomes, of which none was chosen: they are not one meta-analysis.
fn several_outcomes(
    contents: Contents<'_>,
    named: &Named,
    taken: &[usize],
    names: &Names,
) -> Result<(), Error> {
    let header = contents.header;
    let columns =
        (0..header.names.len()).filter(|column| !taken.contains(column) && is_outcome(header, *column));
    let chosen =
        |column: &usize| named.outcome || named.filters.iter().any(|filter| filter.column == *column);
    let of_name: Vec<usize> = names.study.iter().chain(&names.year).copied().collect();
    // Numbers can be outcomes (1 and 2), or the counts of one, and `outcome definition` can be a remark on each study: cells
    // that are outcomes differ under one name.
    let are_outcomes = |column: &usize| {
        (header.is_of(*column, &OUTCOME) && !contents.is_numbers(*column))
            || (!of_name.is_empty() && contents.tells_names_apart(&of_name, *column))
    };
    for column in columns.filter(|column| !chosen(column) && are_outcomes(column)) {
        let values = contents.values(column, &named.filters, SHOWN_OUTCOMES + 1);
        if values.len() > 1 {
            let mut listed: Vec<String> =
                values.iter().take(SHOWN_OUTCOMES).map(|value| quoted(value)).collect();
            if values.len() > SHOWN_OUTCOMES {
                listed.push("…".to_owned());
            }
            let what =
                format!("the column {} has several outcomes: {}", header.quoted(column), listed.join(", "));
            let help = format!("choose one: --outcome {}, or --where", quoted(values[0]));
            return Err(Error::Data(vec![header.problem(what).help(help)]));
        }
    }
    Ok(())
}

/// Refuses a table whose first line is a study: counts in place of the names of columns.
fn no_names(header: &Header<'_>, values: Values) -> Result<(), Error> {
    let is_number = |column: usize| number(&header.names[column], Decimal::Point).is_some();
    if values.columns().into_iter().all(is_number) {
        let what =
            format!("the first line looks like a study and not like names of columns: {}", header.list());
        return Err(Error::Data(vec![
            header.problem(what).help("put a line of names above it, such as study,events,total"),
        ]));
    }
    Ok(())
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
fn one_column_twice(header: &Header<'_>, options: &ReadOptions, keys: &[usize]) -> Vec<Problem> {
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
    let keys = keys.iter().map(|column| (GROUP_BY, *column));
    let named: Vec<(&str, usize)> = named.into_iter().filter_map(place).chain(keys).collect();
    let twice = named.iter().enumerate().filter_map(|(at, (flag, column))| {
        let (first, _) = named[..at].iter().find(|(_, other)| other == column)?;
        let what = format!("{first} and {flag} both name the column {}", header.quoted(*column));
        Some(header.problem(what).help("name two columns"))
    });
    twice.collect()
}

/// Whether a column is called by a known name for outcomes, or by one that has the word.
fn is_outcome(header: &Header<'_>, column: usize) -> bool {
    let has_word = || ["outcome", "endpoint"].iter().any(|word| header.plain(column).contains(word));
    header.is_of(column, &OUTCOME) || has_word()
}

/// The column that says which outcome a row of a long table is of.
fn outcome(header: &Header<'_>, value: &str) -> Result<usize, Problem> {
    let by_word: Vec<usize> = (0..header.names.len()).filter(|column| is_outcome(header, *column)).collect();
    let only = if let [column] = by_word[..] { Some(column) } else { None };
    header.find(&OUTCOME, &[])?.or(only).ok_or_else(|| {
        let what = format!(
            "no column of outcomes is found to look for {} in; the columns are {}",
            quoted(value),
            header.list()
        );
        header.problem(what).help("name the column with --where COL=VALUE")
    })
}
