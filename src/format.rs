//! How a number is written for people: a leaf that tables, sentences and figures share.
//!
//! Documents for machines never pass through here; they carry the shortest decimal that reads back
//! to the same bits.

use std::borrow::Cow;

/// The minus sign of print, U+2212.
pub const MINUS: char = '\u{2212}';

/// From here on a double has no decimals.
const LARGE: f64 = 1e15;

/// A number with this many decimals, in powers of ten from 10¹⁵ up, with the minus sign of print and without a negative zero.
///
/// ```
/// use metaprop::format::fixed;
/// assert_eq!(fixed(-1.25, 1), "−1.2");
/// assert_eq!(fixed(-0.001, 2), "0.00");
/// assert_eq!((fixed(2.5e20, 3), fixed(f64::INFINITY, 3)), ("2.50000e20".into(), "∞".into()));
/// ```
#[must_use]
pub fn fixed(value: f64, digits: usize) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞".to_string() } else { format!("{MINUS}∞") };
    }
    if value.abs() >= LARGE {
        return format!("{value:.5e}").replace('-', &MINUS.to_string());
    }
    let plain = format!("{value:.digits$}");
    match plain.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_string(),
        Some(rest) => format!("{MINUS}{rest}"),
        None => plain,
    }
}

/// A number with about this many significant digits, plain where it can be, else in powers of ten.
///
/// ```
/// use metaprop::format::significant;
/// assert_eq!(significant(0.364_587, 3), "0.365");
/// assert_eq!(significant(1.2e-9, 3), "1.20e−9");
/// assert_eq!(significant(0.0, 3), "0");
/// ```
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if (-4..6).contains(&exponent) {
        let decimals = i32::try_from(digits).unwrap_or(3) - 1 - exponent;
        fixed(value, usize::try_from(decimals).unwrap_or(0))
    } else {
        scientific.replace('-', &MINUS.to_string())
    }
}

/// A p-value with its relation: `= 0.023`, `< 0.0001`, `= 1.00`.
///
/// ```
/// use metaprop::format::p_value;
/// assert_eq!(p_value(0.0234), "= 0.023");
/// assert_eq!(p_value(1e-9), "< 0.0001");
/// ```
#[must_use]
pub fn p_value(p: f64) -> String {
    match p {
        p if p < 0.0001 => "< 0.0001".to_string(),
        p if p < 0.001 => format!("= {p:.4}"),
        p if p < 0.995 => format!("= {p:.3}"),
        p => format!("= {p:.2}"),
    }
}

/// The text with its first letter in upper case.
///
/// ```
/// assert_eq!(metaprop::format::capitalised("élan"), "Élan");
/// ```
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A whole number with commas between groups of three: `1,234`.
///
/// ```
/// assert_eq!(metaprop::format::grouped(1_234_567), "1,234,567");
/// ```
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in hexadecimal digits, as digests are written.
///
/// ```
/// assert_eq!(metaprop::format::hexadecimal(&[0, 171]), "00ab");
/// ```
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `1 study`, `14 studies`.
#[must_use]
pub fn studies(k: usize) -> String {
    counted(k as u64, "study", "studies")
}

/// `1 subset`, `1,024 subsets`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(n)) }
}

/// Degrees of freedom: whole where they are whole, else with one decimal.
///
/// ```
/// use metaprop::format::degrees;
/// assert_eq!((degrees(13.0), degrees(11.46)), ("13".to_string(), "11.5".to_string()));
/// ```
#[must_use]
pub fn degrees(df: f64) -> String {
    if df.fract() == 0.0 && df >= 0.0 { grouped(df as u64) } else { fixed(df, 1) }
}

