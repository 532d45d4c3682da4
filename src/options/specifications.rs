//! Several values of a choice at once: the specifications that they give.

use super::row::{OptionRow, OptionSet};
use super::{Request, Spec};
use crate::error::{Error, Problem};

/// Choices of which each may have several values: one specification for each combination that goes together.
///
/// ```
/// use metaprop::options::{Ci, Specifications};
///
/// let mut lists = Specifications::default();
/// for (key, value) in [("measure", "raw"), ("measure", "logit"), ("ci", "wald"), ("ci", "hk")] {
///     lists.add(key, value)?;
/// }
/// let combined = lists.combine()?;
/// assert_eq!((combined.specs.len(), combined.left_out), (4, 0));
/// assert_eq!(combined.specs[1].ci(), Ci::Hk);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Specifications {
    /// The key of a choice and a value of it, in the order in which they were added.
    values: Vec<(&'static str, String)>,
}

/// The specifications of [`Specifications::combine`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CombinedSpecs {
    /// Each once, in the order of the table of options and of the values.
    pub specs: Vec<Spec>,
    /// How many combinations do not go together.
    pub left_out: usize,
}

/// The choices that can have several values: those that a pooled value and its limits depend on.
const KEYS: [&str; 10] = [
    "profile",
    "measure",
    "model",
    "quadrature",
    "tau2",
    "ci",
    "zero-cells",
    "zero-amount",
    "back-transform",
    "level",
];

impl Specifications {
    /// The rows of the table of options that can have several values.
    pub(crate) fn rows() -> impl Iterator<Item = &'static OptionRow<Request>> {
        Request::typed().filter(|row| KEYS.contains(&row.key))
    }

    /// The keys of the choices that can have several values.
    ///
    /// ```
    /// assert!(metaprop::options::Specifications::keys().any(|key| key == "measure"));
    /// ```
    pub fn keys() -> impl Iterator<Item = &'static str> {
        Self::rows().map(|row| row.key)
    }

    /// The value of one of these choices in a specification, as it could be typed; `None` where it does not apply.
    ///
    /// ```
    /// use metaprop::{Spec, options::Specifications};
    /// assert_eq!(Specifications::value(&Spec::default(), "measure").as_deref(), Some("logit"));
    /// assert_eq!(Specifications::value(&Spec::default(), "back-transform"), None);
    /// ```
    #[must_use]
    pub fn value(spec: &Spec, key: &str) -> Option<String> {
        if key.starts_with("zero-") && !spec.is_correctable() {
            return None;
        }
        let row = Spec::CHOICES.iter().find(|row| row.option.key == key)?;
        row.value(spec).map(|value| value.to_string())
    }

    /// The different values of one of these choices in specifications to which it applies.
    pub(crate) fn values<'s>(specs: impl IntoIterator<Item = &'s Spec>, key: &str) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for value in specs.into_iter().filter_map(|spec| Self::value(spec, key)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    /// Adds a value of a choice, as it is typed.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the choice cannot have several values, or has no such value.
    pub fn add(&mut self, key: &str, typed: &str) -> Result<(), Error> {
        let row = Self::rows().find(|row| row.key == key).ok_or_else(|| {
            let problem = Problem::new(format!("'{key}' is not a choice of a specification"));
            Error::Usage(vec![problem.help(format!("known: {}", KEYS.join(", ")))])
        })?;
        (row.set)(&mut Request::default(), typed)?;
        self.values.push((row.key, typed.to_owned()));
        Ok(())
    }

    /// Every combination of the values that goes together; what has no value takes its default.
    ///
    /// Where no value of a choice goes with the choices before it, the default stands in its place: the estimators of τ²
    /// do not apply to the beta-binomial model, which is combined with the other choices all the same.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every value that is in no specification.
    ///
    /// ```
    /// use metaprop::options::{Model, Specifications};
    ///
    /// let mut lists = Specifications::default();
    /// for (key, value) in [("model", "random"), ("model", "beta-binomial"), ("tau2", "dl"), ("tau2", "pm")] {
    ///     lists.add(key, value)?;
    /// }
    /// let models: Vec<Model> = lists.combine()?.specs.iter().map(|spec| spec.model()).collect();
    /// assert_eq!(models, [Model::Random, Model::Random, Model::BetaBinomial]);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn combine(&self) -> Result<CombinedSpecs, Error> {
        let (mut requests, mut left_out) = (vec![Request::default()], 0);
        let (mut seen, mut problems): (Vec<(&str, &str)>, Vec<Problem>) = (Vec::new(), Vec::new());
        for row in Self::rows() {
            let typed: Vec<&str> =
                self.values.iter().filter(|(key, _)| *key == row.key).map(|(_, typed)| &**typed).collect();
            if typed.is_empty() {
                continue;
            }
            let mut next = Vec::new();
            for request in &requests {
                let with: Vec<(&str, Request)> = typed
                    .iter()
                    .filter_map(|typed| Some((*typed, goes_with(request, row, typed).ok()?)))
                    .collect();
                left_out += if with.is_empty() { 0 } else { typed.len() - with.len() };
                seen.extend(with.iter().map(|(typed, _)| (row.key, *typed)));
                next.extend(if with.is_empty() {
                    vec![*request]
                } else {
                    with.into_iter().map(|(_, request)| request).collect()
                });
            }
            problems.extend(
                typed
                    .iter()
                    .filter(|typed| !seen.contains(&(row.key, typed)))
                    .flat_map(|typed| why_not(&requests, row, typed)),
            );
            requests = next;
        }
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let mut specs: Vec<Spec> = Vec::with_capacity(requests.len());
        for request in requests {
            let spec = request.resolve()?;
            if !specs.contains(&spec) {
                specs.push(spec);
            }
        }
        Ok(CombinedSpecs { specs, left_out })
    }
}

