//! From a file or bytes to a [`Dataset`].
//!
//! Whatever its form, a file becomes rows of cells below the names of columns; `docs/reading.md` has the rules. Blank
//! rows are passed over; a short row has empty cells at its end; a longer one is an error unless what it has too much
//! is empty. What can be asked stands with [`ReadOptions`].

use std::path::Path;

use sha2::{Digest, Sha256};

use super::cell_rules::CellRules;
use super::columns::{Columns, Want};
use super::contents::Contents;
use super::decimal_marks::decimal_commas;
use super::rows::Rows;
use super::source::Source;
use super::table::Table;
use super::{files, overview, remarks};
use crate::advisory::Advisory;
use crate::data::cell::shared_unit;
use crate::data::{Dataset, Percentages, Provenance, TableColumns};
use crate::error::{Error, Problem};
use crate::format::hexadecimal;
use crate::options::{Decimal, ReadOptions};

/// Reads the table in a file.
///
/// `shown` is how messages call the file: the path as it was typed. The provenance carries it where
/// it is relative, and the file's name alone where it is absolute.
///
/// # Errors
///
/// [`Error::File`] where the file cannot be read, [`Error::Usage`] where the options name a column
/// or a value that does not exist, [`Error::Data`] with every problem of the table.
///
/// ```
/// use metaprop::io::read::read_path;
/// use metaprop::options::ReadOptions;
/// let error = read_path("nowhere.csv".as_ref(), "nowhere.csv", &ReadOptions::default()).unwrap_err();
/// assert_eq!(error.exit_code(), 5);
/// ```
pub fn read_path(path: &Path, shown: &str, options: &ReadOptions) -> Result<Dataset, Error> {
    read_bytes(&load(path, shown)?, shown, options)
}

/// The bytes of a file that may hold a table; `shown` is how messages call it.
///
/// # Errors
///
/// [`Error::File`] where it cannot be read, or is too large (`docs/limits.md`).
pub fn load(path: &Path, shown: &str) -> Result<Vec<u8>, Error> {
    files::read(path, shown.as_ref())
}

/// Reads the table in these bytes; `shown` is their name, `-` for standard input.
///
/// # Errors
///
/// As [`read_path`].
///
/// ```
/// use metaprop::io::read::read_bytes;
/// use metaprop::options::ReadOptions;
/// let table = read_bytes(b"study;events;total\nA;3;1,066\nB;NA;20\n", "-", &ReadOptions::default())?;
/// assert_eq!(table.counts().unwrap()[0].total(), 1066);
/// assert_eq!((table.ledger().excluded[0].line, &*table.ledger().excluded[0].reason), (3, "events missing"));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn read_bytes(bytes: &[u8], shown: &str, options: &ReadOptions) -> Result<Dataset, Error> {
    let file = File::read(bytes, shown, options)?;
    studies(&file, shown, options).map_err(|error| file.withhold(error, shown, options))
}

fn studies(file: &File<'_>, shown: &str, options: &ReadOptions) -> Result<Dataset, Error> {
    let opened = Opened::new(file, shown, options, Want::Studies)?;
    let header = opened.table.header(shown);
    let columns = opened.columns(shown, options, Want::Studies)?;
    let rows = Rows::read(opened.table, &header, &columns, &opened.rules);
    let data = rows.finish(opened.provenance(shown, Some(&columns)))?;
    let advisories = opened.advisories().chain(data.advisories).collect();
    let data = Dataset { columns: columns.names(&header), advisories, ..data };
    match &options.cluster {
        Some(column) => in_clusters(data, column),
        None => Ok(data),
    }
}

/// The data with the clusters of a column, and a remark on rows that have none.
pub(super) fn in_clusters(mut data: Dataset, column: &str) -> Result<Dataset, Error> {
    let clusters = data.clusters_by(column)?;
    data.advisories.extend(remarks::without_cluster(&clusters, data.labels()));
    data.with_clusters(clusters)
}

