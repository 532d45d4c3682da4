//! Workbooks of Excel (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`) and OpenDocument (`.ods`), by the crate `calamine`.
//!
//! A cell is the text of its stored value: a formula that of its last result, a date `2019-05-31`, a truth value `TRUE`.
//! Words in cells merged over several rows stand in each of these rows that holds something else; numbers stand in the
//! first alone, since they were counted once. Of `.xlsb` and `.ods` the crate does not say which cells are merged.
//!
//! A number that is shown as a percentage is read as one: 0.34 with the format `0%` is `34%`. Of `.xlsx` alone the crate
//! says which format a cell has; in the other forms the number is read as it is stored.
//!
//! Cells are taken one by one from `.xlsx` and `.xlsb`, so that one far from the others costs no more than they do. From
//! `.xls` and `.ods` the crate itself makes a full rectangle of them when it opens the file: in `.ods` it stops at 100
//! million cells, and an `.xls` file is looked through before (`old_workbook`).

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{
    CellErrorType, Data, Dimensions, Error as ReadError, ExcelDateTime, NumberFormat, Ods, Reader as _,
    SheetVisible, Sheets, StyleRange, Xls, Xlsx, XlsxError,
};

use super::caught::caught;
use super::cells::Cells;
use super::limits::most_cells;
use super::text::{quoted, refused};
use super::{old_workbook, unpacked};
use crate::data::cell::{begins_as_number, trim};
use crate::error::Error;

/// A workbook whose sheets are still to be read.
pub(super) struct Workbook<'b> {
    sheets: Sheets<Cursor<&'b [u8]>>,
    file: &'b str,
}

impl<'b> Workbook<'b> {
    /// # Errors
    ///
    /// [`Error::Data`] where the bytes are no workbook, or one that unpacks to far more than it is.
    pub(super) fn open(bytes: &'b [u8], file: &'b str) -> Result<Self, Error> {
        unpacked::check_zip(bytes, file)?;
        old_workbook::check(bytes).map_err(|why| damaged(&why, file))?;
        let opened = || {
            let sheets = calamine::open_workbook_auto_from_rs(Cursor::new(bytes));
            sheets.map_err(|error| why_not_opened(bytes).unwrap_or(error))
        };
        Ok(Self { sheets: sound(opened, file)?, file })
    }

    /// The names of its sheets.
    pub(super) fn names(&self) -> Vec<String> {
        self.sheets.sheet_names()
    }

    /// Whether a sheet is hidden.
    pub(super) fn is_hidden(&self, name: &str) -> bool {
        let hidden = |sheet: &calamine::Sheet| sheet.name == name && sheet.visible != SheetVisible::Visible;
        self.sheets.sheets_metadata().iter().any(hidden)
    }

    /// The rows of a sheet that hold something, with their numbers in the sheet.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where the sheet cannot be read, or its cells stand so far apart that they are no table.
    pub(super) fn sheet(&mut self, name: &str) -> Result<Cells<'static>, Error> {
        let file = self.file;
        let (merged, filled) = sound(|| Ok((self.merged(name)?, self.filled(name)?)), file)?;
        filled.rows(&merged).map_err(|what| {
            let what = format!("the cells of the sheet {} stand too far apart: {what}", quoted(name));
            let help = "delete those that are not in the table; or name another sheet with --sheet";
            refused(file, what, help)
        })
    }

    /// The cells that are merged, where the crate knows them.
    fn merged(&mut self, name: &str) -> Result<Vec<Dimensions>, ReadError> {
        Ok(match &mut self.sheets {
            Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(name)?,
            Sheets::Xls(book) => book.merge_cells_by_sheet_name(name)?,
            Sheets::Xlsb(_) | Sheets::Ods(_) => Vec::new(),
        })
    }

    /// The cells of a sheet that hold something; a sheet that is a chart has none.
    fn filled(&mut self, name: &str) -> Result<Filled, ReadError> {
        let mut filled = Filled::default();
        match &mut self.sheets {
            Sheets::Xlsx(book) => {
                let mut cells = match book.worksheet_cells_reader(name) {
                    Err(XlsxError::NotAWorksheet(_)) => return Ok(filled),
                    cells => cells?,
                };
                while let Some(cell) = cells.next_cell()? {
                    filled.push(cell.get_position(), cell.get_value().clone().into());
                }
                drop(cells);
                if filled.any_fraction() {
                    filled.as_percentages(&book.worksheet_style(name)?);
                }
            }
            Sheets::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(name)?;
                while let Some(cell) = cells.next_cell()? {
                    filled.push(cell.get_position(), cell.get_value().clone().into());
                }
            }
            Sheets::Xls(_) | Sheets::Ods(_) => {
                let range = self.sheets.worksheet_range(name)?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, cell) in range.used_cells() {
                    filled.push((top + row as u32, left + column as u32), cell.clone());
                }
            }
        }
        filled.sort();
        Ok(filled)
    }
}

