//! Rows of cells to studies, rows left out, and problems.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::cell_rules::CellRules;
use super::cells::{Cells, Row};
use super::columns::{Columns, Values};
use super::count::{self, CountsRead};
use super::estimates::{self, EstimateColumns};
use super::given::Given;
use super::header::Header;
use super::intervals::with_interval;
use super::limits::most_cells;
use super::percent;
use super::read_part::{PlainRows, ReadPart, Run};
use super::remarks;
use super::row_reader::{ReadRow, RowReader, RowValue};
use super::sums_above;
use super::table::Table;
use super::text::quoted;
use super::totals::{self, RowSums, TotalsRow};
use super::totals_names;
use crate::advisory::{Advisory, Code};
use crate::data::cell::begins_as_number;
use crate::data::covariates::CovariatesBuilder;
use crate::data::{
    Counts, Covariates, Dataset, Excluded, Labels, Ledger, PercentRow, Percentages, Provenance, Studies,
};
use crate::error::{Error, ManyProblems, Problem};
use crate::options::{InputScale, OnImpossible};

/// So many pieces of a table are read at the same time, and their rows then put together.
const PARTS_AT_ONCE: usize = 32;

/// How many values of a column an error lists.
const SHOWN_VALUES: usize = 20;

/// What the rows of a table give.
pub(super) struct Rows<'t> {
    table: &'t Table<'t>,
    header: &'t Header<'t>,
    columns: &'t Columns,
    rules: &'t CellRules,
    reader: RowReader<'t>,
    /// How many rows were read, and of those how many the filters keep.
    read: usize,
    kept: usize,
    /// Name and line of each study, the row it stands in, counted from 0, and its counts.
    labels: Labels,
    places: Vec<usize>,
    /// Whether the places are needed: for the cells of other columns.
    keeps_places: bool,
    counts: Vec<Counts>,
    /// In place of counts; their unit is known once all are read.
    percentages: Vec<PercentRow>,
    /// In place of counts.
    estimates: Vec<estimates::Read>,
    excluded: Vec<Excluded>,
    problems: ManyProblems,
    /// What the studies so far add up to.
    sums: RowSums,
    /// The studies whose name has a word for a sum, counted from 0.
    named_sums: Vec<usize>,
    /// Remarks on rows of sums.
    of_sums: Vec<Advisory>,
    /// Printed percentages that the counts beside them do not give.
    mismatches: remarks::Rows,
    /// Events that were rounded.
    rounded: remarks::Rows,
    /// The row that names the row above, filtered or not, and the row above.
    above: Option<[Row<'t>; 2]>,
    /// Rows without a name that stand right below a named one, and rows without any.
    continued: remarks::Rows,
    unnamed: remarks::Rows,
    /// The values seen in each filter's column while none was right.
    seen: Vec<BTreeSet<&'t str>>,
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
        let mut rows = Self {
            table,
            header,
            columns,
            rules,
            reader: RowReader { columns, rules, names: header.names },
            read: 0,
            kept: 0,
            labels: Labels::default(),
            places: Vec::new(),
            keeps_places: !columns.others(header).is_empty(),
            counts: Vec::new(),
            percentages: Vec::new(),
            estimates: Vec::new(),
            excluded: Vec::new(),
            problems: ManyProblems::default(),
            sums: RowSums::default(),
            named_sums: Vec::new(),
            of_sums: Vec::new(),
            mismatches: remarks::Rows::default(),
            rounded: remarks::Rows::default(),
            above: None,
            continued: remarks::Rows::default(),
            unnamed: remarks::Rows::default(),
            seen: vec![BTreeSet::new(); columns.filters.len()],
        };
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
        if self.keeps_places {
            self.places.extend(place..place + counts.len());
        }
        self.read += counts.len();
        self.kept += counts.len();
        self.above = Some([last, last]);
        for (study, counts) in (first..).zip(counts) {
            let label = self.labels.at(study);
            let of_sum = |rows| totals::unnamed_sum(label.name, label.line, rows);
            self.of_sums.extend(self.sums.add(*counts).map(of_sum));
        }
    }

    fn push(&mut self, place: usize, ReadRow { row, name, value }: ReadRow<'t>) {
        if matches!(value, RowValue::TooLong) {
            return self.refuse(self.too_long(row));
        }
        self.read += 1;
        let named = if name.is_some() { Some(row) } else { self.goes_on_from(row) };
        self.above = named.map(|named| [named, row]);
        if self.kept == 0 {
            self.see(row);
        }
        if matches!(value, RowValue::Filtered) {
            return;
        }
        self.kept += 1;
        if matches!(value, RowValue::Header) {
            let first = || row.iter().find(|cell| !cell.is_empty()).unwrap_or_default().into();
            let study = name.unwrap_or_else(first).into();
            let reason = "the names of the columns once more".to_owned();
            return self.excluded.push(Excluded { study, line: row.line, reason });
        }
        let name = name.unwrap_or_else(|| self.name_of_unnamed(row, named));
        if matches!(value, RowValue::Total) || (named != Some(row) && totals_names::is_name(&name)) {
            self.leave_out_totals(&name, row);
        } else {
            self.study(Named { name, place, row }, value);
        }
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

    /// The row that names a row without a name: a name goes on over the rows right below it which another column of words
    /// (an outcome, an arm) tells from the one above.
    fn goes_on_from(&self, row: Row<'t>) -> Option<Row<'t>> {
        let [named, above] = self.above?;
        let differs = |column: &usize| {
            let cell = row.cell(*column);
            !cell.is_empty() && !above.cell(*column).is_empty() && cell != above.cell(*column)
        };
        let next = above.line.saturating_add(1) == row.line;
        (next && self.columns.words.iter().any(differs)).then_some(named)
    }

    /// The name of a row that has none of its own: that of the row which names it, else its number.
    fn name_of_unnamed(&mut self, row: Row<'t>, named: Option<Row<'t>>) -> Cow<'t, str> {
        if let Some(name) = named.and_then(|named| self.reader.name(named)) {
            self.continued.push(&name, row.line);
            return name;
        }
        let name = format!("Study {}", self.read);
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
        let reason = Excluded::TOTALS.to_owned();
        self.excluded.push(Excluded { study: name.into(), line: row.line, reason });
    }

    /// Enters a row into the list that it belongs to; the value of a study is handed back.
    fn settle<T>(&mut self, Named { name, place, row }: Named<'t>, given: Given<T>) -> Option<T> {
        match given {
            Given::Value(value) => {
                self.labels.push(&name, row.line);
                if self.keeps_places {
                    self.places.push(place);
                }
                return Some(value);
            }
            Given::Nothing(reason) => {
                self.excluded.push(Excluded {
                    study: name.into(),
                    line: row.line,
                    reason: reason.to_owned(),
                });
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

    /// The table, or all that is wrong with it.
    pub(super) fn finish(mut self, provenance: Provenance) -> Result<Dataset, Error> {
        self.something_kept()?;
        self.leave_out_sums_above();
        let mut advisories = match self.columns.values {
            Values::Counts { .. } => Vec::new(),
            Values::Percentages { percent, .. } => self.derive(percent),
            Values::Estimates(columns) => self.symmetry(columns),
        };
        self.all_right()?;
        advisories.extend(std::mem::take(&mut self.of_sums));
        advisories.extend(std::mem::take(&mut self.mismatches).percent_mismatch());
        advisories.extend(std::mem::take(&mut self.rounded).events_rounded());
        advisories.extend(self.of_names());
        if self.labels.is_empty() {
            return Err(self.nothing_left());
        }
        let covariates = self.covariates()?;
        let (studies, input_scale) = match self.columns.values {
            Values::Estimates(columns) => {
                let pooled: Vec<_> = self.estimates.iter().map(|read| read.pooled).collect();
                (Studies::Generic(pooled.into()), columns.scale)
            }
            _ => (Studies::Proportions(self.counts.into()), InputScale::Identity),
        };
        let ledger = Ledger { read: self.read, filtered: self.read - self.kept, excluded: self.excluded };
        let data = Dataset::new(self.labels, studies, ledger, provenance)?;
        Dataset { input_scale, ..data }.with_advisories(advisories).with_covariates(covariates)
    }

    /// The percentages of the table, possible or not, or all else that is wrong with it.
    pub(super) fn finish_percentages(mut self, provenance: Provenance) -> Result<Percentages, Error> {
        self.something_kept()?;
        let Values::Percentages { percent, .. } = self.columns.values else {
            return Err(Error::Data(vec![
                self.header.problem("no column of percentages is read".to_owned()),
            ]));
        };
        let mut advisories = Vec::new();
        match self.settle_units(percent) {
            Ok(scale) => advisories.extend(scale),
            Err(problem) => self.problems.push(problem),
        }
        self.all_right()?;
        advisories.extend(self.of_names());
        let on_impossible = self.rules.on_impossible;
        if on_impossible == OnImpossible::Drop {
            let (kept, left_out): (Vec<_>, Vec<_>) =
                self.percentages.into_iter().partition(|row| row.derived().is_some());
            self.percentages = kept;
            self.excluded.extend(left_out.iter().map(not_a_count));
            self.excluded.sort_by_key(|row| row.line);
        }
        if self.percentages.is_empty() {
            return Err(self.nothing_left());
        }
        Ok(Percentages {
            rows: self.percentages,
            excluded: self.excluded,
            provenance,
            column: self.header.shown(percent),
            on_impossible,
            advisories,
        })
    }

    /// The remarks on names that rows do not have.
    fn of_names(&mut self) -> impl Iterator<Item = Advisory> {
        let continued = std::mem::take(&mut self.continued).names_continued();
        let missing = std::mem::take(&mut self.unnamed).names_missing();
        let numbered = self.columns.names.study.is_empty() && !self.labels.is_empty();
        continued.into_iter().chain(missing).chain(numbered.then(remarks::studies_numbered))
    }

    /// Whether there is something to go on with.
    fn something_kept(&self) -> Result<(), Error> {
        if self.kept == 0 { Err(self.nothing_kept()) } else { Ok(()) }
    }

    /// Everything that is wrong, at once.
    fn all_right(&mut self) -> Result<(), Error> {
        let problems = std::mem::take(&mut self.problems);
        if problems.is_empty() { Ok(()) } else { Err(Error::Data(problems.in_order(self.header.file))) }
    }

    /// Settles the unit of the percentages; the remark on it.
    fn settle_units(&mut self, column: usize) -> Result<Option<Advisory>, Problem> {
        let name = self.header.shown(column);
        percent::settle_units(&mut self.percentages, &name).map_err(|what| {
            let help =
                "write a percent sign behind the numbers, or call the column 'percent' or 'proportion'";
            self.header.problem(what).in_column(name).help(help)
        })
    }

    /// Counts in place of percentages; the remarks on them.
    fn derive(&mut self, column: usize) -> Vec<Advisory> {
        let scale = match self.settle_units(column) {
            Ok(scale) => scale,
            Err(problem) => {
                self.problems.push(problem);
                return Vec::new();
            }
        };
        let name = self.header.shown(column);
        let decimal = self.rules.decimal(column);
        let intervals = self.table.rows().any(|row| with_interval(row.cell(column), decimal).is_some());
        let derivation = percent::derive(&self.percentages, &name, intervals, self.rules.on_impossible);
        for row in derivation.impossible.into_iter().map(|index| &self.percentages[index]) {
            let problem =
                || percent::impossible(row).at(self.header.file, u64::from(row.line)).in_column(name.clone());
            self.problems.push_with(problem);
        }
        if !self.problems.is_empty() {
            return Vec::new();
        }
        self.leave_out_impossible(&derivation.counts);
        self.counts = derivation.counts.into_iter().flatten().collect();
        if self.counts.is_empty() {
            Vec::new()
        } else {
            scale.into_iter().chain(derivation.advisories).collect()
        }
    }

    /// Leaves out the rows whose percentage no count gives.
    fn leave_out_impossible(&mut self, counts: &[Option<Counts>]) {
        let left_out = self.percentages.iter().zip(counts).filter(|(_, counts)| counts.is_none());
        self.excluded.extend(left_out.map(|(row, _)| not_a_count(row)));
        self.excluded.sort_by_key(|row| row.line);
        self.labels.retain(counts.iter().map(Option::is_some));
        let mut given = counts.iter();
        self.places.retain(|_| given.next().is_none_or(Option::is_some));
    }

    /// Leaves out rows that are named as sums and are those of the rows below them; says which others look like it.
    fn leave_out_sums_above(&mut self) {
        if !matches!(self.columns.values, Values::Counts { .. }) || self.counts.len() != self.labels.len() {
            return;
        }
        let sums = sums_above::find(&self.counts, &self.named_sums);
        let is_named = |place: &usize| self.named_sums.binary_search(place).is_ok();
        for (place, rows) in sums.iter().filter(|(place, _)| !is_named(place)) {
            let label = self.labels.at(*place);
            self.of_sums.push(sums_above::remark(label.name, label.line, *rows));
        }
        let left_out: Vec<usize> = sums.iter().map(|(place, _)| *place).filter(is_named).collect();
        if left_out.is_empty() {
            return;
        }
        // Totals were compared with sums that had these rows in them.
        self.of_sums.retain(|advisory| advisory.code != Code::TotalDiffers);
        let is_kept = |place: usize| left_out.binary_search(&place).is_err();
        let keep: Vec<bool> = (0..self.counts.len()).map(is_kept).collect();
        for place in left_out {
            let (label, reason) = (self.labels.at(place), Excluded::TOTALS.to_owned());
            self.excluded.push(Excluded { study: label.name.into(), line: label.line, reason });
        }
        self.excluded.sort_by_key(|row| row.line);
        self.labels.retain(keep.iter().copied());
        let mut given = keep.iter();
        self.counts.retain(|_| given.next().is_none_or(|keep| *keep));
        let mut given = keep.iter();
        self.places.retain(|_| given.next().is_none_or(|keep| *keep));
    }

    /// The remark on limits that look as if they stood on another scale.
    fn symmetry(&self, columns: EstimateColumns) -> Vec<Advisory> {
        let limits: Vec<_> = self.estimates.iter().filter_map(|read| read.as_printed).collect();
        estimates::symmetry(columns.scale, &limits)
    }

    /// Every other column, a cell for each study.
    fn covariates(&self) -> Result<Covariates, Error> {
        let columns = self.columns.others(self.header);
        let names =
            columns.iter().map(|column| (self.header.names[*column].as_str(), self.rules.decimal(*column)));
        let mut cells = CovariatesBuilder::new(names, self.labels.len());
        // Rows may be shorter than the header. Memory is bounded by the cells that there are.
        cells.limit(most_cells(self.table.cells()));
        let mut places = self.places.iter().enumerate().peekable();
        let rows = self.table.rows().enumerate();
        for (place, row) in rows.take(if columns.is_empty() { 0 } else { usize::MAX }) {
            let Some((study, _)) = places.next_if(|(_, of_study)| **of_study == place) else { continue };
            for (index, column) in columns.iter().enumerate().take_while(|(_, column)| **column < row.len()) {
                let cell = row.cell(*column);
                if !self.rules.is_named_missing(cell) {
                    cells.set(index, study, cell);
                }
            }
        }
        cells.finish().map_err(|problem| Error::Data(vec![problem.at(self.header.file, None)]))
    }

    /// The filters keep no row: what there would be to keep.
    fn nothing_kept(&self) -> Error {
        let problems = self.columns.filters.iter().zip(&self.seen).map(|(filter, seen)| {
            let mut values: Vec<_> = seen.iter().take(SHOWN_VALUES).map(|value| quoted(value)).collect();
            if seen.len() > SHOWN_VALUES {
                values.push("…".to_owned());
            }
            let what = format!("no row is left where {}", quoted(&filter.typed));
            let help = format!("its values are {}; every condition has to hold", values.join(", "));
            Problem::new(what).at(self.header.file, None).help(help)
        });
        Error::Usage(problems.collect())
    }

    /// What a row needs to be a study.
    fn needed(&self) -> &'static str {
        match self.columns.values {
            Values::Counts { .. } => "events and a total above 0",
            Values::Percentages { .. } => "a percentage and a total above 0",
            Values::Estimates(_) => "an estimate and how precise it is",
        }
    }

    /// No row is a study: why each was left out.
    fn nothing_left(&self) -> Error {
        let left_out = self.excluded.iter().map(|row| {
            let what = format!("{} is left out: {}", quoted(&row.study), row.reason);
            Problem::new(what).at(self.header.file, u64::from(row.line))
        });
        let mut problems = ManyProblems::default();
        problems.push(
            Problem::new("no study is left")
                .at(self.header.file, None)
                .help(format!("give at least one row with {}", self.needed())),
        );
        left_out.for_each(|problem| problems.push(problem));
        Error::Data(problems.in_order(self.header.file))
    }
}

/// The entry of a row whose percentage no count gives.
fn not_a_count(row: &PercentRow) -> Excluded {
    Excluded { study: row.study.clone().into(), line: row.line, reason: row.not_a_count() }
}
