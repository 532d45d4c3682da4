//! The documents for machines: their bytes, their schema, and the way back.

use metaprop::advisory::{Advisory, Code};
use metaprop::data::Provenance;
use metaprop::options::{Measure, Model, Profile, ZeroCells};
use metaprop::options::{Request, Tau2};
use metaprop::report::json::Layout;
use metaprop::report::{csv, json, reread, schema};
use metaprop::{MetaAnalysis, fit};
use serde_json::Value;

use super::support::{EVIL, TINY, dl_wald, outcome, table, tiny};

/// Analyses at every edge: what may be null is null in one of them.
fn edges() -> Vec<(&'static str, MetaAnalysis)> {
    let rows: [(&str, u64, u64); 4] = [("A", 0, 10), ("B", 0, 12), ("C", 3, 9), ("D", 12, 12)];
    vec![
        ("default", outcome(&TINY, Request::default())),
        ("common", outcome(&TINY, Request { model: Some(Model::Common), ..Request::default() })),
        ("one study", outcome(&rows[2..3], Request::default())),
        ("two studies", outcome(&TINY[..2], Request::default())),
        ("all zero", outcome(&rows[..2], Request::default())),
        ("equal", outcome(&[("A", 3, 9), ("B", 3, 9)], Request::default())),
        ("corrected", outcome(&rows, Request { measure: Some(Measure::Log), ..Request::default() })),
        ("left out", outcome(&rows, Request { zero_cells: Some(ZeroCells::None), ..Request::default() })),
        (
            "Freeman-Tukey",
            outcome(&rows, Request { measure: Some(Measure::FreemanTukey), ..Request::default() }),
        ),
        ("fixed tau2", outcome(&TINY, Request { tau2: Some(Tau2::Fixed(0.25)), ..dl_wald() })),
        (
            "awkward tau2",
            outcome(
                &TINY,
                Request {
                    tau2: Some(Tau2::Fixed(0.281_346_223_785_667_5)),
                    null: Some(0.123_456_789_012_345_67),
                    ..dl_wald()
                },
            ),
        ),
        ("meta", outcome(&rows, Request { profile: Some(Profile::Meta), ..Request::default() })),
        ("evil names", outcome(&EVIL, Request::default())),
    ]
}

#[test]
fn both_layouts_say_the_same() {
    for (name, outcome) in edges() {
        let [indented, line] = [Layout::Indented, Layout::Line].map(|layout| json::text(&outcome, layout));
        let parsed = [&indented, &line].map(|text| serde_json::from_str::<Value>(text).expect(name));
        assert_eq!(parsed[0], parsed[1], "{name}");
        assert_eq!(line.matches('\n').count(), 1, "{name}");
        assert_eq!(
            indented.lines().filter(|line| line.contains("\"proportion\"")).count(),
            outcome.k(),
            "{name}"
        );
    }
}

#[test]
fn every_document_follows_its_schema() {
    for (name, outcome) in edges() {
        let document = serde_json::from_str(&json::text(&outcome, Layout::Line)).expect(name);
        let mut wrong = Vec::new();
        crate::fuzzed::schema::validate(&schema::result(), &document, name, &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn a_document_run_again_gives_the_same_bytes() {
    for (name, outcome) in edges() {
        let first = json::text(&outcome, Layout::Indented);
        let read = reread::read(&first, "result.json").expect(name);
        assert_eq!(read.spec, outcome.spec, "{name}");
        let again = read.fit().expect(name);
        assert_eq!(json::text(&again, Layout::Indented), first, "{name}");
    }
}

#[test]
fn what_the_reader_of_the_table_remarked_survives() {
    let remark = Advisory::new(Code::TotalDiffers, "the totals row does not add up");
    let table = table(&TINY).with_advisories(vec![remark]);
    let first = json::text(&fit(&table, &dl_wald().resolve().unwrap()).unwrap(), Layout::Line);
    let again = reread::read(&first, "result.json").unwrap().fit().unwrap();
    assert_eq!(json::text(&again, Layout::Line), first);
}

#[test]
fn data_given_in_code_have_no_name() {
    let table = table(&TINY).with_provenance(Provenance::default());
    let text = json::text(&fit(&table, &dl_wald().resolve().unwrap()).unwrap(), Layout::Line);
    assert!(text.contains(r#""data":null,"sha256":null"#));
}

#[test]
fn what_is_no_document_is_refused_with_its_place() {
    let good = json::text(&tiny(), Layout::Indented);
    let cases = [
        ("", "not a result document"),
        ("[1]", "not a result document"),
        ("{\"schema\": \"metaprop/2\"}", "the schema is 'metaprop/2'"),
        ("{\"schema\": \"metaprop/1\"}", "missing field `provenance`"),
        (&good.replace("\"measure\": \"logit\"", "\"measure\": \"logti\""), "did you mean 'logit'"),
        (&good.replace("\"tau2_ci\":", "\"tau2_cj\":"), "tau2_cj"),
        (
            &good.replace("\"events\": 21, \"total\": 66", "\"events\": 67, \"total\": 66"),
            "'Gamma 2003' has 67 events of a total of 66",
        ),
        (&good.replace("\"events\": 21,", "\"events\": -1,"), "result.json:"),
    ];
    for (text, needle) in cases {
        let error = reread::read(text, "result.json").expect_err(needle);
        assert!(error.to_string().contains(needle), "{error}");
        assert!(error.to_string().starts_with("result.json"), "{error}");
        assert_eq!(error.exit_code(), 3);
    }
}

#[test]
fn the_table_has_no_number_that_is_none() {
    for (name, outcome) in edges() {
        for rows in [csv::Rows::Studies, csv::Rows::All] {
            let text = csv::text(&outcome, rows);
            assert!(!text.contains("NaN") && !text.contains("inf,"), "{name}: {text}");
            let fields = |line: &str| line.matches(',').count();
            let quoted = |line: &&str| !line.contains('"');
            assert!(
                text.lines().filter(quoted).all(|line| fields(line) == fields(csv::HEADER)),
                "{name}: {text}"
            );
        }
    }
}
