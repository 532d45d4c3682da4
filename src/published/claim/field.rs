//! The fields that can be printed of a pooled estimate: a table with one row for each field.

use serde::Serialize;

use crate::analysis::Statistic;
use crate::error::{Error, Problem, nearest};
use crate::model::{HeterogeneityField, PredictionField, SummaryField};
use crate::printed::{Printed, Unit};

/// How the digits of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A proportion: percent, or a fraction.
    Proportion,
    /// A fraction that papers print in percent with or without the sign: I², a weight.
    Percentage,
    /// A whole number of studies or people.
    Count,
    /// A number on the analysis scale, a statistic or a p-value.
    Number,
}

macro_rules! fields {
    ($($variant:ident: $key:literal, $reading:ident, $pair:literal, $about:literal;)+) => {
        /// A field of a claim. Its key is that of the analysis file and of `--printed`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Field { $(
            #[doc = $about]
            $variant,
        )+ }

        impl Field {
            /// Every field, in the order of a report.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The key.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }

            /// What the field is, in a few words.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)+ }
            }

            /// Whether the field is an interval, printed as two limits.
            #[must_use]
            pub const fn is_pair(self) -> bool {
                match self { $(Self::$variant => $pair,)+ }
            }

            pub(super) const fn reading(self) -> Reading {
                match self { $(Self::$variant => Reading::$reading,)+ }
            }
        }
    };
}

fields! {
    Estimate: "estimate", Proportion, false, "the pooled proportion";
    Ci: "ci", Proportion, true, "its confidence interval, both limits at once; of a study: the study's interval";
    Lower: "lower", Proportion, false, "its lower limit";
    Upper: "upper", Proportion, false, "its upper limit";
    Prediction: "prediction", Proportion, true, "the prediction interval";
    K: "k", Count, false, "the number of studies";
    Total: "total", Count, false, "the number of people";
    Events: "events", Count, false, "the number of events";
    Percent: "percent", Proportion, false, "events over total, not pooled; of a study: its own percentage";
    Tau2: "tau2", Number, false, "the between-study variance on the analysis scale";
    Tau2Ci: "tau2-ci", Number, true, "its interval";
    Tau: "tau", Number, false, "the between-study standard deviation";
    I2: "i2", Percentage, false, "I2";
    I2Ci: "i2-ci", Percentage, true, "its interval";
    H2: "h2", Number, false, "H2";
    Q: "q", Number, false, "Cochran's Q";
    Df: "df", Count, false, "the degrees of freedom of Q";
    P: "p", Number, false, "the p-value of Q";
    PNull: "p-null", Number, false, "the p-value of the estimate against the null proportion";
    BetweenP: "between-p", Number, false, "the p-value of the test between the levels of the first column of subgroups";
    Coefficient: "coefficient", Number, false, "a coefficient of a meta-regression, on the analysis scale: coefficient.NAME";
    Weight: "weight", Percentage, false, "of a study: its weight in the model";
}

impl Field {
    /// The field with this key, whatever its case; `_` and `-` are the same.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the nearest key where there is none.
    ///
    /// ```
    /// use metaprop::published::claim::Field;
    /// assert_eq!(Field::parse("I2")?, Field::I2);
    /// assert!(Field::parse("estimat").unwrap_err().to_string().contains("'estimate'"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn parse(typed: &str) -> Result<Self, Error> {
        let key = typed.trim().replace('_', "-");
        let found = Self::ALL.iter().find(|field| field.key().eq_ignore_ascii_case(&key));
        found.copied().ok_or_else(|| {
            let keys = || Self::ALL.iter().map(|field| field.key());
            let known = keys().collect::<Vec<_>>().join(", ");
            let help = match nearest(typed, keys()) {
                Some(word) => format!("did you mean '{word}'? known: {known}"),
                None => format!("known: {known}"),
            };
            Error::Usage(vec![Problem::new(format!("'{typed}' is not a printed field")).help(help)])
        })
    }

    /// The statistic of a result that the field prints; `None` for a field that only studies have.
    #[must_use]
    pub const fn statistic(self) -> Option<Statistic> {
        use HeterogeneityField as H;
        Some(match self {
            Self::Estimate => Statistic::Pooled(SummaryField::Estimate),
            Self::Ci => Statistic::Pooled(SummaryField::Ci),
            Self::Lower => Statistic::Pooled(SummaryField::Lower),
            Self::Upper => Statistic::Pooled(SummaryField::Upper),
            Self::Prediction => Statistic::Prediction(PredictionField::Interval),
            Self::K => Statistic::K,
            Self::Total => Statistic::Total,
            Self::Events => Statistic::Events,
            Self::Percent => Statistic::Crude,
            Self::Tau2 => Statistic::Heterogeneity(H::Tau2),
            Self::Tau2Ci => Statistic::Heterogeneity(H::Tau2Ci),
            Self::Tau => Statistic::Heterogeneity(H::Tau),
            Self::I2 => Statistic::Heterogeneity(H::I2),
            Self::I2Ci => Statistic::Heterogeneity(H::I2Ci),
            Self::H2 => Statistic::Heterogeneity(H::H2),
            Self::Q => Statistic::Heterogeneity(H::Q),
            Self::Df => Statistic::Heterogeneity(H::Df),
            Self::P => Statistic::Heterogeneity(H::P),
            Self::PNull => Statistic::Pooled(SummaryField::P),
            Self::BetweenP => Statistic::BetweenP,
            Self::Coefficient | Self::Weight => return None,
        })
    }

    /// What a computed value of the field is divided by before it is compared: 100 for I² and its limits,
    /// which are computed in percent while a printed percentage is read as a fraction; 1 for all others.
    pub(in crate::published) const fn divisor(self) -> f64 {
        if matches!(self, Self::I2 | Self::I2Ci) { 100.0 } else { 1.0 }
    }

    /// Whether the field can be claimed of one study.
    #[must_use]
    pub const fn is_of_study(self) -> bool {
        matches!(
            self,
            Self::Estimate
                | Self::Ci
                | Self::Lower
                | Self::Upper
                | Self::Total
                | Self::Events
                | Self::Percent
                | Self::Weight
        )
    }

    /// Whether the field is one number that is a proportion.
    pub(in crate::published) const fn is_proportion(self) -> bool {
        matches!(self.reading(), Reading::Proportion) && !self.is_pair()
    }

    /// The printed number with the unit in which this field is compared.
    ///
    /// A proportion without a sign is read as [`Printed::as_proportion`] reads it; I² without a sign is in
    /// percent, unless it is a decimal fraction up to 1; a weight without a sign is in percent.
    pub(super) fn read(self, printed: &Printed) -> Printed {
        match self.reading() {
            Reading::Proportion => printed.as_proportion(),
            Reading::Percentage if self != Self::Weight && is_decimal_fraction(printed) => printed.clone(),
            Reading::Percentage => printed.or_unit(Unit::Percent),
            Reading::Count | Reading::Number => printed.clone(),
        }
    }
}

fn is_decimal_fraction(printed: &Printed) -> bool {
    let size = printed.mantissa().unsigned_abs();
    printed.unit() == Unit::None && printed.decimals() > 0 && size > 0 && size <= printed.steps()
}

impl Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}
