//! Verdicts on published claims, as text, Markdown, a document and test cases.

use serde::Serialize;

use super::json::{self, Provenance};
use super::junit::Case;
use super::markdown::escaped;
use super::table::{Align, Row, Table};
use super::text::Paint;
use crate::advisory::Advisory;
use crate::data;
use crate::format::{fixed, sanitize, significant};
use crate::model::Value;
use crate::options::Spec;
use crate::published::claim::{ClaimVerdict, FieldVerdict, Verdict};

/// The name and version of the document.
pub const SCHEMA: &str = "metaprop/check/1";

/// The verdicts on the claims of an analysis file.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckReport {
    /// The analysis file.
    pub provenance: data::Provenance,
    /// The outcomes that have claims.
    pub outcomes: Vec<CheckedOutcome>,
    /// A verdict a claim, in the order of the file.
    pub claims: Vec<ClaimVerdict>,
    /// What to know about them.
    pub advisories: Vec<Advisory>,
}

/// An outcome that claims were held against.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedOutcome {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where its studies come from; empty where there are none, and figures were held against each other.
    pub provenance: data::Provenance,
    /// How it was recomputed; `None` where there are no studies.
    pub spec: Option<Spec>,
}

/// How many claims have each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Claims that hold by rounding.
    pub holds: usize,
    /// Claims that hold only where digits are cut off.
    pub holds_truncated: usize,
    /// Claims that do not hold.
    pub fails: usize,
    /// Claims that nothing could be held against.
    pub not_checkable: usize,
}

impl CheckReport {
    /// How many claims have each verdict.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let count = |verdict| self.claims.iter().filter(|claim| claim.verdict == verdict).count();
        Counts {
            holds: count(Verdict::Holds),
            holds_truncated: count(Verdict::HoldsTruncated),
            fails: count(Verdict::Fails),
            not_checkable: count(Verdict::NotCheckable),
        }
    }

    /// `27 claims: 12 hold, 1 fails, 14 cannot be checked`.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = self.counts();
        let mut parts = Vec::new();
        let mut say = |count: usize, one: &str, many: &str| {
            if count > 0 {
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        };
        say(counts.holds, "holds", "hold");
        say(counts.holds_truncated, "holds with digits cut off", "hold with digits cut off");
        say(counts.fails, "fails", "fail");
        say(counts.not_checkable, "cannot be checked", "cannot be checked");
        let claims = if self.claims.len() == 1 { "claim" } else { "claims" };
        format!("{} {claims}: {}", self.claims.len(), parts.join(", "))
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    provenance: Provenance<'a>,
    spec: Vec<OutcomeDocument<'a>>,
    summary: Counts,
    claims: &'a [ClaimVerdict],
    advisories: &'a [Advisory],
}

#[derive(Serialize)]
struct OutcomeDocument<'a> {
    outcome: &'a str,
    title: &'a str,
    provenance: Provenance<'a>,
    spec: Option<&'a Spec>,
}

impl<'a> OutcomeDocument<'a> {
    fn of(outcome: &'a CheckedOutcome) -> Self {
        Self {
            outcome: &outcome.id,
            title: &outcome.title,
            provenance: Provenance::new(&outcome.provenance),
            spec: outcome.spec.as_ref(),
        }
    }
}

/// The document.
#[must_use]
pub fn json(checked: &CheckReport) -> String {
    json::document(&Document {
        schema: SCHEMA,
        provenance: Provenance::new(&checked.provenance),
        spec: checked.outcomes.iter().map(OutcomeDocument::of).collect(),
        summary: checked.counts(),
        claims: &checked.claims,
        advisories: &checked.advisories,
    })
}

