//! The library says what the program says: `Display` is its text, `Serialize` its document, `Project` its reports.

use std::fs;

use metaprop::data::Percentages;
use metaprop::io::read::read_percentages;
use metaprop::options::ReadOptions;
use metaprop::prelude::*;
use metaprop::published::multiverse::multiverse;
use metaprop::report::{Both, ExplainReport, Format};

use crate::common::program::{Bench, TINY};

const ANALYSIS: &str = r#"schema = 1
title = "Tiny"
[data]
file = "counts.csv"
[analysis]
profile = "dl-wald"
[[outcome]]
id = "good"
title = "Good"
events = "events"
total = "total"
[[claim]]
outcome = "good"
source = "abstract"
k = 4
total = 110
"#;

/// What the program prints as text and as JSON, and what the library has for it.
fn same(bench: &Bench, code: i32, arguments: &[&str], document: &impl Document) {
    let with = |format| arguments.iter().copied().chain(["--format", format]).collect::<Vec<_>>();
    assert_eq!(document.to_string(), bench.ends(code, &with("text")), "{arguments:?}");
    assert_eq!(document.json(), bench.ends(code, &with("json")), "{arguments:?}");
    assert_eq!(document.markdown(), bench.ends(code, &with("md")), "{arguments:?}");
    let value = serde_json::to_value(document).unwrap();
    assert_eq!(value, serde_json::from_str::<serde_json::Value>(&document.json()).unwrap());
}

#[test]
fn a_result_is_what_pool_prints() {
    let bench = Bench::with(&[]);
    let data = Dataset::read("@tofacitinib-aa").unwrap();
    for (profile, name) in [(Profile::Metafor, "metafor"), (Profile::DlWald, "dl-wald")] {
        let result = MetaAnalysis::of_proportions().profile(profile).fit(&data).unwrap();
        let arguments = ["pool", "@tofacitinib-aa", "--profile", name];
        same(&bench, 0, &arguments, &result);
        let csv = bench.ends(0, &[&arguments[..], &["--format", "csv"]].concat());
        assert_eq!(result.csv().unwrap(), csv);
        let html = bench.ends(0, &[&arguments[..], &["--format", "html"]].concat());
        assert_eq!(result.page().html(), html);
    }
}

#[test]
fn a_figure_is_what_plot_draws() {
    let bench = Bench::with(&[]);
    let data = Dataset::read("@miller1978").unwrap();
    let result = MetaAnalysis::of_proportions().fit(&data).unwrap();
    let drawn = bench.ends(0, &["plot", "forest", "@miller1978", "--title", "Four"]);
    assert_eq!(result.forest().title("Four").svg(), drawn);
    let all = multiverse(&data, &Request::default(), None, |_, _| true).unwrap();
    let drawn = bench.ends(0, &["plot", "specification", "@miller1978"]);
    assert_eq!(all.curve().asked(&metaprop::Spec::default()).svg(), drawn, "they differ");
}

#[test]
fn a_percentage_is_what_grim_says() {
    let bench = Bench::with(&[("percent.csv", "study,percent,n\nA,58.4,90\nB,33.8%,80\n")]);
    same(&bench, 1, &["grim", "58.4%", "--n", "90"], &grim(&"58.4%".parse().unwrap(), 90).unwrap());
    let bytes = fs::read(bench.path().join("percent.csv")).unwrap();
    let read: Percentages = read_percentages(&bytes, "percent.csv", &ReadOptions::default()).unwrap();
    same(&bench, 1, &["grim", "percent.csv"], &read);
    assert_eq!(read.csv().unwrap(), bench.ends(1, &["grim", "percent.csv", "--format", "csv"]));
}

#[test]
fn a_comparison_is_what_explain_diff_says() {
    let bench = Bench::with(&[]);
    let spec = |profile| Request { profile: Some(profile), ..Request::default() }.resolve().unwrap();
    let report = ExplainReport::new(
        &Dataset::read("@pritz1997").unwrap(),
        Both { a: "meta".to_string(), b: "dl-wald".to_string() },
        Both { a: spec(Profile::Meta), b: spec(Profile::DlWald) },
        NumberFormat::default(),
    );
    same(&bench, 0, &["pool", "@pritz1997", "--explain-diff", "meta,dl-wald"], &report.unwrap());
}

