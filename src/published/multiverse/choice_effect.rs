//! Which choice moves the estimate, the others held fixed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::row::{CHOICES, Row, words};
use crate::options::Tau2;
use crate::options::Tau2Method;
use crate::published::search::{CI, MODELS};

/// How far one choice moves the pooled proportion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChoiceEffect {
    /// The choice.
    pub choice: &'static str,
    /// Over all ways to hold the others fixed, the mean range of the estimate over the choice's
    /// values: a difference of fractions.
    pub mean: f64,
    /// The largest such range.
    pub largest: f64,
    /// How many comparisons there are.
    pub comparisons: u64,
}

/// The words of a row as numbers; `None` where a choice does not apply.
type Words = [Option<u8>; CHOICES.len()];

/// One entry for every choice that has more than one value, the one that moves most first.
///
/// ExplainReport are the rows by inverse variance, every combination of which is there; the likelihood models
/// and the others that need a full analysis cross with few of the other choices. A choice that does not
/// apply is equal to any value of it: the common-effect estimate is compared with the random-effects one
/// under each estimator of τ².
pub(super) fn all(rows: &[Row]) -> Vec<ChoiceEffect> {
    let crossed: Vec<&Row> = rows.iter().filter(|row| is_crossed(row)).collect();
    let words = numbered(&crossed);
    let mut sways: Vec<ChoiceEffect> =
        (0..CHOICES.len()).filter_map(|choice| of(choice, &crossed, &words)).collect();
    sways.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    sways
}

fn is_crossed(row: &Row) -> bool {
    let full = row.spec.tau2 == Tau2::Estimated(Tau2Method::Pmm);
    MODELS.contains(&row.spec.model) && CI.contains(&row.spec.ci) && !full
}

/// Each word by its place among those that are met.
fn numbered(rows: &[&Row]) -> Vec<Words> {
    let mut known: [Vec<String>; CHOICES.len()] = Default::default();
    let mut number = |choice: usize, word: String| {
        let place = known[choice].iter().position(|other| *other == word).unwrap_or_else(|| {
            known[choice].push(word);
            known[choice].len() - 1
        });
        u8::try_from(place).unwrap_or(u8::MAX)
    };
    rows.iter()
        .map(|row| {
            let mut numbers = Words::default();
            for (choice, word) in words(&row.spec).into_iter().enumerate() {
                numbers[choice] = word.map(|word| number(choice, word));
            }
            numbers
        })
        .collect()
}

fn of(choice: usize, rows: &[&Row], words: &[Words]) -> Option<ChoiceEffect> {
    let groups = groups(choice, words);
    let ranges = groups.iter().map(|group| {
        let estimates = || group.iter().map(|&row| rows[row].estimate);
        estimates().fold(f64::NEG_INFINITY, f64::max) - estimates().fold(f64::INFINITY, f64::min)
    });
    let (sum, largest) =
        ranges.fold((0.0, 0.0_f64), |(sum, largest), range| (sum + range, largest.max(range)));
    let comparisons = groups.len();
    (comparisons > 0).then(|| ChoiceEffect {
        choice: CHOICES[choice],
        mean: sum / comparisons as f64,
        largest,
        comparisons: comparisons as u64,
    })
}

/// The rows that differ in this choice alone: each way to fix the others, once.
fn groups(choice: usize, words: &[Words]) -> BTreeSet<Vec<usize>> {
    let agree = |a: &Words, b: &Words| {
        let mut others = (0..CHOICES.len()).filter(|other| *other != choice);
        others.all(|other| a[other].is_none() || b[other].is_none() || a[other] == b[other])
    };
    let mut groups = BTreeSet::new();
    for fixed in settings(choice, words) {
        let group: Vec<usize> = (0..words.len())
            .filter(|&row| words[row][choice].is_some() && agree(&words[row], &fixed))
            .collect();
        let levels: BTreeSet<_> = group.iter().map(|&row| &words[row][choice]).collect();
        if levels.len() > 1 {
            groups.insert(group);
        }
    }
    groups
}

/// Every combination of the values that the other choices take.
fn settings(choice: usize, words: &[Words]) -> Vec<Words> {
    let mut settings: Vec<Words> = vec![Words::default()];
    for other in (0..CHOICES.len()).filter(|other| *other != choice) {
        let levels: BTreeSet<u8> = words.iter().filter_map(|row| row[other]).collect();
        if levels.is_empty() {
            continue;
        }
        let with = |setting: &Words| {
            levels
                .iter()
                .map(|level| {
                    let mut setting = *setting;
                    setting[other] = Some(*level);
                    setting
                })
                .collect::<Vec<_>>()
        };
        settings = settings.iter().flat_map(with).collect();
    }
    settings
}
