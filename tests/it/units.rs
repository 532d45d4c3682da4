//! Results in the analyst's units, from outside: `--scale` in every format, `--cutoff` on every way through.

use std::path::Path;
use std::process::Command;

use metaprop::format::NumberFormat;
use metaprop::options::Presentation;
use metaprop::report::schema;
use metaprop::{Dataset, Spec, fit};
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
        (
            "100000",
            "per 100,000",
            ["57,105.9", "45,795.1", "35,748.6", "76,108.5", "above 50,000 per 100,000"],
        ),
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

/// The significant digits of a printed number.
fn significant(number: &str) -> usize {
    number.trim_start_matches(['0', '.']).chars().filter(char::is_ascii_digit).count()
}

/// However rare, or nearly certain, two digits of the interval mean something; ordinary data have one decimal.
#[test]
fn digits_follow_the_magnitude() {
    let pooled = |rows: &[(u64, u64)]| {
        let named =
            rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
        fit(&Dataset::proportions(named).unwrap(), &Spec::default()).unwrap()
    };
    for people in [20_000_u64, 177_413, 1_000_000, 40_000_000, 2_000_000_000] {
        let rare = [(47, people), (210, 5 * people), (33, people / 2 * 2)];
        let certain = rare.map(|(events, total)| (total - events, total));
        for (rows, from) in [(rare, 0.0), (certain, 1.0)] {
            let result = pooled(&rows);
            let format = result.number_format();
            let of = result.pooled();
            for shown in [of.estimate, of.lower.unwrap(), of.upper.unwrap()] {
                let distance = format.number((shown - from).abs());
                assert!(significant(&distance) >= 2, "{people}: {distance}");
            }
            for scale in [1, 1000, 100_000] {
                let format = Presentation { scale: Some(scale), ..Presentation::default() }.over(format);
                let distance = format.number((of.estimate - from).abs());
                assert!(significant(&distance) >= 2, "{people} per {scale}: {distance}");
            }
        }
    }
    for rows in [[(8, 12), (9, 13), (21, 66)], [(2, 100), (3, 90), (5, 130)], [(0, 12), (0, 13), (0, 66)]] {
        assert_eq!(pooled(&rows).number_format(), NumberFormat::default(), "{rows:?}");
    }
}

#[test]
fn the_commands_on_printed_figures_take_a_scale() {
    let folder = TempDir::new().unwrap();
    for (scale, unit) in [("1000", "per 1,000"), ("100000", "per 100,000")] {
        for format in ["text", "md"] {
            let all = metaprop(folder.path(), &["multiverse", DATA, "--scale", scale, "--format", format]);
            assert!(all.contains(unit) && !all.contains("in points"), "{all}");
            let sentence = all.lines().find(|line| line.starts_with("Over ")).unwrap();
            assert!(!sentence.contains('%'), "{sentence}");
        }
        let curve = metaprop(folder.path(), &["plot", "specification", DATA, "--scale", scale]);
        assert!(curve.contains(unit) && !curve.contains("7.1%"));
        // A printed number without a sign is on that scale; with one it is what it says.
        let of = |percent: f64, scale: &str| percent * scale.parse::<f64>().unwrap() / 100.0;
        let typed = format!("estimate={}", of(57.11, scale));
        for typed in [typed.as_str(), "estimate=57.1%"] {
            let found = metaprop(
                folder.path(),
                &[
                    "reproduce",
                    DATA,
                    "--printed",
                    typed,
                    "--scale",
                    scale,
                    "--measure",
                    "logit",
                    "--replicates",
                    "0",
                ],
            );
            assert!(found.contains(unit) && !found.contains("none gives"), "{found}");
        }
    }
}

/// A number without a sign in a claim is on the scale of its outcome, and its note reaches the pages.
#[test]
fn a_claim_is_read_on_the_scale_of_its_outcome() {
    let folder = TempDir::new().unwrap();
    let counts = "study,events,n\nA,47,177413\nB,210,900000\nC,33,120000\n";
    std::fs::write(folder.path().join("rare.csv"), counts).unwrap();
    let file = |scale: u64, claims: &str| {
        let text = format!(
            "schema = 1\ntitle = \"Rare\"\n[data]\nfile = \"rare.csv\"\n[[outcome]]\nid = \"a\"\nevents = \"events\"\ntotal = \"n\"\nscale = {scale}\n{claims}"
        );
        std::fs::write(folder.path().join("rare.toml"), text).unwrap();
    };
    let claim = |estimate: &str, ci: [&str; 2]| {
        format!(
            "[[claim]]\noutcome = \"a\"\nsource = \"text\"\nnote = \"of adults <18 & over\"\nestimate = \"{estimate}\"\nci = [\"{}\", \"{}\"]\n",
            ci[0], ci[1]
        )
    };
    let shown = metaprop(folder.path(), &["pool", "rare.csv", "--format", "json"]);
    let pooled: Value = serde_json::from_str(&shown).unwrap();
    for (scale, decimals, sign) in
        [(100, 4, ""), (1000, 3, ""), (10_000, 2, ""), (100_000, 1, ""), (100_000, 4, "%")]
    {
        // As printed: the digits of the pooled value on this scale, or with a sign in percent.
        let per = if sign.is_empty() { scale as f64 } else { 100.0 };
        let at = |key: &str| pooled["random"][key].as_f64().unwrap();
        let printed = |key: &str| format!("{:.decimals$}{sign}", per * at(key));
        let (lower, upper) = (printed("lower"), printed("upper"));
        file(scale, &claim(&printed("estimate"), [&lower, &upper]));
        let checked: Value =
            serde_json::from_str(&metaprop(folder.path(), &["check", "rare.toml", "--format", "json"]))
                .unwrap();
        assert_eq!(checked["summary"]["holds"], 1, "{scale}: {checked}");
        metaprop(folder.path(), &["report", "rare.toml", "-o", "out", "-q"]);
        let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        assert!(read("report.html").contains("of adults &lt;18 &amp; over"));
        assert!(read("report.md").contains("of adults"));
    }
}