#[test]
fn a_project_is_what_check_and_report_do() {
    let bench = Bench::with(&[("analysis.toml", ANALYSIS)]);
    let path = bench.path().join("analysis.toml");
    let project = Project::open(&path).unwrap();
    assert_eq!((project.title(), project.claims().len()), ("Tiny", 1));
    assert_eq!(project.inputs(), [path, bench.path().join("counts.csv")]);
    let absolute = bench.path().join("analysis.toml").display().to_string();
    same(&bench, 1, &["check", &absolute], &project.check().unwrap());

    let written = project.build(bench.path().join("own")).unwrap();
    bench.ends(0, &["report", &absolute, "-o", "program"]);
    assert!(written.files.len() > 5 && written.removed.is_empty());
    for file in &written.files {
        let name = file.strip_prefix(bench.path().join("own")).unwrap();
        let program = fs::read(bench.path().join("program").join(name)).unwrap();
        assert_eq!(fs::read(file).unwrap(), program, "{name:?}");
    }
}

#[test]
fn a_report_is_compared_and_what_it_no_longer_has_is_removed() {
    let bench = Bench::with(&[("analysis.toml", ANALYSIS)]);
    let (path, folder) = (bench.path().join("analysis.toml"), bench.path().join("reports"));
    Project::open(&path).unwrap().build(&folder).unwrap();
    assert!(Project::open(&path).unwrap().compare(&folder).unwrap().is_fresh());

    bench.file("analysis.toml", ANALYSIS.replace("\"good\"", "\"fine\""));
    bench.file("reports/good/notes.txt", "mine");
    let project = Project::open(&path).unwrap();
    let found = project.compare(&folder).unwrap();
    let said: Vec<&str> = found.changes.iter().map(|change| change.what.as_str()).collect();
    assert!(said.contains(&"fine/result.json: missing"), "{said:?}");
    let removed = project.build(&folder).unwrap().removed;
    assert!(removed.contains(&folder.join("good/result.json")), "{removed:?}");
    assert!(!folder.join("good/result.json").exists() && folder.join("good/notes.txt").exists());
    assert!(project.compare(&folder).unwrap().is_fresh());
}

#[test]
fn nothing_that_is_read_is_written() {
    let bench = Bench::with(&[]);
    fs::create_dir_all(bench.path().join("reports/good")).unwrap();
    bench.file("reports/good/studies.csv", TINY);
    bench.file("analysis.toml", ANALYSIS.replace("counts.csv", "reports/good/studies.csv"));
    let project = Project::open(bench.path().join("analysis.toml")).unwrap();
    let error = project.build(bench.path().join("reports")).unwrap_err();
    assert_eq!(error.exit_code(), 2, "{error}");
    assert_eq!(bench.read("reports/good/studies.csv"), TINY);
}

#[test]
fn a_file_is_written_in_the_format_of_its_extension() {
    let bench = Bench::with(&[]);
    let result = MetaAnalysis::of_proportions().fit(&Dataset::read("@miller1978").unwrap()).unwrap();
    for format in MetaAnalysis::FORMATS {
        let path = bench.path().join(format!("result.{}", format.extension().to_uppercase()));
        result.save(&path).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let expected = match format {
            Format::Json => result.json(),
            Format::Jsonl => serde_json::to_string(&result).unwrap() + "\n",
            Format::Csv => result.csv().unwrap(),
            Format::Markdown => result.markdown(),
            _ => result.to_string(),
        };
        assert_eq!(text, expected, "{format:?}");
    }
    result.page().save(bench.path().join("page.html")).unwrap();
    assert_eq!(bench.read("page.html"), result.page().html());
    for error in [
        result.save("result.odt").unwrap_err(),
        result.page().save("page.json").unwrap_err(),
        result.forest().save("forest.jpg").unwrap_err(),
    ] {
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("the extension decides: ."), "{error}");
    }
    let error = result.save(bench.path().join("nowhere/result.json")).unwrap_err();
    assert_eq!(error.exit_code(), 5, "{error}");
}
