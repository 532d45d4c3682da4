//! Tables as people have them: each test is named by what it holds.

use metaprop::Error;
use metaprop::advisory::Code;
use metaprop::data::{Dataset, embedded};
use metaprop::io::read::{read_bytes, read_embedded, read_path};
use metaprop::options::{Decimal, ReadOptions};
use proptest::collection::vec;
use proptest::prelude::*;

fn read_with(text: &str, options: &ReadOptions) -> Dataset {
    read_bytes(text.as_bytes(), "in.csv", options).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn read(text: &str) -> Dataset {
    read_with(text, &ReadOptions::default())
}

fn refusal_with(bytes: &[u8], options: &ReadOptions) -> (u8, String) {
    match read_bytes(bytes, "bad.csv", options) {
        Ok(table) => panic!("{:?} is read as {:?}", String::from_utf8_lossy(bytes), rows(&table)),
        Err(error) => (error.exit_code(), error.to_string()),
    }
}

/// The message of an error of data (exit code 3).
fn refusal(text: impl AsRef<[u8]>) -> String {
    let (code, message) = refusal_with(text.as_ref(), &ReadOptions::default());
    assert_eq!(code, 3, "{message}");
    message
}

fn rows(table: &Dataset) -> Vec<(&str, u32, u64, u64)> {
    let studies = table.labels().iter().zip(table.counts().unwrap());
    studies.map(|(label, counts)| (label.name, label.line, counts.events(), counts.total())).collect()
}

fn excluded(table: &Dataset) -> Vec<(&str, u32, &str)> {
    table.ledger().excluded.iter().map(|row| (&*row.study, row.line, &*row.reason)).collect()
}

fn says(message: &str, needles: &[&str]) {
    for needle in needles {
        assert!(message.contains(needle), "{needle:?} is not in {message:?}");
    }
}

fn named(study: &[&str], events: &str, total: &str) -> ReadOptions {
    let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let study = study.iter().map(|name| (*name).to_owned()).collect();
    ReadOptions { study, events: some(events), total: some(total), ..ReadOptions::default() }
}

fn filtered(conditions: &[&str]) -> ReadOptions {
    let filters = conditions.iter().map(|condition| condition.parse().expect("a condition")).collect();
    ReadOptions { filters, ..ReadOptions::default() }
}

// Text

#[test]
fn a_plain_table_is_read_with_its_lines() {
    let table = read("study,events,total\nA,3,10\nB,5,9\n");
    assert_eq!(rows(&table), [("A", 2, 3, 10), ("B", 3, 5, 9)]);
    assert!(table.ledger().excluded.is_empty() && table.advisories().is_empty());
}

#[test]
fn the_messy_table_of_the_contract_is_read() {
    let table = read(
        "\u{feff}Study;Events;Total\r\n\"A, et al.\";8;12\r\n B ;9;13 \r\nC;NA;20\r\nD;21;1,066\r\n\r\nTotal;38;1091\r\n",
    );
    assert_eq!(rows(&table), [("A, et al.", 2, 8, 12), ("B", 3, 9, 13), ("D", 5, 21, 1066)]);
    assert_eq!(excluded(&table), [("C", 4, "events missing"), ("Total", 7, "totals row")]);
    assert!(table.advisories().is_empty(), "{:?}", table.advisories());
}

#[test]
fn every_delimiter_is_found_in_the_header() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = "study,events,total\nA,3,10\n".replace(',', delimiter);
        assert_eq!(rows(&read(&text)), [("A", 2, 3, 10)], "{delimiter:?}");
    }
    let quoted = "\"study, first author, year, place\";events;total\nA;3;10\n";
    assert_eq!(
        rows(&read_with(quoted, &named(&["study, first author, year, place"], "", ""))),
        [("A", 2, 3, 10)]
    );
    assert_eq!(rows(&read("sep=;\nstudy, name;events, n;total, n;a,b,c,d\nA;3;10;\n")).len(), 1);
}

#[test]
fn a_tsv_is_split_at_tabs_whatever_the_header_says() {
    let text = "study, a, b, c\tevents\ttotal\nA, x, y\t3\t10\n";
    let table = read_bytes(text.as_bytes(), "in.tsv", &named(&["study, a, b, c"], "", "")).expect("a table");
    assert_eq!(rows(&table), [("A, x, y", 2, 3, 10)]);
}

#[test]
fn every_line_end_ends_a_line() {
    for end in ["\n", "\r\n", "\r"] {
        for last in ["", end, &end.repeat(3)] {
            let text = format!("study,events,total{end}A,3,10{end}{end}B,5,9{last}");
            assert_eq!(rows(&read(&text)), [("A", 2, 3, 10), ("B", 4, 5, 9)], "{text:?}");
        }
    }
}

#[test]
fn blank_lines_and_rows_of_delimiters_are_passed_over() {
    let table = read("\n \nstudy,events,total\n\nA,3,10\n,,\n  \t \n\"\",\" \",\n\t,,\nB,5,9\n,,,,,\n");
    assert_eq!(rows(&table), [("A", 5, 3, 10), ("B", 10, 5, 9)]);
    assert!(table.ledger().excluded.is_empty());
}

#[test]
fn lines_are_right_after_a_line_end_in_quotes() {
    let table = read("study,events,total\n\"A\nand\r\nothers\",3,10\nB,5,9\nC,,9\n");
    assert_eq!(rows(&table), [("A\nand\r\nothers", 2, 3, 10), ("B", 5, 5, 9)]);
    assert_eq!(excluded(&table), [("C", 6, "events missing")]);
}

