//! New files made inside a folder and moved to their places one after another, by a list: what is on it is done, by
//! this run or by the next.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::disk::Disk;
use super::inside::{folders, place};
use super::new_file::{NewFile, WORK, write_all};

/// The new files, by their numbers.
const NEW: &str = "new";
/// Which of them goes where, and what is removed. As long as it is there, the folder is between old and new.
const LIST: &str = "moves";
const UNFINISHED_LIST: &str = "moves.part";

/// Makes the files, then moves them.
pub(super) fn run(
    disk: Disk<'_>,
    folder: &Path,
    files: &[NewFile<'_>],
    before: &[Option<Metadata>],
    gone: &[&str],
) -> io::Result<()> {
    let work = folder.join(WORK);
    let new = work.join(NEW);
    disk.make_folder(&new)?;
    write_all(disk, files, before, &new, |index, _| index.to_string())?;
    let mut list: String =
        files.iter().enumerate().map(|(index, file)| format!("{index} {}\n", file.path)).collect();
    list.extend(gone.iter().map(|path| format!("- {path}\n")));
    disk.sync_folder(&new)?;
    let unfinished = disk.create(&work.join(UNFINISHED_LIST), true)?;
    disk.write(&unfinished, list.as_bytes())?;
    disk.sync(&unfinished)?;
    drop(unfinished);
    disk.rename(&work.join(UNFINISHED_LIST), &work.join(LIST))?;
    // From here on it is the new state, which has only to be brought about. What fails once is tried once more.
    finish(disk, folder, &work).or_else(|_| finish(disk, folder, &work)).map_err(|error| {
        let what =
            format!("some files are new and some are old, until the next run that can write ({error})");
        io::Error::new(error.kind(), what)
    })
}

/// Whether a list is there.
pub(super) fn is_half_done(work: &Path) -> bool {
    fs::symlink_metadata(work.join(LIST)).is_ok_and(|metadata| metadata.is_file())
}

/// Does what is left to do of the list, where there is one.
pub(super) fn finish(disk: Disk<'_>, folder: &Path, work: &Path) -> io::Result<()> {
    if !is_half_done(work) {
        return Ok(());
    }
    disk.sync_folder(work)?;
    let list = fs::read_to_string(work.join(LIST))?;
    // A line that this program would not have written says nothing: the folder may have come from anybody.
    let lines = list.lines().filter_map(|line| line.split_once(' '));
    let (gone, moved): (Vec<_>, Vec<_>) = lines.partition(|(from, _)| *from == "-");
    let moved: Vec<_> =
        moved.into_iter().filter(|(from, _)| from.bytes().all(|byte| byte.is_ascii_digit())).collect();
    for path in folders(moved.iter().map(|(_, path)| *path)) {
        if let Ok(path) = place(folder, path) {
            disk.make_folders(&path)?;
        }
    }
    for (from, path) in &moved {
        let from = place(work, &format!("{NEW}/{from}"))?;
        if fs::symlink_metadata(&from).is_ok_and(|metadata| metadata.is_file())
            && let Ok(to) = place(folder, path)
        {
            disk.rename(&from, &to)?;
        }
    }
    for (_, path) in &gone {
        if let Ok(path) = place(folder, path) {
            gone_is_no_error(disk.remove(&path))?;
        }
    }
    for path in folders(gone.iter().map(|(_, path)| *path)).into_iter().rev() {
        if let Ok(path) = place(folder, path) {
            // A folder with something else in it stays.
            let _ = disk.remove_folder(&path);
        }
    }
    for path in folders(moved.iter().map(|(_, path)| *path)) {
        disk.sync_folder(&place(folder, path)?)?;
    }
    disk.sync_folder(folder)?;
    disk.remove(&work.join(LIST))
}

/// Removes what of new files was not moved.
pub(super) fn clear(disk: Disk<'_>, work: &Path) -> io::Result<()> {
    let new = work.join(NEW);
    if fs::symlink_metadata(&new).is_ok_and(|metadata| metadata.is_dir()) {
        for entry in fs::read_dir(&new)? {
            disk.remove(&entry?.path())?;
        }
        disk.remove_folder(&new)?;
    }
    gone_is_no_error(disk.remove(&work.join(UNFINISHED_LIST)))
}

pub(super) fn gone_is_no_error(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}
