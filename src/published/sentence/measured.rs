//! What an estimate in a sentence measures, as far as the words around it say.

use std::ops::Range;

use super::finding::Sentence;

/// What an estimate measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measured {
    /// A percentage, a number per so many, or a fraction from 0 to 1.
    Proportion,
    /// Something else, by this name.
    Other(&'static str),
    /// A number without a sign that is no fraction: it may be a percentage or not.
    Unsaid,
}

/// Abbreviations of other measures, in capitals.
const ABBREVIATED: [(&str, &str); 28] = [
    ("OR", "an odds ratio"),
    ("ORs", "an odds ratio"),
    ("aOR", "an odds ratio"),
    ("AOR", "an odds ratio"),
    ("DOR", "an odds ratio"),
    ("RR", "a risk ratio"),
    ("aRR", "a risk ratio"),
    ("IRR", "a rate ratio"),
    ("HR", "a hazard ratio"),
    ("HRs", "a hazard ratio"),
    ("aHR", "a hazard ratio"),
    ("PR", "a prevalence ratio"),
    ("SMR", "a mortality ratio"),
    ("SIR", "an incidence ratio"),
    ("MD", "a mean difference"),
    ("WMD", "a mean difference"),
    ("SMD", "a mean difference"),
    ("RD", "a risk difference"),
    ("ARD", "a risk difference"),
    ("ARR", "a risk reduction"),
    ("NNT", "a number needed to treat"),
    ("NNH", "a number needed to harm"),
    ("AUC", "an area under a curve"),
    ("AUROC", "an area under a curve"),
    ("PLR", "a likelihood ratio"),
    ("NLR", "a likelihood ratio"),
    ("ICC", "a correlation"),
    ("β", "a coefficient"),
];

/// Words of other measures. With a percent sign only those up to "decrease" say that it is no proportion.
const WORDS: [(&str, &str); 35] = [
    ("ratio", "a ratio"),
    ("ratios", "a ratio"),
    ("odds", "odds"),
    ("difference", "a difference"),
    ("differences", "a difference"),
    ("reduction", "a change"),
    ("increase", "a change"),
    ("change", "a change"),
    ("decrease", "a change"),
    ("hazard", "a hazard ratio"),
    ("correlation", "a correlation"),
    ("coefficient", "a coefficient"),
    ("slope", "a slope"),
    ("beta", "a coefficient"),
    ("kappa", "an agreement"),
    ("mean", "a mean"),
    ("median", "a median"),
    ("average", "a mean"),
    ("age", "an age"),
    ("aged", "an age"),
    ("score", "a score"),
    ("scores", "a score"),
    ("duration", "a duration"),
    ("time", "a time"),
    ("intercept", "an intercept"),
    ("bias", "a test of bias"),
    ("egger", "a test of bias"),
    ("auc", "an area under a curve"),
    ("auroc", "an area under a curve"),
    ("curve", "an area under a curve"),
    ("dose", "a dose"),
    ("smd", "a mean difference"),
    ("wmd", "a mean difference"),
    ("hr", "a hazard ratio"),
    ("rr", "a risk ratio"),
];
const WITH_SIGN: usize = 9;

/// What the word before "ratio" makes of it.
const RATIOS: [(&str, &str); 5] = [
    ("odds", "an odds ratio"),
    ("hazard", "a hazard ratio"),
    ("hazards", "a hazard ratio"),
    ("risk", "a risk ratio"),
    ("rate", "a rate ratio"),
];

fn is_ratio(word: &str) -> bool {
    matches!(word, "ratio" | "ratios")
}

/// Whether a word is the abbreviation of a measure that is no proportion.
pub(super) fn is_abbreviated(typed: &str) -> bool {
    ABBREVIATED.iter().any(|(known, _)| *known == typed)
}

/// Whether this names a comparison of two groups, whose interval is often printed without a name.
pub(super) fn is_comparison(what: &str) -> bool {
    ABBREVIATED.iter().any(|(_, name)| *name == what)
}

