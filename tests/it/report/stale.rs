//! `report --check`: what moved, in words.

use std::convert::Infallible;

use metaprop::format::NumberFormat;
use metaprop::options::Request;
use metaprop::report::folder::File;
use metaprop::report::manifest::Manifest;
use metaprop::report::stale::{self, Change, Comparison};
use metaprop::report::{Report, Section, junit};

use super::support::{TINY, dl_wald, outcome};
use super::xml::elements;

fn built(rows: &[(&str, u64, u64)], request: Request) -> Vec<File> {
    let section = Section::new("good", "Good", outcome(rows, request), NumberFormat::default()).unwrap();
    Report::new("T", vec![section]).files()
}

fn held(new: &[File], old: &[File]) -> Comparison {
    let on_disk = |path: &str| {
        Ok::<_, Infallible>(old.iter().find(|file| file.path == path).map(|file| file.bytes.clone()))
    };
    stale::compare(new, on_disk).unwrap()
}

fn compare(new: &[File], old: &[File]) -> Vec<Change> {
    held(new, old).changes
}

/// The same folder without some of its files.
fn without(files: &[File], paths: &[&str]) -> Vec<File> {
    files.iter().filter(|file| !paths.contains(&file.path.as_str())).cloned().collect()
}

fn words(new: &[File], old: &[File]) -> String {
    compare(new, old).into_iter().map(|change| change.what + "\n").collect()
}

#[test]
fn a_fresh_report_is_fresh() {
    let report = built(&TINY, dl_wald());
    assert_eq!(words(&report, &report), "");
}

#[test]
fn a_count_that_moved_is_named_with_its_study() {
    let mut rows = TINY;
    rows[2].1 = 22;
    let said = words(&built(&rows, dl_wald()), &built(&TINY, dl_wald()));
    for needle in [
        "good: study 'Gamma 2003': events 21 → 22\n",
        "good: the weights of 4 studies moved",
        "good: events 46 → 47",
        "good: random.estimate 0.",
        "good: heterogeneity.tau2 0.",
        "good/studies.csv: differs from line 2 on",
        "report.html: differs from line ",
        "report.md: differs from line ",
    ] {
        assert!(said.contains(needle), "no {needle:?} in\n{said}");
    }
}

#[test]
fn a_study_that_came_or_went_is_named() {
    let mut rows = TINY.to_vec();
    rows.remove(1);
    rows.push(("Delta 2004", 1, 7));
    let said = words(&built(&rows, dl_wald()), &built(&TINY, dl_wald()));
    for needle in [
        "study 'Beta 2002' is gone (9 of 13)",
        "study 'Delta 2004' (number 2 of that name) is new (1 of 7)",
        "study 'Gamma 2003': line 4 → 3",
    ] {
        assert!(said.contains(needle), "no {needle:?} in\n{said}");
    }
}

#[test]
fn a_choice_that_moved_is_named() {
    let said = words(&built(&TINY, Request::default()), &built(&TINY, dl_wald()));
    assert!(said.contains("good: spec.tau2 'dl' → 'reml'"), "{said}");
}

#[test]
fn another_order_is_said() {
    let mut rows = TINY;
    rows.swap(0, 1);
    let (mut new, old) = (built(&rows, dl_wald()), built(&TINY, dl_wald()));
    // The same lines, so that only the order differs.
    for file in &mut new {
        file.bytes = String::from_utf8(file.bytes.clone())
            .unwrap()
            .replace("\"line\": 2,", "\"line\": 9,")
            .replace("\"line\": 3,", "\"line\": 2,")
            .replace("\"line\": 9,", "\"line\": 3,")
            .into();
    }
    assert!(words(&new, &old).contains("the studies stand in another order"));
}

#[test]
fn a_file_that_is_not_kept_is_fresh_by_its_digest() {
    let report = built(&TINY, dl_wald());
    let kept = without(&report, &["good/forest.svg", "good/studies.csv"]);
    let found = held(&report, &kept);
    assert!(found.is_fresh() && found.by_digest == 2, "{found:?}");
}

