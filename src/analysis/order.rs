//! In which order studies are shown or added.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::MetaAnalysis;
use crate::data::is_missing;
use crate::error::{Error, Problem};

/// In which order studies are shown or added: by a column of the table, or by a number of the analysis.
///
/// It is typed as the name of a column, or as `estimate`, `weight`, `precision` or `total`, which win over columns of
/// these names; `-` before it reverses it. A column of which every cell is a number or missing is ordered by these
/// numbers, as is one whose numbers all have the same unit behind them (`3 months`); another by its text. Studies without a value come last; those with the same value stay in the order of the
/// table.
///
/// ```
/// use metaprop::analysis::{Order, OrderBy};
/// let order: Order = "-precision".parse()?;
/// assert_eq!((&order.by, order.descending), (&OrderBy::Precision, true));
/// assert_eq!("year".parse::<Order>()?.by, OrderBy::Column("year".to_string()));
/// assert_eq!(order.to_string(), "-precision");
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: OrderBy,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// By what studies are ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderBy {
    /// A column of the table.
    Column(String),
    /// The study's estimate on the analysis scale.
    Estimate,
    /// Its weight in the model that was asked for; for a model without weights, its precision.
    Weight,
    /// 1/v.
    Precision,
    /// Its total.
    Total,
}

const WORDS: [(&str, OrderBy); 4] = [
    ("estimate", OrderBy::Estimate),
    ("weight", OrderBy::Weight),
    ("precision", OrderBy::Precision),
    ("total", OrderBy::Total),
];

impl FromStr for Order {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        let typed = typed.trim();
        let (name, descending) = typed.strip_prefix('-').map_or((typed, false), |name| (name.trim(), true));
        if name.is_empty() {
            return Err(Error::usage(
                "an order is the name of a column, estimate, weight, precision or total",
            ));
        }
        let by = WORDS.into_iter().find(|(word, _)| *word == name).map(|(_, by)| by);
        Ok(Self { by: by.unwrap_or_else(|| OrderBy::Column(name.to_string())), descending })
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = WORDS.iter().find(|(_, by)| *by == self.by).map(|(word, _)| *word);
        let name = match (&self.by, word) {
            (_, Some(word)) => word,
            (OrderBy::Column(name), None) => name,
            _ => unreachable!("every other order has a word"),
        };
        write!(f, "{}{name}", if self.descending { "-" } else { "" })
    }
}

impl Serialize for Order {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl MetaAnalysis {
    /// The studies that were pooled, counted from 0, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the table has no such column, or numbers of different units in it, or the data are estimates
    /// and have no totals.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    /// let result = fit(&Dataset::proportions([("A", 3, 10), ("B", 25, 90), ("C", 4, 30)])?, &Spec::default())?;
    /// assert_eq!(result.ordered(&"total".parse()?)?, [0, 2, 1]);
    /// assert_eq!(result.ordered(&"-total".parse()?)?, [1, 2, 0]);
    /// assert!(result.ordered(&"year".parse()?).unwrap_err().to_string().contains("no column 'year'"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn ordered(&self, order: &Order) -> Result<Vec<u32>, Error> {
        let k = self.k() as u32;
        let mut studies: Vec<u32> = (0..k).collect();
        let direction = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
        match self.keys(&order.by)? {
            Keys::Numbers(keys) => studies.sort_by(|a, b| {
                missing_last(keys[*a as usize], keys[*b as usize], |a, b| direction(a.total_cmp(&b)))
            }),
            Keys::Words(keys) => studies.sort_by(|a, b| {
                missing_last(keys[*a as usize], keys[*b as usize], |a, b| direction(a.cmp(b)))
            }),
        }
        Ok(studies)
    }

    fn keys(&self, by: &OrderBy) -> Result<Keys<'_>, Error> {
        let precision = || self.sizes.v.iter().map(|v| Some(1.0 / v).filter(|p| !p.is_nan())).collect();
        Ok(Keys::Numbers(match by {
            OrderBy::Column(name) => return self.keys_of(name),
            OrderBy::Estimate => self.sizes.y.iter().map(|y| Some(*y)).collect(),
            OrderBy::Weight if !self.weights().is_empty() => {
                self.weights().iter().map(|w| Some(*w)).collect()
            }
            OrderBy::Weight | OrderBy::Precision => precision(),
            OrderBy::Total => {
                if self.data.counts().is_none() {
                    return Err(Error::usage(
                        "the data are estimates, which have no totals to order them by",
                    ));
                }
                self.counts().map(|counts| Some(counts.total() as f64)).collect()
            }
        }))
    }

    fn keys_of(&self, name: &str) -> Result<Keys<'_>, Error> {
        let column = self.data.column(name, "order by")?;
        let cells: Vec<Option<&str>> = self
            .sizes
            .study
            .iter()
            .map(|study| column.cell(*study as usize))
            .map(|cell| Some(cell).filter(|cell| !is_missing(cell)))
            .collect();
        let numbers = column.numbers();
        let numbers: Vec<Option<f64>> =
            self.sizes.study.iter().map(|study| numbers[*study as usize]).collect();
        if let Some([one, other]) = column.units_that_differ() {
            let what = format!(
                "the column '{}' cannot be ordered: '{}' and '{}' are numbers of different units",
                name.escape_debug(),
                one.escape_debug(),
                other.escape_debug()
            );
            let help = "write all its numbers in one unit, or without one";
            return Err(Error::Usage(vec![Problem::new(what).help(help)]));
        }
        let are_numbers = cells.iter().zip(&numbers).all(|(cell, number)| cell.is_none() || number.is_some());
        Ok(if are_numbers { Keys::Numbers(numbers) } else { Keys::Words(cells) })
    }
}

/// A value for each study, by which they are ordered.
enum Keys<'a> {
    Numbers(Vec<Option<f64>>),
    Words(Vec<Option<&'a str>>),
}

fn missing_last<T>(a: Option<T>, b: Option<T>, compare: impl Fn(T, T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}