/// Reads the percentages of the table in these bytes and their totals, whether they are possible or not.
///
/// # Errors
///
/// As [`read_path`].
///
/// ```
/// use metaprop::io::read::read_percentages;
/// use metaprop::options::ReadOptions;
/// let read = read_percentages(b"study,percent,n\nA,58.4,90\nB,33.8%,80\n", "-", &ReadOptions::default())?;
/// assert!(read.rows[0].derived().is_none());
/// assert_eq!(read.rows[1].derived().unwrap().counts, [27, 27]);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn read_percentages(bytes: &[u8], shown: &str, options: &ReadOptions) -> Result<Percentages, Error> {
    let file = File::read(bytes, shown, options)?;
    percentages(&file, shown, options).map_err(|error| file.withhold(error, shown, options))
}

fn percentages(file: &File<'_>, shown: &str, options: &ReadOptions) -> Result<Percentages, Error> {
    let opened = Opened::new(file, shown, options, Want::Percentages)?;
    let header = opened.table.header(shown);
    let columns = opened.columns(shown, options, Want::Percentages)?;
    let rows = Rows::read(opened.table, &header, &columns, &opened.rules);
    let read = rows.finish_percentages(opened.provenance(shown, Some(&columns)))?;
    Ok(Percentages { advisories: opened.advisories().chain(read.advisories).collect(), ..read })
}

/// What the columns of the table in these bytes hold, and what they are read as.
///
/// # Errors
///
/// As [`read_path`]; where the columns that are pooled cannot be found the result says why.
pub fn read_columns(bytes: &[u8], shown: &str, options: &ReadOptions) -> Result<TableColumns, Error> {
    let file = File::read(bytes, shown, options)?;
    let opened = Opened::new(&file, shown, options, Want::Studies)?;
    let header = opened.table.header(shown);
    let contents = Contents { table: opened.table, header: &header, rules: &opened.rules };
    let (found, problems) = match Columns::find(contents, options, Want::Studies) {
        Ok(found) => {
            let rows = Rows::read(opened.table, &header, &found, &opened.rules);
            let problems = match rows.finish(Provenance::default()) {
                Err(Error::Data(problems)) => problems,
                Err(error) => return Err(error),
                Ok(_) => Vec::new(),
            };
            (Some(found), problems)
        }
        Err(Error::Data(problems)) => (None, problems),
        Err(error) => return Err(error),
    };
    let columns = overview::columns(contents, found.as_ref());
    let comma = (0..columns.len()).any(|column| opened.rules.decimal(column) == Decimal::Comma);
    Ok(TableColumns {
        provenance: opened.provenance(shown, found.as_ref()),
        header_line: (opened.table.line > 0).then_some(opened.table.line),
        rows: opened.table.rows().count(),
        delimiter: opened.table.delimiter.map(char::from),
        encoding: file.source.encoding,
        decimal: if comma { Decimal::Comma } else { Decimal::Point },
        columns,
        problems,
    })
}

/// A file with the tables that are in it.
pub(super) struct File<'a> {
    source: Source<'a>,
    sha256: String,
}

impl<'a> File<'a> {
    pub(super) fn read(bytes: &'a [u8], shown: &str, options: &ReadOptions) -> Result<Self, Error> {
        let digest = || hexadecimal(&Sha256::digest(bytes));
        let (source, sha256) = rayon::join(|| Source::read(bytes, shown, options), digest);
        Ok(Self { source: source?, sha256 })
    }

    /// The error of a table; where none is in the file, the same without what it shows of the file. The name may come from
    /// a stranger's analysis file, and what it leads to be a key or a list of passwords.
    pub(super) fn withhold(&self, error: Error, shown: &str, options: &ReadOptions) -> Error {
        let has_numbers = |table: &Table<'_>| {
            let (header, rules) = (table.header(shown), rules(options, table));
            let contents = Contents { table, header: &header, rules: &rules };
            (0..table.names.len()).any(|column| contents.holds_numbers(column))
        };
        if self.source.sheets.iter().any(|sheet| sheet.table.as_ref().is_ok_and(has_numbers)) {
            return error;
        }
        let withheld = |problems: Vec<Problem>| {
            let mut problems: Vec<Problem> = problems.into_iter().map(without_values).collect();
            let what = "no column of it holds numbers: it is no table of studies, and nothing of it is shown";
            problems.push(Problem::new(what).at(shown, None));
            problems
        };
        match error {
            Error::Data(problems) => Error::Data(withheld(problems)),
            Error::Usage(problems) => Error::Usage(withheld(problems)),
            other => other,
        }
    }
}

