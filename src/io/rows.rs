//! Rows of cells to studies, rows left out, and problems.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::cell_rules::CellRules;
use super::cells::{Cells, Row};
use super::columns::{Columns, Values};
use super::count::{self, CountsRead};
use super::estimates;
use super::given::Given;
use super::header::Header;
use super::intervals::with_interval;
use super::plain_row::PlainColumns;
use super::read_part::{PlainRows, ReadPart, Run};
use super::remarks;
use super::row_reader::{ReadRow, RowReader, RowValue};
use super::rows_above::RowsAbove;
use super::table::Table;
use super::totals::{self, RowSums, TotalsRow};
use super::totals_names;
use crate::advisory::Advisory;
use crate::data::cell::begins_as_number;
use crate::data::{Counts, Excluded, Labels, PercentRow};
use crate::error::{ManyProblems, Problem};

/// So many pieces of a table are read at the same time, and their rows then put together.
const PARTS_AT_ONCE: usize = 32;

/// How many values of a column an error lists.
pub(super) const SHOWN_VALUES: usize = 20;

/// What the rows of a table give.
pub(super) struct Rows<'t> {
    pub(super) table: &'t Table<'t>,
    pub(super) header: &'t Header<'t>,
    pub(super) columns: &'t Columns,
    pub(super) rules: &'t CellRules,
    reader: RowReader<'t>,
    /// The columns of which each study keeps its cell.
    pub(super) others: Cow<'t, [usize]>,
    /// The rows and their places in the table, where they are those of a group.
    pub(super) group: Option<(&'t [Row<'t>], &'t [u32])>,
    /// How many rows were read, and of those how many the filters keep.
    pub(super) read: usize,
    pub(super) kept: usize,
    /// Name and line of each study, the row it stands in, counted from 0, and its counts.
    pub(super) labels: Labels,
    pub(super) places: Vec<usize>,
    pub(super) counts: Vec<Counts>,
    /// In place of counts; their unit is known once all are read.
    pub(super) percentages: Vec<PercentRow>,
    /// Whether an interval stands behind one of them.
    pub(super) intervals: bool,
    /// In place of counts.
    pub(super) estimates: Vec<estimates::Read>,
    pub(super) excluded: Vec<Excluded>,
    pub(super) problems: ManyProblems,
    /// What the studies so far add up to.
    sums: RowSums,
    /// The studies whose name has a word for a sum, counted from 0.
    pub(super) named_sums: Vec<usize>,
    /// Remarks on rows of sums.
    pub(super) of_sums: Vec<Advisory>,
    /// Printed percentages that the counts beside them do not give.
    pub(super) mismatches: remarks::Rows,
    /// Events that were rounded.
    pub(super) rounded: remarks::Rows,
    above: RowsAbove<'t>,
    /// Rows without a name that stand right below a named one, and rows without any.
    pub(super) continued: remarks::Rows,
    pub(super) unnamed: remarks::Rows,
    /// The values seen in each filter's column while none was right.
    pub(super) seen: Vec<BTreeSet<&'t str>>,
}

/// A row with its name and its place in the table.
struct Named<'t> {
    name: Cow<'t, str>,
    place: usize,
    row: Row<'t>,
}

impl<'t> Rows<'t> {
    /// Goes over the rows of a table.
    pub(super) fn read(
        table: &'t Table<'t>,
        header: &'t Header<'t>,
        columns: &'t Columns,
        rules: &'t CellRules,
    ) -> Self {
        let mut rows = Self::new(table, header, columns, rules, columns.others(header).into());
        let most = table.parts().iter().map(Cells::len).sum();
        rows.labels.reserve(most);
        let (reader, mut first, mut read) = (rows.reader, 0, Vec::new());
        // While some pieces are read, those read before are put together.
        for parts in table.parts().chunks(PARTS_AT_ONCE) {
            let ahead = || parts.par_iter().map(|part| ReadPart::new(part, reader)).collect();
            let (next, ()) = rayon::join(ahead, || rows.extend(&mut first, read));
            read = next;
        }
        rows.extend(&mut first, read);
        if let Some(problem) = &table.stray_quote {
            rows.refuse(problem.clone());
        }
        rows
    }

