//! The results in a row of a table: what stands above a cell says what it is.

use std::ops::Range;

use crate::data::Passage;
use crate::published::claim::Field;
use crate::published::sentence::{
    FoundCount, FoundResult, Measured, SentenceReading, Surroundings, cell_field, has_percent_sign,
    is_no_estimate, limits_in, named_measure, read_sentence, single_number,
};

/// What was read in a row; places are bytes of the row.
pub(super) struct RowReading {
    /// The results, each with the words that may name its outcome.
    pub results: Vec<(FoundResult, String)>,
    pub counts: Vec<FoundCount>,
}

/// What stands in a row of a table.
pub(super) fn read_row(passage: &Passage) -> RowReading {
    let row = Row { passage };
    let mut read = RowReading { results: Vec::new(), counts: Vec::new() };
    for index in 0..passage.cells().len() {
        let SentenceReading { results, counts, .. } = row.read(index);
        let start = passage.cells()[index].start;
        read.counts.extend(
            counts.into_iter().map(|count| FoundCount { range: moved(&count.range, start), ..count }),
        );
        read.results
            .extend(results.into_iter().map(|result| (row.placed(result, start, index), row.words(index))));
    }
    if read.results.is_empty() {
        read.results.extend(row.in_two_cells());
    }
    if let [(result, _)] = &mut read.results[..] {
        row.add_other_cells(result);
    }
    read
}

fn moved(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

struct Row<'a> {
    passage: &'a Passage,
}

impl Row<'_> {
    fn cell(&self, index: usize) -> &str {
        let range = self.passage.cells().get(index).cloned().unwrap_or_default();
        self.passage.text().get(range).unwrap_or_default()
    }

    fn above(&self, index: usize) -> &str {
        self.passage.header().get(index).map_or("", String::as_str)
    }

    fn read(&self, index: usize) -> SentenceReading {
        let percent_above = has_percent_sign(self.above(index));
        read_sentence(
            self.cell(index),
            Surroundings { in_table: !self.passage.header().is_empty(), percent_above },
        )
    }

    /// The first cell and what stands above this one.
    fn words(&self, index: usize) -> String {
        format!("{} {}", self.cell(0), self.above(index))
    }

    /// A result by its place in the row, measured as the header or the first cell say.
    fn placed(&self, result: FoundResult, start: usize, index: usize) -> FoundResult {
        let named =
            named_measure(self.above(index)).or_else(|| named_measure(self.cell(0)).filter(|_| index > 0));
        FoundResult {
            range: moved(&result.range, start),
            region: 0..self.passage.text().len(),
            measured: named.map_or(result.measured, Measured::Other),
            says_pooled: result.says_pooled || self.says_pooled(),
            ..result
        }
    }

    fn says_pooled(&self) -> bool {
        let text = format!("{} {}", self.cell(0), self.passage.header().join(" ")).to_lowercase();
        ["pooled", "overall", "summary", "studies"].iter().any(|word| text.contains(word))
    }

    /// An estimate in one cell and its interval in the next.
    fn in_two_cells(&self) -> Option<(FoundResult, String)> {
        let is_interval = |index: &usize| cell_field(self.above(*index)) == Some(Field::Ci);
        let index = (1..self.passage.cells().len()).find(is_interval)?;
        // Between an estimate and its interval may stand its standard error or its test.
        let before =
            (1..index).rev().find(|before| !is_no_estimate(self.above(*before))).unwrap_or(index - 1);
        let (estimate, [lower, upper]) = (single_number(self.cell(before))?, limits_in(self.cell(index))?);
        let percent_above = has_percent_sign(self.above(before));
        let text = format!("{estimate} (CI {lower} to {upper})");
        let mut read = read_sentence(&text, Surroundings { in_table: true, percent_above });
        let result = read.results.pop()?;
        let cells = self.passage.cells();
        let first = self.cell(before);
        let start = cells[before].start + (first.len() - first.trim_start().len());
        let result = FoundResult { range: 0..0, ..result };
        let placed = self.placed(result, 0, before);
        Some((FoundResult { range: start..cells[index].end, ..placed }, self.words(before)))
    }

    /// What other cells of the row print, by what stands above them.
    fn add_other_cells(&self, result: &mut FoundResult) {
        for index in 1..self.passage.cells().len() {
            let Some(field) = cell_field(self.above(index)) else { continue };
            if matches!(field, Field::Ci | Field::Estimate)
                || self.passage.cells()[index].contains(&result.range.start)
            {
                continue;
            }
            let texts = match field {
                Field::Prediction => limits_in(self.cell(index)).map(|limits| limits.to_vec()),
                Field::I2 if has_percent_sign(self.above(index)) => single_number(self.cell(index))
                    .map(|number| vec![format!("{}%", number.trim_end_matches('%'))]),
                _ => single_number(self.cell(index)).map(|number| vec![number]),
            };
            // A field that the cell of the result itself has stays.
            if let Some(texts) = texts {
                let _ = result.claim.set(field.key(), &texts);
            }
        }
    }
}