/// A problem without what it shows of a file, all of which stands in quotes: names and cells.
fn without_values(problem: Problem) -> Problem {
    // A value may have quotes of its own, so everything between the first and the last goes.
    let cut = |text: String| match (text.find('\''), text.rfind('\'')) {
        (Some(first), Some(last)) if first < last => format!("{}'…'{}", &text[..first], &text[last + 1..]),
        _ => text,
    };
    Problem { column: None, what: cut(problem.what), help: problem.help.map(cut), ..problem }
}

/// The table of a file, before its rows are read.
pub(super) struct Opened<'f> {
    file: &'f File<'f>,
    sheet: Option<&'f str>,
    pub(super) table: &'f Table<'f>,
    pub(super) rules: CellRules,
}

impl<'f> Opened<'f> {
    /// The table in a file; of a workbook the sheet that is named, else the only one that has what is wanted.
    pub(super) fn new(
        file: &'f File<'f>,
        shown: &str,
        options: &ReadOptions,
        want: Want<'_>,
    ) -> Result<Self, Error> {
        let (sheet, table) = file.source.choose(shown, |table| {
            table.has_rows(shown)?;
            columns(table, shown, &rules(options, table), options, want).map(drop)
        })?;
        table.has_rows(shown)?;
        Ok(Self { file, sheet, table, rules: rules(options, table) })
    }

    pub(super) fn columns(
        &self,
        shown: &str,
        options: &ReadOptions,
        want: Want<'_>,
    ) -> Result<Columns, Error> {
        columns(self.table, shown, &self.rules, options, want)
    }

    pub(super) fn provenance(&self, shown: &str, columns: Option<&Columns>) -> Provenance {
        let filters = columns.into_iter().flat_map(|columns| &columns.filters);
        Provenance {
            data: source(shown),
            sha256: self.file.sha256.clone(),
            filters: filters.map(|filter| filter.typed.clone()).collect(),
            sheet: self.sheet.map(str::to_owned),
        }
    }

    /// What there is to say of the text around the table.
    pub(super) fn advisories(&self) -> impl Iterator<Item = Advisory> {
        let Table { skipped, notes, line, .. } = *self.table;
        let above = (skipped > 0).then(|| remarks::lines_above(skipped, line));
        let below = (notes > 0).then(|| remarks::notes_below(notes));
        self.file.source.advisory.clone().into_iter().chain(above).chain(below)
    }
}

fn rules(options: &ReadOptions, table: &Table<'_>) -> CellRules {
    let commas = if options.decimal.is_some() { Vec::new() } else { decimal_commas(table) };
    let rules = CellRules::new(options, commas);
    if options.filters.is_empty() {
        return rules;
    }
    let unit = |column: usize| {
        let cells = table.rows().map(|row| row.cell(column)).filter(|cell| !rules.is_named_missing(cell));
        shared_unit(cells, rules.decimal(column)).map(str::to_owned)
    };
    let units = (0..table.names.len()).map(unit).collect();
    rules.with_units(units)
}

fn columns(
    table: &Table<'_>,
    shown: &str,
    rules: &CellRules,
    options: &ReadOptions,
    want: Want<'_>,
) -> Result<Columns, Error> {
    let header = table.header(shown);
    Columns::find(Contents { table, header: &header, rules }, options, want)
}

/// Reads an embedded data set by its name, with or without the `@`.
///
/// # Errors
///
/// [`Error::Usage`] where there is none of this name, else as [`read_path`].
///
/// ```
/// use metaprop::io::read::read_embedded;
/// use metaprop::options::ReadOptions;
/// let table = read_embedded("@miller1978", &ReadOptions::default())?;
/// assert_eq!((table.k(), table.sums()), (4, Some((20, 55))));
/// assert_eq!(table.provenance().data, "@miller1978");
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn read_embedded(name: &str, options: &ReadOptions) -> Result<Dataset, Error> {
    let found = crate::data::embedded::find(name.strip_prefix('@').unwrap_or(name))?;
    read_bytes(found.csv.as_bytes(), &format!("@{}", found.name), options)
}

/// The name that the provenance carries.
fn source(shown: &str) -> String {
    let path = Path::new(shown);
    match path.file_name() {
        Some(name) if path.is_absolute() => name.to_string_lossy().into_owned(),
        _ => shown.to_owned(),
    }
}
