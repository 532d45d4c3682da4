//! The analysis file: what it says, what is wrong with it, and back.

use metaprop::format::NumberFormat;
use metaprop::options::Decimal;
use metaprop::options::analysis_file::{AnalysisFile, parse, to_toml};
use metaprop::options::{Ci, Measure, Profile, Tau2Method};
use metaprop::options::{Request, Tau2};

const FULL: &str = r#"
schema = 1
title = "Tofacitinib \"in\" alopecia\nareata"
[data]
file = "series.csv"
study = ["Author", "Year"]
total = "n"
decimal = ","
where = "status=published"
[analysis]
profile = "dl-wald"
level = 99.5
scale = 1000
[[outcome]]
id = "good"
title = "Good or complete regrowth"
events = "events"
[[outcome]]
id = "partial_2"
events = "partial"
total = "all"
study = "id"
file = "@other"
outcome = "partial"
where = ["design=retrospective", "route = oral"]
measure = "PFT"
tau2 = 0.25
ci = "knha"
prediction = "hts"
tau2-ci = "none"
i2 = "tau2"
study-ci = "wilson"
zero-cells = "only0"
zero-amount = 1
back-transform = "geometric"
null = "33%"
digits = 3
"#;

fn full() -> AnalysisFile {
    parse(FULL, "analysis.toml").unwrap()
}

