//! Outcomes that bear the same name.

use std::collections::HashMap;
use std::rc::Rc;

/// The names of outcomes, row by row, from their numbers and names: with the number behind it where an outcome of
/// another number bears the same name, as `Mortality` of two comparisons does.
pub(super) fn apart(rows: &[(&str, &str)]) -> Vec<Rc<str>> {
    let mut numbers: HashMap<&str, (&str, bool)> = HashMap::new();
    for (number, name) in rows {
        let (first, shared) = numbers.entry(name.trim()).or_insert((number, false));
        *shared |= first != number;
    }
    let mut named: HashMap<(&str, &str), Rc<str>> = HashMap::new();
    let mut apart = Vec::with_capacity(rows.len());
    for (number, name) in rows {
        let name = name.trim();
        let shared = numbers.get(name).is_some_and(|(_, shared)| *shared);
        let whole = || if shared { format!("{name} ({number})").into() } else { name.into() };
        apart.push(Rc::clone(named.entry((number, name)).or_insert_with(whole)));
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_two_outcomes_has_their_numbers_behind_it() {
        let rows = [("1.1", "Death"), ("1.2", "Pain"), ("1.2", "Pain"), ("2.1", "Death ")];
        let apart = apart(&rows);
        assert_eq!(
            apart.iter().map(|name| &**name).collect::<Vec<_>>(),
            ["Death (1.1)", "Pain", "Pain", "Death (2.1)"]
        );
        assert!(Rc::ptr_eq(&apart[1], &apart[2]), "kept once");
    }
}
