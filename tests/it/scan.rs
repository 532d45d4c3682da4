//! `metaprop scan`: manuscripts against analysis files.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::Instant;

use metaprop::Project;
use metaprop::data::{Manuscript, ManuscriptFormat};
use metaprop::report::ScanReport;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::common::program::{Bench, fits_its_schema};

const ANALYSIS: &str = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"counts.csv\"\n[analysis]\nprofile = \"dl-wald\"\n\
     [[outcome]]\nid = \"good\"\ntitle = \"Good regrowth\"\nevents = \"events\"\ntotal = \"total\"\n";

/// A document of Word with this body.
fn word(body: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    archive
        .write_all(format!("<w:document><w:body>{body}</w:body></w:document>").as_bytes())
        .expect("a text");
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn a_manuscript_of_every_format_gives_the_same_verdicts() {
    let bench = Bench::with(&[("a.toml", ANALYSIS)]);
    bench.file(
        "a.txt",
        "Methods.\n\nIt was 50.1% (95% CI 31.1–69.0; I² = 76.1%). In 12/50 (26%) it came back.\n",
    );
    bench.file("a.md", "# Methods\n\nIt was **50.1%** (95% CI 31.1&ndash;69.0; I<sup>2</sup> = 76.1%). In 12/50 (26%) it came back.\n");
    bench.file("a.tex", "\\section{Methods} % 1\n\nIt was 50.1\\,\\% (95\\% CI 31.1--69.0; $I^2 = 76.1\\%$). In 12/50 (26\\%) it came back.\n");
    bench.file("a.docx", word("<w:p><w:r><w:t>Methods</w:t></w:r></w:p><w:p/><w:p><w:r><w:t xml:space=\"preserve\">It was 50.1% (95% CI 31.1–69.0; I² = 76.1</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>%). In 12/50 (26%) it came back.</w:t></w:r></w:p>"));
    for (file, columns) in [("a.txt", [8, 49]), ("a.md", [10, 70]), ("a.tex", [8, 58]), ("a.docx", [8, 49])] {
        let scanned = bench.json(1, &["scan", file, "a.toml"]);
        fits_its_schema(&scanned);
        let (result, count) = (&scanned["results"][0], &scanned["counts"][0]);
        assert_eq!(
            (result["verdict"].as_str(), result["outcome"].as_str()),
            (Some("fails"), Some("good")),
            "{file}"
        );
        let failing: Vec<&str> = result["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .filter(|field| field["verdict"] == "fails")
            .filter_map(|field| field["field"].as_str())
            .collect();
        assert_eq!(failing, ["i2"], "{file}");
        assert_eq!(
            (count["possible"].as_bool(), count["events"].as_u64()),
            (Some(false), Some(12)),
            "{file}"
        );
        let places = [result, count].map(|one| (one["line"].as_u64(), one["column"].as_u64()));
        assert_eq!(places, columns.map(|column| (Some(3), Some(column))), "{file}");
        assert_eq!(scanned["place"], if file == "a.docx" { "paragraph" } else { "line" });
    }
}

#[test]
fn text_junit_and_exit_codes_say_the_same() {
    let bench = Bench::with(&[("a.toml", ANALYSIS)]);
    bench.file("right.txt", "Good regrowth: 50.1% (31.1 to 69.0); 12/50 (24%).\n");
    bench.file("wrong.txt", "Good regrowth: 50.1% (31.1 to 96.0).\n");
    bench.file("other.txt", "The pooled rate was 77.0% (70.0 to 83.0), OR 1.56 (95% CI 1.20 to 2.03).\n");
    let right = bench.ends(0, &["scan", "right.txt", "a.toml"]);
    assert!(right.contains("right.txt:1:16: holds  50.1% (31.1 to 69.0)"), "{right}");
    assert!(
        right.ends_with("right.txt: 1 result: 1 holds; 1 count, and its percentage is right\n"),
        "{right}"
    );
    let wrong = bench.ends(1, &["scan", "wrong.txt", "a.toml", "--junit", "j.xml"]);
    assert!(wrong.contains("  upper 96.0%: fails; recomputed 68.990%"), "{wrong}");
    let junit = bench.read("j.xml");
    assert!(junit.contains("failures=\"1\"") && junit.contains("name=\"wrong.txt:1:16: 50.1%"), "{junit}");
    let other = bench.ends(0, &["scan", "other.txt", "a.toml"]);
    assert!(other.contains("the nearest is 'good' with 50.1% (31.1 to 69.0)"), "{other}");
    assert!(other.contains("no result is about the outcome 'good'"), "{other}");
    assert!(
        other.contains("it is an odds ratio, and no proportion") || other.contains("pools what it measures"),
        "{other}"
    );
    bench.ends(1, &["scan", "other.txt", "a.toml", "--strict", "-q"]);
    bench.ends(0, &["scan", "other.txt"]);
    assert!(bench.ends(1, &["scan", "wrong.txt", "a.toml", "-q"]).is_empty());
}

#[test]
fn what_cannot_be_read_is_said() {
    let bench = Bench::with(&[("a.toml", "schema = 1\n"), ("a.pdf", ""), ("a.docx", "text"), ("a.txt", "x")]);
    for (code, arguments, said) in [
        (2, ["scan", "a.pdf", ""], ".md, .docx, .tex or .txt"),
        (2, ["scan", "a.txt", "a.toml"], "a.toml"),
        (5, ["scan", "missing.md", ""], "missing.md: cannot read"),
        (5, ["scan", "a.docx", ""], "a.docx: cannot read: this is no document of Word"),
        (5, ["scan", "a.txt", "missing.toml"], "missing.toml: cannot read"),
    ] {
        let arguments: Vec<&str> = arguments.into_iter().filter(|argument| !argument.is_empty()).collect();
        let message = bench.complains(code, &arguments);
        assert!(message.contains(said), "{message}");
    }
    bench.file("nul.txt", b"a\0b");
    assert!(bench.complains(5, &["scan", "nul.txt"]).contains("nul.txt: cannot read"));
    assert!(bench.complains(2, &["scan", "a.txt", "-o", "a.txt"]).contains("a.txt"));
}

#[test]
fn standard_input_is_plain_text() {
    let bench = Bench::with(&[]);
    let mut command = bench.command(&["scan", "-", "--format", "json"]);
    let pipe = std::process::Stdio::piped;
    let mut child = command.stdin(pipe()).stdout(pipe()).spawn().expect("the program");
    child.stdin.take().expect("a pipe").write_all(b"54.0% (46.3 to 61.5)").expect("a text");
    let output = child.wait_with_output().expect("an end");
    let scanned: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    fits_its_schema(&scanned);
    assert_eq!(
        (&scanned["provenance"]["data"], &scanned["results"][0]["read"]["upper"]),
        (&"-".into(), &"61.5%".into())
    );
}

/// The pages of this repository and its reports: whatever they print, what is read stands where it is said to stand.
#[test]
fn pages_of_this_repository_are_read_with_their_places() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut results, mut counts) = (0, 0);
    for file in [
        "README.md",
        "CHANGELOG.md",
        "docs/reviewing.md",
        "docs/profiles.md",
        "reports/guo-2020/report.md",
        "reports/seeds/report.md",
        "reports/tofacitinib-aa/report.md",
        "reports/guo-2020/check.md",
    ] {
        let source = fs::read_to_string(root.join(file)).expect("a page");
        for format in [ManuscriptFormat::Markdown, ManuscriptFormat::Text, ManuscriptFormat::Latex] {
            let manuscript = Manuscript::parse(source.as_bytes(), file, format).expect("a page");
            let report = ScanReport::alone(&manuscript);
            let lines: Vec<&str> = source.lines().collect();
            let at = |place: metaprop::data::Place| {
                let line = lines[usize::try_from(place.line).unwrap() - 1];
                line.chars().nth(usize::try_from(place.column).unwrap() - 1)
            };
            let is_there =
                |place, text: &str| assert_eq!(at(place), text.chars().next(), "{file}:{place}: {text}");
            report.results().iter().for_each(|result| is_there(result.place, &result.text));
            report.counts().iter().for_each(|count| is_there(count.place, &count.text));
            (results, counts) = (results + report.results().len(), counts + report.counts().len());
        }
    }
    assert!(results > 20, "{results} results and {counts} counts");
}

