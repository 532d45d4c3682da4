//! One analysis, put together choice by choice.

use crate::analysis::{MetaAnalysis, fit};
use crate::data::Dataset;
use crate::error::{Error, Problem};
// Every type that a row of the table of options may name.
use crate::options::*;

/// An analysis that is being put together. What is not chosen is left to the profile.
///
/// No method fails: what is wrong with a choice, or with several together, is said by [`spec`](Self::spec) and
/// [`fit`](Self::fit), all of it at once. Choices are taken as values or as they are typed on the command line.
///
/// ```
/// use metaprop::options::{Ci, Tau2Method};
/// use metaprop::{Dataset, MetaAnalysis};
///
/// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let result = MetaAnalysis::of_proportions().tau2(Tau2Method::Reml).ci(Ci::Hk).level(90.0).fit(&data)?;
/// assert!(result.pooled().lower < Some(result.pooled().estimate));
///
/// let same = MetaAnalysis::of_proportions().tau2("REML").ci("knha").level("90%").fit(&data)?;
/// assert_eq!(same, result);
///
/// let error = MetaAnalysis::of_proportions().level(195.0).null(7.0).fit(&data).unwrap_err().to_string();
/// assert!(error.contains("195") && error.contains("null = 7"), "{error}");
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "an analysis computes nothing until it is fitted"]
pub struct Analysis {
    request: Request,
    problems: Vec<Problem>,
}

/// What a choice can be given as: itself, or what it can be made from; numbers as numbers.
macro_rules! given {
    (type f64) => { f64 };
    (type u64) => { u64 };
    (type $choice:ident) => { impl TryInto<$choice, Error: Into<Error>> };
    (f64 $value:expr) => { Ok($value) };
    (u64 $value:expr) => { Ok($value) };
    ($choice:ident $value:expr) => { $value.try_into().map_err(Into::into) };
}

/// A method for each row of the table of options.
macro_rules! methods {
    ( $(
        $(#[doc = $doc:literal])+
        $field:ident: $presence:ident $type:ident {
            typed: { key: $key:literal, $($typed:tt)* },
            $($rest:tt)*
        }
    )+ ) => {
        impl Analysis { $(
            $(#[doc = $doc])+
            #[doc = concat!("\n\nAs the flag `--", $key, "`.")]
            pub fn $field(mut self, value: given!(type $type)) -> Self {
                match given!($type value) {
                    Ok(value) => self.request.$field = Some(value),
                    Err(error) => self.refuse(error),
                }
                self
            }
        )+ }
    };
}
each_choice!(methods);

impl Analysis {
    /// An analysis with the choices that were made elsewhere.
    pub fn of(request: Request) -> Self {
        Self { request, problems: Vec::new() }
    }

    /// The complete spec: the profile's defaults where nothing was chosen.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every choice that is impossible or does not go with the others.
    pub fn spec(&self) -> Result<Spec, Error> {
        match (self.request.resolve(), self.problems.is_empty()) {
            (resolved, true) => resolved,
            (Err(Error::Usage(more)), false) => Err(Error::Usage([&self.problems[..], &more].concat())),
            (_, false) => Err(Error::Usage(self.problems.clone())),
        }
    }

    /// Pools the studies. Estimates are shown on the scale of their table, unless an input scale was chosen.
    ///
    /// # Errors
    ///
    /// What [`spec`](Self::spec) and [`fit`](crate::analysis::fit()) say.
    pub fn fit(&self, data: &Dataset) -> Result<MetaAnalysis, Error> {
        let of_estimates = self.request.measure == Some(Measure::Generic);
        let known = of_estimates.then(|| data.input_scale());
        let request = Request { input_scale: self.request.input_scale.or(known), ..self.request };
        fit(data, &Self { request, problems: self.problems.clone() }.spec()?)
    }

    fn refuse(&mut self, error: Error) {
        match error {
            Error::Usage(problems) => self.problems.extend(problems),
            other => self.problems.push(Problem::new(other.to_string())),
        }
    }
}

impl MetaAnalysis {
    /// An analysis of proportions, to be put together choice by choice and then fitted.
    pub fn of_proportions() -> Analysis {
        Analysis::default()
    }

    /// An analysis of estimates with their variances, whatever they are of: log odds ratios, means, hazard ratios.
    ///
    /// ```
    /// use metaprop::options::{Ci, InputScale};
    /// use metaprop::{Dataset, MetaAnalysis};
    ///
    /// // Log hazard ratios, shown as ratios.
    /// let data = Dataset::estimates([("A", -0.35, 0.04), ("B", -0.11, 0.02), ("C", -0.42, 0.09)])?;
    /// let result = MetaAnalysis::of_estimates().input_scale(InputScale::Log).ci(Ci::Wald).fit(&data)?;
    /// assert!((result.pooled().estimate - 0.8028).abs() < 5e-5);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn of_estimates() -> Analysis {
        Analysis::of(Request { measure: Some(Measure::Generic), ..Request::default() })
    }
}
