//! Every table within the bounds, apart from those that a bound on their first rows rules out together.

use rayon::prelude::*;

use super::bound::cell;
use super::puzzle::Plan;
use super::selection::{Left, Selection};
use super::summary::Gathered;
use super::table::Table;
use crate::data::Counts;
use crate::published::search::{Screen, Sums};

/// So many shares are worked on between two looks at whether to go on.
const CHUNK: usize = 512;

/// A way in which the unknown rows of a selection share their people, the largest first.
struct Share {
    selection: Selection,
    totals: Vec<u64>,
}

/// Looks at every table; `false` from `keep_going`, which is told how many shares are done of how
/// many, stops it, and then not all were seen.
pub(super) fn all(
    plan: &Plan<'_>,
    open: &[(Selection, Left)],
    gathered: &mut Gathered,
    keep_going: &mut dyn FnMut(u64, u64) -> bool,
) -> bool {
    let of = |(selection, left): &(Selection, Left)| {
        let shares = partitions(*left, plan.sizes()).into_iter();
        shares.map(|totals| Share { selection: selection.clone(), totals }).collect::<Vec<_>>()
    };
    let shares: Vec<Share> = open.iter().flat_map(of).collect();
    for (index, chunk) in shares.chunks(CHUNK).enumerate() {
        if !keep_going((index * CHUNK) as u64, shares.len() as u64) {
            return false;
        }
        let parts: Vec<Gathered> = chunk.par_iter().map(|share| Walk::new(plan, share).all()).collect();
        parts.into_iter().for_each(|part| gathered.join(part));
    }
    true
}

/// Every way to write the people as a sum of that many totals within the bounds, the largest first.
fn partitions(left: Left, [least, most]: [u64; 2]) -> Vec<Vec<u64>> {
    fn grow(rows: usize, people: u64, least: u64, most: u64, totals: &mut Vec<u64>, all: &mut Vec<Vec<u64>>) {
        if rows == 0 {
            all.push(totals.clone());
            return;
        }
        // The largest of the rest is at least their mean, and leaves the others their least.
        let others = rows as u64 - 1;
        for n in (people.div_ceil(rows as u64).max(least)..=most.min(people - others * least)).rev() {
            totals.push(n);
            grow(rows - 1, people - n, least, n, totals, all);
            totals.pop();
        }
    }
    let (mut all, mut totals) = (Vec::new(), Vec::with_capacity(left.rows));
    grow(left.rows, left.people, least, most, &mut totals, &mut all);
    all
}

/// The events of one share, row by row.
struct Walk<'p> {
    plan: &'p Plan<'p>,
    share: &'p Share,
    quick: Option<Reach>,
    events: Vec<u64>,
    gathered: Gathered,
}

/// What the quick test needs along the way.
struct Reach {
    quick: Screen,
    /// Every row's y, from the origin, and v: the known ones first, then the unknown ones as they stand.
    y: Vec<f64>,
    v: Vec<f64>,
    /// How many rows are known.
    known: usize,
    /// The sums of the known rows.
    sums: Sums,
    /// For each unknown row, y and v by its events.
    cells: Vec<Vec<[f64; 2]>>,
    /// For each unknown row, the most that it and those after it can weigh.
    rest: Vec<f64>,
    /// The τ² that this share can have.
    window: [f64; 2],
    quantile: f64,
}

impl<'p> Walk<'p> {
    fn new(plan: &'p Plan<'p>, share: &'p Share) -> Self {
        let quick = plan.quick.and_then(|quick| Reach::new(plan, share, quick));
        Self { plan, share, quick, events: vec![0; share.totals.len()], gathered: Gathered::new(plan) }
    }

    fn all(mut self) -> Gathered {
        let sums = self.quick.as_ref().map(|reach| reach.sums).unwrap_or_default();
        self.row(0, sums);
        self.gathered
    }

    /// Every number of events of this row and of those after it.
    fn row(&mut self, row: usize, sums: Sums) {
        let Some(&total) = self.share.totals.get(row) else {
            self.table(sums);
            return;
        };
        if self.quick.as_ref().is_some_and(|reach| reach.is_lost(row, &sums)) {
            return;
        }
        // Rows of the same n are a multiset: the events do not rise.
        let same = row > 0 && self.share.totals[row - 1] == total;
        let most = if same { self.events[row - 1] } else { total };
        for events in 0..=most {
            self.events[row] = events;
            let sums = match &mut self.quick {
                Some(reach) => reach.place(row, events, sums),
                None => sums,
            };
            self.row(row + 1, sums);
        }
    }

