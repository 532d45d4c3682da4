//! The parts of outcomes, and which of them a result is about.

use std::collections::HashSet;

use super::about::{About, as_of};
use super::outcome::{ScanOutcome, words};
use super::part::{OutcomePart, PartKind, PartValues, ScannedPart};
use crate::published::claim::{Claim, Entry, Field};
use crate::published::sentence::{FoundResult, Measured};

/// Outcomes with more studies are not fitted again without each of them.
const MOST_LEFT_OUT: usize = 500;
/// Words that say that a study is left out.
const REMOVAL: [&str; 9] = [
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
/// Words that say that a result is of a level of subgroups.
const SUBGROUP: [&str; 2] = ["subgroup", "subgroups"];

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

/// How many of estimate and limits a part gives, and of how many that are printed.
struct Likeness {
    holds: usize,
    main: usize,
    same_k: bool,
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

    /// The same with the results without each study, where the words of a result say that one was left out.
    pub fn with_left_out(&mut self, outcomes: &[ScanOutcome<'a>], found: &FoundResult) {
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
    pub fn choose(
        &self,
        found: &FoundResult,
        outcomes: &[ScanOutcome<'a>],
        among: &[usize],
        text: &HashSet<String>,
    ) -> Option<ChosenPart<'_, 'a>> {
        let of_kind = |part: &&OutcomePart<'a>| among.contains(&part.outcome) && is_of_kind(part, found);
        let parts: Vec<(&OutcomePart<'a>, Likeness)> = self
            .parts
            .iter()
            .filter(of_kind)
            .map(|part| (part, Likeness::of(part, &claim_for(found, part, outcomes))))
            .collect();
        let named = named(parts.iter().map(|(part, _)| *part), text);
        let is_named = |part: &OutcomePart<'a>| named.iter().any(|one| std::ptr::eq(*one, part));
        let fits = |wanted: &dyn Fn(&OutcomePart<'a>, &Likeness) -> bool| -> Vec<&OutcomePart<'a>> {
            parts.iter().filter(|(part, likeness)| wanted(part, likeness)).map(|(part, _)| *part).collect()
        };
        let whole = fits(&|_, likeness| likeness.is_whole());
        if let Some(part) = whole.iter().copied().find(|part| is_named(part)).or(whole.first().copied()) {
            let others = whole.iter().filter(|other| !std::ptr::eq(**other, part) && !is_named(part));
            let others = others.map(|other| other.part.name.clone()).collect();
            return Some(ChosenPart { part, by: About::Figures, others });
        }
        let near = fits(&|part, likeness| likeness.is_near() && is_named(part));
        let said = || fits(&|part, likeness| is_named(part) && is_said(part, likeness, found));
        let (one, by) = if near.is_empty() { (said(), About::Name) } else { (near, About::Figures) };
        match one[..] {
            [part] => Some(ChosenPart { part, by, others: Vec::new() }),
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

impl Likeness {
    fn of(part: &OutcomePart<'_>, claim: &Claim) -> Self {
        let main = || {
            let is_main =
                |entry: &&Entry| matches!(entry.field, Field::Estimate | Field::Lower | Field::Upper);
            claim.entries.iter().filter(is_main)
        };
        let same_k = claim.entries.iter().find(|entry| entry.field == Field::K);
        Self {
            holds: main().filter(|entry| part.gives(entry) == Some(true)).count(),
            main: main().count(),
            same_k: same_k.is_some_and(|entry| part.gives(entry) == Some(true)),
        }
    }

    /// Whether an estimate and both limits are those of the part.
    fn is_whole(&self) -> bool {
        (self.holds, self.main) == (3, 3)
    }

    fn is_near(&self) -> bool {
        (self.holds, self.main) == (2, 3)
    }
}

/// Whether a result that is no coefficient is held against levels, and one that is against coefficients alone.
fn is_of_kind(part: &OutcomePart<'_>, found: &FoundResult) -> bool {
    let is_coefficient = matches!(found.measured, Measured::Other("a coefficient" | "a slope"));
    matches!(part.values, PartValues::Coefficient(_)) == is_coefficient
}

/// Whether the words around a result that name a part say, too, that it is of this part: a study is left out, it is
/// called a subgroup, or it has as many studies.
fn is_said(part: &OutcomePart<'_>, likeness: &Likeness, found: &FoundResult) -> bool {
    let says = |known: &[&str]| found.part_words.iter().any(|word| known.contains(&word.as_str()));
    match part.part.kind {
        PartKind::Without => says(&REMOVAL),
        PartKind::Level => (likeness.same_k || says(&SUBGROUP)) && !says(&REMOVAL),
        _ => false,
    }
}

/// The parts that the words name: all words of a name stand there, and of no other part more.
fn named<'p, 'a: 'p>(
    parts: impl Iterator<Item = &'p OutcomePart<'a>>,
    text: &HashSet<String>,
) -> Vec<&'p OutcomePart<'a>> {
    let has = |word: &String| {
        let plural = || text.contains(&format!("{word}s"));
        text.contains(word) || plural() || word.strip_suffix('s').is_some_and(|one| text.contains(one))
    };
    let whole = parts.filter(|part| !part.words.is_empty() && part.words.iter().all(has));
    let whole: Vec<&OutcomePart<'a>> = whole.collect();
    let most = whole.iter().map(|part| part.words.len()).max();
    whole.into_iter().filter(|part| Some(part.words.len()) == most).collect()
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
