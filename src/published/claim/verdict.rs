//! Holds, holds-truncated, fails, not-checkable.

use serde::Serialize;

use crate::model::Value;

use super::{Claim, Field, Figure};
use crate::published::consistency::SummaryCheck;

/// Whether a printed figure holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The value rounds to the printed digits, half up or half to even.
    Holds,
    /// Only cutting digits off gives the printed digits.
    HoldsTruncated,
    /// No rule gives the printed digits, or the figures contradict each other.
    Fails,
    /// There is nothing to hold it against; the reason says what is missing.
    NotCheckable,
}

impl Verdict {
    /// The word in documents.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsTruncated => "holds-truncated",
            Self::Fails => "fails",
            Self::NotCheckable => "not-checkable",
        }
    }

    /// One verdict on several: one failure fails all; else what could be checked decides.
    ///
    /// ```
    /// use metaprop::published::claim::Verdict::{self, *};
    /// assert_eq!(Verdict::joint([Holds, NotCheckable]), Holds);
    /// assert_eq!(Verdict::joint([Holds, HoldsTruncated]), HoldsTruncated);
    /// assert_eq!(Verdict::joint([NotCheckable, Fails]), Fails);
    /// assert_eq!(Verdict::joint([]), NotCheckable);
    /// ```
    #[must_use]
    pub fn joint(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().fold(Self::NotCheckable, |all, one| match (all, one) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::NotCheckable, other) | (other, Self::NotCheckable) => other,
            (Self::HoldsTruncated, _) | (_, Self::HoldsTruncated) => Self::HoldsTruncated,
            (Self::Holds, Self::Holds) => Self::Holds,
        })
    }
}

/// The verdict on one printed field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldVerdict {
    /// The field's key, or the key of what was held against it (`elsewhere`, `parts`, …).
    pub field: &'static str,
    /// Whose it is; absent for the pooled result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<Box<str>>,
    /// As it was printed.
    pub printed: String,
    /// What was computed in its place: proportions are fractions, I² is in percent.
    pub recomputed: Option<Value>,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why, in one sentence; always there unless the field plainly holds.
    pub reason: Option<String>,
}

impl FieldVerdict {
    pub(super) fn new(field: Field, study: Option<&str>, printed: &Figure, verdict: Verdict) -> Self {
        Self {
            field: field.key(),
            study: study.map(Into::into),
            printed: printed.to_string(),
            recomputed: None,
            verdict,
            reason: None,
        }
    }

    pub(super) fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    pub(super) fn giving(self, recomputed: Value) -> Self {
        Self { recomputed: Some(recomputed), ..self }
    }
}

/// The verdict on one claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimVerdict {
    /// The outcome's id.
    pub outcome: String,
    /// Where it was printed.
    pub source: String,
    /// The verdict on the whole: one failure fails it, and it holds only if what it is about holds.
    pub verdict: Verdict,
    /// The reader's note in the analysis file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// One verdict a printed field.
    pub fields: Vec<FieldVerdict>,
    /// What a pooled estimate says alone, where there are no per-study data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alone: Option<SummaryCheck>,
}

impl ClaimVerdict {
    pub(super) fn new(claim: &Claim, fields: Vec<FieldVerdict>, alone: Option<SummaryCheck>) -> Self {
        Self {
            outcome: claim.outcome.clone(),
            source: claim.source.clone(),
            verdict: overall(&fields),
            note: claim.note.clone(),
            fields,
            alone,
        }
    }

    /// The verdict on a field of the pooled result.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&FieldVerdict> {
        self.fields.iter().find(|field| field.field == key && field.study.is_none())
    }
}

/// The joint verdict; but where the figure that the claim is about could not be checked, sums that
/// add up beside it do not make the claim hold.
fn overall(fields: &[FieldVerdict]) -> Verdict {
    let joint = Verdict::joint(fields.iter().map(|field| field.verdict));
    let about = [Field::Estimate.key(), Field::Percent.key()];
    let headline = fields.iter().find(|field| field.study.is_none() && about.contains(&field.field));
    match headline {
        Some(field) if field.verdict == Verdict::NotCheckable && joint != Verdict::Fails => {
            Verdict::NotCheckable
        }
        _ => joint,
    }
}