/// On a terminal: a block a claim, a line a printed field.
#[must_use]
pub fn text(checked: &CheckReport, color: bool) -> String {
    let paint = Paint { color };
    let mut page = String::new();
    for claim in &checked.claims {
        let head = paint.bold(&format!("{}: {}", sanitize(&claim.outcome), claim.verdict.key()));
        page.push_str(&format!("{head}  {}\n", paint.dim(&sanitize(&claim.source))));
        for field in &claim.fields {
            page.push_str(&format!("  {}\n", sanitize(&line(field))));
        }
        if let Some(note) = &claim.note {
            page.push_str(&format!("  {}\n", paint.dim(&sanitize(&format!("note: {note}")))));
        }
        page.push('\n');
    }
    for advisory in &checked.advisories {
        page.push_str(&format!("{}\n", sanitize(&advisory.message)));
    }
    page.push_str(&format!("{}: {}\n", paint.bold(&sanitize(&checked.provenance.data)), checked.summary()));
    page
}

/// `percent 58.4%: fails; …`
fn line(field: &FieldVerdict) -> String {
    let study = field.study.as_ref().map(|study| format!(" of {study}")).unwrap_or_default();
    let (recomputed, reason) = (recomputed(field), field.reason.as_deref());
    let why = match (recomputed, reason) {
        (_, Some(reason)) => format!("; {reason}"),
        (Some(value), None) => format!("; recomputed {value}"),
        (None, None) => String::new(),
    };
    format!("{}{study} {}: {}{why}", field.field, field.printed, field.verdict.key())
}

/// The computed value in the dress of the printed one.
fn recomputed(field: &FieldVerdict) -> Option<String> {
    let is_share = matches!(field.field, "i2" | "i2-ci");
    let percent = field.printed.contains('%') || is_share;
    let show = |value: f64| match percent {
        true => format!("{}%", fixed(if is_share { value } else { 100.0 * value }, 3)),
        false if value.fract() == 0.0 => fixed(value, 0),
        false => significant(value, 5),
    };
    Some(match field.recomputed? {
        Value::Number(value) => show(value),
        Value::Count(value) => value.to_string(),
        Value::Limits([lower, upper]) => format!("{} to {}", show(lower), show(upper)),
    })
}

/// In Markdown: a table of verdicts.
#[must_use]
pub fn markdown(checked: &CheckReport) -> String {
    let mut page =
        format!("# Claims of {}\n\n{}.\n", escaped(&checked.provenance.data), escaped(&checked.summary()));
    for advisory in &checked.advisories {
        page.push_str(&format!("\n> {}\n", escaped(&advisory.message)));
    }
    for claim in &checked.claims {
        page.push_str(&format!(
            "\n## {}: {}\n\n{}\n",
            escaped(&claim.outcome),
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
                field.printed.clone(),
                recomputed(field).unwrap_or_default(),
                field.verdict.key().to_string(),
                field.reason.clone().unwrap_or_default(),
            ];
            page.push_str(&format!("| {} |\n", cells.map(|cell| escaped(&cell)).join(" | ")));
        }
    }
    page
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
        let mut head = format!("{title} ({})", claim.source);
        for field in &claim.fields {
            let study = field.study.as_ref().map(|study| format!(" of {study}")).unwrap_or_default();
            let cells = [
                std::mem::take(&mut head),
                format!("{}{study}", field.field),
                field.printed.clone(),
                recomputed(field).unwrap_or_default(),
                field.verdict.key().to_string(),
                field.reason.clone().unwrap_or_default(),
            ];
            let cells = cells.map(|cell| sanitize(&cell).into_owned()).to_vec();
            table.body.push(Row { cells, strong: field.verdict == Verdict::Fails });
        }
    }
    table
}

/// A test case a claim: it fails with a line a field that does not hold, and is skipped where
/// nothing could be held against it.
#[must_use]
pub fn junit(checked: &CheckReport) -> Vec<Case> {
    let case = |claim: &ClaimVerdict| {
        let lines =
            |verdict: Verdict| claim.fields.iter().filter(move |field| field.verdict == verdict).map(line);
        let skipped = (claim.verdict == Verdict::NotCheckable)
            .then(|| lines(Verdict::NotCheckable).collect::<Vec<_>>().join("\n"));
        let name = format!("{}: {}", claim.outcome, claim.source);
        Case { failures: lines(Verdict::Fails).collect(), skipped, ..Case::new(name, &*claim.outcome) }
    };
    checked.claims.iter().map(case).collect()
}
