//! The files of a report, as bytes: who writes them, or compares them with those on disk, is the
//! command line.

use super::manifest::{self, Manifest};
use super::page::Report;
use super::{csv, html, json, markdown};

pub use super::file::File;

/// The names of an outcome's files, in the order they are written.
pub(super) const FIGURE: &str = "forest.svg";
pub(super) const RESULT: &str = "result.json";
pub(super) const STUDIES: &str = "studies.csv";

/// Every file of a report, in a fixed order: `<id>/forest.svg`, `<id>/result.json` and
/// `<id>/studies.csv` for each outcome, the files of the other chapters, then `report.html`, `report.md`
/// and the [manifest] of them all.
#[must_use]
pub fn files(report: &Report<'_>) -> Vec<File> {
    let mut files = Vec::with_capacity(3 * report.sections.len() + 2);
    for section in &report.sections {
        let at = |name: &str| format!("{}/{name}", section.id);
        files.push(File::new(at(FIGURE), section.figure.to_string()));
        files.push(File::new(at(RESULT), json::text(section.outcome, json::Layout::Indented)));
        files.push(File::new(at(STUDIES), csv::text(section.outcome, csv::Rows::Studies)));
    }
    for extra in &report.extras {
        files.extend(extra.figures.iter().map(|figure| File::new(&*figure.path, figure.svg.clone())));
        files.extend(extra.files.iter().map(|(path, text)| File::new(&**path, text.clone())));
    }
    files.push(File::new("report.html", html::report(report)));
    files.push(File::new("report.md", markdown::report(report)));
    let manifest = Manifest::of(&files);
    files.push(File::new(manifest::NAME, manifest.to_string()));
    files
}
