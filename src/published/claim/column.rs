//! A column of printed percentages, each held against its total.

use super::alone::of_total;
use super::{Claim, ClaimVerdict, Field, FieldVerdict, Figure, Verdict};
use crate::data::{PercentRow, Percentages};

/// The verdict on every row of a column of percentages: GRIM, as if each were a claim about its study.
///
/// ```
/// use metaprop::published::claim::{check_column, Verdict};
/// use metaprop::io::read::read_percentages;
/// use metaprop::options::ReadOptions;
///
/// let read = read_percentages(b"study,percent,n\nA,58.4,90\nB,33.8,80\n", "t.csv", &ReadOptions::default())?;
/// let checked = check_column("main", &read);
/// let verdicts: Vec<_> = checked.fields.iter().map(|field| field.verdict).collect();
/// assert_eq!(verdicts, [Verdict::Fails, Verdict::Holds]);
/// assert_eq!(checked.source, "t.csv, column 'percent'");
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn check_column(outcome: &str, percentages: &Percentages) -> ClaimVerdict {
    let source = format!("{}, column '{}'", percentages.provenance.data, percentages.column);
    let fields = percentages.rows.iter().map(row).collect();
    ClaimVerdict::new(&Claim::new(outcome, source), fields, None)
}

fn row(row: &PercentRow) -> FieldVerdict {
    let printed = Figure::One(row.percent.clone());
    let base = FieldVerdict::new(Field::Percent, Some(&row.study), &printed, Verdict::NotCheckable);
    let judged = match row.grim() {
        Ok(grim) => of_total(base, &grim),
        Err(why) => base.because(why.to_string()),
    };
    let reason = judged.reason.clone().unwrap_or_default();
    judged.because(format!("line {}: {reason}", row.line))
}

/// The verdict on a claim about an outcome that cannot be recomputed, and why it cannot.
#[must_use]
pub fn unchecked(claim: &Claim, why: &str) -> ClaimVerdict {
    let fields = claim.entries.iter().map(|entry| {
        FieldVerdict::new(entry.field, entry.study.as_deref(), &entry.printed, Verdict::NotCheckable)
            .because(why)
    });
    ClaimVerdict::new(claim, fields.collect(), None)
}
