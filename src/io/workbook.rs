//! Workbooks of Excel (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`) and OpenDocument (`.ods`), by the crate `calamine`.
//!
//! A cell is the text of its stored value: a formula that of its last result, a date `2019-05-31`, a truth value `TRUE`.
//! Words in cells merged over several rows stand in each of these rows; numbers stand in the first alone, since they
//! were counted once.

use std::io::Cursor;

use calamine::{CellErrorType, Data, Dimensions, ExcelDateTime, Range, Reader as _, Sheets};

use super::cells::Cells;
use super::text::refused;
use crate::data::cell::begins_as_number;
use crate::error::Error;

/// The sheets of a workbook: their names and rows.
///
/// # Errors
///
/// [`Error::Data`] where the bytes are no workbook.
pub(super) fn read(bytes: &[u8], file: &str) -> Result<Vec<(String, Cells)>, Error> {
    let broken = |error: String| {
        let what = format!("this is no workbook that can be read: {error}");
        refused(file, what, "save it again as .xlsx, without a password, or the table as CSV")
    };
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| broken(error.to_string()))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|error| broken(error.to_string()))?;
        let merged = match &mut book {
            Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(&name).unwrap_or_default(),
            _ => Vec::new(),
        };
        sheets.push((name, rows(&range, &merged)));
    }
    Ok(sheets)
}

/// The rows of a sheet from the first cell that holds something on, with their numbers in the sheet.
fn rows(range: &Range<Data>, merged: &[Dimensions]) -> Cells {
    let mut cells = Cells::default();
    let (top, left) = range.start().unwrap_or_default();
    let mut texts: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
    for region in merged {
        let place = |(row, column): (u32, u32)| -> Option<[usize; 2]> {
            Some([row.checked_sub(top)? as usize, column.checked_sub(left)? as usize])
        };
        let (Some([first, column]), Some([last, _])) = (place(region.start), place(region.end)) else {
            continue;
        };
        let word =
            texts.get(first).and_then(|row| row.get(column)).filter(|text| !begins_as_number(text)).cloned();
        for row in texts.iter_mut().take(last.saturating_add(1)).skip(first + 1) {
            if let (Some(word), Some(cell)) = (&word, row.get_mut(column)) {
                cell.clone_from(word);
            }
        }
    }
    for (line, row) in (top.saturating_add(1)..).zip(&texts) {
        cells.push(line, row.iter().map(String::as_str));
    }
    cells
}

/// The text of a cell.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => as_shown(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(time) => date(time),
        Data::Error(CellErrorType::NA) => "#N/A".to_owned(),
        Data::Error(error) => error.to_string(),
    }
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
