//! How many columns of a terminal a text takes.
//!
//! East Asian wide and full-width characters and most emoji take two, combining marks and other
//! invisible characters none, everything else one. The ranges are those of the blocks that occur in
//! names of people and places, from Unicode 16 (`EastAsianWidth.txt`, general category Mn and Cf);
//! a rare symbol elsewhere may be off by one, which only costs alignment.

/// The width of a text, in columns.
///
/// ```
/// use metaprop::report::width::width;
/// assert_eq!((width("Müller"), width("山田"), width("e\u{301}"), width("τ²")), (6, 4, 1, 2));
/// ```
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(of).sum()
}

/// The text, cut to at most this many columns with an ellipsis where it is longer.
///
/// ```
/// use metaprop::report::width::cut;
/// assert_eq!((cut("Müller 2019", 8), cut("山田太郎", 6)), ("Müller …".to_string(), "山田…".to_string()));
/// ```
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    cut_with(text, most, '…')
}

/// The text, cut to at most this many columns with this character where it is longer.
pub(crate) fn cut_with(text: &str, most: usize, sign: char) -> String {
    if width(text) <= most {
        return text.to_string();
    }
    let mut shown = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += of(character);
        if used > most {
            break;
        }
        shown.push(character);
    }
    shown.push(sign);
    shown
}

/// The columns of one character.
const fn of(character: char) -> usize {
    match character as u32 {
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x0610..=0x061a | 0x064b..=0x065f => 0,
        0x093c | 0x0941..=0x0948 | 0x094d | 0x0e31 | 0x0e34..=0x0e3a | 0x0e47..=0x0e4e => 0,
        0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x200b..=0x200f | 0x2060..=0x2064 | 0x20d0..=0x20ff => 0,
        0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0xfeff | 0xe0000..=0xe01ef => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0x33ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff => 2,
        0xa000..=0xa4cf | 0xa960..=0xa97c | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f900..=0x1f9ff => 2,
        0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
