//! Notes below a table, which are none of its rows.

use super::cells::Row;
use super::header_rows::is_comment;
use super::totals_names;
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

/// Whether the last row of a table is a note: it begins with a footnote mark or a word for a note; or it has one cell
/// alone, and a blank line stands above it, or the cell is a sentence or an abbreviation (`NR = not reported`). A row with
/// a number in another column than the first is none.
///
/// `above` is the line of the row above.
pub(super) fn is_note(row: Row<'_>, above: Option<u32>, columns: usize) -> bool {
    let filled = row.iter().filter(|cell| !cell.is_empty()).count();
    let first = row.cell(0);
    let numbers = row.iter().skip(1).any(begins_as_number);
    if filled >= columns.max(2) || numbers || begins_as_number(first) || totals_names::is_name(first) {
        return false;
    }
    if is_comment(row) || first.starts_with(['*', '†', '‡', '§', '¶']) || begins_with_word(first) {
        return true;
    }
    let apart = above.is_some_and(|above| row.line > above.saturating_add(1));
    let sentence =
        first.contains(" = ") || (first.ends_with('.') && first.contains(' ') && !first.ends_with("al."));
    filled == 1 && columns > 1 && !first.is_empty() && (apart || sentence)
}

fn begins_with_word(cell: &str) -> bool {
    let end = cell.find(|c: char| !c.is_alphabetic()).unwrap_or(cell.len());
    let (word, rest) = cell.split_at(end);
    WORDS.contains(&&*word.to_lowercase()) && rest.starts_with([':', '.', ' '])
}
