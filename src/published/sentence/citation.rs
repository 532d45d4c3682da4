//! Numbers in brackets that are references and no interval.

use super::finding::{Limits, Sentence};
use super::token::Number;

/// Why two whole numbers in brackets behind a percentage are taken for references, where nothing calls them an interval
/// and the percentage does not lie between them: `2% [4-6]`. Beside `54% [46-62]` they are an interval.
pub(super) fn cited(sentence: &Sentence, estimate: usize, limits: &Limits) -> Option<String> {
    let [estimate, lower, upper] = [estimate, limits.at, limits.at + 2].map(|at| sentence.number(at));
    let (estimate, lower, upper) = (estimate?, lower?, upper?);
    let numbers = [estimate, lower, upper].map(|number| number.digits.parse::<f64>().ok());
    let [Some(middle), Some(from), Some(to)] = numbers else { return None };
    let is_plain = |number: &Number| number.is_whole() && number.digits.len() < 4;
    let sign = sentence.is_sign(limits.at + 3, &[')', ']']) && sentence.is_sign(limits.at + 4, &['%']);
    let encloses = from <= middle && middle <= to;
    let cites = !limits.is_named && is_plain(lower) && is_plain(upper) && !sign && !encloses;
    (cites && !estimate.unit.is_empty()).then(|| {
        format!(
            "{} and {} are taken for references and no interval: {} does not lie between them",
            lower.typed, upper.typed, estimate.typed
        )
    })
}