/// Why a workbook cannot be opened, as the reader of its form says it; the one for all forms does not.
fn why_not_opened(bytes: &[u8]) -> Option<ReadError> {
    const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument";
    let book = || Cursor::new(bytes);
    let beginning = &bytes[..bytes.len().min(128)];
    if beginning.windows(OPEN_DOCUMENT.len()).any(|window| window == OPEN_DOCUMENT) {
        return Ods::new(book()).err().map(ReadError::from);
    }
    match Xlsx::new(book()).err()? {
        // One with a password is kept in the form of old workbooks.
        XlsxError::Password => Some(XlsxError::Password.into()),
        error if bytes.starts_with(b"PK") => Some(error.into()),
        _ => Xls::new(book()).err().map(ReadError::from),
    }
}

/// What the crate reads. It panics on some files that are cut off or changed.
fn sound<T>(read: impl FnOnce() -> Result<T, ReadError>, file: &str) -> Result<T, Error> {
    let why = match caught(read) {
        Some(Ok(done)) => return Ok(done),
        Some(Err(error)) => error.to_string(),
        None => "it is damaged".to_owned(),
    };
    Err(damaged(&why, file))
}

fn damaged(why: &str, file: &str) -> Error {
    let what = format!("this is no workbook that can be read: {why}");
    refused(file, what, "save it again as .xlsx, without a password, or the table as CSV")
}

/// The cells of a sheet that hold something, row by row.
#[derive(Default)]
struct Filled(Vec<FilledCell>);

struct FilledCell {
    /// Row and column, counted from 0.
    place: (u32, u32),
    text: Box<str>,
}

impl Filled {
    fn push(&mut self, place: (u32, u32), cell: Data) {
        let text = text(cell);
        if !trim(&text).is_empty() {
            self.0.push(FilledCell { place, text: text.into() });
        }
    }

    /// Whether there is a number with decimals, or a 0 or a 1: a percentage is stored as one.
    fn any_fraction(&self) -> bool {
        let is_such = |number: f64| number.fract() != 0.0 || number <= 1.0;
        self.0.iter().any(|cell| cell.text.parse().is_ok_and(is_such))
    }

    /// Writes the numbers that are shown as percentages as such.
    fn as_percentages(&mut self, styles: &StyleRange) {
        let shown = |place| styles.get(place).and_then(|style| style.number_format.as_ref());
        for cell in self.0.iter_mut().filter(|cell| shown(cell.place).is_some_and(is_of_percentages)) {
            if let Ok(number) = cell.text.parse::<f64>() {
                cell.text = format!("{}%", as_shown(100.0 * number)).into();
            }
        }
    }

    /// Puts them in the order of the sheet; files may have another.
    fn sort(&mut self) {
        self.0.sort_by_key(|cell| cell.place);
    }