    fn table(&mut self, sums: Sums) {
        self.gathered.seen += 1;
        if self.quick.as_ref().is_some_and(|reach| !reach.may_fit(&sums)) {
            return;
        }
        let unknown = self
            .share
            .totals
            .iter()
            .zip(&self.events)
            .filter_map(|(&total, &events)| Counts::new(events, total));
        let table = Table::new(self.share.selection.clone(), unknown);
        let counts = table.counts(self.plan);
        let Some(evaluation) = self.plan.evaluator.of(&counts) else { return };
        let distance = self.plan.distance(&evaluation);
        self.gathered.consider(self.plan, table, distance);
    }
}

impl Reach {
    /// `None` where some row would be left out: those tables are looked at one by one.
    fn new(plan: &Plan<'_>, share: &Share, quick: Screen) -> Option<Self> {
        let cell = |counts: Counts| cell(plan, quick, counts);
        let known = share
            .selection
            .rows(&plan.puzzle.known)
            .map(|(_, counts)| cell(counts))
            .collect::<Option<Vec<_>>>()?;
        let cells = share.totals.iter().map(|&total| {
            (0..=total).map(|events| cell(Counts::new(events, total)?)).collect::<Option<Vec<_>>>()
        });
        let cells = cells.collect::<Option<Vec<_>>>()?;
        let (least, most) = (extremes(&known, &cells, f64::min), extremes(&known, &cells, f64::max));
        let mut rows: Vec<[f64; 2]> = known.clone();
        rows.resize(known.len() + cells.len(), [0.0, 1.0]);
        Some(Self {
            quick,
            y: rows.iter().map(|row| row[0]).collect(),
            v: rows.iter().map(|row| row[1]).collect(),
            known: known.len(),
            sums: known.iter().fold(Sums::default(), |sums, &row| sums.with(row)),
            cells,
            rest: rests(&least[known.len()..]),
            window: quick.window(&least, &most),
            quantile: plan.evaluator.quantile(rows.len()),
        })
    }

    fn place(&mut self, row: usize, events: u64, sums: Sums) -> Sums {
        // A cell for every count of the row.
        let cell = self.cells[row][events as usize];
        (self.y[self.known + row], self.v[self.known + row]) = (cell[0], cell[1]);
        sums.with(cell)
    }

    /// Whether τ² is too large whatever the rows from this one on are.
    fn is_lost(&self, row: usize, sums: &Sums) -> bool {
        let rows = (self.cells.len() - row) as f64;
        let least = self.quick.least_tau2(sums, self.rest[row], rows, self.y.len() as f64);
        least > self.window[1] + 1e-9 * (1.0 + least)
    }

    fn may_fit(&self, sums: &Sums) -> bool {
        let tau2 = self.quick.tau2(sums, self.y.len() as f64);
        let [low, high] = self.window;
        let slack = 1e-9 * (1.0 + tau2);
        low - slack <= tau2
            && tau2 <= high + slack
            && self.quick.accepts(tau2, &self.y, &self.v, self.quantile)
    }
}

/// The sums of the weights from each row on.
fn rests(least: &[f64]) -> Vec<f64> {
    let mut rests: Vec<f64> = least
        .iter()
        .rev()
        .scan(0.0, |rest, v| {
            *rest += 1.0 / v;
            Some(*rest)
        })
        .collect();
    rests.reverse();
    rests
}

/// The least, or the largest, variance that each row can have.
fn extremes(known: &[[f64; 2]], cells: &[Vec<[f64; 2]>], pick: fn(f64, f64) -> f64) -> Vec<f64> {
    let of_row = |row: &Vec<[f64; 2]>| row.iter().map(|cell| cell[1]).reduce(pick).unwrap_or(1.0);
    known.iter().map(|row| row[1]).chain(cells.iter().map(of_row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_partitions_within_the_bounds() {
        let seen = partitions(Left { rows: 3, people: 7 }, [1, 4]);
        assert_eq!(seen, [[4, 2, 1], [3, 3, 1], [3, 2, 2]]);
        assert_eq!(partitions(Left { rows: 0, people: 0 }, [1, 4]), [[0_u64; 0]]);
        assert!(partitions(Left { rows: 2, people: 7 }, [1, 3]).is_empty());
    }
}