#[test]
fn quotes_where_they_should_not_be_are_part_of_the_name() {
    let table = read("study,events,total\n5\" ring,3,10\nO\"Neill,1,4\n\"A\" trial,1,4\nB 5\",2,4\nC,1,3\n");
    assert_eq!(
        rows(&table).iter().map(|row| row.0).collect::<Vec<_>>(),
        ["5\" ring", "O\"Neill", "A trial", "B 5\"", "C"]
    );
}

#[test]
fn quotes_may_hold_delimiters_doubled_quotes_and_stand_among_blanks() {
    let table =
        read("study, events, total\n \"A, B\" , \"3\" ,10\n\"the \"\"C\"\" trial\",4,9\n\"\"\"D\"\"\",4,9\n");
    assert_eq!(rows(&table), [("A, B", 2, 3, 10), ("the \"C\" trial", 3, 4, 9), ("\"D\"", 4, 4, 9)]);
}

#[test]
fn a_quote_that_is_never_closed_is_named_by_its_line() {
    says(&refusal("study,events,total\nA,3,10\n\"B,5,9\nC,1,2\n"), &["bad.csv:3", "never closed"]);
    says(&refusal("\"study,events,total\nA,3,10\n"), &["bad.csv:1", "never closed"]);
}

#[test]
fn utf_16_with_a_mark_is_read() {
    let text = "study\tevents\ttotal\r\nMüller 山田\t3\t10\r\n";
    for little in [true, false] {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        let bytes: Vec<u8> =
            units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
        let table = read_bytes(&bytes, "in.txt", &ReadOptions::default()).expect("a table");
        assert_eq!(rows(&table), [("Müller 山田", 2, 3, 10)]);
        says(&refusal(&bytes[..bytes.len() - 1]), &["UTF-16", "UTF-8"]);
    }
}

#[test]
fn text_that_is_not_the_encoding_named_is_refused_naming_each_line_and_byte() {
    let utf8 = ReadOptions { encoding: Some("utf-8".into()), ..ReadOptions::default() };
    let bytes = b"study,events,total\r\nA,1,2\rM\xfcller,3,10\nB,1,\xff\xfe2\n";
    let (code, message) = refusal_with(bytes, &utf8);
    assert_eq!(code, 3);
    says(&message, &["bad.csv:3", "0xFC", "position 2", "bad.csv:4", "0xFF", "position 5", "UTF-8"]);
    assert!(!message.contains("0xFE"), "one byte a line: {message}");
}

#[test]
fn text_that_is_not_utf_8_is_read_as_windows_1252_which_is_said() {
    let table = read_bytes(b"study,events,total\nM\xfcller \x96 2,3,10\n", "in.csv", &ReadOptions::default());
    let table = table.expect("a table");
    assert_eq!(rows(&table), [("Müller – 2", 2, 3, 10)]);
    assert!(table.advisories().iter().any(|advisory| advisory.code == Code::Encoding));
    let latin2 = ReadOptions { encoding: Some("iso-8859-2".into()), ..ReadOptions::default() };
    let table = read_bytes(b"study,events,total\n\xa3uk,3,10\n", "in.csv", &latin2).expect("a table");
    assert_eq!(rows(&table), [("Łuk", 2, 3, 10)]);
    assert_eq!(table.advisories(), []);
    let (code, message) =
        refusal_with(b"a", &ReadOptions { encoding: Some("klingon".into()), ..ReadOptions::default() });
    assert_eq!(code, 2);
    says(&message, &["'klingon'", "windows-1252"]);
}

#[test]
fn utf_16_is_read_with_and_without_a_mark() {
    for mark in ["", "\u{feff}"] {
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let text = format!("{mark}study,events,total\nMüller,1,2\n");
            let encoded: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
            let table = read_bytes(&encoded, "in.csv", &ReadOptions::default()).expect("a table");
            assert_eq!(rows(&table), [("Müller", 2, 1, 2)]);
        }
    }
}

#[test]
fn nul_characters_are_refused() {
    says(&refusal("study,events,total\nA\0,1,2\n"), &["bad.csv:2", "0x00", "position 2"]);
}

#[test]
fn files_that_are_no_tables_of_text_are_refused_by_what_they_are() {
    for (bytes, what) in [
        (&b"PK\x03\x04\x14\0"[..], "workbook"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"{\n  \"schema\": \"metaprop/1\" }\n", "--from"),
    ] {
        says(&refusal(bytes), &[what, "CSV"]);
    }
}

#[test]
fn empty_files_are_refused() {
    says(&refusal(""), &["bad.csv", "empty"]);
    says(&refusal("\u{feff}"), &["bad.csv", "empty"]);
    says(&refusal("\n \r\n\t\n"), &["bad.csv", "no header"]);
    says(&refusal(",,\n"), &["bad.csv", "no header"]);
    says(&refusal("study,events,total"), &["no row below the header"]);
    says(&refusal("study,events,total\n\n,,\n"), &["no row below the header"]);
}

// Files

#[test]
fn a_file_is_read_and_its_provenance_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two words.csv");
    std::fs::write(&path, "study,events,total\nA,3,10\n").expect("written");
    let shown = path.to_string_lossy();
    let table = read_path(&path, &shown, &ReadOptions::default()).expect("a table");
    assert_eq!(table.provenance().data, "two words.csv", "an absolute path gives the name alone");
    let table = read_path(&path, "data/two words.csv", &ReadOptions::default()).expect("a table");
    assert_eq!(table.provenance().data, "data/two words.csv", "a relative path is kept as typed");
}

/// By `sha256sum`.
const SHA256_OF_A_3_10: &str = "dadfd394258692a8aabbc6fb25ba5e46183565e2fc4f7505a64cd8a5dd51dc94";

