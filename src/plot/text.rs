//! Text as a figure can carry it: sanitized, and broken into lines by measured width.

use std::borrow::Cow;

use super::metrics::{Face, advance, is_wide, is_zero_width, width};
use crate::format::is_control;

/// The text with everything that is not to be shown replaced by U+FFFD: control characters (XML 1.0
/// has no way to write most of them), escapes meant for a terminal, and the marks that turn the
/// direction of what follows. Tabs and line ends become spaces. Markup is not touched: what writes a file
/// escapes it.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_whitespace() && c != ' ' || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let sanitize = |c| match c {
        '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if is_hidden(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    Cow::Owned(text.chars().map(sanitize).collect())
}

/// Characters that command instead of being read, invisible tags, and code points that are no
/// characters (the last two of every plane), which XML cannot hold.
fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    is_control(character) || (0xE0000..=0xE007F).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// The text in lines no wider than `room`, broken after spaces and hyphens, beside wide characters,
/// and inside a word only where it does not fit on a line of its own.
///
/// The lines joined are the text again: a space at a break stays at the end of its line.
#[must_use]
pub fn wrap(text: &str, room: f64, size: f64, face: Face) -> Vec<&str> {
    if width(text, size, face) <= room {
        return vec![text];
    }
    let budget = (room / size * 1000.0).max(0.0) as u64;
    let (mut lines, mut start, mut used, mut last_break) = (Vec::new(), 0, 0, 0);
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        if may_break(previous, character) {
            last_break = at;
        }
        let more = u64::from(advance(character, face));
        // A space may hang over the end of its line, and a mark stays with its letter.
        if used + more > budget && character != ' ' && more > 0 && at > start {
            let end = if last_break > start { last_break } else { at };
            lines.push(&text[start..end]);
            (start, last_break) = (end, end);
            used = text[start..at].chars().map(|c| u64::from(advance(c, face))).sum();
        }
        used += more;
        previous = character;
    }
    lines.push(&text[start..]);
    lines
}

/// The text in as few lines as [`wrap`] needs, but of about the same width: no word left alone.
#[must_use]
pub fn balanced(text: &str, room: f64, size: f64, face: Face) -> Vec<&str> {
    let mut best = wrap(text, room, size, face);
    if best.len() < 2 {
        return best;
    }
    let (mut narrow, mut wide) = (0.0, room);
    for _ in 0..8 {
        let middle = 0.5 * (narrow + wide);
        let lines = wrap(text, middle, size, face);
        if lines.len() == best.len() {
            (best, wide) = (lines, middle);
        } else {
            narrow = middle;
        }
    }
    best
}

/// Whether a line may end between these two characters.
fn may_break(before: char, after: char) -> bool {
    let beside_wide = is_wide(before) || is_wide(after);
    let after_hyphen = matches!(before, '-' | '–' | '/') && after.is_alphabetic();
    (before == ' ' && after != ' ')
        || after_hyphen
        || (beside_wide && after != ' ' && !is_zero_width(after) && !closes(after) && !opens(before))
}

/// Punctuation that does not start a line.
const fn closes(character: char) -> bool {
    matches!(
        character,
        ')' | ']'
            | '}'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '、'
            | '。'
            | '）'
            | '」'
            | '』'
            | '，'
            | '・'
            | 'ー'
    )
}

/// Punctuation that does not end a line.
const fn opens(character: char) -> bool {
    matches!(character, '(' | '[' | '{' | '（' | '「' | '『')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_join_to_the_text() {
        let names = [
            "Müller-Łukaszewicz & 山田 2019 (a name that goes on for a very long while indeed)",
            "東京大学医学部附属病院皮膚科学教室および慶應義塾大学医学部皮膚科共同研究班二〇一九年報告",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            "  leading and   inner   spaces  ",
        ];
        for name in names {
            for room in [30.0, 60.0, 200.0] {
                let lines = wrap(name, room, 11.0, Face::Regular);
                assert_eq!(lines.concat(), name);
                for line in lines {
                    assert!(width(line.trim_end(), 11.0, Face::Regular) <= room, "{line}");
                    assert!(!line.starts_with('\u{301}'));
                }
            }
        }
    }

    #[test]
    fn a_room_smaller_than_a_letter_gives_a_letter_a_line() {
        assert_eq!(wrap("abc", 1.0, 11.0, Face::Regular), ["a", "b", "c"]);
        assert_eq!(wrap("", 0.0, 11.0, Face::Regular), [""]);
    }

    #[test]
    fn lines_end_after_spaces_and_are_of_about_the_same_width() {
        assert_eq!(wrap("a name that goes on", 50.0, 11.0, Face::Regular), ["a name ", "that goes ", "on"]);
        let words = "one two three four five six";
        assert_eq!(wrap(words, 120.0, 11.0, Face::Regular), ["one two three four five ", "six"]);
        assert_eq!(balanced(words, 120.0, 11.0, Face::Regular), ["one two three ", "four five six"]);
    }

    #[test]
    fn escapes_are_shown_as_replaced_and_markup_is_left() {
        assert_eq!(shown("Müller & 山田 <b>"), "Müller & 山田 <b>");
        assert_eq!(shown("red \u{1b}[31m\u{202e}"), "red \u{fffd}[31m\u{fffd}");
    }

    #[test]
    fn noncharacters_and_tabs_are_replaced() {
        assert_eq!(shown("a\tb\u{0}c\u{FFFF}\u{7f}\u{9b}"), "a b\u{FFFD}c\u{FFFD}\u{FFFD}\u{FFFD}");
    }
}
