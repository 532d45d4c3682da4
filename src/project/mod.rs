//! The workflow of an analysis file: open it, check what is claimed in it, build its report, compare the
//! report with one on disk.
//!
//! This room computes through [`analysis`](crate::analysis) and [`published`](crate::published), writes through
//! [`report`](crate::report) and [`plot`](crate::plot), and touches files through [`io`](crate::io) alone. The
//! command line is one caller of it; a program can be another.
//!
//! | file | noun |
//! |---|---|
//! | `source` | the tables that an analysis file names |
//! | `results` | its outcomes, pooled |
//! | `check` | its claims, each held against its outcome |
//! | `scan` | a manuscript, held against its outcomes |
//! | `chapters` | what its report has beside the pooled outcomes |
//! | `plots` | the figures that an outcome asks for |
//! | `reconstruction` | a `[[reconstruct]]` of it |
//! | `build` | its report, in a folder or compared with one |

pub(crate) mod build;
mod chapters;
mod check;
mod lock;
mod plots;
mod reconstruction;
mod results;
mod scan;
mod source;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::data::{Provenance, embedded};
use crate::error::{Error, Problem};
use crate::format::hexadecimal;
use crate::io::files;
use crate::options::analysis_file::{self, AnalysisFile};
use crate::published::claim::{Claim, claims_of};

pub use build::Written;

/// An analysis file, opened: what it says, what it claims, and where its data are.
///
/// ```
/// use metaprop::Project;
///
/// let folder = tempfile::tempdir().unwrap();
/// std::fs::write(folder.path().join("series.csv"), "study,events,n\nAlpha 2001,8,12\nBeta 2002,9,13\n").unwrap();
/// let file = folder.path().join("analysis.toml");
/// std::fs::write(&file, r#"
///     schema = 1
///     title = "Two series"
///     [data]
///     file = "series.csv"
///     [[outcome]]
///     id = "good"
///     events = "events"
///     total = "n"
///     [[claim]]
///     outcome = "good"
///     source = "the abstract"
///     k = 2
///     total = 25
/// "#).unwrap();
///
/// let project = Project::open(&file)?;
/// assert_eq!(project.results()?[0].k(), 2);
/// assert_eq!(project.check()?.counts().holds, 1);
///
/// let reports = folder.path().join("reports");
/// project.build(&reports)?;
/// assert!(reports.join("report.html").is_file() && reports.join("good/forest.svg").is_file());
/// assert!(project.compare(&reports)?.is_fresh());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Project {
    file: AnalysisFile,
    claims: Vec<Claim>,
    provenance: Provenance,
    name: String,
    place: Place,
    /// Whether data may lie outside of its folder.
    outside: bool,
}

/// Where an analysis file stands.
#[derive(Debug, Clone)]
enum Place {
    /// On disk: its data are looked for in the folder it stands in.
    Disk { path: PathBuf, folder: PathBuf },
    /// In the program: its data are the embedded ones.
    Embedded(&'static embedded::Embedded),
}

impl Project {
    /// Reads an analysis file; its data are read when they are needed.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where the file cannot be read, and [`Error::AnalysisFile`] with everything in it that
    /// cannot be understood, each with its line.
    ///
    /// ```
    /// use metaprop::Project;
    /// assert_eq!(Project::open("nowhere.toml").unwrap_err().exit_code(), 5);
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self::parse(
            &files::read_analysis_file(path)?,
            &path.display().to_string(),
            name_of(path),
            Place::Disk { path: path.to_path_buf(), folder },
        )
    }

    /// The demonstration that comes with the program.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the program was built without it.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let project = Project::demonstration()?;
    /// assert_eq!((project.name(), project.title()), ("tofacitinib-aa", "Tofacitinib in alopecia areata"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn demonstration() -> Result<Self, Error> {
        let found = embedded::all().iter().find_map(|set| Some((set, set.analysis?)));
        let (set, text) =
            found.ok_or_else(|| Error::usage("this program was built without a demonstration"))?;
        let shown = format!("datasets/{}/analysis.toml", set.name);
        Self::parse(text, &shown, set.name.to_string(), Place::Embedded(set))
    }

    fn parse(text: &str, shown: &str, name: String, place: Place) -> Result<Self, Error> {
        let file = analysis_file::parse(text, shown)?;
        let claims = claims_of(&file, shown)?;
        let sha256 = hexadecimal(&Sha256::digest(text.as_bytes()));
        let provenance = Provenance { data: as_shown(shown), sha256, ..Provenance::default() };
        Ok(Self { file, claims, provenance, name, place, outside: false })
    }

    /// The same, with data that may lie anywhere. Without it a `file` that leads out of the folder of the analysis file,
    /// by an absolute path, by `..` or by a link, is an error: who wrote the file may not be who runs it.
    ///
    /// ```
    /// use metaprop::Project;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// std::fs::write(folder.path().join("series.csv"), "study,events,n\nAlpha 2001,8,12\nBeta 2002,9,13\n").unwrap();
    /// std::fs::create_dir(folder.path().join("analysis")).unwrap();
    /// let file = folder.path().join("analysis/a.toml");
    /// std::fs::write(&file, "schema = 1\ntitle = \"A\"\n[[outcome]]\nid = \"a\"\nfile = \"../series.csv\"\nevents = \"events\"\n").unwrap();
    ///
    /// let error = Project::open(&file)?.results().unwrap_err().to_string();
    /// assert!(error.contains("leads out of the folder of the analysis file"), "{error}");
    /// assert_eq!(Project::open(&file)?.allow_outside(true).results()?[0].k(), 2);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn allow_outside(mut self, allowed: bool) -> Self {
        self.outside = allowed;
        self
    }

    /// What its reports are called: the folder of an `analysis.toml`, else the file without its extension.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The title of its report.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.file.title
    }

    /// What the file says.
    #[must_use]
    pub fn file(&self) -> &AnalysisFile {
        &self.file
    }

    /// What it says is printed elsewhere, in the order of the file.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The name and the SHA-256 of the analysis file.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The files that it reads, itself included: [`build`](Self::build) refuses to write over any of them.
    #[must_use]
    pub fn inputs(&self) -> Vec<PathBuf> {
        let Place::Disk { path, folder } = &self.place else { return Vec::new() };
        let outcomes = self.file.outcomes.iter().map(|entry| self.file.source(entry));
        let reconstructions =
            self.file.reconstructions.iter().map(|entry| entry.source.clone().or(&self.file.data));
        let tables = outcomes.chain(reconstructions).filter_map(|source| Some(folder.join(source.file?)));
        std::iter::once(path.clone()).chain(tables).collect()
    }

    /// A problem of the choices, as a problem of a line of the analysis file.
    fn at(&self, error: Error, line: u64) -> Error {
        match error {
            Error::Usage(problems) => {
                let name = &self.provenance.data;
                let line = (line > 0).then_some(line);
                let at_line = |problem: Problem| problem.at(name.clone(), line);
                Error::AnalysisFile(problems.into_iter().map(at_line).collect())
            }
            other => other,
        }
    }
}

/// The relative path as typed, else the file's name: no document depends on where a folder lies.
fn as_shown(typed: &str) -> String {
    let path = Path::new(typed);
    let name = path.file_name().map_or_else(|| typed.to_string(), |name| name.to_string_lossy().into_owned());
    if path.is_absolute() { name } else { typed.to_string() }
}

/// The name of the reports of an analysis file: of its folder where it is called `analysis.toml`,
/// else its own.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("report");
    let folder = || files::folder_name(path);
    if stem == "analysis" { folder().unwrap_or_else(|| stem.to_string()) } else { stem.to_string() }
}