    /// The text in a cell.
    fn text(&self, place: (u32, u32)) -> Option<&str> {
        let found = self.0.binary_search_by_key(&place, |cell| cell.place).ok()?;
        Some(&self.0[found].text)
    }

    /// Rows of the same width, or what is wrong where they would be far more than there is in them.
    fn rows(&self, merged: &[Dimensions]) -> Result<Cells<'static>, String> {
        let columns = || self.0.iter().map(|cell| cell.place.1);
        let (left, right) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
        let width = (right - left) as usize + 1;
        let rows: Vec<&[FilledCell]> = self.0.chunk_by(|a, b| a.place.0 == b.place.0).collect();
        if rows.len().saturating_mul(width) > most_cells(self.0.len()) {
            let (filled, rows) = (self.0.len(), rows.len());
            return Err(format!("there are {filled}, in {rows} rows and {width} columns"));
        }
        let (mut cells, mut merged) = (Cells::default(), MergedWords::new(merged, self));
        for row in rows {
            let number = row[0].place.0;
            let mut texts = vec![""; width];
            for cell in row {
                texts[(cell.place.1 - left) as usize] = &cell.text;
            }
            for (column, word) in merged.in_row(number) {
                texts[(column - left) as usize] = word;
            }
            cells.push(number.saturating_add(1), texts);
        }
        Ok(cells)
    }
}

/// A word that stands in several rows of a column, of which the first has it.
struct MergedWord<'f> {
    first: u32,
    last: u32,
    word: &'f str,
}

/// The words in merged cells, by their columns, from the last to the first.
struct MergedWords<'f>(BTreeMap<u32, Vec<MergedWord<'f>>>);

impl<'f> MergedWords<'f> {
    fn new(merged: &[Dimensions], filled: &'f Filled) -> Self {
        let mut columns: BTreeMap<u32, Vec<MergedWord<'f>>> = BTreeMap::new();
        for region in merged {
            if let Some(word) = filled.text(region.start).filter(|text| !begins_as_number(text)) {
                let (first, last) = (region.start.0, region.end.0);
                columns.entry(region.start.1).or_default().push(MergedWord { first, last, word });
            }
        }
        for words in columns.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.first));
        }
        Self(columns)
    }

    /// The words that go on into a row, with their columns; rows are asked for from the first to the last.
    fn in_row(&mut self, row: u32) -> impl Iterator<Item = (u32, &'f str)> {
        self.0.iter_mut().filter_map(move |(column, words)| {
            while words.last().is_some_and(|word| word.last < row) {
                words.pop();
            }
            let word = words.last().filter(|word| word.first < row)?;
            Some((*column, word.word))
        })
    }
}

/// The text of a cell.
fn text(cell: Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => as_shown(number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Bool(truth) => if truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(time) => date(&time),
        Data::Error(CellErrorType::NA) => "#N/A".to_owned(),
        Data::Error(error) => error.to_string(),
    }
}

/// Whether a format shows a number as a percentage: it has a percent sign that is not in quotes or behind a backslash.
fn is_of_percentages(format: &NumberFormat) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    format.format_code.chars().any(|c| {
        let is_sign = c == '%' && !quoted && !escaped;
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        is_sign
    })
}

/// A number with the 15 digits that a workbook shows and stores in a table of text; those behind them come from
/// arithmetic.
fn as_shown(number: f64) -> String {
    format!("{number:.14e}").parse().unwrap_or(number).to_string()
}

/// A day as `2019-05-31`, with the time of day where there is one; a duration as `36:15:00`.
fn date(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if time.is_duration() {
        let seconds = (time.as_f64() * 86_400.0).round();
        let [hours, minutes] = [(seconds / 3600.0).floor(), (seconds / 60.0).floor()];
        return format!("{hours}:{:02}:{:02}", minutes - 60.0 * hours, seconds - 60.0 * minutes);
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    if [hour, minute, second] == [0; 3] { day } else { format!("{day} {hour:02}:{minute:02}:{second:02}") }
}
