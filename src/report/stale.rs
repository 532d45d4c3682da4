//! What moved between a report on disk and the same report built now: `report --check`.
//!
//! Results are compared number by number and study by study, so the answer is "good: study 'Gamma
//! 2003': events 21 → 22" and not "the file differs". What follows from it in the tables, the pages
//! and the figure is then one line a file. A file that is not kept on disk is compared by the digest that
//! the [manifest] has of it: what can be said then is that it differs. Files that no
//! manifest lists are somebody else's and are not looked at.

use std::collections::HashMap;

use serde_json::Value;

use super::folder::{FIGURE, File, RESULT};
use super::junit::Case;
use super::manifest::{self, Manifest};
use super::markdown::escaped;
use crate::format::sanitize;

/// One thing that moved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The file it was seen in.
    pub file: String,
    /// What moved, in words; safe to print.
    pub what: String,
    /// What it means for a tolerance.
    pub weight: Weight,
}

/// What a change means where pooled numbers may move a little.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Weight {
    /// A pooled value, limit or prediction limit of a result moved by at most this.
    Moved(f64),
    /// It follows from what moved in a result: a figure, a page, a table.
    Follows,
    /// It is stale whatever moved: a file is missing or too many, a claim has another verdict.
    Stale,
}

/// The most changes that are named of one result; the rest is counted.
const MOST: usize = 50;

/// A report that was built, held against the one on disk.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Comparison {
    /// What moved, in the order of the files; empty where the report is fresh.
    pub changes: Vec<Change>,
    /// How many files are not on disk, and as the manifest has them.
    pub by_digest: usize,
}

impl Comparison {
    /// Whether nothing moved.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether nothing moved but pooled numbers by at most this, and what follows from them. A change of the studies that
    /// moves no pooled number further is within it.
    #[must_use]
    pub fn is_within(&self, tolerance: f64) -> bool {
        self.changes.iter().all(|change| match change.weight {
            Weight::Moved(by) => by <= tolerance,
            Weight::Follows => true,
            Weight::Stale => false,
        })
    }

    /// The same of a folder in which a run was stopped between the old report and the new one.
    pub(crate) fn half_written(mut self) -> Self {
        let what = "half written: a run was stopped while it moved its files in; the next one finishes it";
        self.changes.insert(
            0,
            Change { file: manifest::NAME.to_string(), what: what.to_string(), weight: Weight::Stale },
        );
        self
    }
}

/// The changes as Markdown, for the summary of a CI job: a title, the verdict, and a list a file.
///
/// ```
/// use metaprop::report::stale::{Comparison, summary};
/// let fresh = summary("reports/a", "reports/a: fresh, 9 files", &Comparison::default());
/// assert_eq!(fresh, "## metaprop report reports/a\n\nreports/a: fresh, 9 files\n");
/// ```
#[must_use]
pub fn summary(folder: &str, verdict: &str, found: &Comparison) -> String {
    let mut text = format!("## metaprop report {}\n\n{}\n", escaped(folder), escaped(verdict));
    for of_file in found.changes.chunk_by(|one, next| one.file == next.file) {
        text += &format!("\n**{}**\n\n", escaped(&of_file[0].file));
        text.extend(of_file.iter().map(|change| format!("- {}\n", escaped(&change.what))));
    }
    text
}

/// Compares a report with the one on disk; `on_disk` gives the bytes of a file by its path from the
/// folder of the report, or nothing where there is none.
///
/// # Errors
///
/// What `on_disk` gives.
pub fn compare<E>(
    built: &[File],
    mut on_disk: impl FnMut(&str) -> Result<Option<Vec<u8>>, E>,
) -> Result<Comparison, E> {
    let manifest = on_disk(manifest::NAME)?.unwrap_or_default();
    let manifest = Manifest::parse(&String::from_utf8_lossy(&manifest));
    let mut found = Comparison::default();
    for file in built {
        match on_disk(&file.path)? {
            Some(old) if old == file.bytes => {}
            Some(old) => found.changes.extend(differences(file, &old)),
            None => match manifest.agrees_with(file) {
                Some(true) => found.by_digest += 1,
                Some(false) => {
                    let what = "not in the folder, and its digest differs";
                    found.changes.push(Change { weight: Weight::Follows, ..whole(&file.path, what) })
                }
                None => found.changes.push(whole(&file.path, "missing")),
            },
        }
    }
    let gone = manifest.beyond(built).into_iter().filter(|path| *path != manifest::NAME);
    found.changes.extend(gone.map(|path| whole(path, "not part of the report any more")));
    Ok(found)
}

/// A change of a whole file.
fn whole(path: &str, what: &str) -> Change {
    Change { file: path.to_string(), what: format!("{}: {what}", sanitize(path)), weight: Weight::Stale }
}

