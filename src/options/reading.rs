//! What is asked of a table: which columns, which decimal sign, which rows.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::choices::{InputScale, OnImpossible};
use super::kind::{Kind, LEVEL, Shape, TEXT, Typed, YES, Yes, whole, word};
use super::row::option_set;
use super::values::Level;
use crate::error::{Error, Problem};

/// A condition on a column.
const FILTER: Kind<Filter> = Kind {
    shape: Shape::Text,
    parse: |_, typed| typed.parse(),
    typed: |filter| Typed::Text(filter.to_string()),
    check: |_, _| Ok(()),
};

/// A number of lines.
const LINES: Kind<u64> = Kind {
    shape: Shape::Whole,
    parse: |key, typed| whole(key, typed, 0, 1_000_000),
    typed: |value| Typed::Whole(*value),
    check: |_, _| Ok(()),
};

/// A decimal mark.
const DECIMAL: Kind<Decimal> = Kind {
    shape: Shape::Sign(&[".", ","]),
    parse: |_, typed| typed.parse(),
    typed: |decimal| Typed::Text(decimal.sign().to_string()),
    check: |_, _| Ok(()),
};

option_set! {
    /// How a table is to be read. The default finds the columns of counts by their names and keeps every row.
    ///
    /// ```
    /// use metaprop::io::read::read_bytes;
    /// use metaprop::options::ReadOptions;
    /// let options = ReadOptions { events: Some("good".into()), ..ReadOptions::default() };
    /// let table = read_bytes(b"study,good,partial,n\nA,3,1,10\n", "-", &options)?;
    /// assert_eq!(table.counts().unwrap()[0].events(), 3);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Default)]
    ReadOptions, "Table", {
        /// The column of study names (repeatable: joined by a space). Common names are found without it.
        study: joined String { key: "study", kind: TEXT, value_name: "COL" }

        /// The column of events.
        ///
        /// Found by its name where there is none.
        events: single String { key: "events", kind: TEXT, value_name: "COL" }

        /// The column of percentages as printed, from which the events are derived; where --events names a column too,
        /// they are compared with it.
        percent: single String { key: "percent", kind: TEXT, value_name: "COL" }

        /// The column of totals.
        ///
        /// Found by its name where there is none.
        total: single String { key: "total", kind: TEXT, value_name: "COL" }

        /// The column of estimates (log odds ratios, means, hazard ratios …), in place of counts; it needs se,
        /// variance, or lower and upper.
        estimate: single String {
            key: "estimate", kind: TEXT, value_name: "COL", conflicts: &["events", "percent", "total"]
        }

        /// The column of their standard errors, on the scale on which they are pooled.
        se: single String {
            key: "se", kind: TEXT, value_name: "COL", conflicts: &["variance", "lower", "upper"]
        }

        /// The column of their variances, on the scale on which they are pooled.
        variance: single String {
            key: "variance", kind: TEXT, value_name: "COL", conflicts: &["lower", "upper"]
        }

        /// The column of the lower confidence limits of the estimates.
        ///
        /// With [`upper`](Self::upper) it gives the standard error: the distance of the limits on the scale on which
        /// they are pooled, by twice the normal quantile.
        lower: single String { key: "lower", kind: TEXT, value_name: "COL" }

        /// The column of their upper confidence limits.
        upper: single String { key: "upper", kind: TEXT, value_name: "COL" }

        /// The confidence level of these limits, in percent [default: 95].
        input_level: single Level { key: "input-level", kind: LEVEL, value_name: "PERCENT" }

        /// The scale of estimates and limits in the table; they are pooled on its transform.
        ///
        /// With `log` and `logit` estimates and limits are ratios or proportions as printed; standard errors and
        /// variances are always those of the logarithm or logit.
        input_scale: single InputScale { key: "input-scale", kind: word(), value_name: "INPUT_SCALE" }

        /// The sheet of a workbook [default: the one that has the counts].
        sheet: single String { key: "sheet", kind: TEXT, value_name: "NAME" }

        /// The decimal mark of the table [default: that of each column].
        decimal: single Decimal { key: "decimal", kind: DECIMAL, value_name: "MARK" }

        /// The encoding of the text, such as windows-1252 or utf-16le [default: UTF-8 or UTF-16, else Windows-1252].
        encoding: single String { key: "encoding", kind: TEXT, value_name: "NAME" }

        /// How many lines above the header are passed over [default: titles, comments and blank lines].
        skip: single u64 { key: "skip", kind: LINES, value_name: "N" }

        /// A word for a missing value, beside the usual ones (NA, NR, -, …; repeatable).
        na: list String { key: "na", kind: TEXT, value_name: "WORD" }

        /// Round fractional events to whole ones, half up; each is named.
        round_events: single Yes { key: "round-events", kind: YES, value_name: "" }

        /// What is done with a percentage that no count of its total gives [default: stop].
        ///
        /// It is not a plain count: of another denominator, from imputation, or a misprint.
        on_impossible: single OnImpossible { key: "on-impossible", kind: word(), value_name: "ON_IMPOSSIBLE" }

        /// The column of the clusters: rows with the same value belong together, such as the rows of one study.
        ///
        /// The three-level model and cluster-robust tests take them. A row without a value is a cluster of its own.
        cluster: single String { key: "cluster", kind: TEXT, value_name: "COL" }

        /// The outcome to keep, of a table with a column of outcomes.
        ///
        /// It is a value of a column named outcome, endpoint or measure.
        outcome: single String { key: "outcome", kind: TEXT, value_name: "VALUE" }

        /// Keep the rows for which this holds (repeatable): = != < <= > >= compare numbers as numbers.
        filters: list Filter { key: "where", kind: FILTER, value_name: "COL=VALUE" }
    }
}

