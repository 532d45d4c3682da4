//! How much may become of a file: what a few bytes of it can say, memory has to hold.

/// A table may have this many cells, blank ones included, and this many more for each that holds something: a header of
/// many names above many rows of few cells is no table.
const CELLS_AT_LEAST: usize = 1_000_000;
const CELLS_FOR_ONE: usize = 16;

/// What is packed may have this many bytes in any case, ...
const UNPACKED_AT_LEAST: u64 = 256 << 20;
/// ... more where it is no more than this many times as long as what it is packed in, ...
const UNPACKED_FOR_ONE: u64 = 200;
/// ... and never more than this.
const MOST_UNPACKED: u64 = 4 << 30;

/// A cell may have this many bytes, ...
pub(super) const LONGEST_CELL: usize = 1 << 20;
/// ... a row this many, ...
pub(super) const LONGEST_ROW: usize = 16 << 20;
/// ... and a table this many columns.
pub(super) const MOST_COLUMNS: usize = 100_000;

/// A file with a table or a document may have this many bytes, ...
pub(crate) const LARGEST_FILE: u64 = 4 << 30;
/// ... an analysis file this many.
pub(crate) const LARGEST_ANALYSIS_FILE: u64 = 64 << 20;
/// A manuscript may have this many bytes, and so many may be unpacked of it.
pub(super) const LARGEST_MANUSCRIPT: u64 = 64 << 20;

/// How many cells a table may have of which so many hold something.
pub(super) const fn most_cells(filled: usize) -> usize {
    filled.saturating_mul(CELLS_FOR_ONE).saturating_add(CELLS_AT_LEAST)
}

/// How many bytes may be unpacked from so many.
pub(super) fn most_unpacked(packed: u64) -> u64 {
    packed.saturating_mul(UNPACKED_FOR_ONE).clamp(UNPACKED_AT_LEAST, MOST_UNPACKED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_grows_with_what_is_there() {
        assert_eq!([0, 10, usize::MAX].map(most_cells), [1_000_000, 1_000_160, usize::MAX]);
        let unpacked = [0, 1 << 20, 2 << 20, 1 << 40].map(most_unpacked);
        assert_eq!(unpacked, [256 << 20, 256 << 20, 400 << 20, 4 << 30]);
    }
}
