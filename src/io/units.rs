//! A line below the names of the columns that says in what each is counted or measured: `(n)`, `(%)`, `years`.

use super::cells::Row;
use crate::data::cell::{begins_as_number, is_missing, trim};

/// Units that say that a column is counted, and kinds of columns: nothing that its name does not say.
const COUNTED: [&str; 32] = [
    "n",
    "no",
    "nr",
    "number",
    "numbers",
    "count",
    "counts",
    "#",
    "anzahl",
    "nombre",
    "effectif",
    "número",
    "numero",
    "numeric",
    "string",
    "integer",
    "int",
    "num",
    "double",
    "float",
    "decimal",
    "text",
    "character",
    "chr",
    "factor",
    "categorical",
    "nominal",
    "ordinal",
    "scale",
    "logical",
    "object",
    "int64",
];

/// What columns are measured in.
const MEASURED: [&str; 60] = [
    "%", "percent", "per cent", "prozent", "pourcent", "‰", "n (%)", "no. (%)", "n/n", "years", "year",
    "yrs", "yr", "y", "months", "month", "mo", "weeks", "week", "wk", "wks", "days", "day", "d", "hours",
    "hour", "h", "minutes", "min", "jahre", "monate", "wochen", "tage", "ans", "années", "mois", "semaines",
    "jours", "kg", "g", "mg", "µg", "cm", "mm", "m", "m2", "kg/m2", "kg/m²", "mg/kg", "mg/dl", "mmol/l",
    "ml", "l", "iu", "°c", "mean", "median", "sd", "se", "float64",
];

/// Words above or below the names of studies.
const NAMES: [&str; 8] = ["name", "names", "label", "id", "study name", "author", "text", "string"];

/// Whether the second row of a table has the units of its columns: every cell is a unit, stands below a name and above
/// numbers; in the column of names it may be a word for them, or missing.
pub(super) fn are_below<'r>(
    names: Row<'_>,
    row: Row<'_>,
    below: impl Iterator<Item = &'r Row<'r>> + Clone,
) -> bool {
    let filled: Vec<usize> = (0..row.len()).filter(|column| !row.cell(*column).is_empty()).collect();
    let above_numbers = |column: usize| {
        let cells = below.clone().map(move |row| row.cell(column)).filter(|cell| !is_missing(cell));
        let numbers: Vec<bool> = cells.map(begins_as_number).collect();
        2 * numbers.iter().filter(|number| **number).count() > numbers.len()
    };
    let of_words = |column: usize| {
        let cell = trim(row.cell(column));
        is_missing(cell) || is_unit(cell) || NAMES.contains(&&*bare(cell))
    };
    let counted = filled.iter().filter(|column| above_numbers(**column)).count();
    counted > 0
        && filled.iter().all(|column| {
            let cell = row.cell(*column);
            !names.cell(*column).is_empty()
                && if above_numbers(*column) { is_unit(cell) || is_missing(cell) } else { of_words(*column) }
        })
        && filled.iter().any(|column| {
            // `NR` is a number in German and "not reported" in English.
            let cell = row.cell(*column);
            above_numbers(*column) && is_unit(cell) && !is_missing(cell)
        })
}

/// The name of a column with the unit below it, where that says more than that something is counted.
pub(super) fn name_with(name: &str, unit: &str) -> String {
    let plain = bare(unit);
    let says_nothing =
        is_missing(unit) || COUNTED.contains(&&*plain) || NAMES.contains(&&*plain) || plain.is_empty();
    if says_nothing { name.to_owned() } else { format!("{name} {unit}") }
}

/// Whether a cell is a unit: one of the known ones, with brackets around it or without; or any word in brackets.
fn is_unit(cell: &str) -> bool {
    const LONGEST: usize = 24;
    let cell = trim(cell);
    let in_brackets = |[open, close]: [char; 2]| {
        cell.strip_prefix(open).is_some_and(|cell| cell.ends_with(close)) && cell.len() <= LONGEST
    };
    let word = [['(', ')'], ['[', ']']].into_iter().any(in_brackets);
    let plain = bare(cell);
    word || COUNTED.contains(&&*plain) || MEASURED.contains(&&*plain)
}

/// A cell in lower case without brackets around it and the points of what is shortened.
fn bare(cell: &str) -> String {
    let cell = trim(cell);
    let inside = [['(', ')'], ['[', ']']]
        .into_iter()
        .find_map(|[open, close]| cell.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(cell);
    trim(inside).trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::cells::Cells;

    fn are_units(text: &str) -> bool {
        let cells = Cells::of_unquoted(text, 1, b',');
        let rows: Vec<Row<'_>> = cells.rows().collect();
        are_below(rows[0], rows[1], rows[2..].iter())
    }

    #[test]
    fn units_stand_below_names_and_above_numbers() {
        let with = |row: &str| are_units(&format!("study,events,total,age\n{row}\nA,1,2,50\nB,2,3,60\n"));
        for row in [
            ",(n),(n),years",
            "-,n,n,",
            "Name,number,number,(y)",
            "string,numeric,numeric,numeric",
            ",,,[years]",
        ] {
            assert!(with(row), "{row}");
        }
        for row in ["A,n,n,", "A,NR,NR,NR", ",,,", ",NR,NR,", "C,3,4,50", ",unclear,(n),"] {
            assert!(!with(row), "{row}");
        }
        assert!(!are_units("study,good,,any,\n,n,N,n,N\nA,1,2,3,4\nB,2,3,4,5\n"), "groups of columns");
    }

    #[test]
    fn a_unit_goes_into_the_name_where_it_says_something() {
        for (unit, name) in [
            ("(n)", "Total"),
            ("No.", "Total"),
            ("(%)", "Total (%)"),
            ("person-years", "Total person-years"),
            ("-", "Total"),
        ] {
            assert_eq!(name_with("Total", unit), name);
        }
    }
}
