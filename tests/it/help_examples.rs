//! The examples in the help of every command can be typed as they are.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use crate::common::program::Bench;

/// Counts with what the examples group, sort and regress by.
const SERIES: &str = "\
study,year,type,dose,country,responders,total
Alpha 2008,2008,AT/AU,5,Chad,18,27
Beta 2010,2010,AT/AU,5,Mali,9,23
Gamma 2011,2011,AA,10,Chad,31,46
Delta 2013,2013,AA,10,Mali,28,38
Eta 2015,2015,AT/AU,5,Togo,4,21
Zeta 2016,2016,AA,10,Togo,40,51
Theta 2018,2018,AT/AU,10,Chad,7,16
Iota 2019,2019,AA,5,Mali,21,30
";
const EFFECTS: &str = "study,yi,sei\nA,0.31,0.12\nB,0.52,0.2\nC,0.11,0.15\nD,0.4,0.3\n";
const PERCENTAGES: &str = "study,responders_percent,total\nA,66.7%,27\nB,39.1%,23\n";
const ANALYSIS: &str = "schema = 1\ntitle = \"Two series\"\n[data]\nfile = \"series.csv\"\n[[outcome]]\nid = \"good\"\n\
    events = \"responders\"\ntotal = \"total\"\n[[claim]]\noutcome = \"good\"\nsource = \"the abstract\"\nk = 8\n";
const PAPER: &str =
    "In 8 studies the pooled proportion was 61% (95% CI 45 to 75); 18/27 (66.7%) responded in one.\n";
const KNOWN: &str = "study,events,total\nAlpha 2008,8,12\n";

/// The words of every command, with those below `plot`.
fn commands(bench: &Bench) -> Vec<Vec<String>> {
    let listed = |words: &[&str]| -> Vec<String> {
        let help = bench.ends(0, &[words, &["--help"]].concat());
        let (_, list) = help.split_once("Commands:\n").expect("commands");
        let list = list.split_once("\n\n").expect("an end").0.to_owned();
        let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names = names.map(|line| line.split_whitespace().next().expect("a name").to_owned());
        names.filter(|name| name != "help").collect()
    };
    let figures = listed(&["plot"]).into_iter().map(|figure| vec!["plot".to_owned(), figure]);
    let all = listed(&[]).into_iter().filter(|name| name != "plot").map(|name| vec![name]);
    all.chain(figures).collect()
}

/// The lines below "Examples:", with those that go on in the next one.
fn examples(help: &str) -> Vec<String> {
    let Some((_, rest)) = help.split_once("Examples:\n") else { return Vec::new() };
    let block = rest.split("\n\n").next().expect("a block").replace("\\\n", " ");
    block.lines().map(|line| line.trim().to_owned()).collect()
}

fn run(folder: &Path, line: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_metaprop")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let done = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .expect("a shell");
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[test]
fn every_command_has_examples_that_run_as_they_are() {
    let bench = Bench::with(&[
        ("series.csv", SERIES),
        ("registry.csv", SERIES),
        ("effects.csv", EFFECTS),
        ("percentages.csv", PERCENTAGES),
        ("analysis.toml", ANALYSIS),
        ("paper.md", PAPER),
        ("rows.csv", KNOWN),
    ]);
    let review = include_bytes!("../reference/tables/two-sheets.xlsx");
    bench.file("review.xlsx", review);
    for command in commands(&bench) {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = bench.ends(0, &[&words[..], &["--help"]].concat());
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{words:?} has no example");
        for example in examples {
            assert!(example.starts_with(&format!("metaprop {}", words.join(" "))), "{words:?}: {example}");
            // The list of the data sets of the program would take the place of the table of the others.
            let line = example.replace("> series.csv", "> embedded.csv");
            let (code, said) = run(bench.path(), &line);
            // A claim that does not hold is an answer.
            let codes = if words == ["check"] { &[0, 1][..] } else { &[0] };
            assert!(code.is_some_and(|code| codes.contains(&code)), "{line}: {code:?} {said}");
        }
    }
}

#[test]
fn the_manual_page_has_the_examples() {
    let page = Bench::with(&[]).ends(0, &["man"]);
    assert!(page.contains("metaprop plot doi series.csv \\-o doi.svg"), "{page}");
    assert!(page.contains("year>=2010") && page.contains("Exit codes"));
}
