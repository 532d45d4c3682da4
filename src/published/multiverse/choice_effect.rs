//! How far one choice moves the estimate, with the others held fixed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::specification::{CHOICES, SpecificationResult, choice_keys};
use crate::options::Tau2;
use crate::options::Tau2Method;
use crate::published::search::{CI, MODELS};

/// How far one choice moves the pooled proportion.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChoiceEffect {
    /// The choice.
    pub choice: &'static str,
    /// The range of the estimate over the choice's values, a difference of fractions: its mean over all ways
    /// to hold the other choices fixed.
    pub mean: f64,
    /// The largest such range.
    pub largest: f64,
    /// How many ways there are.
    pub comparisons: u64,
}

/// For each of the [`CHOICES`] a number that stands for its value; `None` where the choice does not apply.
type Levels = [Option<u8>; CHOICES.len()];

/// The effect of every choice that has more than one value, the largest mean effect first.
///
/// Compared are the specifications by inverse variance, of which there is every combination; the likelihood
/// models and the others that need a full analysis are combined with few of the other choices. A choice that
/// does not apply matches any value of it: the common-effect estimate is compared with the random-effects one
/// under each estimator of τ².
pub(super) fn choice_effects(rows: &[SpecificationResult]) -> Vec<ChoiceEffect> {
    let compared: Vec<&SpecificationResult> = rows.iter().filter(|row| is_compared(row)).collect();
    let levels = levels(&compared);
    let mut effects: Vec<ChoiceEffect> =
        (0..CHOICES.len()).filter_map(|choice| effect(choice, &compared, &levels)).collect();
    effects.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    effects
}

fn is_compared(row: &SpecificationResult) -> bool {
    let by_full_analysis = row.spec.tau2 == Tau2::Estimated(Tau2Method::Pmm);
    MODELS.contains(&row.spec.model) && CI.contains(&row.spec.ci) && !by_full_analysis
}

/// The values of each specification's choices, numbered in the order in which they occur.
fn levels(rows: &[&SpecificationResult]) -> Vec<Levels> {
    let mut known: [Vec<String>; CHOICES.len()] = Default::default();
    let mut number = |choice: usize, key: String| {
        let index = known[choice].iter().position(|other| *other == key).unwrap_or_else(|| {
            known[choice].push(key);
            known[choice].len() - 1
        });
        u8::try_from(index).unwrap_or(u8::MAX)
    };
    rows.iter()
        .map(|row| {
            let mut levels = Levels::default();
            for (choice, key) in choice_keys(&row.spec).into_iter().enumerate() {
                levels[choice] = key.map(|key| number(choice, key));
            }
            levels
        })
        .collect()
}

fn effect(choice: usize, rows: &[&SpecificationResult], levels: &[Levels]) -> Option<ChoiceEffect> {
    let groups = groups(choice, levels);
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

/// The groups of rows that differ in this choice alone, each once.
fn groups(choice: usize, levels: &[Levels]) -> BTreeSet<Vec<usize>> {
    let agree = |a: &Levels, b: &Levels| {
        let mut others = (0..CHOICES.len()).filter(|other| *other != choice);
        others.all(|other| a[other].is_none() || b[other].is_none() || a[other] == b[other])
    };
    let mut groups = BTreeSet::new();
    for fixed in other_settings(choice, levels) {
        let group: Vec<usize> = (0..levels.len())
            .filter(|&row| levels[row][choice].is_some() && agree(&levels[row], &fixed))
            .collect();
        let values: BTreeSet<_> = group.iter().map(|&row| &levels[row][choice]).collect();
        if values.len() > 1 {
            groups.insert(group);
        }
    }
    groups
}

/// Every combination of the values of the other choices.
fn other_settings(choice: usize, levels: &[Levels]) -> Vec<Levels> {
    let mut settings: Vec<Levels> = vec![Levels::default()];
    for other in (0..CHOICES.len()).filter(|other| *other != choice) {
        let values: BTreeSet<u8> = levels.iter().filter_map(|row| row[other]).collect();
        if values.is_empty() {
            continue;
        }
        let with_each_value = |setting: &Levels| {
            values
                .iter()
                .map(|value| {
                    let mut setting = *setting;
                    setting[other] = Some(*value);
                    setting
                })
                .collect::<Vec<_>>()
        };
        settings = settings.iter().flat_map(with_each_value).collect();
    }
    settings
}
