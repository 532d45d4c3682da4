//! Which column is which: by the name given, or by the names people use.

use super::roles::{AUTHOR, EVENTS, OUTCOME, PERCENT, Role, STUDY, TOTAL, YEAR, plain};
use super::text::{quoted, trim};
use crate::data::ColumnsRead;
use crate::error::{Error, Problem, nearest};
use crate::options::{Filter, ReadOptions};

/// Where the cells of a row are that a study is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The cells that make the name, joined by a space; none: studies are numbered.
    pub study: Vec<usize>,
    /// The year that follows a name found as the author's, unless the name says it.
    pub year: Option<usize>,
    pub events: Events,
    pub total: usize,
    /// A column, and what its cell has to be.
    pub filters: Vec<(usize, String)>,
}

/// Where the events of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Events {
    /// In a column of counts.
    Counted(usize),
    /// To be derived from a column of percentages.
    Percent(usize),
}

impl Events {
    pub(super) const fn column(self) -> usize {
        match self {
            Self::Counted(column) | Self::Percent(column) => column,
        }
    }

    pub(super) const fn is_percent(self) -> bool {
        matches!(self, Self::Percent(_))
    }

    const fn at(self, column: usize) -> Self {
        match self {
            Self::Counted(_) => Self::Counted(column),
            Self::Percent(_) => Self::Percent(column),
        }
    }
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
    /// Every column needed, in order.
    pub(super) fn used(&self) -> Vec<usize> {
        let mut used: Vec<_> =
            self.study.iter().chain(&self.year).copied().chain([self.events.column(), self.total]).collect();
        used.extend(self.filters.iter().map(|(column, _)| *column));
        used.sort_unstable();
        used.dedup();
        used
    }

    /// The same columns, by name.
    pub(super) fn named(&self, header: &Header<'_>) -> ColumnsRead {
        let name = |column: usize| header.names.get(column).cloned().unwrap_or_default();
        ColumnsRead {
            study: self.study.iter().chain(&self.year).copied().map(name).collect(),
            events: if self.events.is_percent() { String::new() } else { name(self.events.column()) },
            percent: if self.events.is_percent() { name(self.events.column()) } else { String::new() },
            total: name(self.total),
        }
    }

    /// The same columns, as places in the list of those used.
    pub(super) fn within(&self, used: &[usize]) -> Self {
        let place = |column: usize| used.partition_point(|other| *other < column);
        Self {
            study: self.study.iter().copied().map(place).collect(),
            year: self.year.map(place),
            events: self.events.at(place(self.events.column())),
            total: place(self.total),
            filters: self.filters.iter().map(|(column, value)| (place(*column), value.clone())).collect(),
        }
    }
}

/// The names of the columns, and where they stand.
pub(super) struct Header<'a> {
    pub file: &'a str,
    pub line: u32,
    /// Without outer blanks.
    pub names: Vec<String>,
}

