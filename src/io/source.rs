//! The tables in a file, whatever its form: text, a compressed text, a workbook, JSON, Stata, RevMan.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::table::Table;
use super::text::{Decoded, decode, encoding_named, quoted, read_as_windows_1252, refused};
use super::{json, revman, revman_exports, stata, workbook};
use crate::advisory::Advisory;
use crate::error::{Error, Problem, nearest};
use crate::options::ReadOptions;

/// A compressed text may have this many bytes.
const MOST_BYTES: u64 = 4 << 30;

/// The tables in a file: one, or one a sheet.
#[derive(Debug)]
pub(super) struct Source {
    pub sheets: Vec<Sheet>,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
    pub advisory: Option<Advisory>,
}

/// One table, or why there is none.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its name in a workbook.
    pub name: Option<String>,
    pub table: Result<Table, Error>,
}

/// What kinds of files there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Gzip,
    Workbook,
    Parquet,
    Stata,
    RevMan,
}

impl Form {
    /// What a file is by its first bytes.
    fn of(bytes: &[u8]) -> Self {
        const FIRST: [(&[u8], Form); 4] = [
            (b"\x1F\x8B", Form::Gzip),
            (b"PK\x03\x04", Form::Workbook),
            (b"\xD0\xCF\x11\xE0", Form::Workbook),
            (b"PAR1", Form::Parquet),
        ];
        match FIRST.iter().find(|(first, _)| bytes.starts_with(first)) {
            Some((_, form)) => *form,
            None if stata::begins(bytes) => Self::Stata,
            None if revman::begins(bytes) => Self::RevMan,
            None => Self::Text,
        }
    }
}

