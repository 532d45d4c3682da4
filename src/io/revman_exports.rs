//! Tables that RevMan 5 (Data and analyses) and RevMan Web (data rows) export as CSV.
//!
//! RevMan 5 writes comparisons, outcomes and subgroups as rows between the studies, with their sums; here they become
//! columns. It can leave these headings out; then the number of an outcome is its name. In both tables an outcome of two comparisons may bear one name; then its number stands behind it.

use super::cells::{Cells, Row};
use super::outcomes;
use super::roles::plain;
use super::table::Table;

/// The table with its outcomes told apart; any other table as it is.
pub(super) fn told_apart(table: Table<'_>) -> Table<'_> {
    if let Some(columns) = places(&table, ["comparisonnumber", "outcomenumber", "subgroupnumber", "name"]) {
        without_headings(table, columns)
    } else if let Some(columns) = places(&table, ["analysisgroup", "analysisnumber", "analysisname"]) {
        with_numbers(table, columns)
    } else {
        table
    }
}

/// The columns of these names, where there are all of them.
fn places<const N: usize>(table: &Table<'_>, names: [&str; N]) -> Option<[usize; N]> {
    let found = names.map(|name| place(table, name));
    found.iter().all(Option::is_some).then(|| found.map(Option::unwrap_or_default))
}

fn place(table: &Table<'_>, name: &str) -> Option<usize> {
    table.names.iter().position(|other| plain(other) == name)
}

/// Data rows of RevMan Web, with the number of an analysis behind its name where another bears the same.
fn with_numbers<'a>(table: Table<'a>, [group, number, name]: [usize; 3]) -> Table<'a> {
    let number = |row: Row<'_>| format!("{}.{}", row.cell(group), row.cell(number));
    let numbers: Vec<String> = table.rows().map(number).collect();
    let numbered = numbers.iter().zip(table.rows()).map(|(number, row)| (number.as_str(), row.cell(name)));
    let names = outcomes::apart(&numbered.collect::<Vec<_>>());
    let mut cells = Cells::default();
    for (row, outcome) in table.rows().zip(&names) {
        let cell = |(column, cell)| if column == name { &**outcome } else { cell };
        cells.push(row.line, row.iter().enumerate().map(cell));
    }
    table.with_rows(Vec::new(), cells)
}

/// Where a study of RevMan 5 stands.
#[derive(Debug, Clone)]
struct Place<'t> {
    comparison: &'t str,
    outcome: &'t str,
    subgroup: &'t str,
    /// Whether the outcome has events: `DIC`, or where the type was not exported.
    has_events: bool,
}

impl Place<'_> {
    const NOWHERE: Self = Place { comparison: "", outcome: "", subgroup: "", has_events: true };

    /// The same without the names that do not hold below a row of other numbers.
    fn below(self, above: [&str; 3], numbers: [&str; 3]) -> Self {
        match above.iter().zip(numbers).position(|(above, own)| *above != own) {
            None => self,
            Some(0) => Self::NOWHERE,
            Some(1) => Self { comparison: self.comparison, ..Self::NOWHERE },
            Some(_) => Self { subgroup: "", ..self },
        }
    }
}

/// A row of a comparison, an outcome, a subgroup or a study, by its three numbers.
#[derive(Debug, Clone, Copy)]
struct Numbered<'t> {
    row: Row<'t>,
    numbers: [&'t str; 3],
    /// Events and totals of both arms; `None` where one of them is no number.
    arms: Option<[f64; 4]>,
}

impl<'t> Numbered<'t> {
    fn new(row: Row<'t>, numbers: [usize; 3], arms: [Option<usize>; 4]) -> Self {
        Self { row, numbers: numbers.map(|column| row.cell(column)), arms: in_arms(row, arms) }
    }
}

