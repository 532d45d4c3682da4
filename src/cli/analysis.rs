//! An analysis file and the tables it names: what `report` and `check` start from.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{extras, files};
use crate::data::{Dataset, Percentages, Provenance, embedded};
use crate::error::Error;
use crate::io::read;
use crate::options::analysis_file::{self, AnalysisFile, OutcomeEntry, Source};
use crate::published::claim::{Claim, claims_of};

/// An analysis file, where its data are looked for, and the name of its reports.
pub(super) struct Analysis {
    /// What the file says.
    pub file: AnalysisFile,
    /// Its claims.
    pub claims: Vec<Claim>,
    /// The file itself.
    pub provenance: Provenance,
    /// The name of its reports.
    pub name: String,
    place: Place,
}

/// Where an analysis file stands.
enum Place {
    Folder(PathBuf),
    /// In the program: its data file is the embedded one.
    Embedded(&'static embedded::Embedded),
}

impl Analysis {
    /// Reads an analysis file, or the demonstration where none is named.
    pub fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else { return Self::demonstration() };
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self::read(
            &files::read_text(path)?,
            &path.display().to_string(),
            name_of(path),
            Place::Folder(folder),
        )
    }

    fn demonstration() -> Result<Self, Error> {
        let found = embedded::all().iter().find_map(|set| Some((set, set.analysis?)));
        let (set, text) =
            found.ok_or_else(|| Error::usage("this program was built without a demonstration"))?;
        let shown = format!("datasets/{}/analysis.toml", set.name);
        Self::read(text, &shown, set.name.to_string(), Place::Embedded(set))
    }

    fn read(text: &str, shown: &str, name: String, place: Place) -> Result<Self, Error> {
        let file = analysis_file::parse(text, shown)?;
        let claims = claims_of(&file, shown)?;
        let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let provenance = Provenance { data: as_shown(shown), sha256 };
        Ok(Self { file, claims, provenance, name, place })
    }

    /// The files that are read: never to be written.
    pub fn inputs(&self, analysis: Option<&Path>) -> Vec<PathBuf> {
        let Place::Folder(folder) = &self.place else { return Vec::new() };
        let data =
            self.file.outcomes.iter().filter_map(|entry| Some(folder.join(self.file.source(entry).file?)));
        let rows = extras::inputs(self, folder);
        analysis.map(Path::to_path_buf).into_iter().chain(data).chain(rows).collect()
    }

    /// The table of an outcome. The name of its data is the one in the analysis file, wherever the
    /// program is started.
    pub fn table(&self, entry: &OutcomeEntry) -> Result<Dataset, Error> {
        self.table_of(&self.file.source(entry))
    }

    /// The table of these data.
    pub fn table_of(&self, source: &Source) -> Result<Dataset, Error> {
        let (bytes, shown) = self.load(source)?;
        read::read_bytes(&bytes, &shown, &source.read)
    }

    /// The percentages of an outcome that names a column of them, possible or not.
    pub fn percentages(&self, entry: &OutcomeEntry) -> Result<Option<Percentages>, Error> {
        let source = self.file.source(entry);
        if source.read.percent.is_none() {
            return Ok(None);
        }
        let (bytes, shown) = self.load(&source)?;
        read::read_percentages(&bytes, &shown, &source.read).map(Some)
    }

    fn load(&self, source: &Source) -> Result<(Cow<'static, [u8]>, String), Error> {
        let shown = source.file.clone().unwrap_or_default();
        Ok(match (shown.strip_prefix('@'), &self.place) {
            (Some(name), _) => (embedded::find(name)?.csv.as_bytes().into(), shown),
            (None, Place::Folder(folder)) => (read::load(&folder.join(&shown), &shown)?.into(), shown),
            (None, Place::Embedded(set)) => (set.csv.as_bytes().into(), shown),
        })
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
    let folder = std::fs::canonicalize(path)
        .ok()
        .and_then(|path| Some(path.parent()?.file_name()?.to_str()?.to_string()));
    if stem == "analysis" { folder.unwrap_or_else(|| stem.to_string()) } else { stem.to_string() }
}
