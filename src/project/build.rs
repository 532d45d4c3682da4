//! The report of an analysis file: written into a folder, or compared with the one that is there.

use std::path::{Path, PathBuf};

use super::Project;
use crate::analysis::MetaAnalysis;
use crate::error::Error;
use crate::io::files;
use crate::options::analysis_file::OutcomeEntry;
use crate::report::folder::File;
use crate::report::manifest::{self, Manifest};
use crate::report::stale::{self, Comparison};
use crate::report::{Report, Section};

/// What [`Project::build`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Every file of the report, in its order.
    pub files: Vec<PathBuf>,
    /// The files of an earlier report that are not part of this one: they were removed.
    pub removed: Vec<PathBuf>,
}

impl Project {
    /// The report: every outcome pooled, and the other chapters that the file asks for. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`results`](Self::results) and [`check`](Self::check), but for a file without claims.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let report = Project::demonstration()?.report()?;
    /// assert_eq!(report.sections()[0].id(), "good");
    /// assert!(report.html().contains("Tofacitinib in alopecia areata"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn report(&self) -> Result<Report, Error> {
        let results = self.results()?;
        let chapters = self.chapters(&results)?;
        let section = |(entry, result): (&OutcomeEntry, MetaAnalysis)| {
            let display = self.file.presentation(entry).over(result.number_format());
            let null_given = self.file.request(entry).null.is_some();
            let shown = self.file.parts(entry).over(&result.spec, null_given);
            let section = Section::new(&*entry.id, &*entry.title, result, display);
            section.map(|section| section.shown(shown))
        };
        let sections = self.file.pooled().zip(results).map(section).collect::<Result<Vec<_>, _>>()?;
        Ok(Report::new(self.title(), sections).with_chapters(chapters))
    }

    /// Computes the report and writes its files into a folder, each whole; the folder is made where there is
    /// none. A file that an earlier report wrote there and this one has not is removed, as long as nobody changed
    /// it; all other files stay.
    ///
    /// # Errors
    ///
    /// As [`report`](Self::report); [`Error::Usage`] where a file of the report would be one of the
    /// [`inputs`](Self::inputs), and [`Error::File`] where one cannot be written.
    pub fn build(&self, folder: impl AsRef<Path>) -> Result<Written, Error> {
        self.write(&self.report()?.files(), folder.as_ref())
    }

    /// Computes the report and compares it with the one in a folder; nothing is written.
    ///
    /// # Errors
    ///
    /// As [`report`](Self::report), and [`Error::File`] where a file that is there cannot be read.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let found = Project::demonstration()?.compare(folder.path())?;
    /// assert!(!found.is_fresh());
    /// assert_eq!(found.changes[0].what, "good/forest.svg: missing");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn compare(&self, folder: impl AsRef<Path>) -> Result<Comparison, Error> {
        compare(&self.report()?.files(), folder.as_ref())
    }

    /// Writes the files of a report into a folder.
    pub(crate) fn write(&self, built: &[File], folder: &Path) -> Result<Written, Error> {
        let inputs = self.inputs();
        let paths: Vec<PathBuf> = built.iter().map(|file| folder.join(&file.path)).collect();
        paths.iter().try_for_each(|path| files::refuse_inputs(path, &inputs))?;
        let removed = remove_earlier(built, folder, &inputs)?;
        // The manifest is the last of them: where this is cut short, the old one does not agree with the files.
        for (file, path) in built.iter().zip(&paths) {
            if let Some(parent) = path.parent() {
                files::make_folder(parent)?;
            }
            files::write(path, |out| out.write_all(&file.bytes))?;
        }
        Ok(Written { files: paths, removed })
    }
}

/// Removes the files of an earlier report that are not among these, and folders that are empty then. A file
/// that is not as the report wrote it, or that is read as data now, is somebody's and stays.
fn remove_earlier(built: &[File], folder: &Path, inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let earlier = files::read_if_there(&folder.join(manifest::NAME))?.unwrap_or_default();
    let earlier = Manifest::parse(&String::from_utf8_lossy(&earlier));
    let mut removed = Vec::new();
    for path in earlier.beyond(built) {
        let whole = folder.join(path);
        let Some(bytes) = files::read_if_there(&whole)? else { continue };
        let is_ours = earlier.agrees_with(&File { path: path.to_string(), bytes }) == Some(true);
        if is_ours && files::refuse_inputs(&whole, inputs).is_ok() {
            files::remove(&whole)?;
            removed.push(whole);
        }
    }
    Ok(removed)
}

/// Compares the files of a report with those in a folder.
pub(crate) fn compare(built: &[File], folder: &Path) -> Result<Comparison, Error> {
    stale::compare(built, |path| files::read_if_there(&folder.join(path)))
}
