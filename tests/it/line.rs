//! A result in a sentence: `--line` of check, reproduce and reconstruct.

use crate::common::program::{Bench, TINY, fits_its_schema};

/// What `pool` prints of the four studies, as a paper would.
fn sentence(bench: &Bench) -> String {
    let pooled = bench.json(0, &["pool", "counts.csv"]);
    let percent = |value: &serde_json::Value| format!("{:.1}", 100.0 * value.as_f64().expect("a number"));
    let random = &pooled["random"];
    let [estimate, lower, upper] = [&random["estimate"], &random["lower"], &random["upper"]].map(percent);
    format!(
        "In 4 studies (109 patients) the rate was {estimate} % (95% CI: {lower}–{upper}; p < 0.05), see Smith 2019"
    )
}

#[test]
fn a_sentence_is_held_against_a_table() {
    let bench = Bench::with(&[]);
    let line = sentence(&bench);
    let checked = bench.json(0, &["check", "--line", &line, "counts.csv"]);
    fits_its_schema(&checked);
    let claim = &checked["claims"][0];
    assert_eq!((claim["verdict"].as_str(), claim["source"].as_str()), (Some("holds"), Some(&*line)));
    let note = claim["note"].as_str().expect("how it was read");
    assert!(
        note.contains("k = 4, total = 109, level = 95%; not read: p <0.05 (of which test is not said), 2019"),
        "{note}"
    );
    let text = bench.ends(1, &["check", "--line", "0.70 [0.60; 0.81], k = 17", "counts.csv"]);
    assert!(
        text.contains("k 17: fails; recomputed 4") && text.contains("note: read as estimate = 0.70"),
        "{text}"
    );
    // From standard input, with columns and choices, and with a level that is not 95.
    let mut piped = bench.command(&[
        "check",
        "--line",
        "54.2% (90% CI 1 to 99), k = 4",
        "-",
        "--measure",
        "raw",
        "--format",
        "json",
    ]);
    let mut child = piped
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program");
    std::io::Write::write_all(child.stdin.as_mut().expect("a pipe"), TINY.as_bytes()).expect("a table");
    let output = child.wait_with_output().expect("an end");
    let checked: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let spec = &checked["spec"][0]["spec"];
    assert_eq!((spec["level"].as_f64(), spec["measure"].as_str()), (Some(90.0), Some("raw")), "{spec}");
    let given = bench.json(1, &["check", "--line", "54.2% (90% CI 1 to 99)", "counts.csv", "--level", "80"]);
    assert_eq!(given["spec"][0]["spec"]["level"].as_f64(), Some(80.0));
}

#[test]
fn what_cannot_be_read_is_refused() {
    let bench = Bench::with(&[(
        "a.toml",
        "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"a\"\nfile = \"counts.csv\"\nevents = \"events\"\n",
    )]);
    for (arguments, said) in [
        (&["check", "--line", "no result", "counts.csv"][..], "there is no pooled result in 'no result'"),
        (&["check", "--line", "54% (46–61), 26% (20–32)", "counts.csv"], "several results that differ"),
        (&["check", "a.toml", "--measure", "raw"], "an analysis file says itself how its tables are read"),
        (
            &["reproduce", "counts.csv", "--line", "54% (46–61)", "--printed", "estimate=55%"],
            "'estimate' is claimed twice",
        ),
        (&["reproduce", "counts.csv"], "--printed <FIELD=VALUE>"),
    ] {
        let error = bench.complains(2, arguments);
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
}

#[test]
fn searches_take_a_sentence_in_place_of_figures() {
    let bench = Bench::with(&[]);
    let line = sentence(&bench);
    let common = ["counts.csv", "--as-read", "--replicates", "0"];
    let by_line = bench.json(0, &[&["reproduce", "--line", &line][..], &common].concat());
    let first = &by_line["printed"][0];
    assert_eq!(first["field"], "estimate");
    assert!(first["printed"].as_str().is_some_and(|text| text.ends_with('%')), "{first}");
    assert!(by_line["complete"].as_u64() > Some(0));
    let said = bench.run(&[
        "reconstruct",
        "--line",
        "50.0% (18.9 to 81.1), 2 studies, 12 patients",
        "--profile",
        "dl-wald",
    ]);
    let said = String::from_utf8(said.stderr).expect("UTF-8");
    assert!(said.contains("read as estimate = 50.0%, ci = 18.9% to 81.1%, k = 2, total = 12"), "{said}");
}
