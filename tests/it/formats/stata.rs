//! Files of Stata, written by R and pandas: `tests/reference/scripts/tables/stata.R` and `stata.py`.

use metaprop::advisory::Code;
use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;
use proptest::prelude::*;

use super::{cells, kept, read, refusal, refusal_with, rows, says};

const RELEASES: [u32; 4] = [114, 117, 118, 119];

fn file(release: u32) -> Vec<u8> {
    kept(&format!("table-{release}.dta"))
}

#[test]
fn every_release_and_byte_order_gives_the_same_table() {
    for release in RELEASES {
        let table = read(&file(release), "in.dta");
        let studies = [("Müller 2001", 1, 3, 10), ("Berg", 2, 100, 32_740), ("Cho", 3, 0, 70_000)];
        assert_eq!(rows(&table), studies, "{release}");
        assert_eq!(table.ledger().excluded[0].line, 4, "{release}");
        for (column, want) in [
            ("rate", ["0.1", "", "-2.5"]),
            ("score", ["0.1", "1e-300", ""]),
            // 9 has no label.
            ("region", ["1", "2", "9"]),
            ("day", ["2019-05-31", "", "1959-12-31"]),
            ("note", ["", "two\nlines", &"é".repeat(30)]),
        ] {
            assert_eq!(cells(&table, column), want, "{release} {column}");
        }
    }
}

/// Labels of values: each with where it begins in the texts, and these texts.
struct LabelSet<'a> {
    labels: &'a [(i32, u32)],
    texts: &'a [u8],
}

/// A file of release 114 with these events, of 20 each, and labels for them.
fn labelled(events: &[u8], set: &LabelSet<'_>) -> Vec<u8> {
    let padded = |text: &str, width: usize| [text.as_bytes(), &vec![0; width - text.len()]].concat();
    let rows = u32::try_from(events.len()).expect("few");
    let mut bytes = [&[114, 2, 1, 0, 3, 0][..], &rows.to_le_bytes(), &[0; 99], &[8, 251, 251]].concat();
    bytes.extend(["study", "events", "total"].map(|name| padded(name, 33)).concat());
    bytes.extend([0; 8]);
    bytes.extend(["%8s", "%8.0g", "%8.0g"].map(|format| padded(format, 49)).concat());
    bytes.extend(["", "set", ""].map(|name| padded(name, 33)).concat());
    bytes.extend([0; 3 * 81 + 5]);
    for (row, events) in events.iter().enumerate() {
        bytes.extend(padded(&format!("S{row}"), 8));
        bytes.extend([*events, 20]);
    }
    let number = |number: usize| u32::try_from(number).expect("few").to_le_bytes();
    bytes.extend(number(8 + 8 * set.labels.len() + set.texts.len()));
    bytes.extend(padded("set", 36));
    bytes.extend([number(set.labels.len()), number(set.texts.len())].concat());
    bytes.extend(set.labels.iter().flat_map(|(_, begin)| begin.to_le_bytes()));
    bytes.extend(set.labels.iter().flat_map(|(value, _)| value.to_le_bytes()));
    bytes.extend(set.texts);
    bytes
}

#[test]
fn labels_of_some_values_leave_the_numbers() {
    let none = LabelSet { labels: &[(0, 0)], texts: b"none\0" };
    let table = read(&labelled(&[3, 0, 5], &none), "in.dta");
    assert_eq!(rows(&table), [("S0", 1, 3, 20), ("S1", 2, 0, 20), ("S2", 3, 5, 20)]);
    // A missing value needs no label; where all others have one they are words.
    let said = refusal(&labelled(&[0, 101, 0], &none), "in.dta");
    says(&said, &["in.dta", "'events'"]);
    let two = LabelSet { labels: &[(0, 0), (3, 2)], texts: b"7\x004\0" };
    assert_eq!(rows(&read(&labelled(&[3, 0], &two), "in.dta")), [("S0", 1, 4, 20), ("S1", 2, 7, 20)]);
}

