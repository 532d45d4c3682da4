//! What results are held against, and the words that name it.

use std::collections::HashSet;

use crate::analysis::{MetaAnalysis, Regression};

/// Words that name no outcome.
const STOP: [&str; 44] = [
    "a",
    "an",
    "the",
    "of",
    "or",
    "and",
    "in",
    "on",
    "at",
    "to",
    "with",
    "by",
    "for",
    "from",
    "after",
    "any",
    "all",
    "rate",
    "rates",
    "proportion",
    "proportions",
    "prevalence",
    "incidence",
    "percentage",
    "share",
    "patients",
    "people",
    "participants",
    "studies",
    "pooled",
    "overall",
    "main",
    "primary",
    "secondary",
    "outcome",
    "analysis",
    "result",
    "results",
    "total",
    "events",
    "as",
    "who",
    "were",
    "had",
];

/// An outcome of an analysis, pooled.
#[derive(Debug, Clone, Copy)]
pub struct ScanOutcome<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// Its result.
    pub result: &'a MetaAnalysis,
    /// Per how many it prints proportions, where it says so.
    pub scale: Option<u64>,
    /// Its meta-regressions; its subgroups are in the result.
    pub regressions: &'a [Regression],
}

/// The words that name each outcome.
#[derive(Debug)]
pub(super) struct Names {
    words: Vec<[Vec<String>; 2]>,
}

impl Names {
    /// Words of titles that all outcomes share name none of them.
    pub fn new(outcomes: &[ScanOutcome<'_>]) -> Self {
        let titles: Vec<Vec<String>> = outcomes.iter().map(|outcome| words(outcome.title)).collect();
        let shared = |word: &String| titles.len() > 1 && titles.iter().all(|title| title.contains(word));
        let names = titles.iter().zip(outcomes).map(|(title, outcome)| {
            let title = title.iter().filter(|word| !shared(word)).cloned().collect();
            [title, words(outcome.id)]
        });
        Self { words: names.collect() }
    }

    /// The one outcome that these words name: all words of its title or of its id stand there, and of no other as many.
    pub fn named(&self, text: &HashSet<String>) -> Option<usize> {
        let found = |names: &[Vec<String>; 2]| {
            let whole =
                names.iter().filter(|name| !name.is_empty() && name.iter().all(|word| text.contains(word)));
            whole.map(Vec::len).max()
        };
        let sizes: Vec<Option<usize>> = self.words.iter().map(found).collect();
        let most = sizes.iter().flatten().max()?;
        let mut best = (0..sizes.len()).filter(|index| sizes[*index] == Some(*most));
        let first = best.next()?;
        best.next().is_none().then_some(first)
    }

    /// Whether a word is one of those that name this outcome.
    pub fn has(&self, index: usize, word: &str) -> bool {
        self.words.get(index).is_some_and(|names| names.iter().flatten().any(|known| known == word))
    }
}

/// The words of a text in lower case that can name something.
pub(super) fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).filter(|word| !STOP.contains(&word.as_str())).collect()
}
