//! A piece of a table, read: its plain rows as columns, the others in between.

use std::iter::Take;
use std::vec::IntoIter;

use super::cells::{Cells, Row};
use super::count::CountsRead;
use super::given::Given;
use super::row_reader::{ReadRow, RowReader, RowValue};
use super::totals_names::may_be_name;
use crate::data::{Counts, Label};

/// What the rows of a piece of a table say.
pub(super) struct ReadPart<'t> {
    cells: &'t Cells,
    /// Of the plain rows, in order.
    labels: Vec<Label>,
    counts: Vec<Counts>,
    /// The other rows, and which row of the piece each is.
    others: Vec<(usize, ReadRow<'t>)>,
}

/// Rows that follow one another.
pub(super) enum Run<'t, 'p> {
    /// Rows with a name and counts, of which there is nothing else to say, and the last of them.
    Plain { labels: Take<&'p mut IntoIter<Label>>, counts: &'p [Counts], last: Row<'t> },
    /// Any other row.
    Other(ReadRow<'t>),
}

impl<'t> ReadPart<'t> {
    /// Reads the rows of a piece.
    pub(super) fn new(cells: &'t Cells, reader: RowReader<'t>) -> Self {
        let mut part = Self { cells, labels: Vec::new(), counts: Vec::new(), others: Vec::new() };
        // Percentages beside the counts are compared with them.
        let counts_alone = reader.columns.held.is_none();
        for (place, row) in cells.rows().enumerate() {
            match reader.read(row) {
                ReadRow {
                    row,
                    name: Some(name),
                    value:
                        RowValue::Counts(Given::Value(CountsRead { counts, percent: None, rounded: false })),
                } if counts_alone && !may_be_name(&name) => {
                    part.labels.push(Label { name, line: row.line });
                    part.counts.push(counts);
                }
                other => part.others.push((place, other)),
            }
        }
        part
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.counts.len() + self.others.len()
    }

    /// Hands over the rows in order, with the place of the first of each run in the piece.
    pub(super) fn for_each(self, mut take: impl FnMut(usize, Run<'t, '_>)) {
        let (end, cells) = (self.len(), self.cells);
        let (mut labels, mut counts) = (self.labels.into_iter(), &self.counts[..]);
        let mut next = 0;
        let ends = self.others.into_iter().map(|(place, row)| (place, Some(row))).chain([(end, None)]);
        for (place, other) in ends {
            let (these, below) = counts.split_at(place - next);
            counts = below;
            if let Some(last) = place.checked_sub(1).filter(|_| place > next).and_then(|last| cells.get(last))
            {
                take(next, Run::Plain { labels: labels.by_ref().take(these.len()), counts: these, last });
            }
            if let Some(row) = other {
                take(place, Run::Other(row));
            }
            next = place + 1;
        }
    }
}
