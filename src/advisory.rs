//! What a statistician would say about a result before handing it on.

use serde::{Deserialize, Serialize};

/// A remark that travels with a result: a code a script can match, and a sentence.
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
pub enum Code {
    /// Two studies carry the same name; both are kept.
    DuplicateStudies,
    /// The totals row at the bottom of the table is not the sum of the rows above it.
    TotalsDiffer,
    /// The last row has no name and is the sum of the rows above it; it is kept as a study.
    UnnamedTotals,
    /// The table has percentages, and the events were derived from them.
    EventsDerived,
    /// A percentage can stand for several counts; the nearest was taken.
    EventsAmbiguous,
    /// A percentage is possible only where digits are cut off instead of rounded.
    PercentTruncated,
    /// One study: there is nothing to pool.
    SingleStudy,
    /// Fewer than five studies: τ² and everything built on it is poorly known.
    FewStudies,
    /// A printed proportion or limit was cut to [0, 1].
    OutsideRange,
    /// The Knapp-Hartung standard error is 0.
    HkDegenerate,
    /// The Knapp-Hartung interval is narrower than the Wald interval.
    HkNarrower,
    /// Both ends of the Q-profile interval lie below 0.
    Tau2IntervalEmpty,
    /// The Freeman-Tukey back-transform leaves the range of the studies.
    FreemanTukeyInverse,
    /// Studies were left out because their estimate or variance is not finite.
    StudiesExcluded,
    /// A published claim holds only where digits are cut off instead of rounded.
    ClaimTruncated,
    /// The prediction interval is narrower than the confidence interval.
    PredictionNarrower,
    /// I² is 75 % or more and no prediction interval is given.
    HeterogeneityWithoutPrediction,
    /// The amount of the zero-cell correction decides the result.
    ZeroCellsCarryResult,
    /// One study has more than half of the weight.
    DominatingStudy,
    /// The estimate of τ² is 0.
    Tau2AtBoundary,
    /// The estimate of τ² lies outside its own interval.
    Tau2OutsideInterval,
    /// A limit of τ² that was asked for does not exist, or was not found.
    Tau2IntervalMissing,
    /// A cut-off was asked about, and the model has no distribution of true proportions.
    NoDistribution,
    /// A cut-off was asked about, and τ² is 0: the share above it is 0 or 1, without an interval.
    CutoffAtBoundary,
}

impl Code {
    /// Whether the remark was made while the table was read, so that it cannot be made again
    /// from the studies alone.
    #[must_use]
    pub const fn of_reading(self) -> bool {
        matches!(
            self,
            Self::TotalsDiffer
                | Self::UnnamedTotals
                | Self::EventsDerived
                | Self::EventsAmbiguous
                | Self::PercentTruncated
        )
    }
}
