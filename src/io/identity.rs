//! Which file a path names: two paths can name one, and a path can come to name another.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;
#[cfg(not(unix))]
use std::path::PathBuf;

use crate::error::{Error, Problem};
use crate::format;

/// A file, whatever it is called: its number on its device, or its path without links where there are no numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Identity {
    #[cfg(unix)]
    Number(u64, u64),
    #[cfg(not(unix))]
    Path(PathBuf),
}

impl Identity {
    /// Of the file that a path leads to; nothing where there is none.
    pub fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        return Some(Self::numbered(&fs::metadata(path).ok()?));
        #[cfg(not(unix))]
        fs::canonicalize(path).ok().map(Self::Path)
    }

    #[cfg(unix)]
    fn numbered(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self::Number(metadata.dev(), metadata.ino())
    }
}

/// Whether an open file still is what its path names.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    let Ok(there) = fs::symlink_metadata(path) else { return false };
    #[cfg(unix)]
    return file.metadata().is_ok_and(|open| Identity::numbered(&open) == Identity::numbered(&there));
    #[cfg(not(unix))]
    {
        let _ = file;
        there.is_file()
    }
}

/// The files that are read, none of which is ever written.
#[derive(Debug, Default)]
pub(crate) struct Inputs(HashSet<Identity>);

impl Inputs {
    /// These files; `-` is the one that standard input is read from, where it is one.
    pub fn of<P: AsRef<Path>>(paths: &[P]) -> Self {
        let different: HashSet<&Path> = paths.iter().map(AsRef::as_ref).collect();
        let identity = |path: &Path| {
            if path == Path::new("-") { standard_input() } else { Identity::of(path) }
        };
        Self(different.into_iter().filter_map(identity).collect())
    }

    /// Refuses a file that would be written where it is one of these, under whatever name.
    pub fn refuse(&self, path: &Path) -> Result<(), Error> {
        if Identity::of(path).is_some_and(|identity| self.0.contains(&identity)) {
            let problem =
                Problem::new(format!("{} is the input: it is never overwritten", format::path(path)));
            return Err(Error::Usage(vec![problem.help("write somewhere else")]));
        }
        Ok(())
    }
}

/// The file that standard input comes from; nothing where it is a pipe or a terminal.
#[cfg(unix)]
fn standard_input() -> Option<Identity> {
    use std::os::fd::AsFd;
    let open = std::io::stdin().as_fd().try_clone_to_owned().ok()?;
    let metadata = File::from(open).metadata().ok()?;
    metadata.is_file().then(|| Identity::numbered(&metadata))
}

#[cfg(not(unix))]
fn standard_input() -> Option<Identity> {
    None
}
