//! The examination of every table, except those that a bound on their first rows excludes.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::collector::Collector;
use super::query::PreparedQuery;
use super::selection::{Remainder, Selection};
use super::table::Table;
use crate::data::Counts;
use crate::published::search::{Ask, Screen, Sums};

/// How many partitions are examined between two questions whether to go on.
const CHUNK: usize = 512;

/// A selection, and totals of the unknown rows that add up to what it leaves, in descending order.
struct Partition {
    selection: Selection,
    totals: Vec<u64>,
}

/// Examines every table that completes one of the selections, and hands over what each part of them found. `ask` is
/// given how many partitions are done and how many there are, and stops the search by returning false.
pub(super) fn examine_all(
    query: &PreparedQuery<'_>,
    selections: &[(Selection, Remainder)],
    ask: &mut Ask<'_>,
    hand_over: &mut dyn FnMut(Collector) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let partitions_of = |(selection, remainder): &(Selection, Remainder)| {
        let totals = partitions(*remainder, query.sizes()).into_iter();
        totals.map(|totals| Partition { selection: selection.clone(), totals }).collect::<Vec<_>>()
    };
    let partitions: Vec<Partition> = selections.iter().flat_map(partitions_of).collect();
    for (index, chunk) in partitions.chunks(CHUNK).enumerate() {
        if !ask((index * CHUNK) as u64, partitions.len() as u64) {
            return ControlFlow::Break(());
        }
        let parts: Vec<Collector> =
            chunk.par_iter().map(|partition| Enumeration::new(query, partition).run()).collect();
        parts.into_iter().try_for_each(&mut *hand_over)?;
    }
    ControlFlow::Continue(())
}

/// Every way to write the people as a sum of as many totals as there are rows, within the bounds and in
/// descending order.
fn partitions(remainder: Remainder, [least, most]: [u64; 2]) -> Vec<Vec<u64>> {
    fn extend(
        rows: usize,
        people: u64,
        least: u64,
        most: u64,
        totals: &mut Vec<u64>,
        all: &mut Vec<Vec<u64>>,
    ) {
        if rows == 0 {
            all.push(totals.clone());
            return;
        }
        // The largest of the other totals is at least their mean, and leaves the rest at least `least` each.
        let others = rows as u64 - 1;
        for n in (people.div_ceil(rows as u64).max(least)..=most.min(people - others * least)).rev() {
            totals.push(n);
            extend(rows - 1, people - n, least, n, totals, all);
            totals.pop();
        }
    }
    let (mut all, mut totals) = (Vec::new(), Vec::with_capacity(remainder.rows));
    extend(remainder.rows, remainder.people, least, most, &mut totals, &mut all);
    all
}

/// The tables of one partition, with the events enumerated row by row, depth first.
struct Enumeration<'q> {
    query: &'q PreparedQuery<'q>,
    partition: &'q Partition,
    screen: Option<PartitionScreen>,
    events: Vec<u64>,
    collector: Collector,
}

impl<'q> Enumeration<'q> {
    fn new(query: &'q PreparedQuery<'q>, partition: &'q Partition) -> Self {
        let screen = query.screen.and_then(|screen| PartitionScreen::new(query, partition, screen));
        let events = vec![0; partition.totals.len()];
        Self { query, partition, screen, events, collector: Collector::new(query) }
    }

    fn run(mut self) -> Collector {
        let sums = self.screen.as_ref().map(|screen| screen.known_sums).unwrap_or_default();
        self.enumerate_from(0, sums);
        self.collector
    }

    /// Every number of events of this row and of those after it; `sums` are those of the rows before it.
    fn enumerate_from(&mut self, row: usize, sums: Sums) {
        let Some(&total) = self.partition.totals.get(row) else {
            self.examine(sums);
            return;
        };
        if self.screen.as_ref().is_some_and(|screen| screen.excludes_all(row, &sums)) {
            return;
        }
        // Rows of the same n are interchangeable: their events are in descending order.
        let same = row > 0 && self.partition.totals[row - 1] == total;
        let most = if same { self.events[row - 1] } else { total };
        for events in 0..=most {
            self.events[row] = events;
            let sums = match &mut self.screen {
                Some(screen) => screen.set(row, events, sums),
                None => sums,
            };
            self.enumerate_from(row + 1, sums);
        }
    }

    fn examine(&mut self, sums: Sums) {
        self.collector.examined += 1;
        if self.screen.as_ref().is_some_and(|screen| !screen.passes(&sums)) {
            return;
        }
        let unknown = self
            .partition
            .totals
            .iter()
            .zip(&self.events)
            .filter_map(|(&total, &events)| Counts::new(events, total));
        let table = Table::new(self.partition.selection.clone(), unknown);
        let counts = table.counts(self.query);
        let Some(result) = self.query.evaluator.evaluate(&counts) else { return };
        let distance = self.query.target.distance(&result);
        self.collector.add(self.query, table, distance);
    }
}

