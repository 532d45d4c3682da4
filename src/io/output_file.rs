//! A file that is written: whole, or the old one stays.
//!
//! It is written beside its place under a name of its own, brought to the disk, and moved over the old one, whose mode
//! it keeps. What a run that was stopped left there, the next one that writes the file removes.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::disk::{self, Disk};
use super::file_lock;
use super::identity::Inputs;
use crate::error::Error;
use crate::format::hexadecimal;

/// Writes a file whole, or leaves the old one as it is.
pub(crate) fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    write_on(disk::REAL, path, write).map_err(|source| cannot(path, source))
}

/// Whether a file can be written here and is not one of the inputs: asked before any work is done.
pub(crate) fn check(path: &Path, inputs: &Inputs) -> Result<(), Error> {
    let place = Place::of(path).map_err(|source| cannot(path, source))?;
    let folder = folder_of(place.path());
    if !folder.is_dir() {
        let source = io::Error::new(ErrorKind::NotFound, "its folder does not exist");
        return Err(cannot(path, source));
    }
    inputs.refuse(path)
}

/// What a run that was killed left of a file that it was writing, where there is something.
#[cfg(feature = "cli")]
pub(crate) fn left_behind(path: &Path) -> Option<Vec<u8>> {
    let Ok(Place::New(place) | Place::File(place, _)) = Place::of(path) else { return None };
    let part = place.with_file_name(part_name(place.file_name().unwrap_or_default()));
    fs::symlink_metadata(&part).ok().filter(Metadata::is_file)?;
    fs::read(part).ok()
}

fn cannot(path: &Path, source: io::Error) -> Error {
    Error::File { path: path.to_path_buf(), action: "cannot write", source }
}

/// What is at a path now.
enum Place {
    /// Nothing.
    New(PathBuf),
    /// A file: where it is, behind all links, and its mode.
    File(PathBuf, Metadata),
    /// A device or a pipe: it cannot be replaced, and is written as it comes.
    Stream(PathBuf),
}

impl Place {
    fn of(path: &Path) -> io::Result<Self> {
        let refused = |kind, what: &str| Err(io::Error::new(kind, what.to_owned()));
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Err(_) if fs::symlink_metadata(path).is_ok() => {
                return refused(ErrorKind::NotFound, "it is a link to something that is not there");
            }
            Err(_) => return Ok(Self::New(path.to_path_buf())),
        };
        if metadata.is_dir() {
            return refused(ErrorKind::IsADirectory, "it is a folder");
        }
        if !metadata.is_file() {
            return Ok(Self::Stream(path.to_path_buf()));
        }
        writable(path, &metadata)?;
        // A link stays, and what it leads to is replaced.
        Ok(Self::File(fs::canonicalize(path)?, metadata))
    }

    fn path(&self) -> &Path {
        match self {
            Self::New(path) | Self::File(path, _) | Self::Stream(path) => path,
        }
    }
}

/// Whether a file may be replaced: not one that is read-only, though a move would go past that.
pub(super) fn writable(path: &Path, metadata: &Metadata) -> io::Result<()> {
    if metadata.permissions().readonly() {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only"));
    }
    OpenOptions::new().write(true).open(path).map(drop)
}

fn write_on(
    disk: Disk<'_>,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let (place, before) = match Place::of(path)? {
        Place::Stream(path) => return write(&mut OpenOptions::new().write(true).open(path)?),
        Place::New(place) => (place, None),
        Place::File(place, before) => (place, Some(before)),
    };
    let part = place.with_file_name(part_name(place.file_name().unwrap_or_default()));
    let file = file_lock::fresh(disk, &part, before.is_some())?;
    let written = filled(disk, &file, write)
        .and_then(|()| before.map_or(Ok(()), |before| disk.make_like(&part, &before)))
        .and_then(|()| disk.sync(&file))
        .and_then(|()| disk.rename(&part, &place));
    if written.is_err() {
        // The first error is the one worth saying.
        let _ = disk.remove(&part);
    }
    written?;
    // The file is there; that its name may be lost with the power is no reason to say that it is not.
    let _ = disk.sync_folder(folder_of(&place));
    Ok(())
}

