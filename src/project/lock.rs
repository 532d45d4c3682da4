//! The lock of an analysis file: what CI holds it against.

use std::path::PathBuf;

use super::{Place, Project};
use crate::error::{Error, Problem};
use crate::io::files;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::report::lock::Lock;

impl Project {
    /// The digests of data, specifications and results of this analysis, and its pooled numbers.
    ///
    /// # Errors
    ///
    /// As [`results`](Self::results).
    pub fn lock(&self) -> Result<Lock, Error> {
        let results = self.results()?;
        let ids = self.file.pooled().map(|entry| entry.id.as_str());
        Ok(Lock::of(&self.provenance, ids.zip(&results)))
    }

    /// Where its lock stands: beside the analysis file, under its name and `.lock`.
    #[must_use]
    pub fn lock_path(&self) -> Option<PathBuf> {
        let Place::Disk { path, .. } = &self.place else { return None };
        let mut name = path.file_name()?.to_owned();
        name.push(".lock");
        Some(path.with_file_name(name))
    }

    /// The lock that stands beside the analysis file, where one does.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where it cannot be read, [`Error::Data`] where it is no lock.
    pub fn held_lock(&self) -> Result<Option<Lock>, Error> {
        let Some(path) = self.lock_path() else { return Ok(None) };
        let Some(bytes) = files::read_if_there(&path)? else { return Ok(None) };
        Lock::parse(&String::from_utf8_lossy(&bytes), &crate::format::path(&path)).map(Some)
    }

    /// Writes the lock beside the analysis file, and says where.
    ///
    /// # Errors
    ///
    /// As [`lock`](Self::lock); [`Error::Usage`] for the demonstration, which is no file, and where the lock would be
    /// written over one of the [`inputs`](Self::inputs); [`Error::File`] where it cannot be written.
    pub fn write_lock(&self) -> Result<PathBuf, Error> {
        let path = self.lock_path().ok_or_else(|| {
            let problem = Problem::new("the demonstration is part of the program: there is no file to lock");
            Error::Usage(vec![problem.help("name an analysis file")])
        })?;
        output_file::check(&path, &Inputs::of(&self.inputs()))?;
        let lock = self.lock()?;
        output_file::write(&path, |out| out.write_all(lock.json().as_bytes()))?;
        Ok(path)
    }
}
