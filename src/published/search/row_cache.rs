//! Rows on the analysis scale that were computed before.

use crate::data::Counts;
use crate::effect::EffectSizes;
use crate::effect::exact_difference::{CorrectedCounts, exact_difference, most_precise};
use crate::options::Spec;

/// Rows of more people than this are computed each time: a table of all counts grows with its square.
const MOST_PEOPLE: u64 = 400;

/// Effect sizes of the rows of many tables that differ in a row or two, each computed once.
///
/// What comes out has the bits of [`EffectSizes::of_counts`]. Deviations are kept for one origin; where another row
/// becomes the most precise one they are computed anew.
pub(in crate::published) struct RowCache {
    rows: Vec<Option<Row>>,
    origin: Option<CorrectedCounts>,
    /// The rows of the last table, and their effect sizes: every table writes over those before it.
    table: Vec<Row>,
    sizes: EffectSizes,
    /// How often the origin has changed.
    generation: u32,
}

/// A row on the analysis scale.
#[derive(Clone, Copy)]
struct Row {
    counts: CorrectedCounts,
    v: f64,
    deviation: f64,
    /// The generation of the deviation.
    generation: u32,
}

impl RowCache {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            rows: Vec::new(),
            origin: None,
            table: Vec::new(),
            sizes: EffectSizes::default(),
            generation: 0,
        }
    }

    /// The effect sizes of these rows; `None` where one of them would be left out. `row_of` computes a row that is
    /// not kept: its corrected counts and variance.
    pub fn effect_sizes(
        &mut self,
        rows: &[Counts],
        row_of: impl Fn(Counts) -> Option<(CorrectedCounts, f64)>,
        spec: &Spec,
    ) -> Option<&EffectSizes> {
        let mut table = std::mem::take(&mut self.table);
        table.clear();
        for &counts in rows {
            table.push(self.row(counts, &row_of)?);
        }
        let origin = most_precise(table.iter().map(|row| &row.v)).map(|index| table[index].counts)?;
        if self.origin != Some(origin) {
            self.origin = Some(origin);
            self.generation += 1;
        }
        for (row, &counts) in table.iter_mut().zip(rows) {
            if row.generation != self.generation {
                row.deviation = exact_difference(row.counts, origin, spec.measure, spec.conventions);
                row.generation = self.generation;
                self.keep(counts, *row);
            }
        }
        self.sizes.set_rows(table.iter().map(|row| (row.counts, row.v, row.deviation)), origin);
        self.table = table;
        Some(&self.sizes)
    }

    fn row(
        &mut self,
        counts: Counts,
        row_of: impl Fn(Counts) -> Option<(CorrectedCounts, f64)>,
    ) -> Option<Row> {
        if let Some(Some(row)) = place(counts).and_then(|place| self.rows.get(place)) {
            return Some(*row);
        }
        let (corrected, v) = row_of(counts)?;
        // Before the first origin, whose generation is 1.
        let row = Row { counts: corrected, v, deviation: f64::NAN, generation: 0 };
        self.keep(counts, row);
        Some(row)
    }

    fn keep(&mut self, counts: Counts, row: Row) {
        let Some(place) = place(counts) else { return };
        if place >= self.rows.len() {
            self.rows.resize(place + 1, None);
        }
        self.rows[place] = Some(row);
    }
}

/// Where a row is kept: all events of a total stand together.
fn place(counts: Counts) -> Option<usize> {
    let total = counts.total();
    (total <= MOST_PEOPLE).then(|| (total * (total + 1) / 2 + counts.events()) as usize)
}
