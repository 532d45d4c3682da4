//! Words that say that a figure is of a part of the studies, or of another analysis than the main one.

/// A level of subgroups.
pub(in crate::published) const SUBGROUP: [&str; 2] = ["subgroup", "subgroups"];
/// Studies that are left out.
pub(in crate::published) const REMOVAL: [&str; 9] = [
    "excluding",
    "excluded",
    "exclusion",
    "removing",
    "removed",
    "removal",
    "omitting",
    "omitted",
    "omission",
];
const OTHERS: [&str; 29] = [
    "sensitivity",
    "leave",
    "restricted",
    "restricting",
    "limited",
    "limiting",
    "stratified",
    "children",
    "pediatric",
    "paediatric",
    "adults",
    "adolescents",
    "men",
    "women",
    "males",
    "females",
    "male",
    "female",
    "only",
    "among",
    "fixed",
    "common",
    "unadjusted",
    "trim",
    "randomised",
    "randomized",
    "retrospective",
    "prospective",
    "quality",
];

/// Whether a word is one of these.
pub(super) fn is_part_word(word: &str) -> bool {
    [&SUBGROUP[..], &REMOVAL, &OTHERS].iter().any(|words| words.contains(&word))
}
