//! The tables in a file, whatever its form: text, a compressed text, a workbook, JSON, Stata, RevMan, Parquet.

use std::borrow::Cow;

use super::table::Table;
use super::text::{Decoded, decode, encoding_named, quoted, read_as_windows_1252, refused};
use super::workbook::Workbook;
use super::{json, revman, revman_exports, stata, unpacked};
use crate::advisory::Advisory;
use crate::error::{Error, Problem, nearest};
use crate::options::ReadOptions;

/// The tables in a file: one, or one a sheet.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub sheets: Vec<Sheet<'a>>,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
    pub advisory: Option<Advisory>,
}

/// One table, or why there is none.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    /// Its name in a workbook.
    pub name: Option<String>,
    /// Whether the workbook hides it.
    hidden: bool,
    pub table: Result<Table<'a>, Error>,
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

impl<'a> Source<'a> {
    /// The tables in these bytes; `file` is how messages call them, and its ending says what a text holds.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where the bytes are not what they begin as, or hold no table.
    pub(super) fn read(bytes: &'a [u8], file: &str, options: &ReadOptions) -> Result<Self, Error> {
        let form = Form::of(bytes);
        if options.sheet.is_some() && form != Form::Workbook {
            return Err(no_sheets(file));
        }
        match form {
            Form::Text => Self::of_text(bytes, file, options),
            Form::Gzip => {
                let unpacked = unpacked::gzip(bytes, file)?;
                match Form::of(&unpacked) {
                    Form::Text => Source::of_text(&unpacked, file, options).map(Source::into_owned),
                    Form::RevMan => revman::read(&unpacked, file).map(Self::of_table),
                    _ => Err(refused(file, "what is compressed in it is no text", "unpack it first")),
                }
            }
            Form::Workbook => Self::of_workbook(bytes, file, options),
            Form::Stata => {
                let named = options.encoding.as_deref().map(encoding_named).transpose()?;
                let (table, guessed) = stata::read(bytes, file, named)?;
                Ok(Self { advisory: guessed.then(read_as_windows_1252), ..Self::of_table(table) })
            }
            Form::RevMan => revman::read(bytes, file).map(Self::of_table),
            Form::Parquet => parquet(bytes, file).map(Self::of_table),
        }
    }

    /// The sheet that is named, or all of them.
    fn of_workbook(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<Self, Error> {
        let mut book = Workbook::open(bytes, file)?;
        let mut names = book.names();
        let named = options.sheet.as_ref();
        if let Some(named) = named {
            names = vec![sheet_named(&names, file, named)?];
        }
        let sheet = |name: String| {
            let table = Table::of_sheet(book.sheet(&name)?, file, options.skip);
            let hidden = named.is_none() && book.is_hidden(&name);
            Ok(Sheet { name: Some(name), hidden, table })
        };
        let sheets = names.into_iter().map(sheet).collect::<Result<_, Error>>()?;
        Ok(Self { sheets, encoding: None, advisory: None })
    }

    fn of_table(table: Table<'a>) -> Self {
        Self {
            sheets: vec![Sheet { name: None, hidden: false, table: Ok(table) }],
            encoding: None,
            advisory: None,
        }
    }

    /// The same with a text of its own.
    fn into_owned(self) -> Source<'static> {
        let owned = |Sheet { name, hidden, table }: Sheet<'_>| Sheet {
            name,
            hidden,
            table: table.map(Table::into_owned),
        };
        let sheets = self.sheets.into_iter().map(owned).collect();
        Source { sheets, encoding: self.encoding, advisory: self.advisory }
    }

    fn of_text(bytes: &'a [u8], file: &str, options: &ReadOptions) -> Result<Self, Error> {
        let Decoded { text, encoding, advisory } = decode(bytes, file, options.encoding.as_deref())?;
        let table = match text {
            Cow::Borrowed(text) => table(text, file, options)?,
            Cow::Owned(text) => table(&text, file, options)?.into_owned(),
        };
        let sheets = vec![Sheet { name: None, hidden: false, table: Ok(table) }];
        Ok(Self { sheets, encoding: Some(encoding), advisory })
    }

    /// The only sheet, else the only one that `fits`. One that the workbook hides is taken only where it is named.
    ///
    /// # Errors
    ///
    /// What is wrong with the table where there is one alone, and [`Error::Data`] where no sheet fits or several do, with
    /// their names.
    pub(super) fn choose(
        &self,
        file: &str,
        fits: impl Fn(&Table<'_>) -> Result<(), Error>,
    ) -> Result<(Option<&str>, &Table<'a>), Error> {
        let sheets = &self.sheets;
        if let [only] = &sheets[..]
            && !only.hidden
        {
            return only.named_table();
        }
        let tried: Vec<Result<(), Error>> =
            sheets.iter().map(|sheet| sheet.named_table().and_then(|(_, table)| fits(table))).collect();
        let fit = (0..sheets.len()).filter(|place| tried[*place].is_ok());
        let (hidden, fitting): (Vec<usize>, Vec<usize>) = fit.partition(|place| sheets[*place].hidden);
        match fitting[..] {
            [place] => sheets[place].named_table(),
            [] if !hidden.is_empty() => {
                let names: Vec<String> = hidden.iter().map(|place| sheets[*place].quoted()).collect();
                let what = format!(
                    "no sheet that is shown can be the table; hidden sheets can: {}",
                    names.join(", ")
                );
                Err(refused(file, what, "name one with --sheet"))
            }
            [] => Err(none_fits(file, sheets, tried)),
            _ => {
                let names: Vec<String> = fitting.iter().map(|place| sheets[*place].quoted()).collect();
                let what = format!("several sheets could be the table: {}", names.join(", "));
                Err(refused(file, what, "name one with --sheet"))
            }
        }
    }
}