#[test]
fn the_hash_is_that_of_the_bytes() {
    let table = read_bytes(b"study,events,total\nA,3,10\n", "-", &ReadOptions::default()).expect("a table");
    assert_eq!(table.provenance().data, "-");
    assert_eq!(table.provenance().sha256, SHA256_OF_A_3_10);
    let marked = read_bytes(b"\xef\xbb\xbfstudy,events,total\nA,3,10\n", "-", &ReadOptions::default())
        .expect("a table");
    assert_ne!(marked.provenance().sha256, SHA256_OF_A_3_10, "the mark is part of the bytes");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.csv");
    let error = read_path(&missing, "missing.csv", &ReadOptions::default()).expect_err("missing");
    assert_eq!(error.exit_code(), 5);
    says(&error.to_string(), &["missing.csv", "cannot read"]);
    let error = read_path(folder.path(), "folder", &ReadOptions::default()).expect_err("a folder");
    assert_eq!(error.exit_code(), 5);
    says(&error.to_string(), &["folder", "not a file"]);
    for (name, needle) in [("a.json", "an array of objects"), ("a.jsonl", "an array of objects")] {
        let path = folder.path().join(name);
        std::fs::write(&path, "neither JSON nor a table\n").expect("written");
        let error = read_path(&path, name, &ReadOptions::default()).expect_err("another form");
        assert_eq!(error.exit_code(), 3);
        says(&error.to_string(), &[name, needle]);
    }
}

// Columns

#[test]
fn common_names_of_columns_are_found() {
    for header in [
        "study,events,total",
        "Studies,Event,N",
        "STUDY_ID,Cases,Sample Size",
        "Author(s),n_events,n.total",
        "trial,x,n",
        "slab,xi,ni",
        "studlab,events (n),Total (N)",
        "First author,No. of events,No. of patients",
        "name,responders,participants",
        "reference,numerator,denominator",
        "label,Successes,size",
        "id,Positive,tested",
        "source,r,n",
        " study , events\u{a0},\"total\"",
    ] {
        assert_eq!(rows(&read(&format!("{header}\nA,3,10\n"))), [("A", 2, 3, 10)], "{header}");
    }
}

#[test]
fn exact_names_win_over_looser_ones() {
    let table = read("id,source,author,study,x,cases,events,size,n,total\n9,s,a,A,1,2,3,8,9,10\n");
    assert_eq!(rows(&table), [("A", 2, 3, 10)]);
}

#[test]
fn order_of_columns_and_other_columns_do_not_matter() {
    assert_eq!(
        rows(&read("note,total,dose,events,study\n\"a,b\",10,5 mg,3,A\n,9,,5,B\n")),
        [("A", 2, 3, 10), ("B", 3, 5, 9)]
    );
}

#[test]
fn authors_and_years_are_joined() {
    let table =
        read("Author,Year,events,total\nSmith,2010,3,10\nLee 2011,2011,4,10\nJones,,5,10\n,2012,5,10\n");
    assert_eq!(
        table.counted().unwrap().iter().map(|s| &*s.name).collect::<Vec<_>>(),
        ["Smith 2010", "Lee 2011", "Jones", "Study 4"]
    );
    assert_eq!(rows(&read("study,year,events,total\nA,2010,3,10\n"))[0].0, "A");
    let given = read_with("Author,Year,events,total\nSmith,2010,3,10\n", &named(&["year", "AUTHOR"], "", ""));
    assert_eq!(rows(&given)[0].0, "2010 Smith");
    assert_eq!(
        rows(&read_with("Author,Year,events,total\nSmith,2010,3,10\n", &named(&["Author"], "", "")))[0].0,
        "Smith"
    );
}

#[test]
fn without_a_column_of_names_studies_are_numbered() {
    assert_eq!(rows(&read("events,total\n3,10\n\n5,9\n")), [("Study 1", 2, 3, 10), ("Study 2", 4, 5, 9)]);
}

#[test]
fn named_columns_are_taken_as_written_then_as_names_are_compared() {
    let text = "study,n,N,good events\nA,3,10,1\n";
    assert_eq!(rows(&read_with(text, &named(&[], "n", "N"))), [("A", 2, 3, 10)]);
    assert_eq!(rows(&read_with(text, &named(&[], "n", ""))), [("A", 2, 3, 10)], "the other one is left");
    assert_eq!(rows(&read_with(text, &named(&[], "Good_Events", "N"))), [("A", 2, 1, 10)]);
}

#[test]
fn a_named_column_that_does_not_exist_is_a_usage_error_with_the_nearest() {
    let text = b"study,good,partial,n\nA,3,1,10\n";
    let (code, message) = refusal_with(text, &named(&["studdy"], "goood", "m"));
    assert_eq!(code, 2);
    says(
        &message,
        &[
            "'studdy'",
            "is it 'study'?",
            "'goood'",
            "is it 'good'?",
            "--events",
            "'m'",
            "--total",
            "'partial'",
        ],
    );
    let (code, message) = refusal_with(text, &named(&[], "good", "good"));
    assert_eq!(code, 2);
    says(&message, &["--events", "--total", "'good'"]);
    let (code, message) = refusal_with(text, &filtered(&["dsign=x"]));
    assert_eq!(code, 2);
    says(&message, &["'dsign'", "--where"]);
}

