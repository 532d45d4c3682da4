//! Results in the analyst's units, from outside: `--scale` in every format, `--cutoff` on every way through.

use std::path::Path;
use std::process::Command;

use metaprop::report::schema;
use serde_json::Value;
use tempfile::TempDir;

fn metaprop(folder: &Path, arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_metaprop")).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const DATA: &str = "@tofacitinib-aa";

/// The pooled 57.1 %, its interval and the spread of the true proportions, wherever proportions are printed.
#[test]
fn a_scale_is_taken_by_every_format_for_people() {
    let folder = TempDir::new().unwrap();
    let all = ["pool", DATA, "--cutoff", "50%", "--scale"];
    for (scale, unit, numbers) in [
        ("1000", "per 1,000", ["571.1", "458.0", "357.5", "761.1", "above 500 per 1,000"]),
        ("100000", "per 100,000", ["57105.9", "45795.1", "35748.6", "76108.5", "above 50000 per 100,000"]),
    ] {
        for format in ["text", "md", "html"] {
            let shown = metaprop(folder.path(), &[&all[..], &[scale, "--format", format]].concat());
            assert!(shown.to_lowercase().contains(unit), "{format}");
            for number in numbers {
                assert!(shown.contains(number), "{format} at {scale}: {number}");
            }
            assert!(!shown.contains("57.1") && !shown.contains("Test of 50%"), "{format} at {scale}");
        }
        let file = format!("{scale}.svg");
        metaprop(folder.path(), &[&all[..], &[scale, "-q", "-o", &file]].concat());
        let figure = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(figure.contains(&format!("Events {unit}")) && figure.contains(numbers[0]));
    }
}

/// Documents and tables for programs hold fractions, whatever people are shown.
#[test]
fn a_scale_leaves_documents_alone() {
    let folder = TempDir::new().unwrap();
    for format in ["json", "csv"] {
        let of = |scale| metaprop(folder.path(), &["pool", DATA, "--format", format, "--scale", scale]);
        assert_eq!(of("100"), of("1000"));
    }
}

/// From the flag into the document, from the document again, and through an analysis file.
#[test]
fn a_cutoff_goes_round() {
    let folder = TempDir::new().unwrap();
    let asked = ["pool", DATA, "--cutoff", "50%"];
    let document = metaprop(folder.path(), &[&asked[..], &["--format", "json"]].concat());
    let read: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(read["spec"]["cutoff"], 0.5);
    let share = &read["distribution"]["cutoffs"][0];
    assert_eq!(share["cutoff"], 0.5);
    let of = |key: &str| share[key].as_f64().unwrap();
    assert!(of("lower") < of("above") && of("above") < of("upper"));

    std::fs::write(folder.path().join("result.json"), &document).unwrap();
    assert_eq!(metaprop(folder.path(), &["pool", "--from", "result.json", "--format", "json"]), document);

    let file = metaprop(folder.path(), &[&asked[..], &["--print-spec"]].concat());
    assert!(file.contains("cutoff = 0.5\n"), "{file}");
    std::fs::write(folder.path().join("analysis.toml"), file).unwrap();
    metaprop(folder.path(), &["report", "analysis.toml", "-o", "out", "-q"]);
    let reported = std::fs::read_to_string(folder.path().join("out/main/result.json")).unwrap();
    let reported: Value = serde_json::from_str(&reported).unwrap();
    assert_eq!(reported["distribution"], read["distribution"]);
    let page = std::fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    assert!(page.contains("Mathur & VanderWeele 2019") || page.contains("Mathur &amp; VanderWeele 2019"));
    assert!(page.contains("Share above 50%"));
}

/// A document made before there were cut-offs still runs.
#[test]
fn a_document_without_a_cutoff_is_read() {
    let folder = TempDir::new().unwrap();
    let document = metaprop(folder.path(), &["pool", DATA, "--format", "json"]);
    let mut read: Value = serde_json::from_str(&document).unwrap();
    read["spec"].as_object_mut().unwrap().remove("cutoff");
    read.as_object_mut().unwrap().remove("distribution");
    std::fs::write(folder.path().join("old.json"), read.to_string()).unwrap();
    assert_eq!(metaprop(folder.path(), &["pool", "--from", "old.json", "--format", "json"]), document);
}

/// What the document holds is what its schema says: no key more, none less.
#[test]
fn the_schema_knows_the_distribution() {
    let folder = TempDir::new().unwrap();
    let asked = ["pool", DATA, "--cutoff", "0.5", "--format", "json"];
    let document: Value = serde_json::from_str(&metaprop(folder.path(), &asked)).unwrap();
    let schema = &schema::result()["properties"]["distribution"]["anyOf"][0];
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&document["distribution"]), keys(&schema["properties"]));
    let cutoff = &schema["properties"]["cutoffs"]["items"]["properties"];
    assert_eq!(keys(&document["distribution"]["cutoffs"][0]), keys(cutoff));
}