fn differences(file: &File, old: &[u8]) -> Vec<Change> {
    let (folder, name) = file.path.split_once('/').unwrap_or(("", &file.path));
    let whole = |what: &str| vec![Change { weight: Weight::Follows, ..whole(&file.path, what) }];
    match name {
        FIGURE => whole("the figure differs"),
        CLAIMS if folder.is_empty() => {
            let flipped = verdicts(file, old);
            if flipped.is_empty() { whole(&differs(file, old)) } else { flipped }
        }
        RESULT => match (serde_json::from_slice(old), serde_json::from_slice(&file.bytes)) {
            (Ok(old), Ok(new)) => {
                let moved = result(&old, &new);
                if moved.is_empty() {
                    return whole("the same result, written differently");
                }
                let weight = Weight::Moved(furthest(&old, &new));
                let change =
                    |what| Change { file: file.path.clone(), what: format!("{folder}: {what}"), weight };
                moved.into_iter().map(change).collect()
            }
            _ => vec![self::whole(&file.path, "not a result document")],
        },
        _ => whole(&differs(file, old)),
    }
}

fn differs(file: &File, old: &[u8]) -> String {
    format!("differs from line {} on", first_difference(old, &file.bytes))
}

/// The claims with their verdicts, as Markdown.
const CLAIMS: &str = "check.md";

/// The claims whose verdict is another one now.
fn verdicts(file: &File, old: &[u8]) -> Vec<Change> {
    let (before, after) = (String::from_utf8_lossy(old), String::from_utf8_lossy(&file.bytes));
    let heads = |text: &str| -> Vec<(String, String)> {
        let heads = text.lines().filter_map(|line| line.strip_prefix("## ")?.rsplit_once(": "));
        heads.map(|(claim, verdict)| (claim.to_owned(), verdict.to_owned())).collect()
    };
    let (before, after) = (heads(&before), heads(&after));
    let verdict = |of: &[(String, String)], claim: &str| {
        of.iter().find(|(known, _)| known == claim).map(|(_, verdict)| verdict.clone())
    };
    let mut changes = Vec::new();
    let mut push = |what: String| changes.push(whole(&file.path, &what));
    for (claim, was) in &before {
        match verdict(&after, claim) {
            Some(is) if is == *was => {}
            Some(is) => push(format!("claim {}: {} → {}", sanitize(claim), sanitize(was), sanitize(&is))),
            None => push(format!("claim {} is gone ({})", sanitize(claim), sanitize(was))),
        }
    }
    for (claim, is) in after.iter().filter(|(claim, _)| verdict(&before, claim).is_none()) {
        push(format!("claim {} is new ({})", sanitize(claim), sanitize(is)));
    }
    changes
}

/// By how much a pooled value, limit or prediction limit moved at most; infinitely where one came or went.
fn furthest(old: &Value, new: &Value) -> f64 {
    let mut by = 0.0_f64;
    for part in ["common", "random", "prediction"] {
        for number in ["estimate", "lower", "upper"] {
            let of = |document: &Value| document.get(part)?.get(number)?.as_f64();
            by = by.max(match (of(old), of(new)) {
                (Some(was), Some(is)) => (is - was).abs(),
                (None, None) => 0.0,
                _ => f64::INFINITY,
            });
        }
    }
    by
}

/// The first line, counted from 1, on which two texts differ.
fn first_difference(old: &[u8], new: &[u8]) -> usize {
    let same = old.iter().zip(new).take_while(|(a, b)| a == b);
    1 + same.filter(|(byte, _)| **byte == b'\n').count()
}

/// What moved between two result documents, in words.
fn result(old: &Value, new: &Value) -> Vec<String> {
    let mut moved = Vec::new();
    let rows = |document: &Value, key: &str| {
        document.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    studies(&rows(old, "studies"), &rows(new, "studies"), &mut moved);
    excluded(&rows(old, "excluded"), &rows(new, "excluded"), &mut moved);
    for key in keys(old, new) {
        if !matches!(key, "studies" | "excluded") {
            values(key, old.get(key), new.get(key), &mut moved);
        }
    }
    if moved.len() > MOST {
        let more = moved.len() - MOST;
        moved.truncate(MOST);
        moved.push(format!("… and {more} more"));
    }
    moved
}

/// What is in the data, and what follows for the study alone.
const OWN: [&str; 4] = ["line", "events", "total", "corrected"];
const FOLLOWS: [&str; 6] = ["proportion", "estimate", "lower", "upper", "y", "v"];
/// What follows from all studies together.
const WEIGHTS: [&str; 2] = ["weight_common", "weight_random"];

fn studies(old: &[Value], new: &[Value], moved: &mut Vec<String>) {
    let (before, after) = (by_name(old), by_name(new));
    for (name, row) in &before.order {
        if !after.rows.contains_key(name) {
            moved.push(format!("study {} is gone ({})", quoted(name), measured(row)));
        }
    }
    let mut reweighted = 0;
    for (name, row) in &after.order {
        let Some(was) = before.rows.get(name) else {
            moved.push(format!("study {} is new ({})", quoted(name), measured(row)));
            continue;
        };
        let known = moved.len();
        fields(&OWN, name, was, row, moved);
        if moved.len() == known {
            fields(&FOLLOWS, name, was, row, moved);
        }
        reweighted += usize::from(WEIGHTS.iter().any(|key| was.get(key) != row.get(key)));
    }
    let same_order = before.order.iter().map(|(name, _)| name).eq(after.order.iter().map(|(name, _)| name));
    if moved.is_empty() && !same_order {
        moved.push("the studies stand in another order".to_string());
    }
    if reweighted > 0 {
        moved.push(match reweighted {
            1 => "the weights of 1 study moved".to_string(),
            more => format!("the weights of {more} studies moved"),
        });
    }
}

/// A study's name, and its number among those of the same name.
type Name<'a> = (&'a str, usize);

