//! A printed percentage compared with the counts printed with it (GRIM).

use super::figure::whole_number;
use super::reason::Reason;
use super::verdict::Verdict;
use super::{Claim, ClaimVerdict, Entry, Field, FieldVerdict, Figure};
use crate::data::{Counts, PercentRow, Percentages};
use crate::model::Value;
use crate::printed::grim::{self, Grim};
use crate::printed::{Printed, Relation};

/// The whole number printed for a field of the same study as an entry, or of the pooled result.
pub(super) fn count_beside(claim: &Claim, entry: &Entry, field: Field) -> Option<u64> {
    claim.entry(field, entry.study.as_deref())?.printed.one().and_then(whole_number)
}

/// A percentage of a claim, by its printed events and total, or by its total alone.
pub(super) fn check_percentage(claim: &Claim, entry: &Entry, printed: &Printed) -> FieldVerdict {
    let total = count_beside(claim, entry, Field::Total);
    let unchecked = || FieldVerdict::of_entry(entry, Verdict::NotCheckable);
    if printed.relation() != Relation::Equal {
        let has_total = total.is_some();
        return unchecked().because(Reason::InexactPercentage { printed: printed.clone(), has_total });
    }
    let Some(total) = total else { return unchecked().because(Reason::PercentageWithoutTotal) };
    let counts = count_beside(claim, entry, Field::Events).and_then(|events| Counts::new(events, total));
    let checked = match counts {
        Some(counts) => by_counts(entry, printed, counts),
        None => by_total(entry, printed, total),
    };
    let other_n = claim.other_n.iter().filter_map(whole_number);
    let others = other_n.filter_map(|n| grim::grim(printed, n).ok());
    others.fold(checked, |checked, grim| checked.because(Reason::OtherN(Box::new(grim))))
}

fn by_counts(entry: &Entry, printed: &Printed, counts: Counts) -> FieldVerdict {
    let consistency = grim::of_counts(printed, counts.events(), counts.total());
    FieldVerdict::of_entry(entry, consistency.into())
        .with_value(Value::Number(counts.proportion()))
        .because(Reason::PercentageOf(counts))
}

fn by_total(entry: &Entry, printed: &Printed, total: u64) -> FieldVerdict {
    match grim::grim(printed, total) {
        Err(why) => FieldVerdict::of_entry(entry, Verdict::NotCheckable)
            .because(Reason::GrimUndefined(why.to_string())),
        Ok(grim) => by_grim(entry, grim),
    }
}

fn by_grim(entry: &Entry, grim: Grim) -> FieldVerdict {
    let verdict =
        if grim.possible && grim.says_nothing { Verdict::NotCheckable } else { grim.rounding.into() };
    let checked = FieldVerdict::of_entry(entry, verdict);
    let checked = match grim.events[..] {
        [events] => checked.with_value(Value::Number(events as f64 / grim.n as f64)),
        _ => checked,
    };
    checked.because(Reason::Grim(Box::new(grim)))
}

/// The verdict on every row of a column of percentages, each compared with its total.
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
    let fields = percentages.rows.iter().map(check_row).collect();
    ClaimVerdict::new(&Claim::new(outcome, source), fields, None)
}

fn check_row(row: &PercentRow) -> FieldVerdict {
    let typed = Figure::One(row.percent.clone());
    let entry = Entry::new(Field::Percent, Some(row.study.clone()), typed);
    let mut checked = by_total(&entry, &row.percent, row.total);
    let at_line = |reason| Reason::AtLine(row.line, Box::new(reason));
    checked.reasons = checked.reasons.into_iter().map(at_line).collect();
    checked
}
