//! From a file or bytes to a [`Dataset`]. The only module that names polars, and beside the
//! command line the only one that touches files.
//!
//! The header is line 1 (the first line that is not blank). Columns are split at the comma,
//! semicolon, tab or vertical bar, whichever gives the header most cells; a file named `.tsv` at
//! the tab; a first line `sep=;` says it outright. Blank rows, and rows of delimiters alone, are
//! passed over; a short row has empty cells at its end; a longer one is an error unless what it has
//! too much is empty. The rest stands with [`ReadOptions`].

use std::io::Read as _;
use std::path::Path;

use polars_core::prelude::{DataType, Field, PolarsResult, Schema, StringChunked};
use polars_io::csv::read::{_csv_read_internal::read_chunk, CsvParseOptions};
use sha2::{Digest, Sha256};

use super::columns::{Header, Want};
use super::records::{Record, Records};
use super::rows::Rows;
use super::text::{decode, refused, trim};
use crate::data::Percentages;
use crate::data::dataset::{Dataset, Provenance};
use crate::error::{Error, Problem};
use crate::options::ReadOptions;

/// Text goes to polars in pieces of about this size, so that no more than one piece of cells is in
/// memory beside the studies.
const PIECE: usize = 1 << 20;

/// Endings of files that hold tables in another form.
const OTHER_FORMS: [&str; 8] = ["parquet", "xlsx", "xlsm", "xls", "ods", "feather", "arrow", "sav"];

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
/// [`Error::File`] where it cannot be read, [`Error::Data`] where its name says that it is no text.
pub fn load(path: &Path, shown: &str) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::File { path: shown.into(), action: "cannot read", source };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(std::io::Error::new(
            std::io::ErrorKind::IsADirectory,
            "this is a folder, not a file",
        )));
    }
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if OTHER_FORMS.contains(&&*ending) {
        return Err(refused(
            shown,
            format!(".{ending} is not read by this version"),
            "save the table as CSV",
        ));
    }
    if ending == "json" {
        let help = "save the table as CSV; a result document of metaprop is run again with --from";
        return Err(refused(shown, ".json is not read as a table", help));
    }
    let mut bytes =
        Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |length| length.saturating_add(1)));
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
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
    let text = decode(bytes, shown)?;
    let (records, header) = header(&text, shown)?;
    let columns = header.columns(options, Want::Studies)?;
    let mut rows = Rows::new(&header, &columns, options.decimal.unwrap_or_default());
    read_rows(records, &header, &columns.used(), &mut rows)?;
    let table = rows.finish(provenance(bytes, shown))?;
    Ok(Dataset { columns: columns.named(&header), ..table })
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
    let text = decode(bytes, shown)?;
    let (records, header) = header(&text, shown)?;
    let columns = header.columns(options, Want::Percentages)?;
    let mut rows = Rows::new(&header, &columns, options.decimal.unwrap_or_default());
    read_rows(records, &header, &columns.used(), &mut rows)?;
    rows.finish_percentages(provenance(bytes, shown))
}

fn provenance(bytes: &[u8], shown: &str) -> Provenance {
    Provenance { data: source(shown), sha256: hexadecimal(&Sha256::digest(bytes)) }
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

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |number: u8| char::from_digit(u32::from(number), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The names of the columns, and the rows below them.
fn header<'a>(text: &'a str, file: &'a str) -> Result<(Records<'a>, Header<'a>), Error> {
    let tabs = Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
    let mut delimiter = tabs.then_some(b'\t');
    let mut records = Records::new(text, b',');
    loop {
        records = match delimiter {
            Some(delimiter) => records.split_at(delimiter),
            None => records.detect(),
        };
        let Some(record) = records.next() else {
            let what = if text.is_empty() { "the file is empty" } else { "the file holds no header" };
            return Err(refused(file, what, "give a line of column names, such as study,events,total"));
        };
        if let Some(line) = record.unclosed {
            return Err(Error::Data(vec![unclosed(line).at(file, u64::from(line))]));
        }
        if let Some(declared) = declared_delimiter(record.text) {
            delimiter = Some(declared);
        } else if record.filled > 0 {
            let names = record.split(records.delimiter()).iter().map(|name| trim(name).to_owned()).collect();
            return Ok((records, Header { file, line: record.line, names }));
        }
    }
}

/// The delimiter in a line `sep=;`, as spreadsheets write and read it.
fn declared_delimiter(line: &str) -> Option<u8> {
    match line.trim_matches('"').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t' | b'|')] => {
            Some(*delimiter)
        }
        _ => None,
    }
}

