//! What the rows above a row say of its name.

use super::cells::Row;
use super::columns::Columns;

/// The row that names the row above, filtered or not, and the row above; nothing where no row names it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RowsAbove<'t>(Option<[Row<'t>; 2]>);

impl<'t> RowsAbove<'t> {
    /// Below a row that has a name.
    pub(super) const fn of(row: Row<'t>) -> Self {
        Self(Some([row, row]))
    }

    /// The row that names the next row: itself where it has a name.
    pub(super) fn named(&mut self, row: Row<'t>, has_name: bool, columns: &Columns) -> Option<Row<'t>> {
        let named = if has_name { Some(row) } else { self.goes_on_from(row, columns) };
        self.0 = named.map(|named| [named, row]);
        named
    }

    /// The row that names a row without a name: a name goes on over the rows right below it which another column of words
    /// (an outcome, an arm) tells from the one above.
    fn goes_on_from(self, row: Row<'t>, columns: &Columns) -> Option<Row<'t>> {
        let [named, above] = self.0?;
        let differs = |column: &usize| {
            let cell = row.cell(*column);
            !cell.is_empty() && !above.cell(*column).is_empty() && cell != above.cell(*column)
        };
        let next = above.line.saturating_add(1) == row.line;
        (next && columns.words.iter().any(differs)).then_some(named)
    }
}