    /// Before a row is read. `others` are the columns of which each study keeps its cell.
    pub(super) fn new(
        table: &'t Table<'t>,
        header: &'t Header<'t>,
        columns: &'t Columns,
        rules: &'t CellRules,
        others: Cow<'t, [usize]>,
    ) -> Self {
        Self {
            table,
            header,
            columns,
            rules,
            reader: RowReader { columns, rules, names: header.names },
            others,
            group: None,
            read: 0,
            kept: 0,
            labels: Labels::default(),
            places: Vec::new(),
            counts: Vec::new(),
            percentages: Vec::new(),
            intervals: false,
            estimates: Vec::new(),
            excluded: Vec::new(),
            problems: ManyProblems::default(),
            sums: RowSums::default(),
            named_sums: Vec::new(),
            of_sums: Vec::new(),
            mismatches: remarks::Rows::default(),
            rounded: remarks::Rows::default(),
            above: RowsAbove::default(),
            continued: remarks::Rows::default(),
            unnamed: remarks::Rows::default(),
            seen: vec![BTreeSet::new(); columns.filters.len()],
        }
    }

    /// Adds the rows of pieces, the first of which has this place in the table.
    fn extend(&mut self, first: &mut usize, parts: Vec<ReadPart<'t>>) {
        for part in parts {
            let next = *first + part.len();
            part.for_each(|place, run| match run {
                Run::Plain(rows) => self.push_plain(*first + place, rows),
                Run::Other(row) => self.push(*first + place, row),
            });
            *first = next;
        }
    }

    /// A row that cannot be read at all.
    fn refuse(&mut self, problem: Problem) {
        self.read += 1;
        self.kept += 1;
        self.problems.push(problem);
    }

    /// Adds rows that follow one another, each a study of which there is nothing to remark but that it may be a sum.
    fn push_plain(&mut self, place: usize, PlainRows { labels, counts, rows, last }: PlainRows<'t, '_>) {
        let (first, counts) = (self.labels.len(), &counts[rows.clone()]);
        self.labels.extend_from(labels, rows);
        self.counts.extend_from_slice(counts);
        if !self.others.is_empty() {
            self.places.extend(place..place + counts.len());
        }
        self.read += counts.len();
        self.kept += counts.len();
        self.above = RowsAbove::of(last);
        for (study, counts) in (first..).zip(counts) {
            let label = self.labels.at(study);
            let of_sum = |rows| totals::unnamed_sum(label.name, label.line, rows);
            self.of_sums.extend(self.sums.add(*counts).map(of_sum));
        }
    }

    fn push(&mut self, place: usize, read: ReadRow<'t>) {
        let is_row = !matches!(read.value, RowValue::TooLong);
        let named = if is_row { self.above.named(read.row, read.name.is_some(), self.columns) } else { None };
        self.push_named(place, read, named);
    }

    /// Adds a row, and the row that names it: itself where it has a name.
    pub(super) fn push_named(
        &mut self,
        place: usize,
        ReadRow { row, name, value }: ReadRow<'t>,
        named: Option<Row<'t>>,
    ) {
        if matches!(value, RowValue::TooLong) {
            return self.refuse(self.too_long(row));
        }
        self.read += 1;
        if self.kept == 0 {
            self.see(row);
        }
        if matches!(value, RowValue::Filtered) {
            return;
        }
        self.kept += 1;
        if matches!(value, RowValue::Header) {
            let first = || row.iter().find(|cell| !cell.is_empty()).unwrap_or_default().into();
            let study = name.unwrap_or_else(first);
            return self.excluded.push(Excluded::new(study, row.line, "the names of the columns once more"));
        }
        let name = name.unwrap_or_else(|| self.name_of_unnamed(place, row, named));
        if matches!(value, RowValue::Total) || (named != Some(row) && totals_names::is_name(&name)) {
            self.leave_out_totals(&name, row);
        } else {
            self.study(Named { name, place, row }, value);
        }
    }

