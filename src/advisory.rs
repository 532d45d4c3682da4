//! Advisories: remarks on a result that a reader should know about.

use serde::{Deserialize, Serialize};

/// A remark on a result: a code that scripts can match, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// The kind of remark.
    pub code: Code,
    /// One sentence with the numbers in it.
    pub message: String,
}

impl Advisory {
    /// An advisory of this kind, with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The kinds of advisory; the key in the result document is kebab-case (`few-studies`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// Two studies carry the same name; both are kept.
    DuplicateStudies,
    /// Rows share a study, or a cluster, and the model takes them as independent.
    RowsShareStudy,
    /// A cluster has rows in several subgroups, so that these cannot be compared as independent.
    ClustersSpanLevels,
    /// Rows have no value in the column of the clusters; each is a cluster of its own.
    ClusterMissing,
    /// Every cluster has one row, or there is one cluster: the variances between and within are not told apart.
    VariancesNotSeparable,
    /// A row that is named as a total is not the sum of the rows above it.
    #[serde(alias = "totals-differ")]
    TotalDiffers,
    /// A row is the sum of rows above or below it and not named as a total; it is kept as a study.
    #[serde(alias = "unnamed-totals")]
    SumRow,
    /// A printed percentage is not that of the counts beside it.
    PercentMismatch,
    /// Fractional events were rounded.
    EventsRounded,
    /// No column has the names of the studies.
    StudiesNumbered,
    /// Rows without a name were taken as going on from the row above.
    NamesContinued,
    /// Percentages below 1 without a sign were read as percentages or as fractions.
    PercentScale,
    /// The nearest count was taken for a percentage that no count gives.
    PercentImpossible,
    /// The text was not UTF-8 and was read in another encoding.
    Encoding,
    /// Lines above the header were passed over.
    LinesSkipped,
    /// The table has percentages, and the events were derived from them.
    EventsDerived,
    /// A percentage is consistent with several counts; the nearest was used.
    EventsAmbiguous,
    /// A percentage is possible only if digits were cut off instead of rounded.
    PercentTruncated,
    /// The limits of estimates are far from symmetric on the scale on which they were read, and are not on another.
    LimitsAsymmetric,
    /// One study: there is nothing to pool.
    SingleStudy,
    /// A meta-regression has fewer than ten studies for each coefficient beside the intercept.
    FewStudiesPerCoefficient,
    /// Fewer than five studies: the estimate of τ², and everything that depends on it, is imprecise.
    FewStudies,
    /// A proportion or limit was clipped to [0, 1].
    OutsideRange,
    /// The Knapp-Hartung or the cluster-robust standard error is 0.
    HkDegenerate,
    /// The interval asked for has no finite limits.
    IntervalMissing,
    /// The Knapp-Hartung interval is narrower than the Wald interval.
    HkNarrower,
    /// Both ends of the Q-profile interval lie below 0.
    Tau2IntervalEmpty,
    /// The Freeman-Tukey inverse is outside the range of the studies, far from sin², or cut to 0 or 1.
    FreemanTukeyInverse,
    /// Studies were excluded because their estimate or variance is not finite.
    StudiesExcluded,
    /// A published claim holds only if digits were cut off instead of rounded.
    ClaimTruncated,
    /// A pooled result in a manuscript is that of no outcome of the analysis.
    ResultNotMatched,
    /// A published claim holds only if a figure was rounded twice.
    ClaimRoundedTwice,
    /// A published claim holds only at the τ² where a package's iteration stops.
    ClaimEarlyStop,
    /// The prediction interval is narrower than the confidence interval.
    PredictionNarrower,
    /// I² is 75 % or more and no prediction interval is given.
    HeterogeneityWithoutPrediction,
    /// The result depends on the zero-cell correction: strongly on its amount, or since a fifth or more of the studies
    /// have none (or all) of the events.
    ZeroCellsCarryResult,
    /// One study has more than half of the weight.
    DominatingStudy,
    /// The estimate of τ² is 0.
    Tau2AtBoundary,
    /// The estimate of τ² lies outside its own interval.
    Tau2OutsideInterval,
    /// A requested limit of τ² does not exist, or was not found.
    Tau2IntervalMissing,
    /// The Wald test of a model of the counts leaves out studies with none or all of the events.
    WaldLeavesOut,
    /// A cut-off was given, but the model has no distribution of true proportions.
    NoDistribution,
    /// A cut-off was given, but τ² is 0: the proportion above it is 0 or 1, without an interval.
    CutoffAtBoundary,
}

impl Code {
    /// Whether the advisory results from reading the table, so that it cannot be derived again from the
    /// studies.
    #[must_use]
    pub const fn results_from_reading(self) -> bool {
        matches!(
            self,
            Self::TotalDiffers
                | Self::SumRow
                | Self::ClusterMissing
                | Self::PercentMismatch
                | Self::EventsRounded
                | Self::StudiesNumbered
                | Self::NamesContinued
                | Self::PercentScale
                | Self::PercentImpossible
                | Self::Encoding
                | Self::LinesSkipped
                | Self::EventsDerived
                | Self::EventsAmbiguous
                | Self::PercentTruncated
                | Self::LimitsAsymmetric
        )
    }
}
