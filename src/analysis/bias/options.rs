//! What can be chosen for the tests of small-study effects.

use serde::Serialize;

use crate::error::Error;

/// The direction of the p-values that decide on publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Alternative {
    /// Small where the estimate is above the value under test.
    #[default]
    Greater,
    /// Small where it is below.
    Less,
    /// Small where it differs.
    TwoSided,
}

/// What can be chosen for the tests of small-study effects.
///
/// ```
/// use metaprop::analysis::{Alternative, BiasOptions};
/// let options = BiasOptions::default();
/// assert_eq!((options.steps, options.alternative, options.orwin_target), (vec![0.025], Alternative::Greater, None));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BiasOptions {
    /// The limits of the intervals of p in the selection model.
    pub steps: Vec<f64>,
    /// The direction of these p.
    pub alternative: Alternative,
    /// What the mean comes down to in Orwin's fail-safe N, as it is shown; `None` for half-way to the value under test.
    pub orwin_target: Option<f64>,
}

impl Default for BiasOptions {
    fn default() -> Self {
        Self { steps: vec![0.025], alternative: Alternative::Greater, orwin_target: None }
    }
}

impl BiasOptions {
    /// Steps ascend between 0 and 1.
    pub(super) fn check(&self) -> Result<(), Error> {
        let ascend = self.steps.windows(2).all(|pair| pair[0] < pair[1]);
        if self.steps.is_empty() || !ascend || !self.steps.iter().all(|step| *step > 0.0 && *step < 1.0) {
            return Err(Error::usage("the steps of p ascend, each above 0 and below 1"));
        }
        if self.orwin_target.is_some_and(|target| !target.is_finite()) {
            return Err(Error::usage("the target of Orwin's fail-safe N is a number"));
        }
        Ok(())
    }
}