    /// Adds a row of a group; `named` is the row that names it where it has no name of its own.
    pub(super) fn push_of_group(
        &mut self,
        place: usize,
        row: Row<'t>,
        plain: Option<PlainColumns>,
        named: impl FnOnce() -> Option<Row<'t>>,
    ) {
        let Some((name, counts)) = plain.and_then(|plain| plain.read(row)) else {
            let read = self.reader.read(row);
            let named = if read.name.is_some() { Some(row) } else { named() };
            return self.push_named(place, read, named);
        };
        self.read += 1;
        self.kept += 1;
        self.labels.push(name, row.line);
        self.counts.push(counts);
        if !self.others.is_empty() {
            self.places.push(place);
        }
        let of_sum = |rows| totals::unnamed_sum(name, row.line, rows);
        self.of_sums.extend(self.sums.add(counts).map(of_sum));
    }

    fn too_long(&self, row: Row<'_>) -> Problem {
        let what = format!("the row has {} cells, the header {}", row.len(), self.header.names.len());
        let help = match self.table.delimiter {
            None => "give every cell a column".to_owned(),
            Some(b'\t') => "put a cell that holds a tab in double quotes".to_owned(),
            Some(delimiter) => {
                format!("put a cell that holds a '{}' in double quotes: \"1{0}066\"", char::from(delimiter))
            }
        };
        Problem::new(what).at(self.header.file, u64::from(row.line)).help(help)
    }

    /// Keeps the values in the columns of the filters, for the error where no row is right.
    fn see(&mut self, row: Row<'t>) {
        for (filter, seen) in self.columns.filters.iter().zip(&mut self.seen) {
            if seen.len() <= SHOWN_VALUES {
                seen.insert(row.cell(filter.column));
            }
        }
    }

