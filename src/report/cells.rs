//! Numbers as they stand in the cells of a table.

use super::results::NONE;
use crate::analysis::Refit;
use crate::format::{NumberFormat, fixed, p_value, significant};

/// Estimate and interval of some of the studies, in cells; what cannot be computed says so.
pub(super) fn cells(result: &Refit, display: NumberFormat) -> [String; 2] {
    let missing = || NONE.to_string();
    [
        result.estimate.map_or_else(missing, |estimate| display.with_sign(estimate)),
        display.interval(result.lower, result.upper).unwrap_or_else(missing),
    ]
}

/// τ² and I² in cells.
pub(super) fn variances(tau2: Option<f64>, i2: Option<f64>) -> [String; 2] {
    [tau2.map_or_else(|| NONE.to_string(), |tau2| significant(tau2, 3)), percent(i2)]
}

/// A percentage in a cell, with one decimal.
pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_string(), |value| format!("{}%", fixed(value, 1)))
}

/// A p-value in a cell below `p`: `0.023`, `< 0.0001`.
pub(super) fn p_cell(p: Option<f64>) -> String {
    p.map_or_else(|| NONE.to_string(), |p| p_value(p).trim_start_matches("= ").to_string())
}

/// What a number is called in a cell, with two decimals.
pub(super) fn two_decimals(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_string(), |value| fixed(value, 2))
}

/// Numbers with all their digits in a line of CSV; what does not exist is empty.
pub(super) fn csv_numbers<const N: usize>(numbers: [Option<f64>; N]) -> String {
    numbers.map(|number| number.map_or_else(String::new, |number| number.to_string())).join(",")
}