/// Units behind a number that is no proportion.
const UNITS: [(&str, &str); 26] = [
    ("years", "a number of years"),
    ("year", "a number of years"),
    ("months", "a number of months"),
    ("month", "a number of months"),
    ("weeks", "a number of weeks"),
    ("days", "a number of days"),
    ("day", "a number of days"),
    ("hours", "a number of hours"),
    ("minutes", "a number of minutes"),
    ("min", "a number of minutes"),
    ("mg", "an amount"),
    ("g", "an amount"),
    ("kg", "a weight"),
    ("ml", "a volume"),
    ("mm", "a length"),
    ("cm", "a length"),
    ("mmhg", "a pressure"),
    ("points", "a number of points"),
    ("percentage", "a difference in percentage points"),
    ("pp", "a difference in percentage points"),
    ("times", "a ratio"),
    ("fold", "a ratio"),
    ("beats", "a frequency"),
    ("letters", "a number of letters"),
    ("dollars", "an amount of money"),
    ("usd", "an amount of money"),
];

/// So many tokens before an estimate may say what it is.
const TOKENS_BACK: usize = 8;

/// What the estimate at this token measures. `behind` are the tokens behind it and behind its interval, `numbers` the
/// digits of the estimate and its limits as they are printed, with `unit` as that of one of them.
pub(super) fn measured(
    sentence: &Sentence,
    text: &str,
    places: &[Range<usize>],
    at: usize,
    behind: [usize; 2],
    has_unit: bool,
    numbers: &[f64],
) -> Measured {
    if !has_unit && is_coefficient(sentence, at) {
        return Measured::Other("a coefficient");
    }
    let words = &WORDS[..if has_unit { WITH_SIGN } else { WORDS.len() }];
    for token in (at.saturating_sub(TOKENS_BACK)..at).rev() {
        if sentence.number(token).is_some() || sentence.is_sign(token, &[';', ')', ']', '|']) {
            break;
        }
        let Some(word) = sentence.word(token) else { continue };
        let typed = &text[places[token].clone()];
        let known = ABBREVIATED.iter().find(|(known, _)| *known == typed);
        let kind = token.checked_sub(1).and_then(|before| sentence.word(before));
        let known = known.or_else(|| RATIOS.iter().find(|(known, _)| is_ratio(word) && kind == Some(*known)));
        let known = known.or_else(|| words.iter().find(|(known, _)| *known == word));
        if let Some((_, name)) = known {
            return Measured::Other(name);
        }
        if matches!(word, "proportion" | "prevalence" | "rate" | "incidence" | "sensitivity" | "specificity")
        {
            break;
        }
    }
    // "3.4 per 1000 person-years"
    let per_time = |at: usize| {
        sentence.is_word(at, &["person", "patient", "woman", "child"])
            && (at + 1..=at + 2).any(|at| sentence.is_word(at, &["years", "year", "months", "days"]))
    };
    if behind.into_iter().any(per_time) {
        return Measured::Other("a rate per time");
    }
    let unit = behind.into_iter().filter_map(|at| sentence.word(at)).find_map(|word| {
        let known = UNITS.iter().find(|(known, _)| *known == word)?;
        Some(known.1).filter(|_| !has_unit || word == "points" || word == "percentage")
    });
    match unit {
        Some(unit) => Measured::Other(unit),
        None if has_unit || numbers.iter().all(|number| (0.0..=1.0).contains(number)) => Measured::Proportion,
        None => Measured::Unsaid,
    }
}

/// Whether the words before an estimate call it a coefficient, whatever it is one of: "the coefficient of dose was".
fn is_coefficient(sentence: &Sentence, at: usize) -> bool {
    let near = (at.saturating_sub(TOKENS_BACK)..at).rev();
    let mut before = near.take_while(|token| {
        sentence.number(*token).is_none() && !sentence.is_sign(*token, &[';', ')', ']', '|'])
    });
    before.any(|token| sentence.is_word(token, &["coefficient", "coefficients"]))
}

/// The measure that a header names, where that is no proportion: `OR (95% CI)`.
pub(in crate::published) fn named_measure(header: &str) -> Option<&'static str> {
    let words = || header.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let abbreviated = words().find_map(|word| ABBREVIATED.iter().find(|(known, _)| *known == word));
    let known = abbreviated.or_else(|| {
        words().find_map(|word| WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)))
    });
    known.map(|(_, name)| *name)
}
