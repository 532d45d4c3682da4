//! Which choice moves the estimate, the others held fixed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::row::{CHOICES, Row, words};

/// How far one choice moves the pooled proportion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sway {
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

type Words = [Option<String>; CHOICES.len()];

/// One entry for every choice that has more than one value, the one that moves most first.
///
/// A choice that does not apply is equal to any value of it: the common-effect estimate is compared
/// with the random-effects one under each estimator of τ².
pub(super) fn all(rows: &[Row]) -> Vec<Sway> {
    let words: Vec<Words> = rows.iter().map(|row| words(&row.spec)).collect();
    let mut sways: Vec<Sway> = (0..CHOICES.len()).filter_map(|choice| of(choice, rows, &words)).collect();
    sways.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    sways
}

fn of(choice: usize, rows: &[Row], words: &[Words]) -> Option<Sway> {
    let groups = groups(choice, words);
    let ranges = groups.iter().map(|group| {
        let estimates = || group.iter().map(|&row| rows[row].estimate);
        estimates().fold(f64::NEG_INFINITY, f64::max) - estimates().fold(f64::INFINITY, f64::min)
    });
    let (sum, largest) = ranges.fold((0.0, 0.0_f64), |(sum, largest), range| (sum + range, largest.max(range)));
    let comparisons = groups.len();
    (comparisons > 0).then(|| Sway { choice: CHOICES[choice], mean: sum / comparisons as f64, largest, comparisons: comparisons as u64 })
}

/// The rows that differ in this choice alone: each way to fix the others, once.
fn groups(choice: usize, words: &[Words]) -> BTreeSet<Vec<usize>> {
    let agree = |a: &Words, b: &Words| {
        let mut others = (0..CHOICES.len()).filter(|other| *other != choice);
        others.all(|other| a[other].is_none() || b[other].is_none() || a[other] == b[other])
    };
    let mut groups = BTreeSet::new();
    for fixed in settings(choice, words) {
        let group: Vec<usize> = (0..words.len()).filter(|&row| words[row][choice].is_some() && agree(&words[row], &fixed)).collect();
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
        let levels: BTreeSet<&String> = words.iter().filter_map(|row| row[other].as_ref()).collect();
        if levels.is_empty() {
            continue;
        }
        let with = |setting: &Words| {
            levels.iter().map(|level| {
                let mut setting = setting.clone();
                setting[other] = Some((*level).clone());
                setting
            }).collect::<Vec<_>>()
        };
        settings = settings.iter().flat_map(with).collect();
    }
    settings
}
