//! Values that a figure cannot have, whatever the data.

use super::{Claim, Entry, Field, Figure};
use crate::printed::{Printed, Rule};

/// Why no data give this figure; `None` where some could.
pub(super) fn impossible(claim: &Claim, entry: &Entry) -> Option<String> {
    let Figure::One(printed) = &entry.printed else { return None };
    match entry.field {
        Field::Estimate | Field::Percent => {
            outside(&printed.as_proportion(), [0.0, 1.0]).then(|| format!("{printed} is not a proportion"))
        }
        Field::I2 => outside(&printed.as_proportion(), [0.0, 1.0])
            .then(|| format!("{printed} is not between 0 and 100%, as I2 is")),
        Field::P | Field::PNull => {
            outside(printed, [0.0, 1.0]).then(|| format!("{printed} is not a probability"))
        }
        Field::Q | Field::Tau2 | Field::Tau | Field::H2 => {
            outside(printed, [0.0, f64::INFINITY]).then(|| format!("{printed} is below 0"))
        }
        Field::K => match (super::entry::whole(printed)?, claim.count(Field::Total)) {
            (0, _) => Some("a pooled figure needs a study".to_string()),
            (k, Some(total)) if k > total => Some(format!("{k} studies cannot have {total} people")),
            _ => None,
        },
        _ => None,
    }
}

/// Whether every number printed so lies outside, under every rule.
fn outside(printed: &Printed, [least, most]: [f64; 2]) -> bool {
    Rule::TRIED.iter().all(|&rule| {
        let [low, high] = printed.bounds(rule).as_reals();
        high < least || low > most
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, check_alone};
    use super::*;
    use crate::options::Level;

    #[test]
    fn what_no_data_give_fails_and_its_neighbour_does_not() {
        for (key, wrong, right) in [
            ("estimate", "154.0%", "99.9%"),
            ("q", "-1", "0.0"),
            ("tau2", "-0.3", "0.3"),
            ("p", "1.5", "1.0"),
            ("i2", "150%", "100%"),
            ("k", "0", "1"),
        ] {
            let verdict = |printed: &str| {
                let mut claim = Claim::new("main", "a paper");
                claim.set(key, &[printed]).unwrap();
                check_alone(&claim, Level::DEFAULT).verdict
            };
            assert_eq!(verdict(wrong), Verdict::Fails, "{key} = {wrong}");
            assert_ne!(verdict(right), Verdict::Fails, "{key} = {right}");
        }
    }

    #[test]
    fn more_studies_than_people() {
        let mut claim = Claim::new("main", "a paper");
        claim.set("k", &["10"]).unwrap();
        claim.set("total", &["3"]).unwrap();
        assert_eq!(check_alone(&claim, Level::DEFAULT).verdict, Verdict::Fails);
    }
}
