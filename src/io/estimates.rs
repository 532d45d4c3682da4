//! Cells to an estimate and its variance on the scale on which they are pooled.

use super::cell_rules::CellRules;
use super::cells::Row;
use super::given::{Given, Wrong};
use super::text::quoted;
use crate::advisory::{Advisory, Code};
use crate::data::Estimate;
use crate::data::cell::{number, too_long_a_number};
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
    /// The limits as the table has them, where it has limits.
    pub as_printed: Option<Limits>,
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
    pub(super) fn of_row(self, row: Row<'_>, rules: &CellRules) -> Given<Read> {
        let estimate = in_column(row, self.estimate, rules);
        match self.precision {
            Precision::Se(column) => {
                with(estimate, in_column(row, column, rules), MISSING_SE, |y, se| self.with_se(y, se, column))
            }
            Precision::Variance(column) => {
                with(estimate, in_column(row, column, rules), MISSING_VARIANCE, |y, v| {
                    self.with_variance(y, v, column)
                })
            }
            Precision::Limits { lower, upper, level } => {
                let limits = [lower, upper].map(|column| in_column(row, column, rules));
                let columns = [self.estimate, lower, upper];
                let decimals = columns.map(|column| decimals(row.cell(column), rules.decimal(column)));
                let decimals = decimals.into_iter().max().unwrap_or(0);
                with(estimate, both_limits(limits), MISSING_LIMIT, |y, [low, high]| {
                    let printed = Limits::new([low, y, high], decimals, row.line);
                    self.with_limits(printed, [lower, upper], level)
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

    fn with_limits(self, printed: Limits, columns: [usize; 2], level: Level) -> Given<Read> {
        let [lower, estimate, upper] = printed.numbers;
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
            return Given::Nothing("lower and upper limit equal");
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
        self.read(estimate, se * se, columns[0], Some(printed))
    }

    /// The estimate on the scale on which it is pooled; `of_precision` is the column to name where the variance is no
    /// number that can be pooled.
    fn read(self, estimate: f64, v: f64, of_precision: usize, as_printed: Option<Limits>) -> Given<Read> {
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
        if let Some(pooled) = Estimate::new(y, v) {
            return Given::Value(Read { pooled: pooled.in_table(Some(estimate)), as_printed });
        }
        let (column, what) = if y.abs() > Estimate::LARGEST {
            (self.estimate, format!("the estimate {estimate:e} is above 1e50 in size"))
        } else {
            (of_precision, format!("the variance {v:e} is not between 1e-100 and 1e100"))
        };
        Wrong::new(column, what, "check the number, or give estimates in another unit").into()
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
fn in_column(row: Row<'_>, column: usize, rules: &CellRules) -> Cell<f64> {
    let (cell, decimal) = (row.cell(column), rules.decimal(column));
    if rules.is_missing(cell) {
        return Ok(None);
    }
    let wrong = || {
        let has = |mark: char| cell.contains(mark);
        let help = match decimal {
            _ if cell.ends_with('%') => "give percentages as fractions",
            _ if has(',') && has('.') => "write it without marks between thousands",
            Decimal::Point if has(',') => {
                "write it without marks between thousands, or say --decimal , where the comma is the decimal mark"
            }
            Decimal::Comma if has('.') => "the decimal mark of this table is the comma (--decimal ,)",
            _ => {
                "give a number such as -0.85 or 1.2e-3; leave the cell empty or write NA where there is none"
            }
        };
        let what = too_long_a_number(cell).unwrap_or_else(|| "is not a number".to_owned());
        vec![Wrong::new(column, format!("{} {what}", quoted(cell)), help)]
    };
    number(cell, decimal).map(Some).ok_or_else(wrong)
}

/// How many decimals a number is written with.
fn decimals(cell: &str, decimal: Decimal) -> u32 {
    let digits = cell.split(['e', 'E']).next().unwrap_or_default();
    digits.split_once(decimal.sign()).map_or(0, |(_, decimals)| decimals.trim().len() as u32)
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

/// The limits of a study as the table has them, and how exactly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Lower limit, estimate and upper limit.
    numbers: [f64; 3],
    /// Half a unit of the last decimal of the three.
    rounding: f64,
    line: u32,
}

impl Limits {
    fn new(numbers: [f64; 3], decimals: u32, line: u32) -> Self {
        let unit = (0..decimals).fold(1.0, |unit: f64, _| unit / 10.0);
        Self { numbers, rounding: 0.5 * unit, line }
    }

    /// The two halves of the interval on a scale, and how far apart rounding can make them.
    fn halves(&self, scale: InputScale) -> ([f64; 2], f64) {
        let [lower, estimate, upper] = self.numbers.map(|number| transformed(scale, number));
        let error = |number: f64| match scale {
            InputScale::Identity => self.rounding,
            InputScale::Log => self.rounding / number,
            InputScale::Logit => self.rounding / (number * (1.0 - number)),
        };
        let [of_lower, of_estimate, of_upper] = self.numbers.map(error);
        ([estimate - lower, upper - estimate], of_lower + 2.0 * of_estimate + of_upper)
    }

    /// The difference of the two halves of the interval, as a share of its width.
    fn asymmetry(&self, scale: InputScale) -> f64 {
        let ([below, above], _) = self.halves(scale);
        (above - below).abs() / (above + below)
    }

    /// Whether no rounding of limits that stand evenly about the estimate gives these.
    fn is_uneven(&self, scale: InputScale) -> bool {
        let ([below, above], rounding) = self.halves(scale);
        (above - below).abs() > UNEVEN * (above + below) + rounding
    }
}

/// How far apart the two halves of an interval may be, as a share of its width: over a table, and in one row apart from
/// what rounding does. Packages round, and some print limits that are not quite symmetric.
const ASYMMETRIC: f64 = 0.05;
const UNEVEN: f64 = 0.1;
/// How many rows a remark names.
const NAMED_ROWS: usize = 5;

/// The remarks on limits that do not stand evenly about their estimates on the scale on which they were read. Where they
/// do on another scale, it is named: ratios that were read as they stand give a wrong pooled value without any other
/// sign. Else the rows are named, since what is pooled is the standard error that both limits give together.
pub(super) fn symmetry(read: InputScale, limits: &[Limits]) -> Vec<Advisory> {
    if let Some(scale) = better_scale(read, limits) {
        let message = format!(
            "the limits in the table stand more evenly about their estimates on the {} scale than on the {} scale, on which they were read: check input-scale",
            scale.key(),
            read.key()
        );
        return vec![Advisory::new(Code::LimitsAsymmetric, message)];
    }
    let uneven: Vec<&Limits> = limits.iter().filter(|limits| limits.is_uneven(read)).collect();
    if uneven.is_empty() {
        return Vec::new();
    }
    let row = |limits: &&Limits| {
        let [lower, estimate, upper] = limits.numbers;
        format!("line {}: {estimate} ({lower} to {upper})", limits.line)
    };
    let mut rows: Vec<String> = uneven.iter().take(NAMED_ROWS).map(row).collect();
    if uneven.len() > NAMED_ROWS {
        rows.push(format!("and {} more", uneven.len() - NAMED_ROWS));
    }
    let message = format!(
        "limits that do not stand evenly about their estimate, so that what is pooled, half their distance to both sides, gives others: {}; check the numbers",
        rows.join("; ")
    );
    vec![Advisory::new(Code::LimitsAsymmetric, message)]
}

/// The scale on which the limits stand far more evenly about their estimates, if there is one.
fn better_scale(read: InputScale, limits: &[Limits]) -> Option<InputScale> {
    let here = asymmetry(read, limits)?;
    let others = InputScale::ALL.iter().filter(|scale| **scale != read);
    let better = others.filter_map(|scale| Some((*scale, asymmetry(*scale, limits)?)));
    let (scale, there) = better.min_by(|(_, one), (_, other)| one.total_cmp(other))?;
    (here > ASYMMETRIC && there < here / 2.0).then_some(scale)
}

/// The median asymmetry of the studies; nothing where not every study stands on this scale.
fn asymmetry(scale: InputScale, limits: &[Limits]) -> Option<f64> {
    let mut shares: Vec<f64> = limits.iter().map(|limits| limits.asymmetry(scale)).collect();
    if shares.is_empty() || !shares.iter().all(|share| share.is_finite()) {
        return None;
    }
    let middle = shares.len() / 2;
    Some(*shares.select_nth_unstable_by(middle, f64::total_cmp).1)
}