#[test]
fn labels_that_begin_in_the_same_long_text_cost_what_it_is_long() {
    // Each of them up to its zero would be 400 GB.
    let labels: Vec<(i32, u32)> = (10..200_000).map(|value| (value, 0)).collect();
    let texts = vec![b'7'; 2_000_000];
    let table = read(&labelled(&[3, 12], &LabelSet { labels: &labels, texts: &texts }), "in.dta");
    assert_eq!(rows(&table), [("S0", 1, 3, 20), ("S1", 2, 12, 20)]);
}

#[test]
fn releases_113_and_115_are_binary_too() {
    let mut bytes = file(113);
    let old = read(&bytes, "in.dta");
    assert_eq!(rows(&old), [("Müller 2001", 1, 3, 10), ("Berg", 2, 100, 32_740)]);
    assert_eq!(cells(&old, "region"), ["North", "South"]);
    // It was written without the format of a date.
    assert_eq!(cells(&old, "day"), ["21700", ""]);
    // Release 115 differs from 114 by its number.
    bytes = file(114);
    bytes[0] = 115;
    assert_eq!(rows(&read(&bytes, "in.dta")), rows(&read(&file(114), "in.dta")));
}

#[test]
fn text_before_release_118_is_windows_1252_and_that_is_said() {
    let codes = |release| -> Vec<Code> {
        read(&file(release), "in.dta").advisories().iter().map(|advisory| advisory.code).collect()
    };
    for (release, said) in [(113, true), (114, true), (117, true), (118, false), (119, false)] {
        assert_eq!(codes(release).contains(&Code::Encoding), said, "{release}");
    }
    let named = |name: &str| ReadOptions { encoding: Some(name.to_owned()), ..ReadOptions::default() };
    let table = read_bytes(&file(114), "in.dta", &named("windows-1250")).expect("a table");
    assert!(table.advisories().iter().all(|advisory| advisory.code != Code::Encoding));
    let wrong = refusal_with(&file(114), "in.dta", &named("utf-8"));
    says(&wrong, &["in.dta", "UTF-8", "--encoding"]);
}

#[test]
fn releases_that_are_not_read_say_which_are() {
    for release in [102, 110, 112] {
        let mut bytes = file(113);
        bytes[0] = release;
        says(&refusal(&bytes, "in.dta"), &["in.dta", &release.to_string(), "113 to 115", "117 to 119"]);
    }
    let text = String::from_utf8_lossy(&file(118)).replacen("118", "121", 1);
    says(&refusal(text.as_bytes(), "in.dta"), &["121", "117 to 119", "saveold"]);
}

#[test]
fn a_file_that_is_cut_off_says_where() {
    for release in [113, 114, 117, 118, 119] {
        let bytes = file(release);
        for end in (4..bytes.len()).filter(|end| end % 7 == 0 || *end + 40 > bytes.len()) {
            if let Err(error) = read_bytes(&bytes[..end], "in.dta", &ReadOptions::default()) {
                says(&error.to_string(), &["in.dta"]);
            } else {
                // Behind its data a binary file has sets of labels and nothing that says that they end.
                assert!(release < 117 || end > bytes.len() - 20, "{release} up to {end}");
            }
        }
    }
}

#[test]
fn numbers_of_observations_and_variables_are_not_believed() {
    let bytes = file(118);
    let at = bytes.windows(3).position(|window| window == b"<N>").expect("a number") + 3;
    for number in [5, u64::MAX, 1 << 40] {
        let mut more = bytes.clone();
        more[at..at + 8].copy_from_slice(&number.to_be_bytes());
        says(&refusal(&more, "in.dta"), &["in.dta"]);
    }
    let mut none = bytes.clone();
    let at = none.windows(3).position(|window| window == b"<K>").expect("a number") + 3;
    none[at..at + 2].fill(0);
    says(&refusal(&none, "in.dta"), &["in.dta"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_files_are_tables_or_errors(
        release in proptest::sample::select(vec![113, 114, 117, 118, 119]),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = file(release);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(error) = read_bytes(&bytes, "any.dta", &ReadOptions::default()) {
            prop_assert!(error.to_string().contains("any.dta"));
        }
    }
}