#[test]
fn columns_that_are_not_found_are_said_with_those_there_are() {
    says(&refusal("name,x\nA,3\n"), &["bad.csv:1", "totals", "events", "'name'", "--total COL"]);
    says(&refusal("name,dose\nA,3\n"), &["events and totals", "'dose'", "--events COL --total COL"]);
    says(&refusal("study,evnts,total\nA,3,10\n"), &["--events COL", "is it 'evnts'?"]);
    says(&refusal("study,,n\nA,3,10\n"), &["number 2"]);
    says(&refusal("study events total\nA 3 10\n"), &["separate the columns"]);
}

#[test]
fn columns_that_could_both_be_meant_are_an_error_naming_both() {
    says(
        &refusal("study,cases,responders,total\nA,1,2,3\n"),
        &["'cases' (column 2)", "'responders' (column 3)", "--events"],
    );
    says(
        &refusal("study,patients,Patients\nA,1,2\n"),
        &["'patients' (column 2)", "'Patients' (column 3)", "--total", "column of events"],
    );
    says(&refusal("study,events,total,events\nA,1,4,3\n"), &["'events' (column 2)", "'events' (column 4)"]);
    let (code, message) = refusal_with(b"study,a,total,a\nA,1,2,3\n", &named(&[], "a", ""));
    assert_eq!(code, 2);
    says(&message, &["--events 'a'", "(column 2)", "(column 4)"]);
    let unneeded = read("study,note,events,total,note\nA,x,1,2,y\n");
    assert_eq!(unneeded.k(), 1);
}

// Counts

#[test]
fn counts_may_have_thousands_blanks_and_zero_decimals() {
    for (cell, count) in [
        ("12", 12),
        (" 12 ", 12),
        ("\u{a0}12\u{200b}", 12),
        ("+12", 12),
        ("007", 7),
        ("0", 0),
        ("12.0", 12),
        ("12.00", 12),
        ("\"1,234\"", 1234),
        ("\"1,234,567\"", 1_234_567),
        ("1 234", 1234),
        ("1\u{a0}234", 1234),
        ("1\u{2009}234\u{2009}567", 1_234_567),
        ("1\u{202f}234", 1234),
        ("1'234", 1234),
        ("1e+05", 100_000),
        ("2E3", 2000),
        ("\"1,234.0\"", 1234),
        ("9007199254740992", 1 << 53),
    ] {
        assert_eq!(
            rows(&read(&format!("study,events,total\nA,0,{cell}\nB,0,1\n"))).iter().map(|r| r.3).max(),
            Some(count.max(1)),
            "{cell}"
        );
    }
}

#[test]
fn with_a_decimal_comma_points_group_thousands() {
    let options = ReadOptions { decimal: Some(Decimal::Comma), ..ReadOptions::default() };
    for (cell, count) in
        [("1.234", 1234), ("1.234.567", 1_234_567), ("12,0", 12), ("1.234,00", 1234), ("12", 12)]
    {
        let table = read_with(&format!("study;events;total\nA;1;{cell}\n"), &options);
        assert_eq!(table.counts().unwrap()[0].total(), count, "{cell}");
    }
    for (cell, why) in [
        ("3,5", "fraction"),
        ("1.23", "fraction"),
        ("1,23", "fraction"),
        ("1.2345", "fraction"),
        ("1,066", "fraction"),
        ("12,000", "decimals or thousands"),
    ] {
        let (code, message) = refusal_with(format!("study;events;total\nA;1;{cell}\n").as_bytes(), &options);
        assert_eq!(code, 3);
        says(&message, &[cell, why]);
    }
}

#[test]
fn cells_that_are_no_counts_are_refused_with_the_value() {
    for (cell, why) in [
        ("-3", "negative"),
        ("\u{2212}3", "negative"),
        ("-3.5", "negative"),
        ("3.5", "fraction"),
        ("3.50", "fraction"),
        ("1.234", "fraction"),
        ("2.000", "thousands"),
        ("three", "not a count"),
        ("\"1,23\"", "is a fraction"),
        ("\"12,5\"", "is a fraction"),
        ("\"1,2345\"", "is a fraction"),
        ("58.4%", "percentage"),
        ("12 %", "percentage"),
        ("9007199254740993", "2^53"),
        ("99999999999999999999999999", "2^53"),
        ("1e400", "not a count"),
        ("1.5e3", "short form"),
        ("8/12", "a total of 12"),
        ("0x10", "not a count"),
        ("\"0,123\"", "is a fraction"),
        ("\"1,234 567\"", "not a count"),
        ("\"12,34,567\"", "not a count"),
        ("٣", "not a count"),
        ("1_000", "not a count"),
        ("inf", "not a count"),
        ("--", "not a count"),
        ("+", "not a count"),
    ] {
        let message = refusal(format!("study,events,total\nA,{cell},10\nB,1,10\n"));
        says(&message, &["bad.csv:2", "'events'", cell.trim_matches('"'), why]);
    }
}

#[test]
fn missing_counts_go_to_excluded_with_the_reason() {
    for missing in [
        "",
        "NA",
        "N/A",
        "N.A.",
        "NR",
        "n.r.",
        "ND",
        "NE",
        "none",
        "?",
        "not reported",
        "n/a",
        "na",
        ".",
        "-",
        "–",
        "—",
        "−",
        "NaN",
        "null",
        "NULL",
        "Missing",
        "#N/A",
        "\" \"",
    ] {
        let table = read(&format!(
            "study,events,total\nA,3,10\nB,{missing},10\nC,3,{missing}\nD,{missing},{missing}\n"
        ));
        assert_eq!(
            excluded(&table),
            [("B", 3, "events missing"), ("C", 4, "total missing"), ("D", 5, "events and total missing")],
            "{missing:?}"
        );
    }
}

