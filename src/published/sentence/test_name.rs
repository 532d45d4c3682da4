//! The names of tests that p-values are of.

/// The test that a p-value is said to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    /// Of heterogeneity: that of Q.
    Heterogeneity,
    /// Between subgroups.
    Subgroups,
    /// Another one, of an effect or of bias.
    Other,
}

const HETEROGENEITY: [&str; 5] = ["heterogeneity", "het", "hetero", "pheterogeneity", "phet"];
const SUBGROUPS: [&str; 8] =
    ["subgroup", "subgroups", "interaction", "interactions", "pinteraction", "pint", "psubgroup", "pbetween"];
/// Whether a word is the letter p with the name of its test below it.
pub(super) fn names_p(word: &str) -> bool {
    word == "p"
        || (word.starts_with('p')
            && [&HETEROGENEITY[3..], &SUBGROUPS[4..], &["ptrend"]].concat().contains(&word))
}

/// The test that this word names.
pub(super) fn test_named(word: &str) -> Option<Test> {
    match word {
        word if HETEROGENEITY.contains(&word) => Some(Test::Heterogeneity),
        word if SUBGROUPS.contains(&word) => Some(Test::Subgroups),
        "trend" | "ptrend" | "effect" | "bias" | "asymmetry" => Some(Test::Other),
        _ => None,
    }
}
