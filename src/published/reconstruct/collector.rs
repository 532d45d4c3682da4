//! The tables found so far.

use super::common_ranges::CommonRanges;
use super::query::PreparedQuery;
use super::table::Table;

/// The tables found so far, in one part of the search or in all.
pub(super) struct Collector {
    /// How many tables were examined.
    pub examined: u64,
    /// How many different tables fit.
    pub found: u64,
    /// The first of those.
    pub tables: Vec<Table>,
    /// The nearest of the tables that do not fit, with its distance.
    pub nearest: Option<(f64, Table)>,
    /// The ranges of those that fit.
    pub common: Option<CommonRanges>,
    /// How many tables are listed.
    list: usize,
}

impl Collector {
    pub fn new(query: &PreparedQuery<'_>) -> Self {
        let list = query.query.list;
        Self { examined: 0, found: 0, tables: Vec::new(), nearest: None, common: None, list }
    }

    /// Adds a table: to those that fit, if a full analysis confirms distance 0; else as the nearest, if it
    /// is.
    pub fn add(&mut self, query: &PreparedQuery<'_>, table: Table, distance: f64) {
        match if distance == 0.0 { table.verified(query) } else { None } {
            None => self.add_nearest(distance, table),
            Some(result) => {
                self.found += 1;
                self.widen(CommonRanges::of_table(query, &table, &result));
                if self.tables.len() < self.list {
                    self.tables.push(table);
                }
            }
        }
    }

    fn add_nearest(&mut self, distance: f64, table: Table) {
        if self.nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
            self.nearest = Some((distance, table));
        }
    }

    fn widen(&mut self, ranges: CommonRanges) {
        self.common = Some(match self.common.take() {
            Some(common) => common.widened(&ranges),
            None => ranges,
        });
    }

    /// Adds what another part of the search found.
    pub fn join(&mut self, other: Self) {
        self.examined += other.examined;
        self.found += other.found;
        let room = self.list.saturating_sub(self.tables.len());
        self.tables.extend(other.tables.into_iter().take(room));
        if let Some((distance, table)) = other.nearest {
            self.add_nearest(distance, table);
        }
        if let Some(ranges) = other.common {
            self.widen(ranges);
        }
    }
}