impl ReadOptions {
    /// Whether studies are given as estimates and not as counts.
    #[must_use]
    pub const fn has_estimates(&self) -> bool {
        self.estimate.is_some()
    }

    /// The scale of the estimates in the table; `None` where there are counts.
    #[must_use]
    pub fn scale_of_estimates(&self) -> Option<InputScale> {
        self.estimate.as_ref().map(|_| self.input_scale.unwrap_or(InputScale::Identity))
    }

    /// Whether the options name what is pooled: a column of events, of percentages, or of estimates.
    #[must_use]
    pub const fn names_values(&self) -> bool {
        self.events.is_some() || self.percent.is_some() || self.has_estimates()
    }

    /// Whether the options name how precise estimates are.
    pub(super) const fn names_precision(&self) -> bool {
        self.se.is_some() || self.variance.is_some() || self.lower.is_some() || self.upper.is_some()
    }

    /// The same options without the columns of how precise estimates are.
    pub(super) fn without_precision(self) -> Self {
        Self { se: None, variance: None, lower: None, upper: None, input_level: None, ..self }
    }

    /// The same options without the columns of what is pooled.
    pub(super) fn without_values(self) -> Self {
        Self {
            events: None,
            percent: None,
            total: None,
            estimate: None,
            input_scale: None,
            ..self.without_precision()
        }
    }

