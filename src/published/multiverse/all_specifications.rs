//! A table pooled under every specification.

use serde::Serialize;

use super::{Conclusion, Overview, SpecificationResult};
use crate::analysis::fit;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format::NumberFormat;
use crate::options::Request;
use crate::published::claim::Claim;
use crate::published::reproduce::{Space, for_each_specification, full_analysis_specs};
use crate::published::search::{Ask, Findings, search};

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
/// `keep_going` is given how many of the specifications that need a full analysis each are done and how many there
/// are, and stops the computation by returning false. It is asked between two of them, and every 50 ms while one is
/// computed, which is then left.
///
/// # Errors
///
/// [`Error::Usage`] where the explicit choices contradict each other; [`Error::Data`] where no specification
/// gives an estimate, or none did before the computation was stopped.
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
    let (table, explicit) = (table.clone(), *explicit);
    let try_all = move |rows: &Findings<Vec<SpecificationResult>>, ask: &mut Ask<'_>| {
        try_specifications(&table, &explicit, &space, rows, ask)
    };
    let (rows, stopped) =
        search(Vec::new(), try_all, &mut |done, all| keep_going(done as usize, all as usize))?;
    if rows.is_empty() {
        let problem = Problem::new("no specification gives an estimate on these studies");
        return Err(Error::Data(vec![
            problem.help("leave more choices open, such as the measure: arcsine needs no correction"),
        ]));
    }
    let summary = Overview::new(&rows, conclusion, stopped);
    Ok(Multiverse { specifications: rows.len() as u64, stopped, rows, summary })
}

/// Adds the result of every specification, until it is asked to stop.
fn try_specifications(
    table: &Dataset,
    explicit: &Request,
    space: &Space,
    rows: &Findings<Vec<SpecificationResult>>,
    ask: &mut Ask<'_>,
) -> Result<(), Error> {
    let specs = full_analysis_specs(explicit, space);
    let all = specs.len() as u64;
    if !ask(0, all) {
        return Ok(());
    }
    let _ =
        for_each_specification(&table.counted()?, space, &Claim::default(), f64::INFINITY, &mut |result| {
            let row = SpecificationResult::new(result);
            rows.add(|rows| rows.push(row))
        });
    for (spec, index) in specs.iter().zip(0..) {
        if !ask(index, all) {
            break;
        }
        // A likelihood without a certified maximum gives no result.
        if let Ok(result) = fit(table, spec) {
            let row = SpecificationResult::new(&result);
            let _ = rows.add(|rows| rows.push(row));
        }
    }
    Ok(())
}
