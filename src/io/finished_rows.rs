//! What the rows of a table come to: the studies, the percentages, or all that is wrong with them.

use super::columns::Values;
use super::estimates::{self, EstimateColumns};
use super::limits::most_cells;
use super::rows::{Rows, SHOWN_VALUES};
use super::text::quoted;
use super::{percent, remarks, sums_above};
use crate::advisory::{Advisory, Code};
use crate::data::covariates::CovariatesBuilder;
use crate::data::{
    Counts, Covariates, Dataset, Excluded, Ledger, PercentRow, Percentages, Provenance, Studies,
};
use crate::error::{Error, ManyProblems, Problem};
use crate::options::{InputScale, OnImpossible};

impl Rows<'_> {
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
        let derivation = percent::derive(&self.percentages, &name, self.intervals, self.rules.on_impossible);
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
        self.retain(&counts.iter().map(Option::is_some).collect::<Vec<_>>());
    }

    /// Keeps these studies alone: their names, places and, where there are counts, these.
    fn retain(&mut self, keep: &[bool]) {
        fn retain<T>(of: &mut Vec<T>, keep: &[bool]) {
            let mut keep = keep.iter();
            of.retain(|_| keep.next().is_none_or(|keep| *keep));
        }
        self.labels.retain(keep.iter().copied());
        retain(&mut self.places, keep);
        retain(&mut self.counts, keep);
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
            self.excluded.push(Excluded::new(label.name, label.line, reason));
        }
        self.excluded.sort_by_key(|row| row.line);
        self.retain(&keep);
    }

    /// The remark on limits that look as if they stood on another scale.
    fn symmetry(&self, columns: EstimateColumns) -> Vec<Advisory> {
        let limits: Vec<_> = self.estimates.iter().filter_map(|read| read.as_printed).collect();
        estimates::symmetry(columns.scale, &limits)
    }

    /// Every other column, a cell for each study.
    fn covariates(&self) -> Result<Covariates, Error> {
        let columns = &self.others;
        let names =
            columns.iter().map(|column| (self.header.names[*column].as_str(), self.rules.decimal(*column)));
        let mut cells = CovariatesBuilder::new(names, self.labels.len());
        // Rows may be shorter than the header. Memory is bounded by the cells that there are.
        cells.limit(most_cells(self.table.cells()));
        let mut places = self.places.iter().enumerate().peekable();
        let of_group = self.group.into_iter().flat_map(|(rows, _)| rows).copied();
        let of_table = self.group.is_none().then(|| self.table.rows()).into_iter().flatten();
        let rows = of_group.chain(of_table).enumerate();
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
    Excluded { total: Some(row.total), ..Excluded::new(row.study.clone(), row.line, row.not_a_count()) }
}
