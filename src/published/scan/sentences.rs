//! Where the sentences of a passage begin and end.

use std::ops::Range;

/// A sentence may have this many bytes; a longer one is read in parts.
const LONGEST: usize = 4000;

/// Words before a full stop that does not end a sentence, without their own last stop.
const ABBREVIATIONS: [&str; 28] = [
    "al", "vs", "e.g", "i.e", "eg", "ie", "fig", "figs", "no", "nos", "approx", "ca", "cf", "dr", "st",
    "resp", "z.b", "ref", "refs", "eq", "incl", "excl", "suppl", "tab", "vol", "pp", "bzw", "et",
];

/// The sentences of a text, which leave nothing of it out.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut start, mut blank) = (Vec::new(), 0, 0);
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = at + character.len_utf8();
        if character.is_whitespace() {
            blank = end;
        }
        let is_end = match character {
            '.' => !is_abbreviation(&text[start..at]) && begins(&text[end..]),
            '!' | '?' => begins(&text[end..]),
            '。' => true,
            _ => false,
        };
        if is_end || characters.peek().is_none() {
            found.push(start..end);
            start = end;
        } else if end - start >= LONGEST {
            let cut = if blank > start { blank } else { end };
            found.push(start..cut);
            start = cut;
        }
    }
    found
}

/// Whether what stands behind a full stop begins a sentence: a blank, and then no small letter.
fn begins(rest: &str) -> bool {
    let mut characters = rest.chars();
    let closed = characters.clone().next().is_some_and(|c| matches!(c, ')' | ']' | '"' | '”' | '’'));
    if closed {
        characters.next();
    }
    let blank = characters.next().is_some_and(char::is_whitespace);
    // A blank or two, not a run of any length.
    let next = characters.take(4).find(|c| !c.is_whitespace());
    blank && next.is_none_or(|c| !c.is_lowercase())
}

fn is_abbreviation(before: &str) -> bool {
    let cut = before.len().saturating_sub(12);
    let tail = (cut..=before.len()).find_map(|cut| before.get(cut..)).unwrap_or_default();
    let word =
        tail.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '/')).next().unwrap_or_default();
    ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_full_stops() {
        let of = |text: &'static str| -> Vec<&'static str> {
            sentences(text).into_iter().map(|range| text[range].trim()).collect()
        };
        assert_eq!(of("It was 54.0%. Then, p < .05. I² = 3"), ["It was 54.0%.", "Then, p < .05.", "I² = 3"]);
        assert_eq!(of("Guo et al. 2020 (Fig. 2) vs. 5. End?"), ["Guo et al. 2020 (Fig. 2) vs. 5.", "End?"]);
        assert_eq!(of("a. b"), ["a. b"]);
        assert!(of("").is_empty());
    }

    #[test]
    fn nothing_is_left_out_and_none_is_too_long() {
        let text = "word ".repeat(5000) + &"é".repeat(9000);
        let ranges = sentences(&text);
        assert!(ranges.iter().all(|range| range.len() <= LONGEST + 1));
        assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!((ranges[0].start, ranges.last().unwrap().end), (0, text.len()));
    }
}
