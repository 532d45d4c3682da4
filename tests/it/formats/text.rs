//! Texts whose name says something of what is in them.

use std::io::Write as _;

use super::{read, refusal, rows, says};

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).expect("written");
    packed.finish().expect("written")
}

/// Its commas make as many rows as its tabs, and more cells.
const TABS: &str = "study\tevents\ttotal\tby whom, when, where, why, how\nA\t3\t10\ta, b, c, d, e\nB\t5\t20\tf, g, h, i, j\n";

#[test]
fn the_tab_stands_between_the_cells_of_a_tsv_file_compressed_or_not() {
    for (file, bytes) in [("in.tsv", TABS.as_bytes().to_vec()), ("in.tsv.gz", gzip(TABS))] {
        assert_eq!(rows(&read(&bytes, file)), [("A", 2, 3, 10), ("B", 3, 5, 20)], "{file}");
    }
}

#[test]
fn a_name_does_not_make_tabs_or_json_of_a_table_with_commas() {
    let table = "study,events,total\nA,3,10\n";
    for file in ["in.tsv", "in.json", "in.jsonl", "in.json.gz", "in"] {
        let bytes = if file.ends_with("gz") { gzip(table) } else { table.as_bytes().to_vec() };
        assert_eq!(rows(&read(&bytes, file)), [("A", 2, 3, 10)], "{file}");
    }
    let brackets = "[study],[events],[total]\nA,3,10\n";
    says(&refusal(brackets.as_bytes(), "in.json"), &["in.json:1", "not JSON"]);
    assert_eq!(rows(&read(brackets.replace(['[', ']'], "").as_bytes(), "in.json")).len(), 1);
}

#[test]
fn json_is_json_whatever_its_name() {
    let json = " [[\"study\", \"events\", \"total\"], [\"A\", 3, 10]]";
    for file in ["in.csv", "in.tsv", "in"] {
        assert_eq!(rows(&read(json.as_bytes(), file)), [("A", 1, 3, 10)], "{file}");
    }
    says(&refusal(b"[{\"study\": \"A\", \"events\": 3,", "in.txt"), &["in.txt:1", "not JSON"]);
    for text in ["nothing\nof the kind\n", "5\n", ""] {
        says(&refusal(text.as_bytes(), "in.json"), &["in.json", "an array of objects"]);
    }
}
