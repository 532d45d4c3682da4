//! What an old workbook (`.xls`) makes memory be taken for, before the crate `calamine` reads it.
//!
//! The crate makes a rectangle of the cells of every sheet when it opens the file, as large as the sheet says it is and as
//! far as its cells reach, and does so for every sheet that is named.

use super::compound::Compound;
use super::limits::most_cells;

/// All sheets together may have so many times the cells of one.
const SHEETS: usize = 8;
/// The format has no more rows and columns than these.
const ROWS: u32 = 65_536;
const COLUMNS: u32 = 256;

const END: u16 = 0x000A;
const FORMULA: u16 = 0x0006;
const SHEET: u16 = 0x0085;
const SEVERAL_NUMBERS: u16 = 0x00BD;
const DIMENSIONS: u16 = 0x0200;
const BEGIN: u16 = 0x0809;
/// The kinds of cells: texts, numbers, truth values and errors.
const CELLS: [u16; 8] = [FORMULA, SEVERAL_NUMBERS, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

/// Why an old workbook cannot be read in memory that its size explains; nothing is said of other files.
///
/// # Errors
///
/// What is wrong, in words that follow the name of the file.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    if !bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Ok(());
    }
    let Some(file) = Compound::read(bytes)? else { return Ok(()) };
    let Some(book) = file.stream("Workbook").or_else(|| file.stream("Book")) else { return Ok(()) };
    let (mut read, mut area, mut filled) = (0, 0, 0);
    for (_, sheet) in records(&book).filter(|(kind, data)| *kind == SHEET && data.len() >= 4) {
        let start = u32::from_le_bytes([sheet[0], sheet[1], sheet[2], sheet[3]]) as usize;
        let sheet = Extent::of(book.get(start..).unwrap_or_default())?;
        (read, area, filled) = (read + sheet.bytes, area + sheet.area(), filled + sheet.filled);
        if read > book.len() {
            return Err("its sheets stand in each other".to_owned());
        }
        if sheet.area() > most_cells(sheet.filled) || area > SHEETS * most_cells(filled) {
            return Err(format!(
                "its {filled} cells stand so far apart that there are {area} with those between"
            ));
        }
    }
    Ok(())
}

/// How far the cells of a sheet reach.
struct Extent {
    /// First and last row, first and last column.
    rows: [u32; 2],
    columns: [u32; 2],
    filled: usize,
    /// How many bytes the sheet has.
    bytes: usize,
}

impl Extent {
    /// Of the sheet that these bytes begin with.
    fn of(bytes: &[u8]) -> Result<Self, String> {
        let mut extent = Self { rows: [u32::MAX, 0], columns: [u32::MAX, 0], filled: 0, bytes: 0 };
        // A chart in the sheet has a beginning and an end of its own.
        let mut depth = 0_usize;
        for (kind, data) in records(bytes) {
            extent.bytes += 4 + data.len();
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                DIMENSIONS => within_the_format(data)?,
                _ if CELLS.contains(&kind) && data.len() >= 4 => extent.add(kind, data)?,
                _ => {}
            }
        }
        Ok(extent)
    }

    fn add(&mut self, kind: u16, data: &[u8]) -> Result<(), String> {
        let [row, first] = [short(data, 0), short(data, 2)];
        let last = if kind == SEVERAL_NUMBERS { short(data, data.len() - 2).max(first) } else { first };
        if last >= COLUMNS {
            return Err(format!("a cell of it stands in column {}, and there are {COLUMNS}", last + 1));
        }
        self.rows = [self.rows[0].min(row), self.rows[1].max(row)];
        self.columns = [self.columns[0].min(first), self.columns[1].max(last)];
        self.filled += (last - first) as usize + 1;
        Ok(())
    }

    /// The cells of the rectangle around them.
    fn area(&self) -> usize {
        let along = |[first, last]: [u32; 2]| (last + 1).saturating_sub(first) as usize;
        along(self.rows) * along(self.columns)
    }
}

/// How large a sheet says it is: the first row and the one after the last, and so the columns.
fn within_the_format(data: &[u8]) -> Result<(), String> {
    let (rows, columns) = match data.len() {
        10 => ([short(data, 0), short(data, 2)], [short(data, 4), short(data, 6)]),
        14 | 16 => {
            let long = |at: usize| short(data, at) | short(data, at + 2) << 16;
            ([long(0), long(4)], [short(data, 8), short(data, 10)])
        }
        _ => return Ok(()),
    };
    if rows[1] > ROWS || columns[1] > COLUMNS || rows[0] > rows[1].max(1) {
        let [rows, columns] = [rows, columns].map(|[first, end]| format!("{first} to {end}"));
        return Err(format!("a sheet of it says that it has the rows {rows} and the columns {columns}"));
    }
    Ok(())
}

/// The records of a stream, each with its kind.
fn records(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let [kind, length] = bytes.first_chunk::<4>().map(|head| [&head[..2], &head[2..]])?;
        let [kind, length] = [kind, length].map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let data = bytes.get(4..4 + usize::from(length))?;
        bytes = &bytes[4 + data.len()..];
        Some((kind, data))
    })
}

fn short(data: &[u8], at: usize) -> u32 {
    data.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u16]) -> Vec<u8> {
        let length = u16::try_from(2 * data.len()).unwrap();
        [kind, length].iter().chain(data).flat_map(|number| number.to_le_bytes()).collect()
    }

    fn extent(cells: &[(u16, u16)]) -> Result<Extent, String> {
        let cells = cells.iter().flat_map(|(row, column)| record(0x0203, &[*row, *column, 0, 0, 0, 0, 0]));
        Extent::of(&[record(BEGIN, &[]), cells.collect(), record(END, &[]), record(0x0203, &[9, 9])].concat())
    }

    #[test]
    fn the_rectangle_around_the_cells_is_measured() {
        let near = extent(&[(2, 1), (4, 3)]).unwrap();
        assert_eq!((near.area(), near.filled), (9, 2));
        assert_eq!(extent(&[]).unwrap().area(), 0);
        assert_eq!(extent(&[(0, 0), (u16::MAX, 255)]).unwrap().area(), 65_536 * 256);
        assert!(extent(&[(0, 256)]).err().unwrap().contains("column 257"));
    }

    #[test]
    fn a_sheet_is_no_larger_than_the_format() {
        assert!(within_the_format(&record(0, &[0, 0, 0, 1, 0, 256, 0])[4..]).is_ok());
        for dimensions in [[0, 0, 1, 1, 0, 256, 0], [0, 0, 0, 1, 0, 257, 0], [9, 0, 3, 0, 0, 1, 0]] {
            assert!(within_the_format(&record(0, &dimensions)[4..]).is_err(), "{dimensions:?}");
        }
    }
}
