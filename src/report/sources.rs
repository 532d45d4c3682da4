//! Where each row of a table comes from.

use super::table::{Align, Table};
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format::sanitize;

/// The counts of every row, with these columns of the table beside them.
///
/// # Errors
///
/// [`Error::Usage`] where the table has no such column, and where the data are estimates.
pub(crate) fn table(data: &Dataset, columns: &[String]) -> Result<Table, Error> {
    let mut covariates = Vec::with_capacity(columns.len());
    for name in columns {
        covariates.push(data.covariates().get(name).ok_or_else(|| {
            let problem = Problem::new(format!("there is no column '{name}' in {}", data.provenance().data));
            Error::Usage(vec![problem.help("sources names columns that are neither study, events nor total")])
        })?);
    }
    let mut titles = vec![("Study", Align::Left), ("Counts", Align::Right)];
    titles.extend(columns.iter().map(|name| (name.as_str(), Align::Left)));
    let mut table = Table::new(format!("The rows of {}", data.provenance().data), &titles);
    for (index, study) in data.counted()?.iter().enumerate() {
        let mut cells = vec![
            sanitize(&study.name).into_owned(),
            format!("{}/{}", study.counts.events(), study.counts.total()),
        ];
        cells.extend(covariates.iter().map(|column| sanitize(column.cell(index)).into_owned()));
        table.body.push(super::table::Row::new(cells));
    }
    Ok(table)
}
