//! Verdicts on published claims, as text, Markdown, a document and test cases.

use std::fmt;

use serde::Serialize;

use super::document::{Document, displayed};
use super::junit::{self, Case};
use super::markdown::escaped;
use super::table::{Align, Row, Table};
use super::text::Paint;
use crate::advisory::Advisory;
use crate::analysis::MetaAnalysis;
use crate::data::Provenance;
use crate::format::{NumberFormat, capitalised, fixed, grouped, sanitize, significant};
use crate::model::Value;
use crate::options::Spec;
use crate::published::claim::{CheckedField, Claim, ClaimVerdict, Field, FieldVerdict, Reason, Verdict};

/// The verdicts on the claims of an analysis file, from [`Project::check`](crate::Project::check).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/check/1")]
pub struct CheckReport {
    provenance: Provenance,
    #[serde(rename = "spec")]
    outcomes: Vec<CheckedOutcome>,
    summary: VerdictCounts,
    claims: Vec<ClaimVerdict>,
    advisories: Vec<Advisory>,
}

/// An outcome that claims were held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CheckedOutcome {
    /// Its id.
    #[serde(rename = "outcome")]
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where its studies come from; empty where there are none, and figures were held against each other.
    pub provenance: Provenance,
    /// How it was recomputed; `None` where there are no studies.
    pub spec: Option<Spec>,
}

/// How many claims have each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct VerdictCounts {
    /// Claims that hold by rounding.
    pub holds: usize,
    /// Claims that hold only where digits are cut off.
    pub holds_truncated: usize,
    /// Claims that hold only where a figure was rounded twice.
    pub holds_rounded_twice: usize,
    /// Claims that hold only at the value where a package's iteration stops.
    pub holds_early_stop: usize,
    /// Claims that do not hold.
    pub fails: usize,
    /// Claims that nothing could be held against.
    pub not_checkable: usize,
}

/// What the outcome is called that printed figures are of where no analysis file names it.
const LINE: &str = "line";

impl CheckReport {
    /// `provenance` is that of the analysis file; the verdicts stand in its order.
    pub(crate) fn new(
        provenance: Provenance,
        outcomes: Vec<CheckedOutcome>,
        claims: Vec<ClaimVerdict>,
        advisories: Vec<Advisory>,
    ) -> Self {
        let count = |verdict| claims.iter().filter(|claim| claim.verdict == verdict).count();
        let summary = VerdictCounts {
            holds: count(Verdict::Holds),
            holds_truncated: count(Verdict::HoldsTruncated),
            holds_rounded_twice: count(Verdict::HoldsRoundedTwice),
            holds_early_stop: count(Verdict::HoldsEarlyStop),
            fails: count(Verdict::Fails),
            not_checkable: count(Verdict::NotCheckable),
        };
        Self { provenance, outcomes, summary, claims, advisories }
    }

    /// The verdict on figures that are printed of one result, which is called `title`; no analysis file has them.
    ///
    /// ```
    /// use metaprop::prelude::*;
    /// use metaprop::report::CheckReport;
    ///
    /// let result = MetaAnalysis::of_proportions().fit(&Dataset::read("@tofacitinib-aa")?)?;
    /// let report = CheckReport::of_result(&result, "series", Claim::printed(["estimate=57.1%", "k=13"])?);
    /// assert_eq!(report.counts().fails, 1);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn of_result(result: &MetaAnalysis, title: impl Into<String>, claim: Claim) -> Self {
        let claim = Claim { outcome: LINE.to_owned(), ..claim };
        let provenance = result.data().provenance().clone();
        let outcome = CheckedOutcome {
            id: LINE.to_owned(),
            title: title.into(),
            provenance: provenance.clone(),
            spec: Some(result.spec.clone()),
        };
        let verdict = result.check(&claim);
        Self::new(provenance, vec![outcome], vec![verdict], result.advisories.clone())
    }

    /// The analysis file.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The outcomes that have claims.
    #[must_use]
    pub fn outcomes(&self) -> &[CheckedOutcome] {
        &self.outcomes
    }

    /// A verdict a claim, in the order of the file.
    #[must_use]
    pub fn claims(&self) -> &[ClaimVerdict] {
        &self.claims
    }

    /// What to know about them.
    #[must_use]
    pub fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    /// How many claims have each verdict.
    #[must_use]
    pub fn counts(&self) -> VerdictCounts {
        self.summary
    }

    /// `27 claims: 12 hold, 1 fails, 14 cannot be checked`, or `neither of the 2 claims can be checked`.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = self.summary;
        if !self.claims.is_empty() && counts.not_checkable == self.claims.len() {
            return match self.claims.len() {
                1 => "the claim cannot be checked".to_string(),
                2 => "neither of the 2 claims can be checked".to_string(),
                more => format!("none of the {more} claims can be checked"),
            };
        }
        let mut parts = Vec::new();
        let mut say = |count: usize, one: &str, many: &str| {
            if count > 0 {
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        };
        say(counts.holds, "holds", "hold");
        say(counts.holds_truncated, "holds with digits cut off", "hold with digits cut off");
        say(counts.holds_rounded_twice, "holds rounded twice", "hold rounded twice");
        say(counts.holds_early_stop, "holds where metafor stops early", "hold where metafor stops early");
        say(counts.fails, "fails", "fail");
        say(counts.not_checkable, "cannot be checked", "cannot be checked");
        let claims = if self.claims.len() == 1 { "claim" } else { "claims" };
        format!("{} {claims}: {}", self.claims.len(), parts.join(", "))
    }
}

