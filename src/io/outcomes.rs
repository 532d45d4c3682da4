//! Outcomes that bear the same name.

use std::collections::HashMap;

/// The names of outcomes, row by row, from their numbers and names: with the number behind it where an outcome of
/// another number bears the same name, as `Mortality` of two comparisons does.
pub(super) fn apart(rows: &[(String, String)]) -> Vec<String> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut shared: HashMap<&str, bool> = HashMap::new();
    for (number, name) in rows {
        let other = *first.entry(name.trim()).or_insert(number);
        *shared.entry(name.trim()).or_default() |= other != number;
    }
    let one = |(number, name): &(String, String)| match shared.get(name.trim()) {
        Some(true) => format!("{} ({number})", name.trim()),
        _ => name.trim().to_owned(),
    };
    rows.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_two_outcomes_has_their_numbers_behind_it() {
        let rows = [("1.1", "Death"), ("1.2", "Pain"), ("1.2", "Pain"), ("2.1", "Death ")];
        let rows = rows.map(|(number, name)| (number.to_owned(), name.to_owned()));
        assert_eq!(apart(&rows), ["Death (1.1)", "Pain", "Pain", "Death (2.1)"]);
    }
}
