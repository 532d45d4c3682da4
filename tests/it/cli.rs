//! The program from outside: commands, files, exit codes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::common::program::{Bench, TINY, fits_its_schema};
use serde_json::Value;

const ANALYSIS: &str = "schema = 1\ntitle = \"Tiny\"\n[data]\nfile = \"counts.csv\"\n[[outcome]]\nid = \"main\"\ntitle = \"Main outcome\"\nevents = \"events\"\ntotal = \"total\"\n";

fn bench() -> Bench {
    Bench::with(&[("analysis.toml", ANALYSIS)])
}

#[test]
fn every_format_is_printed_and_written() {
    let bench = bench();
    for (format, extension) in [
        ("text", "txt"),
        ("json", "json"),
        ("jsonl", "jsonl"),
        ("csv", "csv"),
        ("md", "md"),
        ("html", "html"),
    ] {
        let file = format!("out.{extension}");
        let printed =
            bench.ends(0, &["pool", "counts.csv", "--format", format, "-o", &file, "--color", "never"]);
        assert_eq!(printed, bench.read(&file), "{format}");
        assert!(printed.contains("Gamma 2003") && printed.ends_with('\n'), "{format}: {printed}");
    }
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "forest.svg"]);
    assert!(bench.read("forest.svg").starts_with("<svg "));
}

#[test]
fn quiet_prints_nothing_and_verbose_says_how() {
    let bench = bench();
    assert_eq!(bench.ends(0, &["pool", "counts.csv", "--quiet"]), "");
    let said = bench.complains(0, &["pool", "counts.csv", "--verbose"]);
    assert!(said.contains("4 studies") && said.contains("converged"), "{said}");
}

