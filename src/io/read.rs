//! From a file or bytes to a [`Dataset`].
//!
//! The header is the first line that is not blank. Columns are split at the comma, semicolon, tab or vertical
//! bar, whichever gives the header most cells; a file named `.tsv` at the tab; a line `sep=;` above the header
//! says it outright. Blank rows, and rows of delimiters alone, are passed over; a short row has empty cells at its
//! end; a longer one is an error unless what it has too much is empty. The rest stands with [`ReadOptions`].

use std::io::Read as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::cell_rules::CellRules;
use super::columns::{Columns, Want};
use super::contents::Contents;
use super::remarks;
use super::rows::Rows;
use super::table::Table;
use super::text::{decode, refused};
use crate::data::Percentages;
use crate::data::{Dataset, Provenance};
use crate::error::Error;
use crate::format::hexadecimal;
use crate::options::ReadOptions;

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
    let decoded = decode(bytes, shown, options.encoding.as_deref())?;
    let table = Table::read(&decoded.text, shown, options.skip)?;
    let header = table.header(shown);
    table.has_rows(shown)?;
    let rules = CellRules::new(options);
    let contents = Contents { table: &table, header: &header, rules: &rules };
    let columns = Columns::find(contents, options, Want::Studies)?;
    let rows = Rows::read(&table, &header, &columns, &rules);
    let data = rows.finish(provenance(bytes, shown, &columns))?;
    let lines_skipped = (table.skipped > 0).then(|| remarks::lines_skipped(table.skipped, table.line));
    let advisories = decoded.advisory.into_iter().chain(lines_skipped).chain(data.advisories).collect();
    Ok(Dataset { columns: columns.names(&header), advisories, ..data })
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
    let decoded = decode(bytes, shown, options.encoding.as_deref())?;
    let table = Table::read(&decoded.text, shown, options.skip)?;
    let header = table.header(shown);
    table.has_rows(shown)?;
    let rules = CellRules::new(options);
    let contents = Contents { table: &table, header: &header, rules: &rules };
    let columns = Columns::find(contents, options, Want::Percentages)?;
    let rows = Rows::read(&table, &header, &columns, &rules);
    rows.finish_percentages(provenance(bytes, shown, &columns))
}

fn provenance(bytes: &[u8], shown: &str, columns: &Columns) -> Provenance {
    Provenance {
        data: source(shown),
        sha256: hexadecimal(&Sha256::digest(bytes)),
        filters: columns.filters.iter().map(|filter| filter.typed.clone()).collect(),
        sheet: None,
    }
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