/// The screen for the tables of one partition.
struct PartitionScreen {
    screen: Screen,
    /// Every row's y, measured from the origin: the known rows first, then the unknown ones as they are set.
    y: Vec<f64>,
    /// Every row's v.
    v: Vec<f64>,
    /// The number of known rows.
    known: usize,
    /// The sums over the known rows.
    known_sums: Sums,
    /// For each unknown row, y and v by its events.
    unknown: Vec<Vec<[f64; 2]>>,
    /// For each unknown row, the largest sum of weights that it and those after it can have.
    most_weight_from: Vec<f64>,
    /// The range of τ² with which some table of the partition can have the printed standard error.
    tau2_range: [f64; 2],
    quantile: f64,
}

impl PartitionScreen {
    /// `None` where some row could be left out: then no table is screened.
    fn new(query: &PreparedQuery<'_>, partition: &Partition, screen: Screen) -> Option<Self> {
        let known = partition
            .selection
            .rows(&query.query.known)
            .map(|(_, counts)| query.screened_row(screen, counts))
            .collect::<Option<Vec<_>>>()?;
        let unknown = partition.totals.iter().map(|&total| {
            (0..=total)
                .map(|events| query.screened_row(screen, Counts::new(events, total)?))
                .collect::<Option<Vec<_>>>()
        });
        let unknown = unknown.collect::<Option<Vec<_>>>()?;
        let [least, most] = [f64::min as fn(f64, f64) -> f64, f64::max]
            .map(|extreme| extreme_variances(&known, &unknown, extreme));
        let mut rows: Vec<[f64; 2]> = known.clone();
        rows.resize(known.len() + unknown.len(), [0.0, 1.0]);
        Some(Self {
            screen,
            y: rows.iter().map(|row| row[0]).collect(),
            v: rows.iter().map(|row| row[1]).collect(),
            known: known.len(),
            known_sums: known.iter().fold(Sums::default(), |sums, &row| sums.with(row)),
            unknown,
            most_weight_from: weight_sums_from(&least[known.len()..]),
            tau2_range: screen.tau2_range(&least, &most),
            quantile: query.evaluator.quantile(rows.len()),
        })
    }

    /// Sets the events of an unknown row, and adds the row to the sums.
    fn set(&mut self, row: usize, events: u64, sums: Sums) -> Sums {
        let [y, v] = self.unknown[row][events as usize];
        (self.y[self.known + row], self.v[self.known + row]) = (y, v);
        sums.with([y, v])
    }

    /// Whether τ² is too large whatever the events of the rows from this one on.
    fn excludes_all(&self, row: usize, sums: &Sums) -> bool {
        let rows = (self.unknown.len() - row) as f64;
        let least = self.screen.least_tau2(sums, self.most_weight_from[row], rows, self.y.len() as f64);
        least > self.tau2_range[1] + 1e-9 * (1.0 + least)
    }

    /// Whether the table as it is set may give the printed figures; `sums` are those of all rows.
    fn passes(&self, sums: &Sums) -> bool {
        let tau2 = self.screen.tau2(sums, self.y.len() as f64);
        let [low, high] = self.tau2_range;
        let slack = 1e-9 * (1.0 + tau2);
        low - slack <= tau2
            && tau2 <= high + slack
            && self.screen.accepts(tau2, &self.y, &self.v, self.quantile)
    }
}

/// For each row the sum of 1/v over it and the rows after it.
fn weight_sums_from(variances: &[f64]) -> Vec<f64> {
    let mut sums: Vec<f64> = variances
        .iter()
        .rev()
        .scan(0.0, |sum, v| {
            *sum += 1.0 / v;
            Some(*sum)
        })
        .collect();
    sums.reverse();
    sums
}

/// The least, or the largest, variance that each row can have.
fn extreme_variances(
    known: &[[f64; 2]],
    unknown: &[Vec<[f64; 2]>],
    extreme: fn(f64, f64) -> f64,
) -> Vec<f64> {
    let of_unknown = |row: &Vec<[f64; 2]>| row.iter().map(|[_, v]| *v).reduce(extreme).unwrap_or(1.0);
    known.iter().map(|[_, v]| *v).chain(unknown.iter().map(of_unknown)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_within_the_bounds() {
        let seen = partitions(Remainder { rows: 3, people: 7 }, [1, 4]);
        assert_eq!(seen, [[4, 2, 1], [3, 3, 1], [3, 2, 2]]);
        assert_eq!(partitions(Remainder { rows: 0, people: 0 }, [1, 4]), [[0_u64; 0]]);
        assert!(partitions(Remainder { rows: 2, people: 7 }, [1, 3]).is_empty());
    }
}
