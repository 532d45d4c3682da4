//! Cells to an estimate and its variance on the scale on which they are pooled.

use super::given::{Given, Wrong};
use super::table::Row;
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::Estimate;
use crate::data::cell::{is_missing, number};
use crate::numeric::elementary::{ln, ln_1p, logit};
use crate::numeric::normal::upper_quantile;
use crate::options::{Choice, Decimal, InputScale, Level};

/// Where the estimates of a table are, and what their numbers mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct EstimateColumns {
    pub estimate: usize,
    pub precision: Precision,
    /// The scale of estimates and limits in the table.
    pub scale: InputScale,
}

/// The columns that say how precise the estimates are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Precision {
    /// Standard errors on the scale on which they are pooled.
    Se(usize),
    /// Variances on the scale on which they are pooled.
    Variance(usize),
    /// Confidence limits on the scale of the table.
    Limits { lower: usize, upper: usize, level: Level },
}

/// An estimate as it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub pooled: Estimate,
    /// Lower limit, estimate and upper limit as the table has them, where it has limits.
    pub as_printed: Option<[f64; 3]>,
}

impl EstimateColumns {
    /// The columns themselves.
    pub(super) fn columns(self) -> impl Iterator<Item = usize> {
        let precision = match self.precision {
            Precision::Se(column) | Precision::Variance(column) => [Some(column), None],
            Precision::Limits { lower, upper, .. } => [Some(lower), Some(upper)],
        };
        std::iter::once(self.estimate).chain(precision.into_iter().flatten())
    }

    /// The estimate of a row.
    pub(super) fn of_row(self, row: Row<'_>, decimal: Decimal) -> Given<Read> {
        let estimate = in_column(row, self.estimate, decimal);
        match self.precision {
            Precision::Se(column) => with(estimate, in_column(row, column, decimal), MISSING_SE, |y, se| {
                self.with_se(y, se, column)
            }),
            Precision::Variance(column) => {
                with(estimate, in_column(row, column, decimal), MISSING_VARIANCE, |y, v| {
                    self.with_variance(y, v, column)
                })
            }
            Precision::Limits { lower, upper, level } => {
                let limits = [lower, upper].map(|column| in_column(row, column, decimal));
                with(estimate, both_limits(limits), MISSING_LIMIT, |y, limits| {
                    self.with_limits(y, limits, [lower, upper], level)
                })
            }
        }
    }

    fn with_se(self, estimate: f64, se: f64, column: usize) -> Given<Read> {
        if se < 0.0 {
            return negative(column, se, "standard error").into();
        }
        if se == 0.0 {
            return Given::Nothing("standard error 0");
        }
        self.read(estimate, se * se, column, None)
    }

    fn with_variance(self, estimate: f64, v: f64, column: usize) -> Given<Read> {
        if v < 0.0 {
            return negative(column, v, "variance").into();
        }
        if v == 0.0 {
            return Given::Nothing("variance 0");
        }
        self.read(estimate, v, column, None)
    }

    fn with_limits(
        self,
        estimate: f64,
        [lower, upper]: [f64; 2],
        columns: [usize; 2],
        level: Level,
    ) -> Given<Read> {
        if !(lower <= estimate && estimate <= upper) {
            let what = format!("the estimate {estimate} is not between its limits {lower} and {upper}");
            let help = "check the three numbers, and that the columns are the right ones";
            return Wrong::new(self.estimate, what, help).into();
        }
        for (limit, column) in [(lower, columns[0]), (upper, columns[1])] {
            if !self.has(limit) {
                return self.outside(limit, column).into();
            }
        }
        if lower == upper {
            return Given::Nothing("limits without a distance");
        }
        let distance = match self.scale {
            InputScale::Identity => upper - lower,
            // ln(u/l) without the rounding of two logarithms.
            InputScale::Log => ln_1p((upper - lower) / lower),
            InputScale::Logit => ln_1p((upper - lower) / (lower * (1.0 - upper))),
        };
        if !distance.is_finite() {
            return Given::Nothing("a limit that has no finite value on the scale that is pooled");
        }
        let se = distance / (2.0 * upper_quantile(level.tail()));
        self.read(estimate, se * se, columns[0], Some([lower, estimate, upper]))
    }

    /// The estimate on the scale on which it is pooled; `of_precision` is the column to name where the variance is no
    /// number that can be pooled.
    fn read(self, estimate: f64, v: f64, of_precision: usize, as_printed: Option<[f64; 3]>) -> Given<Read> {
        if !self.has(estimate) {
            return self.outside(estimate, self.estimate).into();
        }
        let y = transformed(self.scale, estimate);
        if !y.is_finite() {
            return Given::Nothing(match self.scale {
                InputScale::Logit => "no finite logit",
                _ => "no finite logarithm",
            });
        }
        match Estimate::new(y, v) {
            Some(pooled) => Given::Value(Read { pooled, as_printed }),
            None => Wrong::new(
                of_precision,
                format!("the variance is {v:e}, which cannot be pooled"),
                "check the number",
            )
            .into(),
        }
    }

