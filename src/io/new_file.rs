//! A file of the new state of a folder.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use super::disk::Disk;

/// The folder, inside the one that is replaced, that is there while somebody writes, and after a run that was stopped.
pub(super) const WORK: &str = ".metaprop";
/// The file in it that is locked by who writes.
pub(super) const LOCK: &str = "lock";

/// Up to so many files are brought to the disk one by one; more of them by the file system as a whole, where it can.
const MOST_SYNCED: usize = 100;

/// A file as it is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewFile<'a> {
    /// From the folder, with `/` between.
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// Writes each of the files to its place and brings them to the disk; a file that takes the place of another has its mode.
pub(super) fn write_all(
    disk: Disk<'_>,
    files: &[NewFile<'_>],
    before: &[Option<Metadata>],
    within: &Path,
    place: impl Fn(usize, &str) -> String,
) -> io::Result<()> {
    let at_once = cfg!(target_os = "linux") && files.len() > MOST_SYNCED;
    for (index, (file, before)) in files.iter().zip(before).enumerate() {
        let path = within.join(place(index, file.path));
        let open = disk.create(&path, before.is_some())?;
        disk.write(&open, file.bytes)?;
        if let Some(before) = before {
            disk.make_like(&path, before)?;
        }
        if !at_once {
            disk.sync(&open)?;
        }
    }
    if at_once { disk.sync_all(within) } else { Ok(()) }
}
