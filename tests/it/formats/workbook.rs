//! Workbooks, written by `tests/reference/scripts/tables/workbooks.py`.

use metaprop::Error;
use metaprop::advisory::Code;
use metaprop::data::Dataset;
use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;

use super::{cells, kept, read, refusal_with, rows, says};

fn sheet(name: &str) -> ReadOptions {
    ReadOptions { sheet: Some(name.into()), ..ReadOptions::default() }
}

fn excluded(table: &Dataset) -> Vec<(&str, u32, &str)> {
    table.ledger().excluded.iter().map(|row| (&*row.study, row.line, &*row.reason)).collect()
}

#[test]
fn the_sheet_with_counts_is_read_wherever_its_table_begins() {
    let table = read(&kept("extraction.xlsx"), "extraction.xlsx");
    assert_eq!(table.provenance().sheet.as_deref(), Some("Extraction"));
    // A name merged over two rows stands in both; a formula counts by its stored value.
    assert_eq!(rows(&table), [("Alpha 2001", 6, 12, 50), ("Alpha 2001", 7, 7, 40), ("Beta 2004", 8, 9, 45)]);
    assert_eq!(excluded(&table), [("Gamma 2006", 9, "total missing")]);
    assert_eq!(cells(&table, "checked"), ["TRUE", "FALSE", "TRUE"]);
    assert_eq!(cells(&table, "visited")[0], "2019-05-31");
    let skipped = table.advisories().iter().filter(|advisory| advisory.code == Code::LinesSkipped);
    assert_eq!(skipped.count(), 2, "a title above the header, a note below the table");
}

#[test]
fn two_sheets_with_counts_are_refused_until_one_is_named() {
    let file = kept("two-sheets.xlsx");
    let said = refusal_with(&file, "two-sheets.xlsx", &ReadOptions::default());
    says(&said, &["'Main'", "'Sensitivity'", "--sheet"]);
    for name in ["Sensitivity", "sensitivity", "#2"] {
        let table = read_bytes(&file, "two-sheets.xlsx", &sheet(name)).expect("a table");
        assert_eq!((table.provenance().sheet.as_deref(), table.k()), (Some("Sensitivity"), 1), "{name}");
    }
    let unknown = read_bytes(&file, "two-sheets.xlsx", &sheet("Mian")).expect_err("no such sheet");
    assert!(matches!(unknown, Error::Usage(_)));
    says(&unknown.to_string(), &["'Main'", "'Sensitivity'", "'Dates'", "is it 'Main'?"]);
}

#[test]
fn a_date_among_counts_is_named_as_one() {
    let said = refusal_with(&kept("two-sheets.xlsx"), "two-sheets.xlsx", &sheet("Dates"));
    says(&said, &["two-sheets.xlsx:2", "column 'events'", "'1950-12-01' is a date", "12/50"]);
}

#[test]
fn proportions_of_formulas_are_fractions_of_one_count_each() {
    let options = ReadOptions { percent: Some("prevalence".into()), ..ReadOptions::default() };
    let table = read_bytes(&kept("proportions.xlsx"), "proportions.xlsx", &options).expect("a table");
    assert_eq!(rows(&table), [("A", 2, 7, 30), ("B", 3, 12, 35), ("C", 4, 5, 17)]);
    assert_eq!(table.advisories()[0].code, Code::PercentScale);
}

#[test]
fn a_sheet_of_a_text_is_refused() {
    let error = read_bytes(b"study,events,total\nA,3,10\n", "a.csv", &sheet("Data")).expect_err("no sheets");
    says(&error.to_string(), &["a.csv", "no sheets", "leave --sheet out"]);
}
