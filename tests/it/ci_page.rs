//! `docs/ci.md`: the workflow, the hook and the Makefile do what the page says.

use std::path::Path;
use std::process::{Command, Output};

const PAGE: &str = include_str!("../../docs/ci.md");
const ANALYSIS: &str = "schema = 1\ntitle = \"Two series\"\n[data]\nfile = \"series.csv\"\n[[outcome]]\nid = \"good\"\nevents = \"events\"\ntotal = \"n\"\n[[claim]]\noutcome = \"good\"\nsource = \"the abstract\"\nk = 3\n";
const SERIES: &str = "study,events,n\nAlpha 2001,8,12\nBeta 2002,9,13\nGamma 2003,21,66\n";

/// The text of the block behind this fence.
fn block(head: &str) -> String {
    let (_, rest) = PAGE.split_once(&format!("```{head}\n")).unwrap_or_else(|| panic!("no block {head}"));
    rest.split_once("\n```").expect("it ends").0.to_owned() + "\n"
}

/// A folder with an analysis, its report and its lock.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("analysis.toml"), ANALYSIS).expect("a file");
    std::fs::write(folder.path().join("series.csv"), SERIES).expect("a file");
    for command in ["metaprop report analysis.toml -o report", "metaprop lock analysis.toml"] {
        assert!(shell(folder.path(), command).status.success(), "{command}");
    }
    folder
}

/// Runs a line in a shell that finds the program.
fn shell(folder: &Path, line: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_metaprop")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().expect("a shell")
}

/// What a command says, and its exit code.
fn said(folder: &Path, line: &str) -> (String, Option<i32>) {
    let done = shell(folder, line);
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (text, done.status.code())
}

fn change(folder: &Path, from: &str, to: &str) {
    std::fs::write(folder.join("series.csv"), SERIES.replace(from, to)).expect("a file");
}

#[test]
fn the_steps_of_the_workflow_pass_on_what_is_fresh_and_fail_on_what_is_not() {
    let workflow = block("yaml .github/workflows/report.yml");
    let steps: Vec<&str> =
        workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: metaprop")).collect();
    assert_eq!(steps.len(), 3);
    let here = folder();
    let run = |step: &&str| shell(here.path(), &format!("metaprop{step}")).status.code();
    assert_eq!(steps.iter().map(run).collect::<Vec<_>>(), [Some(0); 3]);
    change(here.path(), "21,66", "22,66");
    assert_eq!(steps.iter().map(run).collect::<Vec<_>>(), [Some(1), Some(1), Some(0)]);
    std::fs::write(here.path().join("series.csv"), "study,events,n\nAlpha 2001,8,12\nBeta 2002,9,13\n")
        .unwrap();
    assert_eq!(run(&steps[2]), Some(1), "k = 3 does not hold");
}

#[test]
#[cfg(unix)]
fn the_hook_refuses_a_stale_report() {
    let here = folder();
    std::fs::write(here.path().join("hook"), block("sh .git/hooks/pre-commit")).unwrap();
    assert_eq!(said(here.path(), "sh hook").1, Some(0));
    change(here.path(), "21,66", "22,66");
    let (text, code) = said(here.path(), "sh hook");
    assert!(code == Some(1) && text.contains("study 'Gamma 2003': events 21 → 22"), "{text}");
}

#[test]
fn the_makefile_builds_and_checks() {
    let here = tempfile::tempdir().unwrap();
    for (name, text) in
        [("analysis.toml", ANALYSIS), ("series.csv", SERIES), ("Makefile", &block("make Makefile"))]
    {
        std::fs::write(here.path().join(name), text).unwrap();
    }
    if said(here.path(), "make --version").1 != Some(0) {
        println!("skipped: there is no make");
        return;
    }
    assert_eq!(said(here.path(), "make").1, Some(0));
    assert_eq!(said(here.path(), "make check").1, Some(0));
    change(here.path(), "21,66", "22,66");
    assert_eq!(said(here.path(), "make check").1, Some(2));
}

