//! The rooms of `src/`: each uses only those below it, its files use each other without a circle, and only a few files
//! name an outside crate, print, or read the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::common::source::{Tree, code, files_used};

/// The rooms from the ground up: a room may use those before it.
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
/// Files that every room may use.
const LEAVES: [&str; 3] = ["error", "advisory", "format"];

/// Files of the root that only hand on what the rooms have.
const OUTSIDE: [&str; 3] = ["internals", "lib", "prelude"];

/// Arrows that the order of [`ROOMS`] would allow but the design does not.
const FORBIDDEN: [(&str, &str); 3] = [("data", "numeric"), ("options", "numeric"), ("printed", "numeric")];

/// Outside crates, and the only files (by the beginning of their path) that may name them.
const ALLOWED_CRATES: [(&str, &[&str]); 18] = [
    ("polars", &["src/data/text_frame"]),
    ("use csv::", &["src/io/records"]),
    ("parquet::errors", &["src/io/parquet/"]),
    ("plotters::", &["src/plot/drawing_area"]),
    ("quick_xml", &["src/io/revman", "src/io/manuscript/docx"]),
    ("zip::", &["src/io/packed", "src/io/unpacked", "src/io/manuscript/docx"]),
    ("rustix", &["src/io/disk", "src/io/folder_exchange"]),
    ("resvg", &["src/plot/images/", "src/io/machine_fonts"]),
    ("krilla", &["src/plot/images/pdf"]),
    ("clap", &["src/cli/"]),
    ("terminal_size", &["src/cli/terminal"]),
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
const PLATFORM: [&str; 26] = [
    "ln", "log2", "log10", "ln_1p", "exp", "exp2", "exp_m1", "powf", "powi", "cbrt", "hypot", "sin", "cos",
    "tan", "asin", "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "mul_add",
];

/// What the tests ask of the source, read once.
struct Source {
    /// The code of each file of the library and the program.
    code: BTreeMap<String, String>,
    /// The files that each file of the library uses.
    used: BTreeMap<String, BTreeSet<String>>,
}

static SOURCE: LazyLock<Source> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let library = Tree::read(&folder.join("lib.rs"));
    let program = Tree::read(&folder.join("main.rs"));
    let code = code(&library).into_iter().chain(code(&program));
    let code: BTreeMap<String, String> = code.map(|(file, code)| (format!("src/{file}"), code)).collect();
    assert!(code.len() > 40, "only {} source files were found", code.len());
    Source { code, used: files_used(&library) }
});