/// The request with one more value, where that goes with what it has.
fn goes_with(request: &Request, row: &OptionRow<Request>, typed: &str) -> Result<Request, Error> {
    let mut with = *request;
    (row.set)(&mut with, typed)?;
    with.resolve().map(|_| with)
}

/// Why a value goes with none of the requests: what the first of them has against it.
fn why_not(requests: &[Request], row: &OptionRow<Request>, typed: &str) -> Vec<Problem> {
    match requests.first().map(|request| goes_with(request, row, typed)) {
        Some(Err(Error::Usage(problems))) => problems,
        _ => vec![Problem::new(format!("{} = {typed} goes with none of the other choices", row.key))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(values: &[(&str, &str)]) -> Specifications {
        let mut lists = Specifications::default();
        values.iter().for_each(|(key, typed)| lists.add(key, typed).unwrap());
        lists
    }

    #[test]
    fn nothing_given_is_the_default() {
        assert_eq!(Specifications::default().combine().unwrap().specs, [Spec::default()]);
    }

    #[test]
    fn combinations_that_do_not_go_together_are_counted() {
        let combined =
            lists(&[("tau2", "reml"), ("tau2", "ml"), ("ci", "hk"), ("ci", "profile")]).combine().unwrap();
        assert_eq!((combined.specs.len(), combined.left_out), (3, 1));
    }

    #[test]
    fn a_choice_of_one_measure_leaves_the_others_as_they_are() {
        let lists = lists(&[
            ("measure", "raw"),
            ("measure", "freeman-tukey"),
            ("back-transform", "harmonic"),
            ("back-transform", "none"),
        ]);
        assert_eq!(lists.combine().unwrap().specs.len(), 3);
    }

    #[test]
    fn a_value_in_no_specification_is_named() {
        let error =
            lists(&[("measure", "raw"), ("back-transform", "none"), ("ci", "profile"), ("tau2", "dl")]);
        let error = error.combine().unwrap_err().to_string();
        assert!(error.contains("back-transform = none") && error.contains("ci = profile"), "{error}");
        assert!(Specifications::default().add("cutoff", "50%").unwrap_err().to_string().contains("cutoff"));
    }

    #[test]
    fn a_value_twice_gives_one_specification() {
        assert_eq!(lists(&[("ci", "hk"), ("ci", "knha")]).combine().unwrap().specs.len(), 1);
    }
}
