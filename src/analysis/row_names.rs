//! What the rows that were pooled are called where each has to be told from the others.

use std::collections::HashSet;

use super::MetaAnalysis;

/// The names of the rows: a name that several rows have is followed by the line, as `Smith 2001 (line 3)`.
pub(crate) struct RowNames<'a> {
    result: &'a MetaAnalysis,
    repeated: HashSet<&'a str>,
}

impl RowNames<'_> {
    /// The name of a row, counted from 0.
    pub fn of(&self, row: usize) -> String {
        let label = self.result.label(row);
        match self.repeated.contains(label.name) {
            true => format!("{} (line {})", label.name, label.line),
            false => label.name.to_string(),
        }
    }
}

impl MetaAnalysis {
    /// The names of the rows, each different from the others.
    pub(crate) fn row_names(&self) -> RowNames<'_> {
        let repeated = self.data.repeated(&self.sizes.study).into_values().map(|(name, _)| name).collect();
        RowNames { result: self, repeated }
    }

    /// The name of the cluster of a row, counted from 0; empty where it has none.
    pub(crate) fn cluster_of(&self, row: usize) -> &str {
        let study = self.sizes.study[row] as usize;
        self.data.clusters().and_then(|clusters| clusters.name(study)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::{Dataset, Spec, fit};

    #[test]
    fn a_name_that_stands_twice_has_its_line() {
        let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("A", 21, 66), ("C", 8, 18)]).unwrap();
        let result = fit(&data, &Spec::default()).unwrap();
        let names = result.row_names();
        assert_eq!([0, 1, 2].map(|row| names.of(row)), ["A (line 2)", "B", "A (line 4)"]);
        assert_eq!(result.leave_one_out().unwrap().rows[2].omitted, "A (line 4)");
        assert_eq!(result.influence().unwrap().rows[0].study, "A (line 2)");
        assert_eq!(result.cumulative(Some("-total".parse().unwrap())).unwrap().rows[0].added, "A (line 4)");
        assert_eq!(result.gosh(&Default::default()).unwrap().by_study()[2].study, "A (line 4)");
        let removal = result.smallest_removal(&"upper < 90%".parse().unwrap()).unwrap();
        assert!(removal.found.iter().flat_map(|set| &set.omitted).all(|name| name != "A"), "{removal:?}");
    }
}
