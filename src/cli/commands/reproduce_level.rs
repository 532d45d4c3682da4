//! `metaprop reproduce --subgroup COL`: the studies of the level that the printed figures are of.

use std::collections::BTreeSet;

use crate::analysis::MISSING;
use crate::data::{Dataset, Study};
use crate::error::{Error, Problem, nearest};

/// A level and its column.
pub(super) struct OfLevel {
    pub column: String,
    pub level: String,
}

impl OfLevel {
    /// Of `--subgroup` and the level of the printed figures: both, or none.
    pub fn new(column: Option<&str>, level: Option<&str>) -> Result<Option<Self>, Error> {
        let problem = match (column, level) {
            (None, None) => return Ok(None),
            (Some(column), Some(level)) => {
                return Ok(Some(Self { column: column.to_string(), level: level.to_string() }));
            }
            (Some(column), None) => {
                Problem::new(format!("--subgroup {column}: no printed figure is of one of its levels"))
                    .help("write which: --printed 'subgroup.\"LEVEL\".estimate=54.0%'")
            }
            (None, Some(level)) => Problem::new(format!(
                "the printed figures are of the level '{level}' of a column that is not named"
            ))
            .help("name it: --subgroup COL"),
        };
        Err(Error::Usage(vec![problem]))
    }

    /// The studies of the level, and all others.
    pub fn parted(&self, table: &Dataset) -> Result<(Dataset, Vec<Study>), Error> {
        let groups = table.groups(&self.column)?;
        let name = |value: &str| if value.is_empty() { MISSING.to_string() } else { value.to_string() };
        let names: Vec<String> = groups.iter().map(|(value, _)| name(value)).collect();
        let Some((_, level)) =
            groups.into_iter().zip(&names).find(|(_, name)| **name == self.level).map(|(of, _)| of)
        else {
            return Err(self.absent(&names, table));
        };
        let lines: BTreeSet<u32> = level.labels().iter().map(|label| label.line).collect();
        let others = table.counted().unwrap_or_default().into_iter().filter(|row| !lines.contains(&row.line));
        Ok((level, others.collect()))
    }

    fn absent(&self, names: &[String], table: &Dataset) -> Error {
        let Self { column, level } = self;
        let known = names.join(", ");
        let help = match nearest(level, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean '{near}'? its levels are {known}"),
            None => format!("its levels are {known}"),
        };
        let problem = Problem::new(format!("the column '{column}' has no level '{level}'"));
        Error::Usage(vec![problem.at(table.provenance().data.clone(), None).help(help)])
    }
}
