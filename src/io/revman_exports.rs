//! Tables that RevMan 5 (Data and analyses) and RevMan Web (data rows) export as CSV.
//!
//! RevMan 5 writes comparisons, outcomes and subgroups as rows between the studies, with their sums; here they become
//! columns. In both tables an outcome of two comparisons may bear one name; then its number stands behind it.

use super::cells::{Cells, Row};
use super::outcomes;
use super::roles::plain;
use super::table::Table;

/// The table with its outcomes told apart; any other table as it is.
pub(super) fn told_apart(table: Table) -> Table {
    if let Some(columns) = places(&table, ["comparisonnumber", "outcomenumber", "subgroupnumber", "name"]) {
        without_headings(table, columns)
    } else if let Some(columns) = places(&table, ["analysisgroup", "analysisnumber", "analysisname"]) {
        with_numbers(table, columns)
    } else {
        table
    }
}

/// The columns of these names, where there are all of them.
fn places<const N: usize>(table: &Table, names: [&str; N]) -> Option<[usize; N]> {
    let found = names.map(|name| place(table, name));
    found.iter().all(Option::is_some).then(|| found.map(Option::unwrap_or_default))
}

fn place(table: &Table, name: &str) -> Option<usize> {
    table.names.iter().position(|other| plain(other) == name)
}

/// Data rows of RevMan Web, with the number of an analysis behind its name where another bears the same.
fn with_numbers(table: Table, [group, number, name]: [usize; 3]) -> Table {
    let outcome =
        |row: Row<'_>| (format!("{}.{}", row.cell(group), row.cell(number)), row.cell(name).to_owned());
    let names = outcomes::apart(&table.rows().map(outcome).collect::<Vec<_>>());
    let mut cells = Cells::default();
    for (row, outcome) in table.rows().zip(&names) {
        let cell = |(column, cell)| if column == name { outcome.as_str() } else { cell };
        cells.push(row.line, row.iter().enumerate().map(cell));
    }
    table.with_rows(Vec::new(), cells)
}

/// Where a study of RevMan 5 stands.
#[derive(Debug, Clone, Default)]
struct Place<'t> {
    comparison: &'t str,
    outcome: &'t str,
    subgroup: &'t str,
    /// Whether the outcome has events: `DIC`, or where the type was not exported.
    has_events: bool,
}

/// The rows of studies: those whose three numbers stood in a row above, which is their heading.
fn without_headings(table: Table, [comparison, outcome, subgroup, name]: [usize; 4]) -> Table {
    let kind = place(&table, "datatype");
    let events = ["events1", "events2"].map(|name| place(&table, name));
    let (mut place, mut numbers, mut studies) = (Place::default(), ["", "", ""], Vec::new());
    for row in table.rows() {
        let own = [comparison, outcome, subgroup].map(|column| row.cell(column));
        if own == numbers {
            studies.push((row, own, place.clone()));
            continue;
        }
        numbers = own;
        let name = row.cell(name);
        match own {
            [_, "0" | "", _] => place = Place { comparison: name, ..Place::default() },
            [_, _, "0" | ""] => {
                let has_events = kind.is_none_or(|kind| row.cell(kind) == "DIC");
                place = Place { outcome: name, subgroup: "", has_events, ..place };
            }
            _ => place.subgroup = name,
        }
    }
    let number = |[comparison, outcome, _]: [&str; 3]| format!("{comparison}.{outcome}");
    let numbered = studies.iter().map(|(_, own, place)| (number(*own), place.outcome.to_owned()));
    let outcomes = outcomes::apart(&numbered.collect::<Vec<_>>());
    let mut cells = Cells::default();
    for ((row, _, place), outcome) in studies.iter().zip(&outcomes) {
        let cell = |column| {
            if !place.has_events && events.contains(&Some(column)) { "" } else { row.cell(column) }
        };
        let own = (0..table.names.len()).map(cell);
        cells.push(row.line, own.chain([place.comparison, outcome, place.subgroup]));
    }
    table.with_rows(["comparison", "outcome", "subgroup"].map(str::to_owned).to_vec(), cells)
}
