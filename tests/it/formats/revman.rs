//! Reviews of RevMan 5, and the tables that RevMan 5 and RevMan Web export.

use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;

use super::{cells, refusal, rows, says};

/// Two comparisons with an outcome of the same name, one of them in subgroups, and a continuous outcome.
const REVIEW: &str = r#"<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>
<!-- made up -->
<COCHRANE_REVIEW ID="1" REVMAN_VERSION="5" TYPE="INTERVENTION">
<COVER_SHEET><TITLE>NAME &amp; DICH_DATA</TITLE></COVER_SHEET>
<STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES>
<STUDY DATA_SOURCE="PUB" ID="STD-M_x00fc_ller-2001" NAME="Müller 2001" YEAR="2001"><REFERENCE/></STUDY>
<STUDY ID="STD-Berg" NAME="Berg &amp; Cho" YEAR=""/>
</INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES>
<ANALYSES_AND_DATA>
<COMPARISON ID="CMP-001" NO="1"><NAME>Drug versus placebo</NAME>
<DICH_OUTCOME EVENTS_1="5" TOTAL_1="30" NO="1"><NAME>Death</NAME>
<GROUP_LABEL_1>Drug</GROUP_LABEL_1><GROUP_LABEL_2>Placebo &lt;1 mg</GROUP_LABEL_2>
<DICH_DATA EVENTS_1="3" TOTAL_1="10" EVENTS_2="4" TOTAL_2="12" STUDY_ID="STD-M_x00fc_ller-2001"/>
<DICH_DATA EVENTS_1="2" TOTAL_1="20" EVENTS_2="1" TOTAL_2="19" STUDY_ID="STD-Berg"><FOOTNOTE/></DICH_DATA>
</DICH_OUTCOME>
<CONT_OUTCOME NO="2"><NAME>Pain</NAME><CONT_DATA MEAN_1="1" TOTAL_1="10" STUDY_ID="STD-Berg"/></CONT_OUTCOME>
</COMPARISON>
<COMPARISON NO="2"><NAME>Drug versus care</NAME>
<DICH_OUTCOME NO="1"><NAME>Death</NAME><GROUP_LABEL_1>Drug</GROUP_LABEL_1><GROUP_LABEL_2>Care</GROUP_LABEL_2>
<DICH_SUBGROUP NO="1"><NAME>Adults</NAME>
<DICH_DATA EVENTS_1="7" TOTAL_1="40" EVENTS_2="9" TOTAL_2="41" STUDY_ID="STD-Berg"/>
</DICH_SUBGROUP>
<DICH_SUBGROUP NO="2"><NAME>Children</NAME>
<DICH_DATA EVENTS_1="1" TOTAL_1="8" EVENTS_2="0" TOTAL_2="9" STUDY_ID="STD-Lost"/>
</DICH_SUBGROUP></DICH_OUTCOME></COMPARISON>
</ANALYSES_AND_DATA></COCHRANE_REVIEW>
"#;

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(character).expect("a letter of Latin-1")).collect()
}

fn options(outcome: &str, events: &str, total: &str) -> ReadOptions {
    let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    ReadOptions { outcome: some(outcome), events: some(events), total: some(total), ..ReadOptions::default() }
}

#[test]
fn an_arm_of_an_outcome_is_read() {
    let bytes = latin1(REVIEW);
    let first = read_bytes(&bytes, "r.rm5", &options("Death (1.1)", "events_1", "total_1")).expect("a table");
    assert_eq!(rows(&first), [("Müller 2001", 13, 3, 10), ("Berg & Cho", 14, 2, 20)]);
    assert_eq!(cells(&first, "group_1"), ["Drug", "Drug"]);
    assert_eq!(cells(&first, "group_2"), ["Placebo <1 mg", "Placebo <1 mg"]);
    assert_eq!(cells(&first, "subgroup"), ["", ""]);
    assert_eq!(cells(&first, "year"), ["2001", ""]);
    let second =
        read_bytes(&bytes, "r.rm5", &options("Death (2.1)", "events_2", "total_2")).expect("a table");
    assert_eq!(rows(&second), [("Berg & Cho", 21, 9, 41), ("STD-Lost", 24, 0, 9)]);
    assert_eq!(cells(&second, "comparison"), ["Drug versus care", "Drug versus care"]);
    assert_eq!(cells(&second, "subgroup"), ["Adults", "Children"]);
}

#[test]
fn arms_and_outcomes_are_never_guessed() {
    let bytes = latin1(REVIEW);
    says(&refusal(&bytes, "r.rm5"), &["events_1", "events_2", "--events", "total_1", "total_2", "--total"]);
    let error = read_bytes(&bytes, "r.rm5", &options("", "events_1", "total_1")).expect_err("two outcomes");
    says(&error.to_string(), &["Death (1.1)", "Death (2.1)", "--outcome"]);
}

#[test]
fn a_compressed_review_is_read() {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&latin1(REVIEW)).expect("written");
    let bytes = packed.finish().expect("written");
    let table = read_bytes(&bytes, "r.rm5.gz", &options("Death (1.1)", "events_1", "total_1"));
    assert_eq!(table.expect("a table").k(), 2);
}

#[test]
fn broken_reviews_say_where() {
    let broken = REVIEW.replace("</DICH_SUBGROUP></DICH_OUTCOME>", "</DICH_OUTCOME>");
    says(&refusal(&latin1(&broken), "r.rm5"), &["r.rm5:25", "XML"]);
    let none = "<COCHRANE_REVIEW><ANALYSES_AND_DATA/></COCHRANE_REVIEW>";
    says(&refusal(none.as_bytes(), "r.rm5"), &["dichotomous outcome"]);
    let utf8 = REVIEW.replace("ISO-8859-1", "UTF-8");
    says(&refusal(&latin1(&utf8), "r.rm5"), &["UTF-8"]);
    let bytes = latin1(REVIEW);
    for end in (60..bytes.len()).step_by(11) {
        let _ = read_bytes(&bytes[..end], "r.rm5", &ReadOptions::default());
    }
}
