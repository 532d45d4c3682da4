//! Ctrl-C in the middle of one long specification: every command ends within a second, a search with what it has.

#![cfg(unix)]

use std::fmt::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::program::Bench;
use serde_json::Value;

/// How long a command may take from Ctrl-C to its end, beside what a busy machine adds.
const MOST: Duration = Duration::from_secs(1);

/// So many studies that one exact model of them takes longer than the test.
fn many(rows: u64) -> String {
    (0..rows).fold("study,events,total\n".to_string(), |mut text, row| {
        let _ = writeln!(text, "s{row},{},{}", 1 + row * 7_919 % 40, 60 + row * 104_729 % 50);
        text
    })
}

/// What the machine adds: how long it takes to start a thousandth of a second's work, at worst of a few.
fn delay_of_the_machine() -> Duration {
    let start_one = |_| {
        let start = Instant::now();
        let status = Command::new("true").status().expect("true");
        assert!(status.success());
        start.elapsed()
    };
    4 * (0..5).map(start_one).max().expect("a run")
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

/// The end of the command after a Ctrl-C that came after `wait`.
fn stopped(bench: &Bench, arguments: &[&str], wait: Duration) -> Output {
    let mut command = bench.command(arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    thread::sleep(wait);
    let before = delay_of_the_machine();
    interrupt(&child);
    let start = Instant::now();
    let output = child.wait_with_output().expect("an end");
    let (took, allowed) = (start.elapsed(), MOST + before.max(delay_of_the_machine()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{arguments:?}: {said}");
    assert!(took < allowed, "{arguments:?}: {took:?} of {allowed:?}");
    output
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("a whole document")
}

/// Choices that leave nothing but likelihood models of many studies, the first of which takes longer than the wait.
const LONG: [&str; 4] = ["--measure", "logit", "--level", "99.9"];

#[test]
fn a_search_ends_inside_a_specification_with_what_it_has() {
    let bench = Bench::with(&[("many.csv", &many(300_000))]);
    let wait = Duration::from_millis(2_500);

    let multiverse = [&["multiverse", "many.csv", "--format", "json"][..], &LONG].concat();
    let found = document(&stopped(&bench, &multiverse, wait));
    assert_eq!(found["stopped"], true);
    assert!(!found["rows"].as_array().expect("rows").is_empty(), "{found}");

    let printed = ["reproduce", "many.csv", "--printed", "k=300000", "--as-read", "--format", "json"];
    let found = document(&stopped(&bench, &[&printed[..], &LONG].concat(), wait));
    assert_eq!(found["stopped"], true);
    assert!(!found["matches"].as_array().expect("matches").is_empty(), "{found}");
}

#[test]
fn a_command_that_has_nothing_ends_inside_a_specification_and_says_so() {
    let analysis = "schema = 1\ntitle = \"Many\"\n[data]\nfile = \"many.csv\"\ntotal = \"total\"\n[analysis]\nmodel = \"glmm\"\nci = \"profile\"\n[[outcome]]\nid = \"main\"\nevents = \"events\"\n[[claim]]\noutcome = \"main\"\nsource = \"Somebody 2020\"\nestimate = \"20%\"\n";
    let bench = Bench::with(&[("many.csv", &many(300_000)), ("a.toml", analysis)]);
    let bootstrap = ["pool", "many.csv", "--ci", "bootstrap"];
    let prediction = ["pool", "many.csv", "--prediction", "bootstrap"];
    let exact = ["pool", "many.csv", "--model", "glmm", "--ci", "profile"];
    for arguments in
        [&bootstrap[..], &prediction, &exact, &["check", "a.toml"], &["report", "a.toml", "-o", "out"]]
    {
        let output = stopped(&bench, arguments, Duration::from_millis(800));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, format!("{} was stopped by Ctrl-C before it had a result\n", arguments[0]));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(!bench.path().join("out").exists());
}

#[test]
fn a_reconstruction_ends_inside_a_step() {
    let bench = Bench::with(&[]);
    let of =
        ["reconstruct", "--printed", "k=2000", "--printed", "total=150000", "--printed", "estimate=31.41%"];
    let how = ["--profile", "dl-wald", "--tries", "1000000", "--format", "json"];
    let found = document(&stopped(&bench, &[&of[..], &how].concat(), Duration::from_millis(1_000)));
    assert_eq!(found["stopped"], true);
}

#[test]
fn a_simulation_ends_with_the_repetitions_that_are_done() {
    let bench = Bench::with(&[]);
    let of = ["simulate", "--k", "5,20", "--n", "20..60", "--p", "20%", "--repetitions", "4000000000"];
    for how in [&["--ci", "wald,hk"][..], &["--model", "glmm"], &["--ci", "bootstrap"]] {
        let run = [&of[..], how, &["--format", "json"]].concat();
        let found = document(&stopped(&bench, &run, Duration::from_millis(1_500)));
        assert_eq!(found["stopped"], true);
        let rows = found["rows"].as_array().expect("rows");
        let done: Vec<u64> = rows.iter().map(|row| row["repetitions"].as_u64().expect("a number")).collect();
        let least = done.iter().min().expect("a row");
        assert!(*least > 0 && done.iter().all(|done| done - least <= 1), "{done:?}");
    }
}

/// On a terminal; `script` gives the program one.
#[test]
fn a_bootstrap_shows_how_far_it_is() {
    let bench = Bench::with(&[("many.csv", &many(4_000))]);
    let program = bench.command(&[]).get_program().to_string_lossy().into_owned();
    for choice in ["--ci", "--prediction"] {
        let line = format!("timeout -s INT 4 {program} pool many.csv {choice} bootstrap");
        let mut command = Command::new("script");
        let run = command.args(["-qec", &line, "/dev/null"]).current_dir(bench.path()).env("TERM", "xterm");
        let Ok(output) = run.stdin(Stdio::null()).output() else { return };
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("bootstrap █") || said.contains("bootstrap ░"), "{choice}: {said}");
    }
}

#[test]
fn many_groups_end_with_whole_rows_and_are_gone_on_with() {
    let rows = 12_000;
    let table = (0..rows).fold("site,study,events,total\n".to_string(), |mut text, row| {
        let _ = writeln!(text, "g{},s{row},{},{}", row / 6, 1 + row * 7_919 % 40, 60 + row * 104_729 % 50);
        text
    });
    let bench = Bench::with(&[("many.csv", &table)]);
    let run = ["pool", "many.csv", "--group-by", "site", "--prediction", "bootstrap", "--quiet"];
    let run = [&run[..], &["-o", "out.csv"]].concat();
    let output = stopped(&bench, &run, Duration::from_millis(2_500));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("stopped by Ctrl-C") && said.contains("of 2,000 groups are done"), "{said}");
    let kept = bench.read("out.csv");
    assert!(kept.ends_with('\n') && kept.lines().count() < 2_001, "{}", kept.lines().count());
    let fields = kept.lines().next().expect("a header").matches(',').count();
    assert!(kept.lines().all(|line| line.matches(',').count() == fields), "{kept}");
    // What is left is pooled without the bootstrap here, which would take too long.
    let rest = ["pool", "many.csv", "--group-by", "site", "--quiet", "-o", "out.csv", "--resume"];
    bench.ends(0, &rest);
    let whole = bench.read("out.csv");
    assert!(whole.starts_with(&kept) && whole.lines().count() == 2_001);
}
