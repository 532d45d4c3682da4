//! The part of a sentence that is about each of its results.

use super::finding::Sentence;

/// Words that begin what is said of the next result.
const CONJUNCTIONS: [&str; 10] =
    ["and", "while", "whereas", "but", "versus", "vs", "compared", "or", "und", "et"];

/// For each token the bracket that it stands in: 0 outside of all, else one more than the token that opens it.
pub(super) fn groups(sentence: &Sentence) -> Vec<usize> {
    let mut open = Vec::new();
    let mut groups = Vec::with_capacity(sentence.tokens.len());
    for at in 0..sentence.tokens.len() {
        if sentence.is_sign(at, &['(', '[']) {
            groups.push(open.last().copied().unwrap_or(0));
            open.push(at + 1);
            continue;
        }
        if sentence.is_sign(at, &[')', ']']) {
            open.pop();
        }
        groups.push(open.last().copied().unwrap_or(0));
    }
    groups
}

/// Where the region of each result begins among the tokens, and where the last one ends; `spans` are the tokens of each,
/// from its estimate to its interval.
pub(super) fn starts(sentence: &Sentence, groups: &[usize], spans: &[[usize; 2]]) -> Vec<usize> {
    let between = spans.windows(2).map(|pair| {
        let [from, to] = [pair[0][1] + 1, pair[1][0]];
        let outside = |at: &usize| groups[*at] == 0 || groups[*at] == groups[pair[1][0]];
        let places = || (from..to).filter(outside);
        let semicolon = places().find(|at| sentence.is_sign(*at, &[';', '|']));
        let conjunction = |at: &usize| sentence.is_word(*at, &CONJUNCTIONS);
        let behind_comma = places().rfind(|at| conjunction(at) && sentence.is_sign(at - 1, &[',']));
        let other = || places().find(|at| conjunction(at) || sentence.is_sign(*at, &[',']));
        semicolon.or(behind_comma).or_else(other).map_or(to, |at| at + 1)
    });
    std::iter::once(0).chain(between).chain([sentence.tokens.len()]).collect()
}
