//! How proportions are printed for people.

use super::choice::Choice;
use super::choices::InputScale;
use super::kind::{Kind, Shape, Typed, whole};
use super::row::option_set;
use crate::error::Problem;
use crate::format::NumberFormat;

/// Per how many a proportion is printed.
const SCALE: Kind<u64> = Kind {
    shape: Shape::Whole,
    parse: |key, typed| whole(key, typed, 1, 1_000_000_000),
    typed: |value| Typed::Whole(*value),
    check: |_, _| Ok(()),
};

/// How many decimals are printed.
const DIGITS: Kind<usize> = Kind {
    shape: Shape::Whole,
    parse: |key, typed| whole(key, typed, 0, 15).map(|digits| digits as usize),
    typed: |value| Typed::Whole(*value as u64),
    check: |_, _| Ok(()),
};

option_set! {
    /// How proportions are printed; percent with one decimal where nothing was said, and with more for rare ones.
    ///
    /// ```
    /// use metaprop::format::NumberFormat;
    /// use metaprop::options::Presentation;
    /// let per_thousand = Presentation { scale: Some(1000), ..Presentation::default() };
    /// assert_eq!(per_thousand.over(NumberFormat::default()).number(0.0123), "12.3");
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    Presentation, "Numbers", {
        /// Print proportions per this many: 1, 100 (percent), 1000, …
        scale: single u64 { key: "scale", kind: SCALE, value_name: "N", default: Some("100") }

        /// Decimals of printed proportions [default: 1, or 3 with --scale 1; more for rare proportions].
        digits: single usize { key: "digits", kind: DIGITS, value_name: "N" }
    }
}

impl Presentation {
    /// The complete format, where this one is what a result has by itself.
    #[must_use]
    pub fn over(self, own: NumberFormat) -> NumberFormat {
        let display = self.scale.map_or(own, |scale| own.rescaled(scale));
        NumberFormat { digits: self.digits.unwrap_or(display.digits), ..display }
    }

    /// Why these estimates cannot be printed so: only proportions are printed per so many people.
    pub(crate) fn problem(self, of_estimates: Option<InputScale>) -> Option<Problem> {
        let scale = self.scale.filter(|scale| *scale != 1)?;
        let input = of_estimates.filter(|input| *input != InputScale::Logit)?;
        let what = format!("scale = {scale} does not apply to estimates with input-scale = {}", input.key());
        Some(Problem::new(what).help("it is per how many people proportions are printed"))
    }
}
