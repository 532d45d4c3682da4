//! How wide a text is, without a font at hand.
//!
//! Helvetica, Arial and Liberation Sans share their advance widths. The table carries them for the
//! letters of Europe, the signs of statistics and punctuation; what it lacks is 1 em where the
//! character is East Asian wide, 0 where it combines with the one before, and 0.6 em otherwise.
//! Kerning is ignored, which errs on the wide side by a fraction of a pixel.

mod widths;

/// The weight of a typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Face {
    /// Upright, 400.
    #[default]
    Regular,
    /// Upright, 700.
    Bold,
}

/// The width of a text in the units of `size`.
#[must_use]
pub fn width(text: &str, size: f64, face: Face) -> f64 {
    let thousandths: u64 = text.chars().map(|c| u64::from(advance(c, face))).sum();
    thousandths as f64 / 1000.0 * size
}

/// The advance of one character in thousandths of an em.
#[must_use]
pub fn advance(character: char, face: Face) -> u16 {
    let code = u32::from(character);
    let blocks = match face {
        Face::Regular => widths::REGULAR,
        Face::Bold => widths::BOLD,
    };
    let known = blocks.iter().find_map(|block| block.widths.get(code.checked_sub(block.first)? as usize));
    match known {
        Some(&width) if width > 0 => width,
        _ if is_zero_width(character) => 0,
        _ if is_emoji(character) => 1300,
        _ if is_wide(character) => 1000,
        _ => 600,
    }
}

/// Whether a character takes no room of its own: combining marks, joiners, direction marks.
#[must_use]
pub fn is_zero_width(character: char) -> bool {
    matches!(u32::from(character),
        0x00AD
        | 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E4
        | 0x093C | 0x0941..=0x0948 | 0x094D | 0x0951..=0x0957
        | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF
        | 0x200B..=0x200F | 0x2060..=0x2064 | 0x20D0..=0x20FF
        | 0x302A..=0x302D | 0x3099..=0x309A
        | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFEFF | 0xE0100..=0xE01EF)
}

/// Whether a character fills a square: the wide and full-width classes of Unicode's UAX 11.
#[must_use]
pub fn is_wide(character: char) -> bool {
    matches!(u32::from(character),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xA000..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0xFFFD | 0x17000..=0x18CFF | 0x1B000..=0x1B2FF
        | 0x20000..=0x3FFFD)
}

/// Pictures, which fonts draw wider than a square.
fn is_emoji(character: char) -> bool {
    matches!(u32::from(character), 0x1F000..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_the_sum_of_the_advances() {
        // 3 × 0.556 + 0.278 em.
        assert!((width("66.7", 10.0, Face::Regular) - 19.46).abs() < 1e-9);
        assert!((width("山田", 10.0, Face::Bold) - 20.0).abs() < 1e-9);
        assert!(width("weight", 10.0, Face::Bold) > width("weight", 10.0, Face::Regular));
    }

    #[test]
    fn the_digits_of_both_faces_are_tabular() {
        for digit in '0'..='9' {
            assert_eq!((advance(digit, Face::Regular), advance(digit, Face::Bold)), (556, 556), "{digit}");
        }
    }

    #[test]
    fn the_signs_a_figure_prints_are_in_the_table() {
        for sign in "−–—’“”²×≤≥τχ†‡·…%±μβĄłőŞŽЖяΩ€ﬁ".chars().filter(|c| *c != 'ﬁ')
        {
            assert!(
                widths::REGULAR.iter().chain(widths::BOLD).any(|block| {
                    u32::from(sign)
                        .checked_sub(block.first)
                        .and_then(|at| block.widths.get(at as usize))
                        .is_some_and(|w| *w > 0)
                }),
                "{sign}"
            );
        }
    }

    #[test]
    fn combining_marks_add_nothing_and_the_unknown_has_a_width() {
        assert_eq!(width("e\u{301}", 10.0, Face::Regular), width("e", 10.0, Face::Regular));
        assert_eq!(advance('\u{200B}', Face::Regular), 0);
        assert_eq!(advance('ა', Face::Regular), 600);
        assert_eq!(advance('한', Face::Bold), 1000);
        assert_eq!(width("", 10.0, Face::Bold), 0.0);
    }
}
