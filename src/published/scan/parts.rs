//! The parts of outcomes, and which of them a result is about.

use std::collections::HashSet;

use super::about::{About, Likeness, as_of};
use super::outcome::{ScanOutcome, words};
use super::part::{OutcomePart, PartKind, PartValues, ScannedPart};
use crate::published::claim::Claim;
use crate::published::sentence::{FoundResult, Measured, REMOVAL, SUBGROUP};

/// Outcomes with more studies are not fitted again without each of them.
const MOST_LEFT_OUT: usize = 500;
/// The levels of every outcome, its coefficients and, once they are asked for, its results without each study.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    parts: Vec<OutcomePart<'a>>,
    has_left_out: bool,
}

/// The part that a result is about, and how that was told.
pub(super) struct ChosenPart<'p, 'a> {
    pub part: &'p OutcomePart<'a>,
    pub by: About,
    /// Others that have the same figures.
    pub others: Vec<String>,
}

/// A part held against a result.
struct Tried<'p, 'a> {
    part: &'p OutcomePart<'a>,
    likeness: Likeness,
    /// Whether the words name it, and no other with more of its words.
    is_named: bool,
}

impl<'a> Parts<'a> {
    /// The levels and coefficients.
    pub fn new(outcomes: &[ScanOutcome<'a>]) -> Self {
        let mut parts = Vec::new();
        for (index, outcome) in outcomes.iter().enumerate() {
            parts.extend(levels(index, outcome));
            parts.extend(coefficients(index, outcome));
        }
        Self { parts, has_left_out: false }
    }

    /// Whether there are parts that have a name.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds the results without each study, where the words of a result say that one was left out.
    pub fn add_left_out(&mut self, outcomes: &[ScanOutcome<'a>], found: &FoundResult) {
        let says_removal = found.part_words.iter().any(|word| REMOVAL.contains(&word.as_str()));
        if self.has_left_out || !says_removal {
            return;
        }
        self.has_left_out = true;
        for (index, outcome) in outcomes.iter().enumerate() {
            self.parts.extend(without_each(index, outcome));
        }
    }

    /// The part that a result is about: the one whose figures it has, or the one that the words name where all but one
    /// figure are its own, or where the words say that it is of such a part. `among` are the outcomes it can be about.
    pub fn choose<'p>(
        &'p self,
        found: &FoundResult,
        outcomes: &[ScanOutcome<'a>],
        among: &[usize],
        text: &HashSet<String>,
    ) -> Option<ChosenPart<'p, 'a>> {
        let of_kind = |part: &&OutcomePart<'a>| among.contains(&part.outcome) && is_of_kind(part, found);
        let parts: Vec<&OutcomePart<'a>> = self.parts.iter().filter(of_kind).collect();
        let most_words = parts.iter().filter_map(|part| words_named(part, text)).max();
        let tried: Vec<Tried<'p, 'a>> = parts
            .into_iter()
            .map(|part| Tried {
                part,
                likeness: Likeness::by(&claim_for(found, part, outcomes), |entry| part.gives(entry)),
                is_named: words_named(part, text).is_some_and(|words| Some(words) == most_words),
            })
            .collect();
        let chosen = |one: &Tried<'p, 'a>, by, others| ChosenPart { part: one.part, by, others };
        let whole: Vec<&Tried<'p, 'a>> = tried.iter().filter(|one| one.likeness.has_of_three(3)).collect();
        if let Some(named) = whole.iter().find(|one| one.is_named) {
            return Some(chosen(named, About::Figures, Vec::new()));
        }
        if let [first, others @ ..] = &whole[..] {
            let others = others.iter().map(|other| other.part.part.name.clone()).collect();
            return Some(chosen(first, About::Figures, others));
        }
        let named = |fits: &dyn Fn(&Tried<'_, 'a>) -> bool| -> Vec<&Tried<'p, 'a>> {
            tried.iter().filter(|one| one.is_named && fits(one)).collect()
        };
        let near = named(&|one| one.likeness.has_of_three(2));
        let (fitting, by) = match near[..] {
            [] => (named(&|one| is_said(one, found)), About::Name),
            _ => (near, About::Figures),
        };
        match fitting[..] {
            [one] => Some(chosen(one, by, Vec::new())),
            _ => None,
        }
    }
}

/// The claim as it is compared with a part.
pub(super) fn claim_for(found: &FoundResult, part: &OutcomePart<'_>, outcomes: &[ScanOutcome<'_>]) -> Claim {
    match part.values {
        PartValues::Coefficient(_) => found.claim.of_estimates(),
        _ => as_of(&found.claim, &outcomes[part.outcome]),
    }
}

/// Whether a result that is no coefficient is held against levels, and one that is against coefficients alone.
fn is_of_kind(part: &OutcomePart<'_>, found: &FoundResult) -> bool {
    let is_coefficient = matches!(found.measured, Measured::Other("a coefficient" | "a slope"));
    matches!(part.values, PartValues::Coefficient(_)) == is_coefficient
}

/// Whether the words around a result that name a part say, too, that it is of this part: a study is left out, it is
/// called a subgroup, or it has as many studies.
fn is_said(one: &Tried<'_, '_>, found: &FoundResult) -> bool {
    let says = |known: &[&str]| found.part_words.iter().any(|word| known.contains(&word.as_str()));
    match one.part.part.kind {
        PartKind::Without => says(&REMOVAL),
        PartKind::Level => (one.likeness.same_k || says(&SUBGROUP)) && !says(&REMOVAL),
        _ => false,
    }
}

/// How many words a part is named with, where all of them stand in a text.
fn words_named(part: &OutcomePart<'_>, text: &HashSet<String>) -> Option<usize> {
    let has = |word: &String| {
        let plural = || text.contains(&format!("{word}s"));
        text.contains(word) || plural() || word.strip_suffix('s').is_some_and(|one| text.contains(one))
    };
    (!part.words.is_empty() && part.words.iter().all(has)).then_some(part.words.len())
}

/// The words of a name; none where no word of it has three letters, as in "no" and "1".
fn name_words(name: &str) -> Vec<String> {
    let found = words(name);
    let tells = |word: &String| word.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    if found.iter().any(tells) { found } else { Vec::new() }
}

fn levels<'a>(index: usize, outcome: &ScanOutcome<'a>) -> Vec<OutcomePart<'a>> {
    let result = outcome.result;
    let all = result
        .subgroups()
        .iter()
        .flat_map(|subgroups| subgroups.levels.iter().map(move |level| (subgroups.column.as_str(), level)));
    all.filter(|(_, level)| !level.of.missing)
        .filter_map(|(column, level)| {
            let name = level.of.level.clone();
            Some(OutcomePart {
                outcome: index,
                words: name_words(&name),
                part: ScannedPart { kind: PartKind::Level, name, column: Some(column.to_string()) },
                values: PartValues::Level(level.result.as_ref()?),
            })
        })
        .collect()
}

fn coefficients<'a>(index: usize, outcome: &ScanOutcome<'a>) -> Vec<OutcomePart<'a>> {
    let all = outcome.regressions.iter().flat_map(|regression| &regression.coefficients);
    all.filter(|coefficient| coefficient.term != "intercept")
        .map(|coefficient| OutcomePart {
            outcome: index,
            words: name_words(&coefficient.term),
            part: ScannedPart { kind: PartKind::Coefficient, name: coefficient.term.clone(), column: None },
            values: PartValues::Coefficient(coefficient),
        })
        .collect()
}

fn without_each<'a>(index: usize, outcome: &ScanOutcome<'a>) -> Vec<OutcomePart<'a>> {
    if outcome.result.k() > MOST_LEFT_OUT {
        return Vec::new();
    }
    let rows = outcome.result.leave_one_out().map(|found| found.rows).unwrap_or_default();
    rows.into_iter()
        .map(|row| OutcomePart {
            outcome: index,
            words: name_words(&row.omitted),
            part: ScannedPart { kind: PartKind::Without, name: row.omitted, column: None },
            values: PartValues::Without(row.result),
        })
        .collect()
}
