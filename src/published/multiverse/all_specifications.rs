//! A table pooled under every specification.

use std::ops::ControlFlow;

use serde::Serialize;

use super::{Conclusion, Overview, SpecificationResult};
use crate::analysis::fit;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format::NumberFormat;
use crate::options::Request;
use crate::published::claim::Claim;
use crate::published::reproduce::{Space, for_each_specification, full_analysis_specs};

/// A table pooled under every specification.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Multiverse {
    /// How many specifications there are.
    pub specifications: u64,
    /// Whether the computation was stopped before its end.
    pub stopped: bool,
    /// The result of each, in the order of the choices.
    pub rows: Vec<SpecificationResult>,
    /// All results, summarised.
    pub summary: Overview,
}

impl Multiverse {
    /// How proportions are written where nothing else is said: in percent with one decimal, rare ones with more.
    #[must_use]
    pub fn number_format(&self) -> NumberFormat {
        self.summary.number_format()
    }

    /// The overview in sentences, with proportions written so.
    ///
    /// ```
    /// use metaprop::Dataset;
    /// use metaprop::format::NumberFormat;
    /// use metaprop::published::multiverse::multiverse;
    ///
    /// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
    /// let all = multiverse(&table, &Default::default(), None, |_, _| true)?;
    /// assert_eq!(all.sentence_in(all.number_format()), all.summary.sentence);
    /// assert!(all.sentence_in(NumberFormat::per(1000)).contains("per 1,000"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn sentence_in(&self, display: NumberFormat) -> String {
        self.summary.sentence_in(display, self.rows.len(), self.stopped)
    }
}

/// Pools a table under every defensible specification; explicit choices restrict them.
///
/// Of the specifications that need a full analysis each, `keep_going` is given how many are done and how many
/// there are, and stops the computation by returning false.
///
/// # Errors
///
/// [`Error::Usage`] where the explicit choices contradict each other; [`Error::Data`] where no specification
/// gives an estimate.
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::multiverse::multiverse;
///
/// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let all = multiverse(&table, &Default::default(), Some("estimate < 60%".parse()?), |_, _| true)?;
/// assert!(all.specifications > 300);
/// let count = all.summary.conclusion.expect("it was asked for");
/// assert_eq!(count.holds, count.of);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn multiverse(
    table: &Dataset,
    explicit: &Request,
    conclusion: Option<Conclusion>,
    mut keep_going: impl FnMut(usize, usize) -> bool,
) -> Result<Multiverse, Error> {
    // An empty claim: levels, prediction intervals and definitions of I² are not varied.
    let space = Space::new(explicit, &Claim::default())?;
    let mut rows = Vec::new();
    let _ =
        for_each_specification(&table.counted()?, &space, &Claim::default(), f64::INFINITY, &mut |result| {
            rows.push(SpecificationResult::new(result));
            ControlFlow::Continue(())
        });
    let specs = full_analysis_specs(explicit, &space);
    let mut stopped = false;
    for (index, spec) in specs.iter().enumerate() {
        if !keep_going(index, specs.len()) {
            stopped = true;
            break;
        }
        // A likelihood without a certified maximum gives no result.
        rows.extend(fit(table, spec).ok().map(|result| SpecificationResult::new(&result)));
    }
    if rows.is_empty() {
        let problem = Problem::new("no specification gives an estimate on these studies");
        return Err(Error::Data(vec![
            problem.help("leave more choices open, such as the measure: arcsine needs no correction"),
        ]));
    }
    let summary = Overview::new(&rows, conclusion, stopped);
    Ok(Multiverse { specifications: rows.len() as u64, stopped, rows, summary })
}
