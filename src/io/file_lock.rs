//! A lock: who holds the file writes, and others wait for it. The system frees it when a process ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::disk::Disk;
use super::identity::is_at;

/// How often, and how long between two times, a lock is tried for that somebody holds: 30 seconds in all.
const TRIES: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// Locks the file of this name, which is made where there is none. An empty file of a run that was stopped is taken over.
pub(super) fn lock(disk: Disk<'_>, path: &Path) -> io::Result<File> {
    for _ in 0..TRIES {
        let file = match disk.create(path, true) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => match open(path)? {
                Some(file) => file,
                None => continue,
            },
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            // Whoever held it before may have removed it.
            Ok(()) if is_at(&file, path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(held(path))
}

/// A new file of this name, locked. What a run that was stopped left under it is removed.
pub(super) fn fresh(disk: Disk<'_>, path: &Path, private: bool) -> io::Result<File> {
    for _ in 0..TRIES {
        match disk.create(path, private) {
            Ok(file) => {
                if locked(&file)? && is_at(&file, path) {
                    return Ok(file);
                }
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let Some(left) = open(path)? else { continue };
                if !locked(&left)? {
                    thread::sleep(PAUSE);
                } else if is_at(&left, path) {
                    disk.remove(path)?;
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(held(path))
}

/// Waits until nobody writes who holds the lock of this name; where there is none, or no end to it, for nothing.
pub(super) fn wait(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    for _ in 0..TRIES {
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            _ => return,
        }
    }
}

fn locked(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The file of this name, which is no link; nothing where it has gone.
fn open(path: &Path) -> io::Result<Option<File>> {
    let there = fs::symlink_metadata(path).and_then(|metadata| {
        let opened = || OpenOptions::new().write(true).open(path);
        if metadata.is_file() {
            opened()
        } else {
            Err(io::Error::other("something is there that is no file"))
        }
    });
    match there {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn held(path: &Path) -> io::Error {
    let name = path.file_name().unwrap_or_default().display();
    io::Error::new(
        ErrorKind::WouldBlock,
        format!("another run is writing it and did not end ({name} is locked)"),
    )
}