    /// The name of a row that has none of its own: that of the row which names it, else its number in the table.
    fn name_of_unnamed(&mut self, place: usize, row: Row<'t>, named: Option<Row<'t>>) -> Cow<'t, str> {
        if let Some(name) = named.and_then(|named| self.reader.name(named)) {
            self.continued.push(&name, row.line);
            return name;
        }
        let place = self.group.map_or(place, |(_, places)| places[place] as usize);
        let name = format!("Study {}", place + 1);
        if !self.columns.names.study.is_empty() {
            self.unnamed.push(&name, row.line);
        }
        name.into()
    }

    /// A row of the table: a study, a row left out, or problems.
    fn study(&mut self, named: Named<'t>, value: RowValue) {
        match value {
            RowValue::TooLong | RowValue::Filtered | RowValue::Total | RowValue::Header => {}
            RowValue::Wrong(wrong) => {
                self.settle::<()>(named, wrong.into());
            }
            RowValue::Counts(Given::Value(read)) if self.sums.is_named_sum(&named.name, read.counts) => {
                self.leave_out_totals(&named.name, named.row);
            }
            RowValue::Counts(given) => {
                match &given {
                    Given::Value(read) => self.remark(&named.name, named.row, read),
                    _ => self.add_half(named.row),
                }
                if matches!(given, Given::Value(_)) && totals_names::may_be_name(&named.name) {
                    self.named_sums.push(self.labels.len());
                }
                let read = self.settle(named, given);
                self.counts.extend(read.map(|read| read.counts));
            }
            RowValue::Percentage(given) => {
                let (study, line) = (Box::from(&*named.name), named.row.line);
                self.intervals |= self.has_interval(named.row);
                if let Some((percent, total)) = self.settle(named, given) {
                    self.percentages.push(PercentRow { study, line, percent, total });
                }
            }
            RowValue::Estimate(given) => {
                let estimate = self.settle(named, given);
                self.estimates.extend(estimate);
            }
        }
    }

    /// Whether an interval stands behind the percentage of a row.
    fn has_interval(&self, row: Row<'t>) -> bool {
        let Values::Percentages { percent, .. } = self.columns.values else { return false };
        with_interval(row.cell(percent), self.rules.decimal(percent)).is_some()
    }

    /// Adds a row that has events or a total, and not both, to the sums.
    fn add_half(&mut self, row: Row<'t>) {
        if let Values::Counts { events, total } = self.columns.values {
            let half = |column| count::in_column(row, column, self.rules).ok().flatten();
            self.sums.add_half([Some(events), total].map(|column| Some(half(column?)?.count)));
        }
    }

    /// What there is to say of the counts of a row: that they are a sum, do not give the percentage beside them, or
    /// were rounded.
    fn remark(&mut self, name: &str, row: Row<'t>, read: &CountsRead) {
        let of_sum = |rows| totals::unnamed_sum(name, row.line, rows);
        self.of_sums.extend(self.sums.add(read.counts).map(of_sum));
        let beside = self.columns.held.and_then(|held| held.of_row(row, self.rules));
        for printed in read.percent.as_deref().into_iter().chain(&beside) {
            if let Some(mismatch) = remarks::mismatch(printed, read.counts) {
                self.mismatches.say(name, row.line, &mismatch);
            }
        }
        if read.rounded {
            let fraction = match self.columns.values {
                Values::Counts { events, .. } => row.cell(events),
                _ => "",
            };
            self.rounded.say(name, row.line, &format!("{fraction} is {}", read.counts.events()));
        }
    }

    /// Enters a row that is named as a total into the ledger.
    fn leave_out_totals(&mut self, name: &str, row: Row<'t>) {
        let [events, total] = match self.columns.values {
            Values::Counts { events, total } => [Some(events), total],
            // Neither percentages nor estimates add up.
            _ => [None, None],
        };
        let is_of_sums = !totals_names::is_summary(name) && self.sums.any();
        if is_of_sums
            && [events, total].into_iter().flatten().any(|column| !self.rules.is_missing(row.cell(column)))
        {
            let of_row = TotalsRow { name, row, events, total };
            self.of_sums.extend(self.sums.differs(&of_row, self.rules));
        }
        self.sums.close();
        self.excluded.push(Excluded::new(name, row.line, Excluded::TOTALS));
    }

    /// The total of a row whose events are missing, where it has one.
    fn known_total(&self, row: Row<'t>) -> Option<u64> {
        let Values::Counts { total: Some(column), .. } = self.columns.values else { return None };
        count::total_in_column(row, column, self.rules).ok().flatten()
    }

    /// Enters a row into the list that it belongs to; the value of a study is handed back.
    fn settle<T>(&mut self, Named { name, place, row }: Named<'t>, given: Given<T>) -> Option<T> {
        match given {
            Given::Value(value) => {
                self.labels.push(&name, row.line);
                if !self.others.is_empty() {
                    self.places.push(place);
                }
                return Some(value);
            }
            Given::Nothing(reason) => {
                let total = self.known_total(row);
                self.excluded.push(Excluded { total, ..Excluded::new(name, row.line, reason) });
            }
            Given::Wrong(wrong) => {
                let describes = self.read == 1 && !row.iter().any(begins_as_number);
                for mut wrong in wrong {
                    if describes {
                        wrong.help += "; where the line describes the columns, delete it";
                    }
                    if let Some(flag) = self.columns.guessed(wrong.column) {
                        wrong.help += &format!("; the column was found by its name, {flag} names another");
                    }
                    let column = self.header.shown(wrong.column);
                    self.problems.push(wrong.problem(column).at(self.header.file, u64::from(row.line)));
                }
            }
        }
        None
    }
}
