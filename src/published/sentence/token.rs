//! The words, numbers and signs of a sentence.

use std::ops::Range;

/// A word, a number or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// In lower case, without `^`: `i2`, `patients`.
    Word(String),
    Number(Number),
    Sign(char),
}

/// A number as it stands in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// Its digits with a decimal point and without marks between thousands, and a minus sign.
    pub digits: String,
    /// What it counts: `%`, `per 1000`, or nothing.
    pub unit: String,
    /// As it stands in the sentence.
    pub typed: String,
}

impl Number {
    /// The number with its unit, or that of another where it has none.
    pub fn with_unit_of(&self, other: &Self) -> String {
        let unit = if self.unit.is_empty() { &other.unit } else { &self.unit };
        let blank = if unit.starts_with("per") { " " } else { "" };
        format!("{}{blank}{unit}", self.digits)
    }

    /// Whether it could count studies or people.
    pub fn is_whole(&self) -> bool {
        self.unit.is_empty() && self.digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The signs and letters that stand for others.
const SAME: [(char, &str); 24] = [
    ('\u{2212}', "-"),
    ('\u{2010}', "-"),
    ('\u{2011}', "-"),
    ('\u{2014}', "–"),
    ('\u{A0}', " "),
    ('\u{2007}', " "),
    ('²', "2"),
    ('₂', "2"),
    ('τ', "tau"),
    ('Τ', "tau"),
    ('χ', "chi"),
    ('·', "."),
    ('∙', "."),
    ('⋅', "."),
    ('≤', "<="),
    ('≥', ">="),
    ('\u{223C}', "~"),
    // Full-width forms of Chinese and Japanese texts.
    ('（', "("),
    ('）', ")"),
    ('：', ":"),
    ('，', ","),
    ('；', ";"),
    ('％', "%"),
    ('～', "~"),
];

/// Marks between thousands that are no signs of their own.
const BETWEEN_THOUSANDS: [char; 4] = ['\u{2009}', '\u{202F}', '\'', '\u{2019}'];

/// The tokens of a sentence, in order.
pub(super) fn tokens(sentence: &str) -> Vec<Token> {
    placed_tokens(sentence).into_iter().map(|(token, _)| token).collect()
}

/// The tokens of a sentence, each with the bytes that it has in it.
pub(super) fn placed_tokens(sentence: &str) -> Vec<(Token, Range<usize>)> {
    let (plain, origin) = plain(sentence);
    let (mut at, mut tokens) = (0, Vec::<(Token, Range<usize>)>::new());
    while let Some(c) = plain[at..].chars().next() {
        let rest = &plain[at..];
        let after_number = matches!(tokens.last(), Some((Token::Number(_), _)));
        let (token, length) = match c {
            _ if begins_number(rest, after_number) => number(rest),
            _ if c.is_alphabetic() => word(rest),
            _ if c.is_whitespace() => (None, c.len_utf8()),
            _ => (Some(Token::Sign(c)), c.len_utf8()),
        };
        tokens.extend(token.map(|token| (token, origin[at]..origin[at + length])));
        at += length;
    }
    tokens
}

/// The text with one character for each that is written in several ways, and for each of its bytes, and its end, where
/// it stood.
fn plain(sentence: &str) -> (String, Vec<usize>) {
    let (mut plain, mut origin) =
        (String::with_capacity(sentence.len()), Vec::with_capacity(sentence.len() + 1));
    let mut characters = sentence.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let before = plain.len();
        // Degrees of freedom below a statistic, "χ²₁₃", are not digits of its name.
        if ('₀'..='₉').contains(&c) && plain.ends_with(|last: char| last.is_ascii_digit()) {
            continue;
        }
        // Two hyphens are a dash.
        if c == '-' && characters.next_if(|(_, next)| *next == '-').is_some() {
            plain.push('–');
        } else {
            match SAME.iter().find(|(sign, _)| *sign == c) {
                Some((_, same)) => plain.push_str(same),
                None => plain.push(c),
            }
        }
        origin.resize(origin.len() + plain.len() - before, at);
    }
    origin.push(sentence.len());
    (plain, origin)
}

/// Whether a number begins here: a digit, or a decimal mark or minus sign before one. Behind a number a hyphen stands
/// between two limits.
fn begins_number(rest: &str, after_number: bool) -> bool {
    let unsigned = match rest.strip_prefix('-') {
        Some(unsigned) if !after_number => unsigned,
        Some(_) => return false,
        None => rest,
    };
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    digits.starts_with(|c: char| c.is_ascii_digit())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The number that begins here, and how many bytes it has.
fn number(text: &str) -> (Option<Token>, usize) {
    let sign = usize::from(text.starts_with('-'));
    let mut end = sign + digits(&text[sign..]);
    let mut read = text[..end].to_owned();
    let leads = (1..=3).contains(&(end - sign)) && !text[sign..].starts_with('0');
    while let Some(mark) =
        text[end..].chars().next().filter(|mark| leads && (*mark == ',' || BETWEEN_THOUSANDS.contains(mark)))
    {
        let group = &text[end + mark.len_utf8()..];
        if digits(group) != 3 {
            break;
        }
        read.push_str(&group[..3]);
        end += mark.len_utf8() + 3;
    }
    let decimals = text[end..].strip_prefix(['.', ',']).map_or(0, digits);
    if decimals > 0 {
        read.push('.');
        read.push_str(&text[end + 1..end + 1 + decimals]);
        end += 1 + decimals;
    }
    if let Some((power, length)) = power_of_ten(&text[end..]) {
        read = shifted(&read, power);
        end += length;
    }
    let (unit, length) = match slashed_unit(&text[end..]).filter(|_| decimals > 0) {
        Some(found) => found,
        None => unit(&text[end..]),
    };
    let typed = text[..end + length].to_owned();
    (Some(Token::Number(Number { digits: read, unit, typed })), end + length)
}

/// By how many places `e-4` or `× 10⁻⁴` behind a number move its decimal point to the left, and how many bytes it has.
fn power_of_ten(rest: &str) -> Option<(usize, usize)> {
    let power = match rest.strip_prefix(['e', 'E']) {
        Some(power) => power,
        None => {
            let factor = rest.trim_start_matches([' ', '\u{2009}', '\u{202F}']);
            let ten = factor.strip_prefix(['×', 'x', '*'])?.trim_start_matches([' ', '\u{2009}', '\u{202F}']);
            // Without a mark of its being raised "5 × 10-15" may be a range.
            let power = ten.strip_prefix("10").filter(|power| power.starts_with(['^', '⁻']))?;
            power.strip_prefix('^').unwrap_or(power)
        }
    };
    let power = power.strip_prefix(['-', '⁻'])?;
    let raised = |c: char| "⁰¹2³⁴⁵⁶⁷⁸⁹".chars().position(|other| other == c);
    let digit = |c: char| c.to_digit(10).map(|digit| digit as usize).or_else(|| raised(c));
    let digits: Vec<usize> = power.chars().map_while(digit).take(3).collect();
    let length: usize = power.chars().take(digits.len()).map(char::len_utf8).sum();
    let places = digits.iter().fold(0, |places, digit| 10 * places + digit);
    ((1..=30).contains(&places)).then(|| (places, rest.len() - power.len() + length))
}

/// A number with its decimal point so many places to the left: `3.2` by 4 is `0.00032`.
fn shifted(digits: &str, places: usize) -> String {
    let (sign, unsigned) = digits.split_at(usize::from(digits.starts_with('-')));
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let padded = format!("{whole:0>width$}{decimals}", width = places + 1);
    let (whole, decimals) = padded.split_at(padded.len() - decimals.len() - places);
    format!("{sign}{whole}.{decimals}")
}

/// `/1000` and `/100 000` behind a number with decimals, which counts no events.
fn slashed_unit(rest: &str) -> Option<(String, usize)> {
    let behind = rest.strip_prefix('/')?;
    let (digits, length) = round_number(behind)?;
    Some((format!("per {digits}"), 1 + length))
}

/// A power of ten from 100 up, in one piece or in groups: `1000`, `100,000`, `100 000`; and how many bytes it has.
fn round_number(text: &str) -> Option<(String, usize)> {
    let first = digits(text);
    let (mut read, mut end) = (text[..first].to_owned(), first);
    while let Some(mark) =
        text[end..].chars().next().filter(|c| *c == ',' || *c == ' ' || BETWEEN_THOUSANDS.contains(c))
    {
        let group = &text[end + mark.len_utf8()..];
        if digits(group) != 3 || !group.starts_with("000") {
            break;
        }
        read.push_str("000");
        end += mark.len_utf8() + 3;
    }
    let is_power = read.len() >= 3 && read.starts_with('1') && read[1..].bytes().all(|digit| digit == b'0');
    is_power.then_some((read, end))
}

/// The unit behind a number, and how many bytes it has with the blanks before it.
fn unit(rest: &str) -> (String, usize) {
    let trimmed = rest.trim_start_matches([' ', '\u{2009}', '\u{202F}']);
    let blanks = rest.len() - trimmed.len();
    // "95-%-KI"
    if rest.starts_with("-%") {
        return ("%".to_owned(), 2);
    }
    for (sign, unit) in [("%", "%"), ("percent", "%"), ("per cent", "%"), ("‰", "per 1000")] {
        // "5 percentage points" is no percentage.
        let is_longer = |behind: &str| sign.len() > 3 && behind.starts_with(char::is_alphabetic);
        if trimmed.strip_prefix(sign).is_some_and(|behind| !is_longer(behind)) {
            return (unit.to_owned(), blanks + sign.len());
        }
    }
    if let Some(behind) = trimmed.strip_prefix("per ")
        && let Some((digits, length)) = round_number(behind)
    {
        return (format!("per {digits}"), blanks + "per ".len() + length);
    }
    if let Some(behind) = trimmed.strip_prefix("per ")
        && behind.starts_with(|c: char| c.is_ascii_digit())
        && let (Some(Token::Number(number)), length) = number(behind)
        && number.is_whole()
    {
        return (format!("per {}", number.digits), blanks + "per ".len() + length);
    }
    (String::new(), 0)
}

/// The word that begins here, with the digits and carets behind it, and how many bytes it has.
fn word(text: &str) -> (Option<Token>, usize) {
    let letters = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let behind = &text[letters..];
    // "CI95%" is the name of an interval and its level.
    if ["ci", "ki", "ic"].contains(&text[..letters].to_lowercase().as_str()) {
        return (Some(Token::Word(text[..letters].to_lowercase())), letters);
    }
    let squared = behind.strip_prefix("^2").map(|_| 2).or_else(|| {
        // "合并率为54.0%": Chinese has no blank before a number.
        let is_latin = text[..letters].ends_with(|last: char| last.is_ascii_alphabetic());
        let more = if is_latin { digits(behind) } else { 0 };
        (more > 0).then_some(more)
    });
    let length = letters + squared.unwrap_or(0);
    let word = text[..length].replace('^', "").to_lowercase();
    for squared in ["-squared", " squared", "-square"] {
        let is_statistic = matches!(word.as_str(), "i" | "tau" | "h" | "chi");
        if is_statistic && text[length..].to_lowercase().starts_with(squared) {
            return (Some(Token::Word(format!("{word}2"))), length + squared.len());
        }
    }
    (Some(Token::Word(word)), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sentence: &str) -> String {
        let one = |token: Token| match token {
            Token::Word(word) => word,
            Token::Number(number) => format!("{}{}", number.digits, number.unit),
            Token::Sign(sign) => sign.to_string(),
        };
        tokens(sentence).into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sentences_are_words_numbers_and_signs() {
        for (sentence, want) in [
            ("54.0% (46.3%–61.5%)", "54.0% ( 46.3% – 61.5% )"),
            ("0.70 [0.60; 0.81], I² = 84 %, k = 17", "0.70 [ 0.60 ; 0.81 ] , i2 = 84% , k = 17"),
            ("54,0 % (46,3 - 61,5)", "54.0% ( 46.3 - 61.5 )"),
            ("0·54 (0·46–0·62)", "0.54 ( 0.46 – 0.62 )"),
            ("1,066 of 12\u{2009}345", "1066 of 12345"),
            ("(0.60,0.81)", "( 0.60 , 0.81 )"),
            ("p < .001, τ² = 0,28", "p < .001 , tau2 = 0.28"),
            ("I-squared 84.2 percent; tau^2=.5", "i2 84.2% ; tau2 = .5"),
            ("24.3 per 100,000 people", "24.3per 100000 people"),
            ("−0.20 (-0.50 to 0.10)", "-0.20 ( -0.50 to 0.10 )"),
            ("46.3-61.5", "46.3 - 61.5"),
            ("46.3--61.5", "46.3 – 61.5"),
            ("54.0\u{2009}% (CI95%)", "54.0% ( ci 95% )"),
            ("5 percentage points, 5 percent.", "5 percentage points , 5% ."),
            ("12.3 per 100 000, 1.2/1000, 12/1000", "12.3per 100000 , 1.2per 1000 , 12 / 1000"),
            ("p = 4e-4, 3.2 × 10⁻⁴, 1.5 x 10^-12", "p = 0.0004 , 0.00032 , 0.0000000000015"),
            ("95-%-KI, χ²₁₃ = 36.8, I₂", "95% - ki , chi2 = 36.8 , i2"),
            ("（95% CI：46.3%～61.5%）", "( 95% ci : 46.3% ~ 61.5% )"),
        ] {
            assert_eq!(shown(sentence), want, "{sentence}");
        }
    }

    #[test]
    fn tokens_keep_their_places() {
        let sentence = "τ² = 54,0 %";
        let places: Vec<&str> =
            placed_tokens(sentence).into_iter().map(|(_, place)| &sentence[place]).collect();
        assert_eq!(places, ["τ²", "=", "54,0 %"]);
    }
}