fn filled(
    disk: Disk<'_>,
    file: &File,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, Sink { disk, file });
    write(&mut out)?;
    out.flush()
}

/// A file that is written through the disk.
struct Sink<'a> {
    disk: Disk<'a>,
    file: &'a File,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write(self.file, bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a file is called while it is written: short whatever its own name is, and always the same.
fn part_name(name: &OsStr) -> String {
    format!(".metaprop-{}.part", short_digest(name))
}

/// Sixteen letters and digits that stand for a name.
pub(super) fn short_digest(name: &OsStr) -> String {
    hexadecimal(&Sha256::digest(name.as_encoded_bytes()))[..16].to_owned()
}

/// The folder that a file stands in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Writes `new` over `old`, with the operation `at` failing, and all after it where it is `last`ing.
    fn with_fault(folder: &Path, at: usize, lasting: bool) -> (io::Result<()>, usize) {
        let count = Cell::new(0);
        let fault = || {
            count.set(count.get() + 1);
            let fails = if lasting { count.get() >= at } else { count.get() == at };
            if fails { Err(io::Error::other("a fault")) } else { Ok(()) }
        };
        let written = write_on(Disk { fault: Some(&fault) }, &folder.join("a.txt"), |out| {
            out.write_all(&[b'n'; 200_000])
        });
        (written, count.get())
    }

    #[test]
    fn whatever_operation_fails_the_file_is_the_old_or_the_new_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.txt");
        fs::write(&file, "old").expect("a file");
        let (done, operations) = with_fault(folder.path(), usize::MAX, false);
        assert!(done.is_ok() && operations >= 6, "{operations}");
        for (at, lasting) in (1..=operations).flat_map(|at| [(at, false), (at, true)]) {
            fs::write(&file, "old").expect("a file");
            let (done, _) = with_fault(folder.path(), at, lasting);
            let whole: &[u8] = if done.is_ok() { &[b'n'; 200_000] } else { b"old" };
            assert_eq!(fs::read(&file).expect("a file"), whole, "operation {at}");
            write(&file, |out| out.write_all(b"next")).expect("the next run");
            let names = fs::read_dir(folder.path()).expect("a folder").count();
            assert_eq!(names, 1, "operation {at} left something");
        }
    }

    #[test]
    fn two_that_write_at_once_give_one_of_the_two() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.txt");
        std::thread::scope(|scope| {
            for byte in b'a'..b'g' {
                let file = &file;
                scope.spawn(move || write(file, |out| out.write_all(&vec![byte; 300_000])).expect("a file"));
            }
        });
        let bytes = fs::read(&file).expect("a file");
        assert!(bytes.len() == 300_000 && bytes.iter().all(|byte| *byte == bytes[0]));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn modes_links_and_long_names_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x".repeat(255));
        fs::write(&file, "old").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
        let link = folder.path().join("link");
        symlink(&file, &link).expect("a link");
        write(&link, |out| out.write_all(b"new")).expect("through the link");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert_eq!(fs::read(&file).expect("a file"), b"new");
        assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("a mode");
        let said = write(&file, |out| out.write_all(b"newer")).expect_err("read-only").to_string();
        assert!(said.ends_with("it is read-only") && fs::read(&file).expect("a file") == b"new", "{said}");
        symlink("nowhere", folder.path().join("lost")).expect("a link");
        let said = write(&folder.path().join("lost"), |_| Ok(())).expect_err("a lost link").to_string();
        assert!(said.contains("a link to something that is not there"), "{said}");
        // A link that lies where the file is to be written first is not followed.
        let part = folder.path().join(part_name(OsStr::new("b")));
        symlink(&file, &part).expect("a link");
        assert!(write(&folder.path().join("b"), |out| out.write_all(b"new")).is_err());
    }
}
