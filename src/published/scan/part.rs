//! What an outcome gives for a part of its studies: a level of its subgroups, all studies but one, or a coefficient of a
//! meta-regression.

use serde::Serialize;

use super::about::is_among;
use crate::analysis::{MetaAnalysis, Refit};
use crate::model::Coefficient;
use crate::published::claim::compare::compare;
use crate::published::claim::field_values::{Candidates, candidates};
use crate::published::claim::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, Missing, Verdict, check};

/// What a result is about, where that is not all studies of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScannedPart {
    /// What kind of part it is.
    pub kind: PartKind,
    /// The level, the study that is left out, or the coefficient; of a test the column.
    pub name: String,
    /// The column of the subgroups.
    pub column: Option<String>,
}

/// What kind of part of an outcome a result is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PartKind {
    /// The studies of a level of a column.
    Level,
    /// All studies but one.
    Without,
    /// A coefficient of a meta-regression.
    Coefficient,
    /// The test between the levels of a column.
    Test,
}

/// The values of a part.
#[derive(Debug, Clone)]
pub(super) enum PartValues<'a> {
    Level(&'a MetaAnalysis),
    Without(Refit),
    Coefficient(&'a Coefficient),
}

/// A part of an outcome with its values.
#[derive(Debug, Clone)]
pub(super) struct OutcomePart<'a> {
    /// The outcome, counted from 0.
    pub outcome: usize,
    pub part: ScannedPart,
    /// The words that name it, none where they are too short to tell.
    pub words: Vec<String>,
    pub values: PartValues<'a>,
}

impl OutcomePart<'_> {
    /// Whether a value of the part gives the printed digits; `None` where it has none.
    pub fn gives(&self, entry: &Entry) -> Option<bool> {
        Some(is_among(entry, &self.candidates(entry.field)?))
    }

    /// Every figure of a claim held against the part.
    pub fn check(&self, claim: &Claim) -> ClaimVerdict {
        if let PartValues::Level(result) = self.values {
            return check(claim, result);
        }
        let of_entry = |entry: &Entry| match self.candidates(entry.field) {
            Some(values) => compare(entry, &values),
            None => FieldVerdict::of_entry(entry, Verdict::NotCheckable).because(Missing::Value),
        };
        ClaimVerdict::new(claim, claim.entries.iter().map(of_entry).collect(), None)
    }

    fn candidates(&self, field: Field) -> Option<Candidates> {
        let number = match &self.values {
            PartValues::Level(result) => return candidates(field, None, *result).ok(),
            PartValues::Without(refit) => of_refit(refit, field)?,
            PartValues::Coefficient(coefficient) => match field {
                Field::Estimate => coefficient.estimate,
                Field::Lower => coefficient.lower?,
                Field::Upper => coefficient.upper?,
                _ => return None,
            },
        };
        Some(Candidates::of_number(number))
    }
}

fn of_refit(refit: &Refit, field: Field) -> Option<f64> {
    match field {
        Field::Estimate => refit.estimate,
        Field::Lower => refit.lower,
        Field::Upper => refit.upper,
        Field::K => Some(refit.k as f64),
        Field::Q => refit.q,
        Field::P => refit.p_q,
        Field::Tau2 => refit.tau2,
        Field::I2 => refit.i2,
        _ => None,
    }
}