/// The room of `io/read.rs` is `io`; of `error.rs`, `error`.
fn room(file: &str) -> &str {
    file.trim_start_matches("src/").split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

#[test]
fn arrows_only_go_down() {
    let floor = |name: &str| ROOMS.iter().position(|room| *room == name);
    let mut wrong = Vec::new();
    for (file, used) in &SOURCE.used {
        let from = room(file);
        if OUTSIDE.contains(&from) {
            continue;
        }
        assert!(floor(from).is_some() || LEAVES.contains(&from), "{file} is in no room of the list");
        for other in used.iter().filter(|other| room(other) != from) {
            let to = room(other);
            let allowed = match (floor(from), floor(to)) {
                (_, None) => LEAVES.contains(&to),
                (None, Some(_)) => false,
                (Some(from), Some(to)) => to < from,
            };
            if !allowed || FORBIDDEN.contains(&(from, to)) {
                wrong.push(format!("{file} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that do not go down:\n{}", wrong.join("\n"));
}

/// A file that uses another, directly or through others, is not used by it.
#[test]
fn no_files_of_a_room_use_each_other_in_a_circle() {
    let found: Vec<String> = circles(&SOURCE.used)
        .into_iter()
        .map(|circle| {
            let used = |file: &String| SOURCE.used[file].iter().filter(|other| circle.contains(other));
            let line = |file: &String| {
                format!("  {file} uses {}", used(file).cloned().collect::<Vec<_>>().join(", "))
            };
            circle.iter().map(line).collect::<Vec<_>>().join("\n")
        })
        .collect();
    assert!(found.is_empty(), "{} circles:\n{}", found.len(), found.join("\n\n"));
}

/// The sets of files that reach each other, each within a room.
fn circles(used: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached = |from: &String| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(file) = next.pop() {
            for other in used.get(file).into_iter().flatten().filter(|other| room(other) == room(from)) {
                if seen.insert(other) {
                    next.push(other);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        used.keys().map(|file| (file, reached(file))).collect();
    let circle = |file: &String| -> Vec<String> {
        let of = &reached[file];
        of.iter().filter(|other| reached[*other].contains(file)).map(|other| (*other).clone()).collect()
    };
    let all: BTreeSet<Vec<String>> = used.keys().map(circle).filter(|circle| circle.len() > 1).collect();
    all.into_iter().collect()
}

#[test]
fn a_circle_is_found_through_a_third_file_and_an_order_is_none() {
    let used = |pairs: &[(&str, &str)]| {
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            used.entry((*from).to_string()).or_default().insert((*to).to_string());
            used.entry((*to).to_string()).or_default();
        }
        circles(&used)
    };
    assert!(used(&[("a/x.rs", "a/y.rs"), ("a/y.rs", "a/z.rs"), ("a/x.rs", "a/z.rs")]).is_empty());
    assert!(
        used(&[("a/x.rs", "b/y.rs"), ("b/y.rs", "a/x.rs")]).is_empty(),
        "that is for the order of the rooms"
    );
    assert_eq!(
        used(&[("a/x.rs", "a/y.rs"), ("a/y.rs", "a/z.rs"), ("a/z.rs", "a/x.rs"), ("a/w.rs", "a/x.rs")]),
        [["a/x.rs", "a/y.rs", "a/z.rs"]]
    );
}

#[test]
fn a_file_uses_where_a_name_is_defined_and_not_where_it_is_handed_on() {
    let folder = tempfile::TempDir::new().expect("a folder");
    for (name, text) in [
        ("lib.rs", "pub mod room;"),
        ("room/mod.rs", "mod low;\nmod high;\nmod other;\npub use high::top;\npub use low::Kind;"),
        ("room/low.rs", "pub enum Kind { A }\n#[cfg(test)]\nmod tests { use super::super::high::top; }"),
        ("room/high.rs", "use super::Kind;\npub fn top() -> Kind { Kind::A }"),
        ("room/other.rs", "fn f() { use super::{high::{top}, Kind}; crate::room::top(); }"),
    ] {
        fs::create_dir_all(folder.path().join("room")).expect("a folder");
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let used = files_used(&Tree::read(&folder.path().join("lib.rs")));
    let of = |file: &str| used[file].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((of("room/high.rs"), of("room/low.rs")), (vec!["room/low.rs"], Vec::new()));
    assert_eq!((of("room/other.rs"), of("room/mod.rs")), (vec!["room/high.rs", "room/low.rs"], Vec::new()));
}

#[test]
fn figures_and_reports_compute_nothing() {
    for (file, code) in &SOURCE.code {
        if matches!(room(file), "plot" | "report") {
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
fn few_files_name_an_outside_crate() {
    held(&ALLOWED_CRATES);
}

#[test]
fn only_the_command_line_prints_and_nothing_reads_the_clock() {
    held(&ALLOWED_CALLS);
}

fn held(rules: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (file, code) in &SOURCE.code {
        for (word, places) in rules {
            if code.contains(word) && !places.iter().any(|place| file.starts_with(place)) {
                wrong.push(format!("{file} names {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_number_passes_through_the_platforms_mathematics() {
    let mut wrong = Vec::new();
    for (file, code) in &SOURCE.code {
        for function in PLATFORM {
            for called in [format!(".{function}("), format!("f64::{function}"), format!("f32::{function}")] {
                let found = code.match_indices(&called).map(|(at, _)| &code[at..]);
                wrong.extend(found.map(|rest| format!("{file}: {rest:.40}")));
            }
        }
        // The logarithm to a base: a method of this name is also that of our own types.
        assert!(!code.contains("f64::log"), "{file} names f64::log");
    }
    assert!(wrong.is_empty(), "use numeric::elementary:\n{}", wrong.join("\n"));
}
