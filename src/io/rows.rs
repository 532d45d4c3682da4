//! Rows of cells to studies, rows left out, and problems.

use std::collections::BTreeSet;

use super::columns::{Columns, Header};
use super::count::{count, is_missing};
use super::percent;
use super::text::{Problems, quoted, trim};
use super::totals::{self, Sums, TotalsRow};
use crate::advisory::Advisory;
use crate::data::Counts;
use crate::data::dataset::{Dataset, Excluded, Label, Ledger, Provenance, Studies, Study};
use crate::data::{PercentRow, Percentages};
use crate::error::{Error, Problem};
use crate::options::Decimal;
use crate::printed::Printed;

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
    /// Rows of a table of percentages: their unit is known once all are read.
    percentages: Vec<PercentRow>,
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
            percentages: Vec::new(),
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
        let (events, total) = (cell(self.places.events.column()), cell(self.places.total));
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

    /// A row of the table: a study, a row left out, or problems.
    fn study(&mut self, name: Box<str>, line: u32, events: &str, total: &str) {
        let total = self.count(line, self.columns.total, total);
        if self.columns.events.is_percent() {
            let percent = self.percentage(line, events);
            if let Some((percent, total)) = self.both(percent, total) {
                self.of_percentage(name, line, percent, total);
            }
        } else {
            let events = self.count(line, self.columns.events.column(), events);
            if let Some((events, total)) = self.both(events, total) {
                self.of_counts(name, line, events, total);
            }
        }
    }

    /// Two cells that were read; nothing, and the problems kept, where one could not be.
    fn both<A, B>(&mut self, one: Result<A, Problem>, other: Result<B, Problem>) -> Option<(A, B)> {
        match (one, other) {
            (Ok(one), Ok(other)) => Some((one, other)),
            (one, other) => {
                one.err().into_iter().chain(other.err()).for_each(|problem| self.problems.push(problem));
                None
            }
        }
    }

    fn of_percentage(&mut self, study: Box<str>, line: u32, percent: Option<Printed>, total: Option<u64>) {
        self.sums.1.add(None, total);
        let reason = match (percent, total) {
            (None, None) => "percentage and total missing",
            (None, Some(_)) => "percentage missing",
            (Some(_), None) => "total missing",
            (Some(_), Some(0)) => "total is 0",
            (Some(percent), Some(total)) => {
                return self.percentages.push(PercentRow { study, line, percent, total });
            }
        };
        self.excluded.push(Excluded { study: study.into(), line, reason: reason.to_owned() });
    }

    fn of_counts(&mut self, name: Box<str>, line: u32, events: Option<u64>, total: Option<u64>) {
        self.sums.1.add(events, total);
        let reason = match (events, total) {
            (None, None) => "events and total missing",
            (None, Some(_)) => "events missing",
            (Some(_), None) => "total missing",
            (Some(events), Some(total)) if events > total => {
                let what = format!("{events} events are more than the total {total}");
                let problem = self.problem(line, self.columns.events.column(), what);
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

    /// The percentage in a cell, or nothing where it is missing.
    fn percentage(&self, line: u32, cell: &str) -> Result<Option<Printed>, Problem> {
        if is_missing(cell) {
            return Ok(None);
        }
        let wrong = |what: String, help: &str| {
            self.problem(line, self.columns.events.column(), what).help(help.to_owned())
        };
        // Where the comma is the decimal mark, points group thousands.
        let text = match self.decimal {
            Decimal::Point => cell.to_owned(),
            Decimal::Comma => cell.replace('.', "").replace(',', "."),
        };
        let digits =
            "write it as it was printed, such as 58.4% or 58.4; leave the cell empty where there is none";
        let printed = Printed::parse(&text)
            .map_err(|_| wrong(format!("{} is not a percentage", quoted(trim(cell))), digits))?;
        match percent::refusal(&printed) {
            Some(why) => Err(wrong(format!("{} {why}", quoted(trim(cell))), digits)),
            None => Ok(Some(printed)),
        }
    }

    /// The name of a column, without quotes.
    fn named(&self, column: usize) -> String {
        let name = self.header.shown(column);
        name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')).unwrap_or(&name).to_owned()
    }

    fn problem(&self, line: u32, column: usize, what: String) -> Problem {
        Problem::new(what).at(self.header.file, u64::from(line)).in_column(self.named(column))
    }

    /// The percentages of the table, possible or not, or all else that is wrong with it.
    pub(super) fn finish_percentages(mut self, provenance: Provenance) -> Result<Percentages, Error> {
        self.settle()?;
        self.all_right()?;
        if self.percentages.is_empty() {
            return Err(self.nothing_left());
        }
        let column = self.named(self.columns.events.column());
        self.excluded.extend(self.last.iter().map(TotalsRow::excluded));
        self.excluded.sort_by_key(|row| row.line);
        Ok(Percentages { rows: self.percentages, excluded: self.excluded, provenance, column })
    }

    /// Whether there is something to go on with; the unit of percentages is settled.
    fn settle(&mut self) -> Result<(), Error> {
        let file = self.header.file;
        if self.read == 0 {
            let problem = Problem::new("there is no row below the header").at(file, None);
            return Err(Error::Data(vec![problem.help("give one row a study, with its events and total")]));
        }
        if self.kept == 0 {
            return Err(self.nothing_kept());
        }
        if self.columns.events.is_percent() {
            let column = self.named(self.columns.events.column());
            percent::settle_units(&mut self.percentages, &column);
        }
        Ok(())
    }

    /// Everything that is wrong, at once.
    fn all_right(&mut self) -> Result<(), Error> {
        let problems = std::mem::take(&mut self.problems);
        if problems.is_empty() { Ok(()) } else { Err(problems.into_error(self.header.file)) }
    }

    /// Counts in place of percentages; the remarks on them.
    fn derive(&mut self) -> Result<Vec<Advisory>, Error> {
        if !self.columns.events.is_percent() {
            return self.all_right().map(|()| Vec::new());
        }
        let column = self.columns.events.column();
        let counted = percent::count(std::mem::take(&mut self.percentages), &self.named(column));
        for (line, problem) in counted.impossible {
            self.problems.push(problem.at(self.header.file, u64::from(line)).in_column(self.named(column)));
        }
        self.all_right()?;
        for study in &counted.studies {
            self.sums.0.add(Some(study.counts.events()), Some(study.counts.total()));
        }
        self.studies = counted.studies;
        Ok(if self.studies.is_empty() { Vec::new() } else { counted.advisories })
    }

    /// The table, or all that is wrong with it.
    pub(super) fn finish(mut self, provenance: Provenance) -> Result<Dataset, Error> {
        self.settle()?;
        let derived = self.derive()?;
        let (studies, all) = self.sums;
        let unnamed = self.studies.last().filter(|last| self.unnamed == Some(last.line));
        let unnamed = unnamed.and_then(|last| totals::unnamed(last, studies, self.studies.len()));
        let counted = !self.columns.events.is_percent();
        let differs = self.last.iter().filter_map(|row| row.differs(studies, all, self.decimal, counted));
        let advisories = derived.into_iter().chain(differs).chain(unnamed).collect();
        self.excluded.extend(self.last.iter().map(TotalsRow::excluded));
        self.excluded.sort_by_key(|row| row.line);
        if self.studies.is_empty() {
            return Err(self.nothing_left());
        }
        let ledger = Ledger { read: self.read, filtered: self.read - self.kept, excluded: self.excluded };
        let (labels, counts): (Vec<_>, Vec<_>) = self
            .studies
            .into_iter()
            .map(|Study { name, line, counts }| (Label { name, line }, counts))
            .unzip();
        let mut table = Dataset::new(labels, Studies::Proportions(counts.into()), ledger, provenance)?;
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
