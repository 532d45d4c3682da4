//! The verdict on a printed field, and on a claim.

use std::fmt;

use serde::{Serialize, Serializer};

use super::reason::Reason;
use super::{Claim, Entry, Field, Figure};
use crate::model::Value;
use crate::printed::{Consistency, Printed};
use crate::published::consistency::SummaryCheck;

/// Whether a printed figure agrees with what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// The value rounds to the printed digits, half up or half to even.
    Holds,
    /// Only cutting digits off gives the printed digits.
    HoldsTruncated,
    /// Only rounding half up to one digit more, and that half up again, gives the printed digits.
    HoldsRoundedTwice,
    /// Only the value at which a package's iteration stops by its documented rule gives the printed digits; the
    /// converged value does not.
    HoldsEarlyStop,
    /// No rule gives the printed digits, or the figures contradict each other.
    Fails,
    /// There is nothing to compare the figure with; the reason says what is missing.
    NotCheckable,
}

impl Verdict {
    /// The word in documents.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::HoldsTruncated => "holds-truncated",
            Self::HoldsRoundedTwice => "holds-rounded-twice",
            Self::HoldsEarlyStop => "holds-early-stop",
            Self::Fails => "fails",
            Self::NotCheckable => "not-checkable",
        }
    }

    /// Whether the figure holds, with or without a remark on how.
    ///
    /// ```
    /// use metaprop::published::claim::Verdict;
    /// assert!(Verdict::HoldsRoundedTwice.holds() && !Verdict::NotCheckable.holds());
    /// ```
    #[must_use]
    pub const fn holds(self) -> bool {
        self.order() < Self::Fails.order()
    }

    /// Whether the figure holds with a remark on how: cut digits, two roundings, an iteration stopped early.
    #[must_use]
    pub const fn holds_with_remark(self) -> bool {
        self.holds() && self.order() > Self::Holds.order()
    }

    /// From the plainest agreement to none.
    pub(in crate::published) const fn order(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::HoldsTruncated => 1,
            Self::HoldsRoundedTwice => 2,
            Self::HoldsEarlyStop => 3,
            Self::Fails => 4,
            Self::NotCheckable => 5,
        }
    }

    /// One verdict on several figures: `Fails` if one fails; else that of those that could be checked.
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
            (Self::NotCheckable, other) | (other, Self::NotCheckable) => other,
            (one, other) if one.order() >= other.order() => one,
            (_, other) => other,
        })
    }
}

impl From<Consistency> for Verdict {
    fn from(consistency: Consistency) -> Self {
        match consistency {
            Consistency::HalfUp | Consistency::HalfEven => Self::Holds,
            Consistency::Truncation => Self::HoldsTruncated,
            Consistency::RoundedTwice => Self::HoldsRoundedTwice,
            Consistency::No => Self::Fails,
        }
    }
}

/// What a verdict is about: a field, or a figure that a claim prints besides its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckedField {
    /// A field of the pooled result or of a study.
    Field(Field),
    /// The same figure printed elsewhere.
    Elsewhere,
    /// The sum of the sizes of groups.
    Parts,
    /// The sum of the events of groups.
    PartEvents,
    /// The sum of numbers of studies.
    PartK,
    /// A claim in words.
    Statement,
}

impl CheckedField {
    /// The key in the analysis file and in documents.
    ///
    /// ```
    /// use metaprop::published::claim::{CheckedField, Field};
    /// assert_eq!(CheckedField::Field(Field::I2).key(), "i2");
    /// assert_eq!(CheckedField::PartEvents.key(), "part-events");
    /// ```
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Field(field) => field.key(),
            Self::Elsewhere => "elsewhere",
            Self::Parts => "parts",
            Self::PartEvents => "part-events",
            Self::PartK => "part-k",
            Self::Statement => "statement",
        }
    }
}

impl fmt::Display for CheckedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl Serialize for CheckedField {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}

/// What was printed; `Display` and `Serialize` write it as text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AsPrinted {
    /// One number or two limits.
    Figure(Figure),
    /// Numbers that should add up.
    Sum(Vec<Printed>),
    /// Words.
    Words(String),
}

impl AsPrinted {
    /// Whether a figure of it is printed in percent.
    #[must_use]
    pub fn is_in_percent(&self) -> bool {
        matches!(self, Self::Figure(figure) if figure.is_in_percent())
    }

    /// How many decimals a figure of it is printed with.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        if let Self::Figure(figure) = self { figure.decimals() } else { 0 }
    }

    /// Per how many a figure of it is printed, where that is neither percent nor a fraction.
    #[must_use]
    pub fn per(&self) -> Option<u64> {
        match self {
            Self::Figure(figure) => figure.per(),
            _ => None,
        }
    }
}

impl fmt::Display for AsPrinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure(figure) => figure.fmt(f),
            Self::Sum(parts) => {
                let parts = parts.iter().map(ToString::to_string).collect::<Vec<_>>();
                f.write_str(&parts.join(" + "))
            }
            Self::Words(words) => f.write_str(words),
        }
    }
}