/// The rows of studies, with the names of what they stand in.
fn without_headings<'a>(table: Table<'a>, [comparison, outcome, subgroup, name]: [usize; 4]) -> Table<'a> {
    let kind = place(&table, "datatype");
    let arms = ["events1", "events2", "total1", "total2"].map(|name| place(&table, name));
    let numbers = [comparison, outcome, subgroup];
    let rows: Vec<_> = table.rows().map(|row| Numbered::new(row, numbers, arms)).collect();
    let (mut place, mut above, mut studies) = (Place::NOWHERE, [""; 3], Vec::new());
    for (Numbered { row, numbers, .. }, is_heading) in rows.iter().zip(headings(&rows)) {
        place = place.below(above, *numbers);
        above = *numbers;
        let (name, kind) = (row.cell(name), kind.map_or("", |kind| row.cell(kind)));
        match numbers {
            _ if !is_heading => studies.push((*row, numbers, place.clone())),
            [_, "0" | "", _] => place.comparison = name,
            [_, _, "0" | ""] => (place.outcome, place.has_events) = (name, matches!(kind, "DIC" | "")),
            _ => place.subgroup = name,
        }
    }
    let number = |[comparison, outcome, _]: &[&str; 3]| format!("{comparison}.{outcome}");
    let numbers: Vec<String> = studies.iter().map(|(_, own, _)| number(own)).collect();
    let named = numbers.iter().zip(&studies).map(|(number, (_, _, place))| {
        (number.as_str(), if place.outcome.is_empty() { number } else { place.outcome })
    });
    let outcomes = outcomes::apart(&named.collect::<Vec<_>>());
    let mut cells = Cells::default();
    for ((row, _, place), outcome) in studies.iter().zip(&outcomes) {
        let has_events = place.has_events && kind.is_none_or(|kind| matches!(row.cell(kind), "DIC" | ""));
        let cell = |column| {
            if !has_events && arms[..2].contains(&Some(column)) { "" } else { row.cell(column) }
        };
        let own = (0..table.names.len()).map(cell);
        cells.push(row.line, own.chain([place.comparison, outcome, place.subgroup]));
    }
    table.with_rows(["comparison", "outcome", "subgroup"].map(str::to_owned).to_vec(), cells)
}

/// The events and totals in a row; 0 where there are none.
fn in_arms(row: Row<'_>, arms: [Option<usize>; 4]) -> Option<[f64; 4]> {
    let mut values = [0.0; 4];
    for (value, column) in values.iter_mut().zip(arms) {
        let cell = column.map_or("", |column| row.cell(column));
        if !cell.is_empty() {
            *value = cell.parse().ok()?;
        }
    }
    Some(values)
}

/// Which rows are headings: the first of their numbers, where they have no events and totals, or the sums of the studies
/// below them. A study that is the first of its numbers, in a table without headings, is none.
fn headings(rows: &[Numbered<'_>]) -> Vec<bool> {
    let mut headings = vec![false; rows.len()];
    for at in (0..rows.len()).rev() {
        let Numbered { numbers, arms, .. } = rows[at];
        // The heading of an outcome stands above its subgroups too, whose headings are no studies of it.
        let shared = if matches!(numbers[2], "0" | "") { 2 } else { 3 };
        let belongs = |other: &Numbered<'_>| other.numbers[..shared] == numbers[..shared];
        if at > 0 && belongs(&rows[at - 1]) {
            continue;
        }
        let below = rows[at + 1..].iter().zip(&headings[at + 1..]).take_while(|(row, _)| belongs(row));
        let studies = below.filter(|(_, is_heading)| !**is_heading).map(|(row, _)| row.arms);
        headings[at] = matches!(numbers[1], "0" | "") || arms.is_some_and(|arms| are_sums(arms, studies));
    }
    headings
}

/// Whether these are nothing, or the sums of what the studies have.
fn are_sums(arms: [f64; 4], mut studies: impl Iterator<Item = Option<[f64; 4]>>) -> bool {
    let add = |sums: [f64; 4], study: Option<[f64; 4]>| {
        study.map(|study| std::array::from_fn(|arm| sums[arm] + study[arm]))
    };
    let is_sum = |sums: [f64; 4]| sums.iter().zip(arms).all(|(sum, arm)| (sum - arm).abs() < 1e-6);
    arms == [0.0; 4] || studies.try_fold([0.0; 4], add).is_some_and(is_sum)
}