#[test]
fn standard_input_is_a_table() {
    let bench = bench();
    let mut child = bench
        .command(&["pool", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("a pipe").write_all(TINY.as_bytes()).expect("a write");
    let output = child.wait_with_output().expect("an end");
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&document["k"], &document["provenance"]["data"]), (&Value::from(4), &Value::from("-")));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let bench = bench();
    let many: String =
        (0..20_000).map(|row| format!("Study {row},{},{}\n", row % 50, 50 + row % 7)).collect();
    bench.file("many.csv", format!("study,events,total\n{many}"));
    let mut child = bench
        .command(&["pool", "many.csv", "--format", "csv"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn words_are_matched_without_case_and_a_wrong_one_is_answered() {
    let bench = bench();
    let document = bench.json(
        0,
        &["pool", "counts.csv", "--measure", "pft", "--tau2", "DL", "--back-transform", "Geometric"],
    );
    assert_eq!(document["spec"]["measure"], "freeman-tukey");
    assert_eq!(document["spec"]["back_transform"], "geometric");
    assert_eq!(bench.json(0, &["pool", "counts.csv", "--tau2", "0.25"])["heterogeneity"]["tau2"], 0.25);
    assert!(bench.complains(2, &["pool", "counts.csv", "--tau2", "remel"]).contains("reml"));
    assert!(bench.complains(2, &["pool", "counts.csv", "--level", "195"]).contains("195"));
    assert!(bench.complains(2, &["pool", "counts.csv", "--null", "50"]).contains("50%"));
    let both =
        bench.complains(2, &["pool", "counts.csv", "--model", "common", "--ci", "hk", "--prediction", "hts"]);
    assert!(both.contains("ci = hk") && both.contains("prediction = hts"), "{both}");
}

#[test]
fn a_level_changes_every_interval() {
    let bench = bench();
    let (wide, narrow) = (
        bench.json(0, &["pool", "counts.csv", "--level", "99"]),
        bench.json(0, &["pool", "counts.csv", "--level", "80%"]),
    );
    for path in [
        "/random/lower",
        "/common/lower",
        "/prediction/lower",
        "/heterogeneity/tau2_lower",
        "/studies/0/lower",
    ] {
        let at = |document: &Value| document.pointer(path).and_then(Value::as_f64).expect("a limit");
        assert!(at(&wide) <= at(&narrow), "{path}");
    }
}

#[test]
fn a_result_runs_again_to_the_same_bytes() {
    let bench = bench();
    let messy =
        "Study;Events;Total\r\nA, et al.;8;12\r\nB;9;13\r\nC;NA;20\r\nA, et al.;0;9\r\nTotal;99;100\r\n";
    bench.file("messy.csv", messy);
    for choices in [
        &["--zero-cells", "none"][..],
        &["--profile", "meta", "--measure", "PFT"],
        &["--tau2", "0.1", "--level", "90"],
    ] {
        let mut arguments = vec!["pool", "messy.csv", "-q", "-o", "result.json"];
        arguments.extend(choices);
        bench.ends(0, &arguments);
        let again = bench.ends(0, &["pool", "--from", "result.json", "--format", "json"]);
        assert_eq!(again, bench.read("result.json"), "{choices:?}");
    }
    bench.file("other.json", "{\"schema\": \"other/1\"}");
    assert!(bench.complains(3, &["pool", "--from", "other.json"]).contains("other/1"));
}

#[test]
fn a_command_line_becomes_an_analysis_file_that_gives_the_same_numbers() {
    let bench = bench();
    let choices = ["--profile", "dl-wald", "--measure", "arcsine", "--ci", "hk-floor", "--level", "90"];
    let spec = bench.ends(0, &[&["pool", "counts.csv", "--print-spec"][..], &choices].concat());
    bench.file("again.toml", spec);
    bench.ends(0, &["report", "again.toml", "-o", "out"]);
    let report: Value = serde_json::from_str(&bench.read("out/main/result.json")).expect("JSON");
    let direct = bench.json(0, &[&["pool", "counts.csv"][..], &choices].concat());
    assert_eq!((&report["random"], &report["spec"]), (&direct["random"], &direct["spec"]));
}

#[test]
fn the_input_is_never_overwritten() {
    let bench = bench();
    assert!(bench.complains(2, &["pool", "counts.csv", "-o", "./counts.csv"]).contains("input"));
    assert_eq!(bench.read("counts.csv"), TINY);
    assert!(bench.complains(5, &["pool", "counts.csv", "-o", "nowhere/out.json"]).contains("nowhere"));
    assert!(bench.complains(2, &["pool", "counts.csv", "-o", "out.odt"]).contains(".docx"));
}

#[test]
fn strict_makes_an_advisory_a_failure() {
    let bench = bench();
    bench.ends(1, &["pool", "counts.csv", "--strict"]);
    bench.ends(0, &["pool", "@pritz1997", "--strict"]);
}

#[test]
fn columns_can_be_named_and_rows_chosen() {
    let bench = bench();
    bench.file("long.csv", "Author,Year,outcome,arm,good,n\nA,2001,x,a,3,10\nB,2002,x,b,4,12\nA,2001,y,a,5,10\nC,2003,x,a,6,11\n");
    let base = [
        "pool",
        "long.csv",
        "--study",
        "Author",
        "--study",
        "Year",
        "--events",
        "good",
        "--total",
        "n",
        "--outcome",
        "x",
    ];
    assert_eq!(bench.json(0, &base)["studies"][0]["study"], "A 2001");
    assert_eq!(bench.json(0, &[&base[..], &["--where", "arm=a"]].concat())["k"], 2);
    assert!(bench.complains(2, &["pool", "long.csv", "--events", "god", "--total", "n"]).contains("good"));
}

#[test]
fn bad_input_names_every_row() {
    let bench = bench();
    bench.file("bad.csv", "study,events,total\nA,3,10\nB,24,20\nC,17,5\nD,x,9\n");
    let said = bench.complains(3, &["pool", "bad.csv"]);
    for needle in ["bad.csv:3", "24", "bad.csv:4", "17", "bad.csv:5", "'x'"] {
        assert!(said.contains(needle), "{needle}: {said}");
    }
    assert!(bench.complains(5, &["pool", "missing.csv"]).contains("missing.csv"));
    bench.complains(5, &["pool", "."]);
}

#[test]
fn names_from_outside_stay_harmless() {
    let bench = bench();
    bench.file("evil.csv", "study,events,total\n=1+1,3,10\n\u{1b}[31mred,4,12\n\u{202e}abc,5,9\n\"<script>alert(1)</script>\",2,8\n");
    let text = bench.ends(0, &["pool", "evil.csv"]);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    let csv = bench.ends(0, &["pool", "evil.csv", "--format", "csv"]);
    assert!(
        !csv.lines().any(|line| line.split(',').any(|cell| cell.trim_matches('"').starts_with('='))),
        "{csv}"
    );
    for format in ["html", "md"] {
        let page = bench.ends(0, &["pool", "evil.csv", "--format", format]);
        assert!(!page.contains("<script"), "{format}");
    }
    bench.ends(0, &["pool", "evil.csv", "-q", "-o", "f.svg"]);
    assert!(!bench.read("f.svg").contains("<script>"));
}

#[test]
fn a_report_is_built_fresh_then_stale() {
    let bench = bench();
    bench.ends(0, &["report", "analysis.toml", "-o", "out"]);
    for file in ["main/forest.svg", "main/result.json", "main/studies.csv", "report.html", "report.md"] {
        assert!(!bench.read(&format!("out/{file}")).contains(&*bench.path().to_string_lossy()), "{file}");
    }
    bench.ends(0, &["report", "analysis.toml", "-o", "out", "--check"]);
    bench.file("counts.csv", TINY.replace("Gamma 2003,21", "Gamma 2003,22"));
    let said = bench.ends(1, &["report", "analysis.toml", "-o", "out", "--check", "--junit", "junit.xml"]);
    assert!(said.contains("Gamma 2003") && said.contains("21 → 22"), "{said}");
    assert!(bench.read("junit.xml").contains("<failure"));
    assert!(bench.read("out/main/studies.csv").contains("Gamma 2003,4,21"), "--check writes nothing");
}

#[test]
fn a_report_is_fresh_without_the_files_that_its_digest_holds() {
    let bench = bench();
    let check = ["report", "analysis.toml", "-o", "out", "--check"];
    bench.ends(0, &["report", "analysis.toml", "-o", "out"]);
    for file in ["out/main/result.json", "out/main/studies.csv"] {
        fs::remove_file(bench.path().join(file)).expect("a file");
    }
    let said = bench.ends(0, &check);
    assert!(said.contains("fresh, 6 files, 2 of them by their digests in digest.txt alone"), "{said}");
    bench.file("counts.csv", TINY.replace("Gamma 2003,21", "Gamma 2003,22"));
    let said = bench.ends(1, &check);
    assert!(said.contains("main/studies.csv: not in the folder, and its digest differs\n"), "{said}");
    bench.file("counts.csv", TINY);
    let listed = bench.read("out/digest.txt");
    let others: Vec<&str> = listed.lines().filter(|line| !line.ends_with("studies.csv")).collect();
    bench.file("out/digest.txt", others.join("\n") + "\n");
    let said = bench.ends(1, &check);
    assert!(said.contains("main/studies.csv: missing\n") && !said.contains("result.json"), "{said}");
}

#[test]
fn a_report_takes_back_what_it_wrote_and_nothing_else() {
    let bench = bench();
    let exists = |path: &str| bench.path().join(path).exists();
    let other = ANALYSIS.replace("id = \"main\"", "id = \"other\"");
    bench.file("other.toml", &other);
    bench.ends(0, &["report", "analysis.toml", "-o", "out"]);
    bench.file("out/main/notes.txt", "mine");
    bench.file("out/main/forest.svg", "edited");
    let said = bench.ends(1, &["report", "other.toml", "-o", "out", "--check"]);
    assert!(said.contains("main/studies.csv: not part of the report any more"), "{said}");
    assert!(!said.contains("notes.txt"), "{said}");
    bench.ends(0, &["report", "other.toml", "-o", "out"]);
    assert!(!exists("out/main/result.json") && exists("out/other/result.json"));
    assert_eq!([bench.read("out/main/notes.txt"), bench.read("out/main/forest.svg")], ["mine", "edited"]);
    bench.ends(0, &["report", "other.toml", "-o", "out", "--check"]);
    // A folder that is empty then goes too, but no file that is read as data now.
    bench.ends(0, &["report", "analysis.toml", "-o", "again"]);
    bench.ends(0, &["report", "other.toml", "-o", "again"]);
    assert!(!exists("again/main") && exists("again/other/studies.csv"));
    bench.file("data.toml", ANALYSIS.replace("counts.csv", "again/other/studies.csv"));
    bench.ends(0, &["report", "data.toml", "-o", "again"]);
    assert!(exists("again/other/studies.csv") && !exists("again/other/result.json"));
}

#[test]
fn an_analysis_file_is_read_strictly() {
    let bench = bench();
    for (text, needles) in [
        ("schema = 1\ntitel = \"x\"\n", &["typo.toml:2", "titel", "title"][..]),
        (&ANALYSIS.replace("id = \"main\"", "id = \"../main\""), &["../main"]),
        (&ANALYSIS.replace("[[outcome]]", "[analysis]\ntau2 = \"remel\"\n[[outcome]]"), &["remel", "reml"]),
        ("schema = 2\n", &["schema"]),
    ] {
        bench.file("typo.toml", text);
        let said = bench.complains(2, &["report", "typo.toml", "-o", "out"]);
        assert!(needles.iter().all(|needle| said.contains(needle)), "{needles:?}: {said}");
    }
    assert!(!bench.path().join("out").exists());
}

#[test]
fn the_demonstration_is_the_committed_report() {
    let bench = bench();
    let listed = bench.ends(0, &["report", "-o", "demo"]);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/tofacitinib-aa");
    for line in listed.lines() {
        let file = line.strip_prefix("demo/").expect("a file of the report");
        assert_eq!(
            bench.read(line),
            fs::read_to_string(committed.join(file)).expect("a committed file"),
            "{file}"
        );
    }
    let from_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/tofacitinib-aa/analysis.toml");
    bench.ends(0, &["report", &from_file.to_string_lossy(), "-o", "demo", "--check"]);
}

#[test]
fn lists_data_completions_and_manual_are_printed() {
    let bench = bench();
    assert!(bench.ends(0, &["list", "tau2"]).contains("DerSimonian"));
    let words: Value = serde_json::from_str(&bench.ends(0, &["list", "--format", "json"])).expect("JSON");
    assert_eq!(words["choices"].as_array().map(Vec::len), Some(16));
    assert!(bench.complains(2, &["list", "measur"]).contains("measure"));
    serde_json::from_str::<Value>(&bench.ends(0, &["list", "schemas"])).expect("JSON");
    assert!(bench.ends(0, &["data"]).contains("@tofacitinib-aa"));
    assert!(bench.ends(0, &["data", "miller1978"]).starts_with("study,events,n\n"));
    assert!(bench.complains(2, &["data", "miller"]).contains("miller1978"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(bench.ends(0, &["completions", shell]).contains("metaprop"), "{shell}");
    }
    let manual = bench.ends(0, &["man"]);
    assert!(
        manual.starts_with(".ie") && manual.contains("Exit codes"),
        "{}",
        &manual[..200.min(manual.len())]
    );
    assert!(bench.ends(0, &["--help"]).contains("Exit codes"));
    bench.complains(2, &[]);
}

#[test]
fn nothing_that_is_read_is_ever_written() {
    let bench = bench();
    fs::create_dir(bench.path().join("main")).expect("a folder");
    bench.file("main/studies.csv", TINY);
    bench.file("own.toml", ANALYSIS.replace("counts.csv", "main/studies.csv"));
    assert!(bench.complains(2, &["report", "own.toml", "-o", "."]).contains("studies.csv"));
    assert_eq!(bench.read("main/studies.csv"), TINY);
    bench.ends(0, &["report", "analysis.toml", "-o", "out"]);
    for victim in ["counts.csv", "analysis.toml", "out/report.md"] {
        let before = bench.read(victim);
        bench.complains(2, &["report", "analysis.toml", "-o", "out", "--check", "--junit", victim]);
        assert_eq!(bench.read(victim), before, "{victim}");
    }
}

#[test]
fn files_are_written_even_where_the_reader_of_standard_output_goes_away() {
    let bench = bench();
    let many: String =
        (0..20_000).map(|row| format!("Study {row},{},{}\n", row % 50, 50 + row % 7)).collect();
    bench.file("many.csv", format!("study,events,total\n{many}"));
    let arguments = ["pool", "many.csv", "--format", "csv", "-o", "kept.jsonl"];
    let mut child = bench.command(&arguments).stdout(Stdio::piped()).spawn().expect("the program");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    assert!(bench.read("kept.jsonl").starts_with("{\"schema\""));
}

#[test]
fn a_document_runs_again_as_it_is_or_not_at_all() {
    let bench = bench();
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "result.json"]);
    assert!(bench.complains(2, &["pool", "--from", "result.json", "--level", "90"]).contains("--level"));
    for (field, value) in [
        ("\"null\": 0.5", "\"null\": -1.0"),
        ("\"zero_amount\": 0.5", "\"zero_amount\": -1.0"),
        ("\"model\": \"random\"", "\"model\": \"common\""),
    ] {
        let document = bench.read("result.json");
        assert!(document.contains(field), "{field}");
        bench.file("edited.json", document.replace(field, value));
        bench.complains(3, &["pool", "--from", "edited.json"]);
    }
}

#[test]
fn selftest_agrees_on_this_machine() {
    let bench = bench();
    let text = bench.ends(0, &["selftest", "--format", "md"]);
    assert!(text.contains("every one has the digits it should have") && text.contains("SHA-256"), "{text}");
    assert!(text.contains("| tau2 | closed |"), "{text}");
    let document: serde_json::Value =
        serde_json::from_str(&bench.ends(0, &["selftest", "--format", "json"])).expect("JSON");
    assert_eq!((&document["below"], &document["same_bits"]), (&0.into(), &true.into()));
    assert!(document["values"].as_u64() > Some(40_000) && document["datasets"].as_u64() >= Some(40));
    fits_its_schema(&document);
}

/// A table in which the bootstraps, the exact limits of τ² and the searches have something to do.
const EIGHT: &str = "study,events,total\nA,3,21\nB,9,30\nC,2,19\nD,14,40\nE,7,55\nF,11,23\nG,4,44\nH,20,61\n";

#[test]
fn threads_are_taken_and_change_nothing() {
    let bench = Bench::with(&[("eight.csv", EIGHT), ("analysis.toml", ANALYSIS)]);
    let runs: [&[&str]; 9] = [
        &["pool", "eight.csv", "--ci", "bootstrap", "--prediction", "bootstrap", "--format", "json"],
        &["pool", "eight.csv", "--tau2-ci", "biggerstaff-jackson", "--tau2", "dl", "--format", "json"],
        &[
            "reproduce",
            "eight.csv",
            "--printed",
            "estimate=23%",
            "--subsets",
            "--measure",
            "logit",
            "--as-read",
        ],
        &["multiverse", "eight.csv", "--model", "random", "--format", "json"],
        &[
            "reconstruct",
            "--printed",
            "estimate=42%",
            "--printed",
            "k=3",
            "--printed",
            "total=31",
            "--profile",
            "dl-wald",
        ],
        &["plot", "forest", "eight.csv"],
        &["plot", "specification", "eight.csv", "--measure", "logit"],
        &["report", "analysis.toml", "-q", "-o", "built"],
        &["report", "analysis.toml", "--check", "-o", "built"],
    ];
    for run in runs {
        let on = |threads: &str| {
            let output = bench.run(&[run, &["--threads", threads]].concat());
            (output.status.code(), output.stdout, String::from_utf8(output.stderr).expect("UTF-8"))
        };
        let (one, eight) = (on("1"), on("8"));
        assert!(matches!(one.0, Some(0 | 1)) && one == eight, "{run:?}: {} {}", one.2, eight.2);
    }
    let used = |threads: &[&str]| {
        let said = bench.complains(0, &[&["pool", "counts.csv", "-q", "-v"], threads].concat());
        said.lines().find_map(|line| line.strip_prefix("threads: ")?.parse::<usize>().ok()).expect("a number")
    };
    assert_eq!((used(&["--threads", "1"]), used(&["--threads", "3"])), (1, 3));
    assert!(used(&[]) >= 1);
    // It is a flag of the program, wherever it stands.
    let said = bench.complains(0, &["--threads", "2", "pool", "counts.csv", "-q", "-v"]);
    assert!(said.contains("threads: 2\n"), "{said}");
    for wrong in ["0", "-1", "two"] {
        let said = bench.complains(2, &["pool", "counts.csv", &format!("--threads={wrong}")]);
        assert!(said.contains("not a whole number from 1 to"), "{said}");
    }
}
