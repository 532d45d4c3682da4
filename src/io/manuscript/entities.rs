//! Characters that Markdown writes as `&nbsp;`.

/// The entities that stand in printed figures.
const NAMED: [(&str, char); 30] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("thinsp", '\u{2009}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("hairsp", '\u{200A}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("minus", '\u{2212}'),
    ("hyphen", '\u{2010}'),
    ("middot", '·'),
    ("sdot", '⋅'),
    ("plusmn", '±'),
    ("times", '×'),
    ("le", '≤'),
    ("ge", '≥'),
    ("asymp", '≈'),
    ("sup2", '²'),
    ("tau", 'τ'),
    ("chi", 'χ'),
    ("hellip", '…'),
    ("rsquo", '\u{2019}'),
    ("lsquo", '\u{2018}'),
    ("permil", '‰'),
    ("percnt", '%'),
    ("sol", '/'),
];

/// The longest name of an entity, with its number sign and digits.
const LONGEST: usize = 10;

/// The character of the entity that begins with this ampersand, and how many characters it has.
pub(super) fn entity(text: &[char]) -> Option<(char, usize)> {
    let end = text.iter().take(LONGEST + 2).position(|c| *c == ';')?;
    let name: String = text.get(1..end)?.iter().collect();
    let character = match name.strip_prefix('#') {
        Some(code) => {
            let code = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(code).filter(|character| !character.is_control())?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_characters() {
        let of = |text: &str| entity(&text.chars().collect::<Vec<_>>());
        assert_eq!(of("&nbsp;x"), Some(('\u{A0}', 6)));
        assert_eq!((of("&#8211;"), of("&#x2013;")), (Some(('–', 7)), Some(('–', 8))));
        assert_eq!((of("& b;"), of("&unknown;"), of("&#0;"), of("&nbsp")), (None, None, None, None));
    }
}
