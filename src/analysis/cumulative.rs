//! The pooled value of the first studies, one more in each row.

use serde::Serialize;

use super::leave_one_out::in_batches;
use super::order::Order;
use super::refit::{Refit, Refitted};
use super::{KeepGoing, MetaAnalysis};
use crate::error::Error;

/// The pooled value of the first study, of the first two, and so on (Lau et al. 1992,
/// doi:10.1056/NEJM199207233270406).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cumulative {
    /// By what the studies are ordered; `None` for the order of the table.
    pub sort: Option<Order>,
    /// A row a study.
    pub rows: Vec<WithMore>,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
}

/// What is pooled once a study is added.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WithMore {
    /// The study that is added; where several rows have its name, with its line.
    pub added: String,
    /// Its place among the studies, counted from 0.
    #[serde(skip)]
    pub(crate) row: u32,
    /// The result of it and those before it.
    #[serde(flatten)]
    pub result: Refit,
}

impl MetaAnalysis {
    /// The pooled value of the first study, of the first two, and so on, by the same model and choices; in this order,
    /// or in that of the table.
    ///
    /// Of the first study alone there is no test, no τ² and no I²; with an interval by t there are no limits.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the table has no such column.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?, &Spec::default())?;
    /// let rows = result.cumulative(Some("-total".parse()?))?.rows;
    /// assert_eq!(rows.iter().map(|row| row.added.as_str()).collect::<Vec<_>>(), ["C", "B", "A"]);
    /// let last = rows[2].result.estimate.unwrap();
    /// assert!((last - result.pooled().estimate).abs() < 1e-12);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn cumulative(&self, sort: Option<Order>) -> Result<Cumulative, Error> {
        self.cumulative_watched(sort, &mut |_, _| true)
    }

    /// The same; `keep_going` is given how many studies are done, and stops it by returning false.
    ///
    /// # Errors
    ///
    /// As [`cumulative`](Self::cumulative).
    pub fn cumulative_watched(
        &self,
        sort: Option<Order>,
        keep_going: &mut KeepGoing<'_>,
    ) -> Result<Cumulative, Error> {
        let order = match &sort {
            Some(order) => self.ordered(order)?,
            None => (0..self.k() as u32).collect(),
        };
        let refitted = Refitted::new(self);
        let (results, stopped) = in_batches(self, self.k(), keep_going, |last| {
            let mut rows = order[..=last].to_vec();
            rows.sort_unstable();
            refitted.to(&rows)
        });
        let names = self.row_names();
        let row = |(result, study): (Refit, &u32)| WithMore {
            added: names.of(*study as usize),
            row: *study,
            result,
        };
        Ok(Cumulative { sort, rows: results.into_iter().zip(&order).map(row).collect(), stopped })
    }
}
