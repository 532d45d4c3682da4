//! The columns of a table beside names and counts: one cell a study.
//!
//! The cells are a frame that clones share, so that a data set is cloned without copying text.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::cell::{is_missing, number, number_with_unit, plain_unit, shared_unit};
use super::text_frame::{TextBuilder, TextColumn, TextFrame};
use crate::error::{Error, Problem};
use crate::options::Decimal;

/// Columns of text cells, one cell a study, in the order of the table.
///
/// ```
/// use metaprop::data::Covariates;
///
/// let covariates = Covariates::new([("dose", ["5", "10"]), ("route", ["oral", ""])])?;
/// assert_eq!((covariates.len(), covariates.k()), (2, 2));
/// assert_eq!(covariates.get("dose").unwrap().numbers(), [Some(5.0), Some(10.0)]);
/// assert!(covariates.get("age").is_none());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Covariates {
    columns: Arc<[Name]>,
    /// The columns that have a cell that is not blank, named by their number: two may share a name.
    frame: TextFrame,
    k: usize,
}

/// The name of a column and its place in the frame; none where all its cells are blank.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    name: Box<str>,
    decimal: Decimal,
    place: Option<usize>,
}

/// One column: a cell for each study.
///
/// ```
/// use metaprop::io::read::read_bytes;
/// use metaprop::options::ReadOptions;
///
/// let csv = b"study,events,total,dose,route\nA,3,10,5,oral\nB,5,9,NA,topical\nC,4,9,2.5,oral\n";
/// let data = read_bytes(csv, "-", &ReadOptions::default())?;
/// let dose = data.covariates().get("dose").unwrap();
/// assert_eq!(dose.cells().collect::<Vec<_>>(), ["5", "NA", "2.5"]);
/// assert_eq!(dose.numbers(), [Some(5.0), None, Some(2.5)]);
/// let route = data.covariates().get("route").unwrap();
/// assert_eq!(route.levels(), ["oral", "topical"]);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Covariate<'a> {
    name: &'a str,
    cells: Option<TextColumn<'a>>,
    k: usize,
    decimal: Decimal,
}

impl Covariates {
    /// Of columns with a name and a cell for each study; a point is the decimal sign of their numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where one column has more cells than another.
    pub fn new<N: Into<Box<str>>, C: AsRef<str>>(
        columns: impl IntoIterator<Item = (N, impl IntoIterator<Item = C>)>,
    ) -> Result<Self, Error> {
        let columns: Vec<(Box<str>, Vec<C>)> =
            columns.into_iter().map(|(name, cells)| (name.into(), cells.into_iter().collect())).collect();
        let k = columns.first().map_or(0, |(_, cells)| cells.len());
        let names = columns.iter().map(|(name, _)| (&**name, Decimal::default()));
        let mut builder = CovariatesBuilder::new(names, k);
        let mut problems = Vec::new();
        for (index, (name, cells)) in columns.iter().enumerate() {
            if cells.len() != k {
                let (name, cells) = (name.escape_debug(), cells.len());
                let what = format!("the column '{name}' has {cells} cells and the first column {k}");
                problems.push(Problem::new(what).help("give one cell a study"));
                continue;
            }
            cells.iter().enumerate().for_each(|(study, cell)| builder.set(index, study, cell.as_ref()));
        }
        if !problems.is_empty() {
            return Err(Error::Data(problems));
        }
        builder.finish().map_err(|problem| Error::Data(vec![problem]))
    }

    /// The number of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no column.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The number of studies: of cells in each column.
    #[must_use]
    pub const fn k(&self) -> usize {
        self.k
    }

    /// Every column, in the order of the table.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Covariate<'_>> {
        self.columns.iter().map(|column| self.column(column))
    }

    /// The column of this name; the first where several share it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Covariate<'_>> {
        self.columns.iter().find(|column| &*column.name == name).map(|column| self.column(column))
    }

    /// The cells of these studies, counted from 0, in this order.
    pub(crate) fn of(&self, studies: &[u32]) -> Self {
        Self { frame: self.frame.take(studies), k: studies.len(), ..self.clone() }
    }

    fn column<'a>(&'a self, Name { name, decimal, place }: &'a Name) -> Covariate<'a> {
        let cells = place.and_then(|place| self.frame.column(place));
        Covariate { name, cells, k: self.k, decimal: *decimal }
    }
}

impl PartialEq for Covariates {
    fn eq(&self, other: &Self) -> bool {
        self.k == other.k && self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Covariates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|column| (column.name, column))).finish()
    }
}

