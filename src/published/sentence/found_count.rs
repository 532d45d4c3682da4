//! Counts printed with their percentage: `12/50 (24%)`, `12 of the 50 patients (24.0%)`, `24% (12/50)`.

use std::ops::Range;

use super::finding::{CONFIDENCE, Sentence};
use super::token::{Number, Token};

/// Two numbers with a slash behind such a word are no count: a grade, a fraction of a scale, eyesight.
const NO_COUNT_BEHIND: [&str; 34] = [
    "grade", "grades", "stage", "stages", "phase", "phases", "type", "types", "class", "level", "levels",
    "score", "scores", "scored", "rated", "rating", "scale", "vas", "nrs", "hpv", "cin", "rads", "acuity",
    "vision", "bcva", "snellen", "pressure", "bp", "ratio", "version", "page", "pages", "apgar", "day",
];
/// Two numbers with a slash before such a word are no count either.
const NO_COUNT_BEFORE: [&str; 14] = [
    "dose", "doses", "tablet", "tablets", "mg", "ml", "mmhg", "hours", "h", "years", "months", "weeks",
    "days", "points",
];
/// So many words back such a word is looked for.
const WORDS_BACK: usize = 3;
/// So many words may stand between a total and the percentage.
const MOST_WORDS: usize = 5;

/// A count out of a total and the percentage that is printed with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::published) struct FoundCount {
    /// Its bytes in the sentence.
    pub range: Range<usize>,
    /// Where its percentage stands among the tokens.
    pub percent_at: usize,
    /// Where its events and its total stand among the tokens.
    pub events_at: usize,
    pub total_at: usize,
    pub events: u64,
    pub total: u64,
    /// With its relation, as `<1%`.
    pub percent: String,
}

/// Every count of a sentence, whose numbers are then explained.
pub(super) fn counts(sentence: &mut Sentence, places: &[Range<usize>]) -> Vec<FoundCount> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < sentence.tokens.len() {
        let read = Ratio::at(sentence, at).and_then(|ratio| {
            percent_behind(sentence, ratio.end)
                .or_else(|| percent_before(sentence, at))
                .map(|percent| (ratio, percent))
        });
        let Some((ratio, percent)) = read else {
            at += 1;
            continue;
        };
        for number in [at, ratio.total_at, percent.at] {
            sentence.mark(number);
        }
        let (first, last) = (at.min(percent.at), percent.at.max(ratio.total_at));
        found.push(FoundCount {
            range: places[first].start..end_of(sentence, places, last),
            percent_at: percent.at,
            events_at: at,
            total_at: ratio.total_at,
            events: ratio.events,
            total: ratio.total,
            percent: percent.text,
        });
        at = last + 1;
    }
    found
}

/// The end of what is quoted: with the bracket that is closed behind it.
fn end_of(sentence: &Sentence, places: &[Range<usize>], last: usize) -> usize {
    let closed = sentence.is_sign(last + 1, &[')', ']']);
    places[last + usize::from(closed)].end
}

/// `12/50`, `12 of the 50`, `12 out of 50`.
struct Ratio {
    events: u64,
    total: u64,
    total_at: usize,
    /// The token behind the total.
    end: usize,
}

impl Ratio {
    fn at(sentence: &Sentence, at: usize) -> Option<Self> {
        let events = whole(sentence, at)?;
        let slash = sentence.is_sign(at + 1, &['/', '∕', '⁄']);
        let mut total_at = at + 1 + usize::from(slash);
        if !slash {
            total_at += usize::from(sentence.is_word(total_at, &["out"]));
            if !sentence.is_word(total_at, &["of", "von", "sur", "de", "di"]) {
                return None;
            }
            total_at += 1;
            total_at += usize::from(sentence.is_word(total_at, &["the", "all", "these", "our"]));
        }
        let total = whole(sentence, total_at)?;
        let is_date = sentence.is_sign(total_at + 1, &['/']) || (at > 0 && sentence.is_sign(at - 1, &['/']));
        if total == 0 || is_date || (slash && (events > total || is_no_count(sentence, at, total_at + 1))) {
            return None;
        }
        Some(Self { events, total, total_at, end: total_at + 1 })
    }
}

fn whole(sentence: &Sentence, at: usize) -> Option<u64> {
    let number = sentence.number(at).filter(|_| !sentence.used[at])?;
    number.is_whole().then(|| number.digits.parse().ok())?
}

/// Whether the words around two numbers with a slash say that they are something else.
fn is_no_count(sentence: &Sentence, at: usize, behind: usize) -> bool {
    let before = (at.saturating_sub(WORDS_BACK)..at).any(|at| sentence.is_word(at, &NO_COUNT_BEHIND));
    before || sentence.is_word(behind, &NO_COUNT_BEFORE)
}

/// A percentage and where it stands.
struct Percent {
    at: usize,
    text: String,
}