impl Document for CheckReport {
    const SCHEMA: &'static str = "metaprop/check/1";

    /// A block a claim, a line a printed field.
    fn text(&self, color: bool) -> String {
        let paint = Paint { color };
        let mut page = String::new();
        for claim in &self.claims {
            page.push_str(&block(claim, paint));
            page.push('\n');
        }
        for advisory in &self.advisories {
            page.push_str(&format!("{}\n", sanitize(&advisory.message)));
        }
        page.push_str(&format!("{}: {}\n", paint.bold(&sanitize(&self.provenance.data)), self.summary()));
        page
    }

    /// A table of verdicts.
    fn markdown(&self) -> String {
        let mut page = format!(
            "# Claims of {}\n\n{}.\n",
            escaped(&self.provenance.data),
            escaped(&capitalised(&self.summary()))
        );
        for advisory in &self.advisories {
            page.push_str(&format!("\n> {}\n", escaped(&advisory.message)));
        }
        for claim in &self.claims {
            page.push_str(&format!(
                "\n## {}: {}\n\n{}\n",
                escaped(&claim.about(&claim.outcome)),
                claim.verdict.key(),
                escaped(&claim.source)
            ));
            if let Some(note) = &claim.note {
                page.push_str(&format!("\nNote: {}\n", escaped(note)));
            }
            page.push_str(
                "\n| Field | Printed | Recomputed | Verdict | Reason |\n| :-- | :-- | :-- | :-- | :-- |\n",
            );
            for field in &claim.fields {
                let study = field.study.as_ref().map(|study| format!(" of {study}")).unwrap_or_default();
                let cells = [
                    format!("{}{study}", field.field),
                    field.printed.to_string(),
                    recomputed(field).unwrap_or_default(),
                    field.verdict.key().to_string(),
                    field.reason().unwrap_or_default(),
                ];
                page.push_str(&format!("| {} |\n", cells.map(|cell| escaped(&cell)).join(" | ")));
            }
        }
        page
    }
}

displayed!(CheckReport);

/// A claim with its verdict, and a line a printed field.
fn block(claim: &ClaimVerdict, paint: Paint) -> String {
    // A claim that was put together in code may have neither.
    let outcome =
        if claim.outcome.is_empty() { String::new() } else { format!("{}: ", claim.about(&claim.outcome)) };
    let head = paint.bold(&format!("{}{}", sanitize(&outcome), claim.verdict.key()));
    let source = paint.dim(&sanitize(&claim.source));
    let mut lines = if source.is_empty() { format!("{head}\n") } else { format!("{head}  {source}\n") };
    for field in &claim.fields {
        lines.push_str(&format!("  {}\n", sanitize(&line(field))));
    }
    if let Some(note) = &claim.note {
        lines.push_str(&format!("  {}\n", paint.dim(&sanitize(&format!("note: {note}")))));
    }
    lines
}

impl fmt::Display for ClaimVerdict {
    /// The verdict on the claim, then a line a printed field, as `metaprop check` prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&block(self, Paint { color: false }))
    }
}

/// `percent 58.4%: fails; …`
pub(super) fn line(field: &FieldVerdict) -> String {
    let study = field.study.as_ref().map(|study| format!(" of {study}")).unwrap_or_default();
    let (recomputed, reason) = (recomputed(field), field.reason());
    let why = match (recomputed, reason) {
        (_, Some(reason)) => format!("; {reason}"),
        (Some(value), None) => format!("; recomputed {value}"),
        (None, None) => String::new(),
    };
    format!("{}{study} {}: {}{why}", field.field, field.printed, field.verdict.key())
}

