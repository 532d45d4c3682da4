//! The tables that an analysis file names, read as it says.

use std::borrow::Cow;

use super::{Place, Project};
use crate::data::{Dataset, Percentages, embedded};
use crate::error::{Error, Problem};
use crate::io::inside::resolve;
use crate::io::read;
use crate::options::analysis_file::{OutcomeEntry, Source};

impl Project {
    /// The table of an outcome. Messages and the provenance call it what the analysis file calls it, wherever
    /// the program is started.
    pub(super) fn table(&self, entry: &OutcomeEntry) -> Result<Dataset, Error> {
        self.table_of(&self.file.source(entry))
    }

    /// The table of these data.
    pub(super) fn table_of(&self, source: &Source) -> Result<Dataset, Error> {
        let (bytes, shown) = self.load(source)?;
        read::read_bytes(&bytes, &shown, &source.read)
    }

    /// The percentages of an outcome that names a column of them, possible or not.
    pub(super) fn percentages(&self, entry: &OutcomeEntry) -> Result<Option<Percentages>, Error> {
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
            (None, Place::Disk { folder, .. }) => {
                let path = if self.outside { Some(folder.join(&shown)) } else { resolve(folder, &shown) };
                let path = path.ok_or_else(|| self.leads_outside(&shown))?;
                (read::load(&path, &shown)?.into(), shown)
            }
            (None, Place::Embedded(set)) => (set.csv.as_bytes().into(), shown),
        })
    }

    /// That a file of the data is not below the folder of the analysis file.
    fn leads_outside(&self, shown: &str) -> Error {
        let what = format!("file = \"{shown}\" leads out of the folder of the analysis file");
        let problem = Problem::new(what).at(self.provenance.data.clone(), None);
        Error::AnalysisFile(vec![
            problem.help("--allow-outside reads it all the same: for files that you trust"),
        ])
    }
}