/// The text with everything replaced that could command a terminal or reorder a line: control
/// characters (as their pictures, or `<U+009B>`), line separators, and bidirectional overrides.
///
/// Every text that comes from outside passes through here before a person sees it.
///
/// ```
/// use metaprop::format::sanitize;
/// assert_eq!(sanitize("Müller 2019"), "Müller 2019");
/// assert_eq!(sanitize("a\u{1b}[31mb\n"), "a␛[31mb␊");
/// assert_eq!(sanitize("a\u{202e}b"), "a<U+202E>b");
/// ```
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match u32::from(character) {
            code @ 0..=0x1f => shown.extend(char::from_u32(0x2400 + code)),
            0x7f => shown.push('\u{2421}'),
            code if is_control(character) => shown.push_str(&format!("<U+{code:04X}>")),
            _ => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// A path as messages show it, on one line and harmless. What of it is no text stands as `\u{fffd}`.
pub(crate) fn path(path: &std::path::Path) -> String {
    sanitize(&path.display().to_string()).into_owned()
}

/// Whether a character commands instead of being read: control characters, line and paragraph
/// separators, bidirectional embeddings, overrides and isolates.
#[must_use]
pub const fn is_control(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}'
    )
}

/// 10 to this power, exactly.
fn power_of_ten(power: u32) -> f64 {
    (0..power).fold(1.0, |value, _| 10.0 * value)
}

/// How proportions are printed: per how many, and with how many decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    /// 100 prints percent; 1000 prints per 1,000; 1 prints fractions.
    pub scale: u64,
    /// Decimals of a printed proportion.
    pub digits: usize,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self::per(100)
    }
}

impl NumberFormat {
    /// As they are, with three decimals: for estimates that are no proportions.
    pub const ESTIMATES: Self = Self::per(1);

    /// Of estimates that are known as exactly as an interval of this width says: two decimals more than the first that
    /// the width has, so that 0.33 to 0.73 has three, 128 to 134 has two, and 0.00002 to 0.00003 seven.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// assert_eq!(NumberFormat::of_estimates(0.4).digits, 3);
    /// assert_eq!(NumberFormat::of_estimates(6.0).digits, 2);
    /// assert_eq!(NumberFormat::of_estimates(1e-5).digits, 7);
    /// ```
    #[must_use]
    pub fn of_estimates(width: f64) -> Self {
        // By steps: the logarithm of a power of ten is not exact.
        let finer = (0..15).find(|digits| width >= power_of_ten(*digits).recip()).unwrap_or(15);
        let coarser = (1..3).filter(|digits| width >= power_of_ten(*digits)).count();
        Self { scale: 1, digits: (finer as usize + 2 - coarser).min(15) }
    }

    /// Of a proportion with its interval, fractions all: percent with one decimal; where the interval lies below 1%, or
    /// above 99%, or one decimal would show nothing of the proportion, as many as give it two significant digits.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// let rare = NumberFormat::of_proportion(0.000_242, Some([0.000_19, 0.000_31]));
    /// assert_eq!(rare.with_sign(0.000_242), "0.024%");
    /// assert_eq!(NumberFormat::of_proportion(0.57, Some([0.48, 0.65])), NumberFormat::default());
    /// assert_eq!(NumberFormat::of_proportion(0.9996, Some([0.9991, 0.9998])).number(0.9996), "99.960");
    /// ```
    #[must_use]
    pub fn of_proportion(estimate: f64, limits: Option<[f64; 2]>) -> Self {
        let plain = Self::default();
        let [lower, upper] = limits.unwrap_or([estimate; 2]);
        // What is near to 1 is as rare, seen from there.
        let [least, value, most] = if estimate <= 0.5 {
            [lower, estimate, upper]
        } else {
            [1.0 - upper, 1.0 - estimate, 1.0 - lower]
        };
        let rare = match (value, most) {
            _ if most > 0.0 && most < 0.01 => least.max(0.1 * most),
            _ if value > 0.0 && value < 0.0005 => value,
            _ => return plain,
        };
        let first = (0..13).find(|digit| 100.0 * rare >= power_of_ten(*digit).recip()).unwrap_or(13);
        Self { digits: (first as usize + 1).max(plain.digits), ..plain }
    }

