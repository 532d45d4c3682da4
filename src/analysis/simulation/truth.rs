//! What a simulation states to be true.

use serde::Serialize;

use super::population::Population;
use super::study_sizes::StudySizes;
use crate::data::Counts;
use crate::error::{Error, Problem};
use crate::numeric::random::Stream;
use crate::options::{Choice, Link, Target, TrueDistribution};

/// One scenario: how many studies there are, of how many people, and how their true proportions are distributed.
///
/// Of each study a true proportion P is drawn, whose value g(P) on the scale of the link has the mean g(p) and the
/// variance τ², and then a binomial number of events. [`TrueDistribution::Beta`] is the distribution of P itself.
///
/// ```
/// use metaprop::analysis::{StudySizes, Truth};
/// use metaprop::options::Target;
///
/// let sizes = StudySizes::Between { least: 10, most: 60 };
/// let truth = Truth::new(14, sizes, 0.2).tau2(0.5);
/// assert_eq!(truth.value(Target::Median)?, 0.2);
/// assert!(truth.value(Target::Mean)? > 0.21);
/// assert_eq!(truth.draw(1, 0)?.len(), 14);
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Truth {
    /// The number of studies.
    pub k: usize,
    /// How many people they have.
    pub n: StudySizes,
    /// The proportion p: the mean of the distribution on the scale of the link, taken back.
    pub p: f64,
    /// The variance τ² of the true proportions on the scale of the link.
    #[serde(rename = "true_tau2")]
    pub tau2: f64,
    /// The scale on which they are distributed.
    pub link: Link,
    /// How.
    pub distribution: TrueDistribution,
}

/// More studies than these are no meta-analysis that is drawn again and again.
const MOST_STUDIES: usize = 1_000_000;

impl Truth {
    /// Studies of the same true proportion, until a variance is given; distributed normally on the logit scale.
    #[must_use]
    pub const fn new(k: usize, n: StudySizes, p: f64) -> Self {
        Self { k, n, p, tau2: 0.0, link: Link::Logit, distribution: TrueDistribution::Normal }
    }

    /// With this variance of the true proportions on the scale of the link.
    #[must_use]
    pub fn tau2(self, tau2: f64) -> Self {
        Self { tau2, ..self }
    }

    /// On this scale.
    #[must_use]
    pub fn link(self, link: Link) -> Self {
        Self { link, ..self }
    }

    /// With this distribution; the beta distribution is that of the proportions themselves, whatever the link was.
    #[must_use]
    pub fn distribution(self, distribution: TrueDistribution) -> Self {
        let link = if distribution == TrueDistribution::Beta { Link::Raw } else { self.link };
        Self { distribution, link, ..self }
    }

    /// What estimates are compared with: the median of the true proportions, their mean, or p.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no such truth.
    pub fn value(&self, target: Target) -> Result<f64, Error> {
        self.population().map(|population| population.value(target))
    }

    /// The probability that a true proportion is 0 or 1, because its draw lies beyond the end of the scale.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no such truth.
    ///
    /// ```
    /// use metaprop::analysis::{StudySizes, Truth};
    /// use metaprop::options::Link;
    ///
    /// let truth = Truth::new(5, StudySizes::Listed(vec![50]), 0.9).tau2(0.01).link(Link::Raw);
    /// assert!((truth.at_ends()? - 0.1587).abs() < 1e-4);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn at_ends(&self) -> Result<f64, Error> {
        self.population().map(|population| population.at_ends())
    }

    /// The table of one repetition; every specification is computed on the same tables.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no such truth.
    pub fn draw(&self, seed: u64, repetition: u32) -> Result<Vec<Counts>, Error> {
        let mut table = Vec::with_capacity(self.k);
        self.population()?.draw(&mut Stream::new(seed, index(0, repetition)), &mut table);
        Ok(table)
    }

    /// The distribution that is drawn from.
    pub(super) fn population(&self) -> Result<Population<'_>, Error> {
        let problems = self.problems();
        if problems.is_empty() {
            return Ok(Population::new(self.k, &self.n, self.p, self.tau2, self.link, self.distribution));
        }
        Err(Error::Usage(problems))
    }

    /// Everything that is wrong with it.
    fn problems(&self) -> Vec<Problem> {
        let Self { k, n, p, tau2, link, distribution } = self;
        let mut problems = Vec::new();
        if !(1..=MOST_STUDIES).contains(k) {
            problems
                .push(Problem::new(format!("k = {k} is not a number of studies from 1 to {MOST_STUDIES}")));
        }
        problems.extend(n.problem());
        let is_proportion = *p > 0.0 && *p < 1.0;
        if !is_proportion {
            let problem = Problem::new(format!("p = {p} is not a proportion strictly between 0 and 1"));
            problems.push(problem.help("write 20% or 0.2"));
        }
        if !(tau2.is_finite() && *tau2 >= 0.0) {
            problems.push(Problem::new(format!("true-tau2 = {tau2} is not a variance from 0 up")));
        }
        if *distribution == TrueDistribution::Beta {
            if *link != Link::Raw {
                let what = format!("link = {} does not apply to distribution = beta", link.key());
                problems.push(
                    Problem::new(what)
                        .help("it is the distribution of the proportions themselves: link = raw"),
                );
            }
            let most = p * (1.0 - p);
            if is_proportion && *tau2 >= most {
                let what =
                    format!("true-tau2 = {tau2} is no variance of a beta distribution with the mean {p}");
                problems.push(Problem::new(what).help(format!("its variance is below p(1 - p) = {most:.4}")));
            }
        }
        problems
    }
}

/// The stream of random numbers of one repetition of one scenario.
pub(super) const fn index(scenario: usize, repetition: u32) -> u64 {
    (scenario as u64) << 32 | repetition as u64
}
