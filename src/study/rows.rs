//! Rows of cells to studies, rows left out, and problems.

use std::collections::BTreeSet;

use super::Counts;
use super::columns::{Columns, Header};
use super::count::{count, is_missing};
use super::options::Decimal;
use super::table::{Excluded, Provenance, Study, StudyTable};
use super::text::{Problems, quoted, trim};
use super::totals::{self, Sums, TotalsRow};
use crate::error::{Error, Problem};

/// How many values of a column an error lists.
const SHOWN_VALUES: usize = 20;

/// What the rows read so far have given.
pub(super) struct Rows<'a> {
    header: &'a Header<'a>,
    /// The columns as they stand in the file, for messages.
    columns: &'a Columns,
    /// The columns as they stand in the cells handed over.
    places: Columns,
    decimal: Decimal,
    /// Rows that are not blank, and of those the ones that the filters keep.
    read: usize,
    kept: usize,
    studies: Vec<Study>,
    excluded: Vec<Excluded>,
    problems: Problems,
    /// Of the studies, and of all rows with a count.
    sums: (Sums, Sums),
    /// Rows at the end so far that are named like totals.
    last: Vec<TotalsRow>,
    /// The line of the last row without a name, in a table that has names.
    unnamed: Option<u32>,
    /// The values seen in each filter's column while none was right.
    seen: Vec<BTreeSet<String>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(header: &'a Header<'a>, columns: &'a Columns, decimal: Decimal) -> Self {
        Self {
            header,
            columns,
            places: columns.within(&columns.used()),
            decimal,
            read: 0,
            kept: 0,
            studies: Vec::new(),
            excluded: Vec::new(),
            problems: Problems::default(),
            sums: Default::default(),
            last: Vec::new(),
            unnamed: None,
            seen: vec![BTreeSet::new(); columns.filters.len()],
        }
    }

    /// A row that cannot be read at all.
    pub(super) fn refuse(&mut self, line: u32, problem: Problem) {
        self.read += 1;
        self.kept += 1;
        self.problems.push(problem.at(self.header.file, u64::from(line)));
    }

    /// One row of the cells used, in the order of [`Columns::used`].
    pub(super) fn push(&mut self, line: u32, cells: &[&str]) {
        self.read += 1;
        if !self.passes(cells) {
            return;
        }
        self.kept += 1;
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        let (events, total) = (cell(self.places.events), cell(self.places.total));
        let name = self.name(cells).unwrap_or_else(|| {
            self.unnamed = (!self.places.study.is_empty()).then_some(line);
            format!("Study {}", self.read).into()
        });
        if totals::is_name(&name) {
            let (events, total) = (trim(events).to_owned(), trim(total).to_owned());
            self.last.push(TotalsRow { name: name.into(), line, events, total });
            return;
        }
        if !self.last.is_empty() && (!is_missing(events) || !is_missing(total)) {
            self.not_last();
        }
        self.study(name, line, events, total);
    }

    /// A study follows: what was named like totals was a study too.
    fn not_last(&mut self) {
        for row in std::mem::take(&mut self.last) {
            self.study(row.name.into(), row.line, &row.events, &row.total);
        }
    }

    fn passes(&mut self, cells: &[&str]) -> bool {
        let mut passes = true;
        for ((place, value), seen) in self.places.filters.iter().zip(&mut self.seen) {
            let cell = trim(cells.get(*place).copied().unwrap_or_default());
            passes &= cell == value;
            if self.kept == 0 && seen.len() <= SHOWN_VALUES && !seen.contains(cell) {
                seen.insert(cell.to_owned());
            }
        }
        passes
    }

    /// The row's name, if it has one.
    fn name(&self, cells: &[&str]) -> Option<Box<str>> {
        let cell = |place: &usize| trim(cells.get(*place).copied().unwrap_or_default());
        let name: Box<str> = match &self.places.study[..] {
            [place] => Box::from(cell(place)),
            places => {
                let parts: Vec<_> = places.iter().map(cell).filter(|part| !part.is_empty()).collect();
                Box::from(parts.join(" "))
            }
        };
        match self.places.year.as_ref().map(cell) {
            _ if name.is_empty() => None,
            Some(year) if !year.is_empty() && !name.contains(year) => Some(format!("{name} {year}").into()),
            _ => Some(name),
        }
    }

    /// A row of counts: a study, a row left out, or problems.
    fn study(&mut self, name: Box<str>, line: u32, events: &str, total: &str) {
        let counts =
            (self.count(line, self.columns.events, events), self.count(line, self.columns.total, total));
        let (events, total) = match counts {
            (Ok(events), Ok(total)) => (events, total),
            (events, total) => {
                return [events.err(), total.err()]
                    .into_iter()
                    .flatten()
                    .for_each(|problem| self.problems.push(problem));
            }
        };
        self.sums.1.add(events, total);
        let reason = match (events, total) {
            (None, None) => "events and total missing",
            (None, Some(_)) => "events missing",
            (Some(_), None) => "total missing",
            (Some(events), Some(total)) if events > total => {
                let what = format!("{events} events are more than the total {total}");
                let problem = self.problem(line, self.columns.events, what);
                return self
                    .problems
                    .push(problem.help("check both numbers, and that the columns are the right ones"));
            }
            (Some(_), Some(0)) => "total is 0",
            (Some(events), Some(total)) => {
                let Some(counts) = Counts::new(events, total) else { return };
                self.sums.0.add(Some(events), Some(total));
                return self.studies.push(Study { name, line, counts });
            }
        };
        self.excluded.push(Excluded { study: name.into(), line, reason: reason.to_owned() });
    }

    fn count(&self, line: u32, column: usize, cell: &str) -> Result<Option<u64>, Problem> {
        count(cell, self.decimal)
            .map_err(|refused| self.problem(line, column, refused.what).help(refused.help))
    }

    fn problem(&self, line: u32, column: usize, what: String) -> Problem {
        let name = self.header.shown(column);
        let name = name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')).unwrap_or(&name);
        Problem::new(what).at(self.header.file, u64::from(line)).in_column(name)
    }

    /// The table, or all that is wrong with it.
    pub(super) fn finish(mut self, provenance: Provenance) -> Result<StudyTable, Error> {
        let file = self.header.file;
        if self.read == 0 {
            let problem = Problem::new("there is no row below the header").at(file, None);
            return Err(Error::Data(vec![problem.help("give one row a study, with its events and total")]));
        }
        if self.kept == 0 {
            return Err(self.nothing_kept());
        }
        if !self.problems.is_empty() {
            return Err(self.problems.into_error(file));
        }
        let (studies, all) = self.sums;
        let unnamed = self.studies.last().filter(|last| self.unnamed == Some(last.line));
        let unnamed = unnamed.and_then(|last| totals::unnamed(last, studies, self.studies.len()));
        let differs = self.last.iter().filter_map(|row| row.differs(studies, all, self.decimal));
        let advisories = differs.chain(unnamed).collect();
        self.excluded.extend(self.last.iter().map(TotalsRow::excluded));
        self.excluded.sort_by_key(|row| row.line);
        if self.studies.is_empty() {
            return Err(self.nothing_left());
        }
        let mut table = StudyTable::new(self.studies, self.excluded, provenance)?;
        table.advisories = advisories;
        Ok(table)
    }

    /// The filters keep no row: what there would be to keep.
    fn nothing_kept(&self) -> Error {
        let problems = self.columns.filters.iter().zip(&self.seen).map(|((column, value), seen)| {
            let mut values: Vec<_> = seen.iter().take(SHOWN_VALUES).map(|value| quoted(value)).collect();
            if seen.len() > SHOWN_VALUES {
                values.push("…".to_owned());
            }
            let column = self.header.shown(*column);
            let what = format!("no row is left where the column {column} is {}", quoted(value));
            let help = format!("its values are {}; every condition has to hold", values.join(", "));
            Problem::new(what).at(self.header.file, None).help(help)
        });
        Error::Usage(problems.collect())
    }

    /// No row has counts: why each was left out.
    fn nothing_left(&self) -> Error {
        let left_out = self.excluded.iter().map(|row| {
            let what = format!("{} is left out: {}", quoted(&row.study), row.reason);
            Problem::new(what).at(self.header.file, u64::from(row.line))
        });
        let mut problems = Problems::default();
        problems.push(
            Problem::new("no study with counts is left")
                .at(self.header.file, None)
                .help("give at least one row with events and a total above 0"),
        );
        left_out.for_each(|problem| problems.push(problem));
        problems.into_error(self.header.file)
    }
}
