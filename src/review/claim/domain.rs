//! Values that a figure cannot have, whatever the data.

use super::{Claim, Entry, Field, Figure};
use crate::rounding::{Printed, Rule};

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