impl Source {
    /// The tables in these bytes; `file` is how messages call them, and its ending says what a text holds.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where the bytes are not what they begin as, or hold no table.
    pub(super) fn read(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<Self, Error> {
        match Form::of(bytes) {
            Form::Text => Self::of_text(bytes, file, options),
            Form::Gzip => {
                let unpacked = unpacked(bytes, file)?;
                match Form::of(&unpacked) {
                    Form::Text => Self::of_text(&unpacked, file, options),
                    Form::RevMan => revman::read(&unpacked, file).map(Self::of_table),
                    _ => Err(refused(file, "what is compressed in it is no text", "unpack it first")),
                }
            }
            Form::Workbook => {
                let sheets = workbook::read(bytes, file)?;
                let sheet = |(name, cells)| {
                    let table = Table::of_sheet(cells, file, options.skip);
                    Sheet { name: Some(name), table }
                };
                Ok(Self { sheets: sheets.into_iter().map(sheet).collect(), encoding: None, advisory: None })
            }
            Form::Stata => {
                let named = options.encoding.as_deref().map(encoding_named).transpose()?;
                let (table, guessed) = stata::read(bytes, file, named)?;
                Ok(Self { advisory: guessed.then(read_as_windows_1252), ..Self::of_table(table) })
            }
            Form::RevMan => revman::read(bytes, file).map(Self::of_table),
            Form::Parquet => parquet(bytes, file).map(Self::of_table),
        }
    }

    fn of_table(table: Table) -> Self {
        Self { sheets: vec![Sheet { name: None, table: Ok(table) }], encoding: None, advisory: None }
    }

    fn of_text(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<Self, Error> {
        let Decoded { text, encoding, advisory } = decode(bytes, file, options.encoding.as_deref())?;
        let table = table(&text, file, options)?;
        Ok(Self { sheets: vec![Sheet { name: None, table: Ok(table) }], encoding: Some(encoding), advisory })
    }

    /// The sheet that is named, else the only one that `fits`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no sheet of this name, what is wrong with the table where there is one alone, and
    /// [`Error::Data`] where no sheet fits or several do, with their names.
    pub(super) fn choose(
        self,
        file: &str,
        named: Option<&str>,
        fits: impl Fn(&Table) -> Result<(), Error>,
    ) -> Result<(Option<String>, Table), Error> {
        let taken = |sheet: Sheet| sheet.table.map(|table| (sheet.name, table));
        if let Some(name) = named {
            return taken(self.named(file, name)?);
        }
        let mut sheets = self.sheets;
        if sheets.len() == 1 {
            return taken(sheets.remove(0));
        }
        let tried: Vec<Result<(), Error>> =
            sheets.iter().map(|sheet| fits(sheet.table.as_ref().map_err(again)?)).collect();
        let fitting: Vec<usize> = (0..sheets.len()).filter(|place| tried[*place].is_ok()).collect();
        match fitting[..] {
            [place] => taken(sheets.remove(place)),
            [] => Err(none_fits(file, &sheets, tried)),
            _ => {
                let names: Vec<String> = fitting.iter().map(|place| sheets[*place].quoted()).collect();
                let what = format!("several sheets could be the table: {}", names.join(", "));
                Err(refused(file, what, "name one with --sheet"))
            }
        }
    }

    /// The sheet of this name, as it is written or without case, or at this position, `#2`.
    fn named(self, file: &str, name: &str) -> Result<Sheet, Error> {
        let names: Vec<&str> = self.sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect();
        let exact = names.iter().position(|other| *other == name);
        let near =
            || names.iter().position(|other| other.trim().to_lowercase() == name.trim().to_lowercase());
        let position = || {
            let position: usize = name.trim().strip_prefix('#')?.parse().ok()?;
            position.checked_sub(1).filter(|place| *place < names.len())
        };
        if let Some(place) = exact.or_else(near).or_else(position) {
            let mut sheets = self.sheets;
            return Ok(sheets.swap_remove(place));
        }
        let (what, help) = if names.is_empty() {
            ("there are no sheets in it".to_owned(), "leave --sheet out: it is for workbooks".to_owned())
        } else {
            let listed: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            let what =
                format!("there is no sheet {} (--sheet); the sheets are {}", quoted(name), listed.join(", "));
            let near = nearest(name, names.iter().copied());
            (
                what,
                near.map_or_else(|| "name one of them".to_owned(), |near| format!("is it {}?", quoted(near))),
            )
        };
        Err(Error::Usage(vec![Problem::new(what).at(file, None).help(help)]))
    }
}

impl Sheet {
    fn quoted(&self) -> String {
        quoted(self.name.as_deref().unwrap_or_default())
    }
}

/// Where no sheet can be the table: why not, sheet by sheet.
fn none_fits(file: &str, sheets: &[Sheet], tried: Vec<Result<(), Error>>) -> Error {
    let why = sheets.iter().zip(tried).filter_map(|(sheet, tried)| {
        let what = match tried.err()? {
            Error::Data(problems) | Error::Usage(problems) => {
                problems.into_iter().next().map_or_else(String::new, |problem| problem.what)
            }
            other => other.to_string(),
        };
        Some(Problem::new(format!("sheet {}: {what}", sheet.quoted())).at(file, None))
    });
    let lead = Problem::new("no sheet can be read as a table of studies").at(file, None);
    let lead = lead.help("name the sheet (--sheet) and its columns (--events, --total)");
    Error::Data(std::iter::once(lead).chain(why).collect())
}

/// The same error once more.
fn again(error: &Error) -> Error {
    match error {
        Error::Data(problems) => Error::Data(problems.clone()),
        other => Error::data(other.to_string()),
    }
}

/// The table in a text. A file that is named as JSON and holds one column of something else is held to be broken JSON.
fn table(text: &str, file: &str, options: &ReadOptions) -> Result<Table, Error> {
    if json::is_json(text, file) {
        return json::read(text, file);
    }
    let table = Table::of_text(text, file, options.skip);
    let has_columns = table.as_ref().is_ok_and(|table| table.names.len() > 1);
    if json::is_named_so(file) && !has_columns {
        return json::read(text, file);
    }
    table.map(revman_exports::told_apart)
}

/// The table in a Parquet file.
#[cfg(feature = "tables")]
fn parquet(bytes: &[u8], file: &str) -> Result<Table, Error> {
    super::parquet::read(bytes, file)
}

/// That this build reads no Parquet files.
#[cfg(not(feature = "tables"))]
fn parquet(_: &[u8], file: &str) -> Result<Table, Error> {
    let what = "this is a Parquet file, which builds without the feature 'tables' do not read";
    Err(refused(file, what, "build the program with --features tables, or save the table as CSV"))
}

/// The bytes that are compressed in others.
fn unpacked(bytes: &[u8], file: &str) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(MOST_BYTES + 1).read_to_end(&mut unpacked);
    let broken = |error| {
        let what = format!("this is compressed (gzip) and cannot be decompressed: {error}");
        refused(file, what, "it may be cut off: fetch it again, or save the table as CSV")
    };
    if read.map_err(broken)? as u64 > MOST_BYTES {
        return Err(refused(
            file,
            "there are more than 4 GiB compressed in it",
            "unpack it, and take what is needed",
        ));
    }
    Ok(unpacked)
}
