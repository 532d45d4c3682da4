//! Files that are read. The rooms above hand names to this room, and get bytes.

use std::fs;
use std::io::Read;
use std::path::Path;

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
    let refused = |what: &str| {
        let problem = Problem::new(what).at(path.display().to_string(), None);
        Error::AnalysisFile(vec![problem.help("save it as UTF-8")])
    };
    let bytes = read(path)?;
    if bytes.contains(&0) {
        return Err(refused("there are NUL bytes in it: it is no text, or UTF-16"));
    }
    String::from_utf8(bytes).map_err(|_| refused("not UTF-8"))
}

/// The name of the folder that a file stands in, wherever the program was started.
pub(crate) fn folder_name(path: &Path) -> Option<String> {
    Some(fs::canonicalize(path).ok()?.parent()?.file_name()?.to_str()?.to_string())
}
