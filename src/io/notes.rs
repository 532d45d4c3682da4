//! Notes below a table, which are none of its rows.

use super::cells::Row;
use super::header_rows::is_comment;
use super::totals;
use crate::data::cell::begins_as_number;

/// What a note begins with, before a colon, a point or a blank.
const WORDS: [&str; 13] = [
    "note",
    "notes",
    "source",
    "sources",
    "abbreviation",
    "abbreviations",
    "footnote",
    "footnotes",
    "legend",
    "key",
    "anmerkung",
    "quelle",
    "nota",
];

/// Whether the last row of a table is a note: it begins with a footnote mark or a word for a note, or it has one cell
/// alone and is set apart by its form: the table has columns and the line none, or a blank line stands above it.
///
/// `above` is the line of the row above.
pub(super) fn is_note(row: Row<'_>, above: Option<u32>, columns: usize) -> bool {
    let filled = row.iter().filter(|cell| !cell.is_empty()).count();
    let first = row.cell(0);
    if filled >= columns.max(2) || begins_as_number(first) || totals::is_name(first) {
        return false;
    }
    if is_comment(row) || first.starts_with(['*', '†', '‡', '§', '¶']) || begins_with_word(first) {
        return true;
    }
    let set_apart = row.len() == 1 || above.is_some_and(|above| row.line > above.saturating_add(1));
    filled == 1 && columns > 1 && set_apart
}

fn begins_with_word(cell: &str) -> bool {
    let end = cell.find(|c: char| !c.is_alphabetic()).unwrap_or(cell.len());
    let (word, rest) = cell.split_at(end);
    WORDS.contains(&&*word.to_lowercase()) && rest.starts_with([':', '.', ' '])
}