impl Serialize for AsPrinted {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The verdict on one printed field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FieldVerdict {
    /// The field.
    pub field: CheckedField,
    /// The study's name; absent for the pooled result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<Box<str>>,
    /// As it was printed.
    pub printed: AsPrinted,
    /// The value that it was compared with: proportions are fractions, I² is in percent.
    pub recomputed: Option<Value>,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Why; empty only where the field holds by rounding.
    #[serde(rename = "reason", serialize_with = "as_sentence")]
    pub reasons: Vec<Reason>,
}

impl FieldVerdict {
    pub(super) fn new(field: CheckedField, printed: AsPrinted, verdict: Verdict) -> Self {
        Self { field, study: None, printed, recomputed: None, verdict, reasons: Vec::new() }
    }

    pub(in crate::published) fn of_entry(entry: &Entry, verdict: Verdict) -> Self {
        let printed = AsPrinted::Figure(entry.printed.clone());
        Self { study: entry.study.clone(), ..Self::new(CheckedField::Field(entry.field), printed, verdict) }
    }

    /// With one more reason.
    pub(in crate::published) fn because(mut self, reason: impl Into<Reason>) -> Self {
        self.reasons.push(reason.into());
        self
    }

    /// With the value that it was compared with.
    pub(super) fn with_value(self, value: Value) -> Self {
        Self { recomputed: Some(value), ..self }
    }

    /// The reasons in one sentence; `None` where there are none.
    ///
    /// ```
    /// use metaprop::published::claim::{check_summary, Claim};
    /// use metaprop::options::Level;
    /// let mut claim = Claim::new("x", "y");
    /// claim.set("percent", &["58.4%"])?;
    /// let checked = check_summary(&claim, Level::DEFAULT);
    /// assert_eq!(
    ///     checked.fields[0].reason().unwrap(),
    ///     "no n is printed, so no count can be held against it"
    /// );
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        sentence(&self.reasons)
    }
}

fn sentence(reasons: &[Reason]) -> Option<String> {
    let reasons = reasons.iter().map(ToString::to_string).collect::<Vec<_>>();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

fn as_sentence<S: Serializer>(reasons: &[Reason], to: S) -> Result<S::Ok, S::Error> {
    sentence(reasons).serialize(to)
}

/// The verdict on one claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClaimVerdict {
    /// The outcome's id.
    pub outcome: String,
    /// Where it was printed.
    pub source: String,
    /// The level of a subgroup that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<String>,
    /// The coefficient of a meta-regression that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coefficient: Option<String>,
    /// The verdict on the whole: `Fails` if one field fails; else that of the fields that could be checked,
    /// but `NotCheckable` where the estimate or percentage itself could not be.
    pub verdict: Verdict,
    /// The note in the analysis file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The verdict on each printed field.
    pub fields: Vec<FieldVerdict>,
    /// What the estimate and its interval imply, where there are no per-study data.
    #[serde(rename = "alone", skip_serializing_if = "Option::is_none")]
    pub summary_check: Option<SummaryCheck>,
}

impl ClaimVerdict {
    /// The outcome by this name, and the level of the subgroup or the coefficient: `Good regrowth, AT/AU`.
    #[must_use]
    pub fn about(&self, outcome: &str) -> String {
        match self.subgroup.as_ref().or(self.coefficient.as_ref()) {
            Some(part) => format!("{outcome}, {part}"),
            None => outcome.to_string(),
        }
    }

    pub(in crate::published) fn new(
        claim: &Claim,
        fields: Vec<FieldVerdict>,
        summary_check: Option<SummaryCheck>,
    ) -> Self {
        Self {
            outcome: claim.outcome.clone(),
            source: claim.source.clone(),
            subgroup: claim.subgroup.clone(),
            coefficient: claim.coefficient.clone(),
            verdict: overall(&fields),
            note: claim.note.clone(),
            fields,
            summary_check,
        }
    }

    /// The verdict on the field of the pooled result with this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&FieldVerdict> {
        self.fields.iter().find(|field| field.field.key() == key && field.study.is_none())
    }
}

/// The joint verdict; but sums that add up do not make a claim hold whose estimate or percentage could not be
/// checked.
fn overall(fields: &[FieldVerdict]) -> Verdict {
    const MAIN: [CheckedField; 2] =
        [CheckedField::Field(Field::Estimate), CheckedField::Field(Field::Percent)];
    let joint = Verdict::joint(fields.iter().map(|field| field.verdict));
    let main = fields.iter().find(|field| field.study.is_none() && MAIN.contains(&field.field));
    match main {
        Some(field) if field.verdict == Verdict::NotCheckable && joint != Verdict::Fails => {
            Verdict::NotCheckable
        }
        _ => joint,
    }
}

/// The verdicts on a claim about an outcome whose data have impossible percentages, so that nothing can be
/// recomputed; `impossible` is their number.
#[must_use]
pub fn unchecked(claim: &Claim, impossible: usize) -> ClaimVerdict {
    let fields = claim.entries.iter().map(|entry| {
        FieldVerdict::of_entry(entry, Verdict::NotCheckable).because(Reason::ImpossibleData(impossible))
    });
    ClaimVerdict::new(claim, fields.collect(), None)
}
