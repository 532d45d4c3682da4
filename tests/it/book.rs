//! `docs/` as a book: its table of contents, its links, and the numbers of R in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;

use crate::common::page::{Page, arguments, docs, pages, said, typed};
use crate::common::program::Bench;

/// The targets of the links of a text, outside of code.
fn links(prose: &str) -> Vec<String> {
    let without_code: String =
        prose.lines().map(|line| line.split('`').step_by(2).collect::<String>() + "\n").collect();
    let targets = without_code.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).filter(|target| !target.contains("://")).collect()
}

/// The anchor of a heading, by the rule of GitHub and of mdBook: lower case, blanks as `-`, and letters, digits, `-` and
/// `_` alone.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn anchors(page: &Page) -> BTreeSet<String> {
    let prose = page.prose();
    prose
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let pages = pages();
    let summary = pages.iter().find(|page| page.name == "SUMMARY.md").expect("a table of contents");
    let mut listed = links(&summary.prose());
    listed.sort();
    let there: Vec<&str> =
        pages.iter().map(|page| page.name.as_str()).filter(|name| *name != "SUMMARY.md").collect();
    assert_eq!(listed, there);
    // mdBook takes headings, links outside of lists, and lists of links.
    for line in summary.text.lines().filter(|line| !line.is_empty()) {
        let link = line.trim_start().trim_start_matches("- ");
        assert!(line.starts_with("# ") || link.starts_with('[') && link.ends_with(".md)"), "{line}");
    }
    let book = fs::read_to_string(docs().join("book.toml")).expect("book.toml");
    let book: toml::Table = book.parse().expect("TOML");
    assert_eq!(book["book"]["src"].as_str(), Some("."));
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = pages();
    all.push(Page::read(root, root.join("README.md")));
    let (mut count, mut broken) = (0, Vec::new());
    for page in &all {
        for link in links(&page.prose()) {
            count += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let target = match file {
                "" => page.path.clone(),
                file => plain(&page.path.parent().expect("a folder").join(file)),
            };
            if !target.exists() {
                broken.push(format!("{}: there is no {link}", page.name));
            } else if !heading.is_empty() {
                // Other letters are kept by one of the two rules alone.
                let known = heading.is_ascii() && anchors(&Page::read(root, target)).contains(heading);
                broken.extend((!known).then(|| format!("{}: {link} has no such heading", page.name)));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(count > 150, "{count} links");
}

/// A value in a document by its path: `random.y`, `rows.*.se`.
fn values(document: &Value, path: &str) -> Vec<Option<f64>> {
    let mut found = vec![document];
    for key in path.split('.') {
        found = found
            .into_iter()
            .flat_map(|value| match (value, key) {
                (Value::Array(items), "*") => items.iter().collect::<Vec<_>>(),
                (Value::Array(items), index) => vec![&items[index.parse::<usize>().expect("an index")]],
                (value, key) => vec![value.get(key).unwrap_or_else(|| panic!("no {key} of {path}"))],
            })
            .collect();
    }
    found.into_iter().map(Value::as_f64).collect()
}

/// How many digits agree, at most 15; `None` where there is nothing to compare.
fn digits(got: Option<f64>, want: &Value) -> Option<f64> {
    let (got, want) = (got?, want.as_f64()?);
    if want == 0.0 {
        return (got.abs() > 1e-12).then_some(0.0);
    }
    Some((-((got - want).abs() / want.abs()).log10()).min(15.0))
}

/// The digits of the number that agrees worst.
fn worst(document: &Value, numbers: &Value) -> f64 {
    let mut worst = 15.0_f64;
    for (path, want) in numbers.as_object().expect("numbers") {
        let got = values(document, path);
        let want = want.as_array().cloned().unwrap_or_else(|| vec![want.clone()]);
        assert_eq!(got.len(), want.len(), "{path}");
        got.into_iter()
            .zip(&want)
            .filter_map(|(got, want)| digits(got, want))
            .for_each(|d| worst = worst.min(d));
    }
    worst
}

/// What `tests/reference/scripts/book.R` printed.
fn of_r() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/book.json");
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn page(name: &str) -> Page {
    Page::read(&docs(), docs().join(name))
}

#[test]
fn each_call_of_metafor_stands_beside_its_command_with_the_digits_that_agree() {
    let (of_r, page) = (of_r(), page("for-r-users.md"));
    let cases = of_r["cases"].as_array().expect("cases");
    let rows: Vec<String> = cases
        .par_iter()
        .map(|case| {
            let text = |key: &str| case[key].as_str().expect("a text");
            let files = case["files"].as_object().cloned().unwrap_or_default();
            let files: Vec<_> =
                files.iter().map(|(name, text)| (name.as_str(), text.as_str().expect("text"))).collect();
            for (name, text) in &files {
                assert!(
                    page.text.contains(&format!("```csv {name}\n{text}```")),
                    "the page has another {name}"
                );
            }
            let command = arguments(text("command"));
            let document =
                Bench::with(&files).json(0, &command.iter().map(String::as_str).collect::<Vec<_>>());
            let [default, tightened] = ["default", "tightened"].map(|key| match &case[key] {
                Value::Null => None,
                numbers => Some(worst(&document, numbers)),
            });
            let agreed = tightened.or(default).expect("numbers of R");
            let tolerance = case["tolerance"].as_f64().expect("a tolerance");
            assert!(agreed >= -tolerance.log10(), "{}: {agreed} digits agree", text("call"));
            let shown =
                |digits: Option<f64>| digits.map_or("–".to_owned(), |digits| digits.floor().to_string());
            let call = text("call").replace('|', "\\|");
            format!(
                "| `{call}` | `metaprop {}` | {} | {} |",
                text("command"),
                shown(default),
                shown(tightened)
            )
        })
        .collect();
    let lacking: Vec<&String> =
        rows.iter().filter(|row| !page.text.lines().any(|line| line == *row)).collect();
    assert!(lacking.is_empty(), "the page lacks:\n{lacking:#?}");
    for key in ["R", "metafor", "lme4"] {
        let version = of_r["generator"][key].as_str().expect("a version");
        assert!(
            page.text.contains(&format!(
                "{key} {}",
                version.replace("3.8.1", "3.8-1").replace("1.1.31", "1.1-31")
            ))
        );
    }
}

#[test]
fn what_pages_say_of_other_results_of_metafor_is_what_it_gave() {
    for row in of_r()["pages"].as_array().expect("pages") {
        let name = row["page"].as_str().expect("a page");
        assert!(page(name).text.contains(row["shown"].as_str().expect("a number")), "{name}: {row}");
    }
}

/// Commands in the tables of the pages for R and Stata users that name a data set of the program or a file of the page.
#[test]
fn the_commands_in_tables_run() {
    let mut run = 0;
    for page in ["for-r-users.md", "for-stata-users.md"].map(page) {
        let files = page.files();
        let prose = page.prose();
        let rows = prose.lines().filter(|line| line.starts_with('|'));
        let commands: BTreeSet<&str> = rows
            .flat_map(|row| row.split('`').skip(1).step_by(2))
            .filter_map(|code| code.strip_prefix("metaprop "))
            .filter(|command| command.contains('@') || files.iter().any(|(name, _)| command.contains(name)))
            .collect();
        commands.par_iter().for_each(|command| {
            let done = typed(&page.bench(), command);
            assert!(matches!(done.status.code(), Some(0 | 1)), "{}: {command}: {}", page.name, said(&done));
        });
        run += commands.len();
    }
    assert!(run > 50, "{run} commands");
}