/// Twice the text takes about twice the time, whatever is in it.
#[test]
fn time_grows_with_the_length_of_the_text() {
    let texts = [
        "The pooled rate was 54.0% (95% CI 46.3–61.5; I² = 64.7%), 12/50 (24%). ",
        "12 (q(",
        "1 of ",
        "54.0% (95% CI ",
        "pooled ",
    ];
    for text in texts {
        let time = |times: usize| {
            let manuscript = Manuscript::parse(text.repeat(times).as_bytes(), "a", ManuscriptFormat::Text)
                .expect("a text");
            let begun = Instant::now();
            std::hint::black_box(ScanReport::alone(&manuscript));
            begun.elapsed().as_secs_f64()
        };
        let many = 200_000 / text.len();
        let (once, four) = (time(many), time(4 * many));
        // Quadratic work would take sixteen times as long; the machine may be busy.
        assert!(four < 10.0 * once + 0.5, "'{text}': {once} s and {four} s");
    }
}

#[test]
fn the_demonstration_is_found_in_its_own_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manuscript = Manuscript::read(root.join("reports/tofacitinib-aa/report.md")).expect("a page");
    let report = Project::demonstration().and_then(|project| project.scan(&manuscript)).expect("a report");
    assert!(report.summary().holds > 0 && report.summary().fails == 0, "{report}");
}

/// What `docs/reviewing.md` shows of `scan`.
#[test]
fn the_example_of_the_guide_says_what_the_program_says() {
    let page = include_str!("../../docs/reviewing.md");
    let block = |head: &str| {
        let (_, rest) = page.split_once(&format!("```{head}\n")).expect(head);
        rest.split_once("```").expect("an end").0
    };
    let bench = Bench::with(&[
        ("paper.md", block("markdown paper.md")),
        ("analysis.toml", block("toml analysis.toml")),
    ]);
    let (command, shown) = block("console").split_once('\n').expect("a command");
    let arguments: Vec<&str> = command.split(' ').skip(2).collect();
    assert_eq!(bench.ends(1, &arguments), shown);
}

/// Between an estimate and its interval a table may have the standard error: it is not the estimate.
#[test]
fn a_standard_error_beside_an_interval_is_no_estimate() {
    let table = "| Group | Pooled proportion, % | SE | 95% CI |\n| :-- | --: | --: | --: |\n| Overall | 57.1 | 5.2 | 45.8 to 67.7 |\n";
    let manuscript =
        Manuscript::parse(table.as_bytes(), "paper.md", ManuscriptFormat::Markdown).expect("a table");
    let report = Project::demonstration().and_then(|project| project.scan(&manuscript)).expect("a report");
    assert_eq!((report.summary().holds, report.summary().fails), (1, 0), "{report}");
}