fn errors(text: &str) -> String {
    let error = parse(text, "a.toml").expect_err(text);
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

#[test]
fn everything_that_can_be_said_is_understood() {
    let file = full();
    assert_eq!(file.title, "Tofacitinib \"in\" alopecia\nareata");
    let [good, partial] = &file.outcomes[..] else { panic!("two outcomes") };
    assert_eq!(
        file.request(good),
        Request {
            level: Some("99.5".parse().unwrap()),
            profile: Some(Profile::DlWald),
            ..Request::default()
        }
    );
    let source = file.source(good);
    assert_eq!(
        (source.file.as_deref(), source.read.study.len(), source.read.total.as_deref()),
        (Some("series.csv"), 2, Some("n"))
    );
    assert_eq!(source.read.decimal, Some(Decimal::Comma));
    assert_eq!(file.presentation(good).over(NumberFormat::default()).number(0.5), "500.0");

    let source = file.source(partial);
    assert_eq!(
        (source.file.as_deref(), source.read.total.as_deref(), source.read.outcome.as_deref()),
        (Some("@other"), Some("all"), Some("partial"))
    );
    assert_eq!(source.read.filters.len(), 3, "filters add up");
    let request = file.request(partial);
    assert_eq!(
        (request.measure, request.ci, request.tau2),
        (Some(Measure::FreemanTukey), Some(Ci::Hk), Some(Tau2::Fixed(0.25)))
    );
    assert_eq!((request.zero_amount, request.null), (Some(1.0), Some(0.33)));
    assert_eq!(
        (partial.title.as_str(), file.presentation(partial).over(NumberFormat::default()).digits),
        ("partial_2", 3)
    );
}

#[test]
fn what_is_written_reads_back() {
    let file = full();
    assert_eq!(parse(&to_toml(&file), "again.toml").unwrap(), file);
    insta::assert_snapshot!(to_toml(&file));
}

#[test]
fn numbers_and_odd_texts_read_back() {
    let mut file = full();
    let entry = &mut file.outcomes[0];
    entry.choices.tau2 = Some(Tau2::Fixed(0.1 + 0.2));
    entry.choices.level = Some("0.5%".parse().unwrap());
    entry.choices.null = Some(1.0 / 3.0);
    entry.title = "a \"b\" 'c' \\ \u{1b} '''\"\"\" 山田".to_string();
    assert_eq!(parse(&to_toml(&file), "again.toml").unwrap(), file);
    file.outcomes[0].choices.tau2 = Some(Tau2::Estimated(Tau2Method::Reml));
    assert_eq!(parse(&to_toml(&file), "again.toml").unwrap(), file);
}

#[test]
fn the_demonstration_is_understood() {
    let text = include_str!("../../../datasets/tofacitinib-aa/analysis.toml");
    assert_eq!(parse(text, "analysis.toml").unwrap().outcomes[0].id, "good");
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest() {
    assert!(
        errors("schema = 1\ntitel = \"x\"\n")
            .contains("a.toml:2: unknown key 'titel' in the file\n  help: did you mean 'title'?")
    );
    let said = errors(
        &FULL
            .replace("tau2-ci", "tau2_ci")
            .replace("total = \"n\"", "totals = \"n\"")
            .replace("scale", "scael"),
    );
    for needle in [
        "a.toml:7: unknown key 'totals' in [data]\n  help: did you mean 'total'?",
        "a.toml:13: unknown key 'scael' in [analysis]\n  help: did you mean 'scale'?",
        "a.toml:30: unknown key 'tau2_ci' in [[outcome]]\n  help: did you mean 'tau2-ci'?",
    ] {
        assert!(said.contains(needle), "no {needle:?} in\n{said}");
    }
}

#[test]
fn an_id_is_a_plain_folder() {
    let too_long = "x".repeat(65);
    for id in ["../../etc", "a/b", "a b", "..", "C:", "ä", "a.b", too_long.as_str()] {
        let said = errors(&FULL.replace("id = \"good\"", &format!("id = {id:?}")));
        assert!(
            said.contains(&format!("a.toml:15: the id '{id}' is not a plain name of a folder")),
            "{said}"
        );
    }
    assert!(
        errors(&FULL.replace("partial_2", "GOOD"))
            .contains("the id 'GOOD' is already that of the outcome on line 14")
    );
    assert!(errors(&FULL.replace("id = \"good\"\n", "")).contains("an [[outcome]] has no id"));
}

#[test]
fn wrong_types_and_words_are_said_together() {
    let text = FULL
        .replace("file = \"series.csv\"", "file = 3")
        .replace("\"dl-wald\"", "\"dl-wlad\"")
        .replace("level = 99.5", "level = 120")
        .replace("\"33%\"", "33")
        .replace("digits = 3", "digits = -1")
        .replace("\"@other\"", "[\"x\"]")
        .replace("\"route = oral\"", "\"route\"")
        .replace("tau2 = 0.25", "tau2 = -0.25")
        .replace("decimal = \",\"", "decimal = \";\"");
    let said = errors(&text);
    for needle in [
        "a.toml:5: 'file' in [data] must be a string",
        "a.toml:8: ",
        "a.toml:11: 'dl-wlad' is not a profile\n  help: did you mean 'dl-wald'?",
        "a.toml:12: '120' is not a confidence level",
        "a.toml:23: 'file' in [[outcome]] must be a string",
        "a.toml:25: 'route' ",
        "a.toml:27: tau2 = -0.25",
        "a.toml:36: null = '33'",
        "a.toml:37: digits = -1",
    ] {
        assert!(said.contains(needle), "no {needle:?} in\n{said}");
    }
    assert!(!said.contains("has no data"), "what is there, if wrongly, is not missing:\n{said}");
}

#[test]
fn choices_that_do_not_go_together_are_said_with_their_outcome() {
    let said = errors(&FULL.replace("measure = \"PFT\"\n", ""));
    assert!(
        said.contains("a.toml:34: back-transform = geometric does not apply to measure = logit"),
        "{said}"
    );
}

#[test]
fn what_is_missing_is_said() {
    let said = errors("");
    for needle in ["'schema' is missing", "'title' is missing", "there is no [[outcome]]"] {
        assert!(said.contains(needle), "no {needle:?} in\n{said}");
    }
    assert!(
        errors(&FULL.replace("schema = 1", "schema = 2")).contains("a.toml:2: schema = 2 is not a version")
    );
    assert!(
        errors(&FULL.replace("schema = 1", "schema = \"1\"")).contains("schema = \"1\" is not a version")
    );
    assert!(errors(&FULL.replace("file = \"series.csv\"\n", "")).contains("the outcome 'good' has no data"));
    assert!(
        errors(&FULL.replace("events = \"events\"\n", ""))
            .contains("the outcome 'good' does not say which column has its events")
    );
}

#[test]
fn what_is_no_toml_is_said_with_every_line() {
    let said = errors("schema = 1\ntitle = \"x\n[data\nfile = \"y\"\n");
    assert!(said.contains("a.toml:2: not TOML") && said.contains("a.toml:3: not TOML"), "{said}");
    assert!(errors("schema = 1\nschema = 1\n").contains("a.toml:2: not TOML: duplicate key"));
    assert!(
        errors("schema = 1\ntitle = \"x\"\noutcome = 3\ndata = []\n")
            .contains("'outcome' in the file must be a list of tables")
    );
}

#[test]
fn rubbish_does_not_panic() {
    for text in [
        "\u{0}",
        "[[outcome]]\n[[outcome.id]]",
        "a.b.c = 1",
        "[data]\nstudy = [1, [2], {}]",
        "[analysis]\ntau2 = 1e999\nlevel = nan\nnull = 0x10",
    ] {
        assert!(parse(text, "a.toml").is_err(), "{text}");
    }
}
