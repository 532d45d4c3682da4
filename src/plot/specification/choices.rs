//! The choices below the curve: which of the specifications made which.

use crate::published::multiverse::{CHOICES, Multiverse, SpecificationResult, choice_keys};

/// A choice, or the stated conclusion, with the values that it takes.
pub(super) struct Choice {
    pub name: &'static str,
    pub levels: Vec<Level>,
}

/// One value, and which of the sorted specifications have it.
pub(super) struct Level {
    pub word: String,
    pub has: Vec<bool>,
}

/// The conclusion, where one is stated, and the choices that have more than one value, with their values
/// in the order they are met.
pub(super) fn choices(all: &Multiverse, sorted: &[&SpecificationResult]) -> Vec<Choice> {
    let known: Vec<_> = sorted.iter().map(|row| choice_keys(&row.spec)).collect();
    let mut found: Vec<Vec<String>> = vec![Vec::new(); CHOICES.len()];
    for row in &all.rows {
        for (seen, word) in found.iter_mut().zip(choice_keys(&row.spec)) {
            seen.extend(word.filter(|word| !seen.contains(word)));
        }
    }
    let level = |choice: usize, word: String| Level {
        has: known.iter().map(|words| words[choice].as_deref() == Some(&*word)).collect(),
        word,
    };
    let made = found.into_iter().enumerate().filter(|(_, words)| words.len() > 1).map(|(choice, words)| {
        let levels = words.into_iter().map(|word| level(choice, word)).collect();
        Choice { name: CHOICES[choice], levels }
    });
    let stated = all.summary.conclusion.iter().map(|held| {
        let has = sorted.iter().map(|row| row.bears_out(&held.conclusion) == Some(true)).collect();
        Choice { name: "conclusion", levels: vec![Level { word: "holds".to_string(), has }] }
    });
    stated.chain(made).collect()
}

/// First and last of every run of true.
pub(super) fn runs(has: &[bool]) -> Vec<(usize, usize)> {
    let (mut runs, mut first) = (Vec::new(), 0);
    for run in has.chunk_by(|one, next| one == next) {
        if run[0] {
            runs.push((first, first + run.len() - 1));
        }
        first += run.len();
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found() {
        assert_eq!(runs(&[true, true, false, true, false, false]), [(0, 1), (3, 3)]);
        assert!(runs(&[false]).is_empty());
        assert!(runs(&[]).is_empty());
    }
}