#[test]
fn a_lock_says_what_moved() {
    let here = folder();
    let lock = std::fs::read_to_string(here.path().join("analysis.toml.lock")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&lock).unwrap();
    assert_eq!((&document["schema"], &document["outcomes"][0]["k"]), (&"metaprop/lock/1".into(), &3.into()));
    let (text, code) = said(here.path(), "metaprop lock analysis.toml --check");
    assert!(code == Some(0) && text.contains("as locked, 1 outcome"), "{text}");
    change(here.path(), "21,66", "22,66");
    let (text, code) = said(here.path(), "metaprop lock analysis.toml --check");
    assert_eq!(code, Some(1));
    for what in ["good: the data differ: series.csv", "good: events 38 → 39", "good: estimate 0."] {
        assert!(text.contains(what), "no {what} in {text}");
    }
    // A comment in the analysis file moves nothing; another method does.
    change(here.path(), "", "");
    let changed = |text: &str| std::fs::write(here.path().join("analysis.toml"), text).unwrap();
    changed(&format!("# a remark\n{ANALYSIS}"));
    assert_eq!(said(here.path(), "metaprop lock analysis.toml --check").1, Some(0));
    changed(&format!("{ANALYSIS}\n[analysis]\ntau2 = \"pm\"\n"));
    let (text, code) = said(here.path(), "metaprop lock analysis.toml --check");
    assert!(code == Some(1) && text.contains("good: the specification differs"), "{text}");
    // The report is held against the lock too, and one that is gone is said to be.
    let (text, _) = said(here.path(), "metaprop report analysis.toml -o report --check");
    assert!(text.contains("not as locked: good: the specification differs"), "{text}");
    std::fs::remove_file(here.path().join("analysis.toml.lock")).unwrap();
    let (text, code) = said(here.path(), "metaprop lock analysis.toml --check");
    assert!(code == Some(2) && text.contains("metaprop lock ANALYSIS"), "{text}");
    std::fs::write(here.path().join("analysis.toml.lock"), "{}").unwrap();
    assert_eq!(said(here.path(), "metaprop lock analysis.toml --check").1, Some(3));
}

#[test]
fn a_tolerance_lets_small_moves_pass_and_names_them() {
    let here = folder();
    std::fs::remove_file(here.path().join("analysis.toml.lock")).unwrap();
    // One event more of 66 moves the pooled value by about half a percentage point.
    change(here.path(), "21,66", "22,66");
    let check = |tolerance: &str| {
        said(here.path(), &format!("metaprop report analysis.toml -o report --check --tolerance {tolerance}"))
    };
    let (text, code) = check("0.2");
    assert!(
        code == Some(0) && text.contains("events 21 → 22") && text.contains("fresh within the tolerance"),
        "{text}"
    );
    assert_eq!(check("0.000001").1, Some(1));
    assert_eq!(check("-1").1, Some(2));
    // A claim with another verdict is stale however little moved.
    std::fs::write(here.path().join("analysis.toml"), ANALYSIS.replace("k = 3", "k = 4")).unwrap();
    let (text, code) = check("1");
    assert!(code == Some(1) && text.contains("holds → fails"), "{text}");
    std::fs::write(here.path().join("analysis.toml"), ANALYSIS).unwrap();
    // A file that is not on disk is held by its digest, and one without a digest is missing.
    std::fs::remove_file(here.path().join("report/good/studies.csv")).unwrap();
    std::fs::remove_file(here.path().join("report/digest.txt")).unwrap();
    assert_eq!(check("1").1, Some(1), "a file is missing");
}

#[test]
#[cfg(unix)]
fn a_watched_report_follows_its_data_until_it_is_stopped() {
    let here = folder();
    let page = here.path().join("report/good/studies.csv");
    let mut watching = Command::new(env!("CARGO_BIN_EXE_metaprop"))
        .args(["report", "analysis.toml", "-o", "report", "--watch", "-q"])
        .current_dir(here.path())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program");
    let soon = |what: &dyn Fn() -> bool| {
        (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            what()
        })
    };
    let has = |text: &str| std::fs::read_to_string(&page).is_ok_and(|page| page.contains(text));
    assert!(soon(&|| has("Gamma 2003,")));
    change(here.path(), "Gamma", "Delta");
    assert!(soon(&|| has("Delta 2003,")), "the new name is in the report");
    // A table with an error stops nothing.
    change(here.path(), "8,12", "80,12");
    std::thread::sleep(std::time::Duration::from_millis(700));
    change(here.path(), "Gamma", "Epsilon");
    assert!(soon(&|| has("Epsilon 2003,")), "it goes on after an error");
    let stop = Command::new("kill").args(["-INT", &watching.id().to_string()]).status().expect("kill");
    assert!(stop.success());
    assert_eq!(watching.wait().expect("it ends").code(), Some(130));
}