fn unclosed(line: u32) -> Problem {
    let what = format!("the quote opened on line {line} is never closed");
    Problem::new(what).help("close it, or write it twice inside quotes")
}

/// Hands every row below the header to `rows`, piece by piece.
fn read_rows(
    records: Records<'_>,
    header: &Header<'_>,
    used: &[usize],
    rows: &mut Rows<'_>,
) -> Result<(), Error> {
    let (splitter, delimiter) =
        (Splitter::new(records.delimiter(), header.names.len(), used), records.delimiter());
    let (mut piece, mut lines) = (String::with_capacity(PIECE.min(records.left().len()) + 1), Vec::new());
    for record in records {
        if let Some(line) = record.unclosed {
            rows.refuse(line, unclosed(line));
        } else if record.filled > header.names.len() {
            rows.refuse(record.line, too_long(&record, header.names.len(), delimiter));
        } else if record.filled > 0 {
            record.append_to(&mut piece, delimiter);
            lines.push(record.line);
        }
        if piece.len() >= PIECE {
            splitter.hand_over(&piece, &lines, header.file, rows)?;
            piece.clear();
            lines.clear();
        }
    }
    splitter.hand_over(&piece, &lines, header.file, rows)
}

fn too_long(record: &Record<'_>, columns: usize, delimiter: u8) -> Problem {
    let what = format!("the row has {} cells, the header {columns}", record.cells);
    let help = match delimiter {
        b'\t' => "put a cell that holds a tab in double quotes".to_owned(),
        _ => format!("put a cell that holds a '{}' in double quotes: \"1{0}066\"", char::from(delimiter)),
    };
    Problem::new(what).help(help)
}

/// Splits rows in the plain form into the columns used, by polars, on this thread alone.
struct Splitter<'a> {
    options: CsvParseOptions,
    schema: Schema,
    used: &'a [usize],
}

impl<'a> Splitter<'a> {
    /// Every column is text under its number: names are not polars' business, nor are types.
    fn new(delimiter: u8, columns: usize, used: &'a [usize]) -> Self {
        let options = CsvParseOptions {
            separator: delimiter,
            truncate_ragged_lines: true,
            ..CsvParseOptions::default()
        };
        let schema =
            (0..columns).map(|column| Field::new(column.to_string().into(), DataType::String)).collect();
        Self { options, schema, used }
    }

    fn split(&self, piece: &str, height: usize) -> PolarsResult<Vec<StringChunked>> {
        let bytes = piece.as_bytes();
        let (all, end) = (usize::MAX, bytes.len());
        let frame = read_chunk(
            bytes,
            &self.options,
            &self.schema,
            false,
            self.used,
            0,
            height,
            None,
            all,
            end,
            Some(0),
        )?;
        frame.columns().iter().map(|column| column.str().cloned()).collect()
    }

    /// Hands each row of a piece on; `lines` are the lines they begin on.
    fn hand_over(&self, piece: &str, lines: &[u32], file: &str, rows: &mut Rows<'_>) -> Result<(), Error> {
        let failed = |why: &dyn std::fmt::Display| {
            refused(
                file,
                format!("the rows cannot be split into cells: {why}"),
                "save the table as CSV in UTF-8",
            )
        };
        if lines.is_empty() {
            return Ok(());
        }
        let columns = self.split(piece, lines.len()).map_err(|error| failed(&error))?;
        if columns.iter().any(|column| column.len() != lines.len()) {
            return Err(failed(&"their number changes"));
        }
        let mut cells = Vec::with_capacity(columns.len());
        for (row, line) in lines.iter().enumerate() {
            cells.clear();
            cells.extend(columns.iter().map(|column| column.get(row).unwrap_or_default()));
            rows.push(*line, &cells);
        }
        Ok(())
    }
}