    /// The same number per this many: with the decimals that suit it, or as many as tell as much as these do where
    /// these are more than suit their own scale.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// let rare = NumberFormat { scale: 100, digits: 4 };
    /// assert_eq!(rare.rescaled(1000).digits, 3);
    /// assert_eq!(rare.rescaled(100_000).digits, 1);
    /// assert_eq!(NumberFormat::default().rescaled(10), NumberFormat::per(10));
    /// ```
    #[must_use]
    pub fn rescaled(self, scale: u64) -> Self {
        let plain = Self::per(scale);
        if self.digits <= Self::per(self.scale).digits || scale == 0 || self.scale == 0 {
            return plain;
        }
        let digits = (self.digits + self.scale.ilog10() as usize).saturating_sub(scale.ilog10() as usize);
        Self { digits: digits.clamp(plain.digits, 15), ..plain }
    }

    /// Per this many, with the decimals that suit it.
    #[must_use]
    pub const fn per(scale: u64) -> Self {
        Self { scale, digits: if scale == 1 { 3 } else { 1 } }
    }

    /// The fraction on this scale, without a unit: `57.1`; per more than 100 with commas between groups of three.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// assert_eq!(NumberFormat::per(100_000).number(0.0243), "2,430.0");
    /// ```
    #[must_use]
    pub fn number(&self, fraction: f64) -> String {
        let plain = fixed(fraction * self.scale as f64, self.digits);
        if self.scale <= 100 {
            return plain;
        }
        let (whole, decimals) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
        // A sign, an exponent or ∞ is no whole number, and stays as it is.
        whole.parse().map_or_else(|_| plain.clone(), |whole| format!("{}{decimals}", grouped(whole)))
    }

    /// What stands behind a number: `%`, or nothing.
    #[must_use]
    pub const fn sign(&self) -> &'static str {
        if self.scale == 100 { "%" } else { "" }
    }

    /// The fraction with its unit: `57.1%`, or `571.0 per 1,000`.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// assert_eq!(NumberFormat::default().with_sign(0.5709), "57.1%");
    /// assert_eq!(NumberFormat::per(1000).with_sign(0.5709), "570.9 per 1,000");
    /// ```
    #[must_use]
    pub fn with_sign(&self, number: f64) -> String {
        match self.unit() {
            Some(unit) => format!("{} {unit}", self.number(number)),
            None => format!("{}{}", self.number(number), self.sign()),
        }
    }

    /// The fraction with its unit and no more decimals than it has: `50%`, `2.5 per 1,000`, `0.5`.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// assert_eq!(NumberFormat::default().exact(0.07), "7%");
    /// assert_eq!(NumberFormat::per(1000).exact(0.0025), "2.5 per 1,000");
    /// ```
    #[must_use]
    pub fn exact(&self, fraction: f64) -> String {
        // Ten decimals hide the rounding of the product.
        let number = Self { digits: 10, ..*self }.number(fraction);
        let number = number.trim_end_matches('0').trim_end_matches('.');
        match self.unit() {
            Some(unit) => format!("{number} {unit}"),
            None => format!("{number}{}", self.sign()),
        }
    }

    /// `per 1,000` where the scale is not percent or fractions.
    #[must_use]
    pub fn unit(&self) -> Option<String> {
        (!matches!(self.scale, 1 | 100)).then(|| format!("per {}", grouped(self.scale)))
    }

    /// An interval without units: `48.6 to 65.2`, or nothing where it does not exist.
    #[must_use]
    pub fn interval(&self, lower: Option<f64>, upper: Option<f64>) -> Option<String> {
        Some(format!("{} to {}", self.number(lower?), self.number(upper?)))
    }

    /// An interval with units: `48.6% to 65.2%`, or `486.0 to 652.0 per 1,000`.
    #[must_use]
    pub fn limits(&self, lower: Option<f64>, upper: Option<f64>) -> Option<String> {
        Some(match self.unit() {
            Some(_) => format!("{} to {}", self.number(lower?), self.with_sign(upper?)),
            None => format!("{} to {}", self.with_sign(lower?), self.with_sign(upper?)),
        })
    }
}