struct Named<'a> {
    order: Vec<(Name<'a>, &'a Value)>,
    rows: HashMap<Name<'a>, &'a Value>,
}

fn by_name(rows: &[Value]) -> Named<'_> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let named = rows.iter().map(|row| {
        let name = row.get("study").and_then(Value::as_str).unwrap_or_default();
        let count = seen.entry(name).or_default();
        *count += 1;
        ((name, *count), row)
    });
    let order: Vec<_> = named.collect();
    Named { rows: order.iter().copied().collect(), order }
}

fn quoted((name, count): &Name<'_>) -> String {
    let name = sanitize(name);
    if *count == 1 { format!("'{name}'") } else { format!("'{name}' (number {count} of that name)") }
}

/// What a study has: its counts, or its estimate.
fn measured(row: &Value) -> String {
    match row.get("estimate") {
        Some(estimate) => format!("estimate {}", shown(Some(estimate))),
        None => format!("{} of {}", shown(row.get("events")), shown(row.get("total"))),
    }
}

fn fields(keys: &[&str], name: &Name<'_>, old: &Value, new: &Value, moved: &mut Vec<String>) {
    let differs = keys.iter().filter(|key| old.get(**key) != new.get(**key));
    let list: Vec<String> = differs.map(|key| arrow(key, old.get(*key), new.get(*key))).collect();
    if !list.is_empty() {
        moved.push(format!("study {}: {}", quoted(name), list.join(", ")));
    }
}

fn excluded(old: &[Value], new: &[Value], moved: &mut Vec<String>) {
    let say = |row: &Value, what: &str| {
        let name = row.get("study").and_then(Value::as_str).unwrap_or_default();
        format!(
            "'{}' on line {} is {what}: {}",
            sanitize(name),
            shown(row.get("line")),
            shown(row.get("reason"))
        )
    };
    moved.extend(old.iter().filter(|row| !new.contains(row)).map(|row| say(row, "not left out any more")));
    moved.extend(new.iter().filter(|row| !old.contains(row)).map(|row| say(row, "now left out")));
}

/// Every key of two objects: the new one's order, then what only the old one has.
fn keys<'a>(old: &'a Value, new: &'a Value) -> Vec<&'a str> {
    let of =
        |value: &'a Value| value.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str));
    of(new).chain(of(old).filter(|key| new.get(key).is_none())).collect()
}

/// The numbers and words that moved below a path.
fn values(path: &str, old: Option<&Value>, new: Option<&Value>, moved: &mut Vec<String>) {
    match (old, new) {
        (old, new) if old == new => {}
        (Some(before @ Value::Object(_)), Some(after @ Value::Object(_))) => {
            for key in keys(before, after) {
                values(&format!("{path}.{key}"), before.get(key), after.get(key), moved);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                values(&format!("{path}[{index}]"), Some(before), Some(after), moved);
            }
        }
        (old, new) => moved.push(arrow(path, old, new)),
    }
}

fn arrow(key: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    format!("{} {} → {}", sanitize(key), shown(old), shown(new))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_string(),
        Some(Value::String(text)) => format!("'{}'", sanitize(text)),
        Some(value) => sanitize(&value.to_string()).into_owned(),
    }
}

/// A case a file of a report, and one for each file too many: it fails where something in it moved.
#[must_use]
pub fn test_cases(built: &[File], changes: &[Change]) -> Vec<Case> {
    let mut paths: Vec<&str> = built.iter().map(|file| file.path.as_str()).collect();
    let mut failures: HashMap<&str, Vec<String>> = paths.iter().map(|path| (*path, Vec::new())).collect();
    for change in changes {
        let of_file = failures.entry(&change.file).or_insert_with(|| {
            paths.push(&change.file);
            Vec::new()
        });
        of_file.push(change.what.clone());
    }
    let mut case = |path: &str| {
        let group = path.split_once('/').map_or("report", |(folder, _)| folder);
        Case { failures: failures.remove(path).unwrap_or_default(), ..Case::new(path, group) }
    };
    paths.into_iter().map(&mut case).collect()
}