/// The computed value in the unit of the printed one.
fn recomputed(field: &FieldVerdict) -> Option<String> {
    let is_i2 = matches!(field.field, CheckedField::Field(Field::I2 | Field::I2Ci));
    let percent = field.printed.is_in_percent() || is_i2;
    // A digit more than was printed shows how it was rounded.
    let digits = (field.printed.decimals() as usize + 1).max(3);
    let show = |value: f64| match (percent, field.printed.per()) {
        (true, _) => format!("{}%", fixed(if is_i2 { value } else { 100.0 * value }, digits)),
        (_, Some(scale)) => NumberFormat { scale, digits }.with_sign(value),
        _ if value.fract() == 0.0 => fixed(value, 0),
        _ => significant(value, 5),
    };
    Some(match field.recomputed? {
        Value::Number(value) => show(value),
        Value::Count(value) => grouped(value),
        Value::Limits([lower, upper]) => format!("{} to {}", show(lower), show(upper)),
    })
}

/// Every printed field of every claim, in one table.
pub(super) fn table(checked: &CheckReport) -> Table {
    let columns = [
        ("claim", Align::Left),
        ("field", Align::Left),
        ("printed", Align::Left),
        ("recomputed", Align::Left),
        ("verdict", Align::Left),
        ("why", Align::Left),
    ];
    let mut table = Table::new("Each printed figure and its verdict", &columns);
    let titles = |id: &str| checked.outcomes.iter().find(|of| of.id == id).map(|of| of.title.clone());
    for claim in &checked.claims {
        let title = titles(&claim.outcome).unwrap_or_else(|| claim.outcome.clone());
        // What the claim is and where it stands is said once.
        let mut head = format!("{} ({})", claim.about(&title), claim.source);
        let note = claim.note.as_ref().map(|note| sanitize(&format!("{head}: {note}")).into_owned());
        table.notes.extend(note);
        let has_more = claim.fields.iter().any(|field| !is_taken_as_printed(field));
        let shown = claim.fields.iter().filter(|field| !(has_more && is_taken_as_printed(field)));
        for field in shown {
            let study = field.study.as_ref().map(|study| format!(" of {study}")).unwrap_or_default();
            let cells = [
                std::mem::take(&mut head),
                format!("{}{study}", field.field),
                field.printed.to_string(),
                recomputed(field).unwrap_or_default(),
                field.verdict.key().to_string(),
                field.reason().unwrap_or_default(),
            ];
            let cells = cells.map(|cell| sanitize(&cell).into_owned()).to_vec();
            table.body.push(Row { strong: field.verdict == Verdict::Fails, ..Row::new(cells) });
        }
    }
    let fields = checked.claims.iter().map(|claim| claim.fields.len()).sum::<usize>();
    if let Some(hidden) = fields.checked_sub(table.body.len()).filter(|hidden| *hidden > 0) {
        table.notes.push(format!(
            "{hidden} numbers of studies, people or events are taken as they are printed, and have a row in check.md alone"
        ));
    }
    table
}

/// Whether a field is a count that nothing is held against: what else the claim prints is held against it.
fn is_taken_as_printed(field: &FieldVerdict) -> bool {
    let taken = |reason: &Reason| {
        use Reason::{CountUsedForPercentage, NoStudiesToCount, NothingForCount, TotalUsedForInterval};
        matches!(reason, TotalUsedForInterval | NoStudiesToCount | CountUsedForPercentage | NothingForCount)
    };
    field.verdict == Verdict::NotCheckable && field.reasons.iter().any(taken)
}

impl CheckReport {
    /// The verdicts as JUnit XML: a test case a claim, which fails with a line a field that does not hold and is
    /// skipped where nothing could be held against it.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let file = folder.path().join("a.toml");
    /// let claim = "[[claim]]\noutcome = \"a\"\nsource = \"x\"\nk = 13\n";
    /// let head = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"@miller1978\"\nevents = \"events\"\n[[outcome]]\nid = \"a\"\n";
    /// std::fs::write(&file, format!("{head}{claim}")).unwrap();
    /// let xml = Project::open(&file)?.check()?.junit();
    /// assert!(xml.contains("tests=\"1\" failures=\"1\""), "{xml}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn junit(&self) -> String {
        let case = |claim: &ClaimVerdict| {
            let lines = |verdict: Verdict| {
                claim.fields.iter().filter(move |field| field.verdict == verdict).map(line)
            };
            let skipped = (claim.verdict == Verdict::NotCheckable)
                .then(|| lines(Verdict::NotCheckable).collect::<Vec<_>>().join("\n"));
            let name = format!("{}: {}", claim.about(&claim.outcome), claim.source);
            Case { failures: lines(Verdict::Fails).collect(), skipped, ..Case::new(name, &*claim.outcome) }
        };
        let cases: Vec<Case> = self.claims.iter().map(case).collect();
        junit::write(&format!("metaprop check {}", self.provenance().data), &cases)
    }
}
