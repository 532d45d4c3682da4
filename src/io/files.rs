//! Files that are read. The rooms above hand names to this room, and get bytes.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::limits::{LARGEST_ANALYSIS_FILE, LARGEST_FILE};
use crate::error::{Error, Problem};

/// The bytes of a file, whatever its name; `shown` is how messages call it.
pub(crate) fn read(path: &Path, shown: &Path) -> Result<Vec<u8>, Error> {
    file(path, LARGEST_FILE).map_err(|source| cannot_read(shown, source))
}

/// The bytes of standard input.
pub(crate) fn read_standard_input() -> Result<Vec<u8>, Error> {
    standard_input(LARGEST_FILE).map_err(|source| cannot_read(Path::new("-"), source))
}

/// The bytes of a file that may have this many.
pub(super) fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    file(path, most).map_err(|source| cannot_read(path, source))
}

/// The bytes of standard input, of which there may be this many.
pub(super) fn read_standard_input_up_to(most: u64) -> Result<Vec<u8>, Error> {
    standard_input(most).map_err(|source| cannot_read(Path::new("-"), source))
}

/// The bytes of a file, or nothing where there is none.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match read(path, path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Error::File { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The text of a document, or of standard input for `-`.
pub(crate) fn read_document(path: &Path) -> Result<String, Error> {
    text(path, LARGEST_FILE)
}

/// The text of an analysis file.
pub(crate) fn read_analysis_file(path: &Path) -> Result<String, Error> {
    text(path, LARGEST_ANALYSIS_FILE)
}

fn text(path: &Path, most: u64) -> Result<String, Error> {
    let refused = |what: &str| {
        let problem = Problem::new(what).at(path.display().to_string(), None);
        Error::AnalysisFile(vec![problem.help("save it as UTF-8")])
    };
    let read = if path == Path::new("-") { standard_input(most) } else { file(path, most) };
    let bytes = read.map_err(|source| cannot_read(path, source))?;
    if bytes.contains(&0) {
        return Err(refused("there are NUL bytes in it: it is no text, or UTF-16"));
    }
    String::from_utf8(bytes).map_err(|_| refused("not UTF-8"))
}

fn cannot_read(shown: &Path, source: io::Error) -> Error {
    Error::File { path: shown.to_path_buf(), action: "cannot read", source }
}

fn standard_input(most: u64) -> io::Result<Vec<u8>> {
    read_all(io::stdin().lock(), 0, most)
}

fn file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "this is a folder, not a file"));
    }
    read_all(file, metadata.len(), most)
}

/// All bytes, of which about so many are expected, where they are no more than `most`.
fn read_all(from: impl Read, expected: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if expected <= most {
        bytes
            .try_reserve_exact(usize::try_from(expected).map_or(0, |expected| expected.saturating_add(1)))?;
        from.take(most + 1).read_to_end(&mut bytes)?;
    }
    if expected.max(bytes.len() as u64) > most {
        let what = format!("it has more than {} MiB, and larger files are not read", most >> 20);
        return Err(io::Error::new(ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

/// The name of the folder that a file stands in, wherever the program was started.
pub(crate) fn folder_name(path: &Path) -> Option<String> {
    Some(fs::canonicalize(path).ok()?.parent()?.file_name()?.to_str()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_as_many_bytes_as_are_allowed_and_none_more() {
        let all = |length: usize, expected, most| read_all(&vec![b'a'; length][..], expected, most);
        for expected in [0, 10, 12] {
            assert_eq!(all(10, expected, 12).unwrap().len(), 10);
            assert_eq!(all(12, expected, 12).unwrap().len(), 12);
            assert_eq!(all(13, expected, 12).unwrap_err().kind(), ErrorKind::FileTooLarge);
        }
        // A file that says that it is larger is not read at all, an endless one up to the limit.
        assert_eq!(all(10, 13, 12).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read_all(io::repeat(b'a'), 0, 1 << 20).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }
}