    /// Whether a number can stand on the scale of the table, its ends included.
    fn has(self, number: f64) -> bool {
        match self.scale {
            InputScale::Identity => true,
            InputScale::Log => number >= 0.0,
            InputScale::Logit => (0.0..=1.0).contains(&number),
        }
    }

    fn outside(self, number: f64, column: usize) -> Wrong {
        let key = self.scale.key();
        let (what, help) = match self.scale {
            InputScale::Logit => {
                ("is not between 0 and 1", "give proportions as fractions, or leave input-scale out")
            }
            _ => ("is negative", "give ratios as they are printed; logarithms need no input-scale"),
        };
        Wrong::new(column, format!("{number} {what}, and input-scale is {key}"), help)
    }
}

const MISSING_SE: &str = "standard error missing";
const MISSING_VARIANCE: &str = "variance missing";
const MISSING_LIMIT: &str = "a limit missing";

/// What an estimate and its precision give, or why they give nothing.
fn with<P>(
    estimate: Cell<f64>,
    precision: Cell<P>,
    missing: &'static str,
    read: impl FnOnce(f64, P) -> Given<Read>,
) -> Given<Read> {
    match (estimate, precision) {
        (Ok(Some(estimate)), Ok(Some(precision))) => read(estimate, precision),
        (Ok(None), Ok(_)) => Given::Nothing("estimate missing"),
        (Ok(Some(_)), Ok(None)) => Given::Nothing(missing),
        (estimate, precision) => {
            Given::Wrong([estimate.err(), precision.err()].into_iter().flatten().flatten().collect())
        }
    }
}

/// What cells hold, nothing where they are missing, or what is wrong with them.
type Cell<T> = Result<Option<T>, Vec<Wrong>>;

/// The number in the cell of a column.
fn in_column(row: Row<'_>, column: usize, decimal: Decimal) -> Cell<f64> {
    let cell = row.cell(column);
    if is_missing(cell) {
        return Ok(None);
    }
    let wrong = || {
        let help = match decimal {
            Decimal::Point if cell.contains(',') => "say --decimal , where the comma is the decimal sign",
            _ if cell.ends_with('%') => "give percentages as fractions",
            _ => {
                "give a number such as -0.85 or 1.2e-3; leave the cell empty or write NA where there is none"
            }
        };
        vec![Wrong::new(column, format!("{} is not a number", quoted(cell)), help)]
    };
    number(cell, decimal).map(Some).ok_or_else(wrong)
}

/// Both limits, or nothing where one is missing.
fn both_limits([lower, upper]: [Cell<f64>; 2]) -> Cell<[f64; 2]> {
    match (lower, upper) {
        (Ok(lower), Ok(upper)) => Ok(lower.zip(upper).map(|(lower, upper)| [lower, upper])),
        (lower, upper) => Err([lower.err(), upper.err()].into_iter().flatten().flatten().collect()),
    }
}

fn negative(column: usize, number: f64, what: &str) -> Wrong {
    Wrong::new(column, format!("{number} is negative, and it is a {what}"), "check the number and the column")
}

fn transformed(scale: InputScale, number: f64) -> f64 {
    match scale {
        InputScale::Identity => number,
        InputScale::Log => ln(number),
        InputScale::Logit => logit(number),
    }
}

/// How far apart the two halves of an interval may be, as a share of its width, before its limits are called
/// asymmetric: rounded limits are apart by some percent.
const ASYMMETRIC: f64 = 0.05;

/// The remark where limits stand far more evenly about their estimates on another scale than on the one they were
/// read on: ratios that were read as they stand give a wrong pooled value without any other sign.
pub(super) fn asymmetric(read: InputScale, limits: &[[f64; 3]]) -> Option<Advisory> {
    let here = asymmetry(read, limits)?;
    let others = InputScale::ALL.iter().filter(|scale| **scale != read);
    let better = others.filter_map(|scale| Some((*scale, asymmetry(*scale, limits)?)));
    let (scale, there) = better.min_by(|(_, one), (_, other)| one.total_cmp(other))?;
    (here > ASYMMETRIC && there < here / 2.0).then(|| {
        let message = format!(
            "the limits in the table stand more evenly about their estimates on the {} scale than on the {} scale, on which they were read: check input-scale",
            scale.key(),
            read.key()
        );
        Advisory::new(Code::LimitsAsymmetric, message)
    })
}

/// The median over the studies of the difference of the two halves of the interval, as a share of its width; nothing
/// where not every study stands on this scale.
fn asymmetry(scale: InputScale, limits: &[[f64; 3]]) -> Option<f64> {
    let share = |limits: &[f64; 3]| {
        let [lower, estimate, upper] = limits.map(|number| transformed(scale, number));
        ((upper - estimate) - (estimate - lower)).abs() / (upper - lower)
    };
    let mut shares: Vec<f64> = limits.iter().map(share).collect();
    if shares.is_empty() || !shares.iter().all(|share| share.is_finite()) {
        return None;
    }
    let middle = shares.len() / 2;
    Some(*shares.select_nth_unstable_by(middle, f64::total_cmp).1)
}