/// The percentage that stands behind a ratio: in brackets, or behind a comma, colon or equals sign.
fn percent_behind(sentence: &Sentence, mut at: usize) -> Option<Percent> {
    let words = (at..at + MOST_WORDS).take_while(|at| sentence.word(*at).is_some_and(is_counted)).count();
    at += words;
    let opened = sentence.is_sign(at, &['(', '[']);
    let joined = sentence.is_sign(at, &[',', ';', ':', '=', '≈', '–']);
    // Behind words a comma begins something new.
    if !opened && (!joined || (words > 0 && !sentence.is_sign(at, &['=', ':']))) {
        return None;
    }
    let mut inner = at + 1;
    inner += usize::from(sentence.is_sign(inner, &['=', '≈', '(']));
    percent_at(sentence, inner)
}

/// The percentage that a ratio in brackets stands behind: `24% (12/50)`, `24% [n = 12/50]`.
fn percent_before(sentence: &Sentence, at: usize) -> Option<Percent> {
    let mut at = at.checked_sub(1)?;
    if sentence.is_sign(at, &['=', ':']) && at > 0 {
        let named = sentence.is_word(at - 1, &["n"]);
        at = at.checked_sub(if named { 2 } else { 1 })?;
        if !named {
            return percent_at(sentence, at);
        }
    }
    if !sentence.is_sign(at, &['(', '[']) {
        return None;
    }
    at = at.checked_sub(1)?;
    // "24% of patients (12/50)"
    let words = (0..MOST_WORDS).take_while(|back| at >= *back && sentence.word(at - back).is_some()).count();
    percent_at(sentence, at.checked_sub(words)?)
}

/// Words that may stand between a total and its percentage; "and" and the like begin something else.
fn is_counted(word: &str) -> bool {
    const OTHERS: [&str; 12] =
        ["and", "or", "but", "versus", "vs", "to", "with", "in", "compared", "while", "whereas", "than"];
    !OTHERS.contains(&word)
}

/// The percentage that begins here, unless it is the level of an interval.
fn percent_at(sentence: &Sentence, mut at: usize) -> Option<Percent> {
    let mut text = String::new();
    while let Some(Token::Sign(sign @ ('<' | '>' | '=' | '~'))) = sentence.tokens.get(at) {
        text.extend((*sign != '=' || !text.is_empty()).then_some(*sign));
        at += 1;
    }
    if text.is_empty() && at > 0 {
        // Where a percentage before a ratio has a relation.
        let sign = ['<', '>'].into_iter().find(|sign| sentence.is_sign(at - 1, &[*sign]));
        text.extend(sign);
    }
    let number: &Number = sentence.number(at).filter(|number| number.unit == "%" && !sentence.used[at])?;
    let mut next = at + 1;
    next += usize::from(sentence.is_sign(next, &['-']));
    let is_level = sentence.is_word(next, &CONFIDENCE)
        || sentence.is_word(next, &["confident", "credible", "prediction", "predictive", "pi", "cri", "hdi"]);
    // "24%-30%" is a range.
    let is_range = sentence.is_sign(at + 1, &['-', '–']) && sentence.number(at + 2).is_some()
        || at > 0 && sentence.is_sign(at - 1, &['-', '–']);
    (!is_level && !is_range).then(|| Percent { at, text: format!("{text}{}%", number.digits) })
}

#[cfg(test)]
mod tests {
    use super::super::token::placed_tokens;
    use super::*;

    fn read(text: &str) -> Vec<(u64, u64, String)> {
        let (tokens, places): (Vec<_>, Vec<_>) = placed_tokens(text).into_iter().unzip();
        let found = counts(&mut Sentence::new(tokens), &places);
        found.into_iter().map(|count| (count.events, count.total, count.percent)).collect()
    }

    #[test]
    fn counts_are_read_as_papers_print_them() {
        for text in [
            "12/50 (24%)",
            "12 of 50 (24%)",
            "12 out of the 50 patients (24 %)",
            "24% (12/50)",
            "24% of patients (12/50)",
            "24% (n = 12/50)",
            "n = 12/50, 24%",
            "12/50 = 24%",
            "12/50 patients [24%]",
            "12/50 eyes (24%; 95% CI 13 to 38)",
            "24% (12 of 50 patients)",
        ] {
            assert_eq!(read(text), [(12, 50, "24%".to_string())], "{text}");
        }
        assert_eq!(
            read("1/250 (<1%) and 1,066/2,000 (53,3 %)"),
            [(1, 250, "<1%".to_string()), (1066, 2000, "53.3%".to_string())]
        );
    }

    #[test]
    fn what_is_no_count_is_not_read() {
        for text in [
            "12/05 (2024)",
            "on 12/05/2024 (24%)",
            "1/2 dose (50%)",
            "grade 3/4 events (12%)",
            "a score of 7/10 (70%)",
            "12/50 (95% CI 13 to 38)",
            "visual acuity of 20/40 (35%)",
            "12 of 50, and 24% of others",
            "120/80 (24%)",
            "12/50 (20%-30%)",
            "12/50 and 24%",
            "phase 1/2 trial (45%)",
            "12/0 (24%)",
            "page 3 of 5",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
