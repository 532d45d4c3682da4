//! The specifications that are marked in the curve: the one that was asked for, and the default.

use crate::options::Spec;
use crate::published::multiverse::{SpecificationResult, choice_keys};

/// A specification that is marked.
pub(super) struct Marked {
    /// Its place among the sorted ones.
    pub index: usize,
    pub words: &'static str,
}

/// The one that was asked for and the default one, where they are among the sorted ones: one mark where they are the same.
pub(super) fn marked(sorted: &[&SpecificationResult], asked: &Spec) -> Vec<Marked> {
    let place = |spec: &Spec| {
        let keys = choice_keys(spec);
        sorted.iter().position(|row| choice_keys(&row.spec) == keys)
    };
    let (asked, default) = (place(asked), place(&Spec::default()));
    let mark = |words: &'static str| move |index: usize| Marked { index, words };
    if asked == default {
        return asked.map(mark("asked for (the default)")).into_iter().collect();
    }
    [asked.map(mark("asked for")), default.map(mark("default"))].into_iter().flatten().collect()
}