    /// What is wrong with the options together, whatever the table.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.has_estimates() {
            self.problems_of_estimates(&mut problems)
        } else {
            self.without_estimates(&mut problems)
        }
        problems
    }

    fn problems_of_estimates(&self, problems: &mut Vec<Problem>) {
        let counts = [("events", &self.events), ("percent", &self.percent), ("total", &self.total)];
        for (key, _) in counts.iter().filter(|(_, column)| column.is_some()) {
            let problem = Problem::new(format!("estimate and {key} both say what is pooled"));
            problems.push(problem.help("name the columns of counts or those of estimates"));
        }
        let limits = [self.lower.is_some(), self.upper.is_some()];
        let given = [self.se.is_some(), self.variance.is_some(), limits.contains(&true)];
        let needed = "name the column of their standard errors (se) or variances (variance), or both columns of their limits (lower and upper)";
        match given.iter().filter(|given| **given).count() {
            0 => problems.push(Problem::new("estimate needs se, variance, or lower and upper").help(needed)),
            1 if limits == [true, true] || !limits.contains(&true) => {}
            1 => {
                problems.push(Problem::new("lower and upper go together").help("name both columns of limits"))
            }
            _ => problems.push(Problem::new("the precision of the estimates is said twice").help(needed)),
        }
        if self.input_level.is_some() && limits != [true, true] {
            let problem = Problem::new("input-level is the level of limits, and there are none");
            problems.push(problem.help("it belongs to lower and upper"));
        }
    }

    fn without_estimates(&self, problems: &mut Vec<Problem>) {
        let given = [
            ("se", self.se.is_some()),
            ("variance", self.variance.is_some()),
            ("lower", self.lower.is_some()),
            ("upper", self.upper.is_some()),
            ("input-level", self.input_level.is_some()),
            ("input-scale", self.input_scale.is_some()),
        ];
        for (key, _) in given.into_iter().filter(|(_, given)| *given) {
            let problem =
                Problem::new(format!("{key} goes with estimates, and no column of estimates is named"));
            problems.push(problem.help("name it: --estimate COL, or estimate = \"COL\" in an analysis file"));
        }
    }
}

/// The sign before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Decimal {
    /// `3.5`
    #[default]
    Point,
    /// `3,5`
    Comma,
}

impl Decimal {
    /// The sign itself.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// `.` or `point`, `,` or `comma`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_lowercase().as_str() {
            "." | "point" => Ok(Self::Point),
            "," | "comma" => Ok(Self::Comma),
            _ => Err(Error::Usage(vec![
                Problem::new(format!("'{}' is no decimal sign", text.escape_debug())).help("write . or ,"),
            ])),
        }
    }
}

/// Keep the rows whose cell in a column compares so with a value, both without outer blanks.
///
/// ```
/// use metaprop::options::{Comparison, Filter};
/// let filter: Filter = "design = retrospective".parse()?;
/// assert_eq!((&*filter.column, &*filter.value), ("design", "retrospective"));
/// let filter: Filter = "year>=1997".parse()?;
/// assert_eq!((filter.comparison, &*filter.value), (Comparison::AtLeast, "1997"));
/// assert!("design".parse::<Filter>().is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// The column's name.
    pub column: String,
    /// How its cell compares with the value.
    pub comparison: Comparison,
    /// The value; empty for cells that are empty.
    pub value: String,
}

/// How a cell compares with a value: numbers as numbers where both are, else as text, of which only equality is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Every comparison; of two signs that begin alike the longer one first.
    const SIGNS: [(&str, Self); 7] = [
        ("!=", Self::Unequal),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("==", Self::Equal),
        ("=", Self::Equal),
        ("<", Self::Below),
        (">", Self::Above),
    ];

    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether the order of two numbers is asked, which words do not have.
    #[must_use]
    pub const fn is_of_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }

    /// Whether it holds for numbers in this order.
    #[must_use]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl fmt::Display for Filter {
    /// `COL=VALUE`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.column, self.comparison.sign(), self.value)
    }
}

impl FromStr for Filter {
    type Err = Error;

    /// `COL=VALUE`; what stands before the first sign is the column.
    fn from_str(text: &str) -> Result<Self, Error> {
        let at = text.find(['=', '!', '<', '>']).unwrap_or(text.len());
        let (column, rest) = text.split_at(at);
        let sign = Comparison::SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        match sign {
            Some((sign, comparison)) if !column.trim().is_empty() => Ok(Self {
                column: column.trim().to_owned(),
                comparison: *comparison,
                value: rest[sign.len()..].trim().to_owned(),
            }),
            _ => Err(Error::Usage(vec![
                Problem::new(format!("'{}' is no condition on a column", text.escape_debug()))
                    .help("write COL=VALUE, such as design=retrospective, or year>=2000"),
            ])),
        }
    }
}
