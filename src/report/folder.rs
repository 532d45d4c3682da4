//! The files of a report, as bytes; [`Project`](crate::Project) writes them, and compares them with those on disk.

use super::manifest::{self, Manifest};
use super::page::Report;
use super::{csv, json};

pub use super::file::File;

/// The names of an outcome's files, in the order they are written.
pub(super) const FIGURE: &str = "forest.svg";
pub(super) const RESULT: &str = "result.json";
pub(super) const STUDIES: &str = "studies.csv";

impl Report {
    /// Every file of the report, in a fixed order: `<id>/forest.svg`, `<id>/result.json` and `<id>/studies.csv`
    /// for each outcome, the files of the other chapters, then `report.html`,
    /// `report.md` and the [manifest] of them all.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let mut files = Vec::with_capacity(3 * self.sections().len() + 2);
        for section in self.sections() {
            let at = |name: &str| format!("{}/{name}", section.id());
            files.push(File::new(at(FIGURE), section.figure().to_string()));
            files.push(File::new(at(RESULT), json::text(section.result(), json::Layout::Indented)));
            files.push(File::new(at(STUDIES), csv::text(section.result(), csv::Rows::Studies)));
        }
        for chapter in self.chapters() {
            files.extend(chapter.figures.iter().map(|figure| File::new(&*figure.path, figure.svg.clone())));
            files.extend(chapter.files.iter().map(|(path, text)| File::new(&**path, text.clone())));
        }
        files.push(File::new("report.html", self.html()));
        files.push(File::new("report.md", self.markdown()));
        let manifest = Manifest::of(&files);
        files.push(File::new(manifest::NAME, manifest.to_string()));
        files
    }
}
