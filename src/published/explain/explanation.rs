//! The difference between two analyses, number by number.

use serde::Serialize;

use super::convention::Convention;
use super::mixed_analysis::{MixedAnalyses, QUANTITIES};
use super::shapley::{Set, shapley};
use crate::analysis::fit;
use crate::data::Dataset;
use crate::error::Error;
use crate::options::Spec;

/// One number of both analyses, and why it differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Gap {
    /// One of [`QUANTITIES`].
    pub quantity: &'static str,
    /// Its value in the first analysis.
    pub a: Option<f64>,
    /// Its value in the second analysis.
    pub b: Option<f64>,
    /// b − a; `None` where one of the two has no such number, and for τ² on two scales.
    pub gap: Option<f64>,
    /// The share of each convention, in the order of [`Explanation::conventions`]; they add up to the gap.
    /// `None` where some analysis with conventions of both has no such number.
    pub shares: Option<Vec<f64>>,
}

/// A convention, or several that cannot be separated, and what each analysis does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConventionChange {
    /// The name of the convention; several are separated by commas.
    pub convention: String,
    /// The choice of the first analysis.
    pub a: String,
    /// The choice of the second analysis.
    pub b: String,
}

/// The differences between two analyses, split by convention.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The conventions in which they differ, as far as they can change one of the numbers.
    pub conventions: Vec<ConventionChange>,
    /// How many studies each of the two pools.
    pub studies: [usize; 2],
    /// How many analyses were fitted.
    pub analyses: usize,
    /// Each number, in the order of [`QUANTITIES`].
    pub gaps: Vec<Gap>,
}

/// Splits the differences between the analyses of a table by two specs.
///
/// # Errors
///
/// Those of [`fit`](fn@crate::fit), of either spec.
///
/// ```
/// use metaprop::published::explain::explain;
/// use metaprop::options::Request;
/// use metaprop::options::Profile;
/// use metaprop::Dataset;
///
/// let table = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let spec = |profile| Request { profile: Some(profile), ..Request::default() }.resolve();
/// let explanation = explain(&table, &spec(Profile::Meta)?, &spec(Profile::DlWald)?)?;
/// let estimate = &explanation.gaps[0];
/// assert_eq!(explanation.conventions[0].convention, "tau2");
/// assert!((estimate.shares.as_ref().unwrap()[0] - estimate.gap.unwrap()).abs() < 1e-15);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn explain(table: &Dataset, a: &Spec, b: &Spec) -> Result<Explanation, Error> {
    let mut analyses = MixedAnalyses::new(table, a, b)?;
    let groups = analyses.groups();
    let gaps = (0..QUANTITIES.len()).map(|index| gap(index, &groups, &mut analyses)).collect();
    let conventions =
        groups.iter().map(|&group| ConventionChange::new(&analyses.members(group).collect::<Vec<_>>(), a, b));
    Ok(Explanation {
        conventions: conventions.collect(),
        studies: [fit(table, a)?.k(), fit(table, b)?.k()],
        analyses: analyses.count(),
        gaps,
    })
}

impl ConventionChange {
    fn new(conventions: &[Convention], a: &Spec, b: &Spec) -> Self {
        let joined = |text: &dyn Fn(&Convention) -> String| {
            conventions.iter().map(text).collect::<Vec<_>>().join(", ")
        };
        Self {
            convention: joined(&|convention| convention.name().to_string()),
            a: joined(&|convention| convention.choice(a)),
            b: joined(&|convention| convention.choice(b)),
        }
    }
}

fn gap(quantity: usize, groups: &[Set], analyses: &mut MixedAnalyses<'_>) -> Gap {
    let all = groups.iter().fold(0, |all, group| all | group);
    let (a, b) = (analyses.value(0, quantity), analyses.value(all, quantity));
    let name = QUANTITIES[quantity].0;
    let comparable = name != "tau2" || analyses.is_one_scale();
    let gap = a.zip(b).filter(|_| comparable).map(|(a, b)| b - a);
    let shares = gap.and_then(|_| shapley(groups, |from_b| analyses.value(from_b, quantity)));
    Gap { quantity: name, a, b, gap, shares }
}