#[test]
fn a_file_that_is_not_kept_is_stale_where_its_digest_differs() {
    let mut rows = TINY;
    rows[2].1 = 22;
    let old = without(&built(&TINY, dl_wald()), &["good/studies.csv", "good/result.json"]);
    let found = held(&built(&rows, dl_wald()), &old);
    let said: String = found.changes.iter().map(|change| format!("{}\n", change.what)).collect();
    for needle in [
        "good/studies.csv: not in the folder, and its digest differs\n",
        "good/result.json: not in the folder, and its digest differs\n",
        "good/forest.svg: the figure differs\n",
        "report.html: differs from line ",
        "digest.txt: differs from line ",
    ] {
        assert!(said.contains(needle), "no {needle:?} in\n{said}");
    }
    assert_eq!(found.by_digest, 0, "{said}");
}

#[test]
fn a_file_that_is_not_kept_and_not_listed_is_missing() {
    let report = built(&TINY, dl_wald());
    let unlisted = without(&report, &["good/forest.svg", "digest.txt"]);
    assert_eq!(words(&report, &unlisted), "good/forest.svg: missing\ndigest.txt: missing\n");
    // Nor does a manifest hold that lists all but one of them.
    let mut old = unlisted.clone();
    let listed = Manifest::of(&unlisted).to_string();
    old.push(File { path: "digest.txt".to_string(), bytes: listed.into() });
    let said = words(&report, &old);
    assert!(said.starts_with("good/forest.svg: missing\ndigest.txt: differs from line 1 on\n"), "{said}");
}

#[test]
fn a_file_on_disk_is_compared_itself_whatever_the_manifest_says() {
    let report = built(&TINY, dl_wald());
    let mut old = report.clone();
    let studies = old.iter_mut().find(|file| file.path == "good/studies.csv").unwrap();
    studies.bytes.extend(b"edited\n");
    assert_eq!(words(&report, &old), "good/studies.csv: differs from line 6 on\n");
}

#[test]
fn what_was_part_of_the_report_is_named_and_other_files_are_not() {
    let report = built(&TINY, dl_wald());
    let mut before = report.clone();
    before.pop();
    before.push(File { path: "bad/forest.svg".to_string(), bytes: Vec::new() });
    let manifest = Manifest::of(&before).to_string();
    let mut old = without(&report, &["digest.txt"]);
    old.push(File { path: "digest.txt".to_string(), bytes: manifest.into() });
    old.push(File { path: "good/notes.txt".to_string(), bytes: b"mine".to_vec() });
    assert_eq!(
        words(&report, &old),
        "digest.txt: differs from line 1 on\nbad/forest.svg: not part of the report any more\n"
    );
}

#[test]
fn what_is_on_disk_may_be_anything() {
    let report = built(&TINY, dl_wald());
    for rubbish in ["", "null", "{}", "{\"studies\": [1, {}], \"spec\": 3}", "\u{1b}[31m"] {
        let old: Vec<File> =
            report.iter().map(|file| File { path: file.path.clone(), bytes: rubbish.into() }).collect();
        let moved = compare(&report, &old);
        assert!(moved.iter().any(|change| change.file == "good/result.json"), "{rubbish:?}");
        assert!(!moved.iter().any(|change| change.what.contains('\u{1b}')));
    }
}

#[test]
fn a_thousand_changes_are_counted() {
    let rows: Vec<(String, u64, u64)> = (0..1000).map(|index| (format!("S{index}"), 3, 9)).collect();
    let with =
        |events| rows.iter().map(|(name, _, total)| (name.as_str(), events, *total)).collect::<Vec<_>>();
    let said = words(&built(&with(4), dl_wald()), &built(&with(3), dl_wald()));
    assert!(said.lines().count() < 60 && said.contains("good: … and "), "{said}");
}

#[test]
fn junit_has_a_case_a_file() {
    let mut rows = TINY;
    rows[2].1 = 22;
    let (new, old) = (built(&rows, dl_wald()), built(&TINY, dl_wald()));
    let moved = compare(&new, &old);
    let xml = junit::write("report", &metaprop::report::stale::test_cases(&new, &moved));
    let seen = elements(&xml, &[]);
    assert_eq!(seen.iter().filter(|name| *name == "testcase").count(), 6);
    assert!(xml.contains("<failure message=\"good/forest.svg: the figure differs\">"), "{xml}");
    let same = junit::write("report", &metaprop::report::stale::test_cases(&new, &[]));
    assert!(same.contains("<testcase name=\"good/forest.svg\" classname=\"report.good\"/>"), "{same}");
    assert!(xml.contains("study &#39;Gamma 2003&#39;: events 21 → 22"), "{xml}");
}
