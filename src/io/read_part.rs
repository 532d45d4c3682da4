//! A piece of a table, read: its plain rows as columns, the others in between.

use std::ops::Range;

use super::cells::{Cells, Row};
use super::count::CountsRead;
use super::given::Given;
use super::plain_row::PlainColumns;
use super::row_reader::{ReadRow, RowReader, RowValue};
use super::totals_names::may_be_name;
use crate::data::{Counts, Labels};

/// What the rows of a piece of a table say.
pub(super) struct ReadPart<'t> {
    cells: &'t Cells<'t>,
    /// Of the plain rows, in order.
    labels: Labels,
    counts: Vec<Counts>,
    /// The other rows, and which row of the piece each is.
    others: Vec<(usize, ReadRow<'t>)>,
}

/// Rows that follow one another.
pub(super) enum Run<'t, 'p> {
    Plain(PlainRows<'t, 'p>),
    /// Any other row.
    Other(ReadRow<'t>),
}

/// Rows that follow one another, with a name and counts of which there is nothing else to say.
pub(super) struct PlainRows<'t, 'p> {
    /// Of all plain rows of the piece.
    pub labels: &'p Labels,
    pub counts: &'p [Counts],
    /// Which of them follow one another here.
    pub rows: Range<usize>,
    /// The last of these in the table.
    pub last: Row<'t>,
}

impl<'t> ReadPart<'t> {
    /// Reads the rows of a piece.
    pub(super) fn new(cells: &'t Cells<'t>, reader: RowReader<'t>) -> Self {
        let (mut labels, rows) = (Labels::default(), cells.len());
        labels.reserve(rows);
        let mut part = Self { cells, labels, counts: Vec::with_capacity(rows), others: Vec::new() };
        // Percentages beside the counts are compared with them.
        let counts_alone = reader.columns.held.is_none();
        let plain = PlainColumns::new(reader.columns, reader.rules, reader.names);
        for (place, row) in cells.rows().enumerate() {
            if let Some((name, counts)) = plain.and_then(|plain| plain.read(row)) {
                part.labels.push(name, row.line);
                part.counts.push(counts);
                continue;
            }
            match reader.read(row) {
                ReadRow {
                    row,
                    name: Some(name),
                    value:
                        RowValue::Counts(Given::Value(CountsRead { counts, percent: None, rounded: false })),
                } if counts_alone && !may_be_name(&name) => {
                    part.labels.push(&name, row.line);
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
        let (end, cells, labels, counts) = (self.len(), self.cells, &self.labels, &self.counts[..]);
        let (mut next, mut plain) = (0, 0);
        let ends = self.others.into_iter().map(|(place, row)| (place, Some(row))).chain([(end, None)]);
        for (place, other) in ends {
            let rows = plain..plain + (place - next);
            plain = rows.end;
            if let Some(last) = place.checked_sub(1).filter(|_| place > next).and_then(|last| cells.get(last))
            {
                take(next, Run::Plain(PlainRows { labels, counts, rows, last }));
            }
            if let Some(row) = other {
                take(place, Run::Other(row));
            }
            next = place + 1;
        }
    }
}