/// The name of the sheet of this name, as it is written or without case, or at this position, `#2`.
fn sheet_named(names: &[String], file: &str, name: &str) -> Result<String, Error> {
    let plain = |name: &str| name.trim().to_lowercase();
    let exact = || names.iter().position(|other| *other == name);
    let near = || names.iter().position(|other| plain(other) == plain(name));
    let position = || name.trim().strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1);
    let place = exact().or_else(near).or_else(position);
    if let Some(found) = place.and_then(|place| names.get(place)) {
        return Ok(found.clone());
    }
    let listed: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let what = format!("there is no sheet {} (--sheet); the sheets are {}", quoted(name), listed.join(", "));
    let similar = nearest(name, names.iter().map(String::as_str));
    let help =
        similar.map_or_else(|| "name one of them".to_owned(), |near| format!("is it {}?", quoted(near)));
    Err(Error::Usage(vec![Problem::new(what).at(file, None).help(help)]))
}

fn no_sheets(file: &str) -> Error {
    let problem = Problem::new("there are no sheets in it").at(file, None);
    Error::Usage(vec![problem.help("leave --sheet out: it is for workbooks")])
}

impl<'a> Sheet<'a> {
    /// Its name and its table, or why there is none.
    fn named_table(&self) -> Result<(Option<&str>, &Table<'a>), Error> {
        self.table.as_ref().map(|table| (self.name.as_deref(), table)).map_err(again)
    }

    fn quoted(&self) -> String {
        quoted(self.name.as_deref().unwrap_or_default())
    }
}

/// Where no sheet can be the table: why not, sheet by sheet.
fn none_fits(file: &str, sheets: &[Sheet<'_>], tried: Vec<Result<(), Error>>) -> Error {
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
fn table<'a>(text: &'a str, file: &str, options: &ReadOptions) -> Result<Table<'a>, Error> {
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
fn parquet(bytes: &[u8], file: &str) -> Result<Table<'static>, Error> {
    super::parquet::read(bytes, file)
}

/// That this build reads no Parquet files.
#[cfg(not(feature = "tables"))]
fn parquet(_: &[u8], file: &str) -> Result<Table<'static>, Error> {
    let what = "this is a Parquet file, which builds without the feature 'tables' do not read";
    Err(refused(file, what, "build the program with --features tables, or save the table as CSV"))
}
