//! The report of an analysis file: written into a folder, or compared with the one that is there.

use std::path::{Path, PathBuf};

use super::Project;
use crate::analysis::MetaAnalysis;
use crate::error::Error;
use crate::io::files;
use crate::io::identity::Inputs;
use crate::io::new_file::NewFile;
use crate::io::whole_folder::{self, WholeFolder};
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
        let (chapters, opening) = self.chapters(&results)?;
        let section = |(entry, result): (&OutcomeEntry, MetaAnalysis)| {
            let display = self.file.presentation(entry).over(result.number_format());
            let null_given = self.file.request(entry).null.is_some();
            let shown = self.file.parts(entry).over(&result.spec, null_given);
            let appearance = self.appearance(entry, &result.data)?;
            let section = Section::new(&*entry.id, &*entry.title, result, display)?;
            let section = section.shown(shown).appearance(appearance);
            Ok(section.with_notes(entry.notes.clone()).in_appendix(entry.appendix))
        };
        let sections = self.file.pooled().zip(results).map(section).collect::<Result<Vec<_>, Error>>()?;
        Ok(Report::new(self.title(), sections).with_chapters(chapters).with_opening(opening))
    }

    /// Computes the report and writes its files into a folder, which is made where there is none: afterwards it holds
    /// the new report whole, or where that fails or is stopped the old one whole (`docs/security.md` says where that
    /// takes a second run). A file that an earlier report wrote there and this one has not is removed, as long as
    /// nobody changed it; all other files stay.
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
        let inputs = Inputs::of(&self.inputs());
        let paths: Vec<PathBuf> = built.iter().map(|file| folder.join(&file.path)).collect();
        paths.iter().try_for_each(|path| inputs.refuse(path))?;
        let held = WholeFolder::open(folder)?;
        let manifest = held.read(manifest::NAME)?.unwrap_or_default();
        let gone =
            earlier_files(&Manifest::parse(&String::from_utf8_lossy(&manifest)), built, &held, |path| {
                inputs.refuse(&folder.join(path)).is_err()
            })?;
        let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
        let files: Vec<NewFile<'_>> =
            built.iter().map(|file| NewFile { path: &file.path, bytes: &file.bytes }).collect();
        held.replace(&files, &gone)?;
        Ok(Written { files: paths, removed: gone.into_iter().map(|path| folder.join(path)).collect() })
    }
}

/// The files of an earlier report that are not among these. A file that is not as the report wrote it, or that is
/// read as data now, is somebody's and stays.
fn earlier_files(
    earlier: &Manifest,
    built: &[File],
    held: &WholeFolder<'_>,
    is_read: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Error> {
    let mut gone = Vec::new();
    for path in earlier.beyond(built) {
        let Some(bytes) = held.read(path)? else { continue };
        let is_ours = earlier.agrees_with(&File { path: path.to_string(), bytes }) == Some(true);
        if is_ours && !is_read(path) {
            gone.push(path.to_string());
        }
    }
    Ok(gone)
}

/// Compares the files of a report with those in a folder. One that is between old and new is stale whatever is in it.
pub(crate) fn compare(built: &[File], folder: &Path) -> Result<Comparison, Error> {
    whole_folder::wait_for_writer(folder);
    let found = stale::compare(built, |path| files::read_if_there(&folder.join(path)))?;
    Ok(if whole_folder::is_half_written(folder) { found.half_written() } else { found })
}