impl Header<'_> {
    /// The columns that the options name, and for the others those that the names give away.
    pub(super) fn columns(&self, options: &ReadOptions, want: Want) -> Result<Columns, Error> {
        let named = self.named(options)?;
        let mut taken = named.study.clone();
        taken.extend(named.events.iter().chain(&named.total).chain(&named.percent));
        let mut settle = |given: Option<usize>, role: &Role| -> Found {
            let found = if given.is_some() { given } else { self.find(role, &taken)? };
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
                let year = if options.study.is_empty() {
                    self.year(&study, &[events.column(), total])
                } else {
                    None
                };
                Ok(Columns { study, year, events, total, filters: named.filters })
            }
            (events, total, study) => {
                let missing = self.missing(&events, &total, want);
                let problems = [events.err(), total.err(), study.err(), missing];
                Err(Error::Data(problems.into_iter().flatten().collect()))
            }
        }
    }

    /// The columns that the options name; every name that does not exist is a problem of usage.
    fn named(&self, options: &ReadOptions) -> Result<Named, Error> {
        let mut problems = Vec::new();
        let mut noted = |found: Result<usize, Problem>| found.map_err(|problem| problems.push(problem)).ok();
        let mut place = |name: &str, flag: &str| noted(self.place(name, flag));
        let filter =
            |Filter { column, value }: &Filter| Some((place(column, "--where")?, trim(value).to_owned()));
        let mut named = Named {
            filters: options.filters.iter().filter_map(filter).collect(),
            study: options.study.iter().filter_map(|name| place(name, "--study")).collect(),
            events: options.events.as_ref().and_then(|name| place(name, "--events")),
            total: options.total.as_ref().and_then(|name| place(name, "--total")),
            percent: options.percent.as_ref().and_then(|name| place(name, "--percent")),
        };
        if let Some(outcome) = &options.outcome {
            named
                .filters
                .extend(noted(self.outcome(outcome)).map(|column| (column, trim(outcome).to_owned())));
        }
        for (column, flag) in [(named.events, "--events"), (named.percent, "--percent")] {
            if let (Some(column), Some(total)) = (column, named.total)
                && column == total
            {
                let what = format!("{flag} and --total both name the column {}", self.shown(column));
                problems.push(self.problem(what).help("name two columns"));
            }
        }
        if options.events.is_some() && options.percent.is_some() {
            let problem = self.problem("--events and --percent both say where the events are".to_owned());
            problems.push(problem.help("name one of them; metaprop grim holds percentages against totals"));
        }
        if problems.is_empty() { Ok(named) } else { Err(Error::Usage(problems)) }
    }

    /// The column of this name: as it is written, else as names are compared.
    fn place(&self, name: &str, flag: &str) -> Result<usize, Problem> {
        let matching = |same: &dyn Fn(&String) -> bool| -> Vec<usize> {
            (0..self.names.len()).filter(|column| self.names.get(*column).is_some_and(same)).collect()
        };
        let exact = matching(&|other| !other.is_empty() && other == trim(name));
        let near = if exact.is_empty() {
            matching(&|other| !plain(name).is_empty() && plain(other) == plain(name))
        } else {
            exact
        };
        match near[..] {
            [column] => Ok(column),
            [] => {
                let what =
                    format!("there is no column {} ({flag}); the columns are {}", quoted(name), self.list());
                let near = nearest(name, self.names.iter().map(String::as_str));
                let help = near
                    .map_or_else(|| "name one of them".to_owned(), |near| format!("is it {}?", quoted(near)));
                Err(self.problem(what).help(help))
            }
            _ => {
                let what = format!(
                    "{flag} {} is the name of {} columns: {}",
                    quoted(name),
                    near.len(),
                    self.places(&near)
                );
                Err(self.problem(what).help("give the columns different names"))
            }
        }
    }

    /// The best column for a role by its name, if there is one.
    fn find(&self, role: &Role, taken: &[usize]) -> Found {
        for names in role.names {
            let found = self.among(names, taken);
            match found[..] {
                [] => {}
                [column] => return Ok(Some(column)),
                _ => {
                    let what =
                        format!("several columns could hold the {}: {}", role.what, self.places(&found));
                    return Err(self
                        .problem(what)
                        .help(format!("name one with {}, or give them different names", role.flag)));
                }
            }
        }
        Ok(None)
    }

    fn among(&self, names: &[&str], taken: &[usize]) -> Vec<usize> {
        let is_one =
            |column: &usize| self.names.get(*column).is_some_and(|name| names.contains(&&*plain(name)));
        (0..self.names.len()).filter(|column| !taken.contains(column)).filter(is_one).collect()
    }

    /// The year beside a column of authors.
    fn year(&self, study: &[usize], taken: &[usize]) -> Option<usize> {
        let author = self.among(AUTHOR, &[]).iter().any(|column| study == [*column]);
        let years = if author { self.among(YEAR, taken) } else { Vec::new() };
        if let [year] = years[..] { Some(year) } else { None }
    }

    /// The problem where no column of events or of totals is found.
    fn missing(
        &self,
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
            (Ok(Some(events)), Ok(None)) => (
                format!(
                    "no column of totals beside the {} ({}) is",
                    if events.is_percent() { "percentages" } else { "events" },
                    self.shown(events.column())
                ),
                &TOTAL,
                "--total COL",
            ),
            (Err(_), Ok(None)) => ("no column of totals is".to_owned(), &TOTAL, "--total COL"),
            _ => return None,
        };
        let similar = |name: &&String| {
            let mut known = role.names.iter().copied().flatten().filter(|known| known.len() > 3);
            known.any(|known| strsim::jaro_winkler(known, &plain(name)) > 0.88)
        };
        let help = match (&self.names[..], self.names.iter().find(similar)) {
            ([only], _) if only.contains(char::is_whitespace) => {
                "separate the columns with commas, semicolons or tabs".to_owned()
            }
            (_, Some(name)) => format!("name what is missing: {flags} (is it {}?)", quoted(name)),
            _ => format!("name what is missing: {flags}"),
        };
        Some(self.problem(format!("{what} found; the columns are {}", self.list())).help(help))
    }

    /// The column that says which outcome a row of a long table is of.
    fn outcome(&self, value: &str) -> Result<usize, Problem> {
        self.find(&OUTCOME, &[])?.ok_or_else(|| {
            let what = format!(
                "no column of outcomes is found to look for {} in; the columns are {}",
                quoted(value),
                self.list()
            );
            self.problem(what).help("name the column with --where COL=VALUE")
        })
    }

    fn problem(&self, what: String) -> Problem {
        Problem::new(what).at(self.file, u64::from(self.line))
    }

    /// A column's name as a message shows it.
    pub(super) fn shown(&self, column: usize) -> String {
        self.names
            .get(column)
            .filter(|name| !name.is_empty())
            .map_or_else(|| format!("number {}", column + 1), |name| quoted(name))
    }

    fn list(&self) -> String {
        const MOST: usize = 30;
        let names: Vec<_> = (0..self.names.len().min(MOST)).map(|column| self.shown(column)).collect();
        let more = if self.names.len() > MOST {
            format!(" and {} more", self.names.len() - MOST)
        } else {
            String::new()
        };
        format!("{}{more}", names.join(", "))
    }

    fn places(&self, columns: &[usize]) -> String {
        let places: Vec<_> =
            columns.iter().map(|column| format!("{} (column {})", self.shown(*column), column + 1)).collect();
        places.join(", ")
    }
}

/// A column, none, or several that could be it.
type Found = Result<Option<usize>, Problem>;

/// What the options name.
struct Named {
    study: Vec<usize>,
    events: Option<usize>,
    total: Option<usize>,
    percent: Option<usize>,
    filters: Vec<(usize, String)>,
}
