//! The house: arrows between the rooms only go down, and each outside library has one door.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up; a room may use those before it. `leaf` rooms may be used by all.
const ROOMS: [&str; 14] = [
    "numeric",
    "printed",
    "options",
    "data",
    "io",
    "effect",
    "model",
    "analysis",
    "published",
    "selftest",
    "plot",
    "report",
    "project",
    "cli",
];
const LEAVES: [&str; 3] = ["error", "advisory", "format"];

/// Arrows that the order of [`ROOMS`] would allow but the design does not.
const FORBIDDEN: [(&str, &str); 3] = [("data", "numeric"), ("options", "numeric"), ("printed", "numeric")];

/// Outside libraries and the only files (by prefix) that may name them.
const ALLOWED_CRATES: [(&str, &[&str]); 11] = [
    ("polars", &["src/data/covariates"]),
    ("use csv::", &["src/io/records"]),
    ("plotters::", &["src/plot/drawing_area"]),
    ("clap", &["src/cli/"]),
    ("signal_hook", &["src/cli/interrupt"]),
    ("libm::", &["src/numeric/"]),
    ("nalgebra", &["src/numeric/linear"]),
    ("statrs", &["src/numeric/"]),
    ("minijinja", &["src/report/"]),
    ("std::fs", &["src/io/"]),
    ("std::env", &["src/cli/"]),
];

/// Words that print, end the process or read the clock, and where they may stand.
const ALLOWED_CALLS: [(&str, &[&str]); 7] = [
    ("println!", &["src/cli/"]),
    ("print!(", &["src/cli/"]),
    ("dbg!", &[]),
    ("process::exit", &["src/cli/"]),
    ("SystemTime", &[]),
    ("Instant::now", &[]),
    ("available_parallelism", &[]),
];

/// Transcendental functions of the platform, whose last bits differ from system to system.
const PLATFORM: [&str; 14] = [
    ".ln()",
    ".exp()",
    ".powf(",
    ".powi(",
    ".log10()",
    ".log2()",
    ".sin()",
    ".cos()",
    ".tan()",
    ".asin()",
    ".exp_m1()",
    ".ln_1p()",
    ".tanh()",
    ".mul_add(",
];

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a source folder") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name =
                    path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                found.insert(name, code(&fs::read_to_string(&path).expect("a source file")));
            }
        }
    }
    assert!(found.len() > 40, "only {} source files were found", found.len());
    found
}

/// The code without comments, doctests and the unit tests at the end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split(" // ").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The room of `src/study/read.rs` is `study`; of `src/error.rs`, `error`.
fn room(file: &str) -> &str {
    file.trim_start_matches("src/").split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

#[test]
fn arrows_only_go_down() {
    let floor = |name: &str| ROOMS.iter().position(|room| *room == name);
    let mut wrong = Vec::new();
    for (file, code) in sources() {
        let from = room(&file);
        // These gather names and hold no code.
        if matches!(from, "lib" | "main" | "prelude" | "internals") {
            continue;
        }
        for to in ROOMS.iter().chain(&LEAVES).copied().filter(|to| *to != from) {
            if !code.contains(&format!("crate::{to}::")) && !code.contains(&format!("crate::{{{to}")) {
                continue;
            }
            let allowed = match (floor(from), floor(to)) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(from), Some(to)) => to < from,
            };
            if !allowed || FORBIDDEN.contains(&(from, to)) {
                wrong.push(format!("{file} uses {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that do not go down:\n{}", wrong.join("\n"));
}

#[test]
fn analysis_formats_nothing_and_figures_compute_nothing() {
    for (file, code) in sources() {
        if matches!(room(&file), "plot" | "report") {
            for word in [
                "WeightedMean",
                "Prepared",
                "model::tau2",
                "model::ci",
                "model::likelihood",
                "crate::numeric::normal",
                "crate::numeric::student_t",
                "crate::numeric::chi_squared",
            ] {
                assert!(!code.contains(word), "{file} names {word}: statistics belong to analysis and below");
            }
        }
    }
}

#[test]
fn each_library_has_one_door() {
    held(&ALLOWED_CRATES);
}

#[test]
fn only_the_command_line_prints_and_nothing_reads_the_clock() {
    held(&ALLOWED_CALLS);
}

fn held(rules: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (file, code) in sources() {
        for (word, doors) in rules {
            if code.contains(word) && !doors.iter().any(|door| file.starts_with(door)) {
                wrong.push(format!("{file} names {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_number_passes_through_the_platforms_mathematics() {
    let mut wrong = Vec::new();
    for (file, code) in sources() {
        for word in PLATFORM {
            for line in code.lines().filter(|line| line.contains(word)) {
                wrong.push(format!("{file}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "use numeric::elementary:\n{}", wrong.join("\n"));
}
