//! The figures that an outcome can have in its report beside the forest plot.

use crate::error::{Error, Problem, nearest};

/// A figure of an outcome, under its word in `metaprop plot`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutcomePlot {
    /// Estimates against standard errors.
    Funnel,
    /// Normal quantiles of ranks against estimates.
    Doi,
    /// p-value functions.
    Drapery,
    /// What each study adds to the heterogeneity.
    Baujat,
    /// Standardised estimates against precision.
    Radial,
    /// Six numbers of each study's influence.
    Influence,
    /// The estimate of every subset.
    Gosh,
    /// The pooled value without each study.
    LeaveOneOut,
    /// The pooled value as studies are added, in the order of the table.
    Cumulative,
    /// The estimates against the moderator of a meta-regression of the outcome.
    Bubble,
}

/// Figures that a report has by another key, or in any case.
const ELSEWHERE: [(&str, &str); 2] = [
    ("forest", "every outcome has its forest plot without being asked"),
    ("specification", "the specification curve comes with multiverse = true"),
];

impl OutcomePlot {
    /// Every one, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Funnel,
        Self::Doi,
        Self::Drapery,
        Self::Baujat,
        Self::Radial,
        Self::Influence,
        Self::Gosh,
        Self::LeaveOneOut,
        Self::Cumulative,
        Self::Bubble,
    ];

    /// The word: of `metaprop plot`, of the analysis file, and the name of its file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Funnel => "funnel",
            Self::Doi => "doi",
            Self::Drapery => "drapery",
            Self::Baujat => "baujat",
            Self::Radial => "radial",
            Self::Influence => "influence",
            Self::Gosh => "gosh",
            Self::LeaveOneOut => "leave-one-out",
            Self::Cumulative => "cumulative",
            Self::Bubble => "bubble",
        }
    }

    /// The figure of this word.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the nearest word where there is none.
    ///
    /// ```
    /// use metaprop::options::analysis_file::OutcomePlot;
    /// assert_eq!(OutcomePlot::parse("doi")?, OutcomePlot::Doi);
    /// assert!(OutcomePlot::parse("funel").unwrap_err().to_string().contains("did you mean 'funnel'?"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn parse(typed: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|plot| plot.key() == typed);
        found.copied().ok_or_else(|| {
            if let Some((_, why)) = ELSEWHERE.iter().find(|(word, _)| *word == typed) {
                let problem = Problem::new(format!("plots: '{typed}' is not one of its words"));
                return Error::Usage(vec![problem.help(*why)]);
            }
            let words = || Self::ALL.iter().map(|plot| plot.key());
            let known = words().collect::<Vec<_>>().join(", ");
            let help = match nearest(typed, words()) {
                Some(word) => format!("did you mean '{word}'? known: {known}"),
                None => format!("known: {known}"),
            };
            Error::Usage(vec![Problem::new(format!("plots: there is no figure '{typed}'")).help(help)])
        })
    }
}
