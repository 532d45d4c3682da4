//! Files: the only code that reads and writes them. The rooms above hand it bytes and names.
//!
//! A file is written whole or not at all, and never over a file that was read.

use std::fs;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem};

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|source| Error::File { path: path.to_path_buf(), action: "cannot read", source })
}

/// The bytes of a file, or nothing where there is none.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File { path: path.to_path_buf(), action: "cannot read", source }),
    }
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    String::from_utf8(read(path)?).map_err(|_| {
        Error::AnalysisFile(vec![
            Problem::new("not UTF-8").at(path.display().to_string(), None).help("save it as UTF-8"),
        ])
    })
}

/// Writes a file whole: first under another name in the same folder, so that a full disk never leaves half a
/// result.
pub(crate) fn write(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Error> {
    let failed = |source| Error::File { path: path.to_path_buf(), action: "cannot write", source };
    let part = part_of(path);
    let written = fs::File::create(&part).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        write(&mut out)?;
        out.flush()
    });
    let moved = written.and_then(|()| fs::rename(&part, path));
    if moved.is_err() {
        // The first error is the one worth saying.
        let _ = fs::remove_file(&part);
    }
    moved.map_err(failed)
}

fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.part", std::process::id()));
    path.with_file_name(hidden)
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|source| Error::File {
        path: path.to_path_buf(),
        action: "cannot make the folder",
        source,
    })
}

/// Whether a file can be written here and is not one of the inputs: asked before any work is done.
#[cfg(feature = "cli")]
pub(crate) fn check_output<P: AsRef<Path>>(path: &Path, inputs: &[P]) -> Result<(), Error> {
    let cannot = |kind: std::io::ErrorKind, what: &str| Error::File {
        path: path.to_path_buf(),
        action: "cannot write",
        source: std::io::Error::new(kind, what.to_string()),
    };
    if path.is_dir() {
        return Err(cannot(std::io::ErrorKind::IsADirectory, "it is a folder"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(cannot(std::io::ErrorKind::NotFound, "its folder does not exist"));
    }
    refuse_inputs(path, inputs)
}

/// Whether a file that would be written is not one that is read.
pub(crate) fn refuse_inputs<P: AsRef<Path>>(path: &Path, inputs: &[P]) -> Result<(), Error> {
    let same =
        |input: &P| matches!((fs::canonicalize(path), fs::canonicalize(input)), (Ok(a), Ok(b)) if a == b);
    if inputs.iter().any(same) {
        let problem = Problem::new(format!("{} is the input: it is never overwritten", path.display()));
        return Err(Error::Usage(vec![problem.help("write somewhere else")]));
    }
    Ok(())
}

/// Removes a file, and the folder it stood in where that is empty then.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    let failed = |source| Error::File { path: path.to_path_buf(), action: "cannot remove", source };
    fs::remove_file(path).map_err(failed)?;
    if let Some(folder) = path.parent() {
        // A folder with something else in it stays.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// The name of the folder that a file stands in, wherever the program was started.
pub(crate) fn folder_name(path: &Path) -> Option<String> {
    Some(fs::canonicalize(path).ok()?.parent()?.file_name()?.to_str()?.to_string())
}
