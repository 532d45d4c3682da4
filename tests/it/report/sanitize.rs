//! A study's name is data: shown wherever it stands, executed nowhere.

use metaprop::MetaAnalysis;
use metaprop::format::{NumberFormat, is_control, sanitize};
use metaprop::options::Request;
use metaprop::report::json::Layout;
use metaprop::report::{Document, Report, Section, csv, json, junit};

use super::support::{EVIL, outcome};
use super::xml::elements;

fn evil() -> MetaAnalysis {
    outcome(&EVIL, Request::default())
}

fn report(outcome: &MetaAnalysis) -> Report {
    let section = Section::new("evil", EVIL[5].0, outcome.clone(), NumberFormat::default()).unwrap();
    Report::new(EVIL[0].0, vec![section])
}

#[test]
fn nothing_that_commands_a_terminal_comes_out() {
    let outcome = evil();
    let report = report(&outcome);
    let documents = [
        outcome.text(false),
        json::text(&outcome, Layout::Indented),
        csv::text(&outcome, csv::Rows::All),
        report.markdown(),
        report.html(),
    ];
    for document in documents {
        let left = document.chars().find(|c| is_control(*c) && *c != '\n');
        assert_eq!(left, None, "{document}");
    }
}

#[test]
fn the_document_keeps_every_name_as_it_was_typed() {
    let document: serde_json::Value = serde_json::from_str(&json::text(&evil(), Layout::Line)).unwrap();
    let names: Vec<&str> =
        document["studies"].as_array().unwrap().iter().filter_map(|row| row["study"].as_str()).collect();
    assert_eq!(names, EVIL.map(|(name, ..)| name));
}

#[test]
fn the_page_shows_markup_and_runs_none() {
    let outcome = evil();
    let page = report(&outcome).html();
    let seen = elements(&page, &["meta"]);
    assert!(!seen.iter().any(|name| ["script", "iframe", "img", "link", "object"].contains(&name.as_str())));
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("{{ report.title }} {% raw %}"));
    assert_eq!(seen.iter().filter(|name| *name == "table").count(), 4);
}

#[test]
fn markdown_shows_names_in_one_cell_each() {
    let outcome = evil();
    let page = report(&outcome).markdown();
    assert!(
        !page.contains('<') || page.matches('<').count() == page.matches("(<https://doi.org/").count(),
        "{page}"
    );
    let rows =
        page.lines().skip_while(|line| !line.starts_with("| Study")).take_while(|line| line.starts_with('|'));
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 8, "{row}");
    }
    assert!(page.contains("\\[f\\](javascript:x)"));
}

#[test]
fn no_cell_is_a_formula() {
    let table = csv::text(&evil(), csv::Rows::All);
    assert!(table.contains("study,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",3,"), "{table}");
    assert!(table.contains("\"' ␉+1+cmd|' /C calc'!A0\""), "{table}");
    for formula in ["=1", "+1", "-1", "@x", " =1", "\"=1", "\t=1", "\r=1", "＝1", "'=1"] {
        let cell = csv::field(formula);
        assert!(cell.trim_start_matches('"').starts_with('\''), "{formula:?} became {cell}");
    }
    assert_eq!(csv::field("Smith - Jones 2019"), "Smith - Jones 2019");
}

#[test]
fn the_terminal_aligns_wide_names() {
    let table = evil().text(false);
    insta::assert_snapshot!(table);
}

#[test]
fn a_junit_file_is_well_formed() {
    let cases: Vec<junit::Case> = EVIL
        .iter()
        .map(|(name, ..)| junit::Case {
            name: (*name).to_string(),
            group: (*name).to_string(),
            failures: vec![(*name).to_string(); 2],
            skipped: None,
        })
        .chain([junit::Case::new("fine", "report")])
        .collect();
    let xml = junit::write("<suite>", &cases);
    let seen = elements(&xml, &[]);
    assert_eq!(seen.iter().filter(|name| *name == "testcase").count(), 10);
    assert_eq!(seen.iter().filter(|name| *name == "failure").count(), 9);
    assert!(xml.contains("tests=\"10\" failures=\"9\""));
    assert!(!xml.chars().any(|c| is_control(c) && c != '\n'));
}

#[test]
fn ordinary_names_are_not_touched() {
    for name in ["Müller 2019", "山田 2020", "O'Brien & Sons", "5 mg/kg, 2×", "ἀλφα"] {
        assert_eq!(sanitize(name), name);
    }
}

#[test]
fn an_error_quotes_nothing_that_commands_a_terminal() {
    let file = "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"a\\u001b[31m\\u202eb\\nfake.toml:1: fine\"\n";
    let error = metaprop::options::analysis_file::parse(file, "in.toml").unwrap_err().to_string();
    assert!(error.contains("a␛[31m<U+202E>b␊fake.toml:1"), "{error}");
    assert!(!error.contains(|c: char| is_control(c) && c != '\n'), "{error:?}");
    assert!(error.lines().all(|line| !line.starts_with("fake")), "{error}");
}