#[test]
fn a_total_of_0_goes_to_excluded() {
    let table = read("study,events,total\nA,0,0\nB,1,2\n");
    assert_eq!(excluded(&table), [("A", 2, "total is 0")]);
    says(&refusal("study,events,total\nA,3,0\nB,1,2\n"), &["bad.csv:2", "3 events"]);
}

#[test]
fn events_above_the_total_are_refused_with_both_values() {
    let message = refusal("study,events,total\nA,3,10\nB,24,20\nC,17,5\n");
    says(&message, &["bad.csv:3", "bad.csv:4", "'events'", "24", "20", "17", "5"]);
}

#[test]
fn every_bad_row_is_named_at_once_in_the_order_of_the_file() {
    let message = refusal("study,events,total\nT,x1,10\nA,-3,many\nB,2,1\nC,1,2,3\nD,0.5,9\n");
    let places: Vec<_> =
        [":2:", ":3:", "'many'", ":4:", ":5:", ":6:"].iter().map(|needle| message.find(needle)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {message}");
}

#[test]
fn many_bad_rows_are_counted() {
    let text: String = std::iter::once("study,events,total\n".to_owned())
        .chain((0..70).map(|i| format!("A{i},x,10\n")))
        .chain(["B,1,10\n".to_owned()])
        .collect();
    let message = refusal(text);
    says(&message, &["bad.csv:51:", "20 more"]);
    assert!(!message.contains("bad.csv:52:"));
}

#[test]
fn nothing_left_says_why() {
    says(
        &refusal("study,events,total\nA,NA,10\nTotal,0,0\n"),
        &["no study", "bad.csv:2", "events missing", "bad.csv:3", "totals row"],
    );
}

// Rows

#[test]
fn short_rows_have_missing_cells() {
    let table = read("study,events,total,note\nA,3,10\nB,3\nC\n");
    assert_eq!(rows(&table), [("A", 2, 3, 10)]);
    assert_eq!(excluded(&table), [("B", 3, "total missing"), ("C", 4, "events and total missing")]);
}

#[test]
fn long_rows_are_refused_unless_what_they_have_too_much_is_empty() {
    assert_eq!(rows(&read("study,events,total\nA,3,10,, \nB,5,9,\n")).len(), 2);
    says(
        &refusal("study,events,total\nA,1,066,2,000\n"),
        &["bad.csv:2", "5 cells", "the header 3", "quotes"],
    );
    says(&refusal("study,events,total\nA,3,10,,x\n"), &["bad.csv:2", "5 cells"]);
}

#[test]
fn names_keep_their_inner_characters() {
    for name in [
        "=cmd|' /C calc'!A0",
        "\u{1b}[31mred\u{1b}[0m",
        "<script>alert(1)</script> & Co",
        "山田 2019",
        "a  b",
        "# no comment",
        "\u{202e}rtl",
    ] {
        let table = read(&format!("study;events;total\n  {name}\u{a0};3;10\n"));
        assert_eq!(table.labels().at(0).name, name);
    }
}

#[test]
fn messages_are_harmless_to_a_terminal() {
    let message = refusal("study,events\u{1b}[2J,total\nA,3,10\n");
    assert!(!message.contains('\u{1b}'), "{message:?}");
    let message = refusal(format!("study,events,total\nA,\u{1b}]0;x\u{7}{},10\n", "y".repeat(500)));
    assert!(!message.contains('\u{1b}') && message.len() < 400, "{message:?}");
    let (_, message) = refusal_with(b"study,a\x1b[2J,total\nA,x,10\n", &named(&[], "a\u{1b}[2J", ""));
    assert!(!message.contains('\u{1b}'), "{message:?}");
}

#[test]
fn unnamed_rows_are_numbered_and_never_dropped() {
    let table = read("study,events,total\nA,3,10\n,5,9\n,NA,9\n,8,19\n");
    assert_eq!(rows(&table), [("A", 2, 3, 10), ("Study 2", 3, 5, 9), ("Study 4", 5, 8, 19)]);
    assert_eq!(excluded(&table), [("Study 3", 4, "events missing")]);
}

#[test]
fn duplicate_names_are_kept_with_an_advisory() {
    let table = read("study,events,total\nA,3,10\nB,1,2\nA,5,9\n");
    assert_eq!(table.k(), 3);
    let advisory = table.duplicates(&indices(&table)).expect("an advisory");
    assert_eq!(advisory.code, Code::DuplicateStudies);
    says(&advisory.message, &["'A'", "2, 4"]);
}

#[test]
fn a_totals_row_at_the_bottom_is_excluded() {
    for name in [
        "Total",
        "TOTAL:",
        "totals",
        "Overall",
        "pooled",
        "Sum",
        "Summary",
        "Overall (95% CI)",
        "\"Total \"",
        "total :",
    ] {
        for end in ["", "\n", "\n,,\n\n", "\n* from the abstract,,\n"] {
            let table = read(&format!("study,events,total\nA,3,10\nB,5,9\n{name},8,19{end}"));
            assert_eq!(table.k(), 2, "{name}");
            assert_eq!(
                (table.ledger().excluded[0].line, &*table.ledger().excluded[0].reason),
                (4, "totals row")
            );
            let codes: Vec<_> = table.advisories().iter().map(|advisory| advisory.code).collect();
            assert_eq!(codes, if end.contains('*') { vec![Code::LinesSkipped] } else { vec![] });
        }
    }
}

#[test]
fn a_row_that_is_not_named_like_totals_is_a_study() {
    // A row that is named as a total stands above its studies, or below those that it adds up.
    let first = read("study,events,total\nOverall,3,10\nB,5,9\n");
    assert_eq!((rows(&first), first.advisories()), (vec![("B", 3, 5, 9)], &[][..]));
    let below = read("study,events,total\nA,3,10\nOverall,4,10\nB,5,9\n");
    assert_eq!(below.advisories()[0].code, Code::TotalDiffers);
    assert_eq!(read("study,events,total\nA,3,10\nTotal body 2001,5,9\n").k(), 2);
    assert_eq!(read("study,events,total\nA,3,10\nSummers 2001,5,9\n").k(), 2);
    assert_eq!(read("study,events,total\nA,3,10\nSum: a trial,5,9\n").k(), 2);
}

#[test]
fn a_totals_row_that_does_not_add_up_is_said() {
    for (row, says_so) in [
        ("Total,8,19", false),
        ("Total,,19", false),
        ("Total,NA,NA", false),
        ("Total,9,19", true),
        ("Total,8,18", true),
        ("Total,8 (42%),19", false),
        ("Total,8,39", false),
        ("Pooled,0.42,", true),
    ] {
        let table = read(&format!("study,events,total\nA,3,10\nB,5,9\nC,NA,20\n{row}\n"));
        let codes: Vec<_> = table.advisories().iter().map(|advisory| advisory.code).collect();
        assert_eq!(codes, if says_so { vec![Code::TotalDiffers] } else { vec![] }, "{row}");
        assert_eq!((table.k(), table.ledger().excluded.len()), (2, 2), "{row}");
    }
    let table = read("study,events,total\nA,3,10\nTotal,9,19\n");
    says(&table.advisories()[0].message, &["'Total'", "line 3", "'9'", "'19'", "3 of 10"]);
}

#[test]
fn a_sum_that_is_not_named_so_is_kept_and_said() {
    let table = read("study,events,total\nA,3,10\nB,5,9\n,8,19\n");
    assert_eq!(table.k(), 3);
    assert_eq!(table.advisories()[0].code, Code::SumRow);
    says(&table.advisories()[0].message, &["line 4", "kept"]);
    for (text, codes) in [
        ("study,events,total\nA,3,10\nB,5,9\n,8,18\n", &[Code::StudiesNumbered][..]),
        // Of one study alone every copy would be a sum.
        ("study,events,total\nA,3,10\n,3,10\n", &[Code::StudiesNumbered]),
        ("study,events,total\nA,3,10\nB,5,9\nNorth,8,19\n", &[Code::SumRow]),
        ("events,total\n3,10\n5,9\n8,19\n", &[Code::SumRow, Code::StudiesNumbered]),
    ] {
        let table = read(text);
        let found: Vec<_> = table.advisories().iter().map(|advisory| advisory.code).collect();
        assert_eq!(found, codes, "{text}");
    }
}

#[test]
fn subtotals_are_sums_since_the_last_sum() {
    let table = read(
        "study,events,total\nAsia,,\nA,3,40\nB,9,50\nSubtotal,12,90\nC,4,60\nD,6,30\nSubtotal,10,90\nGesamt,22,180\n",
    );
    assert_eq!(rows(&table).iter().map(|row| row.0).collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    assert!(table.advisories().is_empty());
    // One study between two sums may have a subtotal of its own.
    let table =
        read("study,events,total\nA,3,40\nSubtotal,3,40\nB,9,50\nC,1,5\nSubtotal,10,55\nTotal,13,95\n");
    assert_eq!((table.k(), table.advisories().len()), (3, 0));
}

// Covariates

#[test]
fn every_other_column_is_kept_with_a_cell_for_each_study() {
    let table = read(
        "dose,study,note,events,total,,note\n5,A,\"x, y\",3,10,,\nNA,B,,NA,20\n 2.5 ,C,z,4,9,q,last\n,D\n7,E,,1,2\nTotal,Total,,8,21\n",
    );
    assert_eq!(rows(&table).iter().map(|row| row.0).collect::<Vec<_>>(), ["A", "C", "E"]);
    let columns: Vec<_> =
        table.covariates().iter().map(|c| (c.name(), c.cells().collect::<Vec<_>>())).collect();
    assert_eq!(
        columns,
        [
            ("dose", vec!["5", "2.5", "7"]),
            ("note", vec!["x, y", "z", ""]),
            ("", vec!["", "q", ""]),
            ("note", vec!["", "last", ""])
        ]
    );
    let dose = table.covariates().get("dose").expect("a column");
    assert_eq!((dose.numbers(), dose.cell(1)), (vec![Some(5.0), Some(2.5), Some(7.0)], "2.5"));
    assert_eq!(table.covariates().get("note").expect("a column").levels(), ["x, y", "z"]);
    // Author and year make the name, and the year may be asked for.
    let table = read("Author,Year,events,total\nSmith,2010,3,10\n");
    let names: Vec<_> = table.covariates().iter().map(|column| column.name()).collect();
    assert_eq!(names, ["Author", "Year"]);
    let comma = ReadOptions { decimal: Some(Decimal::Comma), ..ReadOptions::default() };
    let table = read_with("study;events;total;dose\nA;3;10;2,5\n", &comma);
    assert_eq!(table.covariates().get("dose").expect("a column").numbers(), [Some(2.5)]);
}

#[test]
fn a_header_of_many_names_above_short_rows_does_not_fill_memory() {
    let names: String = (0..3000).map(|i| format!(",c{i}")).collect();
    let short: String = (0..3000).map(|i| format!("S{i},1,2\n")).collect();
    let table = read(&format!("study,events,total{names}\n{short}"));
    assert_eq!((table.k(), table.covariates().len()), (3000, 3000), "blank columns are kept by name");
    let full = format!("last,1,2{}\n", ",x".repeat(3000));
    says(
        &refusal(format!("study,events,total{names}\n{short}{full}")),
        &["3000 columns", "leave out the columns"],
    );
}

#[test]
fn every_row_is_used_excluded_or_filtered() {
    let table = read_with(LONG, &filtered(&["outcome=good"]));
    let ledger = table.ledger();
    assert_eq!((ledger.read, ledger.used(), ledger.excluded.len(), ledger.filtered), (4, 2, 1, 1));
    assert_eq!(table.provenance().filters, ["outcome=good"]);
    let options = ReadOptions { outcome: Some("good".into()), ..ReadOptions::default() };
    assert_eq!(read_with(LONG, &options).provenance().filters, ["outcome=good"]);
}

// Filters

const LONG: &str = "study,outcome,design,events,total\nA,good,retro,3,10\nA,partial,retro,bad,10\nB,good,trial,5,9\nC,good, retro ,,9\n";

#[test]
fn filters_keep_the_rows_of_a_value() {
    let table = read_with(LONG, &filtered(&["outcome=good"]));
    assert_eq!(
        rows(&table),
        [("A", 2, 3, 10), ("B", 4, 5, 9)],
        "and rows left out by a filter are not looked at"
    );
    assert_eq!(excluded(&table), [("C", 5, "events missing")]);
    let table = read_with(LONG, &filtered(&["Outcome = good", "design=retro"]));
    assert_eq!((rows(&table).len(), table.ledger().excluded.len()), (1, 1));
    assert_eq!(
        rows(&read_with("study,note,events,total\nA,,3,10\nB,x,3,10\n", &filtered(&["note="]))).len(),
        1
    );
}

#[test]
fn an_outcome_of_a_long_table_is_a_filter() {
    let options = ReadOptions { outcome: Some("good".into()), ..ReadOptions::default() };
    assert_eq!(rows(&read_with(LONG, &options)).len(), 2);
    assert_eq!(rows(&read_with(&LONG.replace("outcome", "End point"), &options)).len(), 2);
    let (code, message) = refusal_with(LONG.replace("outcome", "what").as_bytes(), &options);
    assert_eq!(code, 2);
    says(&message, &["'good'", "'what'", "--where"]);
}

#[test]
fn a_filter_that_keeps_nothing_names_the_values_there_are() {
    let (code, message) = refusal_with(LONG.as_bytes(), &filtered(&["design=cohort"]));
    assert_eq!(code, 2);
    says(&message, &["'design=cohort'", "'retro'", "'trial'"]);
    let many: String = std::iter::once("study,events,total\n".to_owned())
        .chain((0..99).map(|i| format!("A{i},1,10\n")))
        .collect();
    let (_, message) = refusal_with(many.as_bytes(), &filtered(&["study=B"]));
    says(&message, &["'A0'", "…"]);
    assert!(message.len() < 500);
}

#[test]
fn a_condition_needs_a_column() {
    for text in ["design", "=x", " = x", ""] {
        let error = text.parse::<metaprop::options::Filter>().expect_err("no condition");
        assert!(matches!(error, Error::Usage(_)), "{text:?}");
    }
    let filter: metaprop::options::Filter = "a=b=c".parse().expect("a condition");
    assert_eq!((&*filter.column, &*filter.value), ("a", "b=c"));
}

// Embedded

#[test]
fn every_embedded_data_set_is_read_with_its_sources_row_by_row() {
    for (name, k, sums) in [
        ("tofacitinib-aa", 14, (212, 382)),
        ("miller1978", 4, (20, 55)),
        ("pritz1997", 14, (0, 0)),
        ("opioid-jordan2017", 15, (0, 0)),
        ("stijnen2010-control", 18, (0, 0)),
        ("stijnen2010-treated", 18, (0, 0)),
        ("tsoumpou2009-wnl", 19, (0, 0)),
    ] {
        let table = read_embedded(name, &ReadOptions::default()).expect("a table");
        assert_eq!((table.k(), table.ledger().excluded.len(), table.advisories().len()), (k, 0, 0), "{name}");
        assert!(sums == (0, 0) || table.sums() == Some(sums), "{name}: {:?}", table.sums());
        assert_eq!(table.provenance().data, format!("@{name}"));
        assert!(table.duplicates(&indices(&table)).is_none());
        let sources = embedded::find(name).expect("there").sources;
        for study in table.counted().unwrap().iter() {
            let row = format!(
                "| {} | {} | {} | {} |",
                study.line,
                study.name,
                study.counts.events(),
                study.counts.total()
            );
            assert!(sources.contains(&row), "{name}: SOURCES.md has no row {row}");
        }
    }
    assert_eq!(embedded::all().len(), 7);
}

#[test]
fn an_unknown_data_set_is_a_usage_error_with_the_nearest() {
    let error = read_embedded("@tofacitinib", &ReadOptions::default()).expect_err("unknown");
    assert_eq!(error.exit_code(), 2);
    says(&error.to_string(), &["@tofacitinib-aa", "miller1978"]);
}

/// The places of all studies of a table.
fn indices(table: &Dataset) -> Vec<u32> {
    (0..).take(table.k()).collect()
}

#[test]
fn several_outcomes_are_refused_whatever_their_names_begin_with() {
    for outcomes in [["pain", "itch"], ["28-day mortality", "death"], ["1.1 Death", "1.2 Relapse"]] {
        let [one, other] = outcomes;
        let message = refusal(format!("study,outcome,events,n\nA,{one},3,40\nA,{other},5,40\n"));
        says(&message, &["several outcomes", one, other, "--outcome"]);
    }
    // Numbers are no outcomes.
    assert_eq!(read("study,outcome,events,n\nA,1,3,40\nB,2,5,40\n").k(), 2);
}

#[test]
fn percentages_that_no_count_gives_can_be_left_out_or_taken_as_the_nearest_count() {
    use metaprop::options::OnImpossible;
    let csv = "study,percent,n,dose\nA,58.4%,90,1\nB,50%,20,2\nC,25%,40,3\n";
    let with = |on_impossible| ReadOptions { on_impossible: Some(on_impossible), ..ReadOptions::default() };
    let dropped = read_with(csv, &with(OnImpossible::Drop));
    assert_eq!(rows(&dropped), [("B", 3, 10, 20), ("C", 4, 10, 40)]);
    let reason = "58.4% is not a plain count of 90: another denominator, imputation or a misprint";
    assert_eq!(excluded(&dropped), [("A", 2, reason)]);
    assert_eq!(dropped.covariates().get("dose").unwrap().cells().collect::<Vec<_>>(), ["2", "3"]);
    // 52.56 people: 53 is nearer.
    let kept = read_with(csv, &with(OnImpossible::Keep));
    assert_eq!(rows(&kept)[0], ("A", 2, 53, 90));
    assert!(kept.advisories().iter().any(|advisory| advisory.code == Code::PercentImpossible));
    says(&refusal(csv), &["bad.csv:2", "not a plain count of 90", "--on-impossible"]);
}

#[test]
fn numbers_at_most_1_are_read_by_what_counts_they_can_be() {
    let scale = |csv: &str| {
        let table = read(csv);
        let said = table.advisories().iter().find(|advisory| advisory.code == Code::PercentScale);
        let events: Vec<u64> = table.counts().unwrap().iter().map(|counts| counts.events()).collect();
        (events, said.expect("said").message.clone())
    };
    // As fractions the first two have no count of 7 and 9; as percentages neither.
    let (events, said) = scale("study,prevalence,n\nA,0.43,7\nB,0.22,9\n");
    assert_eq!(events, [3, 2]);
    says(&said, &["as fractions", "no count"]);
    let (events, said) = scale("study,prevalence,n\nA,0.5,200\nB,0.8,1000\nC,1.0,300\n");
    assert_eq!(events, [1, 8, 3]);
    says(&said, &["as percentages", "exactly one count"]);
    // As programs write quotients.
    let (events, _) = scale("study,prevalence,n\nA,0.23333333333333334,30\nB,0.2941176470588235,17\n");
    assert_eq!(events, [7, 5]);
    // Both are the rounding of several counts: the name decides, else nothing does.
    for (name, want) in [("percent", [500, 250]), ("proportion", [50_000, 25_000])] {
        let (events, said) = scale(&format!("study,{name},n\nA,0.5,100000\nB,0.25,100000\n"));
        assert_eq!(events, want);
        says(&said, &["name says so"]);
    }
    let message = refusal("study,prevalence,n\nA,0.5,100000\nB,0.25,100000\n");
    says(
        &message,
        &["percentages or fractions", "450 to 549 as a percentage", "45000 to 54999 as a fraction"],
    );
}

#[test]
fn the_decimal_mark_is_that_of_the_column_and_thousands_stay_thousands() {
    let table = read("study;percent;n\nA;54,5;1,100\nB;20;2,000\n");
    assert_eq!(rows(&table), [("A", 2, 600, 1100), ("B", 3, 400, 2000)]);
}

#[test]
fn a_delimiter_that_fits_more_rows_is_taken() {
    assert_eq!(read("study;events;total\nMüller, A;3;10\nLee, B;5;9\n").k(), 2);
    assert_eq!(read("Results, by study\nstudy;events;total\nMüller;3;10\n").k(), 1);
}

#[test]
fn row_names_of_r_are_no_column() {
    let table = read("study,events,total\n1,A,3,10\n2,B,5,9\n");
    assert_eq!(rows(&table), [("A", 2, 3, 10), ("B", 3, 5, 9)]);
}

#[test]
fn a_name_goes_on_over_rows_that_another_column_tells_apart() {
    let csv = "study,arm,events,n\nA,oral,3,40\n,topical,5,40\n\n,oral,1,10\n";
    let table = read(csv);
    assert_eq!(rows(&table), [("A", 2, 3, 40), ("A", 3, 5, 40), ("Study 3", 5, 1, 10)]);
    let codes: Vec<_> = table.advisories().iter().map(|advisory| advisory.code).collect();
    assert_eq!(codes, [Code::NamesContinued, Code::StudiesNumbered]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A word for what is missing that stands nowhere changes nothing but that every row is read in full.
    #[test]
    fn plain_rows_are_read_as_all_others(
        rows in vec(("(Study 1|Total|Total 9|Europe total|A2|B|Mean|12|study| Smith 2001 |)", "( ?[0-9]{1,3}|NR|1,066|12/50|3.5|)", "([0-9]{1,3} ?|NR|1066|0|)", "(|,|,x|, )"), 1..12)
    ) {
        let rows: Vec<String> = rows.iter().map(|(name, x, n, more)| format!("{name},{x},{n}{more}\n")).collect();
        for header in ["study,events,total", "study,events,total,region"] {
            let text = format!("{header}\n{}", rows.concat());
            let in_full = ReadOptions { na: vec!["zzz".to_string()], ..ReadOptions::default() };
            let [quick, full] = [ReadOptions::default(), in_full].map(|options| {
                read_bytes(text.as_bytes(), "a.csv", &options).map_err(|error| error.to_string())
            });
            prop_assert_eq!(format!("{quick:?}"), format!("{full:?}"), "{}", text);
        }
    }
}
