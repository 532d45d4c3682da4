//! Columns of counts, with columns that tell groups of rows apart.

use std::collections::HashMap;

use super::cell::is_missing;
use super::{Counts, Dataset, Group, Groups, Labels, Ledger, Provenance, Studies};
use crate::error::{Error, Problem};

/// Events and totals in columns, with other columns that tell groups of rows apart.
///
/// ```
/// use metaprop::data::{GroupedCounts, Groups};
/// let by = [("country", vec!["Chad", "Mali", "Chad"])];
/// let groups = GroupedCounts::new(by, vec![3, 4, 5], vec![10, 20, 30])?;
/// assert_eq!((groups.len(), groups.values(1)), (2, vec!["Mali".to_string()]));
/// assert_eq!(groups.group(0).data?.sums(), Some((8, 40)));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GroupedCounts {
    columns: Vec<String>,
    values: Vec<Vec<String>>,
    events: Vec<u64>,
    total: Vec<u64>,
    /// The rows, group by group, each counted from 0.
    rows: Vec<usize>,
    /// Where the rows of each group end among these.
    ends: Vec<usize>,
}

impl GroupedCounts {
    /// Columns by which rows are grouped, each with its name, and the counts of the rows. Missing values are a group too.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no column to group by, or the columns have not one value a row.
    pub fn new<'v>(
        by: impl IntoIterator<Item = (impl Into<String>, Vec<&'v str>)>,
        events: Vec<u64>,
        total: Vec<u64>,
    ) -> Result<Self, Error> {
        let (columns, cells): (Vec<String>, Vec<Vec<&str>>) =
            by.into_iter().map(|(name, cells)| (name.into(), cells)).unzip();
        let lengths = cells.iter().map(Vec::len).chain([total.len()]);
        if columns.is_empty() || lengths.clone().any(|length| length != events.len()) {
            let problem = Problem::new("groups need a column to group by, and every column one value a row");
            return Err(Error::Usage(vec![problem.help("give columns of the same length")]));
        }
        let mut groups: HashMap<Vec<&str>, usize> = HashMap::new();
        let (mut values, mut rows_of) = (Vec::new(), Vec::<Vec<usize>>::new());
        for row in 0..events.len() {
            let value = |cells: &Vec<&'v str>| if is_missing(cells[row]) { "" } else { cells[row] };
            let key: Vec<&str> = cells.iter().map(value).collect();
            let group = *groups.entry(key).or_insert_with_key(|key| {
                values.push(key.iter().map(|value| (*value).to_owned()).collect());
                rows_of.push(Vec::new());
                rows_of.len() - 1
            });
            rows_of[group].push(row);
        }
        let ends = rows_of.iter().scan(0, |end, rows| {
            *end += rows.len();
            Some(*end)
        });
        let ends = ends.collect();
        Ok(Self { columns, values, events, total, rows: rows_of.concat(), ends })
    }

    /// The studies of these rows, named by their numbers.
    fn studies(&self, rows: &[usize]) -> Result<Dataset, Error> {
        let (mut labels, mut counts, mut problems) = (Labels::default(), Vec::new(), Vec::new());
        for &row in rows {
            let (events, total) = (self.events[row], self.total[row]);
            let line = u32::try_from(row + 1).unwrap_or(u32::MAX);
            match Counts::new(events, total) {
                Some(row) => {
                    labels.push(&format!("Study {line}"), line);
                    counts.push(row);
                }
                None => problems.push(
                    Problem::new(format!("{events} events of a total of {total}"))
                        .at("counts", u64::from(line)),
                ),
            }
        }
        if !problems.is_empty() {
            return Err(Error::Data(problems));
        }
        let ledger = Ledger { read: rows.len(), ..Ledger::default() };
        Dataset::new(labels, Studies::Proportions(counts.into()), ledger, Provenance::default())
    }
}

impl Groups for GroupedCounts {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn values(&self, group: usize) -> Vec<String> {
        self.values[group].clone()
    }

    fn group(&self, group: usize) -> Group {
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        Group::new(self.studies(&self.rows[start..self.ends[group]]), 0)
    }
}