impl<'a> Covariate<'a> {
    /// Its name in the header, without outer blanks; empty where it has none.
    #[must_use]
    pub const fn name(self) -> &'a str {
        self.name
    }

    /// The cell of a study, counted from 0: the text of the table without outer blanks, empty where there is
    /// none.
    #[must_use]
    pub fn cell(self, study: usize) -> &'a str {
        self.cells.filter(|cells| study < cells.len()).map(|cells| cells.get(study)).unwrap_or_default()
    }

    /// The cell of each study.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        let blank = self.k - self.cells.map_or(0, TextColumn::len);
        let cells = self.cells.into_iter().flat_map(TextColumn::iter);
        cells.chain(std::iter::repeat_n("", blank))
    }

    /// The cells as decimal numbers with the decimal mark of the column; `None` where a cell holds none. Where all have
    /// one and the same unit behind them (`3 months`, `12 months`), the numbers before it.
    #[must_use]
    pub fn numbers(self) -> Vec<Option<f64>> {
        let plain: Vec<_> = self.cells().map(|cell| number(cell, self.decimal)).collect();
        if plain.iter().any(Option::is_some) || shared_unit(self.cells(), self.decimal).is_none() {
            return plain;
        }
        self.cells().map(|cell| Some(number_with_unit(cell, self.decimal)?.0)).collect()
    }

    /// Two cells that are numbers with a unit, or one with and one without, where every cell is a number and they have not
    /// one unit: neither their numbers nor their text tell their order.
    pub(crate) fn units_that_differ(self) -> Option<[&'a str; 2]> {
        let mut cells = self.cells().filter(|cell| !is_missing(cell));
        let unit = |cell: &str| match number(cell, self.decimal) {
            Some(_) => Some(String::new()),
            None => number_with_unit(cell, self.decimal).map(|(_, unit)| plain_unit(unit)),
        };
        let first = cells.next()?;
        let (of_first, mut other) = (unit(first)?, None);
        for cell in cells {
            if unit(cell)? != of_first && other.is_none() {
                other = Some(cell);
            }
        }
        other.map(|other| [first, other])
    }

    /// The different cells in the order of their bytes, without those that say that a value is missing (blank
    /// ones, `NA` and its like).
    #[must_use]
    pub fn levels(self) -> Vec<&'a str> {
        let levels: BTreeSet<_> = self.cells().collect();
        levels.into_iter().filter(|cell| !is_missing(cell)).collect()
    }
}

impl PartialEq for Covariate<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.decimal) == (other.name, other.decimal) && self.cells().eq(other.cells())
    }
}

impl fmt::Debug for Covariate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.cells()).finish()
    }
}

/// Columns being put together, cell by cell.
pub(crate) struct CovariatesBuilder {
    columns: Vec<(Box<str>, Decimal, Option<Box<Cells>>)>,
    k: usize,
    stored: usize,
    limit: usize,
}

/// The cells of a column up to the last that is not blank.
struct Cells {
    builder: TextBuilder,
    len: usize,
}

impl Cells {
    /// Adds blank cells until there are this many.
    fn fill(&mut self, len: usize) {
        (self.len..len).for_each(|_| self.builder.push(""));
        self.len = self.len.max(len);
    }
}

impl CovariatesBuilder {
    /// Columns of these names and decimal marks with `k` cells, which are blank until they are set.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = (&'a str, Decimal)>, k: usize) -> Self {
        let columns = names.into_iter().map(|(name, decimal)| (name.into(), decimal, None)).collect();
        Self { columns, k, stored: 0, limit: usize::MAX }
    }

    /// Allows no more cells than this in the columns that have a cell that is not blank.
    pub(crate) fn limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Sets a cell below those that were set in its column.
    pub(crate) fn set(&mut self, column: usize, study: usize, cell: &str) {
        if cell.is_empty() || self.stored > self.limit {
            return;
        }
        let cells = self.columns[column].2.get_or_insert_with(|| {
            self.stored += self.k;
            Box::new(Cells { builder: TextBuilder::new(), len: 0 })
        });
        cells.fill(study);
        cells.builder.push(cell);
        cells.len += 1;
    }

    /// The columns.
    ///
    /// # Errors
    ///
    /// What is wrong where there are more cells than are allowed.
    pub(crate) fn finish(self) -> Result<Covariates, Problem> {
        if self.stored > self.limit {
            let what = format!(
                "the header has {} columns beside names and counts, and most of their cells are missing in the {} rows",
                self.columns.len(),
                self.k
            );
            return Err(Problem::new(what).help("leave out the columns that are not needed"));
        }
        let (mut columns, mut frame) = (Vec::with_capacity(self.columns.len()), Vec::new());
        for (name, decimal, cells) in self.columns {
            let place = cells.map(|mut cells| {
                cells.fill(self.k);
                frame.push(cells.builder);
                frame.len() - 1
            });
            columns.push(Name { name, decimal, place });
        }
        let failed = |error| Problem::new(format!("the columns of the table do not fit together: {error}"));
        let frame = TextFrame::new(self.k, frame).map_err(failed)?;
        Ok(Covariates { columns: columns.into(), frame, k: self.k })
    }
}
