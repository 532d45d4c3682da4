//! Reading is total: any bytes give a table that holds its promises, or an error.

use metaprop::Dataset;
use metaprop::data::Excluded;
use metaprop::io::read::{read_bytes, read_columns, read_percentages};
use metaprop::options::ReadOptions;

use super::packed::{is_packed, packed};
use super::{Chosen, is_sound};

/// A text.
pub fn table(bytes: &[u8]) {
    reads(bytes, "any.csv");
}

/// JSON, or JSON lines.
pub fn json(bytes: &[u8]) {
    reads(bytes, "any.json");
}

/// A workbook: its archive, or where the bytes are none, the XML of its first sheet.
pub fn workbook(bytes: &[u8]) {
    let chosen = Chosen::of(bytes);
    if is_packed(chosen.rest) {
        return reads(bytes, "any.xlsx");
    }
    let options = bytes.len() - chosen.rest.len();
    reads(&[&bytes[..options], &packed(chosen.rest)].concat(), "any.xlsx");
}

/// A Parquet file.
pub fn parquet(bytes: &[u8]) {
    reads(bytes, "any.parquet");
}

/// A file of Stata.
pub fn stata(bytes: &[u8]) {
    reads(bytes, "any.dta");
}

/// A review of `RevMan` 5, or an export of `RevMan`.
pub fn revman(bytes: &[u8]) {
    reads(bytes, "any.rm5");
}

/// A table of percentages, possible or not.
pub fn percentages(bytes: &[u8]) {
    let Chosen { read, rest, .. } = Chosen::of(bytes);
    let percentages = match read_percentages(rest, "any.csv", &read) {
        Ok(percentages) => percentages,
        Err(error) => return is_sound(&error, &[2, 3]),
    };
    assert!(!percentages.rows.is_empty(), "no row");
    assert!(percentages.rows.is_sorted_by(|one, next| one.line < next.line), "rows in disorder");
    left_out(&percentages.excluded);
    assert!(percentages.blocking() <= percentages.impossible());
    for row in &percentages.rows {
        assert!(row.total > 0 && !row.study.is_empty(), "{row:?}");
        match row.derived() {
            Some(derived) => {
                let [least, most] = derived.counts;
                assert!(least <= derived.taken && derived.taken <= most && most <= row.total, "{derived:?}");
                assert!(derived.ambiguity() > 0, "{derived:?}");
            }
            None => assert!(!row.not_a_count().is_empty()),
        }
        match row.grim() {
            Ok(grim) => assert!(!grim.sentence().is_empty()),
            Err(error) => is_sound(&error, &[2]),
        }
    }
}

/// The file after its options.
fn reads(bytes: &[u8], shown: &str) {
    let Chosen { read, rest, .. } = Chosen::of(bytes);
    holds(rest, shown, &read);
    match read_columns(rest, shown, &read) {
        Ok(found) => {
            assert!(!found.columns.is_empty(), "no column");
            assert!(
                found.problems.iter().all(|problem| !problem.what.is_empty()),
                "a problem without a word"
            );
        }
        Err(error) => is_sound(&error, &[2, 3]),
    }
}

/// What every table that is read promises, whatever it was read from, and every error.
///
/// # Panics
///
/// Where a promise is not held.
pub fn holds(bytes: &[u8], shown: &str, options: &ReadOptions) {
    let table = match read_bytes(bytes, shown, options) {
        Ok(table) => table,
        Err(error) => {
            is_sound(&error, &[2, 3]);
            // What is wrong with the encoding is wrong whatever the file.
            return assert!(options.encoding.is_some() || error.to_string().contains(shown), "{error}");
        }
    };
    keeps_its_rows(&table);
    values_can_be_pooled(&table, options);
    if shown == "any.csv" {
        let lines = u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_add(1);
        assert!(
            table.labels().iter().all(|label| (2..=lines).contains(&label.line)),
            "a line that is not there"
        );
    }
}

/// Every row is in one place, in the order of the file, with a name and all its cells.
fn keeps_its_rows(table: &Dataset) {
    assert!(table.k() > 0, "no study");
    assert!(
        table.labels().iter().map(|label| label.line).is_sorted_by(|one, next| one < next),
        "rows in disorder"
    );
    assert!(
        table.labels().iter().all(|label| !label.name.is_empty() && !label.name.contains('\0')),
        "no name"
    );
    left_out(&table.ledger().excluded);
    assert_eq!(table.ledger().used(), table.k());
    for column in table.covariates().iter() {
        assert_eq!((column.cells().count(), column.numbers().len()), (table.k(), table.k()));
    }
}

fn left_out(excluded: &[Excluded]) {
    assert!(excluded.is_sorted_by(|one, next| one.line < next.line), "rows left out in disorder");
    assert!(excluded.iter().all(|row| !row.reason.is_empty()), "left out without a reason");
}

/// Counts and estimates are within their bounds.
fn values_can_be_pooled(table: &Dataset, options: &ReadOptions) {
    assert_eq!(table.counts().is_none(), options.estimate.is_some());
    for estimate in table.studies().estimates().unwrap_or_default() {
        assert!(estimate.y().is_finite() && estimate.v() > 0.0 && estimate.v().is_finite(), "{estimate:?}");
    }
    for counts in table.counts().unwrap_or_default() {
        assert!(counts.events() <= counts.total() && counts.total() > 0, "{counts:?}");
    }
}
