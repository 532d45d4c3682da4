//! How a journal sets the table of a forest plot: which columns on which side of the axis, and how numbers are written.

use std::borrow::Cow;

use crate::format::MINUS;
use crate::options::Column;

/// How a journal sets the table of a forest plot.
///
/// ```
/// use metaprop::options::Column;
/// use metaprop::plot::Theme;
/// let jama = Theme::named("jama").unwrap();
/// assert_eq!(jama.house.left[..], [Column::Study, Column::Covariates, Column::Effect, Column::Bias]);
/// assert_eq!(jama.house.interval("48.6", "65.2"), "(48.6-65.2)");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HouseStyle {
    /// The columns left of the axis, from left to right.
    pub left: Cow<'static, [Column]>,
    /// The columns right of the axis.
    pub right: Cow<'static, [Column]>,
    /// Heads that differ from ours.
    pub heads: Cow<'static, [(Column, Cow<'static, str>)]>,
    /// What stands before, between and behind the limits of an interval.
    pub around: [Cow<'static, str>; 3],
    /// The decimal mark.
    pub decimal: Cow<'static, str>,
    /// What stands between groups of three digits.
    pub thousands: Cow<'static, str>,
    /// What stands behind each weight: `%` or nothing; the head says percent where it is nothing.
    pub weight_sign: Cow<'static, str>,
    /// The rows of pooled values, with `{model}` and `{level}`; the model's name where it is empty.
    pub pooled: Cow<'static, str>,
    /// The line on heterogeneity, with `{tau2}`, `{i2}`, `{q}`, `{df}` and `{p}`; ours where it is empty, or where a
    /// quantity of it does not exist.
    pub heterogeneity: Cow<'static, str>,
    /// Whether a p-value is written without the zero before the decimal mark.
    pub p_without_zero: bool,
}

impl HouseStyle {
    /// Names and counts left of the axis, estimates and weights right of it, `57.1 (48.6 to 65.2)`.
    pub const PLAIN: Self = Self {
        left: Cow::Borrowed(&[Column::Study, Column::Covariates, Column::Events, Column::Total]),
        right: Cow::Borrowed(&[Column::Effect, Column::Weight, Column::Bias]),
        heads: Cow::Borrowed(&[]),
        around: [Cow::Borrowed("("), Cow::Borrowed(" to "), Cow::Borrowed(")")],
        decimal: Cow::Borrowed("."),
        thousands: Cow::Borrowed(","),
        weight_sign: Cow::Borrowed(""),
        pooled: Cow::Borrowed(""),
        heterogeneity: Cow::Borrowed(""),
        p_without_zero: false,
    };

    /// The head of a column, where it differs from ours.
    #[must_use]
    pub fn head(&self, column: Column) -> Option<&str> {
        self.heads.iter().find(|(of, _)| *of == column).map(|(_, head)| &**head)
    }

    /// An interval of these limits, which are set already.
    #[must_use]
    pub fn interval(&self, lower: &str, upper: &str) -> String {
        let [open, between, close] = &self.around;
        format!("{open}{lower}{between}{upper}{close}")
    }

    /// A number as it is set here, from one with a point and commas.
    ///
    /// ```
    /// use metaprop::plot::Theme;
    /// let lancet = Theme::named("lancet").unwrap();
    /// assert_eq!(lancet.house.number("1,234.5"), "1234\u{b7}5");
    /// ```
    #[must_use]
    pub fn number(&self, plain: &str) -> String {
        let is_number = plain.chars().all(|c| c.is_ascii_digit() || ",.%/ ".contains(c) || c == MINUS);
        if !is_number || (self.decimal == "." && self.thousands == ",") {
            return plain.to_owned();
        }
        let mut set = String::with_capacity(plain.len() + 4);
        for character in plain.chars() {
            match character {
                '.' => set.push_str(&self.decimal),
                ',' => set.push_str(&self.thousands),
                other => set.push(other),
            }
        }
        set
    }

    /// A p-value as it is set here, from one with a sign before it: `= 0.005`.
    #[must_use]
    pub fn p_value(&self, plain: &str) -> String {
        let shortened = if self.p_without_zero { plain.replacen(" 0.", " .", 1) } else { plain.to_owned() };
        shortened.replace('.', &self.decimal)
    }
}
